/** What becomes of the translations that somebody proposed, for their own eyes. */
import { sql } from 'kysely';
import type { ContentId, LoopId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Query } from './client.ts';

interface Refusal {
  readonly practice: LoopId;
  readonly content: ContentId;
  readonly locale: string;
  /** Null for a machine's. */
  readonly proposer: PersonId | null;
  readonly note: ContentId;
  readonly at: Instant;
}

export async function keepRefusal(query: Query, refusal: Refusal): Promise<void> {
  const { practice, content, locale, proposer, note, at } = refusal;
  if (proposer === null) return;
  await sql`
    INSERT INTO practice_translation_refused (practice_id, content_id, locale, proposer_id, note_id, at)
    VALUES (${practice}, ${content}, ${locale}, ${proposer}, ${note}, ${at}::timestamptz)
    ON CONFLICT DO NOTHING`.execute(query);
}

export interface OwnTranslation {
  readonly locale: string;
  readonly status: 'proposed' | 'approved' | 'refused';
  /** Why it was sent back; null otherwise, or once it is erased. */
  readonly reason: string | null;
}

const shownMax = 50;

/** Those of now and those that were sent back, the latest first. */
export async function ownTranslations(
  query: Query,
  { practice, person }: { readonly practice: LoopId; readonly person: PersonId },
): Promise<readonly OwnTranslation[]> {
  const { rows } = await sql<OwnTranslation>`
    SELECT o.locale, o.status, o.reason FROM (
      SELECT t.locale, t.status, NULL AS reason, c.created_at AS at
      FROM practice_wording t JOIN content c ON c.id = t.content_id
      WHERE t.practice_id = ${practice} AND t.proposed_by = ${person}
      UNION ALL
      SELECT r.locale, 'refused', c.body->>'text', r.at
      FROM practice_translation_refused r JOIN content c ON c.id = r.note_id
      WHERE r.practice_id = ${practice} AND r.proposer_id = ${person}
    ) o ORDER BY o.at DESC, o.locale LIMIT ${shownMax}`.execute(query);
  return rows;
}
