/** A region of thousands, rated again and again, in a Postgres of its own; and how long its audits take. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { openDatabase, type Database } from '../db/client.ts';
import { auditGaps, heatCounts } from '../db/growth-views.ts';
import { allowTime } from '../db/import-lock.ts';
import { findGaps, openAudit, ratersToAsk } from '../db/skill-audits.ts';
import type { Actor } from '../domain/authority.ts';
import type { LoopId, PersonId, RegionId } from '../domain/id.ts';
import { heatMapOf } from '../domain/skill-audit/heat-map.ts';
import { auditRules } from '../domain/skill-audit/decide.ts';
import type { AuditState } from '../domain/skill-audit/state.ts';
import { startOwnPostgres } from './own-postgres.ts';

const [people, span, teams, ratingsEach, rounds] = [5_000, 20, 40, 4, 9] as const;
const region = 'region' as RegionId;
const owner = 'person-0' as PersonId;
const day = '2027-01-11';
const at = Date.UTC(2027, 0, 11, 9);
let gaps = 0;

export const audits = {
  people,
  teams,
  rounds,
  ratings: people * 9 * ratingsEach,
  millisecondsAsked: 1_000,
  gaps: () => gaps,
} as const;

interface Times {
  readonly opens: number;
  readonly closes: number;
  readonly shows: number;
  readonly total: number;
  /** Of all processes of Postgres, in milliseconds; NaN where the system does not tell. */
  readonly cpu: number;
}

export async function auditTimes(): Promise<readonly Times[]> {
  const postgres = await startOwnPostgres('growth');
  const db = openDatabase({ url: postgres.url });
  try {
    await givenRegion(db);
    const times: Times[] = [];
    for (let round = 0; round < rounds; round++) {
      const before = postgres.cpuSeconds() ?? Number.NaN;
      const measuredTimes = await oneAudit(db, round);
      const cpu = ((postgres.cpuSeconds() ?? Number.NaN) - before) * 1_000;
      times.push({ ...measuredTimes, cpu });
    }
    return times;
  } finally {
    await db.destroy();
    await postgres.stop();
  }
}

/** A manager for every twenty; each rated four times in each of the nine. */
async function givenRegion(db: Database): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await allowTime(tx);
    await sql`SET CONSTRAINTS ALL DEFERRED`.execute(tx);
    await sql`INSERT INTO working_week (id, intervals) VALUES ('week', '{}')`.execute(tx);
    await sql`INSERT INTO region (id, name, locale, zone, manager_id, week_id)
      VALUES (${region}, 'Region', 'en', 'Etc/UTC', ${owner}, 'week')`.execute(tx);
    await sql`INSERT INTO team (id, name, kind, region_id)
      SELECT 'team-' || n, 'Team ' || n, 'own', ${region} FROM generate_series(0, ${teams - 1}) n`.execute(
      tx,
    );
    await sql`
      INSERT INTO person (id, name, email, zone, region_id, team_id, manager_id)
      SELECT 'person-' || n, 'Name of ' || n, n || '@example.test', 'Etc/UTC', ${region},
        'team-' || n % ${teams}, CASE WHEN n > 0 THEN 'person-' || n / ${span} END
      FROM generate_series(0, ${people - 1}) n`.execute(tx);
    await sql`INSERT INTO person_role (person_id, role)
      SELECT id, 'account-lead' FROM person WHERE hashtext(id) % 2 = 0`.execute(tx);
    await sql`INSERT INTO target_profile (role, valid_from, competency, level)
      SELECT role, '2026-01-01', key, CASE role WHEN 'member' THEN 'intermediate' ELSE 'advanced' END
      FROM competency, unnest(ARRAY['member', 'account-lead']) role`.execute(tx);
    await sql`INSERT INTO content (id, author_id, kind, body, salt, hash, created_at)
      VALUES (${randomUUID()}, ${owner}, 'rating.sheet', '{}', '', '', now())`.execute(tx);
  });
  // Before: references are looked up by the plan that was made when there was nobody.
  for (const table of ['person', 'person_role', 'target_profile', 'content']) {
    await sql`ANALYZE ${sql.table(table)}`.execute(db);
  }
  await db.transaction().execute(async (tx) => {
    await allowTime(tx);
    await sql`
    INSERT INTO competency_rating
      (id, person_id, competency, level, rated_by, rated_at, evidence_id, evidence_kind, map_version)
    SELECT gen_random_uuid(), p.id, k.key, l.key,
      coalesce(p.manager_id, 'person-1'), now() - n * interval '90 days', c.id, 'observation', 1
    FROM person p CROSS JOIN competency k CROSS JOIN generate_series(1, ${ratingsEach}) n
    CROSS JOIN content c
    JOIN competency_level l ON l.rank = 1 + abs(hashtext(p.id || k.key || n)) % 3`.execute(tx);
  });
  await sql`ANALYZE competency_rating`.execute(db);
}

const measured = async (run: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  await run();
  return performance.now() - startedAt;
};

async function oneAudit(db: Database, round: number): Promise<Omit<Times, 'cpu'>> {
  const id = randomUUID() as LoopId;
  await db.insertInto('loop_instance').values({ id, loop: 'skillAudit' }).execute();
  const quarter = `20${30 + round}-Q1`;
  const opens = await measured(async () => {
    const raters = await ratersToAsk(db, { region, owner, day });
    const after: AuditState = {
      ...auditRules.initial,
      status: 'rating',
      region,
      quarter,
      day,
      owner,
      mapVersion: 1,
      closesAt: at,
      people: raters.reduce((sum, rater) => sum + rater.people, 0),
      raters: raters.map(({ person, people: left }) => ({
        person,
        left,
        since: at,
        reminders: 0,
        isLast: false,
      })),
    };
    const isSame = await db.transaction().execute((tx) => openAudit(tx, { id, at, after }));
    if (!isSame) throw new Error('the same people are counted and kept');
  });
  const closes = await measured(() => db.transaction().execute((tx) => findGaps(tx, id, at)));
  const shows = await measured(async () => {
    heatMapOf(await heatCounts(db, id));
    await auditGaps(db, reader, { audit: id, after: null, limit: 100 });
  });
  const { rows } = await sql<{ n: number }>`
    SELECT count(*)::int AS n FROM competency_gap WHERE closed_at IS NULL`.execute(db);
  gaps = rows[0]?.n ?? 0;
  return { opens, closes, shows, total: opens + closes + shows };
}

const reader = {
  id: owner,
  isActive: true,
  grants: [{ role: 'learning-lead', region }],
} as unknown as Actor;
