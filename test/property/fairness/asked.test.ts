import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { askedOutside } from '../../../domain/fairness/asked.ts';
import { runtimeZones } from '../../../domain/time/zone.ts';
import { proofSeed, proofSize, reportProof } from '../../support/proof.ts';
import { from, type Person, person, stepMs } from '../time/together.ts';

const numRuns = proofSize(150, 5_000);
const restMinutes = 660;

/** Minute by minute: how much of it is not worked, and what each rest that it touches lacks after. */
function byWalking({ truth, walk }: Person, begins: number, ends: number) {
  const isFree = (step: number) => step >= 0 && step < walk.steps && !truth.isWorking(step);
  let [outside, rest] = [0, 0];
  for (let step = begins; step < ends; step++) {
    if (!isFree(step)) continue;
    const isFirstOfGap = step === begins || !isFree(step - 1);
    outside++;
    if (!isFirstOfGap) continue;
    let [opens, closes] = [step, step];
    while (isFree(opens - 1)) opens--;
    while (isFree(closes)) closes++;
    const before = step === begins ? begins - opens : 0;
    const after = closes > ends ? closes - ends : 0;
    if (closes - opens >= restMinutes) rest += Math.max(0, restMinutes - Math.max(before, after));
  }
  return { outside, rest };
}

test('what is asked outside hours is what a walk over its minutes counts', () => {
  reportProof('people asked outside their hours', numRuns);
  fc.assert(
    fc.property(
      fc.nat(),
      fc.integer({ min: 4 * 1440, max: 18 * 1440 }),
      fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 1440 })),
      (index, begins, minutes) => {
        const one = person(index);
        const range = { from: from + begins * stepMs, until: from + (begins + minutes) * stepMs };
        const asked = askedOutside(
          { clock: one.clock, zone: one.calendar.zone },
          range,
          runtimeZones,
        );
        const { outside, rest } = byWalking(one, begins, begins + minutes);
        expect(asked).toMatchObject({ outsideMinutes: outside, restMinutes: rest });
        const { points } = asked as { points: number };
        expect(points >= outside + 2 * rest && points > 0 === outside > 0).toBe(true);
      },
    ),
    { numRuns, seed: proofSeed },
  );
});
