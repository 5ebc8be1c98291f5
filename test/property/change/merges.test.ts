import { array, assert, integer, property, record } from 'fast-check';
import { expect, test } from 'vitest';
import type { ChangeFacts, RegionMerge, ScheduledChange } from '../../../domain/change/change.ts';
import { refuseChange } from '../../../domain/change/refuse.ts';
import type { PersonId, RegionId } from '../../../domain/id.ts';
import { proofSeed, proofSize, reportProof } from '../../support/proof.ts';

const ids = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => id as RegionId);
const runs = proofSize(2_000, 50_000);

function factsOf(at: number, scheduled: readonly ScheduledChange[], gone = new Set<string>()) {
  const regions = ids.map((id) => {
    return { id, manager: 'somebody' as PersonId, isMerged: gone.has(id), hours: '' };
  });
  const none = { teams: [], members: [], accounts: [], offices: [], admins: [], compliance: [] };
  const others = { webhooks: [], delegations: [], items: [], policies: [], lostIn: [], days: [] };
  const facts = { ...none, ...others, loops: [], steps: [] };
  return { at, fromDay: '2027-01-01', regions, scheduled, ...facts } satisfies ChangeFacts;
}

const anyMerges = array(
  record({
    from: integer({ min: 0, max: 5 }),
    into: integer({ min: 0, max: 5 }),
    at: integer({ min: 1, max: 9 }),
  }),
  { maxLength: 12 },
);

test('merges that are accepted one by one can all be made, each on its day', () => {
  reportProof('merges planned one by one, sequences', runs);
  const law = property(anyMerges, (asked) => {
    let planned: readonly ScheduledChange[] = [];
    for (const [index, { from, into, at }] of asked.entries()) {
      const change: RegionMerge = {
        kind: 'region_merged',
        region: ids[from]!,
        into: ids[into]!,
        offices: 'end',
      };
      if (refuseChange(factsOf(at, planned), change).length > 0) continue;
      planned = [...planned, { id: String(index), change, at, fromDay: '2027-01-01' }];
    }
    const gone = new Set<string>();
    for (const { id, change, at } of planned.toSorted((a, b) => a.at - b.at)) {
      const left = planned.filter(
        (other) => other.id !== id && !gone.has((other.change as RegionMerge).region),
      );
      expect(refuseChange(factsOf(at, left, gone), change)).toEqual([]);
      gone.add((change as RegionMerge).region);
    }
    expect(gone.size).toBe(planned.length);
    expect(gone.size).toBeLessThan(ids.length);
  });
  assert(law, { numRuns: runs, seed: proofSeed });
});
