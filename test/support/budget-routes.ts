/** Directories and rules that routes are planned with, at random. */
import * as fc from 'fast-check';
import type { Asked, RoutePerson, RouteWorld } from '../../domain/budget/route.ts';
import type { RegionId } from '../../domain/id.ts';
import { person } from './people.ts';

export const region = 'region' as RegionId;
export const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(person);
export const someone = fc.constantFrom(...ids);
const roles = ['regional-manager', 'learning-lead', 'compliance'] as const;

export const world: fc.Arbitrary<RouteWorld> = fc
  .record({
    managers: fc.array(fc.option(someone), { minLength: 7, maxLength: 7 }),
    active: fc.array(fc.nat(5), { minLength: 7, maxLength: 7 }),
    held: fc.array(fc.subarray([...roles]), { minLength: 7, maxLength: 7 }),
    delegations: fc.array(fc.tuple(someone, someone), { maxLength: 5 }),
  })
  .map(({ managers, active, held, delegations }) => {
    const people = ids.map((id, index): readonly [typeof id, RoutePerson] => {
      const manager = managers[index] ?? null;
      const own = (held[index] ?? []).map((role) => ({ role, region: null }));
      const isActive = active[index] !== 0;
      return [id, { id, isActive, manager: manager === id ? null : manager, roles: own }];
    });
    const others = delegations.filter(([principal, delegate]) => principal !== delegate);
    return { people: new Map(people), delegates: new Map(others) };
  });

const asked: fc.Arbitrary<Asked> = fc.oneof(
  fc.constantFrom(...roles).map((role) => ({ role })),
  someone.map((one) => ({ person: one })),
  fc.constant({ managerOf: 'requester' } as const),
);
export const step = fc.record({
  name: fc.constantFrom('first', 'second', 'third'),
  asked: fc.array(asked, { minLength: 1, maxLength: 3 }),
  needs: fc.oneof(fc.constantFrom('any', 'all'), fc.integer({ min: 1, max: 3 })),
});
export const layer = fc.record({
  from: fc.bigInt(0n, 20n),
  kinds: fc.option(fc.constantFrom(['course'], ['coaching'])),
  regions: fc.option(fc.constantFrom([region], [])),
  involvesProfessionals: fc.option(fc.boolean()),
  steps: fc.array(step, { minLength: 1, maxLength: 3 }),
});
