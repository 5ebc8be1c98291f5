/** Whom a cover waits for, and what the clock does: before the window, at its ends, and within it. */
import { present } from '../assert.ts';
import type { ContentId, PersonId } from '../id.ts';
import type { Instant, LoopPlan, Moment, OpenTask, PlanningWorld } from '../loop.ts';
import { superiorOf } from '../people/line.ts';
import { Refusal } from '../problem.ts';
import { askedOf } from './decide.ts';
import { coverNotices } from './notices.ts';
import {
  closedStatuses,
  escalationMinutes,
  handBackMinutes,
  type ClockCommand,
  type Closing,
  type CoverCommand,
  type CoverEvent,
  type CoverFacts,
  type CoverState,
} from './state.ts';

type World = PlanningWorld<CoverFacts>;
type Planned = Moment<CoverCommand>;

export const coverPlan: LoopPlan<CoverState, CoverCommand, CoverEvent, CoverFacts> = {
  parties,
  account: (state) => state.account,
  tasks,
  moments,
  notices: coverNotices,
  contents,
  callsOff: ({ type }) =>
    type === 'withdrawn' || type === 'overtaken' || type === 'returned' || type === 'accountClosed',
  isMaterial: ({ type }) => type !== 'reminded' && type !== 'handBackReminded',
};

function parties(state: CoverState): readonly PersonId[] {
  if (state.status === 'new') return [];
  const { owner, asker, manager, candidates, taker } = state;
  const named = [owner, asker, manager, ...candidates, taker];
  return [...new Set(named.filter((id) => id !== null))];
}

function contents(event: CoverEvent): readonly ContentId[] {
  if (event.type === 'requested') return event.note === null ? [] : [event.note];
  return event.type === 'handedBack' ? [event.content] : [];
}

function tasks(state: CoverState, world: World): readonly OpenTask[] {
  // Nobody takes a closed account, or hands it back.
  if (world.facts.isClosed) return [];
  if (state.status === 'asked') {
    const dueAt = state.isEscalated ? state.from : Math.min(escalateAt(state, world), state.from);
    return askedOf(state)
      .filter((person) => world.person(person).isActive)
      .map((person) => ({ kind: 'cover.take', person, since: state.since, dueAt }));
  }
  if (state.status !== 'running' || state.handBack !== null) return [];
  const person = present(state.taker, 'who covers');
  return [{ kind: 'cover.hand_back', person, since: state.from, dueAt: state.until }];
}

/**
 * Who holds the account when nobody else does: the manager, or the nearest above who is there. The
 * owner, who is away, only where there is nobody else.
 */
function holderOf({ manager, owner }: CoverState, world: World): PersonId {
  const isThere = manager !== owner && world.person(manager).isActive;
  return isThere ? manager : (superiorOf(manager, world) ?? owner);
}

function moments(state: CoverState, world: World): readonly Planned[] {
  if (world.facts.isClosed && isOpen(state)) {
    return [moment('close', state.changedAt, { type: 'close', ...closingOf(state, world) })];
  }
  // The account is not theirs any more: ended now, since until then it would bar every other cover.
  if (isOpen(state) && hasMovedOn(state, world.facts)) {
    return [moment('overtake', state.changedAt, { type: 'overtake' })];
  }
  const left = replacement(state, world);
  if (left) return [left];
  switch (state.status) {
    case 'asked':
      return [...asking(state, world), beginning(state, world)];
    case 'taken':
      return [beginning(state, world)];
    case 'running':
      return [...handingBack(state, world), ending(state, world)];
    case 'new':
    case 'returned':
    case 'withdrawn':
    case 'overtaken':
    case 'accountClosed':
      return [];
  }
}

const isOpen = ({ status }: CoverState): boolean =>
  status !== 'new' && !closedStatuses.includes(status);

/** Whether the account has gone elsewhere: to nobody who has it by a cover of this owner. */
export function hasMovedOn({ status, owner, taker }: CoverState, facts: CoverFacts): boolean {
  const { custodian, chain } = facts;
  if (status === 'running') return custodian !== taker && chain !== 'later';
  return custodian !== owner && chain !== 'earlier';
}

/** With its account: to the owner who lent it, unless it has gone elsewhere or follows another. */
export function closingOf(state: CoverState, world: World): Closing {
  const { custodian, mergedInto: into } = world.facts;
  const isLent = state.status === 'running' && custodian === state.taker;
  return { to: isLent && into === null ? returnsTo(state, world) : null, into };
}

const ranks = {
  remind: 0,
  escalate: 1,
  replace: 2,
  remindHandBack: 3,
  begin: 4,
  end: 5,
  overtake: 6,
  close: 7,
} as const;

const moment = (name: keyof typeof ranks, at: Instant, command: ClockCommand): Planned => ({
  id: `${name}/${at}`,
  at,
  rank: ranks[name],
  command,
});

function replacement(state: CoverState, world: World): Planned | null {
  const { taker, changedAt } = state;
  if (taker === null || world.person(taker).isActive) return null;
  const to = holderOf(state, world);
  return moment('replace', changedAt, { type: 'replace', person: taker, to });
}

function asking(state: CoverState, world: World): readonly Planned[] {
  if (state.isEscalated) return [];
  const at = escalateAt(state, world);
  if (at >= state.from) return [];
  const to = holderOf(state, world);
  const escalation = moment('escalate', at, { type: 'escalate', to });
  const middle = Math.round((state.since + at) / 2);
  const isReminded = state.isReminded || at <= state.since;
  return isReminded ? [escalation] : [moment('remind', middle, { type: 'remind' }), escalation];
}

/** A working day of the manager before it begins; at once when everybody has refused. */
function escalateAt(state: CoverState, world: World): Instant {
  if (!askedOf(state).some((person) => world.person(person).isActive)) return state.changedAt;
  const holder = holderOf(state, world);
  return Math.max(state.since, workedBefore(holder, state.from, escalationMinutes, world));
}

/** The instant from which so many minutes are worked until `end`; `end` for whoever never works. */
function workedBefore(person: PersonId, end: Instant, minutes: number, world: World): Instant {
  try {
    return world.working(person).add(end, -minutes);
  } catch (error) {
    if (error instanceof Refusal) return end;
    throw error;
  }
}

function beginning(state: CoverState, world: World): Planned {
  const at = Math.max(state.from, state.since);
  const to = state.taker ?? holderOf(state, world);
  return moment('begin', at, { type: 'begin', to });
}

function handingBack(state: CoverState, world: World): readonly Planned[] {
  if (state.handBack !== null || state.isHandBackReminded) return [];
  const taker = present(state.taker, 'who covers');
  const at = workedBefore(taker, state.until, handBackMinutes, world);
  if (at <= state.from || at >= state.until) return [];
  return [moment('remindHandBack', at, { type: 'remindHandBack' })];
}

/** To whom it returns, or, where another cover of the owner has begun with this one's end, who has it. */
function ending(state: CoverState, world: World): Planned {
  const { chain, custodian } = world.facts;
  const to = chain === 'later' && custodian !== null ? custodian : returnsTo(state, world);
  return moment('end', state.until, { type: 'end', to });
}

/** The owner; whoever holds for them where they have left. */
const returnsTo = (state: CoverState, world: World): PersonId =>
  world.person(state.owner).isActive ? state.owner : holderOf(state, world);
