/** Messages as people look at them: whose, on which channel, and what became of each. */
import { sql } from 'kysely';
import type { Actor } from '../domain/authority.ts';
import type { LoopId, NoticeId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Query } from './client.ts';
import { isLoopSeen, maySeeLoop } from './visibility.ts';

export interface SeenNotice {
  readonly id: NoticeId;
  readonly loop: LoopId | null;
  readonly to: { readonly id: PersonId; readonly name: string };
  readonly key: string;
  readonly channel: string;
  readonly status: string;
  /** Its channel is settled: it goes by no other, or has been there before. */
  readonly isBound: boolean;
  readonly sendAt: Instant;
  /** In which language, and whose choice that was; null until it is written. */
  readonly written: Written | null;
}

export interface Written {
  readonly locale: string;
  readonly from: 'person' | 'region' | 'default';
}

const columns = sql`n.id, n.loop_id AS loop, n.key, n.channel, n.status,
  n.only_channel IS NOT NULL OR n.revision > 1 OR n.attempts > 0 AS "isBound", n.send_at AS "sendAt",
  jsonb_build_object('id', p.id, 'name', p.name) AS to,
  CASE WHEN n.written_from IS NOT NULL
    THEN jsonb_build_object('locale', n.written_in, 'from', n.written_from) END AS written`;

/**
 * One's own, those of whom one decides for, and those of loops that one may see; of a round of feedback
 * only one's own, since what became of the others tells who has answered.
 */
const maySee = (actor: Actor) => sql`(n.recipient_id = ${actor.id}
  OR (NOT EXISTS (SELECT FROM feedback_round f WHERE f.id = n.loop_id)
    AND NOT ${isHiddenAuthors(actor)}
    AND (n.recipient_id = ANY (${actor.principals}::text[])
      OR (n.loop_id IS NOT NULL AND ${maySeeLoop(actor, sql.ref('n.loop_id'))}))))`;

/** To the author of a practice who is not named: theirs alone, since whoever decides for them may work on it. */
const isHiddenAuthors = (actor: Actor) => sql`EXISTS (
  SELECT FROM practice h WHERE h.id = n.loop_id AND h.is_author_hidden
    AND h.author_id = n.recipient_id AND h.author_id <> ${actor.id})`;

export async function findNotice(
  query: Query,
  actor: Actor,
  id: NoticeId,
): Promise<SeenNotice | null> {
  const { rows } = await sql<SeenNotice>`
    SELECT ${columns} FROM notice n JOIN person p ON p.id = n.recipient_id
    WHERE n.id = ${id} AND ${maySee(actor)}`.execute(query);
  return rows[0] ?? null;
}

export interface NoticePage {
  readonly loop: LoopId;
  readonly after: { readonly sendAt: Instant; readonly id: string } | null;
  readonly limit: number;
}

/** Of a loop, the latest first; null when the actor may not see it, or it does not exist. */
export async function listNotices(
  query: Query,
  actor: Actor,
  { loop, after, limit }: NoticePage,
): Promise<readonly SeenNotice[] | null> {
  if (!(await isLoopSeen(query, actor, loop))) return null;
  const { rows } = await sql<SeenNotice>`
    SELECT ${columns} FROM notice n JOIN person p ON p.id = n.recipient_id
    WHERE n.loop_id = ${loop} AND ${maySee(actor)} AND (${after === null}
      OR (n.send_at, n.id) < (${after?.sendAt ?? 0}::timestamptz, ${after?.id ?? null}::uuid))
    ORDER BY n.send_at DESC, n.id DESC LIMIT ${limit}`.execute(query);
  return rows;
}

interface HolidayOn {
  readonly region: string;
  readonly day: string;
}

/** Those of the given days, as `<region>/<day>`, that nobody has confirmed yet. */
export async function provisionalDays(
  query: Query,
  days: readonly HolidayOn[],
): Promise<ReadonlySet<string>> {
  if (days.length === 0) return new Set();
  const { rows } = await sql<HolidayOn>`
    SELECT region_id AS region, h.day FROM region_holiday h
    JOIN jsonb_to_recordset(${JSON.stringify(days)}::text::jsonb) AS d (region text, day date)
      ON d.region = h.region_id AND d.day = h.day
    WHERE h.status = 'provisional'`.execute(query);
  return new Set(rows.map(({ region, day }) => `${region}/${day}`));
}
