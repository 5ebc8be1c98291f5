/** What became of somebody's digests. */
import { sql } from 'kysely';
import type { PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { DigestRhythm } from '../domain/people/preferences.ts';
import type { Query } from './client.ts';
import type { NoticeReason } from './notice-events.ts';

export interface DigestRow {
  readonly id: string;
  readonly every: DigestRhythm;
  /** First day of its period. */
  readonly period: string;
  readonly dueAt: Instant;
  readonly status: 'composed' | 'sent' | 'suppressed' | 'skipped';
  /** Why it was not sent; null when it was, or is under way. */
  readonly reason: string | null;
  readonly items: number;
  /** Composed, and held back until another hour: why, as its message says. */
  readonly held: NoticeReason | null;
}

/** The latest first. */
export async function digestsOf(
  query: Query,
  person: PersonId,
  limit: number,
): Promise<readonly DigestRow[]> {
  const { rows } = await sql<DigestRow>`
    SELECT d.id, d.every, d.period, d.due_at AS "dueAt", d.reason,
      CASE WHEN n.status = 'sent' THEN 'sent' ELSE d.status END AS status,
      (SELECT count(*)::int FROM digest_item i WHERE i.digest_id = d.id AND i.left_out IS NULL) AS items,
      CASE WHEN d.status = 'composed' AND n.status = 'planned' AND n.reason IS NOT NULL
        THEN jsonb_build_object('reason', n.reason, 'reasonParams', n.reason_params) END AS held
    FROM digest d LEFT JOIN notice n ON n.id = d.notice_id
    WHERE d.person_id = ${person} ORDER BY d.due_at DESC, d.id LIMIT ${limit}`.execute(query);
  return rows;
}
