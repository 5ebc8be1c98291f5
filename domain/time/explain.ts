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
  /** Against the usual week, or the roster in its place. */
  readonly removedMinutes: number;
  readonly addedMinutes: number;
  /** From the lowest on, those that changed something, each against the ones below it. */
  readonly steps: readonly LayerStep[];
}

export interface LayerStep {
  readonly layer: Layer;
  readonly removedMinutes: number;
  readonly addedMinutes: number;
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
      const step = difference(minutes[index] ?? usual, after);
      const isChange = step.removedMinutes + step.addedMinutes > 0;
      return isChange ? [{ layer: names[index + 1] ?? stackNames[index] ?? 'week', ...step }] : [];
    });
    return {
      decidedBy: names.findLast((name) => name !== undefined) ?? 'week',
      workingMinutes: count(above.at(-1) ?? usual),
      ...difference(usual, above.at(-1) ?? usual),
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

const count = (minutes: Minutes): number => minutes.reduce((sum, minute) => sum + minute, 0);

function difference(before: Minutes, after: Minutes): Omit<LayerStep, 'layer'> {
  let removedMinutes = 0;
  let addedMinutes = 0;
  for (let minute = 0; minute < dayMinutes; minute++) {
    const change = (after[minute] ?? 0) - (before[minute] ?? 0);
    if (change < 0) removedMinutes++;
    else if (change > 0) addedMinutes++;
  }
  return { removedMinutes, addedMinutes };
}
