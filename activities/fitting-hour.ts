/** Whether a message goes out now or waits: an outage or a new holiday may have made its hour unfit. */
import { loadCalendars } from '../db/calendars.ts';
import type { Query } from '../db/client.ts';
import {
  type NoticeReason,
  type ReaderFacts,
  readerFacts,
  sentTimes,
} from '../db/notice-events.ts';
import type { PersonId, RegionId } from '../domain/id.ts';
import type { Instant, Urgency } from '../domain/loop.ts';
import { heldByLimits, limitWindowMs } from '../domain/notice/limits.ts';
import {
  isLeftAlone,
  restMs,
  sendTime,
  type Waiting,
  waitingParams,
} from '../domain/notice/send-time.ts';
import { openCalendar } from '../domain/time/working-time.ts';

/** Planned for the last minute of a day, it may still arrive in the minutes after. */
const graceMs = 10 * 60_000;

export interface Waking {
  readonly id: string;
  readonly recipient: PersonId;
  readonly urgency: Urgency;
  readonly channel: string;
  /** By when it asks something of its reader. */
  readonly dueAt?: Instant | null;
}

export interface FittingHour {
  readonly sendAt: Instant;
  /** Null when that is now. */
  readonly why: NoticeReason | null;
}

/** `now`, or the next minute that is fit. Who has no working time is written to at once, as planned. */
export async function fittingHour(
  query: Query,
  waking: Waking,
  now: Instant,
): Promise<FittingHour> {
  const { recipient, urgency, channel } = waking;
  if (urgency === 'now') return { sendAt: now, why: null };
  const [calendars, facts, sent] = await Promise.all([
    loadCalendars(query, [recipient]),
    readerFacts(query, recipient, now),
    sentTimes(query, { ...waking, since: now - limitWindowMs, now }),
  ]);
  const calendar = calendars.get(recipient);
  if (!calendar || !facts) return { sendAt: now, why: null };
  const clock = openCalendar(calendar);
  const reader = { calendar, clock, quiet: facts.quiet, restsUntil: restOf(facts, waking) };
  const isJustLate =
    clock.isWorking(now - graceMs) && !clock.isWorking(now) && !isLeftAlone(now, reader);
  const fit = isJustLate ? { sendAt: now, why: null } : sendTime(urgency, now, reader);
  if (fit.why !== null && fit.sendAt > now) {
    return { sendAt: fit.sendAt, why: reasonOf(fit.why, fit.sendAt, facts.region) };
  }
  const held = heldByLimits(channel, sent, now);
  if (!held) return { sendAt: now, why: null };
  const until = { until: { instant: held.sendAt } };
  return { sendAt: held.sendAt, why: { reason: held.reason, reasonParams: until } };
}

/** Nobody hears of something only when its time is over because they rest. */
function restOf({ askedUntil }: ReaderFacts, { dueAt = null }: Waking): Instant | null {
  if (askedUntil === null) return null;
  const until = askedUntil + restMs;
  return dueAt !== null && dueAt <= until ? null : until;
}

/** As it is stored and later told: a code, and what its sentence needs. */
export const reasonOf = (why: Waiting, sendAt: Instant, region: RegionId): NoticeReason => ({
  reason: why.code,
  reasonParams: waitingParams(why, sendAt, region),
});
