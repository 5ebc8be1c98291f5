/** What people were found able to do: only ever added to, and never without evidence. */
import { sql, type Transaction } from 'kysely';
import type { ContentId, LoopId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Competency } from '../domain/people/competency.ts';
import { competencyLevels, type CompetencyLevel } from '../domain/people/competency-level.ts';
import type { EvidenceKind } from '../domain/people/evidence.ts';
import type { RatingSheet } from '../domain/people/rating-sheet.ts';
import type { Query } from './client.ts';
import { readContents } from './contents.ts';
import { derivedId } from './derived-id.ts';
import type { DB } from './schema.ts';

export interface NewRating {
  /** Derived, so that a repeated step keeps it once. */
  readonly id: string;
  readonly person: PersonId;
  readonly competency: string;
  readonly level: CompetencyLevel;
  readonly by: PersonId;
  readonly at: Instant;
  readonly evidence: ContentId;
  readonly evidenceKind: EvidenceKind;
  readonly mapVersion: number;
  readonly loop: LoopId | null;
}

/** A rating that reaches what was asked for closes the gap; one that does not is what it says now. */
export async function keepRatings(
  tx: Transaction<DB>,
  ratings: readonly NewRating[],
): Promise<void> {
  if (ratings.length === 0) return;
  await tx
    .insertInto('competency_rating')
    .values(
      ratings.map(({ id, person, competency, level, by, at, ...rating }) => ({
        id,
        person_id: person,
        competency,
        level,
        rated_by: by,
        rated_at: at,
        evidence_id: rating.evidence,
        evidence_kind: rating.evidenceKind,
        map_version: rating.mapVersion,
        loop_id: rating.loop,
      })),
    )
    .execute();
  for (const { person, competency, level, at } of ratings) {
    const reached = competencyLevels.slice(0, competencyLevels.indexOf(level) + 1);
    await sql`
      UPDATE competency_gap SET
        closed_at = CASE WHEN target = ANY (${reached}::text[]) THEN ${at}::timestamptz END,
        level = CASE WHEN target = ANY (${reached}::text[]) THEN level ELSE ${level} END
      WHERE person_id = ${person} AND competency = ${competency} AND closed_at IS NULL`.execute(tx);
  }
}

interface GivenSheet {
  readonly sheet: ContentId;
  readonly person: PersonId;
  readonly by: PersonId;
  readonly at: Instant;
  readonly mapVersion: number;
  readonly loop: LoopId | null;
}

/** All that a sheet says; false where there is no such sheet. */
export async function keepSheet(
  tx: Transaction<DB>,
  { sheet, ...given }: GivenSheet,
): Promise<boolean> {
  const read = await readSheet(tx, sheet);
  if (read === null) return false;
  const ratings = read.ratings.map(({ competency, level, evidenceKind }) => ({
    ...given,
    id: derivedId('rating', sheet, competency),
    competency,
    level,
    evidenceKind,
    evidence: sheet,
  }));
  await keepRatings(tx, ratings);
  return true;
}

/** What the kind of its text is. */
export const sheetKind = 'rating.sheet';

/** Null where there is none, or it has been erased. */
export async function readSheet(query: Query, id: ContentId): Promise<RatingSheet | null> {
  const text = (await readContents(query, [id])).get(id);
  return text?.kind === sheetKind ? (text.body as RatingSheet | null) : null;
}

export interface RatingRow {
  readonly id: string;
  readonly competency: Competency;
  readonly level: CompetencyLevel;
  readonly by: { readonly id: PersonId; readonly name: string };
  readonly at: Instant;
  readonly evidenceKind: EvidenceKind;
  /** What was seen; null where it has been erased. */
  readonly evidence: string | null;
  readonly mapVersion: number;
  /** Of which loop it came; null where it was entered by itself. */
  readonly loop: { readonly id: LoopId; readonly loop: string } | null;
}

/** Of one person; the history of nine competencies over many years stays below it. */
const ratingsMax = 1_000;

/** By competency in the order of all nine, the latest first. */
export async function ratingsOf(query: Query, person: PersonId): Promise<readonly RatingRow[]> {
  const { rows } = await sql<RatingRow>`
    SELECT r.id, r.competency, r.level, jsonb_build_object('id', b.id, 'name', b.name) AS by,
      r.rated_at AS at, r.evidence_kind AS "evidenceKind", 
      coalesce(c.body->>'text', jsonb_path_query_first(c.body,
        '$.ratings[*] ? (@.competency == $key).text', jsonb_build_object('key', r.competency)) #>> '{}')
        AS evidence,
      r.map_version AS "mapVersion",
      CASE WHEN l.id IS NOT NULL THEN jsonb_build_object('id', l.id, 'loop', l.loop) END AS loop
    FROM competency_rating r JOIN competency k ON k.key = r.competency
    JOIN person b ON b.id = r.rated_by JOIN content c ON c.id = r.evidence_id
    LEFT JOIN loop_instance l ON l.id = r.loop_id
    WHERE r.person_id = ${person}
    ORDER BY k.position, r.rated_at DESC, r.id DESC LIMIT ${ratingsMax}`.execute(query);
  return rows;
}
