/** Who hears of what. The keys are those of `locales/<locale>/delegation.json`. */
import type { PersonId } from '../id.ts';
import type { HoldEvent, NoticeDraft, NoticeParams, PlanningWorld } from '../loop.ts';
import type { MessageOf } from '../notice/message-kinds.ts';
import { scopeTerm } from './explain.ts';
import type { DelegationEvent, DelegationFacts, DelegationState } from './state.ts';

interface Letter {
  readonly to: PersonId;
  readonly key: MessageOf<'delegation'>;
}

export function delegationNotices(
  event: DelegationEvent | HoldEvent,
  state: DelegationState,
  world: PlanningWorld<DelegationFacts>,
): readonly NoticeDraft[] {
  const { principal, delegate, from, until, scope } = state;
  const params: NoticeParams = {
    principal: { person: principal },
    delegate: { person: delegate },
    scope: { term: scopeTerm(scope) },
    from: { instant: from, alsoFor: principal },
    until: { instant: until, alsoFor: principal },
  };
  const period: NoticeParams = { agreedFrom: { instant: from }, agreedUntil: { instant: until } };
  return letters(event, state, world).map(({ to, key }) => ({
    to,
    key: `delegation.${key}`,
    params: agreed.includes(key) ? { ...params, ...period } : params,
    urgency: 'working',
  }));
}

/** Its time is in the calendars of both. */
const agreed: readonly string[] = ['given', 'begun', 'begun_principal'];

function letters(
  event: DelegationEvent | HoldEvent,
  { principal, delegate, from, by }: DelegationState,
  world: PlanningWorld<DelegationFacts>,
): readonly Letter[] {
  switch (event.type) {
    case 'given': {
      // What begins at once is told as begun.
      if (from <= world.at) return [];
      return told([principal, delegate], by, 'given');
    }
    case 'begun':
      return [
        { to: delegate, key: 'begun' },
        { to: principal, key: 'begun_principal' },
      ];
    case 'ended': {
      if (event.ending === 'left') return leftLetters(event.by, { principal, delegate }, world);
      const key = event.hadBegun ? 'ended' : 'withdrawn';
      return told([principal, delegate], event.by, key);
    }
    case 'held':
    case 'resumed':
      return [];
  }
}

/** Whoever did it knows. */
const told = (
  people: readonly PersonId[],
  by: PersonId | null,
  key: MessageOf<'delegation'>,
): readonly Letter[] => people.filter((to) => to !== by).map((to) => ({ to, key }));

/** Nobody decides for the other now: they and, since they may be away, their manager hear of it. */
function leftLetters(
  who: PersonId | null,
  { principal, delegate }: { readonly principal: PersonId; readonly delegate: PersonId },
  world: PlanningWorld<DelegationFacts>,
): readonly Letter[] {
  if (who === principal) return [{ to: delegate, key: 'ended' }];
  const { manager } = world.person(principal);
  return [
    { to: principal, key: 'delegate_left' },
    ...(manager === null ? [] : [{ to: manager, key: 'delegate_left' } as const]),
  ];
}
