/** What people say of a practice: the last word of each. */
import { type Expression, sql } from 'kysely';
import type { Verdict } from '../domain/exchange/practice.ts';
import type { Report } from '../domain/exchange/rank.ts';
import type { ContentId, LoopId, PersonId, RegionId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Said } from '../domain/practice/state.ts';
import type { Query } from './client.ts';

interface KeptVerdict {
  readonly practice: LoopId;
  readonly by: PersonId;
  readonly verdict: Verdict;
  readonly region: RegionId;
  readonly country: string;
  readonly content: ContentId | null;
  readonly at: Instant;
  readonly after: { readonly version: number };
}

export async function keepVerdict(query: Query, kept: KeptVerdict): Promise<void> {
  const { practice, by, verdict, region, country, content, at, after } = kept;
  await sql`
    INSERT INTO practice_verdict (practice_id, person_id, region_id, country, verdict, content_id,
      version, number, at)
    VALUES (${practice}, ${by}, ${region}, ${country}, ${verdict}, ${content}, ${after.version}, 1,
      ${at}::timestamptz)
    ON CONFLICT (practice_id, person_id) DO UPDATE SET region_id = excluded.region_id,
      country = excluded.country, verdict = excluded.verdict, content_id = excluded.content_id,
      version = excluded.version, number = practice_verdict.number + 1, at = excluded.at`.execute(
    query,
  );
}

export interface LastVerdict extends Said {
  readonly number: number;
}

export async function lastVerdict(
  query: Query,
  { practice, person }: { readonly practice: LoopId; readonly person: PersonId },
): Promise<LastVerdict | null> {
  const { rows } = await sql<LastVerdict>`
    SELECT verdict, country, at, number FROM practice_verdict
    WHERE practice_id = ${practice} AND person_id = ${person}`.execute(query);
  return rows[0] ?? null;
}

/** Said by `v` of the text of `now`, whomever that is for meanwhile. */
const isOfText = sql<boolean>`(v.version = now.version OR EXISTS (
  SELECT FROM practice_version w WHERE w.practice_id = v.practice_id AND w.version = v.version
    AND w.source_hash = now.source_hash))`;

/** Of the practice whose id a column holds, as ranking reads them: what was said of the text of now. */
const counted = (practice: Expression<string>) => sql`
  SELECT v.practice_id AS practice, v.verdict, v.region_id AS region, v.country, g.locale,
    count(*)::int AS count
  FROM practice_verdict v JOIN region g ON g.id = v.region_id
  JOIN practice now ON now.id = v.practice_id
  WHERE v.practice_id = ${practice} AND ${isOfText}
  GROUP BY v.practice_id, v.verdict, v.region_id, v.country, g.locale`;

/** Within a statement: a list of reports. */
export const reportsColumn = (practice: Expression<string>) =>
  sql`(SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') FROM (${counted(practice)}) r)`;

/** As ranking reads them. */
export async function reportsOf(
  query: Query,
  practices: readonly LoopId[],
): Promise<ReadonlyMap<LoopId, readonly Report[]>> {
  const { rows } = await sql<Report & { readonly practice: LoopId }>`
    SELECT r.* FROM unnest(${practices}::uuid[]) AS asked (id)
    CROSS JOIN LATERAL (${counted(sql.ref('asked.id'))}) r`.execute(query);
  return Map.groupBy(rows, ({ practice }) => practice);
}

export interface SaidSentence {
  readonly verdict: Verdict;
  readonly region: { readonly id: RegionId; readonly name: string };
  /** Null where nothing was said, or once it is erased. */
  readonly text: string | null;
  readonly isOfText: boolean;
  readonly at: Instant;
}

const sentencesShownMax = 50;

/** The latest first, by region: who said it is nobody's business. */
export async function saidOf(query: Query, practice: LoopId): Promise<readonly SaidSentence[]> {
  const { rows } = await sql<SaidSentence>`
    SELECT v.verdict, v.at, jsonb_build_object('id', g.id, 'name', g.name) AS region,
      c.body->>'text' AS text, ${isOfText} AS "isOfText"
    FROM practice_verdict v JOIN region g ON g.id = v.region_id
    JOIN practice now ON now.id = v.practice_id
    LEFT JOIN content c ON c.id = v.content_id
    WHERE v.practice_id = ${practice}
    ORDER BY v.at DESC, v.person_id LIMIT ${sentencesShownMax}`.execute(query);
  return rows;
}
