/**
 * The viewing rules of `domain/authority.ts` as SQL, so that a list is filtered, sorted and cut into
 * pages by Postgres. Each takes the actor that `may` takes and the column that holds the id, which may
 * be one of any table: the tables in here have names of their own, beginning with `seen`.
 */
import { type Expression, sql, type SqlBool } from 'kysely';
import type { LoopId, PersonId } from '../domain/id.ts';
import {
  type Actor,
  figureReaders,
  handoffReaders,
  lineReaders,
  type Office,
  planReaders,
  quarterReaders,
  practiceReaders,
  taskReaders,
  within,
} from '../domain/authority.ts';
import type { Query } from './client.ts';

type Condition = Expression<SqlBool>;
type Column = Expression<string>;

/** Loops of any kind by their id. */
export function maySeeHandoff(actor: Actor, id: Column): Condition {
  if (!actor.isActive) return never;
  const inOneLoop = Object.entries(actor.principalsIn).map(
    ([loop, principals]) => sql`OR (${isBelow(principals)}
      AND ${loop} = (SELECT seen_loop.loop FROM loop_instance seen_loop WHERE seen_loop.id = ${id}))`,
  );
  return sql<SqlBool>`EXISTS (
    SELECT FROM loop_party seen_party JOIN person seen ON seen.id = seen_party.person_id
    WHERE seen_party.loop_id = ${id}
      AND (${standsOver(actor, handoffReaders)} ${sql.join(inOneLoop, sql` `)}))`;
}

/** Those who work on a practice, by its id; who reads it is for the gate to say. */
export function maySeePractice(actor: Actor, id: Column): Condition {
  if (!actor.isActive) return never;
  const { isEverywhere, regions } = whereHeld(actor, practiceReaders);
  return sql<SqlBool>`EXISTS (
    SELECT FROM practice seen WHERE seen.id = ${id} AND (seen.author_id = ${actor.id}
      OR (seen.status <> 'draft' AND (
        EXISTS (SELECT FROM loop_party seen_party WHERE seen_party.loop_id = seen.id
          AND seen_party.person_id <> seen.author_id
          AND seen_party.person_id = ANY (${selves(within(actor, 'practice'))}))
        OR EXISTS (SELECT FROM region seen_region WHERE seen_region.country = ANY (seen.countries)
          AND (${isEverywhere} OR seen_region.id = ANY (${regions}::text[])))))))`;
}

/** Of development plans: whoever works on it with the person; no other office reads it. */
export function maySeePlan(actor: Actor, id: Column): Condition {
  if (!actor.isActive) return never;
  const own = selves(within(actor, 'developmentPlan'));
  return sql<SqlBool>`EXISTS (
    SELECT FROM development_plan seen_plan JOIN person seen ON seen.id = seen_plan.subject_id
    WHERE seen_plan.id = ${id} AND (
      ${standsOver(within(actor, 'developmentPlan'), planReaders)}
      OR EXISTS (SELECT FROM loop_party seen_party WHERE seen_party.loop_id = seen_plan.id
        AND seen_party.person_id = ANY (${own}))))`;
}

/** Of quarterly reviews: whoever takes part, or does what was agreed, and offices of its region. */
export function maySeeReview(actor: Actor, id: Column): Condition {
  if (!actor.isActive) return never;
  const { isEverywhere, regions } = whereHeld(actor, quarterReaders);
  return sql<SqlBool>`EXISTS (
    SELECT FROM quarterly_review seen_review WHERE seen_review.id = ${id} AND (
      ${isEverywhere} OR seen_review.region_id = ANY (${regions}::text[])
      OR EXISTS (SELECT FROM loop_party seen_party WHERE seen_party.loop_id = seen_review.id
        AND seen_party.person_id = ANY (${selves(within(actor, 'quarterlyReview'))}))))`;
}

/**
 * Of rounds of feedback: whoever works on it, those above the person, and who leads learning there; of
 * those who answer, whoever has been asked. No other office, and nobody who stands above somebody asked.
 */
export function maySeeRound(actor: Actor, id: Column): Condition {
  if (!actor.isActive) return never;
  return sql<SqlBool>`EXISTS (
    SELECT FROM feedback_round seen_round JOIN person seen ON seen.id = seen_round.subject_id
    WHERE seen_round.id = ${id} AND (
      ARRAY[seen_round.subject_id, seen_round.manager_id, seen_round.starter_id]
        && ${selves(within(actor, 'feedbackRound'))}
      OR ${standsOver({ ...actor, principals: [] }, ['learning-lead'])}
      OR EXISTS (SELECT FROM feedback_ask seen_ask WHERE seen_ask.round_id = seen_round.id
        AND seen_ask.person_id = ${actor.id})))`;
}

/** Of skill audits: whoever rates or is rated in it, and offices that read figures of its region. */
export function maySeeAudit(actor: Actor, id: Column): Condition {
  if (!actor.isActive) return never;
  const { isEverywhere, regions } = whereHeld(actor, figureReaders);
  return sql<SqlBool>`EXISTS (
    SELECT FROM skill_audit seen_audit WHERE seen_audit.id = ${id} AND (
      ${isEverywhere} OR seen_audit.region_id = ANY (${regions}::text[])
      OR EXISTS (SELECT FROM skill_audit_subject seen_subject
        WHERE seen_subject.audit_id = seen_audit.id
          AND ${actor.id} IN (seen_subject.person_id, seen_subject.rater_id))))`;
}

/** What the rules warned of in texts of somebody. */
export function maySeeFlagsOf(actor: Actor, personId: Column): Condition {
  if (!actor.isActive) return never;
  const { isEverywhere, regions } = whereHeld(actor, ['compliance']);
  if (isEverywhere) return always;
  return sql<SqlBool>`EXISTS (
    SELECT FROM person seen WHERE seen.id = ${personId} AND seen.region_id = ANY (${regions}::text[]))`;
}

/** What a region has to spend. */
export function maySeeLine(actor: Actor, id: Column): Condition {
  if (!actor.isActive) return never;
  const { isEverywhere, regions } = whereHeld(actor, lineReaders);
  if (isEverywhere) return always;
  return sql<SqlBool>`EXISTS (
    SELECT FROM budget_line seen WHERE seen.id = ${id} AND seen.region_id = ANY (${regions}::text[]))`;
}

/** What a host region offers: a draft is for its host, whoever wrote it, and who manages the region. */
export function maySeeOpportunity(actor: Actor, id: Column): Condition {
  if (!actor.isActive) return never;
  const { isEverywhere, regions } = whereHeld(actor, ['regional-manager']);
  return sql<SqlBool>`EXISTS (
    SELECT FROM opportunity seen WHERE seen.id = ${id} AND (
      (seen.status <> 'draft' AND ${actor.teamKind === 'own'})
      OR ${actor.id} IN (seen.drafted_by, seen.host_manager_id)
      OR ${isEverywhere} OR region_now(seen.host_region_id) = ANY (${regions}::text[])))`;
}

/** A loop of any kind: of a practice not whoever its author stands under, who may be hidden. */
export const maySeeLoop = (actor: Actor, id: Column): Condition => sql<SqlBool>`
  CASE WHEN EXISTS (SELECT FROM practice seen_practice WHERE seen_practice.id = ${id})
    THEN ${maySeePractice(actor, id)}
    WHEN EXISTS (SELECT FROM quarterly_review seen_review WHERE seen_review.id = ${id})
    THEN ${maySeeReview(actor, id)}
    WHEN EXISTS (SELECT FROM development_plan seen_plan WHERE seen_plan.id = ${id})
    THEN ${maySeePlan(actor, id)}
    WHEN EXISTS (SELECT FROM feedback_round seen_round WHERE seen_round.id = ${id})
    THEN ${maySeeRound(actor, id)} ELSE ${maySeeHandoff(actor, id)} END`;

/** Also false for a loop that does not exist: nobody can tell which. */
export async function isLoopSeen(query: Query, actor: Actor, id: LoopId): Promise<boolean> {
  const { rows } = await sql`SELECT FROM loop_instance l
    WHERE l.id = ${id} AND ${maySeeLoop(actor, sql.ref('l.id'))}`.execute(query);
  return rows.length > 0;
}

/** Open steps by the person they are asked of. */
export function maySeeTaskOf(actor: Actor, personId: Column): Condition {
  if (!actor.isActive) return never;
  return sql<SqlBool>`EXISTS (
    SELECT FROM person seen WHERE seen.id = ${personId} AND ${standsOver(actor, taskReaders)})`;
}

/** Whether mail reaches them: theirs, and whoever may speak for them. */
export function maySeeMailOf(actor: Actor, personId: Column): Condition {
  if (!actor.isActive) return never;
  return sql<SqlBool>`EXISTS (SELECT FROM person seen WHERE seen.id = ${personId}
    AND ${standsOver({ ...actor, principals: [] }, ['regional-manager', 'admin'])})`;
}

export function maySeeAccount(actor: Actor, id: Column): Condition {
  if (!actor.isActive) return never;
  if (actor.teamKind === 'own') return always;
  return sql<SqlBool>`(
    EXISTS (SELECT FROM account seen WHERE seen.id = ${id} AND seen.team_id = ${actor.team})
    OR EXISTS (
      SELECT FROM custody seen_custody JOIN person seen ON seen.id = seen_custody.owner_id
      WHERE seen_custody.account_id = ${id} AND upper_inf(seen_custody.period)
        AND ${standsOver(actor)})
    OR EXISTS (
      SELECT FROM loop_instance seen_loop JOIN loop_party seen_party ON seen_party.loop_id = seen_loop.id
      WHERE seen_loop.account_id = ${id} AND seen_party.person_id = ANY (${selves(actor)})))`;
}

export function maySeePerson(actor: Actor, id: Column): Condition {
  if (!actor.isActive) return never;
  if (actor.teamKind === 'own') return always;
  return sql<SqlBool>`(
    ${id} = ANY (${sql.val(actor.line)}::text[])
    OR EXISTS (
      SELECT FROM person seen WHERE seen.id = ${id}
        AND (seen.team_id = ${actor.team} OR ${standsOver(actor)}))
    OR EXISTS (
      SELECT FROM loop_party seen_party JOIN loop_party seen_self ON seen_self.loop_id = seen_party.loop_id
      WHERE seen_party.person_id = ${id} AND seen_self.person_id = ANY (${selves(actor)})))`;
}

/** What somebody can do: theirs, their manager's, their coach's, and that of who leads learning there. */
export function maySeeGrowth(actor: Actor, personId: Column): Condition {
  if (!actor.isActive) return never;
  const { isEverywhere, regions } = whereHeld(actor, ['learning-lead']);
  return sql<SqlBool>`EXISTS (
    SELECT FROM person seen WHERE seen.id = ${personId} AND (
      ${isEverywhere} OR seen.region_id = ANY (${regions}::text[])
      OR ${actor.id} IN (seen.id, seen.manager_id)
      OR EXISTS (SELECT FROM coaching seen_coaching WHERE seen_coaching.person_id = seen.id
        AND seen_coaching.coach_id = ${actor.id} AND seen_coaching.ended_at IS NULL)))`;
}

const always: Condition = sql<SqlBool>`true`;
const never: Condition = sql<SqlBool>`false`;

const selvesOf = (actor: Actor): readonly PersonId[] => [actor.id, ...actor.principals];
const selves = (actor: Actor) => sql`${selvesOf(actor)}::text[]`;

/** The regions in which one of the offices counts, or that it counts everywhere. */
function whereHeld({ grants }: Actor, offices: readonly Office[]) {
  const held = grants.filter(({ role }) => offices.includes(role));
  return {
    isEverywhere: held.some(({ region }) => region === null),
    regions: held.flatMap(({ region }) => region ?? []),
  };
}

/** `seen` is the actor or a principal, somebody below one of them, or in a region read by office. */
function standsOver(actor: Actor, offices: readonly Office[] = []): Condition {
  const { isEverywhere, regions } = whereHeld(actor, offices);
  if (isEverywhere) return always;
  return sql<SqlBool>`(seen.region_id = ANY (${regions}::text[]) OR ${isBelow(selvesOf(actor))})`;
}

/** `seen` is one of them, or stands below one. */
const isBelow = (people: readonly PersonId[]): Condition => sql<SqlBool>`seen.id IN (
  WITH RECURSIVE below AS (
    SELECT unnest(${people}::text[]) AS id
    UNION SELECT report.id FROM person report JOIN below ON report.manager_id = below.id)
  SELECT id FROM below)`;
