/** Cultural-competency trainings: each between two regions, with the last day on which it counts. */
import { sql } from 'kysely';
import type { PersonId, RegionId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Database, Query } from './client.ts';
import { insertNotices, plainNotice } from './loops.ts';

export interface Training {
  readonly id: string;
  readonly regions: readonly [RegionId, RegionId];
  readonly completedOn: string;
  readonly expiresOn: string;
}

interface NewTraining extends Training {
  readonly person: PersonId;
  readonly by: PersonId;
  readonly at: Instant;
}

/** Of one person; the same day and regions again are the same training. */
export const trainingsMax = 200;

export async function countTrainings(query: Query, person: PersonId): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*)::int AS count FROM cultural_training WHERE person_id = ${person}`.execute(
    query,
  );
  return rows[0]?.count ?? 0;
}

export async function insertTraining(query: Query, training: NewTraining): Promise<void> {
  const { id, person, regions, completedOn, expiresOn, by, at } = training;
  const [a, b] = regions.toSorted();
  await sql`
    INSERT INTO cultural_training (id, person_id, region_a, region_b, completed_on, expires_on,
      recorded_by, recorded_at)
    VALUES (${id}, ${person}, ${a}, ${b}, ${completedOn}::date, ${expiresOn}::date, ${by}, ${at})
    ON CONFLICT (person_id, region_a, region_b, completed_on) DO UPDATE
    SET expires_on = excluded.expires_on, recorded_by = excluded.recorded_by,
      recorded_at = excluded.recorded_at, reminded_days = NULL`.execute(query);
}

export async function listTrainings(query: Query, person: PersonId): Promise<readonly Training[]> {
  const { rows } = await sql<Training>`
    SELECT id, jsonb_build_array(region_a, region_b) AS regions, completed_on::text AS "completedOn",
      expires_on::text AS "expiresOn"
    FROM cultural_training WHERE person_id = ${person}
    ORDER BY expires_on DESC, id LIMIT ${trainingsMax}`.execute(query);
  return rows;
}

/** Before the last day on which it counts. */
const remindedDays = [90, 60, 30, 7] as const;
const remindersPerRunMax = 500;

interface Ending {
  readonly id: string;
  readonly person: PersonId;
  readonly region: RegionId;
  readonly expiresOn: string;
}

/**
 * Whoever holds one that ends soon is reminded, once at each of 90, 60, 30 and 7 days; who was away
 * that day is so later, and only once. One that a later training outlasts is left alone.
 */
export async function remindTrainings(db: Database, at: Instant): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const { rows } = await sql<Ending>`
      WITH near AS (
        SELECT t.id, t.expires_on, t.reminded_days, p.region_id,
          (SELECT min(step) FROM unnest(${[...remindedDays]}::int[]) AS step
            WHERE t.expires_on - ${at}::timestamptz::date <= step) AS days
        FROM cultural_training t JOIN person p ON p.id = t.person_id AND p.left_at IS NULL
        WHERE t.expires_on >= ${at}::timestamptz::date
          AND t.expires_on <= ${at}::timestamptz::date + ${remindedDays[0]}::int
          AND NOT EXISTS (SELECT FROM cultural_training later WHERE later.person_id = t.person_id
            AND later.region_a = t.region_a AND later.region_b = t.region_b
            AND later.expires_on > t.expires_on)
      ), due AS (
        SELECT * FROM near WHERE reminded_days IS NULL OR reminded_days > days
        ORDER BY expires_on, id LIMIT ${remindersPerRunMax}
      )
      UPDATE cultural_training t SET reminded_days = due.days FROM due WHERE t.id = due.id
      RETURNING t.id, t.person_id AS person, t.expires_on::text AS "expiresOn",
        CASE WHEN due.region_id = t.region_a THEN t.region_b ELSE t.region_a END AS region`.execute(
      tx,
    );
    const notices = rows.map(({ person: to, region, expiresOn }) =>
      plainNotice({
        to,
        key: 'assignment.training_ends',
        params: { region: { region }, lastDay: { day: expiresOn } },
        sendAt: at,
      }),
    );
    if (notices.length > 0) await insertNotices(tx, { id: null, sequence: null, at, notices });
    return rows.length;
  });
}
