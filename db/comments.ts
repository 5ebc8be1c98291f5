/** Words about a loop: who may see it may read them and add to them, also once it is over. */
import { sql, type Transaction } from 'kysely';
import type { ContentId, LoopId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Query } from './client.ts';
import type { DB } from './schema.ts';

export type CommentSource = 'mail' | 'page' | 'api';

export interface CommentRow {
  readonly id: string;
  readonly author: { readonly id: PersonId; readonly name: string };
  readonly at: Instant;
  readonly source: CommentSource;
  /** Null once erased. */
  readonly text: string | null;
}

export interface CommentPage {
  readonly after: { readonly at: Instant; readonly id: string } | null;
  readonly limit: number;
}

/** The oldest first. */
export async function listComments(
  query: Query,
  loop: LoopId,
  { after, limit }: CommentPage,
): Promise<readonly CommentRow[]> {
  const { rows } = await sql<CommentRow>`
    SELECT c.id, c.at, c.source, jsonb_build_object('id', p.id, 'name', p.name) AS author,
      content.body->>'text' AS text
    FROM comment c JOIN person p ON p.id = c.author_id JOIN content ON content.id = c.content_id
    WHERE c.loop_id = ${loop} AND (${after === null}
      OR (c.at, c.id) > (${after?.at ?? 0}::timestamptz, ${after?.id ?? null}::uuid))
    ORDER BY c.at, c.id LIMIT ${limit}`.execute(query);
  return rows;
}

export interface NewComment {
  readonly id: string;
  readonly loop: LoopId;
  readonly author: PersonId;
  readonly content: ContentId;
  readonly at: Instant;
  readonly source: CommentSource;
  readonly sourceId: string;
}

/** Comments on one loop queue here, so that counting them means something. */
export async function lockComments(tx: Transaction<DB>, loop: LoopId): Promise<number> {
  await sql`SELECT pg_advisory_xact_lock(hashtext(${`comment/${loop}`}))`.execute(tx);
  const { rows } = await sql<{ readonly count: number }>`
    SELECT count(*)::int AS count FROM comment WHERE loop_id = ${loop}`.execute(tx);
  return rows[0]?.count ?? 0;
}

export async function insertComment(query: Query, comment: NewComment): Promise<void> {
  const { id, loop, author, content, at, source, sourceId } = comment;
  await query
    .insertInto('comment')
    .values({
      id,
      loop_id: loop,
      author_id: author,
      content_id: content,
      at,
      source,
      source_id: sourceId,
    })
    .execute();
}

export async function findComment(query: Query, id: string): Promise<CommentRow | null> {
  const { rows } = await sql<CommentRow>`
    SELECT c.id, c.at, c.source, jsonb_build_object('id', p.id, 'name', p.name) AS author,
      content.body->>'text' AS text
    FROM comment c JOIN person p ON p.id = c.author_id JOIN content ON content.id = c.content_id
    WHERE c.id = ${id}`.execute(query);
  return rows[0] ?? null;
}

/** Everyone named in the loop but its author, as long as they are with us. */
export async function otherParties(
  query: Query,
  loop: LoopId,
  author: PersonId,
): Promise<readonly PersonId[]> {
  const { rows } = await sql<{ readonly id: PersonId }>`
    SELECT p.id FROM loop_party l JOIN person p ON p.id = l.person_id
    WHERE l.loop_id = ${loop} AND p.id <> ${author} AND p.left_at IS NULL ORDER BY p.id`.execute(
    query,
  );
  return rows.map(({ id }) => id);
}
