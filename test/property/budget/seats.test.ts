import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { present } from '../../../domain/assert.ts';
import { budgetRules, seatOf } from '../../../domain/budget/decide.ts';
import {
  mayDecide,
  planRoute,
  type RouteStep,
  type RouteWorld,
  superiorFor,
} from '../../../domain/budget/route.ts';
import { liveSteps, peopleOf, reseat } from '../../../domain/budget/seats.ts';
import {
  type BudgetFacts,
  type BudgetState,
  currentStep,
  initialBudget,
  openSeats,
  type SeatedStep,
  type Submission,
} from '../../../domain/budget/state.ts';
import type { ContentId, PersonId } from '../../../domain/id.ts';
import { ids, region, someone, step, world } from '../../support/budget-routes.ts';
import { proofSeed, proofSize, reportProof } from '../../support/proof.ts';

const numRuns = proofSize(2_000, 100_000);
const minor = '100';

const layerOf = (steps: readonly RouteStep[]) => ({
  from: 0n,
  kinds: null,
  regions: null,
  involvesProfessionals: null,
  steps,
});

function routeOf(rules: readonly RouteStep[], requester: PersonId, directory: RouteWorld) {
  const asked = { requester, minor: 1n, kind: 'course', region, involvesProfessionals: false };
  const undelegated = { ...directory, delegates: new Map<PersonId, PersonId>() };
  return liveSteps(planRoute([layerOf(rules)], asked, undelegated));
}

function factsOf({ rules, requester }: BudgetState, directory: RouteWorld): BudgetFacts {
  return {
    live: routeOf(rules, requester, directory),
    superiors: Object.fromEntries(ids.map((id) => [id, superiorFor(id, { requester }, directory)])),
    barred: [],
  };
}

function submitted(
  rules: readonly RouteStep[],
  requester: PersonId,
  directory: RouteWorld,
): BudgetState | null {
  const live = routeOf(rules, requester, directory);
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
  return decision.events.reduce((now, event) => budgetRules.evolve(now, event, at), state);
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

const course = fc.record({
  rules: fc.array(step, { minLength: 1, maxLength: 3 }),
  requester: someone,
  first: world,
  turns: fc.array(fc.record({ world: fc.option(world), pick: fc.nat(20) }), {
    maxLength: 12,
    size: 'max',
  }),
});

test('whoever comes and goes, the seats settle, and only whoever may decides, once, until all needed have', () => {
  let approvals = 0;
  fc.assert(
    fc.property(course, ({ rules, requester, first, turns }) => {
      let directory = first;
      const begun = submitted(rules, requester, directory);
      if (begun === null) return;
      let state = settled(begun, directory);
      const deciders: PersonId[] = [];
      for (const turn of turns) {
        directory = turn.world ?? directory;
        state = settled(state, directory);
        const open = openSeats(state).filter(({ person }) =>
          mayDecide(person, { requester }, directory),
        );
        if (currentStep(state) === null || open.length === 0) continue;
        const { person } = present(open[turn.pick % open.length], 'an open seat');
        expect(seatOf(state, person)?.person).toBe(person);
        deciders.push(person);
        state = stepped(state, { type: 'approve', actor: person });
      }
      expect(deciders).not.toContain(requester);
      expect(new Set(deciders).size).toBe(deciders.length);
      const isApproved = state.status === 'approved';
      if (isApproved) approvals++;
      expect(isApproved && deciders.length === 0).toBe(false);
      expect(isApproved ? state.steps.filter(isShort) : []).toEqual([]);
    }),
    { numRuns, seed: proofSeed },
  );
  expect(approvals).toBeGreaterThan(numRuns / 10);
  reportProof('courses of requests whose people change', numRuns);
});
