import { describe, expect, test } from 'vitest';
import { readCalendar, type TimeAway } from '../../../channels/calendar/read-calendar.ts';

const options = {
  zone: 'Europe/Berlin',
  from: Date.parse('2026-11-01T00:00Z'),
  until: Date.parse('2028-11-01T00:00Z'),
  awayMax: 50,
};

const file = (...lines: readonly string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n');
const event = (...lines: readonly string[]): readonly string[] => [
  'BEGIN:VEVENT',
  'UID:one',
  'SUMMARY:Knee surgery at St. Hedwig',
  ...lines,
  'END:VEVENT',
];
const read = (...lines: readonly string[]) => readCalendar(file(...event(...lines)), options);

/** `2026-12-24..2026-12-26`, or `2026-12-24 13:00-15:00`. */
const shown = ({ firstDay, lastDay, fromMinute, untilMinute }: TimeAway): string => {
  if (fromMinute === null || untilMinute === null) return `${firstDay}..${lastDay}`;
  const time = (minute: number) => new Date(minute * 60_000).toISOString().slice(11, 16);
  return `${firstDay} ${time(fromMinute)}-${untilMinute === 1440 ? '24:00' : time(untilMinute)}`;
};
const away = (...lines: readonly string[]): readonly string[] => {
  const found = read(...lines);
  return 'away' in found ? found.away.map(shown) : [`${found.fault} in line ${found.line}`];
};

describe('an event becomes time away on the wall of the person', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    [
      'whole days, whose end is not included',
      ['DTSTART;VALUE=DATE:20261224', 'DTEND;VALUE=DATE:20261227'],
      ['2026-12-24..2026-12-26'],
    ],
    ['a day without an end', ['DTSTART;VALUE=DATE:20261224'], ['2026-12-24..2026-12-24']],
    [
      'a length in days',
      ['DTSTART;VALUE=DATE:20261224', 'DURATION:P3D'],
      ['2026-12-24..2026-12-26'],
    ],
    [
      'hours in UTC',
      ['DTSTART:20261224T120000Z', 'DTEND:20261224T140000Z'],
      ['2026-12-24 13:00-15:00'],
    ],
    [
      'hours in another zone',
      ['DTSTART;TZID=Asia/Tokyo:20261224T210000', 'DTEND;TZID=Asia/Tokyo:20261224T230000'],
      ['2026-12-24 13:00-15:00'],
    ],
    [
      'hours on no clock in particular, which are the person’s own',
      ['DTSTART:20261224T130000', 'DTEND:20261224T150000'],
      ['2026-12-24 13:00-15:00'],
    ],
    [
      'from one afternoon to a morning days later',
      ['DTSTART:20261224T120000Z', 'DTEND:20261227T090000Z'],
      ['2026-12-24 13:00-24:00', '2026-12-25..2026-12-26', '2026-12-27 00:00-10:00'],
    ],
    [
      'from midnight to midnight',
      ['DTSTART:20261224T000000', 'DTEND:20261226T000000'],
      ['2026-12-24..2026-12-25'],
    ],
    [
      'every Friday, but for one',
      ['DTSTART;VALUE=DATE:20261204', 'RRULE:FREQ=WEEKLY;COUNT=4', 'EXDATE;VALUE=DATE:20261211'],
      ['2026-12-04..2026-12-04', '2026-12-18..2026-12-18', '2026-12-25..2026-12-25'],
    ],
    ['what takes no time', ['DTSTART;VALUE=DATE:20261224', 'TRANSP:TRANSPARENT'], []],
    ['what was cancelled', ['DTSTART;VALUE=DATE:20261224', 'STATUS:CANCELLED'], []],
    ['what has long been over', ['DTSTART;VALUE=DATE:20200101'], []],
    ['a moment', ['DTSTART:20261224T120000Z', 'DTEND:20261224T120000Z'], []],
  ])('%s', (_what, lines, expected) => {
    expect(away(...lines)).toEqual(expected);
  });

  test('a zone of the file’s own is read by its VTIMEZONE', () => {
    const text = file(
      'BEGIN:VTIMEZONE',
      'TZID:Our Office',
      'BEGIN:STANDARD',
      'DTSTART:19700101T000000',
      'TZOFFSETFROM:+0900',
      'TZOFFSETTO:+0900',
      'END:STANDARD',
      'END:VTIMEZONE',
      ...event('DTSTART;TZID=Our Office:20261224T210000', 'DTEND;TZID=Our Office:20261224T230000'),
    );
    const found = readCalendar(text, options);
    expect('away' in found && found.away.map(shown)).toEqual(['2026-12-24 13:00-15:00']);
  });

  test('one changed occurrence of many is read in the place of its original', () => {
    const text = file(
      ...event('DTSTART;VALUE=DATE:20261204', 'RRULE:FREQ=WEEKLY;COUNT=2'),
      ...event('RECURRENCE-ID;VALUE=DATE:20261211', 'DTSTART;VALUE=DATE:20261214'),
    );
    const found = readCalendar(text, options);
    expect('away' in found && found.away.map(shown)).toEqual([
      '2026-12-04..2026-12-04',
      '2026-12-14..2026-12-14',
    ]);
  });

  test('nothing that people wrote is kept', () => {
    expect(JSON.stringify(read('DTSTART;VALUE=DATE:20261224'))).not.toMatch(/knee/i);
  });
});

describe('a file that cannot be read says where', () => {
  test.each<[string, string, object]>([
    ['nothing', '', { fault: 'malformed', line: 1 }],
    ['a letter', 'Dear all,\nI am away.', { fault: 'malformed', line: 1 }],
    ['a line without a value', file('NAME'), { fault: 'malformed', line: 3 }],
    [
      'a component that does not end',
      'BEGIN:VCALENDAR\nBEGIN:VEVENT\n',
      { fault: 'malformed', line: 1 },
    ],
    [
      'an end of something else',
      file('BEGIN:VEVENT', 'END:VTODO'),
      { fault: 'malformed', line: 4 },
    ],
    ['a depth without end', 'BEGIN:VCALENDAR\n'.repeat(50_000), { fault: 'malformed', line: 11 }],
    ['an event without a start', file(...event()), { fault: 'event', line: 3 }],
    [
      'an event that ends before it begins',
      file(...event('DTSTART:20261224T120000Z', 'DTEND:20261224T110000Z')),
      { fault: 'event', line: 3 },
    ],
    [
      'a zone that neither IANA nor the file knows',
      file(...event('DTSTART;TZID=Our Office:20261224T210000')),
      { fault: 'event', line: 3 },
    ],
    [
      'a month that is none',
      file(...event('DTSTART;VALUE=DATE:20261301')),
      { fault: 'event', line: 3 },
    ],
    [
      'a day for every day of centuries',
      file(...event('DTSTART;VALUE=DATE:20261201', 'RRULE:FREQ=DAILY')),
      { fault: 'too many', line: 3 },
    ],
  ])('%s', (_what, text, expected) => {
    expect(readCalendar(text, options)).toEqual(expected);
  });
});
