import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Asked,
  planRoute,
  type RouteRequest,
  type RouteWorld,
} from '../../../domain/budget/route.ts';
import { ids, layer, region, someone, world } from '../../support/budget-routes.ts';
import { person } from '../../support/people.ts';
import { proofSeed, proofSize, reportProof } from '../../support/proof.ts';

const numRuns = proofSize(2_000, 200_000);
const timeout = proofSize(60_000, 1_800_000);
const request: fc.Arbitrary<RouteRequest> = fc.record({
  requester: someone,
  minor: fc.bigInt(1n, 30n),
  kind: fc.constantFrom('course', 'coaching'),
  region: fc.constant(region),
  involvesProfessionals: fc.boolean(),
});

/** By walking up as often as there are people. */
function reportsTo(one: string, boss: string, { people }: RouteWorld): boolean {
  let at: string | null = one;
  for (let steps = 0; steps < ids.length && at !== null; steps++) {
    at = people.get(person(at))?.manager ?? null;
    if (at === boss) return true;
  }
  return false;
}

function namedBy(one: Asked, { requester }: RouteRequest, { people }: RouteWorld) {
  if ('person' in one) return [one.person];
  if ('role' in one) {
    return ids.filter((id) => people.get(id)?.roles.some(({ role }) => role === one.role));
  }
  return [people.get(requester)?.manager ?? null].filter((manager) => manager !== null);
}

const routes = fc.tuple(fc.array(layer, { minLength: 1, maxLength: 3 }), request, world);
const holds = (check: (...args: Parameters<typeof planRoute>) => void) =>
  fc.assert(
    fc.property(routes, (args) => check(...args)),
    { numRuns, seed: proofSeed },
  );

test(
  'nobody decides about their own request, nor anybody who reports to the requester',
  { timeout },
  () => {
    let seen = 0;
    holds((layers, asking, directory) => {
      const route = planRoute(layers, asking, directory);
      const everybody = (route.ok ? route.steps : [route.nobody]).flatMap((one) => one.asked);
      const forbidden = everybody.filter(
        (one) =>
          one.person === asking.requester ||
          reportsTo(one.person, asking.requester, directory) ||
          !directory.people.get(one.person)?.isActive,
      );
      expect(forbidden).toEqual([]);
      seen += everybody.length;
    });
    expect(seen).toBeGreaterThan(numRuns / 5);
    reportProof('routes of requests', numRuns);
  },
);

test(
  'no step is passed empty: somebody decides in it, or must have decided before it',
  { timeout },
  () => {
    let refused = 0;
    holds((layers, asking, directory) => {
      const route = planRoute(layers, asking, directory);
      if (!route.ok) {
        refused++;
        return;
      }
      const certain = new Set<string>();
      for (const { asked: people, needs, counted } of route.steps) {
        expect(needs + counted.length).toBeGreaterThan(0);
        expect(people.length).toBeGreaterThanOrEqual(needs);
        expect(counted.filter((one) => !certain.has(one))).toEqual([]);
        if (people.length === needs) for (const one of people) certain.add(one.person);
      }
    });
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThan(numRuns / 2);
  },
);

test(
  'the same person is asked once, and whoever is named and not asked is told of with the reason',
  { timeout },
  () => {
    const always = { from: 0n, kinds: null, regions: null, involvesProfessionals: null };
    holds((conditional, asking, directory) => {
      const layers = conditional.map((one) => ({ ...one, ...always }));
      const route = planRoute(layers, asking, directory);
      const steps = route.ok ? route.steps : [];
      const everybody = steps.flatMap((one) => one.asked.map((planned) => planned.person));
      expect(new Set(everybody).size).toBe(everybody.length);
      const wanted = layers.flatMap((one) => one.steps);
      for (const [index, { asked: people, leftOut }] of steps.entries()) {
        const told = new Set([...leftOut, ...people].map((one) => one.person));
        const named = (wanted[index]?.asked ?? []).flatMap((one) =>
          namedBy(one, asking, directory),
        );
        expect(named.filter((one) => !told.has(one))).toEqual([]);
      }
    });
  },
);
