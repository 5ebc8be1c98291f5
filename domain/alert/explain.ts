/** What happened to an alert, and why each was called: sentences of the catalogue. */
import type { PersonId } from '../id.ts';
import type { HoldEvent, NoticeParams, Sentence } from '../loop.ts';
import type { AlertEvent, CallReason } from './state.ts';

const named = (person: PersonId) => ({ person });

export function timelineSentence(event: AlertEvent | HoldEvent): Sentence {
  const [name, params] = told(event);
  return { key: `alert.timeline.${name}`, params };
}

function told(event: AlertEvent | HoldEvent): readonly [name: string, params: NoticeParams] {
  switch (event.type) {
    case 'called': {
      const reason = { term: `alert.reason.${event.reason}` };
      return [event.isOutside ? 'called_outside' : 'called', { to: named(event.to), reason }];
    }
    case 'followed':
      return [
        'followed',
        { to: named(event.to), reason: { term: `alert.reason.${event.reason}` } },
      ];
    case 'unanswered':
      return ['unanswered', { to: named(event.to) }];
    case 'raised':
    case 'acknowledged':
    case 'withdrawn':
    case 'held':
    case 'resumed':
      return [event.type, { by: named(event.by) }];
    case 'resolved':
      return ['resolved', {}];
  }
}

export const reasonSentence = (reason: CallReason): Sentence => ({
  key: `alert.reason.${reason}`,
  params: {},
});
