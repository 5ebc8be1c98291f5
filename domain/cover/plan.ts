/** Whom a cover waits for, and what the clock does: before the window, at its ends, and within it. */
import { present } from '../assert.ts';
import type { ContentId, PersonId } from '../id.ts';
import type { Instant, LoopPlan, Moment, OpenTask, PlanningWorld } from '../loop.ts';
import { Refusal } from '../problem.ts';
import { canCover, daysAwayOf, isAwayAt } from './away.ts';
import { askedOf } from './decide.ts';
import { coverNotices } from './notices.ts';
import {
  askedMinutes,
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
  // Nobody decides for whoever is asked to hold it; but for a manager who is away somebody stands in.
  isDelegated: true,
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
    const held = heldAt(state, world);
    const isLate = state.isEscalated || state.from <= state.since;
    const dueAt = isLate ? held : Math.min(escalateAt(state, world), state.from);
    return askedOf(state)
      .filter((person) => world.person(person).isActive)
      .map((person) => ({ kind: 'cover.take', person, since: state.since, dueAt }));
  }
  if (state.status !== 'running' || state.handBack !== null) return [];
  const person = present(state.taker, 'who covers');
  return [{ kind: 'cover.hand_back', person, since: state.from, dueAt: state.until }];
}

/**
 * Who holds the account when nobody else does: the manager, else the nearest of two above who is there
 * at that instant, and of each in their place whoever decides for them, along the chain of
 * delegations; of those who are all away the nearest. The owner only where there is nobody else.
 */
export function holderAt({ manager, owner }: CoverState, world: World, at: Instant): PersonId {
  const above = world.person(manager).manager;
  const top = above === null ? null : world.person(above).manager;
  const line = [manager, above, top]
    .flatMap((person) => (person === null ? [] : [person, world.decider(person)]))
    .filter((person) => person !== owner && world.person(person).isActive);
  const { away } = world.facts;
  return line.find((person) => !isAwayAt(away, person, at)) ?? line[0] ?? owner;
}

function moments(state: CoverState, world: World): readonly Planned[] {
  if (world.facts.isClosed && isOpen(state)) {
    return [moment('close', state.changedAt, { type: 'close', ...closingOf(state, world) })];
  }
  // The account is not theirs any more: ended now, since until then it would bar every other cover.
  if (isOpen(state) && hasMovedOn(state, world.facts)) {
    return [moment('overtake', state.changedAt, { type: 'overtake' })];
  }
  const replaced = replacement(state, world);
  if (replaced && replaced.at <= state.changedAt) return [replaced];
  switch (state.status) {
    case 'asked':
      return [...asking(state, world), beginning(state, world)];
    case 'taken':
      return [beginning(state, world)];
    case 'running':
      return [...handingBack(state, world), ...(replaced ? [replaced] : []), ending(state, world)];
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
  if (taker === null) return null;
  const isThere = world.person(taker).isActive;
  const at = isThere ? awayFrom(state, taker, world) : changedAt;
  if (at === null) return null;
  const to = holderAt(state, world, Math.max(at, world.at));
  // Nobody else is there: whoever has it keeps it.
  if (to === taker && isThere && state.status === 'running') return null;
  const replace = { type: 'replace', person: taker, to } as const;
  return moment('replace', at, isThere ? { ...replace, isAway: true } : replace);
}

/** When whoever took it cannot have it any more; null where they can, as far as is known. */
export function awayFrom(state: CoverState, taker: PersonId, { at, facts }: World): Instant | null {
  const { status, changedAt, until } = state;
  if (status === 'taken') {
    const window = { from: Math.max(state.from, changedAt), until };
    return canCover(facts.away, taker, window) ? null : changedAt;
  }
  const starts = daysAwayOf(facts.away, taker)
    .filter((away) => away.until > Math.max(at, changedAt) && away.from < until)
    .map((away) => Math.max(away.from, changedAt));
  return status === 'running' && starts.length > 0 ? Math.min(...starts) : null;
}

function asking(state: CoverState, world: World): readonly Planned[] {
  if (state.isEscalated) return [];
  const at = escalateAt(state, world);
  if (at >= state.from) return [];
  const to = holderAt(state, world, heldAt(state, world));
  const escalation = moment('escalate', at, { type: 'escalate', to });
  const middle = Math.round((state.since + at) / 2);
  const isReminded = state.isReminded || at <= state.since;
  return isReminded ? [escalation] : [moment('remind', middle, { type: 'remind' }), escalation];
}

/** A working day of the manager before it begins; at once when everybody has refused. */
function escalateAt(state: CoverState, world: World): Instant {
  if (!isAskedStill(state, world)) return state.changedAt;
  const holder = holderAt(state, world, state.from);
  return Math.max(state.since, workedBefore(holder, state.from, escalationMinutes, world));
}

const isAskedStill = (state: CoverState, world: World): boolean =>
  askedOf(state).some((person) => world.person(person).isActive);

/**
 * From when somebody above holds what nobody has taken: the begin of the window, but never before
 * others have been asked for a while, nor after half of what is left of it.
 */
function heldAt(state: CoverState, world: World): Instant {
  const { from, until, since, changedAt } = state;
  if (!isAskedStill(state, world)) return Math.max(from, changedAt);
  const asked = workedFrom(holderAt(state, world, Math.max(from, since)), since, world);
  return Math.max(from, Math.min(asked, Math.round((since + until) / 2)));
}

/** The instant by which somebody has been asked long enough in that person's working time. */
function workedFrom(person: PersonId, since: Instant, world: World): Instant {
  try {
    return world.working(person).add(since, askedMinutes);
  } catch (error) {
    if (error instanceof Refusal) return since;
    throw error;
  }
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
  const { taker, from, changedAt } = state;
  if (taker !== null)
    return moment('begin', Math.max(from, changedAt), { type: 'begin', to: taker });
  const at = heldAt(state, world);
  const to = holderAt(state, world, Math.max(at, world.at));
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
  world.person(state.owner).isActive ? state.owner : holderAt(state, world, world.at);
