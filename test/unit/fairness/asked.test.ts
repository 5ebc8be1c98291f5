import { describe, expect, test } from 'vitest';
import { askMinutes } from '../../../domain/fairness/ask-minutes.ts';
import { askedOutside } from '../../../domain/fairness/asked.ts';
import { openCalendar } from '../../../domain/time/working-time.ts';
import { calendarOf, instant, nineToFive } from '../time/weeks.ts';

const zone = 'Europe/Berlin';
const berlin = { zone, clock: openCalendar(calendarOf(zone, nineToFive)) };
const asked = (from: string, minutes: number) =>
  askedOutside(berlin, { from: instant(from), until: instant(from) + minutes * 60_000 });

describe('a quarter of an hour', () => {
  test('within hours costs nothing', () => {
    expect(asked('2026-11-24T10:00Z', 15)).toEqual({
      outsideMinutes: 0,
      restMinutes: 0,
      points: 0,
    });
  });

  test('in the evening costs its minutes and the way from work, and no rest', () => {
    // 19:00 in Berlin, two hours after work; from 19:15 on there are still eleven hours and more.
    expect(asked('2026-11-24T18:00Z', 15)).toEqual({
      outsideMinutes: 15,
      restMinutes: 0,
      points: 15 + 120,
    });
  });

  test('at one at night breaks the rest and the night', () => {
    // Eight hours before it, seven and three quarters after.
    expect(asked('2026-11-25T00:00Z', 15)).toEqual({
      outsideMinutes: 15,
      restMinutes: 180,
      points: 15 + 465 + 2 * 180 + 120 + 2 * 15,
    });
  });

  test('that work begins in counts until then, each minute begun', () => {
    expect(asked('2026-11-24T07:50:30Z', 15)).toMatchObject({ outsideMinutes: 10 });
  });
});

test('beyond the known calendar there is no answer', () => {
  expect(asked('2200-01-01T00:00Z', 15)).toMatchObject({ reason: 'horizon' });
});

describe('the minutes that are counted', () => {
  test.for([
    ['nothing said', null, 15],
    ['one number', 20, 20],
    ['of this kind', { default: 5, 'handoff.read_back': 30 }, 30],
    ['of another kind', { 'handoff.confirm': 30 }, 15],
    ['of the others', { default: 5 }, 5],
    ['no minutes', 0, 15],
    ['a part of one', 1.5, 15],
    ['more than a shift', 481, 15],
    ['no number', '20', 15],
    ['a list', [20], 15],
    ['nonsense for this kind', { default: 7, 'handoff.read_back': -1 }, 7],
  ] as const)('where the policy has %s', ([, policy, minutes]) => {
    expect(askMinutes(policy, 'handoff.read_back')).toBe(minutes);
  });
});
