/** Why somebody works, or does not, on a day: which layer decided, and which minutes each changed. */
import { type MinuteInterval, type WorkingCalendar, dayNumber } from './calendar.ts';
import { type Shifts, shiftsOf, shiftsOn } from './shifts.ts';

export const layers = [
  'week',
  'roster',
  'off',
  'half',
  'working',
  'absence',
  'hoursOff',
  'oneOff',
] as const;
export type Layer = (typeof layers)[number];

/** Of one wall day, whichever day the shifts in it began on. */
export interface DayExplained {
  /** The highest layer that says anything about the day. */
  readonly decidedBy: Layer;
  readonly workingMinutes: number;
  /** All in all, against the usual week, or the roster in its place. */
  readonly removedMinutes: number;
  readonly addedMinutes: number;
  /** From the lowest on, those that changed something, each against the ones below it. */
  readonly steps: readonly LayerStep[];
}

export interface LayerStep extends Change {
  readonly layer: Layer;
}

interface Change {
  /** Of the wall day, in order. */
  readonly removed: readonly MinuteInterval[];
  readonly added: readonly MinuteInterval[];
}

/** Days count from 1970-01-01, on the wall of the calendar's zone. */
export type ExplainDay = (day: number) => DayExplained;

const dayMinutes = 1_440;

export function dayExplainer(calendar: WorkingCalendar): ExplainDay {
  const { absences, hoursOff = [], oneOffs = [], ...below } = calendar;
  // Each with one layer more than the one before; an absence on a day outranks what lies below.
  const stack: readonly Shifts[] = [
    { ...below, days: [], absences: [] },
    { ...below, absences: [] },
    { ...below, absences },
    { ...below, absences, hoursOff },
    { ...below, absences, hoursOff, oneOffs },
  ].map(shiftsOf);
  return (day) => {
    const names = namesOn(calendar, day);
    const minutes = stack.map((shifts) => wallMinutes(shifts, day));
    const [usual = nobody, ...above] = minutes;
    const steps = above.flatMap((after, index): LayerStep[] => {
      const change = difference(minutes[index] ?? usual, after);
      const isChange = change.removed.length + change.added.length > 0;
      const layer = names[index + 1] ?? stackNames[index] ?? 'week';
      return isChange ? [{ layer, ...change }] : [];
    });
    const worked = above.at(-1) ?? usual;
    const { removed, added } = difference(usual, worked);
    return {
      decidedBy: names.findLast((name) => name !== undefined) ?? 'week',
      workingMinutes: minutesOf(stretches((minute) => worked[minute] === 1)),
      removedMinutes: minutesOf(removed),
      addedMinutes: minutesOf(added),
      steps,
    };
  };
}

/** Where a layer changes a day by way of a shift of the day before. */
const stackNames: readonly Layer[] = ['off', 'absence', 'hoursOff', 'oneOff'];

/** By height in the stack: the layer's name where it says something about the day itself. */
function namesOn(calendar: WorkingCalendar, day: number): readonly (Layer | undefined)[] {
  const isThatDay = (entry: { readonly day: string }): boolean => dayNumber(entry.day) === day;
  const holds = ({ firstDay, lastDay }: { readonly firstDay: string; readonly lastDay?: string }) =>
    (dayNumber(firstDay) ?? Infinity) <= day &&
    day <= (lastDay === undefined ? Infinity : (dayNumber(lastDay) ?? -Infinity));
  return [
    calendar.rosters?.some(holds) ? 'roster' : 'week',
    calendar.days.find(isThatDay)?.kind,
    calendar.absences.some(holds) ? 'absence' : undefined,
    calendar.hoursOff?.some(isThatDay) ? 'hoursOff' : undefined,
    calendar.oneOffs?.some(isThatDay) ? 'oneOff' : undefined,
  ];
}

/** One for each minute of the wall day: 1 is work. */
type Minutes = Uint8Array;
const nobody: Minutes = new Uint8Array(dayMinutes);

function wallMinutes(shifts: Shifts, day: number): Minutes {
  const minutes = new Uint8Array(dayMinutes);
  const mark = (list: readonly MinuteInterval[], moved: number): void => {
    for (const [start, end] of list) {
      minutes.fill(1, Math.max(0, start - moved), Math.max(0, end - moved));
    }
  };
  mark(shiftsOn(shifts, day - 1), dayMinutes);
  mark(shiftsOn(shifts, day), 0);
  return minutes;
}

const difference = (before: Minutes, after: Minutes): Change => ({
  removed: stretches((minute) => before[minute] === 1 && after[minute] === 0),
  added: stretches((minute) => before[minute] === 0 && after[minute] === 1),
});

/** Of the minutes of a wall day of which it is so. */
function stretches(isSo: (minute: number) => boolean): readonly MinuteInterval[] {
  const found: MinuteInterval[] = [];
  let start: number | undefined;
  for (let minute = 0; minute <= dayMinutes; minute++) {
    const isIn = minute < dayMinutes && isSo(minute);
    if (isIn) start ??= minute;
    else if (start !== undefined) {
      found.push([start, minute]);
      start = undefined;
    }
  }
  return found;
}

/** How many there are in all of them. */
export const minutesOf = (intervals: readonly MinuteInterval[]): number =>
  intervals.reduce((sum, [start, end]) => sum + end - start, 0);
