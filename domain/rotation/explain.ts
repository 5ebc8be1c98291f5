/** What happened to a rotation: sentences of the catalogue. */
import type { PersonId } from '../id.ts';
import type { HoldEvent, NoticeParams, Sentence } from '../loop.ts';
import type { RotationEvent } from './state.ts';

const named = (person: PersonId) => ({ person });

export function timelineSentence(event: RotationEvent | HoldEvent): Sentence {
  const [name, params] = told(event);
  return { key: `rotation.timeline.${name}`, params };
}

function told(event: RotationEvent | HoldEvent): readonly [name: string, params: NoticeParams] {
  switch (event.type) {
    case 'started':
    case 'changed':
    case 'ended':
    case 'held':
    case 'resumed':
      return [event.type, { by: named(event.by) }];
    case 'handedOver':
      return [event.outcome, { to: named(event.to) }];
    case 'stopped':
    case 'emptied':
      return [event.type, {}];
    case 'warned':
      return ['warned', { by: named(event.from), to: named(event.to) }];
  }
}
