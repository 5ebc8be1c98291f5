/** That a text holds what the rules warn of: which rule and where, never the words. */
import { sql } from 'kysely';
import type { RedFlag } from '../domain/text/red-flags.ts';
import type { ContentId, LoopId, PersonId, RegionId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Query } from './client.ts';

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

/** Of everything that was said in a loop and added to it, the oldest first. */
export async function loggedFlags(query: Query, id: LoopId): Promise<readonly LoggedFlag[]> {
  const { rows } = await sql<LoggedFlag>`
    SELECT f.code, f.place, f.at, content.kind, f.acknowledged_by IS NOT NULL AS "isAcknowledged",
      jsonb_build_object('id', p.id, 'name', p.name) AS author
    FROM red_flag f
    JOIN content ON content.id = f.content_id
    JOIN person p ON p.id = content.author_id
    WHERE f.content_id IN (
      SELECT unnest(contents) FROM transition WHERE loop_id = ${id}
      UNION SELECT content_id FROM handoff_note WHERE loop_id = ${id}
      UNION SELECT content_id FROM comment WHERE loop_id = ${id})
    ORDER BY f.at, f.content_id, f.place, f.code`.execute(query);
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
