/** What happened to a quarterly review: sentences of the catalogue. */
import type { PersonId } from '../id.ts';
import type { HoldEvent, NoticeParams, Sentence } from '../loop.ts';
import type { ReviewEvent } from './state.ts';

const named = (person: PersonId): NoticeParams => ({ person: { person } });

export function timelineSentence(event: ReviewEvent | HoldEvent): Sentence {
  const [name, params] = told(event);
  return { key: `quarterlyReview.timeline.${name}`, params };
}

function told(event: ReviewEvent | HoldEvent): readonly [name: string, params: NoticeParams] {
  switch (event.type) {
    case 'opened':
      return ['opened', { at: { instant: event.slot.from } }];
    case 'moved': {
      const at = { at: { instant: event.slot.from } };
      return event.by === null ? ['moved_by_clock', at] : ['moved', { ...named(event.by), ...at }];
    }
    case 'attending':
    case 'concluded':
    case 'cancelled':
      return [event.type, named(event.by)];
    case 'actionAdded':
      return ['action_added', { ...named(event.owner), day: { day: event.day } }];
    case 'actionDone':
      return ['action_done', named(event.by)];
    case 'actionPassed':
      return ['action_passed', named(event.to)];
    case 'actionOverdue':
      return ['action_overdue', {}];
    case 'chairReplaced':
      return ['chair_replaced', named(event.to)];
    case 'excused':
      return ['excused', named(event.person)];
    case 'attendReminded':
    case 'concludeReminded':
    case 'actionReminded':
    case 'held':
    case 'resumed':
      return ['reminded', {}];
    case 'confirmed':
    case 'met':
    case 'lapsed':
    case 'closed':
      return [event.type, {}];
  }
}
