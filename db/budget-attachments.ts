/** Files beside a budget request. */
import { sql } from 'kysely';
import {
  attachmentsBytesMax,
  attachmentsMax,
  type NamedAttachment,
} from '../domain/budget/attachment.ts';
import type { LoopId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { problem } from '../domain/problem.ts';
import { type Refused, refused } from './budget-lines.ts';
import type { Database, Query } from './client.ts';

export interface NewAttachment extends NamedAttachment {
  readonly id: string;
  readonly request: LoopId;
  readonly author: PersonId;
  readonly bytes: Uint8Array;
  readonly at: Instant;
}

/** One after another within a request, so that no limit is passed by several at once. */
export function addAttachment(
  db: Database,
  { id, request, author, name, mediaType, bytes, at }: NewAttachment,
): Promise<{ readonly ok: true } | Refused> {
  return db.transaction().execute(async (tx) => {
    await sql`SELECT FROM budget_request WHERE id = ${request} FOR UPDATE`.execute(tx);
    const { rows } = await sql<{ count: number; bytes: number; isKnown: boolean }>`
      SELECT count(*)::int AS count, coalesce(sum(length(bytes)), 0)::int AS bytes,
        coalesce(bool_or(id = ${id}), false) AS "isKnown"
      FROM budget_attachment WHERE request_id = ${request}`.execute(tx);
    const kept = rows[0];
    if (kept?.isKnown) return { ok: true };
    const isFull =
      (kept?.count ?? 0) >= attachmentsMax ||
      (kept?.bytes ?? 0) + bytes.length > attachmentsBytesMax;
    if (isFull) return refused(problem('budget.too_many_attachments', { max: attachmentsMax }));
    await sql`
      INSERT INTO budget_attachment (id, request_id, author_id, name, media_type, bytes, added_at)
      VALUES (${id}, ${request}, ${author}, ${name}, ${mediaType}, ${Buffer.from(bytes)}, ${at}::timestamptz)`.execute(
      tx,
    );
    return { ok: true };
  });
}

export interface AttachmentRow {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly size: number;
  readonly addedAt: Instant;
}

export async function attachmentsOf(query: Query, id: LoopId): Promise<readonly AttachmentRow[]> {
  const { rows } = await sql<AttachmentRow>`
    SELECT id, name, media_type AS "mediaType", length(bytes) AS size, added_at AS "addedAt"
    FROM budget_attachment WHERE request_id = ${id} ORDER BY added_at, id`.execute(query);
  return rows;
}

/** Of this request alone. */
export async function findAttachment(
  query: Query,
  { request, id }: { readonly request: LoopId; readonly id: string },
): Promise<(NamedAttachment & { readonly bytes: Uint8Array }) | null> {
  const row = await query
    .selectFrom('budget_attachment')
    .select(['name', 'media_type as mediaType', 'bytes'])
    .where('request_id', '=', request)
    .where('id', '=', id)
    .executeTakeFirst();
  return row ?? null;
}
