import { describe, expect, test } from 'vitest';
import { type Slot, bestSlot, slotRangeDaysMax } from '../../../domain/time/best-slot.ts';
import { inconveniences } from '../../../domain/time/inconvenience.ts';
import type { TimeLimit } from '../../../domain/time/limit.ts';
import { openCalendar } from '../../../domain/time/working-time.ts';
import { calendarOf, everyDay, instant, nineToFive } from './weeks.ts';

const attending = (zone: string, week = nineToFive, soFar = 0) => ({
  zone,
  soFar,
  clock: openCalendar(calendarOf(zone, week)),
});
const berlin = attending('Europe/Berlin');
const london = attending('Europe/London');
const francisco = attending('America/Los_Angeles');
const tokyo = attending('Asia/Tokyo');

const rangeOf = (from: string, until: string) => ({ from: instant(from), until: instant(until) });
const week = rangeOf('2026-11-23T00:00Z', '2026-11-28T00:00Z');

function known(answer: Slot | TimeLimit): Slot {
  if ('reason' in answer) throw new Error(answer.reason);
  return answer;
}
const starts = (answer: Slot | TimeLimit): string =>
  'reason' in answer ? answer.reason : new Date(answer.from).toISOString().slice(0, 16);
/** What a meeting at exactly that time costs one person. */
const costs = (from: string, minutes: number, person = berlin): unknown => {
  const range = { from: instant(from), until: instant(from) + minutes * 60_000 };
  const [cost] = known(bestSlot([person], { range, minutes, everyMinutes: 5 })).people;
  return cost?.reasons.map(({ code, minutes, points }) => `${code} ${minutes} = ${points}`);
};

describe('the best slot', () => {
  test('is the earliest in which everybody works', () => {
    const slot = known(bestSlot([berlin, london], { range: week, minutes: 60 }));
    expect(starts(slot)).toBe('2026-11-23T09:00');
    expect(slot).toMatchObject({ worst: 0, sum: 0, people: [{ reasons: [] }, { reasons: [] }] });
  });

  test('spares the one it costs most, where nobody shares hours', () => {
    const slot = known(bestSlot([francisco, berlin, tokyo], { range: week, minutes: 60 }));
    // 21:00 on Tuesday, 06:00 and 14:00 on Wednesday: four hours late, two early.
    expect(starts(slot)).toBe('2026-11-24T05:00');
    expect(slot.people.map(({ points }) => points)).toEqual([300, 180, 0]);
  });

  test('goes round: who has borne much is asked last', () => {
    const borne = [0, 0];
    const asked: number[] = [];
    for (let meeting = 0; meeting < 6; meeting++) {
      const people = [
        attending('America/New_York', nineToFive, borne[0]),
        { ...tokyo, soFar: borne[1] ?? 0 },
      ];
      const slot = known(bestSlot(people, { range: week, minutes: 60 }));
      for (const [i, { reasons }] of slot.people.entries()) {
        const own = reasons.filter(({ code }) => code !== 'soFar');
        if (own.length > 0) asked.push(i);
        borne[i] = (borne[i] ?? 0) + own.reduce((sum, { points }) => sum + points, 0);
      }
    }
    expect(new Set(asked)).toEqual(new Set([0, 1]));
    const [newYork = 0, inTokyo = 0] = borne;
    expect(Math.abs(newYork - inTokyo)).toBeLessThanOrEqual(Math.max(newYork, inTokyo) / 3);
  });

  test('begins on the grid and lies in the range', () => {
    const range = rangeOf('2026-11-23T09:07Z', '2026-11-23T09:50Z');
    expect(starts(bestSlot([london], { range, minutes: 30 }))).toBe('2026-11-23T09:15');
    expect(starts(bestSlot([london], { range, minutes: 36 }))).toBe('invalid');
  });
});

describe('what a meeting costs', () => {
  test.each([
    ['within hours', '2026-11-24T08:00Z', 480, []],
    ['right before work', '2026-11-24T07:45Z', 15, ['outsideHours 15 = 15']],
    ['into work', '2026-11-24T07:30Z', 60, ['outsideHours 30 = 30']],
    ['an hour before', '2026-11-24T06:00Z', 60, ['outsideHours 60 = 60', 'beforeWork 60 = 60']],
    ['two hours after', '2026-11-24T18:00Z', 30, ['outsideHours 30 = 30', 'afterWork 120 = 120']],
    [
      'an evening that leaves nine and a half hours until work',
      '2026-11-24T21:30Z',
      60,
      ['outsideHours 60 = 60', 'afterWork 330 = 330', 'shortRest 90 = 180', 'night 60 = 240'],
    ],
    [
      'a night after eleven hours of rest',
      '2026-11-25T03:00Z',
      60,
      ['outsideHours 60 = 60', 'beforeWork 240 = 240', 'night 60 = 240'],
    ],
    ['a weekend', '2026-11-28T17:00Z', 60, ['outsideHours 60 = 60', 'farFromWork 1440 = 1440']],
  ])('%s', (_, from, minutes, expected) => {
    expect(costs(from, minutes)).toEqual(expected);
  });

  test('a break is no rest, and a night that is worked is no night', () => {
    const split = attending('UTC', everyDay([480, 720], [960, 1200]));
    expect(costs('2026-11-24T12:00Z', 240, split)).toEqual(['outsideHours 240 = 240']);
    const nights = attending('UTC', everyDay([1320, 1800]));
    expect(costs('2026-11-24T23:00Z', 60, nights)).toEqual([]);
    expect(costs('2026-11-24T11:00Z', 60, nights)).toEqual([
      'outsideHours 60 = 60',
      'afterWork 300 = 300',
      'shortRest 60 = 120',
    ]);
  });

  test('eleven hours between work and work are a rest, and nothing of them can be spared', () => {
    const long = attending('UTC', everyDay([480, 1260]));
    expect(costs('2026-11-24T21:00Z', 30, long)).toEqual([
      'outsideHours 30 = 30',
      'shortRest 30 = 60',
    ]);
  });

  test('what was borne before counts only where the meeting costs something', () => {
    const tired = attending('Europe/Berlin', nineToFive, 500);
    expect(costs('2026-11-24T08:00Z', 60, tired)).toEqual([]);
    expect(costs('2026-11-24T07:45Z', 15, tired)).toEqual([
      'outsideHours 15 = 15',
      'soFar 500 = 500',
    ]);
  });

  test('who never works is as far from work as can be, at any hour of the day', () => {
    const never = attending('UTC', everyDay());
    expect(costs('2026-11-24T11:00Z', 60, never)).toEqual([
      'outsideHours 60 = 60',
      'farFromWork 1440 = 1440',
    ]);
    expect(inconveniences).toHaveLength(7);
  });
});

describe('what cannot be answered is a typed limit', () => {
  const asked = { range: week, minutes: 30 };

  test.each([
    ['nobody', [], asked, 'invalid'],
    ['too many', Array.from({ length: 501 }, () => london), asked, 'invalid'],
    ['no length', [london], { ...asked, minutes: 0 }, 'invalid'],
    ['no number', [london], { ...asked, minutes: Number.NaN }, 'invalid'],
    ['half a minute', [london], { ...asked, minutes: 0.5 }, 'invalid'],
    ['two days', [london], { ...asked, minutes: 2880 }, 'invalid'],
    ['every minute', [london], { ...asked, everyMinutes: 1 }, 'invalid'],
    ['points below 0', [{ ...london, soFar: -1 }], asked, 'invalid'],
    ['points without number', [{ ...london, soFar: Number.NaN }], asked, 'invalid'],
    ['2^60 points', [{ ...london, soFar: 2 ** 60 }], asked, 'invalid'],
    [
      'a range reversed',
      [london],
      { ...asked, range: rangeOf('2026-11-24T00:00Z', '2026-11-23T00:00Z') },
      'invalid',
    ],
    [
      'a range without number',
      [london],
      { ...asked, range: { from: Number.NaN, until: 0 } },
      'invalid',
    ],
    ['2^60', [london], { ...asked, range: { from: 0, until: 2 ** 60 } }, 'horizon'],
    [
      'a long range',
      [london],
      { ...asked, range: { from: 0, until: slotRangeDaysMax * 86_400_000 + 1 } },
      'horizon',
    ],
  ])('%s', (_, people, wanted, reason) => {
    expect(starts(bestSlot(people, wanted))).toBe(reason);
  });

  test('the edges of the horizon are answered', () => {
    const first = { from: 0, until: 86_400_000 };
    expect(starts(bestSlot([london], { range: first, minutes: 30 }))).toBe('1970-01-01T08:00');
    const until = 66 * 731 * 86_400_000 - 1;
    const last = { from: until - 7 * 86_400_000, until };
    expect(known(bestSlot([london], { range: last, minutes: 30 })).worst).toBe(0);
  });
});
