/** Signed-in browsers. A session is found by the hash of its token: whoever reads the table is nobody. */
import { sql } from 'kysely';
import type { PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Query } from './client.ts';

export interface NewSession {
  readonly tokenHash: Uint8Array;
  readonly person: PersonId;
  /** The provider's word of who signed in: signing out there is asked for with it. */
  readonly idToken: string;
  readonly at: Instant;
  readonly expiresAt: Instant;
}

/** Removes what has expired of the same person, so that sessions do not pile up. */
export async function openSession(query: Query, session: NewSession): Promise<void> {
  await sql`
    WITH over AS (
      DELETE FROM session WHERE person_id = ${session.person}
        AND expires_at <= ${session.at}::timestamptz
    )
    INSERT INTO session (token_hash, person_id, id_token, created_at, expires_at)
    VALUES (${session.tokenHash}, ${session.person}, ${session.idToken},
      ${session.at}::timestamptz, ${session.expiresAt}::timestamptz)`.execute(query);
}

/** Null also for somebody who has left: leaving ends every session at once. */
export async function sessionPerson(
  query: Query,
  tokenHash: Uint8Array,
  at: Instant,
): Promise<PersonId | null> {
  const { rows } = await sql<{ id: PersonId }>`
    SELECT person.id FROM session JOIN person ON person.id = session.person_id
    WHERE token_hash = ${tokenHash} AND expires_at > ${at}::timestamptz
      AND person.left_at IS NULL`.execute(query);
  return rows[0]?.id ?? null;
}

/** The provider's word of who had signed in; null when there was no such session. */
export async function endSession(query: Query, tokenHash: Uint8Array): Promise<string | null> {
  const row = await query
    .deleteFrom('session')
    .where('token_hash', '=', tokenHash)
    .returning('id_token')
    .executeTakeFirst();
  return row?.id_token ?? null;
}
