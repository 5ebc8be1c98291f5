/** What a directory file says of growth: target profiles, versions of the map, attained quotas. */
import { sql } from 'kysely';
import type {
  DirectoryDescriptor,
  DirectoryQuota,
  DirectoryTarget,
  Row,
} from '../domain/directory/directory.ts';
import type { Instant } from '../domain/loop.ts';
import { asIs, type Merge, type Merged, rowsOf } from './directory-merges.ts';

const dated = ({ validFrom, ...rest }: DirectoryTarget | DirectoryDescriptor): object => ({
  ...rest,
  valid_from: validFrom,
});

export const mergeTargetProfiles = (rows: readonly Row<DirectoryTarget>[]): Merge => sql<Merged>`
  MERGE INTO target_profile t
  USING jsonb_to_recordset(${rowsOf(rows, dated)})
    AS s (role text, region text, valid_from date, competency text, level text)
  ON t.role = s.role AND coalesce(t.region_id, '') = coalesce(s.region, '')
    AND t.valid_from = s.valid_from AND t.competency = s.competency
  WHEN MATCHED AND t.level <> s.level THEN UPDATE SET level = s.level
  WHEN NOT MATCHED THEN INSERT (role, region_id, valid_from, competency, level)
    VALUES (s.role, s.region, s.valid_from, s.competency, s.level)
  WHEN NOT MATCHED BY SOURCE THEN DELETE
  RETURNING concat_ws(' ', t.role, t.region_id, t.valid_from, t.competency) AS id,
    merge_action() AS action`;

export const mergeQuotas = (rows: readonly Row<DirectoryQuota>[]): Merge => sql<Merged>`
  MERGE INTO quota_attainment t
  USING jsonb_to_recordset(${rowsOf(rows, asIs)}) AS s (person text, quarter text, percent int)
  ON t.person_id = s.person AND t.quarter = s.quarter
  WHEN MATCHED AND t.percent <> s.percent THEN UPDATE SET percent = s.percent
  WHEN NOT MATCHED THEN
    INSERT (person_id, quarter, percent) VALUES (s.person, s.quarter, s.percent)
  WHEN NOT MATCHED BY SOURCE THEN DELETE
  RETURNING t.person_id || ' ' || t.quarter AS id, merge_action() AS action`;

/**
 * What was written anew for a day is another version, and the former counts for nothing new: it stays
 * for whatever goes by it. Counted by version, not by text.
 */
export const mergeDescriptors = (
  rows: readonly Row<DirectoryDescriptor>[],
  at: Instant,
): Merge => sql<Merged>`
  WITH given AS (
    SELECT * FROM jsonb_to_recordset(${rowsOf(rows, dated)})
      AS s (valid_from date, competency text, level text, locale text, text text)
  ), wanted AS (
    SELECT valid_from, encode(sha256(convert_to(
        jsonb_agg(jsonb_build_array(competency, level, locale, text)
          ORDER BY competency, level, locale)::text, 'UTF8')), 'hex') AS hash
    FROM given GROUP BY valid_from
  ), kept AS (
    SELECT m.version, m.valid_from FROM competency_map m JOIN wanted w
      ON w.valid_from = m.valid_from AND w.hash = m.content_hash WHERE m.withdrawn_at IS NULL
  ), withdrawn AS (
    UPDATE competency_map SET withdrawn_at = ${at}::timestamptz
    WHERE content_hash IS NOT NULL AND withdrawn_at IS NULL
      AND version NOT IN (SELECT version FROM kept)
    RETURNING valid_from
  ), added AS (
    INSERT INTO competency_map (valid_from, published_at, content_hash)
    SELECT valid_from, ${at}::timestamptz, hash FROM wanted
    WHERE valid_from NOT IN (SELECT valid_from FROM kept)
    RETURNING version, valid_from
  ), written AS (
    INSERT INTO competency_descriptor (map_version, competency, level, locale, text)
    SELECT a.version, g.competency, g.level, g.locale, g.text
    FROM added a JOIN given g ON g.valid_from = a.valid_from
  )
  SELECT coalesce(a.valid_from, w.valid_from)::text AS id,
    CASE WHEN a.valid_from IS NULL THEN 'DELETE' WHEN w.valid_from IS NULL THEN 'INSERT'
      ELSE 'UPDATE' END AS action
  FROM added a FULL JOIN withdrawn w ON w.valid_from = a.valid_from`;
