/** Who shared what they learned in a quarter, from wins and failures alike: counts, never ranks. */
import { sql } from 'kysely';
import type { Actor } from '../domain/authority.ts';
import type { PersonId, RegionId } from '../domain/id.ts';
import { type Quarter, rangeOf } from '../domain/scorecard/quarter.ts';
import type { Query } from './client.ts';
import type { Market } from './exchange-balance.ts';
import { maySeePerson } from './visibility.ts';

export interface LessonCounts {
  readonly id: PersonId;
  readonly name: string;
  readonly region: RegionId;
  /** Practices of theirs that were first published in the quarter, by kind. */
  readonly wins: number;
  readonly failures: number;
}

export interface LessonsAsked {
  readonly actor: Actor;
  readonly markets: readonly Market[];
  readonly quarter: Quarter;
  /** Null for everybody whom the actor may know of. */
  readonly people: readonly PersonId[] | null;
  readonly after: { readonly name: string; readonly id: string } | null;
  readonly limit: number;
}

/**
 * By name, on the wall of each one's market. What its author is not named on counts for nobody but
 * them: a count would name them.
 */
export async function lessonCounts(
  query: Query,
  { actor, markets, quarter, people, after, limit }: LessonsAsked,
): Promise<readonly LessonCounts[]> {
  const ranges = markets.map(({ region, zone }) => {
    const { from, until } = rangeOf(quarter, quarter, zone);
    return { region, opens: new Date(from).toISOString(), closes: new Date(until).toISOString() };
  });
  const only = people === null ? sql`` : sql`AND a.id = ANY (${people}::text[])`;
  const later = after === null ? sql`` : sql`AND (a.name, a.id) > (${after.name}, ${after.id})`;
  const { rows } = await sql<LessonCounts>`
    SELECT a.id, a.name, a.region_id AS region,
      count(*) FILTER (WHERE p.kind = 'win')::int AS wins,
      count(*) FILTER (WHERE p.kind = 'failure')::int AS failures
    FROM jsonb_to_recordset(${JSON.stringify(ranges)}::text::jsonb)
      AS m (region text, opens timestamptz, closes timestamptz)
    JOIN person a ON a.region_id = m.region
    JOIN practice p ON p.author_id = a.id AND p.published_at >= m.opens AND p.published_at < m.closes
    WHERE (NOT p.is_author_hidden OR a.id = ${actor.id})
      AND (a.id = ${actor.id} OR ${maySeePerson(actor, sql.ref('a.id'))}) ${only} ${later}
    GROUP BY a.id ORDER BY a.name, a.id LIMIT ${limit}`.execute(query);
  return rows;
}
