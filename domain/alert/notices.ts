/** Who hears of what. The keys are those of `locales/<locale>/alert.json`. */
import { present } from '../assert.ts';
import type { PersonId } from '../id.ts';
import type { HoldEvent, NoticeDraft, NoticeParams, Urgency } from '../loop.ts';
import type { MessageOf } from '../notice/message-kinds.ts';
import { calledOf } from './decide.ts';
import type { AlertEvent, AlertState } from './state.ts';

interface Letter {
  readonly to: PersonId;
  readonly key: MessageOf<'alert'>;
  readonly urgency?: Urgency;
  /** At once, by every way there is. */
  readonly isCall?: boolean;
  readonly params?: NoticeParams;
}

const person = (id: PersonId): NoticeParams => ({ person: { person: id } });

export function alertNotices(
  event: AlertEvent | HoldEvent,
  state: AlertState,
): readonly NoticeDraft[] {
  const common: NoticeParams = {
    account: { account: present(state.account, 'the account') },
    raiser: { person: state.raiser },
    until: { instant: state.dueAt },
  };
  return letters(event, state).map(({ to, key, urgency = 'working', isCall = false, params }) => ({
    to,
    key: `alert.${key}`,
    params: { ...common, ...params },
    urgency: isCall ? 'now' : urgency,
    ...(isCall && { asks: 'alert.acknowledge', byEveryWay: true }),
  }));
}

function letters(event: AlertEvent | HoldEvent, state: AlertState): readonly Letter[] {
  const { owner, raiser, calls } = state;
  const but = (people: readonly PersonId[], by: PersonId | null) =>
    [...new Set(people)].filter((to) => to !== by);
  switch (event.type) {
    case 'raised':
      return but([owner], event.by).map((to) => ({ to, key: 'raised' }));
    case 'called': {
      const reason = { term: `alert.reason.${event.reason}` };
      const key = event.isOutside ? 'called_outside' : 'called';
      return [{ to: event.to, key, isCall: true, params: { reason } }];
    }
    case 'followed': {
      const reason = { term: `alert.reason.${event.reason}` };
      return [{ to: event.to, key: 'followed', isCall: true, params: { reason } }];
    }
    case 'unanswered': {
      const others = but([owner, raiser], event.to);
      return [
        { to: event.to, key: 'yours', isCall: true },
        ...others.map((to): Letter => ({ to, key: 'unanswered', params: person(event.to) })),
      ];
    }
    case 'acknowledged': {
      const told = but([raiser, owner, ...calledOf({ calls })], event.by);
      const urgencyOf = (to: PersonId): Urgency => (to === raiser ? 'now' : 'working');
      return told.map((to) => ({
        to,
        key: 'acknowledged',
        urgency: urgencyOf(to),
        params: person(event.by),
      }));
    }
    case 'resolved':
      return but([raiser, ...calledOf({ calls })], null).map((to) => ({ to, key: 'resolved' }));
    case 'withdrawn':
      return but([owner, ...calledOf({ calls })], event.by).map((to) => ({
        to,
        key: 'withdrawn',
        params: person(event.by),
      }));
    case 'held':
    case 'resumed':
      return but([owner, raiser, ...calledOf({ calls })], event.by).map((to) => ({
        to,
        key: event.type,
        params: person(event.by),
      }));
  }
}
