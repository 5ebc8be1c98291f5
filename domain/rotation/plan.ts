/** When a rotation hands over next, and when it warns that two members do not meet. */
import type { ContentId, PersonId } from '../id.ts';
import type { LoopPlan, Moment, PlanningWorld } from '../loop.ts';
import type { HandOver } from './hand-over.ts';
import { rotationNotices } from './notices.ts';
import {
  type Outcome,
  pairOf,
  type RotationCommand,
  type RotationEvent,
  type RotationFacts,
  type RotationState,
  warningMs,
} from './state.ts';

type World = PlanningWorld<RotationFacts>;
type Planned = Moment<RotationCommand>;

export const rotationPlan: LoopPlan<RotationState, RotationCommand, RotationEvent, RotationFacts> =
  {
    parties,
    account: (state) => state.account,
    tasks: () => [],
    moments,
    notices: rotationNotices,
    contents: (event): readonly ContentId[] => (event.type === 'started' ? [event.packet] : []),
    callsOff: ({ type }) => type === 'ended' || type === 'stopped',
    isMaterial: ({ type }) => type !== 'handedOver' && type !== 'warned',
  };

/** Also whoever it waits for: they read what they are told of. */
function parties({ status, starter, members, holder, outsider }: RotationState) {
  if (status === 'new') return [];
  const outside = outsider === null || outsider === undefined ? [] : [outsider];
  return [...new Set<PersonId>([starter, holder, ...members, ...outside])];
}

function moments(state: RotationState, world: World): readonly Planned[] {
  const { facts } = world;
  const { next, isClosed } = facts;
  if (state.status !== 'running') return [];
  if (isClosed) {
    const { changedAt } = state;
    return [{ id: `stop/${changedAt}`, at: changedAt, rank: 0, command: { type: 'stop' } }];
  }
  const empty = emptying(state, world);
  if (next === null) return empty;
  const { to, begins, until, meets } = next;
  const key = `${state.changes}/${state.watchFrom}/${state.holder}`;
  const hand: Planned = {
    id: `handOver/${key}`,
    at: next.at,
    rank: 1,
    command: {
      type: 'handOver',
      to,
      begins,
      giver: facts.custodian,
      outcome: outcomeOf(state, facts, next),
      ...(!meets && { gapFrom: until }),
    },
  };
  if (meets || state.warned.includes(pairOf(state.holder, to))) return [...empty, hand];
  const warning: Planned = {
    id: `warn/${key}`,
    at: Math.max(state.watchFrom, next.at - warningMs),
    rank: 0,
    command: { type: 'warn', to, until, begins },
  };
  return [...empty, warning, hand];
}

/** Once: whoever is left is told, also while the account has yet to come to them. */
function emptying(state: RotationState, world: World): readonly Planned[] {
  if (state.isEmptied || !isEmpty(state, world)) return [];
  const { changes, changedAt } = state;
  const command = { type: 'empty', owner: world.facts.custodian } as const;
  return [{ id: `empty/${changes}/${changedAt}`, at: changedAt, rank: 0, command }];
}

/** Fewer than two are still there: nobody takes over from another. */
export const isEmpty = (
  { members }: Pick<RotationState, 'members'>,
  world: Pick<World, 'person'>,
): boolean => members.filter((one) => world.person(one).isActive).length < 2;

export function outcomeOf(
  { members }: RotationState,
  { custodian, isInHandoff }: RotationFacts,
  { to }: Pick<HandOver, 'to'>,
): Outcome {
  if (isInHandoff) return 'in_handoff';
  if (custodian === to) return 'theirs';
  return custodian !== null && members.includes(custodian) ? 'offered' : 'elsewhere';
}
