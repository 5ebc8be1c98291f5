/** What has happened in a round, for whoever it is about and whoever settles it: never who answered. */
import type { HoldEvent, Sentence } from '../loop.ts';
import type { RoundEvent } from './state.ts';

/** Null for what is nobody else's to know. */
export function timelineSentence(event: RoundEvent | HoldEvent): Sentence | null {
  const say = (key: string, params: Sentence['params'] = {}): Sentence => ({
    key: `feedbackRound.timeline.${key}`,
    params,
  });
  switch (event.type) {
    case 'started':
      return say('started', { person: { person: event.by }, subject: { person: event.subject } });
    case 'nominated':
      return say('nominated', { person: { person: event.by } });
    case 'released':
      return say('released', { person: { person: event.by } });
    case 'passedOn':
      return say('passed_on', { person: { person: event.to } });
    case 'cancelled':
      return event.by === null ? say('lapsed') : say('cancelled', { person: { person: event.by } });
    case 'held':
    case 'resumed':
      return say(event.type, { person: { person: event.by } });
    case 'nominationLapsed':
      return say('nomination_lapsed');
    case 'closed':
      return say('closed');
    case 'reminded':
    case 'asked':
    case 'raterReminded':
    case 'answered':
    case 'declined':
      return null;
  }
}
