import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type SunPlan, followTheSun } from '../../../domain/time/follow-the-sun.ts';
import { proofSeed, proofSize, reportProof } from '../../support/proof.ts';
import { type Person, from, groups, person, stepMs } from './together.ts';

const numRuns = proofSize(100, 5_000);
const options = { timeout: proofSize(60_000, 1_800_000) };

const known = (answer: ReturnType<typeof followTheSun>): SunPlan => {
  if ('reason' in answer) throw new Error(answer.reason);
  return answer;
};

interface Asked {
  readonly group: readonly Person[];
  readonly begins: number;
  readonly minutes: number;
  readonly breakMinutesMax: number;
}

/** What happens in each minute: who works on it, or `-` for nobody, or whose break it is. */
function minuteByMinute({ group, begins, minutes, breakMinutesMax }: Asked): string[] | null {
  const told: string[] = [];
  let holder = -1;
  let left = minutes;
  for (let step = begins; left > 0; step++) {
    if (step >= (group[0]?.truth.steps ?? 0) - 1440) return null;
    const isBack = (index: number, at: number): boolean =>
      (group[index]?.truth.next(at) ?? Infinity) - at <= breakMinutesMax;
    if (holder >= 0 && told.at(-1) !== `break ${holder}` && !isBack(holder, step)) holder = -1;
    if (holder < 0) holder = longest(group, step, isBack);
    const isWorked = holder >= 0 && (group[holder]?.truth.isWorking(step) ?? false);
    if (isWorked) left--;
    told.push(isWorked ? `${holder}` : holder >= 0 ? `break ${holder}` : '-');
  }
  return told;
}

/** Of those at work, who goes home last within a day; -1 for nobody. */
function longest(
  group: readonly Person[],
  step: number,
  isBack: (index: number, at: number) => boolean,
): number {
  let [found, most] = [-1, 0];
  for (const [index, { truth }] of group.entries()) {
    if (!truth.isWorking(step)) continue;
    let at = step;
    while (at < step + 1440) {
      if (truth.isWorking(at)) at++;
      else if (isBack(index, at)) at = truth.next(at) ?? Infinity;
      else break;
    }
    const stays = Math.min(at - step, 1440);
    if (stays > most) [found, most] = [index, stays];
  }
  return found;
}

/** The plan written as the walk writes it; a minute that two parts cover would be met twice. */
function written({ legs, gaps }: SunPlan): string[] {
  const parts = [
    ...legs.map((leg) => ({ ...leg, told: `${leg.holder}` })),
    ...gaps.map((gap) => ({ ...gap, told: gap.heldBy === null ? '-' : `break ${gap.heldBy}` })),
  ].toSorted((a, b) => a.from - b.from);
  return parts.flatMap(({ from, until, told }) =>
    Array.from({ length: (until - from) / stepMs }, () => told),
  );
}

describe(`work that follows the sun, ${numRuns} groups`, () => {
  const asked: fc.Arbitrary<Asked> = fc.record({
    group: groups(5).map((group) => group.map(person)),
    begins: fc.integer({ min: 0, max: 12 * 1440 }),
    minutes: fc.integer({ min: 1, max: 4_000 }),
    breakMinutesMax: fc.constantFrom(0, 30, 60, 240, 1440),
  });

  test('is held by exactly one person or named as a gap in every minute', options, () => {
    reportProof('groups for follow the sun', numRuns);
    fc.assert(
      fc.property(asked, (asked) => {
        const expected = minuteByMinute(asked);
        fc.pre(expected !== null);
        const clocks = asked.group.map(({ clock }) => clock);
        const begins = from + asked.begins * stepMs;
        const plan = known(followTheSun(clocks, begins, asked));
        expect(written(plan)).toEqual(expected);
        expect(plan.doneAt).toBe(begins + expected.length * stepMs);
        const bounds = [...plan.legs, ...plan.gaps].toSorted((a, b) => a.from - b.from);
        for (const [index, part] of bounds.entries()) {
          expect(part.from).toBe(index === 0 ? begins : bounds[index - 1]?.until);
        }
      }),
      { numRuns, seed: proofSeed },
    );
  });

  test('passes while both are at work wherever both are', options, () => {
    fc.assert(
      fc.property(asked, (asked) => {
        const { group } = asked;
        const found = followTheSun(
          group.map(({ clock }) => clock),
          from + asked.begins * stepMs,
          asked,
        );
        fc.pre(!('reason' in found) && minuteByMinute(asked) !== null);
        const plan = known(found);
        const expected = plan.legs.flatMap((leg, index) => {
          const giver = plan.legs[index - 1];
          if (giver?.until !== leg.from) return [];
          const works = (at: number): boolean =>
            group[leg.holder]?.truth.isWorking((at - from) / stepMs) ?? false;
          let start = leg.from;
          while (start > giver.from && works(start - stepMs)) start -= stepMs;
          const both = { from: start, until: leg.from };
          return start < leg.from ? [{ ...both, giver: giver.holder, receiver: leg.holder }] : [];
        });
        expect(plan.overlaps).toEqual(expected);
      }),
      { numRuns, seed: proofSeed },
    );
  });
});
