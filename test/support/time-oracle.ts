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
  let last = '';
  const minutes = new Uint16Array(steps);
  for (let step = 0; step < steps; step++) {
    // `11/01/2026, 01:30`
    const shown = clock.format(from + step * stepMs);
    const [month, day, rest] = shown.split('/');
    const [year, time] = (rest ?? '').split(', ');
    const [hour, minute] = (time ?? '').split(':');
    // One text for each date is looked up much faster than its equals.
    const date = `${year}-${month}-${day}`;
    if (date !== last) last = date;
    dates.push(last);
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

interface Rule {
  readonly holidayRule?: WorkingCalendar['holidayRule'];
}

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
function weekOf(calendar: WorkingCalendar, date: string): WorkingCalendar['week'] & Rule {
  const roster = calendar.rosters?.find(
    ({ firstDay, lastDay }) => firstDay <= date && (lastDay === undefined || date <= lastDay),
  );
  if (!roster) return { ...calendar.week, holidayRule: calendar.holidayRule };
  let turn = 0;
  for (let monday = mondayOf(roster.firstDay); monday < mondayOf(date);) {
    monday = daysLater(monday, 7);
    turn = turn + 1 === roster.weeks.length ? 0 : turn + 1;
  }
  const week = roster.weeks[turn] ?? calendar.week;
  return { holidayRule: calendar.holidayRule, ...week };
}

const ofWeek = (calendar: WorkingCalendar, date: string): Hours =>
  weekOf(calendar, date)[weekdayOf(date)];

/** 1 for each minute of the wall day that is free, whatever shift it would belong to. */
function freeMinutes(calendar: WorkingCalendar, date: string): Uint8Array {
  const free = new Uint8Array(1440);
  const special = calendar.days.find(({ day }) => day === date);
  if (special && weekOf(calendar, date).holidayRule === 'day') {
    if (special.kind === 'off') free.fill(1);
    if (special.kind === 'half') free.fill(1, special.halfUntilMinute ?? 0);
  }
  for (const { day, interval } of calendar.hoursOff ?? []) {
    for (const back of [0, 1]) {
      if (daysLater(day, back) !== date) continue;
      for (let minute = 0; minute < 1440; minute++) {
        const there = minute + back * 1440;
        if (interval[0] <= there && there < interval[1]) free[minute] = 1;
      }
    }
  }
  return free;
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
  const { holidayRule } = weekOf(calendar, date);
  if (holidayRule === 'day' && special.kind !== 'working') return own;
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
      let left = Math.abs(count);
      let s = step;
      if (count > 0) while (left > 0 && s < steps) left -= working[s++] ?? 0;
      else while (left > 0 && s > 0) left -= working[--s] ?? 0;
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
  const days = new Map<string, Uint8Array>();
  const dayOf = (date: string): Uint8Array => {
    const known = days.get(date) ?? workedMinutes(calendar, date);
    days.set(date, known);
    return known;
  };
  const working = new Uint8Array(walk.steps);
  for (let step = 0; step < walk.steps; step++) {
    working[step] = dayOf(walk.dates[step] ?? '')[walk.minutes[step] ?? 0] ?? 0;
  }
  return working;
}

/** 1 for each minute of the wall day in which a shift of that day or of the two before it goes on. */
function workedMinutes(calendar: WorkingCalendar, date: string): Uint8Array {
  const worked = new Uint8Array(1440);
  const free = freeMinutes(calendar, date);
  for (const back of [0, 1, 2]) {
    const began = daysLater(date, -back);
    // Nothing is taken from a one-off day.
    const isExact = calendar.oneOffs?.some(({ day }) => day === began) ?? false;
    for (const [start, end] of hoursOf(calendar, began)) {
      for (let minute = Math.max(0, start - back * 1440); minute < 1440; minute++) {
        if (minute + back * 1440 >= end) break;
        if (isExact || free[minute] === 0) worked[minute] = 1;
      }
    }
  }
  return worked;
}
