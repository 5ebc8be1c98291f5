/** What became of messages, step by step, and what a sender must know before the next one. */
import { sql } from 'kysely';
import type { NoticeId, PersonId, RegionId } from '../domain/id.ts';
import type { Instant, NoticeParams } from '../domain/loop.ts';
import { restMs } from '../domain/notice/send-time.ts';
import type { QuietHours } from '../domain/people/preferences.ts';
import type { Query } from './client.ts';

/** A code with a sentence in `locales/<locale>/reason.json`, and what fills it. */
export interface NoticeReason {
  readonly reason: string;
  readonly reasonParams: NoticeParams;
}

export type NoticeStep =
  | 'planned'
  | 'delayed'
  | 'bundled'
  | 'rerouted'
  | 'tried'
  | 'sent'
  | 'cancelled'
  | 'superseded'
  | 'failed'
  | 'retried'
  | 'dropped';

export interface NoticeEvent {
  readonly at: Instant;
  readonly what: NoticeStep;
  readonly channel: string;
  readonly reason: string | null;
  readonly params: NoticeParams;
}

/** Of the given messages, each one's in order. */
export async function noticeEvents(
  query: Query,
  ids: readonly NoticeId[],
): Promise<ReadonlyMap<NoticeId, readonly NoticeEvent[]>> {
  const { rows } = await sql<NoticeEvent & { readonly id: NoticeId }>`
    SELECT notice_id AS id, at, what, channel, reason, params FROM notice_event
    WHERE notice_id = ANY (${ids}::uuid[]) ORDER BY notice_id, number`.execute(query);
  const grouped = Map.groupBy(rows, ({ id }) => id);
  return new Map(ids.map((id) => [id, grouped.get(id) ?? []]));
}

interface Sending {
  readonly id: string;
  readonly recipient: PersonId;
  readonly channel: string;
  readonly since: Instant;
  readonly now: Instant;
}

/**
 * When that person was sent others on that channel. One under way counts as sent now for whatever was
 * claimed after it, and for that alone: of two that wake at once one goes, and they never wait for
 * each other. Claims of one person are in turn, so the later one sees the earlier.
 */
export async function sentTimes(query: Query, sending: Sending): Promise<readonly Instant[]> {
  const { id, recipient, channel, since, now } = sending;
  const { rows } = await sql<{ readonly at: Instant }>`
    SELECT settled_at AS at FROM notice
    WHERE recipient_id = ${recipient} AND channel = ${channel} AND status = 'sent'
      AND settled_at > ${since}::timestamptz AND coalesce(bundled_in, id) = id
    UNION ALL SELECT ${now}::timestamptz AS at FROM notice
    WHERE recipient_id = ${recipient} AND channel = ${channel} AND status = 'sending'
      AND lease_until > ${now}::timestamptz
      AND (lease_until, id) < (SELECT lease_until, id FROM notice WHERE id = ${id})`.execute(query);
  return rows.map(({ at }) => at);
}

export interface ReaderFacts {
  readonly region: RegionId;
  readonly quiet: QuietHours | null;
  /** Until when they were last asked outside their hours with less than their rest before and after. */
  readonly askedUntil: Instant | null;
}

/** Nothing that anybody is asked for takes longer. */
const askedHoursMax = 24;

export async function readerFacts(
  query: Query,
  person: PersonId,
  now: Instant,
): Promise<ReaderFacts | null> {
  const { rows } = await sql<ReaderFacts>`
    SELECT p.region_id AS region, (
      SELECT jsonb_build_object('from', quiet_from, 'until', quiet_until) FROM preference
      WHERE person_id = p.id AND quiet_from IS NOT NULL) AS quiet, (
      SELECT max(until) FROM asked_outside
      WHERE person_id = p.id AND rest_minutes > 0 AND at <= ${now}::timestamptz
        AND at > ${now - restMs - askedHoursMax * 3_600_000}::timestamptz) AS "askedUntil"
    FROM person p WHERE p.id = ${person}`.execute(query);
  return rows[0] ?? null;
}
