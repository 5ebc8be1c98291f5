import { describe, expect, test } from 'vitest';
import type { WorkingCalendar } from '../../../domain/time/calendar.ts';
import { isLimit, openCalendar } from '../../../domain/time/working-time.ts';
import { runtimeZones } from '../../../domain/time/zone.ts';
import { proofSeed, proofSize, randomFrom, reportProof } from '../../support/proof.ts';
import { type Walk, oracle, walk } from '../../support/time-oracle.ts';
import { namedCalendars, randomCalendar } from './calendars.ts';
import { hardZones } from './hard-zones.ts';

const dayMs = 86_400_000;
const minuteMs = 60_000;
const randomCalendarsEach = proofSize(3, 20);
const calendarsEach = Object.keys(namedCalendars('UTC', '2026-01-01')).length + randomCalendarsEach;
const pairs = hardZones.length * calendarsEach;
const comparisons = proofSize(1_000_000, 50_000_000);
const rounds = Math.ceil((comparisons * 1.1) / pairs / 6);
const timeout = proofSize(120_000, 3_600_000);

/** Nine days on either side: every working week is met whole before and after the change. */
function walkAround(zone: string, around: string): Walk {
  const middle = Date.parse(`${around}T00:00:00Z`);
  const stepMs = zone === 'Africa/Monrovia' ? minuteMs / 2 : minuteMs;
  return walk(zone, { from: middle - 9 * dayMs, until: middle + 9 * dayMs, stepMs });
}

interface Compared {
  count: number;
  readonly differences: string[];
}

function compare(
  compared: Compared,
  walked: Walk,
  { name, calendar }: { readonly name: string; readonly calendar: WorkingCalendar },
): void {
  // The oracle asks the runtime, so the engine gets what the runtime says, uncorrected.
  const clock = openCalendar(calendar, { zoneData: runtimeZones });
  const truth = oracle(walked, calendar);
  const random = randomFrom(proofSeed + calendar.zone.length);
  const stepMinutes = walked.stepMs / minuteMs;
  const step = (): number => Math.floor(random() * truth.steps);
  const same = (what: string, steps: readonly number[], answers: readonly unknown[]): void => {
    compared.count++;
    const [found, expected] = answers;
    if (found === expected) return;
    const at = steps.map((s, i) => (i === 0 ? new Date(truth.at(s)).toISOString() : s));
    compared.differences.push(
      `${calendar.zone} ${name} ${what}(${at.join()}): ${answers.join(' not ')}`,
    );
  };
  const sameInstant = (what: string, steps: number[], answer: unknown, expected: number | null) => {
    if (expected !== null) same(what, steps, [answer, truth.at(expected)]);
  };
  for (let round = 0; round < rounds; round++) {
    const [s, other] = [step(), step()];
    const at = truth.at(s);
    same('isWorking', [s], [clock.isWorking(at), truth.isWorking(s)]);
    // Within the step too: nothing changes between two ticks of the wall clock.
    const within = at + walked.stepMs - 1;
    same('isWorking', [s, 1], [clock.isWorking(within), truth.isWorking(s)]);
    sameInstant('nextWorking', [s], clock.nextWorking(at), truth.next(s));
    sameInstant('previousWorking', [s], clock.previousWorking(at), truth.previous(s));
    const count = Math.floor((random() - 0.5) * 6_000);
    sameInstant('add', [s, count], clock.add(at, count * stepMinutes), truth.add(s, count));
    const worked = clock.between(at, truth.at(other));
    const expected = s < other ? truth.between(s, other) : -truth.between(other, s);
    same(
      'between',
      [s, other],
      [isLimit(worked) ? worked : worked / stepMinutes + 0, expected + 0],
    );
  }
}

describe('working time equals a walk over every minute', () => {
  test(
    `in ${hardZones.length} hard places, on ${calendarsEach} calendars each`,
    () => {
      const random = randomFrom(proofSeed);
      const compared: Compared = { count: 0, differences: [] };
      for (const [zone, around] of hardZones) {
        const walked = walkAround(zone, around);
        for (const [name, calendar] of Object.entries(namedCalendars(zone, around))) {
          compare(compared, walked, { name, calendar });
        }
        for (let n = 0; n < randomCalendarsEach; n++) {
          const calendar = randomCalendar(random, zone, around);
          compare(compared, walked, { name: `random ${n}`, calendar });
        }
      }
      reportProof('comparisons with the minute-walking oracle', compared.count);
      expect(compared.differences.slice(0, 10)).toEqual([]);
      expect(compared.count).toBeGreaterThanOrEqual(comparisons);
    },
    timeout,
  );
});
