/** Any sequence of anybody's commands, delegations, departures and silences keeps a handoff whole. */
import {
  type Arbitrary,
  array,
  assert as assertProperty,
  constant,
  constantFrom,
  integer,
  nat,
  oneof,
  option,
  property,
  record,
} from 'fast-check';
import { expect, test } from 'vitest';
import { assert } from '../../../domain/assert.ts';
import { handoffRules } from '../../../domain/handoff/decide.ts';
import { handoffPlan } from '../../../domain/handoff/plan.ts';
import {
  handoffStatuses,
  questionsMax,
  revisionsMax,
  sendBacksMax,
  rungs,
  type HandoffCommand,
  type HandoffEvent,
  type HandoffFacts,
  type HandoffState,
} from '../../../domain/handoff/state.ts';
import type { PersonId } from '../../../domain/id.ts';
import type { Moment, PlanningWorld } from '../../../domain/loop.ts';
import {
  backup,
  content,
  director,
  everybody,
  giver,
  giverManager,
  planningWorld,
  receiver,
  receiverManager,
  stranger,
} from '../../support/handoff-people.ts';
import { monday, planned, says } from '../../support/handoff-rules.ts';
import { proofSeed, proofSize, reportProof } from '../../support/proof.ts';

const runs = proofSize(2_000, 100_000);
const people = [giver, giverManager, director, receiver, backup, receiverManager, stranger];

const anyone = constantFrom(...people);
const text = constant(content('text'));
const by = { actor: anyone, onBehalfOf: option(anyone, { nil: undefined, freq: 8 }) };

const { offer } = says;
const anyOffer = record({ receiver: anyone, actor: anyone }).map(offer);
const anySaid = oneof(
  anyOffer,
  ...(['ask', 'answer', 'readBack', 'sendBack', 'decline', 'withdraw'] as const).map((type) =>
    record({ type: constant(type), ...by, content: text }),
  ),
  record({ type: constant('confirm' as const), ...by }),
  record({
    type: constant('revise' as const),
    ...by,
    severity: constant('routine'),
    content: text,
  }),
  record({ type: constant('reassign' as const), ...by, to: anyone }),
) as Arbitrary<HandoffCommand>;

type Happening =
  | { readonly what: 'said'; readonly command: HandoffCommand; readonly afterMinutes: number }
  /** Whoever it waits for does what is asked of them. */
  | { readonly what: 'done'; readonly afterMinutes: number }
  | { readonly what: 'silence'; readonly steps: number }
  | { readonly what: 'departure'; readonly of: PersonId }
  | { readonly what: 'closing' }
  /** A step of the clock planned earlier, which a reset brings back. */
  | { readonly what: 'echo'; readonly index: number };

const afterMinutes = integer({ min: 0, max: 3_000 });
const anyHappening: Arbitrary<Happening> = oneof(
  {
    weight: 5,
    arbitrary: record({ what: constant('said'), command: anySaid, afterMinutes }),
  },
  { weight: 3, arbitrary: record({ what: constant('done'), afterMinutes }) },
  {
    weight: 3,
    arbitrary: record({ what: constant('silence'), steps: integer({ min: 1, max: 6 }) }),
  },
  { weight: 1, arbitrary: record({ what: constant('departure'), of: anyone }) },
  { weight: 1, arbitrary: record({ what: constant('closing') }) },
  { weight: 1, arbitrary: record({ what: constant('echo'), index: nat(30) }) },
) as Arbitrary<Happening>;

/** Everybody is there, and the account is open. */
const untouched = { left: new Set<PersonId>(), isAccountClosed: false };

interface Story {
  state: HandoffState;
  at: number;
  world: PlanningWorld<HandoffFacts>;
  readonly left: Set<PersonId>;
  isAccountClosed: boolean;
  /** Who spoke last for the receiving side. */
  reader: PersonId | null;
  readonly events: HandoffEvent[];
  /** How often a read-back of each went back, by a letter or by a later packet. */
  readonly returned: Map<PersonId, number>;
  /** Every moment ever planned, by its id. */
  readonly moments: Moment<HandoffCommand>[];
  readonly fired: Set<string>;
}

const worldOf = (
  { left, isAccountClosed }: Pick<Story, 'left' | 'isAccountClosed'>,
  at: number,
): PlanningWorld<HandoffFacts> => ({
  ...planningWorld({
    at,
    people: Object.fromEntries(
      Object.entries(everybody).map(([id, one]) => [
        id,
        { ...one, isActive: !left.has(id as PersonId) },
      ]),
    ),
  }),
  facts: { isClosed: isAccountClosed, custodian: giver },
});

function apply(story: Story, command: HandoffCommand): boolean {
  const before = story.state;
  const decision = handoffRules.decide(before, command, story.at);
  if (!decision.ok) return false;
  if (command.type === 'readBack') story.reader = command.actor;
  if (command.type === 'confirm') {
    expect(command.actor, 'who read back does not confirm').not.toBe(story.reader);
  }
  story.events.push(...decision.events);
  story.state = decision.events.reduce((s, e) => handoffRules.evolve(s, e, story.at), before);
  checkStep(before, story.state, command);
  checkReturns(before, story);
  checkStanding(story);
  return true;
}

function checkStep(before: HandoffState, after: HandoffState, { type }: HandoffCommand): void {
  expect(handoffRules.isClosed(before), 'nothing happens to what is closed').toBe(false);
  const isClimbing = rungs.indexOf(after.rung) >= rungs.indexOf(before.rung);
  expect(isClimbing || type === 'reassign', 'it climbs, unless it begins anew').toBe(true);
  expect(after.changedAt).toBeGreaterThanOrEqual(before.changedAt);
}

/** Whomever it was given to between. */
function checkReturns({ readBack }: HandoffState, { events, returned }: Story): void {
  const last = events.at(-1)?.type;
  if (readBack === null || (last !== 'sentBack' && last !== 'revised')) return;
  const times = (returned.get(readBack.by) ?? 0) + 1;
  returned.set(readBack.by, times);
  expect(times, 'a read-back of one person goes back twice at most').toBeLessThanOrEqual(
    sendBacksMax,
  );
}

/** What holds of a handoff wherever it stands. */
function checkStanding(story: Story): void {
  const { state, world } = story;
  const isClosed = handoffRules.isClosed(state);
  const tasks = handoffPlan.tasks(state, world);
  const moments = planned(state, world);
  const parties = handoffPlan.parties(state);
  const isBetween = state.status === 'offered' && state.asked === null;
  const [first] = moments;
  const isAsked = tasks.length > 0 || (isBetween && first?.at === state.changedAt);
  assert(isClosed === !isAsked, 'somebody is asked until it is closed');
  assert(isClosed === (first === undefined), 'the clock has a next step until it is closed');
  expect(new Set(tasks.map(({ kind, person }) => `${kind}/${person}`)).size).toBe(tasks.length);
  for (const task of tasks) expect(parties).toContain(task.person);
  expect(new Set(moments.map(({ id }) => id)).size).toBe(moments.length);
  for (const { id, command } of moments) {
    expect(story.fired.has(id), `${id} fires once`).toBe(false);
    expect(handoffRules.decide(state, command, story.at).ok, `${id} can be fired`).toBe(true);
  }
  const later = worldOf(story, story.at + 86_400_000 * 30);
  expect(planned(state, later).map(untimed), 'planned later, it is the same plan').toEqual(
    moments.map(untimed),
  );
  expect(new Set(state.tried).size, 'nobody is asked twice').toBe(state.tried.length);
  expect(state.tried).not.toContain(state.giver);
  expect(state.questions).toBeLessThanOrEqual(questionsMax);
  expect(state.sentBacks + state.undone).toBeLessThanOrEqual(sendBacksMax);
  expect(state.revision).toBeLessThanOrEqual(revisionsMax);
  expect(JSON.parse(JSON.stringify(state)), 'plain JSON').toEqual(state);
  story.moments.push(...moments);
}

/** A call is proposed for a time that is ahead, whenever it is planned. */
const untimed = (moment: Moment<HandoffCommand>): unknown =>
  moment.command.type === 'proposeCall'
    ? { ...moment, command: { ...moment.command, startsAt: 0, endsAt: 0 } }
    : moment;

/** One step of the clock, as the kernel fires it. */
function fire(story: Story): void {
  const [due] = planned(story.state, story.world);
  if (!due) return;
  story.at = Math.max(due.at, story.at);
  story.world = worldOf(story, story.at);
  const to = 'to' in due.command ? due.command.to : undefined;
  const isLive = to === undefined || story.world.person(to).isActive;
  if (!isLive) return; // the record refuses it, and an operator is asked
  story.fired.add(due.id);
  apply(story, due.command);
}

function happen(story: Story, happening: Happening): void {
  switch (happening.what) {
    case 'said':
    case 'done': {
      story.at += happening.afterMinutes * 60_000;
      story.world = worldOf(story, story.at);
      apply(story, happening.what === 'said' ? happening.command : dutyOf(story.state));
      return;
    }
    case 'silence':
      for (let step = 0; step < happening.steps; step++) fire(story);
      return;
    case 'departure':
      story.left.add(happening.of);
      story.world = worldOf(story, story.at);
      return;
    case 'closing':
      story.isAccountClosed = true;
      story.world = worldOf(story, story.at);
      return;
    case 'echo': {
      const echoed = story.moments[happening.index % Math.max(1, story.moments.length)];
      // The state knows of no departure and no closing: what was planned fits it until they are told to it.
      const told = [untouched, { ...untouched, left: story.left }, story];
      const worlds = told.map((one) => worldOf(one, story.at));
      const fits = worlds.some((world) =>
        planned(story.state, world).some(({ id }) => id === echoed?.id),
      );
      // An account does not open again: whichever step drops its handoff is right.
      if (!echoed || fits || echoed.command.type === 'drop') return;
      assert(!apply(story, echoed.command), `${echoed.id} is stale`);
    }
  }
}

function dutyOf(state: HandoffState): HandoffCommand {
  switch (state.status) {
    case 'new':
      return offer();
    case 'offered':
      return says.readBack(state.asked?.person ?? receiver);
    case 'questioned':
      return says.answer(state.giver);
    case 'readBack':
    case 'transferred':
    case 'withdrawn':
    case 'bounced':
    case 'dropped':
      return says.confirm(state.giver);
  }
}

const beginning = (): Story => ({
  state: handoffRules.initial,
  at: monday,
  world: worldOf({ left: new Set(), isAccountClosed: false }, monday),
  left: new Set(),
  isAccountClosed: false,
  reader: null,
  events: [],
  returned: new Map(),
  moments: [],
  fired: new Set(),
});

test('whatever people and clocks do, a handoff has one end at most, an owner, and a next step until then', () => {
  reportProof('handoffs played by their rules', runs);
  const reached = new Set<string>();
  assertProperty(
    property(array(anyHappening, { maxLength: 25, size: 'max' }), (happenings) => {
      const story = beginning();
      for (const happening of happenings) happen(story, happening);
      const ends = story.events.filter(({ type }) =>
        ['transferred', 'bounced', 'withdrawn', 'dropped'].includes(type),
      );
      expect(ends.length).toBeLessThanOrEqual(1);
      const { state } = story;
      reached.add(state.status);
      const moved = state.status === 'transferred' || state.status === 'bounced';
      expect(state.custodian !== null).toBe(moved);
      const parties: readonly (PersonId | null)[] = handoffPlan.parties(state);
      expect(parties.includes(state.custodian)).toBe(moved);
      const isTransfer = state.status === 'transferred';
      assert(state.status !== 'dropped' || story.isAccountClosed, 'only with its account');
      assert(!isTransfer || state.custodian === state.readBack?.by, 'it goes to who read it back');
    }),
    { numRuns: runs, seed: proofSeed },
  );
  expect([...reached].sort(), 'every status was reached').toEqual([...handoffStatuses].sort());
});

test('silence alone ends every handoff, after at most one question, three rungs and two confirmations', () => {
  assertProperty(
    property(array(anyHappening, { maxLength: 12, size: 'max' }), (happenings) => {
      const story = beginning();
      for (const happening of happenings) happen(story, happening);
      if (story.state.status === 'new' || story.left.size > 0) return;
      for (let steps = 0; steps < 16; steps++) fire(story);
      expect(handoffRules.isClosed(story.state)).toBe(true);
    }),
    { numRuns: runs, seed: proofSeed },
  );
});
