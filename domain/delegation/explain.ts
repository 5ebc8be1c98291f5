/** What happened to a delegation: sentences of the catalogue. */
import type { PersonId } from '../id.ts';
import type { HoldEvent, NoticeParams, Sentence } from '../loop.ts';
import type { DelegationScope } from '../people/delegation.ts';
import type { DelegationEvent } from './state.ts';

const named = (person: PersonId) => ({ person });

/** The word of a scope. */
export const scopeTerm = (scope: DelegationScope): string => `delegation.scope.${scope}`;

export function timelineSentence(event: DelegationEvent | HoldEvent): Sentence {
  const [name, params] = told(event);
  return { key: `delegation.timeline.${name}`, params };
}

function told(event: DelegationEvent | HoldEvent): readonly [name: string, params: NoticeParams] {
  switch (event.type) {
    case 'given': {
      const params = { principal: named(event.principal), delegate: named(event.delegate) };
      if (event.by !== null) return ['given', { ...params, by: named(event.by) }];
      return [event.source === 'absence' ? 'given_by_absence' : 'given_by_directory', params];
    }
    case 'begun':
      return ['begun', {}];
    case 'ended':
      return event.by === null ? [event.ending, {}] : [event.ending, { by: named(event.by) }];
    case 'held':
    case 'resumed':
      return [event.type, { by: named(event.by) }];
  }
}
