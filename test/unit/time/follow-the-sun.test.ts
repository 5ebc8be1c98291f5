import { describe, expect, test } from 'vitest';
import { type SunPlan, followTheSun } from '../../../domain/time/follow-the-sun.ts';
import type { TimeLimit } from '../../../domain/time/limit.ts';
import { openCalendar } from '../../../domain/time/working-time.ts';
import type { MinuteInterval } from '../../../domain/time/calendar.ts';
import { calendarOf, everyDay, instant, nineToFive, shown } from './weeks.ts';

const clockOf = (zone: string, week = nineToFive) => openCalendar(calendarOf(zone, week));
const daily = (...hours: MinuteInterval[]) => clockOf('UTC', everyDay(...hours));
const singapore = clockOf('Asia/Singapore');
const london = clockOf('Europe/London');
const newYork = clockOf('America/New_York');
const monday = instant('2026-11-23T00:00Z');

const told = (answer: SunPlan | TimeLimit): unknown => {
  if ('reason' in answer) return answer.reason;
  const time = ({ from, until }: { from: number; until: number }): string =>
    `${shown(from).slice(8, 16)}–${shown(until).slice(11, 16)}`;
  return {
    legs: answer.legs.map((leg) => `${leg.holder} ${time(leg)}`),
    gaps: answer.gaps.map((gap) => `${gap.heldBy ?? 'nobody'} ${time(gap)}`),
    overlaps: answer.overlaps.map((both) => `${both.giver}→${both.receiver} ${time(both)}`),
  };
};

describe('work that follows the sun', () => {
  test('goes from Singapore to London to New York, and waits where nobody is at work', () => {
    expect(told(followTheSun([singapore, london, newYork], monday, { minutes: 30 * 60 }))).toEqual({
      legs: [
        '0 23T01:00–09:00',
        '1 23T09:00–17:00',
        '2 23T17:00–22:00',
        '0 24T01:00–09:00',
        '1 24T09:00–10:00',
      ],
      gaps: ['nobody 23T00:00–01:00', 'nobody 23T22:00–01:00'],
      overlaps: ['1→2 23T14:00–17:00'],
    });
  });

  test('waits for Monday in one place, and is done to the minute', () => {
    const plan = followTheSun([london], instant('2026-11-20T16:30Z'), { minutes: 60 });
    expect(told(plan)).toEqual({
      legs: ['0 20T16:30–17:00', '0 23T09:00–09:30'],
      gaps: ['nobody 20T17:00–09:00'],
      overlaps: [],
    });
    expect(plan).toMatchObject({ doneAt: instant('2026-11-23T09:30Z') });
  });

  test('stays with whoever is at lunch, unless lunch is too long', () => {
    const [split, through] = [daily([540, 720], [780, 1020]), daily([600, 1080])];
    const from = instant('2026-11-23T09:00Z');
    const pass = (breakMinutesMax?: number) =>
      told(
        followTheSun([split, through], from, {
          minutes: 300,
          ...(breakMinutesMax !== undefined && { breakMinutesMax }),
        }),
      );
    expect(pass()).toEqual({
      legs: ['0 23T09:00–12:00', '0 23T13:00–15:00'],
      gaps: ['0 23T12:00–13:00'],
      overlaps: [],
    });
    expect(pass(59)).toEqual({
      legs: ['0 23T09:00–12:00', '1 23T12:00–14:00'],
      gaps: [],
      overlaps: ['0→1 23T10:00–12:00'],
    });
  });

  test('goes to whoever stays longest, and to the first named of equals', () => {
    const [early, late] = [daily([480, 960]), daily([540, 1080])];
    const begun = instant('2026-11-23T10:00Z');
    const holder = (clocks: readonly (typeof early)[]) => {
      const plan = followTheSun(clocks, begun, { minutes: 10 });
      return 'reason' in plan ? plan.reason : plan.legs[0]?.holder;
    };
    expect(holder([early, late])).toBe(1);
    expect(holder([late, early])).toBe(0);
    expect(holder([late, late])).toBe(0);
  });

  test('who never stops is handed nothing back, and holds it for weeks', () => {
    const always = daily([0, 1440]);
    const plan = followTheSun([london, always], monday, { minutes: 40 * 1440 });
    expect(plan).toMatchObject({ legs: [{ holder: 1 }], gaps: [], overlaps: [] });
  });

  test('a hold of a person is a break of theirs', () => {
    const pauses = [[instant('2026-11-23T10:00Z'), instant('2026-11-23T10:30Z') + 1]] as const;
    const held = openCalendar(calendarOf('Europe/London'), { pauses });
    const plan = followTheSun([held], instant('2026-11-23T09:59Z'), { minutes: 2 });
    expect(plan).toMatchObject({ gaps: [{ heldBy: 0 }], doneAt: pauses[0][1] + 60_000 });
  });

  test('no work is done at once', () => {
    const nothing = { legs: [], gaps: [], overlaps: [], doneAt: monday };
    expect(followTheSun([london], monday, { minutes: 0 })).toEqual(nothing);
  });
});

describe('what cannot be answered is a typed limit', () => {
  const never = daily();
  const once = openCalendar(
    calendarOf('UTC', everyDay(), { oneOffs: [{ day: '2026-11-23', intervals: [[0, 60]] }] }),
  );

  test.each([
    ['nobody', [], monday, { minutes: 1 }, 'invalid'],
    ['too many', Array.from({ length: 501 }, () => london), monday, { minutes: 1 }, 'invalid'],
    ['no number of minutes', [london], monday, { minutes: Number.NaN }, 'invalid'],
    ['less than no work', [london], monday, { minutes: -1 }, 'invalid'],
    ['2^60 minutes', [london], monday, { minutes: 2 ** 60 }, 'horizon'],
    ['infinite work', [london], monday, { minutes: Infinity }, 'horizon'],
    [
      'a break without number',
      [london],
      monday,
      { minutes: 1, breakMinutesMax: Number.NaN },
      'invalid',
    ],
    ['a break of two days', [london], monday, { minutes: 1, breakMinutesMax: 2880 }, 'invalid'],
    ['from no number', [london], Number.NaN, { minutes: 1 }, 'invalid'],
    ['from 2^60', [london], 2 ** 60, { minutes: 1 }, 'horizon'],
    ['from before 1970', [london], -1, { minutes: 1 }, 'horizon'],
    ['from the end of the horizon', [london], 66 * 731 * 86_400_000 - 2, { minutes: 1 }, 'horizon'],
    ['people who never work', [never, never], monday, { minutes: 1 }, 'neverWorking'],
    ['more work than there ever is', [once, never], monday, { minutes: 61 }, 'horizon'],
    ['more than a year of work', [london], monday, { minutes: 264 * 480 }, 'horizon'],
  ] as const)('%s', (_, clocks, from, work, reason) => {
    expect(told(followTheSun(clocks, from, work))).toBe(reason);
  });
});
