import { expect, test } from 'vitest';
import {
  type DigestPlan,
  type PersonNow,
  planAfter,
  takeTurn,
} from '../../../domain/digest/turn.ts';
import { digestRhythms, type DigestWish } from '../../../domain/people/preferences.ts';
import {
  dayText,
  type MinuteInterval,
  type WorkingCalendar,
} from '../../../domain/time/calendar.ts';
import { openCalendar } from '../../../domain/time/working-time.ts';
import { weekdays } from '../../../domain/time/weekday.ts';
import { dayMs, wallTime } from '../../../domain/time/zone.ts';
import { type Came, digestsByWalking, stepMs, type Stretch } from '../../support/digest-oracle.ts';
import { proofSeed, proofSize, randomFrom, reportProof } from '../../support/proof.ts';
import { oracle, walk } from '../../support/time-oracle.ts';

/** Both changes of the clocks in both hemispheres, half an hour in Lord Howe, none, and odd offsets. */
const zones = [
  'Europe/Berlin',
  'Europe/London',
  'America/New_York',
  'America/Los_Angeles',
  'America/St_Johns',
  'America/Santiago',
  'Africa/Cairo',
  'Asia/Beirut',
  'Asia/Tokyo',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
] as const;
const days = 400;
const from = Date.parse('2026-10-01T00:00:00Z');
const steps = (days * dayMs) / stepMs;
const people = proofSize(48, 500);

const random = randomFrom(proofSeed);
const below = (n: number): number => Math.floor(random() * n);
const oneOf = <T>(list: readonly T[]): T => list[below(list.length)] as T;

function someWish(): DigestWish {
  // Nights are in it, where hours are skipped and repeated.
  return { every: oneOf(digestRhythms), weekday: 1 + below(7), minute: 15 * below(96) };
}

const someDay = (): number => Math.floor(from / dayMs) - 10 + below(days + 20);

function someCalendar(zone: string): WorkingCalendar {
  const starts = oneOf([420, 480, 540, 600, 780, 1_080]);
  const shift: readonly MinuteInterval[] = oneOf([
    [[starts, starts + 480]],
    [
      [starts, starts + 240],
      [starts + 300, starts + 480],
    ],
  ] as const);
  const off = oneOf([['sat', 'sun'], ['fri', 'sat'], ['sun'], ['mon', 'wed', 'fri']]);
  const week = Object.fromEntries(weekdays.map((day) => [day, off.includes(day) ? [] : shift]));
  const holidays = new Set(Array.from({ length: 15 }, someDay));
  return {
    zone,
    week: week as WorkingCalendar['week'],
    days: [...holidays].map((day) => ({ day: dayText(day), kind: 'off' as const })),
    absences: Array.from({ length: below(5) }, () => {
      const first = someDay();
      return { firstDay: dayText(first), lastDay: dayText(first + below(25)) };
    }),
    revision: 1,
  };
}

/** Somebody's 400 days: the wish, the zone, the leave, being there; each can change at any time. */
function someLife(zone: string): readonly Stretch[] {
  let now: Stretch = {
    fromStep: 0,
    calendar: someCalendar(zone),
    wish: someWish(),
    quiet: oneOf([null, null, { from: 1_200, until: 480 }]),
    isActive: true,
  };
  const life = [now];
  const changes = Array.from({ length: below(6) }, () => 1 + below(steps - 2));
  for (const fromStep of [...new Set(changes)].sort((a, b) => a - b)) {
    const { calendar } = now;
    const changed = oneOf<() => Partial<Stretch>>([
      () => ({ wish: someWish() }),
      () => ({ calendar: { ...calendar, zone: oneOf(zones) } }),
      () => ({ calendar: someCalendar(calendar.zone) }),
      () => ({ isActive: !now.isActive }),
    ])();
    now = { ...now, ...changed, fromStep };
    life.push(now);
  }
  return life;
}

const instantOf = (step: number): number => from + step * stepMs;

/** As the product does it: a plan, a turn whenever it is due or something changes, and the next plan. */
function digestsOf(life: readonly Stretch[]): readonly Came[] {
  const came: (Came & { readonly every: string; readonly number: number; readonly day: number })[] =
    [];
  let plan: DigestPlan | null = null;
  const until = instantOf(steps);
  for (const [index, { calendar, wish, quiet, isActive, fromStep }] of life.entries()) {
    const ends = instantOf(life[index + 1]?.fromStep ?? steps);
    const clock = openCalendar(calendar);
    const person = (): PersonNow => ({
      wish,
      isActive,
      reader: { calendar, clock, quiet },
      had: {
        day: came.at(-1)?.day ?? null,
        period: came.findLast(({ every }) => every === wish.every)?.number ?? null,
      },
      revision: String(index),
    });
    for (let now = instantOf(fromStep); now < ends;) {
      const turn = takeTurn(plan, person(), now);
      if (turn.what === 'wait') {
        plan = turn.plan;
        now = plan.due?.at ?? until;
        continue;
      }
      expect(turn.what).toBe('compose');
      const { period: number } = turn.due;
      const period = `${wish.every} ${dayText(number)}`;
      const day = wallTime(now, calendar.zone).day;
      came.push({ at: now, period, every: wish.every, number, day });
      plan = planAfter({ since: plan?.since ?? now, what: 'compose' }, person(), now);
    }
  }
  return came.map(({ at, period }) => ({ at, period }));
}

test(
  'over 400 days in twelve zones, through moves, leaves and changed wishes, no digest is missed, none comes twice, none outside working time',
  { timeout: proofSize(60_000, 1_800_000) },
  () => {
    reportProof('lives of 400 days planned and walked', people);
    let told = 0;
    for (let person = 0; person < people; person++) {
      const life = someLife(zones[person % zones.length]!);
      const planned = digestsOf(life);
      const walked = digestsByWalking(life, { from, steps });
      expect({ life, came: planned }).toEqual({ life, came: walked });
      expect(new Set(planned.map(({ period }) => period)).size).toBe(planned.length);
      told += planned.length;
    }
    expect(told).toBeGreaterThan(people * 10);
  },
);

test('whoever comes at every hour of a working week is at work then', () => {
  for (const zone of zones) {
    const calendar = someCalendar(zone);
    const life: readonly Stretch[] = [
      {
        fromStep: 0,
        calendar,
        wish: { every: 'day', weekday: 1, minute: 15 * below(96) },
        quiet: null,
        isActive: true,
      },
    ];
    const work = oracle(walk(zone, { from, until: instantOf(steps), stepMs }), calendar);
    const outside = digestsOf(life).filter(({ at }) => !work.isWorking((at - from) / stepMs));
    expect(outside).toEqual([]);
  }
});
