import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PersonId } from '../../../domain/id.ts';
import { inOrder, type Shared } from '../../../domain/people/curiosity.ts';
import { proofSeed, proofSize } from '../../support/proof.ts';

/** As it is shown: quota beside what was shared. */
type Recognised = Shared & { readonly quota: number | null };

const runs = { numRuns: proofSize(300, 30_000), seed: proofSeed };
const entry: fc.Arbitrary<Recognised> = fc.record({
  person: fc.uuid().map((id) => id as PersonId),
  name: fc.constantFrom('A', 'B', 'C'),
  wins: fc.nat(4),
  failures: fc.nat(4),
  quota: fc.option(fc.nat(300)),
});
const entries = fc.uniqueArray(entry, { selector: ({ person }) => person, maxLength: 12 });
const order = (list: readonly Recognised[]) => inOrder(list).map(({ person }) => person);

test('whatever anybody attained of their quota, the order is the same', () => {
  fc.assert(
    fc.property(entries, fc.array(fc.option(fc.nat(300))), (list, quotas) => {
      const other = list.map((one, index) => ({ ...one, quota: quotas[index] ?? null }));
      expect(order(other)).toEqual(order(list));
      expect(order(list.toReversed())).toEqual(order(list));
    }),
    runs,
  );
});

test('whoever shared more comes first, and a failure counts as much as a win', () => {
  fc.assert(
    fc.property(entries, (list) => {
      const shared = inOrder(list).map(({ wins, failures }) => wins + failures);
      expect(shared).toEqual(shared.toSorted((a, b) => b - a));
      const swapped = list.map((one) => ({ ...one, wins: one.failures, failures: one.wins }));
      expect(order(swapped)).toEqual(order(list));
    }),
    runs,
  );
});
