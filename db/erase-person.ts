/**
 * What is known of somebody who has left is erased, when they or the law ask for it. What happened
 * stays, under their id, which holds no name (`domain/directory/check-people.ts`): steps and their
 * chain of hashes know ids alone, and the hash of an erased text is all the chain needs.
 */
import { sql, type Transaction } from 'kysely';
import type { PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Database } from './client.ts';
import type { DB } from './schema.ts';

type Tx = Transaction<DB>;

export interface Erased {
  /** Ways to sign in and to be reached, wishes, hours, offices and delegations. */
  readonly entries: number;
  /** Messages as they were sent, to them or with their name. */
  readonly messages: number;
  readonly texts: number;
  /** Of what they wrote: still needed by a loop that is open, or by something to be done. */
  readonly textsKept: number;
}

export interface ErasureAsked {
  readonly person: PersonId;
  /** What they wrote, and what shows their ratings, too, and not their name alone. */
  readonly isWithTexts: boolean;
  readonly at: Instant;
}

/** Mail to it is refused everywhere (RFC 2606). */
const nowhere = 'erased.invalid';

/** What people wrote about the work of a loop; what was published is the organisation's. */
const kindsOfTexts = ['handoff.%', 'cover.%', 'outlook.%', 'account.action', 'comment'];

/** Safe to repeat. `unknown` and `present`: nobody of that id, or still there. */
export const erasePerson = (
  db: Database,
  asked: ErasureAsked,
): Promise<Erased | 'unknown' | 'present'> =>
  db.transaction().execute(async (tx) => {
    const { person, isWithTexts } = asked;
    const found = await tx
      .selectFrom('person')
      .select('left_at')
      .where('id', '=', person)
      .forUpdate()
      .executeTakeFirst();
    if (!found) return 'unknown';
    if (found.left_at === null) return 'present';
    await sql`
      UPDATE person SET name = id, email = id || '@' || ${nowhere}, locale = NULL, languages = '{}'
      WHERE id = ${person}`.execute(tx);
    return {
      entries: await removeEntries(tx, person),
      messages: await emptyMessages(tx, person),
      ...(isWithTexts ? await eraseTexts(tx, asked) : { texts: 0, textsKept: 0 }),
    };
  });

async function removeEntries(tx: Tx, person: PersonId): Promise<number> {
  const { rows } = await sql<{ readonly removed: number }>`
    WITH identities AS (DELETE FROM identity WHERE person_id = ${person} RETURNING 1),
      sessions AS (DELETE FROM session WHERE person_id = ${person} RETURNING 1),
      contacts AS (DELETE FROM contact WHERE person_id = ${person} RETURNING 1),
      off AS (DELETE FROM channel_off WHERE person_id = ${person} RETURNING 1),
      preferences AS (DELETE FROM preference WHERE person_id = ${person} RETURNING 1),
      feeds AS (
        DELETE FROM calendar_feed WHERE ${person} IN (maker_id, person_id) RETURNING 1),
      absences AS (DELETE FROM absence WHERE person_id = ${person} RETURNING 1),
      days AS (DELETE FROM one_off WHERE person_id = ${person} RETURNING 1),
      rosters AS (DELETE FROM roster WHERE person_id = ${person} RETURNING 1),
      roles AS (DELETE FROM person_role WHERE person_id = ${person} RETURNING 1),
      delegations AS (
        DELETE FROM delegation WHERE ${person} IN (principal_id, delegate_id) RETURNING 1),
      quotas AS (DELETE FROM quota_attainment WHERE person_id = ${person} RETURNING 1),
      replies AS (DELETE FROM held_reply WHERE person_id = ${person} RETURNING 1),
      answers AS (DELETE FROM idempotency WHERE actor_id = ${person} RETURNING 1)
    SELECT count(*)::int AS removed FROM (
      SELECT FROM identities UNION ALL SELECT FROM sessions UNION ALL SELECT FROM contacts
      UNION ALL SELECT FROM off UNION ALL SELECT FROM preferences UNION ALL SELECT FROM feeds
      UNION ALL SELECT FROM absences UNION ALL SELECT FROM days UNION ALL SELECT FROM rosters
      UNION ALL SELECT FROM roles UNION ALL SELECT FROM delegations UNION ALL SELECT FROM replies
      UNION ALL SELECT FROM answers UNION ALL SELECT FROM quotas
    ) AS gone`.execute(tx);
  return rows[0]?.removed ?? 0;
}

/** That a message was sent, when and why is kept; its words are composed of names. */
async function emptyMessages(tx: Tx, person: PersonId): Promise<number> {
  const named = JSON.stringify([{ person }]);
  const { numAffectedRows = 0n } = await sql`
    UPDATE notice SET rendered = NULL, address_hash = NULL
    WHERE (rendered IS NOT NULL OR address_hash IS NOT NULL) AND status NOT IN ('planned', 'sending')
      AND (recipient_id = ${person} OR jsonb_path_query_array(params, '$.*') @> ${named}::text::jsonb)`.execute(
    tx,
  );
  return Number(numAffectedRows);
}

async function eraseTexts(
  tx: Tx,
  { person, at }: ErasureAsked,
): Promise<Pick<Erased, 'texts' | 'textsKept'>> {
  // And what others wrote of them, to show how good they are at something.
  const theirs = sql`c.erased_at IS NULL AND (
    c.author_id = ${person} AND c.kind LIKE ANY (${kindsOfTexts}::text[])
    OR EXISTS (SELECT FROM competency_rating r WHERE r.evidence_id = c.id
      AND r.person_id = ${person}))`;
  const { numAffectedRows = 0n } = await sql`
    UPDATE content c SET body = NULL, salt = NULL, erased_at = ${at}::timestamptz
    WHERE ${theirs}
      AND NOT EXISTS (SELECT FROM transition t JOIN loop_instance l ON l.id = t.loop_id
        WHERE t.contents @> ARRAY[c.id] AND l.closed_at IS NULL)
      AND NOT EXISTS (
        SELECT FROM action_item_now i WHERE i.content_id = c.id AND i.is_open)`.execute(tx);
  const { rows } = await sql<{ readonly kept: number }>`
    SELECT count(*)::int AS kept FROM content c WHERE ${theirs}`.execute(tx);
  return { texts: Number(numAffectedRows), textsKept: rows[0]?.kept ?? 0 };
}
