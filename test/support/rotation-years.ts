/**
 * Rotations, their handoffs, covers and departures by their own rules and plans, without Temporal and
 * Postgres: what the record guards is guarded here, what people do follows a seed, and every step goes
 * into a log.
 */
import type { CoverEvent } from '../../domain/cover/state.ts';
import { handoffRules } from '../../domain/handoff/decide.ts';
import { handoffPlan } from '../../domain/handoff/plan.ts';
import { receiverProblem } from '../../domain/handoff/receiver.ts';
import type {
  HandoffCommand,
  HandoffEvent,
  HandoffFacts,
  HandoffState,
} from '../../domain/handoff/state.ts';
import type { AccountId, ContentId, LoopId, PersonId, RegionId } from '../../domain/id.ts';
import type {
  Instant,
  Moment,
  PersonFacts,
  PlanningWorld,
  Urgency,
  WorkingTime,
} from '../../domain/loop.ts';
import { sendTime } from '../../domain/notice/send-time.ts';
import { rotationRules } from '../../domain/rotation/decide.ts';
import { type Member, nextHandOver } from '../../domain/rotation/hand-over.ts';
import { outcomeOf, rotationPlan } from '../../domain/rotation/plan.ts';
import type {
  RotationCommand,
  RotationEvent,
  RotationFacts,
  RotationState,
} from '../../domain/rotation/state.ts';
import type { WorkingCalendar } from '../../domain/time/calendar.ts';
import { nextMeeting } from '../../domain/time/meeting.ts';
import type { WorkingClock } from '../../domain/time/working-time.ts';
import { assert, present } from '../../domain/assert.ts';
import { coverYears } from './cover-years.ts';

const minute = 60_000;

export interface Colleague {
  readonly id: PersonId;
  readonly calendar: WorkingCalendar;
  readonly clock: WorkingClock;
  readonly working: WorkingTime;
  readonly manager: PersonId | null;
  readonly backup: PersonId | null;
}

/** One step as an auditor finds it: what was said, never how it was decided. */
export interface LogEntry {
  readonly loop: 'rotation' | 'handoff' | 'cover' | 'directory';
  readonly id: LoopId;
  readonly at: Instant;
  readonly event: HandoffEvent | RotationEvent | CoverEvent | Left;
}

/** Whoever left owned it, and whoever is there for them has it. */
export interface Left {
  readonly type: 'left';
  readonly from: PersonId;
  readonly to: PersonId;
}

/** When a reminder reaches its reader. */
export interface Reminded {
  readonly to: PersonId;
  readonly sendAt: Instant;
}

export interface AccountLog {
  readonly account: AccountId;
  readonly owner: PersonId;
  readonly from: Instant;
  readonly until: Instant;
  readonly entries: readonly LogEntry[];
  readonly reminders: readonly Reminded[];
}

export interface Team {
  readonly people: ReadonlyMap<PersonId, Colleague>;
  readonly members: readonly PersonId[];
  readonly leadMinutes: number;
  /** From then on they are gone; the soonest first. */
  readonly leaves: readonly (readonly [PersonId, Instant])[];
  /** From 0 to below 1. */
  readonly random: () => number;
}

export interface Act {
  readonly at: Instant;
  readonly act: (at: Instant) => void;
}

interface OpenHandoff {
  readonly id: LoopId;
  state: HandoffState;
  moments: readonly Moment<HandoffCommand>[];
}

/** A rule that leads nowhere plans the same again for ever. */
const stepsAtOnceMax = 100;

export function runRotation(
  account: AccountId,
  team: Team,
  { from, until }: { readonly from: Instant; readonly until: Instant },
): AccountLog {
  const { people, members, random, leaves } = team;
  const entries: LogEntry[] = [];
  const reminders: Reminded[] = [];
  const known = (id: PersonId): Colleague => present(people.get(id), `person ${id}`);
  const clockOf = (id: PersonId): WorkingClock => known(id).clock;
  const turns: readonly Member[] = members.map((id) => ({ id, clock: clockOf(id) }));
  const gone = new Set<PersonId>();
  const isThere = (id: PersonId | null): id is PersonId => id !== null && !gone.has(id);
  let custodian = present(members[0], 'the first member');
  let handoff: OpenHandoff | null = null;
  let planned: Act | null = null;
  let handoffs = 0;

  const worldAt = <Facts>(at: Instant, facts: Facts): PlanningWorld<Facts> => ({
    at,
    facts,
    has: (id) => people.has(id),
    person: (id): PersonFacts => {
      const { manager, backup } = known(id);
      return { id, isActive: isThere(id), region: 'world' as RegionId, manager, backup, roles: [] };
    },
    working: (id) => known(id).working,
    decider: (id) => id,
    meeting: (ids, wanted) =>
      nextMeeting(
        ids.map((id) => ({
          clock: clockOf(id),
          zone: known(id).calendar.zone,
        })),
        wanted,
      ),
  });

  const factsOf = (state: RotationState): RotationFacts => ({
    isClosed: false,
    custodian,
    isInHandoff: handoff !== null,
    next: nextHandOver(
      turns.filter(({ id }) => isThere(id)),
      { ...state, from: state.watchFrom },
    ),
  });

  const rotation = { id: `${account}/rotation` as LoopId, state: rotationRules.initial };
  let rotationMoments: readonly Moment<RotationCommand>[] = [];
  const replan = (at: Instant): void => {
    const { state } = rotation;
    rotationMoments = rotationPlan.moments(state, worldAt(at, factsOf(state)));
  };

  /** As the record's facts have it. */
  const handed = (at: Instant): PlanningWorld<HandoffFacts> =>
    worldAt(at, { isClosed: false, custodian });
  const planHandoff = (open: OpenHandoff, at: Instant): void => {
    open.moments = [...handoffPlan.moments(open.state, handed(at))].sort(
      (a, b) => a.at - b.at || a.rank - b.rank,
    );
  };

  const lender = coverYears({
    account,
    people,
    random,
    isThere,
    worldAt,
    custodian: () => custodian,
    isInHandoff: () => handoff !== null,
    note: (id, at, event) => entries.push({ loop: 'cover', id, at, event }),
    reminds: (to, at, urgency) => remind(to, at, urgency),
    moves(to, at) {
      custodian = to;
      const open: OpenHandoff | null = handoff;
      if (open !== null) planHandoff(open, at);
      else planned = members.includes(custodian) || lender.isLent() ? null : handBack(at);
    },
  });

  function remind(to: PersonId, at: Instant, urgency: Urgency): void {
    if (!isThere(to)) return;
    const { calendar, clock } = known(to);
    const reader = { calendar, clock, quiet: null };
    reminders.push({ to, sendAt: sendTime(urgency, at, reader).sendAt });
  }

  /** All that is planned with whoever leaves is planned again; what they own is followed. */
  function leave(person: PersonId, at: Instant): void {
    gone.add(person);
    replan(at);
    const open: OpenHandoff | null = handoff;
    if (open !== null) planHandoff(open, at);
    lender.replan(at);
  }

  /** As whoever leaves is followed at once, or once a loop has ended that had their account. */
  function follow(at: Instant): void {
    if (isThere(custodian) || handoff !== null || lender.holds(custodian)) return;
    const { backup, manager } = known(custodian);
    const line = [backup, manager, manager && known(manager).manager, ...people.keys()];
    const [from, to] = [custodian, present(line.find(isThere), 'whoever is there')];
    custodian = to;
    const id = `${account}/directory` as LoopId;
    entries.push({ loop: 'directory', id, at, event: { type: 'left', from, to } });
    lender.replan(at);
    planned = members.includes(to) || lender.isLent() ? null : handBack(at);
  }

  function turn(command: RotationCommand, at: Instant): void {
    if (command.type === 'handOver') {
      const facts = factsOf(rotation.state);
      const isAsPlanned =
        command.giver === custodian &&
        command.outcome === outcomeOf(rotation.state, facts, command);
      if (!isAsPlanned) return replan(at); // stale, as the record answers it
    }
    const decision = rotationRules.decide(rotation.state, command, at);
    if (!decision.ok) return replan(at);
    for (const event of decision.events) {
      rotation.state = rotationRules.evolve(rotation.state, event, at);
      entries.push({ loop: 'rotation', id: rotation.id, at, event });
      if (event.type === 'handedOver' && event.outcome === 'offered' && event.giver !== null) {
        offer({ giver: event.giver, receiver: event.to, at, openedBy: rotation.id });
      }
    }
    replan(at);
  }

  function offer(asked: {
    readonly giver: PersonId;
    readonly receiver: PersonId;
    readonly at: Instant;
    readonly openedBy: LoopId | null;
  }): void {
    const { giver, receiver, at, openedBy } = asked;
    // What the record refuses.
    if (handoff !== null || custodian !== giver) return;
    if (receiverProblem(worldAt(at, undefined), receiver)) return;
    const by = openedBy === null ? { actor: giver } : { openedBy };
    const id = `${account}/handoff-${++handoffs}` as LoopId;
    handoff = { id, state: handoffRules.initial, moments: [] };
    const packet = 'packet' as ContentId;
    const severity = 'important';
    hand(
      { type: 'offer', ...by, account, giver, receiver, severity, packet, allowanceMinutes: 240 },
      at,
    );
  }

  function hand(command: HandoffCommand, at: Instant): void {
    const open = present(handoff, 'the open handoff');
    const isMoving = command.type === 'confirm' || command.type === 'bounce';
    if (isMoving && custodian !== open.state.giver) return; // the record refuses it
    const decision = handoffRules.decide(open.state, command, at);
    const world = handed(at);
    const events = decision.ok ? decision.events : [];
    for (const event of events) {
      open.state = handoffRules.evolve(open.state, event, at);
      entries.push({ loop: 'handoff', id: open.id, at, event });
      if (event.type !== 'reminded') continue;
      for (const { to, urgency } of handoffPlan.notices(event, open.state, world)) {
        remind(to, at, urgency);
      }
    }
    if (open.state.custodian !== null) custodian = open.state.custodian;
    if (handoffRules.isClosed(open.state)) {
      handoff = null;
      lender.replan(at);
      planned = members.includes(custodian) || lender.isLent() ? null : handBack(at);
      return;
    }
    planHandoff(open, at);
    planned = act(open, at);
  }

  /** Whoever has it from outside, such as the manager to whom it bounced, gives it to whose watch it is. */
  function handBack(at: Instant): Act {
    const giver = custodian;
    const when = known(giver).working.nextWorking(at + 30 * minute);
    return {
      at: when,
      act: (now) => {
        planned = null;
        const turn = [rotation.state.holder, ...members].find(isThere);
        if (turn && giver !== turn) offer({ giver, receiver: turn, at: now, openedBy: null });
      },
    };
  }

  /** What the one who is waited for does, in their own working time; sometimes nothing at all. */
  function act({ id, state }: OpenHandoff, at: Instant): Act | null {
    const chance = random();
    const command = ((): HandoffCommand | null => {
      const content = 'text' as ContentId;
      if (state.status === 'offered' && state.asked !== null) {
        const actor = state.asked.person;
        if (chance < 0.1) return null;
        if (chance < 0.14) return { type: 'decline', actor, content };
        return { type: 'readBack', actor, content };
      }
      if (state.status === 'readBack') {
        if (chance < 0.04) return null;
        return chance < 0.08
          ? { type: 'sendBack', actor: state.giver, content }
          : { type: 'confirm', actor: state.giver };
      }
      return null;
    })();
    if (command?.actor === undefined || !isThere(command.actor)) return null;
    const when = known(command.actor).working.nextWorking(at + Math.round(random() * 45) * minute);
    return {
      at: when,
      act: (now) => {
        planned = null;
        if (handoff?.id === id && isThere(command.actor ?? null)) hand(command, now);
      },
    };
  }

  const packet = 'packet' as ContentId;
  const { leadMinutes } = team;
  turn(
    { type: 'start', actor: custodian, account, holder: custodian, packet, members, leadMinutes },
    from,
  );
  lender.begins(from);
  let stepsAtOnce = 0;
  let left = 0;
  for (let now = from; ;) {
    follow(now);
    const open: OpenHandoff | null = handoff;
    const due = open === null ? undefined : (open as OpenHandoff).moments[0];
    const waiting = planned as Act | null;
    const leaver = leaves[left];
    const lent = lender.next();
    const next = Math.min(
      rotationMoments[0]?.at ?? Infinity,
      due?.at ?? Infinity,
      waiting?.at ?? Infinity,
      lent?.at ?? Infinity,
      leaver?.[1] ?? Infinity,
    );
    stepsAtOnce = next > now ? 0 : stepsAtOnce + 1;
    assert(stepsAtOnce <= stepsAtOnceMax, `${account} goes on from ${new Date(now).toISOString()}`);
    now = Math.max(now, next);
    if (now >= until) break;
    // Of what is due at one instant people go first, as in the kernel.
    if (leaver && leaver[1] <= now) {
      left++;
      leave(leaver[0], now);
    } else if (waiting && waiting.at <= now) waiting.act(now);
    else if (lent && lent.at <= now) lent.act(now);
    else if (due && due.at <= now) hand(due.command, now);
    else turn(present(rotationMoments[0], 'what is due').command, now);
  }
  return { account, owner: present(members[0], 'the first'), from, until, entries, reminders };
}
