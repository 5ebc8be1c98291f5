/** What became known after a handoff was over. */
import { sql } from 'kysely';
import type { ContentId, LoopId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Query } from './client.ts';

export interface HandoffNote {
  readonly id: string;
  readonly at: Instant;
  readonly author: { readonly id: PersonId; readonly name: string };
  /** Null once erased. */
  readonly text: string | null;
}

/** The oldest first; a handoff takes a bounded number. */
export async function listNotes(query: Query, loop: LoopId): Promise<readonly HandoffNote[]> {
  const { rows } = await sql<HandoffNote>`
    SELECT n.id, n.at, jsonb_build_object('id', p.id, 'name', p.name) AS author,
      content.body->>'text' AS text
    FROM handoff_note n
    JOIN person p ON p.id = n.author_id
    JOIN content ON content.id = n.content_id
    WHERE n.loop_id = ${loop} ORDER BY n.at, n.id`.execute(query);
  return rows;
}

export interface NewNote {
  readonly id: string;
  readonly loop: LoopId;
  readonly author: PersonId;
  readonly content: ContentId;
  readonly at: Instant;
}

/** Those who write to one handoff queue here, so that counting notes means something. */
export async function lockHandoff(query: Query, id: LoopId): Promise<void> {
  await sql`SELECT FROM handoff WHERE id = ${id} FOR NO KEY UPDATE`.execute(query);
}

export async function insertNote(query: Query, note: NewNote): Promise<void> {
  const { id, loop, author, content, at } = note;
  await query
    .insertInto('handoff_note')
    .values({ id, loop_id: loop, author_id: author, content_id: content, at })
    .execute();
}
