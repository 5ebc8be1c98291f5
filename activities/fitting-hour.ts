/** Whether a message goes out now or waits: an outage or a new holiday may have made its hour unfit. */
import { loadCalendars } from '../db/calendars.ts';
import type { Query } from '../db/client.ts';
import type { PersonId } from '../domain/id.ts';
import type { Instant, Urgency } from '../domain/loop.ts';
import { isLimit, openCalendar } from '../domain/time/working-time.ts';

/** Planned for the last minute of a day, it may still arrive in the minutes after. */
const graceMs = 10 * 60_000;

export interface Waiting {
  readonly recipient: PersonId;
  readonly urgency: Urgency;
}

/** `now`, or the recipient's next working minute. Who has none is written to at once, as planned. */
export async function fittingHour(
  query: Query,
  { recipient, urgency }: Waiting,
  now: Instant,
): Promise<Instant> {
  if (urgency === 'now') return now;
  const calendar = (await loadCalendars(query, [recipient])).get(recipient);
  if (!calendar) return now;
  const clock = openCalendar(calendar);
  if (clock.isWorking(now) || clock.isWorking(now - graceMs)) return now;
  const next = clock.nextWorking(now);
  return isLimit(next) ? now : next;
}
