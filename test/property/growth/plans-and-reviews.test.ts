/** Plans and reviews under whatever people and clocks do: what must hold after every step. */
import { array, assert, constantFrom, integer, property, record } from 'fast-check';
import { test } from 'vitest';
import { planRules } from '../../../domain/development-plan/decide.ts';
import { planPlan } from '../../../domain/development-plan/plan.ts';
import { isMissing } from '../../../domain/development-plan/roles.ts';
import {
  needs,
  type PlanCommand,
  type PlanFacts,
  type PlanState,
} from '../../../domain/development-plan/state.ts';
import type { ContentId, LoopId, PersonId, RegionId } from '../../../domain/id.ts';
import type { LoopPlan, LoopRules, PersonFacts, PlanningWorld } from '../../../domain/loop.ts';
import { reviewRules } from '../../../domain/quarterly-review/decide.ts';
import { reviewPlan } from '../../../domain/quarterly-review/plan.ts';
import type {
  ReviewCommand,
  ReviewFacts,
  ReviewState,
} from '../../../domain/quarterly-review/state.ts';
import { proofSeed, proofSize, reportProof } from '../../support/proof.ts';

const run = { numRuns: proofSize(1_000, 100_000), seed: proofSeed };
const day = 86_400_000;
const [ana, ben, cleo] = ['ana', 'ben', 'cleo'].map((id) => id as PersonId) as [
  PersonId,
  PersonId,
  PersonId,
];
const content = 'text' as ContentId;
const loops = ['one', 'two'].map((id) => id as LoopId);

/** Ana is led by Ben; whoever is in `left` has gone. */
const worldOf = <Facts>(at: number, left: readonly PersonId[], facts: Facts) =>
  ({
    at,
    facts,
    has: () => true,
    person: (id: PersonId): PersonFacts => ({
      id,
      isActive: !left.includes(id),
      region: 'here' as RegionId,
      manager: id === ana ? ben : id === ben ? cleo : null,
      backup: null,
      roles: [],
    }),
  }) as unknown as PlanningWorld<Facts>;

interface Told<State, C extends { readonly type: string }> {
  readonly states: readonly State[];
  /** Of the clock, refused in the very state that it was planned in. */
  readonly stale: readonly C[];
  readonly ids: readonly (readonly string[])[];
}

interface Story<State, C extends { readonly type: string }, Event, Facts> {
  readonly rules: LoopRules<State, C, Event>;
  readonly plan: LoopPlan<State, C, Event, Facts>;
  readonly open: C;
  factsOf(state: State, at: number): Facts;
}

/** A null is the next moment of the clock; any other a command of somebody. */
function tell<State, C extends { readonly type: string }, Event, Facts>(
  { rules, plan, open, factsOf }: Story<State, C, Event, Facts>,
  steps: readonly { readonly command: C | null; readonly days: number }[],
  left: readonly PersonId[],
): Told<State, C> {
  let at = day;
  let state = rules.initial;
  const states: State[] = [];
  const stale: C[] = [];
  const ids: string[][] = [];
  const take = (command: C): boolean => {
    const decision = rules.decide(state, command, at);
    if (!decision.ok) return false;
    state = decision.events.reduce((was, event) => rules.evolve(was, event, at), state);
    states.push(state);
    return true;
  };
  take(open);
  for (const { command, days } of steps) {
    if (rules.isClosed(state)) break;
    if (command !== null) {
      at += days * day;
      take(command);
      continue;
    }
    const planned = [...plan.moments(state, worldOf(at, left, factsOf(state, at)))].sort(
      (a, b) => a.at - b.at || a.rank - b.rank,
    );
    ids.push(planned.map(({ id }) => id));
    const [next] = planned;
    if (!next) continue;
    at = Math.max(at, next.at);
    if (!take(next.command)) stale.push(next.command);
  }
  return { states, stale, ids };
}

const steps = <C>(commands: readonly C[]) =>
  array(
    record({
      command: constantFrom<C | null>(...commands, null, null, null),
      days: integer({ min: 0, max: 9 }),
    }),
    // Of the usual size hardly a story would come to its end.
    { maxLength: 60, size: 'max' },
  );

const terms = {
  goals: [{ competency: 'clinical-fluency', from: null, to: 'advanced', gap: null }],
  lastDay: '2027-01-01',
  endsAt: 100 * day,
  reviewDays: 20,
  coach: cleo,
} as const;
const by = (actor: PersonId) => ({ actor });
const planCommands: readonly PlanCommand[] = [
  { type: 'agree', ...by(ana) },
  { type: 'agree', ...by(ben) },
  { type: 'change', ...by(ben), terms: { ...terms, endsAt: 120 * day, coach: null } },
  { type: 'refuse', ...by(ana), content: null },
  ...loops.map((loop) => ({ type: 'link', ...by(ana), need: 'formal', loop }) as const),
  { type: 'link', ...by(ana), need: 'onTheJob', loop: 'work' as LoopId },
  { type: 'hear', loop: 'work' as LoopId, standing: 'failed' },
  { type: 'hear', loop: 'one' as LoopId, standing: 'done' },
  { type: 'review', ...by(ana), content },
  { type: 'coach', ...by(cleo), content },
  { type: 'stepDown', ...by(cleo) },
  { type: 'close', ...by(ana), ratings: [], evidence: 'result', content },
  { type: 'close', ...by(ben), ratings: [], evidence: 'result', content },
];
const planStory: Story<PlanState, PlanCommand, never, PlanFacts> = {
  rules: planRules as never,
  plan: planPlan,
  open: { type: 'start', ...by(ben), subject: ana, manager: ben, version: 1, terms },
  factsOf: ({ looking, review, coachAsked, reviewedAt, movedAt, pending, ...state }) => ({
    agreeBy: pending && pending.since + 7 * day,
    findBy: {
      formal: looking.formal && looking.formal.since + 14 * day,
      onTheJob: looking.onTheJob && looking.onTheJob.since + 14 * day,
    },
    reviewAt: state.status === 'running' ? reviewedAt + 28 * day : null,
    reviewDueAt: review && review.since + 7 * day,
    coachDueAt: coachAsked && coachAsked.since + 7 * day,
    closeDueAt:
      state.status === 'closing' ? state.endedAt + 7 * day * (state.closeReminders + 1) : null,
    stallAt: state.status === 'running' ? movedAt + 21 * day : null,
  }),
};

const slotAt = (at: number) => ({ from: at, until: at + day / 24 });
const reviewCommands: readonly ReviewCommand[] = [
  ...[ana, ben, cleo].map((actor) => ({ type: 'confirm', actor }) as const),
  { type: 'move', ...by(ana), slot: slotAt(200 * day) },
  { type: 'addAction', ...by(ben), owner: ana, day: '2027-01-01', dueAt: 150 * day, content },
  { type: 'finishAction', ...by(ana), number: 1, content: null },
  { type: 'finishAction', ...by(ana), number: 2, content: null },
  { type: 'conclude', ...by(ben) },
];
const reviewStory: Story<ReviewState, ReviewCommand, never, ReviewFacts> = {
  rules: reviewRules as never,
  plan: reviewPlan,
  open: {
    type: 'open',
    kind: 'region',
    region: 'here' as RegionId,
    team: null,
    quarter: '2026-Q4',
    chair: ben,
    participants: [ben, ana, cleo],
    slot: slotAt(10 * day),
  },
  factsOf: ({ slot, metAt }) => ({
    nextSlot: slotAt(slot.until + 7 * day),
    concludeBy: metAt === 0 ? null : metAt + 3 * day,
    regionManager: cleo,
  }),
};

const gone = constantFrom<readonly PersonId[]>([], [], [cleo], [ana], [ben]);

test('whatever is done, the clock of a plan or a review plans only steps that its rules take, each once', () => {
  reportProof('the clocks of plans and reviews', run.numRuns);
  assert(
    property(steps(planCommands), gone, (given, left) => {
      const { stale, ids } = tell(planStory, given, left);
      return stale.length === 0 && ids.every((all) => new Set(all).size === all.length);
    }),
    run,
  );
  assert(
    property(steps(reviewCommands), gone, (given, left) => {
      const { stale, ids } = tell(reviewStory, given, left);
      return stale.length === 0 && ids.every((all) => new Set(all).size === all.length);
    }),
    run,
  );
});

test('a plan that runs looks for exactly what is missing, and none closes without both', () => {
  assert(
    property(steps(planCommands), gone, (given, left) =>
      tell(planStory, given, left).states.every((state) => {
        const isEvenly = needs.every(
          (need) => (state.looking[need] !== null) === isMissing(state, need),
        );
        const hasBoth = !needs.some((need) => isMissing(state, need));
        return (state.status !== 'running' || isEvenly) && (state.status !== 'closed' || hasBoth);
      }),
    ),
    run,
  );
});

test('a review closes only when it has met and nothing that was agreed is left, and what is done stays done', () => {
  assert(
    property(steps(reviewCommands), gone, (given, left) => {
      const { states } = tell(reviewStory, given, left);
      const done = states.map(({ actions }) => actions.filter(({ isDone }) => isDone).length);
      const isEnded = states.every(
        ({ status, metAt, actions, isConcluded }) =>
          status !== 'closed' ||
          (metAt > 0 && isConcluded && actions.every(({ isDone }) => isDone)),
      );
      return isEnded && done.every((count, index) => count >= (done[index - 1] ?? 0));
    }),
    run,
  );
});
