/**
 * Working time by walking: the wall clock is read from the runtime at every step, the rules of the
 * calendar are looked up for that wall time, and steps are counted one by one. Slow, obvious, and
 * without a line in common with the engine.
 */
import type { WorkingCalendar } from '../../domain/time/calendar.ts';

/** What the wall clock of a zone shows at each step of a stretch of time. */
export interface Walk {
  readonly from: number;
  readonly stepMs: number;
  readonly steps: number;
  readonly dates: readonly string[];
  readonly minutes: Uint16Array;
}

interface Stretch {
  readonly from: number;
  readonly until: number;
  readonly stepMs: number;
}

export function walk(zone: string, { from, until, stepMs }: Stretch): Walk {
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  const steps = (until - from) / stepMs;
  const dates: string[] = [];
  const minutes = new Uint16Array(steps);
  for (let step = 0; step < steps; step++) {
    // `11/01/2026, 01:30`
    const shown = clock.format(from + step * stepMs);
    const [month, day, rest] = shown.split('/');
    const [year, time] = (rest ?? '').split(', ');
    const [hour, minute] = (time ?? '').split(':');
    dates.push(`${year}-${month}-${day}`);
    minutes[step] = Number(hour) * 60 + Number(minute);
  }
  return { from, stepMs, steps, dates, minutes };
}

/** The same for a zone that no runtime knows. */
export function walkOf(offsetAt: (at: number) => number, { from, until, stepMs }: Stretch): Walk {
  const steps = (until - from) / stepMs;
  const shown = Array.from({ length: steps }, (_, step) => {
    const at = from + step * stepMs;
    return new Date(at + offsetAt(at)).toISOString();
  });
  const minutes = shown.map((text) => Number(text.slice(11, 13)) * 60 + Number(text.slice(14, 16)));
  const dates = shown.map((text) => text.slice(0, 10));
  return { from, stepMs, steps, dates, minutes: Uint16Array.from(minutes) };
}

const names = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

type Hours = readonly (readonly [number, number])[];

const daysLater = (date: string, days: number): string => {
  const moved = new Date(`${date}T12:00:00Z`);
  moved.setUTCDate(moved.getUTCDate() + days);
  return moved.toISOString().slice(0, 10);
};

const weekdayOf = (date: string): (typeof names)[number] =>
  names[new Date(`${date}T12:00:00Z`).getUTCDay()] ?? 'sun';

const mondayOf = (date: string): string => {
  let day = date;
  while (weekdayOf(day) !== 'mon') day = daysLater(day, -1);
  return day;
};

/** The roster of that date, its weeks counted off one by one; else the usual week. */
function ofWeek(calendar: WorkingCalendar, date: string): Hours {
  const roster = calendar.rosters?.find(
    ({ firstDay, lastDay }) => firstDay <= date && (lastDay === undefined || date <= lastDay),
  );
  if (!roster) return calendar.week[weekdayOf(date)];
  let turn = 0;
  for (let monday = mondayOf(roster.firstDay); monday < mondayOf(date);) {
    monday = daysLater(monday, 7);
    turn = turn + 1 === roster.weeks.length ? 0 : turn + 1;
  }
  return roster.weeks[turn]?.[weekdayOf(date)] ?? [];
}

/** Whether a minute of a wall day is free, whatever shift it would belong to. */
function isFree(calendar: WorkingCalendar, date: string, minute: number): boolean {
  const special = calendar.days.find(({ day }) => day === date);
  const isHoliday =
    calendar.holidayRule === 'day' &&
    (special?.kind === 'off' ||
      (special?.kind === 'half' && minute >= (special.halfUntilMinute ?? 0)));
  return (
    isHoliday ||
    (calendar.hoursOff ?? []).some(({ day, interval: [from, until] }) =>
      [0, 1].some((back) => {
        const there = minute + back * 1440;
        return daysLater(day, back) === date && from <= there && there < until;
      }),
    )
  );
}

/** The shifts that begin on a date: the first layer that says something about it decides. */
function hoursOf(calendar: WorkingCalendar, date: string): Hours {
  const oneOff = calendar.oneOffs?.find((day) => day.day === date);
  if (oneOff) return oneOff.intervals;
  const absent = calendar.absences.some((a) => a.firstDay <= date && date <= a.lastDay);
  if (absent) return [];
  const special = calendar.days.find((day) => day.day === date);
  const own = ofWeek(calendar, date);
  if (!special) return own;
  if (calendar.holidayRule === 'day' && special.kind !== 'working') return own;
  if (special.kind === 'off') return [];
  if (special.kind === 'half') {
    const noon = special.halfUntilMinute ?? 0;
    return own.map(([start, end]): readonly [number, number] => [start, Math.min(end, noon)]);
  }
  if (special.like) {
    let day = mondayOf(date);
    while (weekdayOf(day) !== special.like) day = daysLater(day, 1);
    return ofWeek(calendar, day);
  }
  for (let back = 0; back < 7; back++) {
    const borrowed = ofWeek(calendar, daysLater(date, -back));
    if (borrowed.length > 0) return borrowed;
  }
  return [];
}

export interface Oracle {
  readonly steps: number;
  at(step: number): number;
  isWorking(step: number): boolean;
  /** Steps, or null when the walk ends before the answer. */
  next(step: number): number | null;
  previous(step: number): number | null;
  add(step: number, count: number): number | null;
  between(from: number, to: number): number;
}

export function oracle(walk: Walk, calendar: WorkingCalendar): Oracle {
  const working = workingSteps(walk, calendar);
  const { steps, from, stepMs } = walk;
  return {
    steps,
    at: (step) => from + step * stepMs,
    isWorking: (step) => working[step] === 1,
    next(step) {
      for (let s = step; s < steps; s++) if (working[s] === 1) return s;
      return null;
    },
    previous(step) {
      for (let s = step; s > 0; s--) if (working[s - 1] === 1) return s;
      return null;
    },
    add(step, count) {
      const direction = Math.sign(count);
      let left = Math.abs(count);
      let s = step;
      while (left > 0 && s >= 0 && s <= steps) {
        left -= working[direction > 0 ? s : s - 1] ?? 0;
        s += direction;
      }
      return left > 0 ? null : s;
    },
    between(from, to) {
      let sum = 0;
      for (let s = from; s < to; s++) sum += working[s] ?? 0;
      return sum;
    },
  };
}

function workingSteps(walk: Walk, calendar: WorkingCalendar): Uint8Array {
  interface Began {
    readonly list: Hours;
    /** Nothing is taken from a one-off day. */
    readonly isExact: boolean;
  }
  const hours = new Map<string, readonly Began[]>();
  const around = (date: string): readonly Began[] => {
    const known = hours.get(date);
    if (known) return known;
    const found = [0, 1, 2].map((back): Began => {
      const began = daysLater(date, -back);
      const isExact = calendar.oneOffs?.some(({ day }) => day === began) ?? false;
      return { list: hoursOf(calendar, began), isExact };
    });
    hours.set(date, found);
    return found;
  };
  return Uint8Array.from({ length: walk.steps }, (_, step) => {
    const minute = walk.minutes[step] ?? 0;
    const date = walk.dates[step] ?? '';
    const isWork = around(date).some(
      ({ list, isExact }, back) =>
        list.some(([start, end]) => start <= minute + back * 1440 && minute + back * 1440 < end) &&
        (isExact || !isFree(calendar, date, minute)),
    );
    return isWork ? 1 : 0;
  });
}
