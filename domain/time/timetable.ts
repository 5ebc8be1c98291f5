/** Calendars worked out into windows, on demand, within a fixed amount of memory. */
import { assert } from '../assert.ts';
import type { WorkingCalendar } from './calendar.ts';
import { checkCalendar } from './check-calendar.ts';
import { type Shifts, shiftsOf } from './shifts.ts';
import { weekdays } from './weekday.ts';
import { type Window, buildWindow } from './window.ts';
import { type ZoneData, windowMs, windowsMax } from './zone.ts';

/** One content: the same hours, days off and zone, whoever they belong to and whatever revision. */
export interface Timetable {
  readonly zone: string;
  readonly shifts: Shifts;
  readonly windows: (Window | undefined)[];
  /** Works out the window with this index, from 0 to below `windowsMax`, and keeps it. */
  build(index: number): Window;
}

export interface TimetableStore {
  open(calendar: WorkingCalendar, zones: ZoneData): Timetable;
  readonly bytes: number;
}

/** Some 2,000 calendars of two shifts a day over two years. */
export const storeBytesMax = 64 * 2 ** 20;

/**
 * Forgets the windows that were opened or built longest ago once all take more than `bytesMax`. A
 * clock whose windows were forgotten works them out again when it is asked.
 */
export function timetableStore(bytesMax: number): TimetableStore {
  const byContent = new Map<string, Timetable>();
  const held = new Map<Timetable, { readonly content: string; bytes: number }>();
  let bytes = 0;

  const hold = (timetable: Timetable, content: string, added: number): void => {
    const entry = held.get(timetable) ?? { content, bytes: 0 };
    entry.bytes += added;
    bytes += added;
    held.delete(timetable);
    held.set(timetable, entry);
    for (const [oldest, { content, bytes: freed }] of held) {
      if (bytes <= bytesMax || oldest === timetable) break;
      held.delete(oldest);
      bytes -= freed;
      oldest.windows.fill(undefined);
      if (byContent.get(content) === oldest) byContent.delete(content);
    }
  };

  const open = (calendar: WorkingCalendar, zones: ZoneData): Timetable => {
    const content = contentOf(calendar, zones);
    const known = byContent.get(content);
    if (known) {
      hold(known, content, 0);
      return known;
    }
    const [fault] = checkCalendar(calendar);
    assert(!fault, `calendar checked before it is opened: ${fault?.path} ${fault?.fault}`);
    const { zone } = calendar;
    const shifts = shiftsOf(calendar);
    const windows = Array.from<Window | undefined>({ length: windowsMax });
    const build = (index: number): Window => {
      const from = index * windowMs;
      const window = buildWindow(shifts, zones.segments(zone, from, from + windowMs), from);
      hold(timetable, content, window.bytes + (held.has(timetable) ? 0 : sizeOf(timetable)));
      windows[index] = window;
      return window;
    };
    const timetable: Timetable = { zone, shifts, windows, build };
    byContent.set(content, timetable);
    hold(timetable, content, sizeOf(timetable));
    return timetable;
  };

  return {
    open,
    get bytes() {
      return bytes;
    },
  };
}

/** A timetable without windows: its weeks, its special days, its content as a key. */
function sizeOf({ shifts: { rosters, days } }: Timetable): number {
  const weeks = rosters.reduce((sum, roster) => sum + roster.weeks.length, 0);
  return 4_000 + weeks * 2_000 + days.size * 200;
}

function contentOf(calendar: WorkingCalendar, zones: ZoneData): string {
  const { zone, week, rosters, days, holidayRule, absences, hoursOff, oneOffs } = calendar;
  const hours = weekdays.map((weekday) => week[weekday]);
  const layers = [rosters, days, holidayRule, absences, hoursOff, oneOffs];
  return JSON.stringify([zones.version, zone, hours, ...layers]);
}
