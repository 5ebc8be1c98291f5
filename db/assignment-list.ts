/** Assignments as lists and pages show them: where each stands, with names for ids. */
import { sql } from 'kysely';
import type { AssignmentState, LessonKind, SignerRole } from '../domain/assignment/state.ts';
import { present } from '../domain/assert.ts';
import type { Actor } from '../domain/authority.ts';
import type { AccountId, ContentId, LoopId, PersonId, RegionId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Range } from '../domain/time/range.ts';
import type { Query } from './client.ts';
import { maySeeHandoff } from './visibility.ts';

export interface AssignmentRow {
  readonly id: LoopId;
  readonly state: AssignmentState;
  readonly proposedAt: Instant;
  readonly closedAt: Instant | null;
  readonly revision: number;
}

const selectAssignments = sql`
  SELECT a.id, i.state->'state' AS state, a.proposed_at AS "proposedAt", a.closed_at AS "closedAt",
    i.revision
  FROM assignment a JOIN loop_instance i ON i.id = a.id`;

/** Null when it does not exist, or when the actor may not see it: nobody can tell which. */
export async function findAssignment(
  query: Query,
  actor: Actor,
  id: LoopId,
): Promise<AssignmentRow | null> {
  const { rows } = await sql<AssignmentRow>`
    ${selectAssignments} WHERE a.id = ${id} AND ${maySeeHandoff(actor, sql.ref('a.id'))}`.execute(
    query,
  );
  return rows[0] ?? null;
}

export interface AssignmentPage {
  readonly actor: Actor;
  readonly after: { readonly at: Instant; readonly id: string } | null;
  readonly limit: number;
}

/** The newest first, of those the actor may see. */
export async function listAssignments(
  query: Query,
  { actor, after, limit }: AssignmentPage,
): Promise<readonly AssignmentRow[]> {
  const older = after
    ? sql`AND (a.proposed_at, a.id) < (${after.at}::timestamptz, ${after.id}::uuid)`
    : sql``;
  const { rows } = await sql<AssignmentRow>`
    ${selectAssignments} WHERE ${maySeeHandoff(actor, sql.ref('a.id'))} ${older}
    ORDER BY a.proposed_at DESC, a.id DESC LIMIT ${limit}`.execute(query);
  return rows;
}

export interface GivenTexts {
  readonly lesson: { readonly kind: LessonKind; readonly content: ContentId } | null;
  readonly feedback: readonly { readonly role: SignerRole; readonly content: ContentId }[];
}

export async function givenTexts(query: Query, id: LoopId): Promise<GivenTexts> {
  const { rows } = await sql<GivenTexts>`
    SELECT (SELECT jsonb_build_object('kind', kind, 'content', content_id) FROM assignment_lesson
        WHERE assignment_id = ${id}) AS lesson,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('role', role, 'content', content_id)
        ORDER BY given_at), '[]') FROM assignment_feedback WHERE assignment_id = ${id}) AS feedback`.execute(
    query,
  );
  return present(rows[0], 'one row');
}

/** Each window in which it asked to have its accounts covered, as that stands now. */
export async function coversAsked(query: Query, id: LoopId): Promise<readonly Range[]> {
  const { rows } = await sql<Range>`
    SELECT DISTINCT lower(c.period) AS "from", upper(c.period) AS until
    FROM loop_opening o JOIN cover c ON c.id = o.id
    WHERE o.opened_by = ${id} AND o.target_id IS NULL ORDER BY 1, 2 LIMIT ${coversShownMax}`.execute(
    query,
  );
  return rows;
}

const coversShownMax = 200;

interface Named<Id> {
  readonly id: Id;
  readonly name: string;
}

export interface AssignmentNames {
  readonly people: readonly Named<PersonId>[];
  readonly accounts: readonly Named<AccountId>[];
  readonly regions: readonly (Named<RegionId> & { readonly country: string | null })[];
}

export async function assignmentNames(
  query: Query,
  ids: {
    readonly people: readonly PersonId[];
    readonly accounts: readonly AccountId[];
    readonly regions: readonly RegionId[];
  },
): Promise<AssignmentNames> {
  const { rows } = await sql<AssignmentNames>`
    SELECT
      (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', name)), '[]')
        FROM person WHERE id = ANY (${ids.people}::text[])) AS people,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', name)), '[]')
        FROM account WHERE id = ANY (${ids.accounts}::text[])) AS accounts,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', name, 'country', country)), '[]')
        FROM region WHERE id = ANY (${ids.regions}::text[])) AS regions`.execute(query);
  return present(rows[0], 'one row');
}
