/** That a text holds what the rules warn of: which rule and where, never the words. */
import { sql } from 'kysely';
import type { RedFlag } from '../domain/text/red-flags.ts';
import type { ContentId, LoopId, PersonId, RegionId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Actor } from '../domain/authority.ts';
import type { Query } from './client.ts';
import { maySeeFlagsOf } from './visibility.ts';

export interface NewFlags {
  readonly content: ContentId;
  readonly flags: readonly RedFlag[];
  /** Null where nobody was asked before it was said. */
  readonly acknowledgedBy: PersonId | null;
  readonly at: Instant;
}

/** Those that are known stay as they are: a repeated request logs once. */
export async function insertFlags(
  query: Query,
  { content, flags, acknowledgedBy, at }: NewFlags,
): Promise<void> {
  if (flags.length === 0) return;
  const rows = flags.map((flag) => ({
    ...flag,
    content_id: content,
    acknowledged_by: acknowledgedBy,
    at,
  }));
  await query
    .insertInto('red_flag')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export interface LoggedFlag extends RedFlag {
  readonly at: Instant;
  /** Of the text that holds it, such as `handoff.packet`. */
  readonly kind: string;
  readonly author: { readonly id: PersonId; readonly name: string };
  readonly isAcknowledged: boolean;
}

/** Of everything said in a loop, added to it and given to what opened it, the oldest first. */
export async function loggedFlags(query: Query, id: LoopId): Promise<readonly LoggedFlag[]> {
  const { rows } = await sql<LoggedFlag>`
    SELECT f.code, f.place, f.at, content.kind, f.acknowledged_by IS NOT NULL AS "isAcknowledged",
      jsonb_build_object('id', p.id, 'name', p.name) AS author
    FROM red_flag f
    JOIN content ON content.id = f.content_id
    JOIN person p ON p.id = content.author_id
    WHERE f.content_id IN (
      SELECT unnest(contents) FROM transition WHERE loop_id = ${id}
        OR loop_id = (SELECT opened_by FROM loop_opening WHERE id = ${id})
      UNION SELECT content_id FROM handoff_note WHERE loop_id = ${id}
      UNION SELECT content_id FROM action_item WHERE loop_id = ${id} AND is_late
      UNION SELECT content_id FROM comment WHERE loop_id = ${id})
    ORDER BY f.at, f.content_id, f.place, f.code`.execute(query);
  return rows;
}

export interface ListedFlag extends LoggedFlag {
  readonly content: ContentId;
  /** Of the author, by now. */
  readonly region: { readonly id: RegionId; readonly name: string };
}

interface FlagsAsked {
  readonly actor: Actor;
  readonly region: string | undefined;
  readonly after: {
    readonly at: Instant;
    readonly content: string;
    readonly place: string;
    readonly code: string;
  } | null;
  readonly limit: number;
}

/** By people of the regions that the actor looks after, the latest first. */
export async function listFlags(
  query: Query,
  { actor, region, after, limit }: FlagsAsked,
): Promise<readonly ListedFlag[]> {
  const later = after
    ? sql`AND (f.at < ${after.at}::timestamptz OR (f.at = ${after.at}::timestamptz
        AND (f.content_id < ${after.content}::uuid OR (f.content_id = ${after.content}::uuid
          AND (f.place, f.code) > (${after.place}, ${after.code})))))`
    : sql``;
  const { rows } = await sql<ListedFlag>`
    SELECT f.content_id AS content, f.code, f.place, f.at, c.kind,
      f.acknowledged_by IS NOT NULL AS "isAcknowledged",
      jsonb_build_object('id', p.id, 'name', p.name) AS author,
      jsonb_build_object('id', g.id, 'name', g.name) AS region
    FROM red_flag f
    JOIN content c ON c.id = f.content_id
    JOIN person p ON p.id = c.author_id
    JOIN region g ON g.id = p.region_id
    WHERE ${maySeeFlagsOf(actor, sql.ref('p.id'))}
      ${region === undefined ? sql`` : sql`AND p.region_id = ${region}`} ${later}
    ORDER BY f.at DESC, f.content_id DESC, f.place, f.code LIMIT ${limit}`.execute(query);
  return rows;
}

/** Of everybody named in the loop. */
export async function partyRegions(query: Query, id: LoopId): Promise<readonly RegionId[]> {
  const rows = await query
    .selectFrom('loop_party')
    .innerJoin('person', 'person.id', 'loop_party.person_id')
    .select('person.region_id')
    .distinct()
    .where('loop_id', '=', id)
    .execute();
  return rows.map(({ region_id }) => region_id as RegionId);
}
