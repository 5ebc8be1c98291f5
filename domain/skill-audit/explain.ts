/** What has happened in an audit; never who was rated how. */
import type { HoldEvent, Sentence } from '../loop.ts';
import type { AuditEvent } from './state.ts';

/** Null for what is nobody else's to know, and for what would fill pages. */
export function timelineSentence(event: AuditEvent | HoldEvent): Sentence | null {
  const say = (key: string, params: Sentence['params'] = {}): Sentence => ({
    key: `skillAudit.timeline.${key}`,
    params,
  });
  switch (event.type) {
    case 'opened':
      return event.by === null ? say('began') : say('opened', { person: { person: event.by } });
    case 'passedOn':
      return say('passed_on', { person: { person: event.from }, to: { person: event.to } });
    case 'cancelled':
    case 'held':
    case 'resumed':
      return say(event.type, { person: { person: event.by } });
    case 'closed':
      return say('closed');
    case 'rated':
    case 'skipped':
    case 'dropped':
    case 'reminded':
      return null;
  }
}
