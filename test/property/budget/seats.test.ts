import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { present } from '../../../domain/assert.ts';
import { budgetRules, seatOf } from '../../../domain/budget/decide.ts';
import { budgetNotices } from '../../../domain/budget/notices.ts';
import { budgetPlan } from '../../../domain/budget/plan.ts';
import {
  mayDecide,
  planRoute,
  type Asking,
  type RouteStep,
  type RouteWorld,
  superiorsFor,
} from '../../../domain/budget/route.ts';
import { askersOf, liveSteps, peopleOf, reseat } from '../../../domain/budget/seats.ts';
import {
  type BudgetEvent,
  type BudgetFacts,
  type BudgetState,
  currentStep,
  initialBudget,
  openSeats,
  type SeatedStep,
  type Submission,
} from '../../../domain/budget/state.ts';
import type { ContentId, PersonId } from '../../../domain/id.ts';
import type { PersonFacts, PlanningWorld, WorkingTime } from '../../../domain/loop.ts';
import { ids, region, someone, step, world } from '../../support/budget-routes.ts';
import { proofSeed, proofSize, reportProof } from '../../support/proof.ts';

const numRuns = proofSize(2_000, 100_000);
const timeout = proofSize(60_000, 1_800_000);
const minor = '100';

const layerOf = (steps: readonly RouteStep[]) => ({
  from: 0n,
  kinds: null,
  regions: null,
  involvesProfessionals: null,
  steps,
});

function routeOf(rules: readonly RouteStep[], asking: Asking, directory: RouteWorld) {
  const asked = { ...asking, minor: 1n, kind: 'course', region, involvesProfessionals: false };
  const undelegated = { ...directory, delegates: new Map<PersonId, PersonId>() };
  return liveSteps(planRoute([layerOf(rules)], asked, undelegated));
}

const askingOf = (state: BudgetState): Asking => ({
  requester: state.requester,
  askedBy: askersOf(state),
});

function factsOf(state: BudgetState, directory: RouteWorld): BudgetFacts {
  const asking = askingOf(state);
  return {
    live: routeOf(state.rules, asking, directory),
    superiors: Object.fromEntries(ids.map((id) => [id, superiorsFor(id, asking, directory)])),
    barred: [],
  };
}

function submitted(
  rules: readonly RouteStep[],
  requester: PersonId,
  directory: RouteWorld,
): BudgetState | null {
  const live = routeOf(rules, { requester }, directory);
  if (live === null) return null;
  const submission: Submission = {
    ...initialBudget,
    requester,
    region,
    currency: 'EUR',
    instalments: [{ line: 'line', due: '2027-01-04', minor }],
    rules,
    steps: live.map(peopleOf),
  };
  const command = {
    ...submission,
    type: 'submit',
    actor: requester,
    request: '' as ContentId,
  } as const;
  return stepped(initialBudget, command);
}

let at = 0;
function stepped(
  state: BudgetState,
  command: Parameters<typeof budgetRules.decide>[1],
): BudgetState {
  at++;
  const decision = budgetRules.decide(state, command, at);
  if (!decision.ok) throw new Error(decision.problem.code);
  return decision.events.reduce((now, event) => {
    const next = budgetRules.evolve(now, event, at);
    if (next.status === 'approved' && now.status !== 'approved') tellApproved(event, next);
    return next;
  }, state);
}

/** Counted, and each told to the requester. */
const approved = { count: 0, told: 0, byReroute: 0 };
function tellApproved(event: BudgetEvent, state: BudgetState): void {
  const nobody = { people: new Map(), delegates: new Map() };
  const notices = budgetNotices(event, state, worldOf(state, nobody));
  const isTold = ({ to, key }: (typeof notices)[number]): boolean =>
    to === state.requester && key === 'budgetRequest.approved';
  approved.count++;
  if (notices.some(isTold)) approved.told++;
  if (event.type === 'rerouted') approved.byReroute++;
}

/** As the clock does, at once after each change; how often it had to. */
function settled(state: BudgetState, directory: RouteWorld): BudgetState {
  let now = state;
  for (let times = 0; times < 3; times++) {
    const steps = reseat(now, factsOf(now, directory));
    if (!steps) return now;
    now = stepped(now, { type: 'reroute', steps });
  }
  throw new Error('the seats do not settle');
}

const isShort = ({ needs, seats }: SeatedStep): boolean =>
  seats.filter(({ decidedBy }) => decidedBy !== null).length < needs;

/** Everybody always works. */
const working: WorkingTime = {
  isWorking: () => true,
  nextWorking: (from) => from,
  add: (from, minutes) => from + minutes,
  between: (from, to) => to - from,
};

const worldOf = (state: BudgetState, { people, delegates }: RouteWorld) =>
  ({
    at,
    facts: factsOf(state, { people, delegates }),
    has: (id) => people.has(id),
    person: (id) => ({ id, isActive: people.get(id)?.isActive ?? false }) as PersonFacts,
    working: () => working,
    decider: (id) => delegates.get(id) ?? id,
    meeting: () => null,
  }) satisfies PlanningWorld<BudgetFacts>;

/** Whose allowance is over, and who is asked beside them, as the clock would say. */
const silence = (state: BudgetState, directory: RouteWorld) =>
  budgetPlan
    .moments(state, worldOf(state, directory))
    .map(({ command }) => command)
    .filter(({ type }) => type === 'overdue');

/** Each who may speak now, and for whom: everybody asked, everybody added, and their delegates. */
function voices(state: BudgetState, directory: RouteWorld) {
  const may = (one: PersonId) => mayDecide(one, askingOf(state), directory);
  return openSeats(state)
    .flatMap(({ person, added }) => (added === null ? [person] : [person, added]))
    .flatMap((party) => {
      const delegate = directory.delegates.get(party);
      return [party, ...(delegate === undefined ? [] : [delegate])].map((actor) => ({
        actor,
        party,
      }));
    })
    .filter(({ actor, party }) => may(actor) && may(party));
}

/** A higher amount, asked for by anybody, decided by the same rules with the people of now. */
function raise(state: BudgetState, actor: PersonId, directory: RouteWorld): BudgetState | null {
  const { requester, rules, policy, routed, isSplit } = state;
  const live = routeOf(rules, { requester, askedBy: [actor] }, directory);
  if (live === null) return null;
  const route = { rules, policy, routed, isSplit, steps: live.map(peopleOf) };
  const asked = { instalment: 0, minor: `${minor}0`, content: '' as ContentId, route };
  return stepped(state, { type: 'raise', actor, ...asked });
}

const neededBy = ({ needs }: RouteStep): number => (typeof needs === 'number' ? needs : 1);

const often = fc.nat(2).map((one) => one === 0);
const course = fc.record({
  rules: fc.array(step, { minLength: 1, maxLength: 3 }),
  requester: someone,
  first: world,
  turns: fc.array(
    fc.record({ world: fc.option(world), pick: fc.nat(20), isSilent: often, by: someone }),
    {
      maxLength: 16,
      size: 'max',
    },
  ),
});

test(
  'whoever comes, goes, is silent or lets another speak: the seats settle, and as many people decide as the rule needs',
  { timeout },
  () => {
    const seen = { approvals: 0, added: 0, spoken: 0, refused: 0, raised: 0 };
    fc.assert(
      fc.property(course, ({ rules, requester, first, turns }) => {
        let directory = first;
        const begun = submitted(rules, requester, directory);
        if (begun === null) return;
        let state = settled(begun, directory);
        let last = state;
        let spoken: { readonly step: number; readonly actor: PersonId }[] = [];
        let own: PersonId[] = [];
        const refused: string[] = [];
        for (const turn of turns) {
          directory = turn.world ?? directory;
          state = settled(state, directory);
          if (state.status === 'approved' && state.raises === 0) {
            const raised = raise(state, turn.by, directory);
            if (raised === null) continue;
            state = settled(raised, directory);
            [spoken, own] = [[], []];
            seen.raised++;
          }
          if (currentStep(state) === null) continue;
          const overdue = silence(state, directory);
          if (turn.isSilent && overdue.length > 0) {
            state = stepped(state, present(overdue[turn.pick % overdue.length], 'a silent one'));
            seen.added++;
            continue;
          }
          const open = voices(state, directory);
          if (open.length === 0) continue;
          const { actor, party } = present(open[turn.pick % open.length], 'a voice');
          const by = actor === party ? { actor } : { actor, onBehalfOf: party };
          const command = { type: 'approve', ...by } as const;
          const step = state.current;
          const decision = budgetRules.decide(state, command, at);
          if (!decision.ok) {
            refused.push(decision.problem.code);
            continue;
          }
          expect(seatOf(state, party)).not.toBeNull();
          spoken.push({ step, actor });
          if (actor === party) own.push(party);
          else seen.spoken++;
          last = state;
          state = stepped(state, command);
          expect(decision.events).toMatchObject([{ isFinal: state.status === 'approved' }]);
        }
        expect(refused.filter((code) => code !== 'budget.one_voice')).toEqual([]);
        seen.refused += refused.length;
        const people = new Set(spoken.map(({ actor }) => actor));
        const { askedBy = [] } = askingOf(last);
        expect([requester, ...askedBy].filter((one) => people.has(one))).toEqual([]);
        expect(new Set(own).size).toBe(own.length);
        const voiced = spoken.map(({ step, actor }) => `${step} ${actor}`);
        expect(new Set(voiced).size).toBe(voiced.length);
        if (state.status !== 'approved') return;
        seen.approvals++;
        expect(people.size).toBeGreaterThanOrEqual(Math.max(...rules.map(neededBy)));
        expect(state.steps.filter(isShort)).toEqual([]);
      }),
      { numRuns, seed: proofSeed },
    );
    expect(approved.told).toBe(approved.count);
    expect(approved.byReroute).toBeGreaterThan(0);
    expect(seen.approvals).toBeGreaterThan(numRuns / 10);
    for (const turns of [seen.added, seen.spoken, seen.refused, seen.raised])
      expect(turns).toBeGreaterThan(50);
    reportProof('courses of requests whose people change', numRuns);
  },
);
