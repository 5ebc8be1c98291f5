/** People leave, move and return at every step of every loop that moves an account or asks about one. */
import { describe, expect, test } from 'vitest';
import { alertRules } from '../../domain/alert/decide.ts';
import type { Callable } from '../../domain/alert/ladder.ts';
import { alertPlan, type AlertFacts } from '../../domain/alert/plan.ts';
import type { AlertCommand } from '../../domain/alert/state.ts';
import { coverRules } from '../../domain/cover/decide.ts';
import { coverPlan } from '../../domain/cover/plan.ts';
import type { CoverCommand, CoverFacts } from '../../domain/cover/state.ts';
import { handoffRules } from '../../domain/handoff/decide.ts';
import { handoffPlan } from '../../domain/handoff/plan.ts';
import type { HandoffState } from '../../domain/handoff/state.ts';
import type { AccountId, ContentId, PersonId } from '../../domain/id.ts';
import type { Command, Instant, LoopPlan, LoopRules, PlanningWorld } from '../../domain/loop.ts';
import { outlookRules } from '../../domain/outlook/decide.ts';
import { outlookPlan } from '../../domain/outlook/plan.ts';
import type { OutlookCommand } from '../../domain/outlook/state.ts';
import { rotationRules } from '../../domain/rotation/decide.ts';
import { nextHandOver } from '../../domain/rotation/hand-over.ts';
import { rotationPlan } from '../../domain/rotation/plan.ts';
import type { RotationCommand, RotationFacts } from '../../domain/rotation/state.ts';
import { openCalendar } from '../../domain/time/working-time.ts';
import {
  backup,
  director,
  everybody,
  giver,
  giverManager,
  planningWorld,
  receiver,
  receiverManager,
} from '../support/handoff-people.ts';
import { evolved, monday, played, says, silence } from '../support/handoff-rules.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const account = 'st-hedwig' as AccountId;
const text = 'text' as ContentId;

interface Story<State, C extends Command, Event> {
  readonly rules: LoopRules<State, C, Event>;
  readonly plan: LoopPlan<State, C, Event, never>;
  facts(state: State, left: readonly PersonId[]): unknown;
  readonly states: Readonly<Record<string, State>>;
  /** Who owns the account by the loop, or will when it is confirmed; null where it says nothing of it. */
  owner?(state: State): PersonId | null;
}
type AnyStory = Story<unknown, Command, unknown>;
const story = <State, C extends Command, Event>(told: Story<State, C, Event>): AnyStory => told;

const by =
  <State, C extends Command, Event>(rules: LoopRules<State, C, Event>) =>
  (...commands: readonly C[]): State =>
    commands.reduce((state, command, index) => {
      const at = monday + index * minute;
      const decision = rules.decide(state, command, at);
      if (!decision.ok) throw new Error(`${command.type}: ${decision.problem.code}`);
      return decision.events.reduce((next, event) => rules.evolve(next, event, at), state);
    }, rules.initial);

const { offer, ask, answer, readBack, sendBack, decline, reassign } = says;
const handoff = story({
  rules: handoffRules,
  plan: handoffPlan,
  facts: () => undefined,
  owner: (state) => state.custodian ?? state.readBack?.by ?? null,
  states: {
    offered: played(offer()),
    questioned: played(offer(), ask()),
    answered: played(offer(), ask(), answer()),
    'read back': played(offer(), readBack()),
    'read back, the manager asked too': played(offer(), readBack(), {
      type: 'escalateConfirmation',
      to: giverManager,
    }),
    'sent back': played(offer(), readBack(), sendBack()),
    declined: played(offer(), decline()),
    'passed on to the backup': played(offer(), { type: 'passOn', to: backup, rung: 'backup' }),
    'passed on to the manager': evolved(
      played(offer(), { type: 'passOn', to: backup, rung: 'backup' }),
      { type: 'passOn', to: receiverManager, rung: 'manager' },
      monday + 2 * minute,
    ),
    reassigned: played(offer(), reassign(backup)),
  },
});

const request: CoverCommand = {
  type: 'request',
  actor: giver,
  account,
  owner: giver,
  manager: giverManager,
  reason: 'asked',
  candidates: [receiver, backup],
  note: null,
  absence: null,
  from: monday + 4 * day,
  until: monday + 8 * day,
};
const covered = by(coverRules);
const cover = story({
  rules: coverRules,
  plan: coverPlan,
  facts: ({ status, owner, taker }): CoverFacts => ({
    isClosed: false,
    mergedInto: null,
    chain: null,
    isFollowed: false,
    away: [],
    custodian: status === 'running' ? taker : owner,
  }),
  owner: ({ status, taker }) => (status === 'running' ? taker : null),
  states: {
    asked: covered(request),
    'refused by one': covered(request, { type: 'refuse', actor: receiver }),
    'refused by all': covered(
      request,
      { type: 'refuse', actor: receiver },
      { type: 'refuse', actor: backup },
    ),
    escalated: covered(request, { type: 'escalate', to: giverManager }),
    taken: covered(request, { type: 'take', actor: receiver }),
    running: covered(
      { ...request, from: monday },
      { type: 'take', actor: receiver },
      { type: 'begin', to: receiver },
    ),
    'running with the manager': covered(
      { ...request, from: monday },
      { type: 'begin', to: giverManager },
    ),
    'handed back': covered(
      { ...request, from: monday },
      { type: 'take', actor: receiver },
      { type: 'begin', to: receiver },
      { type: 'handBack', actor: receiver, content: text },
    ),
  },
});

const raise: AlertCommand = {
  type: 'raise',
  actor: director,
  account,
  owner: giver,
  text,
  item: 'item',
  dueAt: monday + day,
  answerMinutes: 15,
};
const alerted = by(alertRules);
const call = (to: PersonId, calls: number, round = 1): AlertCommand => ({
  type: 'call',
  to,
  reason: 'owner',
  isOutside: false,
  round,
  calls,
});
const callable = (left: readonly PersonId[]): readonly Callable[] =>
  (
    [
      [giver, 'owner'],
      [giverManager, 'manager'],
      [receiver, 'duty'],
      [receiverManager, 'region_manager'],
    ] as const
  )
    .filter(([id]) => !left.includes(id))
    .map(([id, standing]) => ({
      id,
      standing,
      isSameRegion: true,
      isCleared: true,
      speaks: true,
      isWorking: () => id === giver,
    }));
const alert = story({
  rules: alertRules,
  plan: alertPlan,
  facts: (_state, left): AlertFacts => ({
    custodian: giver,
    isItemOpen: true,
    people: callable(left),
    regionManager: left.includes(receiverManager) ? null : receiverManager,
  }),
  states: {
    raised: alerted(raise),
    called: alerted(raise, call(giver, 0)),
    'called on': alerted(raise, call(giver, 0), call(giverManager, 1)),
    unanswered: alerted(raise, call(giver, 0), { type: 'giveUp', to: receiverManager, calls: 1 }),
  },
});

const finding: OutlookCommand = {
  type: 'open',
  account,
  kind: 'leave',
  subject: giver,
  firstDay: '2026-12-21',
  severity: 'high',
  from: monday + 28 * day,
  until: monday + 35 * day,
  owner: giver,
  asked: receiver,
  about: null,
  allowanceMinutes: 960,
};
const found = by(outlookRules);
const outlook = story({
  rules: outlookRules,
  plan: outlookPlan,
  facts: () => undefined,
  states: {
    open: found(finding),
    reminded: found(finding, { type: 'remind', since: monday, percent: 50 }),
    escalated: found(finding, { type: 'escalate', since: monday, to: receiverManager }),
  },
});

const start: RotationCommand = {
  type: 'start',
  actor: giver,
  account,
  holder: giver,
  packet: text,
  members: [giver, receiver, backup],
  leadMinutes: 60,
};
const turned = by(rotationRules);
const office = [[540, 1020]] as const;
const week = { mon: office, tue: office, wed: office, thu: office, fri: office, sat: [], sun: [] };
const rotation = story({
  rules: rotationRules,
  plan: rotationPlan,
  facts: (state, left): RotationFacts => ({
    isClosed: false,
    custodian: giver,
    isInHandoff: false,
    next: nextHandOver(
      state.members
        .filter((id) => !left.includes(id))
        .map((id) => {
          const { zone } = everybody[id] ?? { zone: 'Etc/UTC' };
          const calendar = { zone, week, days: [], absences: [], revision: 1 };
          return { id, clock: openCalendar(calendar) };
        }),
      { ...state, from: state.watchFrom },
    ),
  }),
  states: {
    running: turned(start),
    'of another watch': turned(start, {
      type: 'handOver',
      to: receiver,
      begins: monday + 15 * hour,
      giver,
      outcome: 'offered',
    }),
    changed: turned(start, {
      type: 'change',
      actor: giver,
      members: [giver, backup],
      leadMinutes: 30,
    }),
  },
});

const stories = { handoff, cover, alert, outlook, rotation } as const;
const leavers = [giver, giverManager, receiver, receiverManager, backup] as const;

const cases = Object.entries(stories).flatMap(([name, told]) =>
  Object.entries(told.states).flatMap(([standing, state]) =>
    leavers.map((person) => [`${name} ${standing}`, person, told, state] as const),
  ),
);

const worldOf = (
  told: AnyStory,
  state: unknown,
  { left, at }: { readonly left: readonly PersonId[]; readonly at: Instant },
): PlanningWorld<never> => {
  const above = { [receiverManager]: { ...everybody[receiverManager]!, manager: director } };
  const known = { ...everybody, ...above };
  const gone = left.map((id) => [id, { ...known[id]!, isActive: false }] as const);
  const people = { ...above, ...Object.fromEntries(gone) };
  return { ...planningWorld({ people, at }), facts: told.facts(state, left) } as never;
};

/** Whatever is due at once, done; at most as many steps as there are people. */
function atOnce(told: AnyStory, from: unknown, leaver: PersonId, at: Instant): unknown {
  let state = from;
  for (let steps = 0; steps < 8 && !told.rules.isClosed(state); steps++) {
    const moments = [...told.plan.moments(state, worldOf(told, state, { left: [leaver], at }))];
    const due = moments
      .filter((one) => one.at <= at)
      .sort((a, b) => a.at - b.at || a.rank - b.rank);
    if (!due[0]) break;
    const decision = told.rules.decide(state, due[0].command, at);
    if (!decision.ok) break;
    state = decision.events.reduce((next, event) => told.rules.evolve(next, event, at), state);
  }
  return state;
}

/** Long before any deadline. */
const soon = monday + 5 * minute;

describe('whoever leaves is asked for nothing any more, and whoever is next is, at once', () => {
  test.for(cases)('%s: %s leaves', ([, leaver, told, before]) => {
    const state = atOnce(told, before, leaver, soon);
    const world = worldOf(told, state, { left: [leaver], at: soon });
    const asked = told.plan.tasks(state, world).map(({ person }) => person);
    expect(asked).not.toContain(leaver);
    const wasAsked = told.plan
      .tasks(before, worldOf(told, before, { left: [], at: soon }))
      .map(({ person }) => person);
    // A step that was somebody's is somebody's still, unless the loop has ended.
    const isOver = told.rules.isClosed(state) || wasAsked.length === 0;
    expect([asked.length > 0, isOver]).toContain(true);
    expect(told.owner?.(state) ?? null).not.toBe(leaver);
    for (const moment of told.plan.moments(state, world)) {
      const { to } = moment.command as { readonly to?: PersonId };
      expect(to).not.toBe(leaver);
    }
  });
});

describe('whoever comes back takes nothing from those who were asked meanwhile', () => {
  test.for(cases)('%s: %s returns', ([, leaver, told, before]) => {
    const state = atOnce(told, before, leaver, soon);
    const gone = worldOf(told, state, { left: [leaver], at: soon });
    const back = worldOf(told, state, { left: [], at: soon });
    const asked = told.plan.tasks(state, gone).map(({ person }) => person);
    const askedNow = told.plan.tasks(state, back).map(({ person }) => person);
    expect(askedNow).toEqual(expect.arrayContaining(asked));
  });
});

const lima = 'America/Lima';
const boss = 'lima-manager' as PersonId;
const ofHandoffs = Object.entries(handoff.states).flatMap(([standing, state]) =>
  leavers.map((person) => [standing, person, state as HandoffState] as const),
);

describe('whoever moves is still asked, by the clock where they are now, and whoever is above them there is next', () => {
  test.for(ofHandoffs)('%s: %s moves', ([, mover, state]) => {
    const there = { zone: lima, manager: boss, backup: null };
    const people = { [mover]: there, [boss]: { zone: lima } };
    const [before, after] = [planningWorld({ at: soon }), planningWorld({ people, at: soon })];
    const asked = handoffPlan.tasks(state, after);
    expect(asked.map(({ person }) => person)).toEqual(
      handoffPlan.tasks(state, before).map(({ person }) => person),
    );
    const inLima = openCalendar({ zone: lima, week, days: [], absences: [], revision: 1 });
    // Two may confirm by the clock of the one of them who was asked last.
    const theirs = asked.filter(({ person }) => asked.length === 1 && person === mover);
    const isInTime = theirs.map(({ dueAt }) => inLima.isWorking((dueAt ?? 0) - 1));
    expect(isInTime).not.toContain(false);
    const end = silence(state, after).state;
    expect(end.custodian).toBe(mover === giver ? boss : giverManager);
    const isNext = mover === state.receiver && !state.tried.includes(receiverManager);
    expect(end.tried.includes(boss)).toBe(isNext && state.readBack === null);
  });
});

const ofAccounts = Object.entries({ handoff, cover, rotation }).flatMap(([name, told]) =>
  Object.entries(told.states).map(
    ([standing, state]) => [`${name} ${standing}`, told, state] as const,
  ),
);

test.each(ofAccounts)(
  'with its account, which closes, a %s ends at once, and nobody is asked for it any more',
  (_name, told: AnyStory, from) => {
    const at = monday + 3 * day;
    const facts = { ...(told.facts(from, []) as object), isClosed: true };
    const world = { ...planningWorld({ at }), facts } as never;
    const [first] = [...told.plan.moments(from, world)].sort((a, b) => a.at - b.at);
    const isDue = first !== undefined && first.at <= at;
    const decision = isDue ? told.rules.decide(from, first.command, at) : null;
    const events = decision?.ok ? decision.events : [];
    const state = events.reduce((next, event) => told.rules.evolve(next, event, at), from);
    expect(told.rules.isClosed(state)).toBe(true);
    expect(told.plan.tasks(state, world)).toEqual([]);
  },
);
