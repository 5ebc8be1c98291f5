/** What happened to the review of a holiday: sentences of the catalogue. */
import type { HoldEvent, NoticeParams, Sentence } from '../loop.ts';
import type { HolidayReviewEvent } from './state.ts';

export function timelineSentence(event: HolidayReviewEvent | HoldEvent): Sentence {
  const say = (name: string, params: NoticeParams = {}): Sentence => ({
    key: `holidayReview.timeline.${name}`,
    params,
  });
  switch (event.type) {
    case 'asked':
      return say('asked', { person: { person: event.reviewer } });
    case 'confirmed':
      return say('confirmed', { by: { person: event.by } });
    case 'corrected': {
      const by = { person: event.by };
      return event.movedTo === null
        ? say('dropped', { by })
        : say('moved', { by, day: { day: event.movedTo } });
    }
    case 'reminded':
      return say('reminded', { percent: event.percent });
    case 'escalated':
      return say('escalated', { to: { person: event.to } });
    case 'held':
    case 'resumed':
      return say(event.type, { by: { person: event.by } });
    case 'lapsed':
    case 'settled':
      return say(event.type);
  }
}
