import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bestSlot } from '../../../domain/time/best-slot.ts';
import { runtimeZones } from '../../../domain/time/zone.ts';
import { proofSeed, proofSize, reportProof } from '../../support/proof.ts';
import { type Person, days, from, groups, person, stepMs } from './together.ts';

const numRuns = proofSize(100, 3_000);
const options = { timeout: proofSize(60_000, 1_800_000) };

interface Meeting {
  /** Steps of the walk, which are minutes. */
  readonly begins: number;
  readonly ends: number;
}

/** For each step of the walk: whether it is worked, at night, and how long nobody works before it. */
interface Walked {
  readonly working: Uint8Array;
  readonly night: Uint8Array;
  readonly idleBefore: Uint16Array;
  readonly idleAfter: Uint16Array;
}

function walked({ truth, walk }: Person): Walked {
  const { steps } = walk;
  const working = Uint8Array.from({ length: steps }, (_, step) => Number(truth.isWorking(step)));
  const night = Uint8Array.from(walk.minutes, (minute) => Number(minute >= 1320 || minute < 360));
  const idleBefore = new Uint16Array(steps + 1).fill(1440);
  const idleAfter = new Uint16Array(steps + 1).fill(1440);
  for (let step = 0; step < steps; step++) {
    const before = Math.min(1440, (idleBefore[step] ?? 0) + 1);
    idleBefore[step + 1] = working[step] === 1 ? 0 : before;
  }
  for (let step = steps - 1; step >= 0; step--) {
    const after = Math.min(1440, (idleAfter[step + 1] ?? 0) + 1);
    idleAfter[step] = working[step] === 1 ? 0 : after;
  }
  return { working, night, idleBefore, idleAfter };
}

/** The rule in words, minute by minute: see `inconvenience.ts`. */
function pointsOf({ working, night, ...idle }: Walked, { begins, ends }: Meeting): number {
  let [free, nightly, missing] = [0, 0, 0];
  const idleBefore = idle.idleBefore[begins] ?? 0;
  const idleAfter = idle.idleAfter[ends] ?? 0;
  for (let step = begins; step < ends;) {
    let length = 0;
    for (; step + length < ends && working[step + length] === 0; length++) {
      nightly += night[step + length] ?? 0;
    }
    const before = step === begins ? idleBefore : 0;
    const after = step + length === ends ? idleAfter : 0;
    if (length > 0 && before + length + after >= 660) {
      missing += Math.max(0, 660 - Math.max(before, after));
    }
    free += length;
    step += length + 1;
  }
  const away = free === ends - begins ? Math.min(idleBefore, idleAfter) : 0;
  return free + away + 2 * nightly + (nightly > 0 ? 120 : 0) + 2 * missing;
}

describe(`the best slot, ${numRuns} groups`, () => {
  test('is what trying every slot finds, and its points are explained in full', options, () => {
    reportProof('groups for the best slot', numRuns);
    const asked = fc.record({
      group: groups(5).map((group) => group.map(person)),
      begins: fc.integer({ min: 3 * 1440, max: 18 * 1440 }),
      length: fc.integer({ min: 0, max: 2 * 1440 }),
      minutes: fc.oneof(fc.integer({ min: 1, max: 240 }), fc.integer({ min: 1, max: 1440 })),
      everyMinutes: fc.constantFrom(5, 7, 15, 30, 60),
      soFar: fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3_000 })), {
        minLength: 5,
        maxLength: 5,
      }),
    });
    fc.assert(
      fc.property(asked, ({ group, begins, length, minutes, everyMinutes, soFar }) => {
        expect(begins + length + minutes).toBeLessThan((days - 1) * 1440);
        const range = {
          from: from + begins * stepMs,
          until: from + (begins + length + minutes) * stepMs,
        };
        const walks = group.map(walked);
        const tried: { at: number; points: number[]; worst: number; sum: number }[] = [];
        for (let step = begins; step <= begins + length; step++) {
          if ((from / stepMs + step) % everyMinutes !== 0) continue;
          const points = walks.map((walk, i) => {
            const own = pointsOf(walk, { begins: step, ends: step + minutes });
            return own === 0 ? 0 : own + (soFar[i] ?? 0);
          });
          const [worst, sum] = [Math.max(...points), points.reduce((a, b) => a + b, 0)];
          tried.push({ at: from + step * stepMs, points, worst, sum });
        }
        tried.sort((a, b) => a.worst - b.worst || a.sum - b.sum || a.at - b.at);
        const attendees = group.map(({ clock, calendar: { zone } }, i) => ({
          clock,
          zone,
          soFar: soFar[i] ?? 0,
        }));
        const found = bestSlot(attendees, { range, minutes, everyMinutes }, runtimeZones);
        const [best] = tried;
        const people = 'reason' in found ? [] : found.people;
        expect({ ...found, people: people.map(({ points }) => points) }).toMatchObject(
          best
            ? {
                from: best.at,
                until: best.at + minutes * stepMs,
                worst: best.worst,
                sum: best.sum,
                people: best.points,
              }
            : { reason: 'invalid' },
        );
        for (const { points, reasons } of people) {
          expect(reasons.reduce((sum, reason) => sum + reason.points, 0)).toBe(points);
        }
      }),
      { numRuns, seed: proofSeed },
    );
  });
});
