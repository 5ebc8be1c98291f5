/** Development plans: what their loop checks and moves, and what lists and pages show of them. */
import { sql, type Transaction } from 'kysely';
import type { Actor } from '../domain/authority.ts';
import { termsOf } from '../domain/development-plan/roles.ts';
import type {
  Goal,
  Need,
  PlanEvent,
  PlanState,
  Standing,
} from '../domain/development-plan/state.ts';
import { present } from '../domain/assert.ts';
import type { ContentId, LoopId, PersonId } from '../domain/id.ts';
import type { HoldEvent, Instant } from '../domain/loop.ts';
import type { Competency } from '../domain/people/competency.ts';
import type { CompetencyLevel } from '../domain/people/competency-level.ts';
import { problem, Refusal } from '../domain/problem.ts';
import type { Query } from './client.ts';
import { keepRatings } from './competency-ratings.ts';
import { derivedId } from './derived-id.ts';
import type { DB } from './schema.ts';
import { maySeePlan } from './visibility.ts';

type Tx = Transaction<DB>;

interface ProjectedPlan {
  readonly id: LoopId;
  readonly at: Instant;
  readonly after: PlanState;
  readonly isClosed: boolean;
}

export async function projectPlan(tx: Tx, projected: ProjectedPlan): Promise<void> {
  const { id, at, after, isClosed } = projected;
  const { subject, manager, status, version, agreedAt, stalledAt } = after;
  const terms = present(termsOf(after), 'the terms');
  const agreed = agreedAt === 0 ? null : agreedAt;
  await sql`
    INSERT INTO development_plan (id, subject_id, manager_id, coach_id, status, map_version, last_day,
      started_at)
    VALUES (${id}, ${subject}, ${manager}, ${terms.coach}, ${status}, ${version},
      ${terms.lastDay}::date, ${at})
    ON CONFLICT (id) DO UPDATE SET manager_id = excluded.manager_id, coach_id = excluded.coach_id,
      status = excluded.status, last_day = excluded.last_day, agreed_at = ${agreed}::timestamptz,
      stalled_at = ${stalledAt}::timestamptz, closed_at = ${isClosed ? at : null}::timestamptz`
    .execute(tx)
    .catch(refuseSecond);
  await projectGoals(tx, id, terms.goals);
  await projectLinks(tx, projected);
}

function refuseSecond(error: unknown): never {
  const broken = error instanceof Error && 'constraint_name' in error && error.constraint_name;
  throw broken === 'development_plan_open' ? new Refusal(problem('plan.already_open')) : error;
}

async function projectGoals(tx: Tx, id: LoopId, goals: readonly Goal[]): Promise<void> {
  await sql`DELETE FROM plan_goal WHERE plan_id = ${id}`.execute(tx);
  await sql`
    INSERT INTO plan_goal (plan_id, competency, from_level, to_level, gap_id)
    SELECT ${id}, g.competency, g."from", g."to", g.gap
    FROM jsonb_to_recordset(${JSON.stringify(goals)}::text::jsonb)
      AS g (competency text, "from" text, "to" text, gap uuid)`.execute(tx);
}

async function projectLinks(tx: Tx, { id, at, after: { links } }: ProjectedPlan): Promise<void> {
  const loops = links.map(({ loop }) => loop);
  await sql`
    DELETE FROM plan_link WHERE plan_id = ${id} AND loop_id <> ALL (${loops}::uuid[])`.execute(tx);
  await sql`
    INSERT INTO plan_link (plan_id, loop_id, need, linked_at)
    SELECT ${id}, l.loop, l.need, ${at}::timestamptz
    FROM jsonb_to_recordset(${JSON.stringify(links)}::text::jsonb) AS l (loop uuid, need text)
    ON CONFLICT DO NOTHING`.execute(tx);
}

export interface FoundLoop {
  readonly need: Need;
  readonly of: PersonId;
  readonly standing: Standing;
}

const standingOf = (done: readonly string[], failed: readonly string[]) =>
  sql`CASE WHEN status = ANY (${done}::text[]) THEN 'done'
    WHEN status = ANY (${failed}::text[]) THEN 'failed' ELSE 'open' END`;

/**
 * How requests and assignments stand for a plan: money is found once it is granted, work once what it
 * taught has been said. Whatever ends one of them waits until the transaction that asks has ended.
 */
export async function loopsFor(
  tx: Tx,
  loops: readonly LoopId[],
): Promise<ReadonlyMap<LoopId, FoundLoop>> {
  if (loops.length === 0) return new Map();
  await sql`SELECT FROM loop_instance WHERE id = ANY (${loops}::uuid[])
    ORDER BY id FOR SHARE`.execute(tx);
  const { rows } = await sql<FoundLoop & { readonly id: LoopId }>`
    SELECT id, 'formal' AS need, requester_id AS "of",
      ${standingOf(['approved', 'completed'], ['rejected', 'withdrawn', 'lapsed'])} AS standing
    FROM budget_request WHERE id = ANY (${loops}::uuid[])
    UNION ALL SELECT id, 'onTheJob', participant_id,
      ${standingOf(['closed'], ['declined', 'lapsed', 'cancelled'])}
    FROM assignment WHERE id = ANY (${loops}::uuid[])`.execute(tx);
  return new Map(rows.map(({ id, ...found }) => [id, found]));
}

/** Open plans that a request or an assignment serves. */
export async function plansServedBy(query: Query, loop: LoopId): Promise<readonly LoopId[]> {
  const { rows } = await sql<{ id: LoopId }>`
    SELECT p.id FROM plan_link l JOIN development_plan p ON p.id = l.plan_id
    WHERE l.loop_id = ${loop} AND p.closed_at IS NULL ORDER BY p.id`.execute(query);
  return rows.map(({ id }) => id);
}

/** Whether it is open, and about this person. */
export async function isPlanOf(query: Query, plan: string, person: PersonId): Promise<boolean> {
  const { rows } = await sql`
    SELECT FROM development_plan
    WHERE id = ${plan} AND subject_id = ${person} AND closed_at IS NULL`.execute(query);
  return rows.length > 0;
}

interface Asked {
  readonly competency: Competency;
  readonly to: CompetencyLevel;
}

/** With how each is rated now, and the open gap that it closes. */
export async function goalsFor(
  query: Query,
  subject: PersonId,
  asked: readonly Asked[],
): Promise<readonly Goal[]> {
  const { rows } = await sql<Goal>`
    SELECT a.competency, a."to", (SELECT r.level FROM competency_rating r
        WHERE r.person_id = ${subject} AND r.competency = a.competency
        ORDER BY r.rated_at DESC, r.id DESC LIMIT 1) AS "from",
      (SELECT g.id FROM competency_gap g WHERE g.person_id = ${subject}
        AND g.competency = a.competency AND g.closed_at IS NULL) AS gap
    FROM jsonb_to_recordset(${JSON.stringify(asked)}::text::jsonb) AS a (competency text, "to" text)
    JOIN competency c ON c.key = a.competency ORDER BY c.position`.execute(query);
  return rows;
}

/** What the person's open gaps ask for, the largest first. */
export async function gapsToGoals(
  query: Query,
  subject: PersonId,
  limit: number,
): Promise<readonly Asked[]> {
  const { rows } = await sql<Asked>`
    SELECT g.competency, g.target AS "to" FROM competency_gap g
    JOIN competency_level t ON t.key = g.target LEFT JOIN competency_level l ON l.key = g.level
    JOIN competency c ON c.key = g.competency
    WHERE g.person_id = ${subject} AND g.closed_at IS NULL
    ORDER BY t.rank - coalesce(l.rank, 0) DESC, c.position LIMIT ${limit}`.execute(query);
  return rows;
}

/** Of these, rated from then on, whoever did it and in whichever loop. */
export async function ratedSince(
  query: Query,
  { subject, since }: { readonly subject: PersonId; readonly since: Instant },
): Promise<ReadonlyMap<Competency, CompetencyLevel>> {
  const { rows } = await sql<{ competency: Competency; level: CompetencyLevel }>`
    SELECT DISTINCT ON (competency) competency, level FROM competency_rating
    WHERE person_id = ${subject} AND rated_at >= ${since}::timestamptz
    ORDER BY competency, rated_at DESC, id DESC`.execute(query);
  return new Map(rows.map(({ competency, level }) => [competency, level]));
}

interface KeptRatings {
  readonly id: LoopId;
  readonly at: Instant;
  readonly after: PlanState;
  readonly event: Extract<PlanEvent, { type: 'closed' }>;
}

/** Each cites what the plan was closed with, by the version of the map that it was begun with. */
export const keepPlanRatings = (tx: Tx, { id, at, after, event }: KeptRatings): Promise<void> =>
  keepRatings(
    tx,
    event.ratings.map(({ competency, level }) => ({
      id: derivedId('rating', id, competency),
      person: after.subject,
      competency,
      level,
      by: event.by,
      at,
      evidence: event.content,
      evidenceKind: event.evidence,
      mapVersion: after.version,
      loop: id,
    })),
  );

interface Coached {
  readonly id: LoopId;
  readonly at: Instant;
  readonly person: PersonId;
  /** Null where nobody coaches, or the plan has ended. */
  readonly coach: PersonId | null;
}

/** Who helps whom to grow, from when until when, because of this plan. */
export async function projectCoaching(tx: Tx, { id, at, person, coach }: Coached): Promise<void> {
  await sql`
    UPDATE coaching SET ended_at = greatest(since, ${at}::timestamptz)
    WHERE loop_id = ${id} AND ended_at IS NULL AND coach_id IS DISTINCT FROM ${coach}`.execute(tx);
  if (coach === null) return;
  await sql`
    INSERT INTO coaching (id, person_id, coach_id, loop_id, since)
    VALUES (${derivedId('coaching', id, coach, String(at))}, ${person}, ${coach}, ${id}, ${at}::timestamptz)
    ON CONFLICT (person_id, coach_id, loop_id) WHERE ended_at IS NULL DO NOTHING`.execute(tx);
}

interface Named {
  readonly id: PersonId;
  readonly name: string;
}

export interface PlanRow {
  readonly id: LoopId;
  readonly subject: Named;
  readonly manager: Named;
  readonly coach: Named | null;
  readonly state: PlanState;
  readonly startedAt: Instant;
  readonly closedAt: Instant | null;
  readonly revision: number;
}

const selectPlans = sql`
  SELECT d.id, jsonb_build_object('id', s.id, 'name', s.name) AS subject,
    jsonb_build_object('id', m.id, 'name', m.name) AS manager,
    CASE WHEN c.id IS NOT NULL THEN jsonb_build_object('id', c.id, 'name', c.name) END AS coach,
    i.state->'state' AS state, d.started_at AS "startedAt", d.closed_at AS "closedAt", i.revision
  FROM development_plan d JOIN loop_instance i ON i.id = d.id
  JOIN person s ON s.id = d.subject_id JOIN person m ON m.id = d.manager_id
  LEFT JOIN person c ON c.id = d.coach_id`;

/** Null when it does not exist, or when the actor may not see it: nobody can tell which. */
export async function findPlan(query: Query, actor: Actor, id: LoopId): Promise<PlanRow | null> {
  const { rows } = await sql<PlanRow>`
    ${selectPlans} WHERE d.id = ${id} AND ${maySeePlan(actor, sql.ref('d.id'))}`.execute(query);
  return rows[0] ?? null;
}

export interface PlanPage {
  readonly after: { readonly at: Instant; readonly id: string } | null;
  readonly limit: number;
  readonly isStalled?: boolean | undefined;
}

/** The newest first, of those the actor may see. */
export async function listPlans(
  query: Query,
  actor: Actor,
  { after, limit, isStalled }: PlanPage,
): Promise<readonly PlanRow[]> {
  const older = after
    ? sql`AND (d.started_at, d.id) < (${after.at}::timestamptz, ${after.id}::uuid)`
    : sql``;
  const { rows } = await sql<PlanRow>`
    ${selectPlans} WHERE ${maySeePlan(actor, sql.ref('d.id'))} ${older}
      AND (${isStalled ?? null}::boolean IS NULL
        OR (d.stalled_at IS NOT NULL AND d.closed_at IS NULL) = ${isStalled ?? null})
    ORDER BY d.started_at DESC, d.id DESC LIMIT ${limit}`.execute(query);
  return rows;
}

export interface LinkRow {
  readonly loop: LoopId;
  readonly need: Need;
  /** Of the request or of the assignment, as its own pages say it. */
  readonly kind: string;
  readonly status: string;
}

/** What serves the plan now. */
export async function linksOf(query: Query, plan: LoopId): Promise<readonly LinkRow[]> {
  const { rows } = await sql<LinkRow>`
    SELECT l.loop_id AS loop, l.need, coalesce(b.kind, a.kind) AS kind,
      coalesce(b.status, a.status) AS status
    FROM plan_link l LEFT JOIN budget_request b ON b.id = l.loop_id
    LEFT JOIN assignment a ON a.id = l.loop_id
    WHERE l.plan_id = ${plan} ORDER BY l.linked_at, l.loop_id`.execute(query);
  return rows;
}

export interface LinkableLoop {
  readonly loop: LoopId;
  readonly need: Need;
  /** Of a request what it is for; of an assignment with which region. */
  readonly title: string | null;
}

const linkableMax = 40;

/** Requests and assignments of the person that could serve the plan, the newest first. */
export async function linkableTo(query: Query, plan: LoopId): Promise<readonly LinkableLoop[]> {
  const { rows } = await sql<LinkableLoop>`
    WITH theirs AS (
      SELECT b.id AS loop, 'formal' AS need, c.body->>'title' AS title, b.submitted_at AS at
      FROM development_plan d JOIN budget_request b ON b.requester_id = d.subject_id
      JOIN content c ON c.id = b.request_id
      WHERE d.id = ${plan} AND b.status NOT IN ('rejected', 'withdrawn', 'lapsed')
      UNION ALL
      SELECT a.id, 'onTheJob', g.name, a.proposed_at
      FROM development_plan d JOIN assignment a ON a.participant_id = d.subject_id
      JOIN region g ON g.id = a.host_region_id
      WHERE d.id = ${plan} AND a.status NOT IN ('declined', 'lapsed', 'cancelled')
    )
    SELECT loop, need, title FROM theirs
    WHERE NOT EXISTS (SELECT FROM plan_link l WHERE l.plan_id = ${plan} AND l.loop_id = theirs.loop)
    ORDER BY at DESC, loop LIMIT ${linkableMax}`.execute(query);
  return rows;
}

/** What was written with a step; null where nothing was. */
export const contentOf = (event: PlanEvent | HoldEvent): ContentId | null =>
  'content' in event ? event.content : null;
