/** What the clock does with a delegation: its first instant, its last, and whoever leaves meanwhile. */
import type { LoopPlan, Moment, PlanningWorld } from '../loop.ts';
import { delegationNotices } from './notices.ts';
import type {
  DelegationCommand,
  DelegationEvent,
  DelegationFacts,
  DelegationState,
} from './state.ts';

export const delegationPlan: LoopPlan<
  DelegationState,
  DelegationCommand,
  DelegationEvent,
  DelegationFacts
> = {
  parties: ({ status, principal, delegate }) => (status === 'new' ? [] : [principal, delegate]),
  account: () => null,
  tasks: () => [],
  moments,
  notices: delegationNotices,
  contents: () => [],
  callsOff: ({ type }) => type === 'ended',
  isMaterial: () => true,
};

type Planned = Moment<DelegationCommand>;

function moments(
  { status, principal, delegate, from, until, since }: DelegationState,
  world: PlanningWorld<DelegationFacts>,
): readonly Planned[] {
  const left = [delegate, principal].find((person) => !world.person(person).isActive);
  if (left !== undefined) {
    const command = { type: 'leave', person: left } as const;
    return [{ id: `leave/${left}`, at: since, rank: 0, command }];
  }
  if (!world.facts.isAsked) {
    return [{ id: 'drop', at: since, rank: 0, command: { type: 'drop' } }];
  }
  const begin: Planned = { id: 'begin', at: from, rank: 0, command: { type: 'begin' } };
  const expire: Planned = { id: 'expire', at: until, rank: 1, command: { type: 'expire' } };
  return status === 'planned' ? [begin, expire] : [expire];
}
