/** Skill audits: who is rated by whom and against what, and what their loop moves. */
import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { LoopId, PersonId, RegionId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Levels } from '../domain/people/competency-gap.ts';
import { problem, Refusal } from '../domain/problem.ts';
import type {
  AuditFacts,
  AuditState,
  AuditStatus,
  RaterCount,
} from '../domain/skill-audit/state.ts';
import type { Query } from './client.ts';
import type { DB } from './schema.ts';
import { policyValue } from './policies.ts';
import { targetsOfPeople } from './target-profiles.ts';

type Tx = Transaction<DB>;

interface Audited {
  readonly region: RegionId;
  readonly owner: PersonId;
  /** Whose targets count, such as `2027-01-01`. */
  readonly day: string;
}

/**
 * The own people of a region of whom something is asked. Each is rated by the nearest above who is
 * there, else by whoever looks after the audit; whom that leaves with nobody but themselves is not in it.
 */
const audited = ({ region, owner, day }: Audited) => sql`
  SELECT p.id AS person, p.team_id AS team, asked.targets, rater.id AS rater
  FROM person p JOIN team t ON t.id = p.team_id AND t.kind = 'own'
  JOIN (${targetsOfPeople({
    people: sql`p.region_id = ${region} AND p.left_at IS NULL`,
    region: sql`${region}`,
    day,
  })}) asked ON asked.person = p.id
  LEFT JOIN person m ON m.id = p.manager_id
  LEFT JOIN person above ON above.id = m.manager_id
  CROSS JOIN LATERAL (SELECT CASE
    WHEN m.id IS NOT NULL AND m.left_at IS NULL THEN m.id
    WHEN above.left_at IS NULL AND above.id <> p.id THEN above.id
    WHEN p.id <> ${owner} THEN ${owner} END AS id) rater
  WHERE rater.id IS NOT NULL`;

export async function ratersToAsk(query: Query, asked: Audited): Promise<readonly RaterCount[]> {
  const { rows } = await sql<RaterCount>`
    SELECT rater AS person, count(*)::int AS people FROM (${audited(asked)}) a
    GROUP BY rater ORDER BY rater`.execute(query);
  return rows;
}

interface OpenedAudit {
  readonly id: LoopId;
  readonly at: Instant;
  readonly after: AuditState;
}

/** Whoever has come or gone since the raters were counted is told apart: it is then planned anew. */
export async function openAudit(tx: Tx, { id, at, after }: OpenedAudit): Promise<boolean> {
  const { region, quarter, day, owner, mapVersion, people, closesAt } = after;
  await sql`
    INSERT INTO skill_audit
      (id, region_id, quarter, owner_id, map_version, status, people, closes_at, opened_at)
    VALUES (${id}, ${region}, ${quarter}, ${owner}, ${mapVersion}, 'rating', ${people},
      ${closesAt}::timestamptz, ${at}::timestamptz)`
    .execute(tx)
    .catch((error: unknown) => {
      const constraint =
        error instanceof Error && 'constraint_name' in error && error.constraint_name;
      throw constraint === 'skill_audit_once'
        ? new Refusal(problem('skillAudit.already_open'))
        : error;
    });
  const { rows } = await sql<RaterCount>`
    WITH written AS (
      INSERT INTO skill_audit_subject (audit_id, person_id, team_id, rater_id, targets)
      SELECT ${id}, person, team, rater, targets FROM (${audited({ region, owner, day })}) a
      RETURNING rater_id
    )
    SELECT rater_id AS person, count(*)::int AS people FROM written
    GROUP BY rater_id ORDER BY rater_id`.execute(tx);
  const planned = after.raters.map(({ person, left }) => `${person} ${left}`);
  return planned.join() === rows.map((row) => `${row.person} ${row.people}`).join();
}

/** Whoever has left, and whoever stands above others: they could be given themselves to rate. */
export async function auditFacts(tx: Tx, id: LoopId): Promise<AuditFacts> {
  const { rows } = await sql<AuditFacts['waiting'][number]>`
    SELECT s.person_id AS person, s.rater_id AS rater, p.left_at IS NOT NULL AS "hasLeft"
    FROM skill_audit_subject s JOIN person p ON p.id = s.person_id
    WHERE s.audit_id = ${id} AND s.settled IS NULL AND (p.left_at IS NOT NULL
      OR EXISTS (SELECT FROM person m WHERE m.manager_id = p.id)
      OR EXISTS (SELECT FROM skill_audit a WHERE a.id = s.audit_id AND a.owner_id = p.id))
    ORDER BY s.person_id`.execute(tx);
  return { waiting: rows };
}

export interface AuditSubject {
  readonly rater: PersonId;
  readonly targets: Levels;
  readonly isSettled: boolean;
  /** What they were rated last, whenever that was. */
  readonly levels: Levels;
}

/** The latest rating of each competency within a statement. */
export const latestLevels = (person: RawBuilder<unknown>) => sql<Levels>`(
  SELECT coalesce(jsonb_object_agg(latest.competency, latest.level), '{}') FROM (
    SELECT DISTINCT ON (r.competency) r.competency, r.level FROM competency_rating r
    WHERE r.person_id = ${person} ORDER BY r.competency, r.rated_at DESC, r.id DESC) latest)`;

export async function findSubject(
  query: Query,
  { audit, person }: { readonly audit: LoopId; readonly person: PersonId },
): Promise<AuditSubject | null> {
  const { rows } = await sql<AuditSubject>`
    SELECT s.rater_id AS rater, s.targets, s.settled IS NOT NULL AS "isSettled",
      ${latestLevels(sql`s.person_id`)} AS levels
    FROM skill_audit_subject s WHERE s.audit_id = ${audit} AND s.person_id = ${person}`.execute(
    query,
  );
  return rows[0] ?? null;
}

export interface SettledSubject {
  readonly audit: LoopId;
  readonly person: PersonId;
  readonly as: 'rated' | 'tooNew' | 'away' | 'left';
  readonly at: Instant;
}

export async function settleSubject(
  tx: Tx,
  { audit, person, as, at }: SettledSubject,
): Promise<void> {
  await sql`UPDATE skill_audit_subject SET settled = ${as}, settled_at = ${at}::timestamptz
    WHERE audit_id = ${audit} AND person_id = ${person} AND settled IS NULL`.execute(tx);
}

/** Only whoever is still to be rated goes on: what was rated stays with who rated it. */
export async function passSubjects(
  tx: Tx,
  { audit, from, to }: { readonly audit: LoopId; readonly from: PersonId; readonly to: PersonId },
): Promise<void> {
  await sql`UPDATE skill_audit_subject SET rater_id = ${to}
    WHERE audit_id = ${audit} AND rater_id = ${from} AND settled IS NULL`.execute(tx);
}

interface EndedAudit {
  readonly id: LoopId;
  readonly at: Instant;
  readonly status: AuditStatus;
}

export async function endAudit(tx: Tx, { id, at, status }: EndedAudit): Promise<void> {
  await sql`UPDATE skill_audit SET status = ${status}, closed_at = ${at}::timestamptz
    WHERE id = ${id}`.execute(tx);
  if (status === 'closed') await findGaps(tx, id, at);
}

/**
 * Keeps the levels as they are, and of every competency that was asked whether it is a gap: `gapsOf` of
 * `domain/people/competency-gap.ts`. What was found before and is none any more is closed.
 */
export async function findGaps(tx: Tx, id: LoopId, at: Instant): Promise<void> {
  await sql`
    UPDATE skill_audit_subject s SET levels = coalesce(known.levels, '{}')
    FROM skill_audit_subject o LEFT JOIN (
      SELECT person_id, jsonb_object_agg(competency, level) AS levels FROM (
        SELECT DISTINCT ON (r.person_id, r.competency) r.person_id, r.competency, r.level
        FROM competency_rating r JOIN skill_audit_subject x
          ON x.audit_id = ${id} AND x.person_id = r.person_id
        ORDER BY r.person_id, r.competency, r.rated_at DESC, r.id DESC) latest
      GROUP BY person_id) known ON known.person_id = o.person_id
    WHERE o.audit_id = ${id} AND s.audit_id = o.audit_id AND s.person_id = o.person_id`.execute(tx);
  await sql`
    WITH asked AS MATERIALIZED (
      SELECT s.person_id, x.competency, x.target, l.key AS level
      FROM skill_audit_subject s
      CROSS JOIN LATERAL jsonb_each_text(s.targets) x (competency, target)
      JOIN competency_level t ON t.key = x.target
      LEFT JOIN competency_level l ON l.key = s.levels->>x.competency
      WHERE s.audit_id = ${id} AND s.settled IS DISTINCT FROM 'left'
        AND t.rank > coalesce(l.rank, 0)
    ), open AS MATERIALIZED (
      SELECT g.id, g.person_id, g.competency, g.level, g.target FROM competency_gap g
      JOIN skill_audit_subject s ON s.audit_id = ${id} AND s.person_id = g.person_id
      WHERE g.closed_at IS NULL
    ), closed AS (
      UPDATE competency_gap g SET closed_at = ${at}::timestamptz
      FROM open o LEFT JOIN asked a USING (person_id, competency)
      WHERE g.id = o.id AND a.person_id IS NULL
    ), changed AS (
      UPDATE competency_gap g SET level = a.level, target = a.target, found_in = ${id}
      FROM open o JOIN asked a USING (person_id, competency)
      WHERE g.id = o.id AND (o.level, o.target) IS DISTINCT FROM (a.level, a.target)
    )
    INSERT INTO competency_gap (id, person_id, competency, level, target, found_at, found_in)
    SELECT gen_random_uuid(), a.person_id, a.competency, a.level, a.target, ${at}::timestamptz, ${id}
    FROM asked a LEFT JOIN open o USING (person_id, competency) WHERE o.id IS NULL`.execute(tx);
}

const auditPolicy = 'growth.auditDays';

export interface RegionToAudit {
  readonly id: RegionId;
  readonly zone: string;
  /** As the policy has it, whatever that is. */
  readonly days: number;
  readonly owner: PersonId;
  /** Quarters that had theirs, cancelled ones too: what somebody called off is not begun again. */
  readonly audited: readonly string[];
}

/** Whose policy asks for it; looked after by who leads learning there, else everywhere, else its manager. */
export async function regionsToAudit(query: Query, day: string): Promise<readonly RegionToAudit[]> {
  const days = policyValue({ key: auditPolicy, region: sql`g.id`, day });
  const { rows } = await sql<RegionToAudit>`
    SELECT g.id, g.zone, asked.days, owner.id AS owner,
      ARRAY(SELECT quarter FROM skill_audit a WHERE a.region_id = g.id) AS audited
    FROM region g
    CROSS JOIN LATERAL (SELECT ${days} AS days) asked
    CROSS JOIN LATERAL (
      SELECT p.id FROM person p LEFT JOIN person_role r ON r.person_id = p.id
        AND r.role = 'learning-lead' AND (r.region_id = g.id OR r.region_id IS NULL)
      WHERE p.left_at IS NULL AND (r.role IS NOT NULL OR p.id = g.manager_id)
      ORDER BY r.region_id NULLS LAST, r.role IS NULL, p.id LIMIT 1) owner
    WHERE g.merged_into IS NULL AND jsonb_typeof(asked.days) = 'number'
    ORDER BY g.id`.execute(query);
  return rows;
}
