/** Text that people wrote: salted and hashed when it comes, so that it can be erased and still counted on. */
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { ContentId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { contentHash } from './audit-chain.ts';
import type { Query } from './client.ts';

const saltBytes = 16;

export interface NewContent {
  readonly id: ContentId;
  readonly author: PersonId;
  readonly kind: string;
  readonly body: unknown;
  readonly at: Instant;
}

/** Writing the same id again keeps the first text: a repeated request is one text. */
export async function insertContent(query: Query, content: NewContent): Promise<void> {
  const { id, body, ...rest } = content;
  await insertContents(query, [{ id, body }], rest);
}

/** Many at once, by one author. */
export async function insertContents(
  query: Query,
  texts: readonly Pick<NewContent, 'id' | 'body'>[],
  { author, kind, at }: Omit<NewContent, 'id' | 'body'>,
): Promise<void> {
  const rows = texts.map(({ id, body }) => {
    const salt = randomBytes(saltBytes);
    const hash = contentHash(salt, body);
    return { id, author_id: author, kind, body, salt, hash, created_at: at };
  });
  await query
    .insertInto('content')
    .values(rows)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

export interface ContentText {
  readonly kind: string;
  readonly author: PersonId;
  /** Null once erased. */
  readonly body: unknown;
}

export async function readContents(
  query: Query,
  ids: readonly ContentId[],
): Promise<ReadonlyMap<ContentId, ContentText>> {
  if (ids.length === 0) return new Map();
  const rows = await query
    .selectFrom('content')
    .select(['id', 'kind', 'author_id', 'body'])
    .where('id', 'in', ids)
    .execute();
  return new Map(
    rows.map((row) => [
      row.id as ContentId,
      { kind: row.kind, author: row.author_id as PersonId, body: row.body },
    ]),
  );
}

/** Drops the text and its salt; the hash stays in the chain, and nobody can guess from it. */
export async function eraseContent(query: Query, id: ContentId, at: Instant): Promise<void> {
  await query
    .updateTable('content')
    .set({ body: null, salt: null, erased_at: at })
    .where('id', '=', id)
    .where('erased_at', 'is', null)
    .execute();
}

/** Texts written before that, which nothing refers to; how many were removed. */
export async function removeUnusedContents(
  query: Query,
  { before, limit }: { readonly before: Instant; readonly limit: number },
): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    DELETE FROM content WHERE id IN (
      SELECT id FROM content c WHERE created_at < ${before}::timestamptz AND erased_at IS NULL
        AND NOT EXISTS (SELECT FROM transition t WHERE t.contents @> ARRAY[c.id])
        AND NOT EXISTS (SELECT FROM translation_proposal x WHERE x.content_id = c.id)
        AND NOT EXISTS (SELECT FROM comment WHERE comment.content_id = c.id)
        AND NOT EXISTS (SELECT FROM competency_rating WHERE competency_rating.evidence_id = c.id)
        AND NOT EXISTS (SELECT FROM opportunity WHERE opportunity.content_id = c.id)
        AND NOT EXISTS (SELECT FROM action_item WHERE action_item.content_id = c.id)
        AND NOT EXISTS (SELECT FROM handoff_note WHERE handoff_note.content_id = c.id)
      ORDER BY created_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
    )`.execute(query);
  return Number(numAffectedRows);
}
