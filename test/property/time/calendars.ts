/** Calendars that are hard on clocks, with special days around a given date. */
import type {
  MinuteInterval,
  Roster,
  Week,
  WorkingCalendar,
} from '../../../domain/time/calendar.ts';

const everyDay = (...hours: MinuteInterval[]): Week => ({
  mon: hours,
  tue: hours,
  wed: hours,
  thu: hours,
  fri: hours,
  sat: hours,
  sun: hours,
});

const plain = (zone: string, week: Week): WorkingCalendar => ({
  zone,
  week,
  days: [],
  absences: [],
  revision: 1,
});

const later = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

const office: MinuteInterval[] = [
  [8 * 60 + 30, 12 * 60],
  [13 * 60, 17 * 60 + 30],
];

export function namedCalendars(zone: string, around: string): Record<string, WorkingCalendar> {
  const officeWeek = { ...everyDay(...office), sat: [], sun: [] };
  return {
    office: plain(zone, officeWeek),
    'Sunday to Thursday': plain(zone, { ...everyDay([480, 1020]), fri: [], sat: [] }),
    'night shifts': plain(zone, everyDay([22 * 60, 30 * 60])),
    'around the clock': plain(zone, everyDay([0, 1440])),
    'either side of midnight': plain(zone, everyDay([0, 40], [61, 185], [1380, 1440])),
    'two days at a stretch': plain(zone, {
      ...everyDay(),
      fri: [[600, 2880]],
      tue: [[1439, 2500]],
    }),
    'three weeks in turn': {
      ...plain(zone, everyDay([540, 1020])),
      rosters: [
        {
          firstDay: later(around, -8),
          lastDay: later(around, 7),
          weeks: [everyDay([360, 840]), everyDay([840, 1320]), everyDay([1320, 1800])],
        },
      ],
    },
    'nights through holidays and hours off': {
      ...plain(zone, everyDay([1200, 1740])),
      holidayRule: 'day',
      days: [
        { day: later(around, -2), kind: 'off' },
        { day: around, kind: 'half', halfUntilMinute: 1300 },
        { day: later(around, 2), kind: 'working', like: 'mon' },
      ],
      hoursOff: [
        { day: later(around, 1), interval: [60, 150] },
        { day: later(around, 3), interval: [1380, 1500] },
        { day: later(around, 4), interval: [30, 200] },
      ],
      oneOffs: [{ day: later(around, 4), intervals: [[70, 110]] }],
    },
    'weeks by date, each with its holiday rule': {
      ...plain(zone, everyDay([540, 1020])),
      rosters: [
        {
          firstDay: later(around, -9),
          lastDay: later(around, -6),
          weeks: [everyDay([1200, 1740])],
        },
        // Three days without one.
        {
          firstDay: later(around, -2),
          lastDay: later(around, 2),
          weeks: [{ ...everyDay([1200, 1740]), holidayRule: 'day' }],
        },
        {
          firstDay: later(around, 3),
          weeks: [
            everyDay([0, 1440]),
            { ...everyDay([600, 2040]), sun: [[600, 1440]], holidayRule: 'day' },
          ],
        },
      ],
      days: [
        { day: later(around, -8), kind: 'off' },
        { day: later(around, -4), kind: 'half', halfUntilMinute: 600 },
        { day: later(around, -1), kind: 'off' },
        { day: later(around, 1), kind: 'half', halfUntilMinute: 1300 },
        { day: later(around, 4), kind: 'working', like: 'sun' },
        { day: later(around, 5), kind: 'off' },
      ],
      absences: [
        { firstDay: later(around, -7), lastDay: later(around, -6) },
        { firstDay: later(around, -6), lastDay: later(around, -5) },
      ],
      hoursOff: [
        { day: later(around, 0), interval: [60, 150] },
        { day: later(around, 0), interval: [120, 1441] },
      ],
    },
    'special days': {
      ...plain(zone, { ...officeWeek, mon: [[1320, 1800]] }),
      days: [
        { day: later(around, -2), kind: 'off' },
        { day: later(around, -1), kind: 'half', halfUntilMinute: 780 },
        { day: around, kind: 'working', like: 'mon' },
        { day: later(around, 1), kind: 'working' },
        { day: later(around, 6), kind: 'working' },
      ],
      absences: [{ firstDay: later(around, 2), lastDay: later(around, 4) }],
      oneOffs: [{ day: later(around, 3), intervals: [[1200, 1600]] }],
    },
  };
}

/** Any calendar at all, its special days within a week of `around`. */
export function randomCalendar(
  random: () => number,
  zone: string,
  around: string,
): WorkingCalendar {
  const below = (count: number): number => Math.floor(random() * count);
  const hours = (): readonly MinuteInterval[] => {
    const bounds = Array.from({ length: 2 * below(4) }, () => below(1441)).sort((a, b) => a - b);
    const pairs: MinuteInterval[] = [];
    for (let i = 0; i < bounds.length; i += 2) pairs.push([bounds[i] ?? 0, bounds[i + 1] ?? 0]);
    return pairs.filter(([start, end]) => start < end);
  };
  const week = (mon: readonly MinuteInterval[], rest: typeof hours): Week => ({
    mon,
    tue: rest(),
    wed: rest(),
    thu: rest(),
    fri: rest(),
    sat: rest(),
    sun: [[600 + below(600), 1440 + below((mon[0]?.[0] ?? 1440) + 1)]],
  });
  const day = (): string => later(around, below(15) - 7);
  const rule = (): { readonly holidayRule?: 'day' | 'shift' } =>
    [{}, { holidayRule: 'day' as const }, { holidayRule: 'shift' as const }][below(3)] ?? {};
  const mon = hours();
  const rosters: Roster[] = [];
  for (let at = -9 + below(9); at < 9 && random() < 0.7; at += 1 + below(2)) {
    const firstDay = later(around, at);
    const weeks = Array.from({ length: 1 + below(3) }, () => ({ ...week(mon, hours), ...rule() }));
    at += below(6);
    rosters.push({ firstDay, lastDay: later(around, at), weeks });
  }
  const days = new Set(Array.from({ length: below(5) }, day));
  return {
    zone,
    week: week(mon, hours),
    days: Array.from(days, (day): WorkingCalendar['days'][number] => {
      const kind = (['off', 'half', 'working'] as const)[below(3)] ?? 'off';
      if (kind === 'half') return { day, kind, halfUntilMinute: below(1441) };
      return kind === 'working' && random() < 0.5 ? { day, kind, like: 'sun' } : { day, kind };
    }),
    absences: Array.from({ length: below(4) }, () => {
      const firstDay = day();
      return { firstDay, lastDay: later(firstDay, below(3)) };
    }),
    oneOffs: random() < 0.3 ? [{ day: day(), intervals: hours() }] : [],
    ...rule(),
    hoursOff: Array.from({ length: below(3) }, () => {
      const from = below(1440);
      return { day: day(), interval: [from, from + 1 + below(1440)] as const };
    }),
    rosters,
    revision: 1,
  };
}
