/**
 * The look-ahead against a walk in steps of a quarter of an hour, which asks at each step who holds
 * the account and whether they work then, and knows nothing of stretches.
 */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AccountId, PersonId, RegionId } from '../../../domain/id.ts';
import type { AccountFacts, Holder } from '../../../domain/outlook/facts.ts';
import { lookAhead } from '../../../domain/outlook/look-ahead.ts';
import { openWorkBook } from '../../../domain/outlook/work-book.ts';
import type { MinuteInterval, Week, WorkingCalendar } from '../../../domain/time/calendar.ts';
import { runtimeZones } from '../../../domain/time/zone.ts';
import { proofSeed, proofSize, reportProof } from '../../support/proof.ts';
import { oracle, type Oracle, type Walk, walk } from '../../support/time-oracle.ts';

const numRuns = proofSize(30, 1_000);
const options = { timeout: proofSize(60_000, 1_800_000) };
const [dayMs, stepMs] = [86_400_000, 900_000];
const now = Date.parse('2027-02-03T10:15:00Z');
const range = { from: now - 90 * dayMs, until: now + 90 * dayMs };
const steps = (range.until - range.from) / stepMs;
const zones = ['Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe'];

const walks = new Map<string, Walk>();
function walked(zone: string): Walk {
  const known = walks.get(zone) ?? walk(zone, { ...range, stepMs });
  walks.set(zone, known);
  return known;
}

const dayAt = (day: number): string =>
  new Date(range.from + day * dayMs).toISOString().slice(0, 10);
const days = fc.integer({ min: 1, max: 178 });

const hours = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 4, max: 36 }))
  .map(([start, length]): MinuteInterval => [start * 15, Math.min(start + length, 96) * 15]);
const weeks = fc
  .tuple(hours, fc.subarray(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], { maxLength: 5 }))
  .map(([shift, at]): Week => {
    const shiftsOn = (day: string): readonly MinuteInterval[] => (at.includes(day) ? [shift] : []);
    const [mon, tue, wed] = [shiftsOn('mon'), shiftsOn('tue'), shiftsOn('wed')];
    const [thu, fri, sat, sun] = ['thu', 'fri', 'sat', 'sun'].map(shiftsOn) as [[], [], [], []];
    return { mon, tue, wed, thu, fri, sat, sun };
  });
const spans = fc.tuple(days, fc.integer({ min: 0, max: 20 })).map(([first, length]) => ({
  firstDay: dayAt(first),
  lastDay: dayAt(first + length),
}));
const calendars = fc
  .record({
    zone: fc.constantFrom(...zones),
    week: weeks,
    off: fc.uniqueArray(days, { maxLength: 25, size: 'max' }),
    absences: fc.array(spans, { maxLength: 6 }),
  })
  .map(({ off, ...calendar }): WorkingCalendar => ({
    ...calendar,
    days: off.map((day) => ({ day: dayAt(day), kind: 'off' })),
    revision: 1,
  }));

const holders = fc
  .record({
    calendar: calendars,
    provisional: fc.nat({ max: 4 }),
    leavesAt: fc.option(fc.integer({ min: 1, max: steps }), { freq: 6 }),
  })
  .map(({ calendar, provisional, leavesAt }) => ({
    calendar,
    region: 'somewhere' as RegionId,
    provisional: calendar.days.slice(0, provisional).map(({ day }) => day),
    leavesAt: leavesAt === null ? null : range.from + leavesAt * stepMs,
  }));

const accounts = fc
  .record({
    owner: holders,
    stead: fc.array(holders, { maxLength: 2 }),
    takers: fc.array(holders, { maxLength: 2 }),
    bounds: fc.uniqueArray(fc.integer({ min: 0, max: steps }), { minLength: 4, maxLength: 4 }),
    ownedSince: fc.integer({ min: -100, max: steps / 2 }),
    gap: fc.integer({ min: 96, max: 800 }),
    leave: fc.integer({ min: 1, max: 200 }),
  })
  .map(({ owner, stead, takers, bounds, ownedSince, gap, leave }): AccountFacts => {
    const named = (holder: Omit<Holder, 'id'>, id: string): Holder => ({
      ...holder,
      id: id as PersonId,
    });
    const [a = 0, b = 0, c = 0, d = 0] = bounds.toSorted((x, y) => x - y);
    const windows = [
      [a, b],
      [c, d],
    ] as const;
    return {
      account: 'account' as AccountId,
      owner: { ...named(owner, 'owner'), isReachable: true, hasCatalogue: true, locale: 'en' },
      ownedSince: range.from + ownedSince * stepMs,
      stead: stead.map((holder, index) => named(holder, `stead-${index}`)),
      covers: takers.map((taker, index) => ({
        taker: named(taker, `taker-${index}`),
        from: range.from + (windows[index]?.[0] ?? 0) * stepMs,
        until: range.from + (windows[index]?.[1] ?? 0) * stepMs,
      })),
      superior: 'manager' as PersonId,
      limits: { gapMinutes: gap * 15, leaveMinutes: leave * 15 },
    };
  });

/** Whether somebody is at work, step by step. */
type Truth = (step: number) => boolean;

function truthOf({ calendar, leavesAt }: Holder, change: Partial<WorkingCalendar> = {}): Truth {
  const truth: Oracle = oracle(walked(calendar.zone), { ...calendar, ...change });
  return (step) => truth.isWorking(step) && (leavesAt === null || truth.at(step) < leavesAt);
}

const settled = ({ calendar, provisional }: Holder) => ({
  days: calendar.days.filter(({ day }) => !provisional.includes(day)),
});

const at = (step: number): number => range.from + step * stepMs;

interface Found {
  readonly from: number;
  readonly until: number;
}

function gapsWalked(facts: AccountFacts, isSettled: boolean): readonly Found[] {
  const read = (holder: Holder) => truthOf(holder, isSettled ? settled(holder) : {});
  const own = read(facts.owner);
  const others = facts.stead.map(read);
  const covers = facts.covers.map((cover) => ({ ...cover, works: read(cover.taker) }));
  const first = Math.max(0, (facts.ownedSince - range.from) / stepMs);
  const found: Found[] = [];
  let began = first;
  for (let step = first; step <= steps; step++) {
    const cover = covers.find(({ from, until }) => from <= at(step) && at(step) < until);
    const isAtWork = step < steps && [cover?.works ?? own, ...others].some((works) => works(step));
    if (!isAtWork && step < steps) continue;
    const from = began === first ? facts.ownedSince : at(began);
    const gap = { from, until: at(step) };
    const isLong = gap.until - gap.from > facts.limits.gapMinutes * 60_000;
    if (step > began && isLong && gap.until > now) found.push(gap);
    began = step + 1;
  }
  return found;
}

const meets = (one: Found) => (other: Found) => one.from < other.until && other.from < one.until;

/** Leaves, each as the dates that no work divides, and what nobody covers of them. */
function leavesWalked({ owner, covers, ownedSince, limits }: AccountFacts): readonly string[] {
  const [works, would] = [truthOf(owner), truthOf(owner, { absences: [] })];
  const { dates } = walked(owner.calendar.zone);
  const absences = owner.calendar.absences.toSorted((a, b) => a.firstDay.localeCompare(b.firstDay));
  const leaves: { firstDay: string; lastDay: string }[] = [];
  for (const absence of absences) {
    const before = leaves.at(-1);
    const isDivided = dates.some(
      (date, step) =>
        before !== undefined && before.lastDay < date && date < absence.firstDay && works(step),
    );
    if (before && !isDivided) {
      if (absence.lastDay > before.lastDay) before.lastDay = absence.lastDay;
    } else leaves.push({ ...absence });
  }
  const found = leaves.filter(({ firstDay, lastDay }) => {
    let [uncovered, isToCome] = [0, false];
    for (let step = 0; step < steps; step++) {
      const date = dates[step] ?? '';
      if (date < firstDay || date > lastDay || at(step) < ownedSince) continue;
      if (!would(step) || works(step)) continue;
      if (covers.some(({ from, until }) => from <= at(step) && at(step) < until)) continue;
      uncovered++;
      if (at(step) >= now) isToCome = true;
    }
    return isToCome && uncovered * 15 >= limits.leaveMinutes;
  });
  return found.map(({ firstDay }) => firstDay);
}

const looked = (facts: AccountFacts) =>
  lookAhead(facts, { now, book: openWorkBook(now, runtimeZones), zoneData: runtimeZones });

const hasLeft = ({ owner }: AccountFacts) => owner.leavesAt !== null && owner.leavesAt <= now;
const run = { numRuns, seed: proofSeed };

describe(`the look-ahead of ${numRuns} accounts`, () => {
  test(
    'finds every stretch without anybody at work that is too long, and no other',
    options,
    () => {
      reportProof('accounts looked ahead at', numRuns);
      fc.assert(
        fc.property(accounts, (facts) => {
          const planned = gapsWalked(facts, false);
          const without = gapsWalked(facts, true);
          const certain = planned.filter((gap) => without.some(meets(gap)));
          const found = looked(facts).filter(({ kind }) => kind === 'gap');
          expect(found.map(({ from, until }) => [from, until])).toEqual(
            certain.map(({ from, until }) => [from, until === range.until ? null : until]),
          );
        }),
        run,
      );
    },
  );

  test('says of each other one that it hangs on a day that may not stay', options, () => {
    fc.assert(
      fc.property(accounts, (facts) => {
        const planned = gapsWalked(facts, false);
        const without = gapsWalked(facts, true);
        const certain = planned.filter((gap) => without.some(meets(gap)));
        const open = [...planned, ...without].filter((gap) => !certain.some(meets(gap)));
        const found = looked(facts).filter(({ kind }) => kind === 'holiday');
        const froms = found.map(({ from }) => from);
        const missing = open.filter(({ from }) => !froms.includes(from));
        expect(open.map(({ from }) => from)).toEqual(expect.arrayContaining(froms));
        // Two that hang on one day are one question.
        const isTold = (gap: Found) =>
          found.some((one) => Math.abs((one.until ?? gap.from) - gap.from) < dayMs);
        expect(missing.filter((gap) => !isTold(gap))).toEqual([]);
      }),
      run,
    );
  });

  test('finds every leave of which too much is covered by nobody, and no other', options, () => {
    fc.assert(
      fc.property(accounts, (facts) => {
        const found = looked(facts).filter(({ kind }) => kind === 'leave');
        const expected = hasLeft(facts) ? [] : leavesWalked(facts);
        expect(found.map(({ firstDay }) => firstDay)).toEqual(expected);
      }),
      { ...run, numRuns: 5 * numRuns },
    );
  });

  test('asks nobody twice about the same', options, () => {
    fc.assert(
      fc.property(accounts, (facts) => {
        const keys = looked(facts).map(
          ({ kind, subject, firstDay }) => `${kind} ${subject} ${firstDay}`,
        );
        expect(new Set(keys).size).toBe(keys.length);
      }),
      run,
    );
  });
});
