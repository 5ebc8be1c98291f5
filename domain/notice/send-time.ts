/** When a message goes out, and why not at once. */
import type { RegionId } from '../id.ts';
import type { Instant, NoticeParams, Urgency } from '../loop.ts';
import type { QuietHours } from '../people/preferences.ts';
import { dayText, type WorkingCalendar } from '../time/calendar.ts';
import { dayExplainer, type DayExplained } from '../time/explain.ts';
import { isLimit } from '../time/limit.ts';
import { atWall } from '../time/wall.ts';
import type { WorkingClock } from '../time/working-time.ts';
import { wallTime } from '../time/zone.ts';

export interface Reader {
  readonly calendar: WorkingCalendar;
  readonly clock: Pick<WorkingClock, 'isWorking' | 'nextWorking'>;
  readonly quiet: QuietHours | null;
  /** Nothing that can wait comes before then; absent, nobody asked them outside their hours. */
  readonly restsUntil?: Instant | null;
}

/**
 * Of rest after what somebody was asked outside their hours, where they had less before: eleven hours in
 * a row, as Directive 2003/88/EC, article 3, has it.
 */
export const restMs = 11 * 3_600_000;

/** Codes with a sentence in `locales/<locale>/reason.json`; a public holiday names its day. */
export type Waiting =
  | { readonly code: 'holiday'; readonly day: string }
  | {
      readonly code:
        | 'absence'
        | 'rest'
        | 'weekend'
        | 'outside_working_time'
        | 'quiet_hours'
        | 'quiet_overruled'
        | 'no_working_time';
    };

/** What the sentence of a wait needs, which is `reason.<code>`. */
export const waitingParams = (why: Waiting, until: Instant, region: RegionId): NoticeParams => ({
  until: { instant: until },
  ...('day' in why && { holiday: { holiday: { region, day: why.day } } }),
});

export interface SendTime {
  readonly sendAt: Instant;
  /** Null when nothing held it and nothing was overruled. */
  readonly why: Waiting | null;
}

/** Rounds of "next work, then the end of quiet"; a fortnight without a minute between is none at all. */
const roundsMax = 30;
/** Wall days looked at for the reason of a wait. */
const daysMax = 31;

/**
 * `now` at once. Otherwise the first working minute of the reader after their rest that lies outside
 * their quiet hours. Quiet hours that leave no working minute are overruled, and somebody who never works is written to
 * at once: nobody is cut off by a setting.
 */
export function sendTime(urgency: Urgency, at: Instant, reader: Reader): SendTime {
  if (urgency === 'now') return { sendAt: at, why: null };
  const first = reader.clock.nextWorking(Math.max(at, reader.restsUntil ?? at));
  if (isLimit(first)) return { sendAt: at, why: { code: 'no_working_time' } };
  let sendAt: Instant = first;
  for (let round = 0; round < roundsMax; round++) {
    const ends = quietUntil(sendAt, reader);
    if (ends === null) return { sendAt, why: sendAt > at ? whyLater(at, sendAt, reader) : null };
    const next = reader.clock.nextWorking(ends);
    if (isLimit(next)) break;
    sendAt = next;
  }
  return { sendAt: first, why: { code: 'quiet_overruled' } };
}

/** Though it is working time. */
export const isLeftAlone = (at: Instant, reader: Reader): boolean =>
  quietUntil(at, reader) !== null || at < (reader.restsUntil ?? at);

/** The end of the quiet hours that hold `at`; null when none do. */
function quietUntil(at: Instant, { calendar: { zone }, quiet }: Reader): Instant | null {
  if (quiet === null) return null;
  const { day, minute } = wallTime(at, zone);
  const isOvernight = quiet.until < quiet.from;
  const isIn = isOvernight
    ? minute >= quiet.from || minute < quiet.until
    : minute >= quiet.from && minute < quiet.until;
  if (!isIn) return null;
  const endsOn = isOvernight && minute >= quiet.from ? day + 1 : day;
  const end = atWall(zone, { day: endsOn, minute: quiet.until });
  // Where the clocks go back within them, their end may already have been shown once.
  return 'reason' in end || end.at <= at ? null : end.at;
}

/**
 * What held it last: quiet hours or rest within work, or time off, up to the very minute; else the latest day off
 * that would have been worked; else days that are never worked; else the night.
 */
function whyLater(at: Instant, sendAt: Instant, reader: Reader): Waiting {
  const { calendar, clock, restsUntil } = reader;
  if (clock.isWorking(sendAt - 1)) return { code: sendAt === restsUntil ? 'rest' : 'quiet_hours' };
  const explain = dayExplainer(calendar);
  const from = wallTime(at, calendar.zone).day;
  const { day: last, minute } = wallTime(sendAt, calendar.zone);
  const ending = offBy(explain(last), last, minute);
  if (ending !== null) return ending;
  let isWeekend = false;
  for (let day = last - 1; day >= Math.max(from, last - daysMax); day--) {
    const explained = explain(day);
    if (explained.workingMinutes > 0) break;
    const off = offBy(explained, day);
    if (off !== null) return off;
    isWeekend = true;
  }
  return isWeekend ? { code: 'weekend' } : { code: 'outside_working_time' };
}

/** Why work of the day was taken away, if any was: at all, or up to a minute of it. */
function offBy({ steps }: DayExplained, day: number, until?: number): Waiting | null {
  const step = steps.findLast(({ removed }) =>
    removed.some(([, end]) => until === undefined || end === until),
  );
  switch (step?.layer) {
    case 'off':
    case 'half':
      return { code: 'holiday', day: dayText(day) };
    case 'absence':
    case 'hoursOff':
      return { code: 'absence' };
    case 'week':
    case 'roster':
    case 'working':
    case 'oneOff':
    case undefined:
      return null;
  }
}
