/** Whom an alert calls when; everybody who was called keeps the step until somebody takes it. */
import { present } from '../assert.ts';
import type { ContentId, PersonId } from '../id.ts';
import type { Instant, LoopPlan, Moment, OpenTask, PlanningWorld } from '../loop.ts';
import { calledOf } from './decide.ts';
import { type Callable, nextCall, nextCallAt } from './ladder.ts';
import { alertNotices } from './notices.ts';
import {
  type AlertCommand,
  type AlertEvent,
  type AlertState,
  type CallReason,
  callsMax,
  type ClockCommand,
  type Follower,
} from './state.ts';

/** What a plan needs to know beside people and calendars. */
export interface AlertFacts {
  readonly custodian: PersonId | null;
  readonly isItemOpen: boolean;
  /** Those who are there. */
  readonly people: readonly Callable[];
  /** Of the region of the account's team: it stays with them at last. */
  readonly regionManager: PersonId | null;
}

type World = PlanningWorld<AlertFacts>;
type Planned = Moment<AlertCommand>;

export const alertPlan: LoopPlan<AlertState, AlertCommand, AlertEvent, AlertFacts> = {
  parties,
  account: (state) => state.account,
  tasks,
  moments,
  notices: alertNotices,
  contents: (event): readonly ContentId[] => (event.type === 'raised' ? [event.text] : []),
  callsOff: ({ type }) => type === 'acknowledged' || type === 'withdrawn' || type === 'resolved',
  isMaterial: ({ type }) => type !== 'called' && type !== 'followed',
};

function parties(state: AlertState): readonly PersonId[] {
  if (state.status === 'new') return [];
  const { owner, raiser, acknowledgedBy } = state;
  const named = [owner, raiser, ...calledOf(state), acknowledgedBy];
  return [...new Set(named.filter((id) => id !== null))];
}

function tasks(state: AlertState, world: World): readonly OpenTask[] {
  if (state.status !== 'calling' && state.status !== 'unanswered') return [];
  return calledOf(state)
    .filter((person) => world.person(person).isActive)
    .map((person) => {
      const since = present(
        state.calls.find((call) => call.person === person),
        'their call',
      ).at;
      return { kind: 'alert.acknowledge', person, since, dueAt: state.dueAt };
    });
}

function moments(state: AlertState, world: World): readonly Planned[] {
  const { facts, at, person } = world;
  if (state.status !== 'calling' && state.status !== 'unanswered') return [];
  if (!facts.isItemOpen) return [moment('resolve', state.changedAt, { type: 'resolve' })];
  if (state.status === 'unanswered') return following(state, world);
  const last = state.calls.at(-1);
  // Nobody waits for an answer of somebody who has left.
  const isGone = last !== undefined && !person(last.person).isActive;
  const due = isGone ? state.changedAt : nextCallAt(state);
  return [callAfter(state, facts, { due, at: Math.max(due, at) })];
}

/** Chosen for the instant at which it is made. */
function callAfter(
  state: AlertState,
  facts: AlertFacts,
  { due, at }: { readonly due: Instant; readonly at: Instant },
): Planned {
  const calls = state.calls.length;
  const next = nextCall(state, facts.people, at);
  if (next !== null) return moment(`call/${calls}`, due, { type: 'call', calls, ...next });
  const to = facts.regionManager ?? facts.custodian ?? state.owner;
  // Whoever stands for it at last is told at once too, whatever their hour.
  const isOutside = isOutsideFor(facts, to, at);
  return moment(`giveUp/${calls}`, due, { type: 'giveUp', to, isOutside, calls });
}

function following(state: AlertState, world: World): readonly Planned[] {
  const follower = followerOf(state, world);
  if (follower === null) return [];
  const calls = state.calls.length;
  const command = { type: 'follow', calls, ...follower } as const;
  return [moment(`follow/${calls}/${follower.to}`, state.changedAt, command)];
}

/**
 * Who answers for the account since everybody was called, and was not called themselves: its new owner,
 * or the new manager of the region. Whoever raised it while they owned it only where nobody else is left.
 */
export function followerOf(state: AlertState, world: World): Follower | null {
  const { custodian, regionManager, people } = world.facts;
  const called = calledOf(state);
  if (state.calls.length >= callsMax) return null;
  const isNew = (id: PersonId | null): id is PersonId =>
    id !== null && people.some((one) => one.id === id) && !called.includes(id);
  const isLeft = !called.some((id) => world.person(id).isActive);
  const follow = (to: PersonId, reason: CallReason): Follower => {
    return { to, reason, isOutside: isOutsideFor(world.facts, to, world.at) };
  };
  if (isNew(custodian) && (custodian !== state.owner || isLeft)) return follow(custodian, 'owner');
  return isNew(regionManager) ? follow(regionManager, 'region_manager') : null;
}

/** Somebody who can be called, and does not work then. */
export const isOutsideFor = ({ people }: AlertFacts, person: PersonId, at: Instant): boolean =>
  people.some((one) => one.id === person && !one.isWorking(at));

const moment = (name: string, at: Instant, command: ClockCommand): Planned => ({
  id: `${name}/${at}`,
  at,
  rank: 0,
  command,
});
