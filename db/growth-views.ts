/** What is shown of growth: who helps whom, audits as lists and pages show them, and what groups can do. */
import { sql } from 'kysely';
import type { GrowthSubject } from '../domain/subjects.ts';
import type { Actor } from '../domain/authority.ts';
import type { LoopId, PersonId, RegionId, TeamId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { CompetencyGap, Levels } from '../domain/people/competency-gap.ts';
import type { Quarter } from '../domain/scorecard/quarter.ts';
import type { CellCount } from '../domain/skill-audit/heat-map.ts';
import type { AuditState, AuditStatus } from '../domain/skill-audit/state.ts';
import { loadActors } from './actors.ts';
import type { Query } from './client.ts';
import { latestLevels } from './skill-audits.ts';
import { maySeeAudit, maySeeGrowth } from './visibility.ts';

interface Named<Id extends string = string> {
  readonly id: Id;
  readonly name: string;
}

/** Null where nobody has that id. */
export async function growthSubject(
  query: Query,
  { person, at }: { readonly person: PersonId; readonly at: Instant },
): Promise<(GrowthSubject & { readonly name: string }) | null> {
  const placed = (await loadActors(query, [person], at)).get(person);
  if (!placed) return null;
  const { rows } = await sql<{ name: string; coaches: readonly PersonId[] }>`
    SELECT p.name, ARRAY(SELECT coach_id FROM coaching
      WHERE person_id = p.id AND ended_at IS NULL ORDER BY coach_id) AS coaches
    FROM person p WHERE p.id = ${person}`.execute(query);
  return { person: placed, coaches: rows[0]?.coaches ?? [], name: rows[0]?.name ?? person };
}

export interface AuditRow {
  readonly id: LoopId;
  readonly region: Named<RegionId>;
  readonly quarter: Quarter;
  readonly owner: Named<PersonId>;
  readonly status: AuditStatus;
  readonly mapVersion: number;
  readonly people: number;
  readonly closesAt: Instant;
  readonly closedAt: Instant | null;
}

export interface AuditDetail extends AuditRow {
  readonly state: AuditState;
  readonly revision: number;
  readonly isHeld: boolean;
  readonly settled: Readonly<Partial<Record<'rated' | 'tooNew' | 'away' | 'left', number>>>;
}

const auditColumns = sql`
  a.id, jsonb_build_object('id', g.id, 'name', g.name) AS region, a.quarter,
  jsonb_build_object('id', o.id, 'name', o.name) AS owner, a.status, a.map_version AS "mapVersion",
  a.people, a.closes_at AS "closesAt", a.closed_at AS "closedAt"`;

/** Null when it does not exist, or when the actor may not see it: nobody can tell which. */
export async function findAudit(
  query: Query,
  actor: Actor,
  id: LoopId,
): Promise<AuditDetail | null> {
  const { rows } = await sql<AuditDetail>`
    SELECT ${auditColumns}, i.state->'state' AS state, i.revision,
      i.held_at IS NOT NULL AS "isHeld",
      (SELECT coalesce(jsonb_object_agg(settled, people), '{}') FROM (
        SELECT settled, count(*) AS people FROM skill_audit_subject s
        WHERE s.audit_id = a.id AND settled IS NOT NULL GROUP BY settled) counted) AS settled
    FROM skill_audit a JOIN loop_instance i ON i.id = a.id JOIN region g ON g.id = a.region_id
    JOIN person o ON o.id = a.owner_id
    WHERE a.id = ${id} AND ${maySeeAudit(actor, sql.ref('a.id'))}`.execute(query);
  return rows[0] ?? null;
}

const auditsMax = 100;

/** The latest first, of those the actor may see. */
export async function listAudits(query: Query, actor: Actor): Promise<readonly AuditRow[]> {
  const { rows } = await sql<AuditRow>`
    SELECT ${auditColumns}
    FROM skill_audit a JOIN region g ON g.id = a.region_id JOIN person o ON o.id = a.owner_id
    WHERE ${maySeeAudit(actor, sql.ref('a.id'))}
    ORDER BY a.opened_at DESC, a.id LIMIT ${auditsMax}`.execute(query);
  return rows;
}

/** As whom somebody is named in it. */
export async function partIn(
  query: Query,
  { audit, person }: { readonly audit: LoopId; readonly person: PersonId },
): Promise<{ readonly isRater: boolean; readonly isRated: boolean }> {
  const { rows } = await sql<{ isRater: boolean; isRated: boolean }>`
    SELECT coalesce(bool_or(rater_id = ${person}), false) AS "isRater",
      coalesce(bool_or(person_id = ${person}), false) AS "isRated"
    FROM skill_audit_subject
    WHERE audit_id = ${audit} AND ${person} IN (person_id, rater_id)`.execute(query);
  return rows[0] ?? { isRater: false, isRated: false };
}

export interface ToRate {
  readonly person: Named<PersonId>;
  readonly targets: Levels;
  readonly levels: Levels;
}

export async function peopleToRate(
  query: Query,
  { audit, rater }: { readonly audit: LoopId; readonly rater: PersonId },
): Promise<readonly ToRate[]> {
  const { rows } = await sql<ToRate>`
    SELECT jsonb_build_object('id', p.id, 'name', p.name) AS person, s.targets,
      ${latestLevels(sql`s.person_id`)} AS levels
    FROM skill_audit_subject s JOIN person p ON p.id = s.person_id
    WHERE s.audit_id = ${audit} AND s.rater_id = ${rater} AND s.settled IS NULL
      AND p.left_at IS NULL
    ORDER BY p.name, p.id`.execute(query);
  return rows;
}

export interface AuditGap extends CompetencyGap {
  readonly person: Named<PersonId>;
  readonly team: Named<TeamId>;
}

interface GapPage {
  readonly audit: LoopId;
  readonly after: readonly [person: string, position: number] | null;
  readonly limit: number;
}

/** Of whom the reader may know it, as it was when the audit closed. */
export async function auditGaps(
  query: Query,
  actor: Actor,
  { audit, after, limit }: GapPage,
): Promise<readonly (AuditGap & { readonly position: number })[]> {
  const beyond =
    after === null ? sql`true` : sql`(s.person_id, k.position) > (${after[0]}, ${after[1]})`;
  const { rows } = await sql<AuditGap & { readonly position: number }>`
    SELECT jsonb_build_object('id', p.id, 'name', p.name) AS person,
      jsonb_build_object('id', t.id, 'name', t.name) AS team, x.competency, x.target,
      s.levels->>x.competency AS level, k.position
    FROM skill_audit_subject s JOIN person p ON p.id = s.person_id JOIN team t ON t.id = s.team_id
    CROSS JOIN LATERAL jsonb_each_text(s.targets) x (competency, target)
    JOIN competency k ON k.key = x.competency
    JOIN competency_level asked ON asked.key = x.target
    LEFT JOIN competency_level l ON l.key = s.levels->>x.competency
    WHERE s.audit_id = ${audit} AND s.levels IS NOT NULL AND s.settled IS DISTINCT FROM 'left'
      AND asked.rank > coalesce(l.rank, 0) AND ${beyond} AND ${maySeeGrowth(actor, sql.ref('s.person_id'))}
    ORDER BY s.person_id, k.position LIMIT ${limit}`.execute(query);
  return rows;
}

export async function heatCounts(query: Query, audit: LoopId): Promise<readonly CellCount[]> {
  const { rows } = await sql<CellCount>`
    SELECT s.team_id AS team, x.competency, count(l.rank)::int AS rated,
      (count(*) FILTER (WHERE l.rank < asked.rank))::int AS below
    FROM skill_audit_subject s
    CROSS JOIN LATERAL jsonb_each_text(s.targets) x (competency, target)
    JOIN competency_level asked ON asked.key = x.target
    LEFT JOIN competency_level l ON l.key = s.levels->>x.competency
    WHERE s.audit_id = ${audit} AND s.levels IS NOT NULL AND s.settled IS DISTINCT FROM 'left'
    GROUP BY s.team_id, x.competency ORDER BY s.team_id, x.competency`.execute(query);
  return rows;
}

/** The audits of the same region that closed before, the latest first. */
export async function formerAudits(
  query: Query,
  { region, quarter, limit }: { region: RegionId; quarter: Quarter; limit: number },
): Promise<readonly { readonly id: LoopId; readonly quarter: Quarter }[]> {
  const { rows } = await sql<{ id: LoopId; quarter: Quarter }>`
    SELECT id, quarter FROM skill_audit
    WHERE region_id = ${region} AND quarter < ${quarter} AND status = 'closed'
    ORDER BY quarter DESC LIMIT ${limit}`.execute(query);
  return rows;
}

export async function teamNames(
  query: Query,
  ids: readonly TeamId[],
): Promise<ReadonlyMap<TeamId, string>> {
  const { rows } = await sql<Named<TeamId>>`
    SELECT id, name FROM team WHERE id = ANY (${ids}::text[]) ORDER BY name, id`.execute(query);
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Where somebody leads learning. */
export async function regionsLed(
  query: Query,
  { grants }: Actor,
): Promise<readonly Named<RegionId>[]> {
  const led = grants.filter(({ role }) => role === 'learning-lead');
  const isEverywhere = led.some(({ region }) => region === null);
  const regions = led.flatMap(({ region }) => region ?? []);
  const { rows } = await sql<Named<RegionId>>`
    SELECT id, name FROM region WHERE merged_into IS NULL
      AND (${isEverywhere} OR id = ANY (${regions}::text[])) ORDER BY name, id`.execute(query);
  return rows;
}
