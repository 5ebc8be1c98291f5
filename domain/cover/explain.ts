/** What happened to a cover, and why each was asked: sentences of the catalogue. */
import type { PersonId } from '../id.ts';
import type { HoldEvent, NoticeParams, Sentence } from '../loop.ts';
import type { CandidateReason } from './candidates.ts';
import type { CoverEvent } from './state.ts';

const named = (person: PersonId) => ({ person });

export function timelineSentence(event: CoverEvent | HoldEvent): Sentence {
  const [name, params] = told(event);
  return { key: `cover.timeline.${name}`, params };
}

function told(event: CoverEvent | HoldEvent): readonly [name: string, params: NoticeParams] {
  switch (event.type) {
    case 'requested': {
      const window = { from: { instant: event.from }, until: { instant: event.until } };
      return event.asker === null
        ? ['opened', { owner: named(event.owner), ...window }]
        : ['requested', { by: named(event.asker), ...window }];
    }
    case 'refused':
      return ['refused', { by: named(event.by) }];
    case 'taken':
      return event.inReturn === undefined
        ? ['taken', { by: named(event.by) }]
        : [
            'taken_in_return',
            { by: named(event.by), account: { account: event.inReturn.account } },
          ];
    case 'handedBack':
      return ['handed_back', { by: named(event.by) }];
    case 'withdrawn':
      return event.by === null ? ['dropped', {}] : ['withdrawn', { by: named(event.by) }];
    case 'escalated':
      return ['escalated', { to: named(event.to) }];
    case 'replaced':
      return ['replaced', { person: named(event.person) }];
    case 'begun':
      return [event.isForced ? 'begun_by_default' : 'begun', { to: named(event.to) }];
    case 'handBackReminded':
      return ['hand_back_reminded', { person: named(event.person) }];
    case 'returned':
      return ['returned', { to: named(event.to) }];
    case 'accountClosed':
      return event.into === null
        ? ['account_closed', {}]
        : ['account_merged', { into: { account: event.into } }];
    case 'held':
    case 'resumed':
      return [event.type, { by: named(event.by) }];
    case 'reminded':
    case 'overtaken':
      return [event.type, {}];
  }
}

export const reasonSentence = ({ code, amount }: CandidateReason): Sentence => ({
  key: `cover.reason.${code}`,
  params: amount === undefined ? {} : { amount },
});
