/** What happened to something found ahead of time: sentences of the catalogue. */
import type { HoldEvent, NoticeParams, Sentence } from '../loop.ts';
import type { OutlookEvent } from './state.ts';

/** Null for another look that found the same. */
export function timelineSentence(event: OutlookEvent | HoldEvent): Sentence | null {
  const say = (name: string, params: NoticeParams = {}): Sentence => ({
    key: `outlook.timeline.${name}`,
    params,
  });
  switch (event.type) {
    case 'opened':
      return say('opened');
    case 'acknowledged':
      return say('acknowledged', { by: { person: event.by }, until: { instant: event.until } });
    case 'reminded':
      return say('reminded', { percent: event.percent });
    case 'escalated':
      return say('escalated', { from: { person: event.from }, to: { person: event.to } });
    case 'reassigned':
      return say('reassigned', { to: { person: event.to } });
    case 'askedAgain':
      return say('asked_again');
    case 'held':
    case 'resumed':
      return say(event.type, { by: { person: event.by } });
    case 'settled':
      return say('settled');
    case 'observed':
      return null;
  }
}
