/** Addresses that calendar programs read, one for each maker and what it shows. */
import { createHash, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { AccountId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Query } from './client.ts';

/** What a feed shows: somebody's open steps and absences, or an account's owners. */
export type FeedSubject = { readonly person: PersonId } | { readonly account: AccountId };

const columns = (subject: FeedSubject) => ({
  person: 'person' in subject ? subject.person : null,
  account: 'account' in subject ? subject.account : null,
});

const hashOf = (secret: string): Uint8Array => createHash('sha256').update(secret).digest();

export interface NewFeed {
  readonly maker: PersonId;
  readonly subject: FeedSubject;
  readonly secret: string;
  readonly at: Instant;
}

/** An address that there was for the same before ends with this. */
export async function replaceFeed(query: Query, feed: NewFeed): Promise<void> {
  const { person, account } = columns(feed.subject);
  await sql`
    INSERT INTO calendar_feed (id, maker_id, person_id, account_id, secret_hash, created_at)
    VALUES (${randomUUID()}, ${feed.maker}, ${person}, ${account}, ${hashOf(feed.secret)},
      ${feed.at}::timestamptz)
    ON CONFLICT (maker_id, person_id, account_id)
    DO UPDATE SET secret_hash = excluded.secret_hash, created_at = excluded.created_at`.execute(
    query,
  );
}

/** Whether there was one. */
export async function revokeFeed(
  query: Query,
  maker: PersonId,
  subject: FeedSubject,
): Promise<boolean> {
  const { person, account } = columns(subject);
  const { numAffectedRows } = await sql`
    DELETE FROM calendar_feed WHERE maker_id = ${maker}
      AND person_id IS NOT DISTINCT FROM ${person}
      AND account_id IS NOT DISTINCT FROM ${account}`.execute(query);
  return (numAffectedRows ?? 0n) > 0n;
}

/** In whose name this subject is read with this secret; null when it is no address of ours. */
export async function feedMaker(
  query: Query,
  subject: FeedSubject,
  secret: string,
): Promise<PersonId | null> {
  const { person, account } = columns(subject);
  const { rows } = await sql<{ maker: PersonId }>`
    SELECT maker_id AS maker FROM calendar_feed
    WHERE secret_hash = ${hashOf(secret)} AND person_id IS NOT DISTINCT FROM ${person}
      AND account_id IS NOT DISTINCT FROM ${account}`.execute(query);
  return rows[0]?.maker ?? null;
}
