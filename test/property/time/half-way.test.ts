/** When people are reminded, against what the calendars of the people say about that very instant. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PersonId } from '../../../domain/id.ts';
import { halfWay } from '../../../domain/time/half-way.ts';
import { asWorkingTime } from '../../../domain/time/planning.ts';
import { openCalendar } from '../../../domain/time/working-time.ts';
import { proofSeed, proofSize, randomFrom, reportProof } from '../../support/proof.ts';
import { randomCalendar } from './calendars.ts';
import { hardZones } from './hard-zones.ts';

const dayMs = 86_400_000;
const run = { numRuns: proofSize(1_000, 100_000), seed: proofSeed };
const never = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] } as const;

const people = fc.array(
  fc.record({
    place: fc.constantFrom(...hardZones),
    seed: fc.integer({ min: 0, max: 1e9 }),
    works: fc.constantFrom(true, true, true, false),
  }),
  { minLength: 1, maxLength: 3 },
);

test(
  'whoever is reminded is at work and has half of their time behind them, the last of them too, and who never works is not waited for',
  { timeout: proofSize(60_000, 1_800_000) },
  () => {
    reportProof('half of the time of those who are asked', run.numRuns);
    fc.assert(
      fc.property(
        people,
        fc.integer({ min: -20 * dayMs, max: 5 * dayMs }),
        fc.integer({ min: 1, max: 20 * dayMs }),
        (given, start, lasts) => {
          const around = given[0]!.place[1];
          const from = Date.parse(`${around}T00:00:00Z`) + start;
          const until = from + lasts;
          const clocks = new Map(
            given.map(({ place: [zone], seed, works }, index) => {
              const calendar = randomCalendar(randomFrom(seed), zone, around);
              const shown = works ? calendar : { ...calendar, week: never, rosters: [] };
              return [`${index}` as PersonId, openCalendar(shown)];
            }),
          );
          const working = (id: PersonId) => asWorkingTime(clocks.get(id)!);
          const found = halfWay([...clocks.keys()], { from, until }, { working });
          const halves = [...clocks.keys()].map((id) => {
            const minutes = clocks.get(id)!.between(from, until);
            return typeof minutes === 'number' ? Math.ceil(minutes / 2) : 0;
          });
          if (found === null) return;
          const { at, of } = found;
          const own = working(of);
          expect([own.isWorking(at), at > from && at < until]).toEqual([true, true]);
          expect(own.between(from, at)).toBe(halves[Number(of)]);
          for (const [index, id] of [...clocks.keys()].entries()) {
            const half = halves[index] ?? 0;
            if (half === 0) continue;
            const alone = halfWay([id], { from, until }, { working });
            expect(alone === null || alone.at <= at).toBe(true);
            expect(alone === null || working(id).between(from, at) >= half).toBe(true);
          }
        },
      ),
      run,
    );
  },
);

test('nobody is reminded of what ends before they work, or has ended', () => {
  const clock = openCalendar({
    zone: 'Europe/Berlin',
    week: { ...never, mon: [[540, 1020]] },
    days: [],
    absences: [],
    revision: 1,
  });
  const working = () => asWorkingTime(clock);
  const friday = Date.parse('2027-01-08T12:00:00Z');
  const remind = (until: number) =>
    halfWay(['eve' as PersonId], { from: friday, until }, { working });
  expect(remind(friday + dayMs)).toBeNull();
  expect(remind(friday - dayMs)).toBeNull();
  // Nine to five of the Monday: one in the afternoon there.
  expect(remind(friday + 7 * dayMs)).toEqual({
    at: Date.parse('2027-01-11T12:00:00Z'),
    of: 'eve',
  });
});
