import { assert, integer, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sendTime } from '../../../domain/notice/send-time.ts';
import type { QuietHours } from '../../../domain/people/preferences.ts';
import type { WorkingCalendar } from '../../../domain/time/calendar.ts';
import { openCalendar } from '../../../domain/time/working-time.ts';

const office = [[540, 1020]] as const;
const week = { mon: office, tue: office, wed: office, thu: office, fri: office, sat: [], sun: [] };
const none = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };

/**
 * From nine to five in Berlin; Thursday 2027-03-04 is a holiday, Tuesday the 9th leave. Easter is on
 * March 28th, and Saturday, May 1st, a holiday that costs no work. Of some days it says more.
 */
const calendar: WorkingCalendar = {
  zone: 'Europe/Berlin',
  week,
  days: ['2027-03-04', '2027-03-26', '2027-03-29', '2027-05-01', '2027-05-06', '2027-05-07'].map(
    (day) => ({ day, kind: 'off' }) as const,
  ),
  absences: [
    { firstDay: '2027-03-09', lastDay: '2027-03-09' },
    { firstDay: '2027-05-13', lastDay: '2027-05-13' },
  ],
  hoursOff: [{ day: '2027-05-20', interval: [540, 660] }],
  revision: 1,
};
const reader = (quiet: QuietHours | null = null, of = calendar) => ({
  calendar: of,
  clock: openCalendar(of),
  quiet,
});
const berlin = (text: string): number =>
  Date.parse(`${text}:00+0${text < '2027-03-28' ? 1 : 2}:00`);
const hours = (from: number, until: number): QuietHours => ({ from: from * 60, until: until * 60 });

describe('a message that can wait', () => {
  test.for([
    ['2027-03-01T10:00', null, '2027-03-01T10:00', null],
    ['2027-03-01T20:00', null, '2027-03-02T09:00', { code: 'outside_working_time' }],
    ['2027-03-05T18:00', null, '2027-03-08T09:00', { code: 'weekend' }],
    ['2027-03-03T18:00', null, '2027-03-05T09:00', { code: 'holiday', day: '2027-03-04' }],
    ['2027-03-08T17:30', null, '2027-03-10T09:00', { code: 'absence' }],
    ['2027-03-01T09:30', hours(7, 11), '2027-03-01T11:00', { code: 'quiet_hours' }],
    ['2027-03-01T16:30', hours(16, 10), '2027-03-02T10:00', { code: 'quiet_hours' }],
    ['2027-03-01T12:00', hours(0, 23), '2027-03-01T12:00', { code: 'quiet_overruled' }],
    // Of several that hold it in turn, the last.
    ['2027-03-01T20:00', hours(7, 11), '2027-03-02T11:00', { code: 'quiet_hours' }],
    ['2027-03-01T16:30', hours(16, 8), '2027-03-02T09:00', { code: 'outside_working_time' }],
    ['2027-03-05T18:00', hours(7, 11), '2027-03-08T11:00', { code: 'quiet_hours' }],
    ['2027-04-30T18:00', null, '2027-05-03T09:00', { code: 'weekend' }],
    ['2027-03-25T18:00', null, '2027-03-30T09:00', { code: 'holiday', day: '2027-03-29' }],
    ['2027-05-05T18:00', null, '2027-05-10T09:00', { code: 'holiday', day: '2027-05-07' }],
    ['2027-05-12T18:00', null, '2027-05-14T09:00', { code: 'absence' }],
    ['2027-05-19T20:00', null, '2027-05-20T11:00', { code: 'absence' }],
  ] as const)('planned at %s with quiet hours %j goes out at %s', ([at, quiet, sendAt, why]) => {
    const found = sendTime('working', berlin(at), reader(quiet));
    expect(found).toEqual({ sendAt: berlin(sendAt), why });
  });

  test.for([
    [
      'Asia/Riyadh',
      { ...week, sun: office, fri: [] },
      '2027-03-04T18:00+03:00',
      '2027-03-07T09:00+03:00',
    ],
    [
      'Asia/Kathmandu',
      { ...week, sun: office },
      '2027-03-05T18:00+05:45',
      '2027-03-07T09:00+05:45',
    ],
    ['Europe/Berlin', week, '2027-03-05T18:00+01:00', '2027-03-08T09:00+01:00'],
  ] as const)(
    'waits for the end of the weekend that the country of its reader in %s has',
    ([zone, of, at, sendAt]) => {
      const there = reader(null, { ...calendar, zone, week: of, days: [], absences: [] });
      expect(sendTime('working', Date.parse(at), there)).toEqual({
        sendAt: Date.parse(sendAt),
        why: { code: 'weekend' },
      });
    },
  );

  test.for([
    ['2027-03-02T09:00', '2027-03-02T11:30', null, '2027-03-02T11:30', { code: 'rest' }],
    ['2027-03-01T20:00', '2027-03-02T11:30', null, '2027-03-02T11:30', { code: 'rest' }],
    [
      '2027-03-02T09:00',
      '2027-03-02T11:30',
      hours(7, 12),
      '2027-03-02T12:00',
      { code: 'quiet_hours' },
    ],
    [
      '2027-03-01T20:00',
      '2027-03-02T08:00',
      null,
      '2027-03-02T09:00',
      { code: 'outside_working_time' },
    ],
    ['2027-03-05T16:00', '2027-03-05T18:00', null, '2027-03-08T09:00', { code: 'weekend' }],
    ['2027-03-02T12:00', '2027-03-02T11:30', null, '2027-03-02T12:00', null],
  ] as const)(
    'planned at %s goes out after the rest until %s',
    ([at, rest, quiet, sendAt, why]) => {
      const resting = { ...reader(quiet), restsUntil: berlin(rest) };
      expect(sendTime('working', berlin(at), resting)).toEqual({ sendAt: berlin(sendAt), why });
      expect(sendTime('now', berlin(at), resting).sendAt).toBe(berlin(at));
    },
  );

  test('is not kept from somebody who never works', () => {
    const idle = reader(null, { ...calendar, week: none });
    const at = berlin('2027-03-01T12:00');
    expect(sendTime('digest', at, idle)).toEqual({ sendAt: at, why: { code: 'no_working_time' } });
  });

  test('goes out at the first minute that is work and not quiet, as a walk finds it', () => {
    const minuteOf = integer({ min: 0, max: 1_439 });
    const quietHours = record({ from: minuteOf, until: minuteOf }).filter(
      ({ from, until }) => from !== until,
    );
    const start = berlin('2027-03-27T00:00'); // the clocks change on the 28th
    const clock = openCalendar({ ...calendar, week: { ...week, sun: [[0, 1440]] } });
    const wall = new Intl.DateTimeFormat('en-GB', {
      timeZone: 'Europe/Berlin',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    const isQuiet = (at: number, { from, until }: QuietHours): boolean => {
      const [hour = 0, minute = 0] = wall.format(at).split(':').map(Number);
      const now = hour * 60 + minute;
      return from < until ? now >= from && now < until : now >= from || now < until;
    };
    assert(
      property(quietHours, integer({ min: 0, max: 3 * 1_440 }), (quiet, minutes) => {
        const at = start + minutes * 60_000;
        const found = sendTime('working', at, { calendar, clock, quiet });
        let walked = at;
        const end = at + 10 * 86_400_000;
        while (walked < end && (!clock.isWorking(walked) || isQuiet(walked, quiet)))
          walked += 60_000;
        const expected = walked < end ? walked : clock.nextWorking(at);
        expect(found.sendAt).toBe(expected);
      }),
      { numRuns: 100 },
    );
  });
});

test('what cannot wait goes out at any hour', () => {
  const at = berlin('2027-03-07T03:00');
  expect(sendTime('now', at, reader(hours(0, 23)))).toEqual({ sendAt: at, why: null });
});
