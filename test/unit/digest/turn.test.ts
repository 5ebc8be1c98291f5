import { describe, expect, test } from 'vitest';
import {
  type DigestPlan,
  type PersonNow,
  planAfter,
  takeTurn,
} from '../../../domain/digest/turn.ts';
import type { DigestWish } from '../../../domain/people/preferences.ts';
import { dayNumber, type WorkingCalendar } from '../../../domain/time/calendar.ts';
import { openCalendar } from '../../../domain/time/working-time.ts';
import { weekdays } from '../../../domain/time/weekday.ts';
import { wallTime } from '../../../domain/time/zone.ts';

const at = (iso: string): number => Date.parse(iso);
const day = (text: string): number => dayNumber(text) ?? Number.NaN;
const thursdayAtNine: DigestWish = { every: 'week', weekday: 4, minute: 540 };
const office = { mon: [[540, 1_020]], sat: [], sun: [] } as const;

function calendar(zone: string, more: Partial<WorkingCalendar> = {}): WorkingCalendar {
  const week = Object.fromEntries(weekdays.map((name) => [name, office.mon]));
  return {
    zone,
    week: { ...week, ...office } as never,
    days: [],
    absences: [],
    revision: 1,
    ...more,
  };
}

interface Given extends Partial<PersonNow> {
  readonly calendar?: WorkingCalendar;
}

function person({ calendar: given = calendar('Europe/Berlin'), ...more }: Given = {}): PersonNow {
  const reader = { calendar: given, clock: openCalendar(given), quiet: null };
  const had = { day: null, period: null };
  return { wish: thursdayAtNine, isActive: true, reader, had, revision: '1', ...more };
}

function planAt(iso: string, who = person()): DigestPlan {
  const turn = takeTurn(null, who, at(iso));
  if (turn.what !== 'wait') throw new Error('nobody is due before there is a plan');
  return turn.plan;
}

const dueAt = (plan: DigestPlan): string | null =>
  plan.due && new Date(plan.due.at).toISOString().slice(0, 16);

describe('the hour that was asked for', () => {
  test('comes on the wall of the person', () => {
    expect(dueAt(planAt('2027-03-01T00:00Z'))).toBe('2027-03-04T08:00');
    expect(planAt('2027-03-01T00:00Z').due).toMatchObject({ period: day('2027-03-01'), why: null });
  });

  test('moves past a holiday, a leave and a weekend, and says why', () => {
    const holiday = calendar('Europe/Berlin', { days: [{ day: '2027-03-04', kind: 'off' }] });
    const moved = planAt('2027-03-01T00:00Z', person({ calendar: holiday }));
    expect(dueAt(moved)).toBe('2027-03-05T08:00');
    expect(moved.due?.why).toEqual({ code: 'holiday', day: '2027-03-04' });

    const leave = { firstDay: '2027-03-04', lastDay: '2027-03-17' };
    const away = calendar('Europe/Berlin', { absences: [leave] });
    const after = planAt('2027-03-01T00:00Z', person({ calendar: away }));
    // Three Thursdays have come by then: one digest, of the last of their weeks.
    expect(dueAt(after)).toBe('2027-03-18T08:00');
    expect(after.due).toMatchObject({ period: day('2027-03-15'), why: { code: 'absence' } });

    const sunday = person({ wish: { ...thursdayAtNine, weekday: 7 } });
    const monday = planAt('2027-03-01T00:00Z', sunday);
    expect(dueAt(monday)).toBe('2027-03-08T08:00');
    expect(monday.due?.why).toEqual({ code: 'weekend' });
  });

  test.each([
    ['in the gap, it comes at its end', '2027-03-27T12:00Z', 150, '2027-03-28T01:00'],
    ['in a repeated hour, it comes the first time', '2027-10-30T12:00Z', 150, '2027-10-31T00:30'],
  ])('%s', (_name, from, minute, expected) => {
    const nights = Object.fromEntries(weekdays.map((name) => [name, [[0, 480]]]));
    const night = calendar('Europe/Berlin', { week: nights as never });
    const who = person({ calendar: night, wish: { every: 'day', weekday: 1, minute } });
    const first = planAt(from, who);
    expect(dueAt(first)).toBe(expected);
    const had = { day: first.due?.day ?? null, period: first.due?.period ?? null };
    const next = planAfter({ since: first.since, what: 'compose' }, { ...who, had }, first.due!.at);
    expect(next.due!.at - first.due!.at).toBeGreaterThan(20 * 3_600_000);
  });

  test.each([
    ['every day', { every: 'day', weekday: 4, minute: 540 }, '2027-03-02T08:00'],
    ['every second week', { every: 'fortnight', weekday: 4, minute: 540 }, '2027-03-11T08:00'],
    ['the first of a month', { every: 'month', weekday: 4, minute: 540 }, '2027-03-04T08:00'],
    ['never', { every: 'never', weekday: 4, minute: 540 }, null],
  ] as const)('in the rhythm: %s', (_name, wish, expected) => {
    expect(dueAt(planAt('2027-03-02T00:00Z', person({ wish })))).toBe(expected);
  });

  test('never comes to whoever has left, or never works', () => {
    expect(planAt('2027-03-01T00:00Z', person({ isActive: false })).due).toBeNull();
    const nothing = Object.fromEntries(weekdays.map((name) => [name, []])) as never;
    const idle = person({ calendar: calendar('Europe/Berlin', { week: nothing }) });
    expect(planAt('2027-03-01T00:00Z', idle).due).toBeNull();
  });
});

describe('what changes before it comes', () => {
  const plan = planAt('2027-03-01T00:00Z');
  const wait = (who: PersonNow, iso: string): DigestPlan => {
    const turn = takeTurn(plan, who, at(iso));
    if (turn.what !== 'wait') throw new Error('it was due');
    return turn.plan;
  };

  test('another hour, said five minutes before, counts at once', () => {
    const later = person({ wish: { ...thursdayAtNine, minute: 600 } });
    expect(dueAt(wait(later, '2027-03-04T07:55Z'))).toBe('2027-03-04T09:00');
    const earlier = person({ wish: { ...thursdayAtNine, minute: 480 } });
    expect(dueAt(wait(earlier, '2027-03-04T07:55Z'))).toBe('2027-03-11T08:00');
    const ended = person({ wish: { ...thursdayAtNine, every: 'never' } });
    expect(wait(ended, '2027-03-04T07:55Z').due).toBeNull();
  });

  test('another rhythm on the day of a digest begins on the next one', () => {
    const had = { day: day('2027-03-04'), period: null };
    const daily = person({ wish: { every: 'day', weekday: 1, minute: 720 }, had });
    expect(dueAt(wait(daily, '2027-03-04T09:00Z'))).toBe('2027-03-05T11:00');
  });

  test('a move to another zone moves the hour, and a week has one digest still', () => {
    const tokyo = calendar('Asia/Tokyo');
    const moved = person({ calendar: tokyo, revision: '2' });
    expect(dueAt(wait(moved, '2027-03-03T08:00Z'))).toBe('2027-03-04T00:00');

    // Had on Thursday in Tokyo, it is still Wednesday in New York.
    const had = { day: day('2027-03-04'), period: day('2027-03-01') };
    const newYork = person({ calendar: calendar('America/New_York'), had, revision: '3' });
    expect(dueAt(wait(newYork, '2027-03-04T00:30Z'))).toBe('2027-03-11T14:00');
  });

  test('a holiday found on the day itself moves it', () => {
    const holiday = calendar('Europe/Berlin', { days: [{ day: '2027-03-04', kind: 'off' }] });
    const who = person({ calendar: holiday, revision: '2' });
    expect(dueAt(wait(who, '2027-03-04T08:01Z'))).toBe('2027-03-05T08:00');
  });

  test('whoever has left has none to come, and whoever returns begins anew', () => {
    const gone = wait(person({ isActive: false, revision: '2' }), '2027-03-03T00:00Z');
    expect(gone.due).toBeNull();
    const back = takeTurn(gone, person({ revision: '3' }), at('2028-03-03T12:00Z'));
    expect(back).toMatchObject({ what: 'wait', plan: { due: { at: at('2028-03-09T08:00Z') } } });
  });
});

describe('its time has come', () => {
  const plan = planAt('2027-03-01T00:00Z');
  const monday = day('2027-03-01');

  test('it is composed, and the next is that of the next week', () => {
    const turn = takeTurn(plan, person(), at('2027-03-04T08:03Z'));
    expect(turn).toMatchObject({ what: 'compose', due: { period: monday } });
    const had = { day: day('2027-03-04'), period: monday };
    const ended = { since: plan.since, what: 'compose' } as const;
    const next = planAfter(ended, person({ had }), at('2027-03-04T08:03Z'));
    expect(dueAt(next)).toBe('2027-03-11T08:00');
  });

  test('late within the limit but after work, it waits for the next working minute', () => {
    const turn = takeTurn(plan, person(), at('2027-03-04T18:00Z'));
    expect(turn).toMatchObject({ what: 'wait', plan: { due: { at: at('2027-03-05T08:00Z') } } });
  });

  test('each that is later than the limit is skipped by itself, and the first that is not still comes', () => {
    const daily: DigestWish = { every: 'day', weekday: 1, minute: 540 };
    let plan = planAt('2027-03-01T00:00Z', person({ wish: daily }));
    const now = at('2027-03-04T09:00Z');
    for (const skipped of ['2027-03-01', '2027-03-02', '2027-03-03'].map(day)) {
      const had = { day: skipped - 1, period: skipped - 1 };
      const turn = takeTurn(plan, person({ wish: daily, had }), now);
      expect(turn).toMatchObject({ what: 'skip', due: { period: skipped } });
      const next = person({ wish: daily, had: { day: skipped, period: skipped } });
      plan = planAfter({ since: plan.since, what: 'skip' }, next, now);
    }
    const had = { day: day('2027-03-03'), period: day('2027-03-03') };
    const turn = takeTurn(plan, person({ wish: daily, had }), now);
    expect(turn).toMatchObject({ what: 'compose', due: { period: day('2027-03-04') } });
    expect(wallTime(now, 'Europe/Berlin').day).toBe(day('2027-03-04'));
  });

  test('how late it is counts from its own hour, moved into working time, and not from its slot', () => {
    // Whoever works from two to eleven at night wished for nine: it comes at two.
    const late = Object.fromEntries(weekdays.map((name) => [name, [[840, 1_380]]])) as never;
    const wish: DigestWish = { every: 'day', weekday: 1, minute: 540 };
    const who = (had: PersonNow['had']) =>
      person({ calendar: calendar('Europe/Berlin', { week: late }), wish, had });
    const plan = planAt('2027-03-01T00:00Z', who({ day: null, period: null }));
    expect(dueAt(plan)).toBe('2027-03-01T13:00');
    const now = at('2027-03-02T21:30Z');
    expect(takeTurn(plan, who({ day: null, period: null }), now).what).toBe('skip');
    const had = { day: monday, period: monday };
    const next = planAfter({ since: plan.since, what: 'skip' }, who(had), now);
    expect(takeTurn(next, who(had), now)).toMatchObject({
      what: 'compose',
      due: { period: monday + 1 },
    });
  });

  test('planned for the last minute of a day, it is composed in the minutes after', () => {
    const last: DigestWish = { ...thursdayAtNine, minute: 1_019 };
    const due = planAt('2027-03-01T00:00Z', person({ wish: last }));
    expect(dueAt(due)).toBe('2027-03-04T15:59');
    expect(takeTurn(due, person({ wish: last }), at('2027-03-04T16:04Z')).what).toBe('compose');
  });
});
