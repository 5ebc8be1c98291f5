/** Open steps: what waits for whom. */
import { sql } from 'kysely';
import type { Actor } from '../domain/authority.ts';
import type { AccountId, LoopId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Query } from './client.ts';
import { maySeeTaskOf } from './visibility.ts';

interface Named<Id> {
  readonly id: Id;
  readonly name: string;
}

export interface TaskRow {
  readonly id: string;
  readonly kind: string;
  readonly loop: string;
  readonly loopId: LoopId;
  readonly person: Named<PersonId>;
  /** Whose step it is, where `person` is asked in their place. */
  readonly inPlaceOf: Named<PersonId> | null;
  readonly account: Named<AccountId> | null;
  readonly since: Instant;
  readonly dueAt: Instant | null;
  readonly isHeld: boolean;
}

export interface TaskPage {
  /** The last of the page before; a task without a due time comes after all that have one. */
  readonly after: { readonly dueAt: Instant | null; readonly id: string } | null;
  readonly limit: number;
  /** Of these people; absent, of everyone whose steps the actor may see. */
  readonly people?: readonly PersonId[] | undefined;
}

/** The most urgent first. */
export async function listTasks(
  query: Query,
  actor: Actor,
  { after, limit, people }: TaskPage,
): Promise<readonly TaskRow[]> {
  const due = sql`coalesce(task.due_at, 'infinity'::timestamptz)`;
  const from = after
    ? sql`AND (${due}, task.id) > (coalesce(${after.dueAt}::timestamptz, 'infinity'), ${after.id}::uuid)`
    : sql``;
  const ofPeople = people === undefined ? sql`` : sql`AND task.person_id = ANY (${people}::text[])`;
  const isMine = people === undefined || people.includes(actor.id);
  const scoped = isMine && actor.isActive ? Object.entries(actor.principalsIn) : [];
  const inOneLoop = sql.join(
    scoped.map(
      ([loop, ids]) => sql`OR (i.loop = ${loop} AND task.person_id = ANY (${ids}::text[]))`,
    ),
    sql` `,
  );
  const { rows } = await sql<TaskRow>`
    SELECT task.id, task.kind, i.loop, task.loop_id AS "loopId",
      jsonb_build_object('id', person.id, 'name', person.name) AS person,
      CASE WHEN other.id IS NOT NULL
        THEN jsonb_build_object('id', other.id, 'name', other.name) END AS "inPlaceOf",
      CASE WHEN account.id IS NOT NULL
        THEN jsonb_build_object('id', account.id, 'name', account.name) END AS account,
      task.since, task.due_at AS "dueAt", i.held_at IS NOT NULL AS "isHeld"
    FROM task
    JOIN loop_instance i ON i.id = task.loop_id
    JOIN person ON person.id = task.person_id
    LEFT JOIN person other ON other.id = task.in_place_of
    LEFT JOIN account ON account.id = i.account_id
    WHERE task.closed_sequence IS NULL
      -- Of others it would tell, by going, that they have answered.
      AND (task.kind <> 'feedback.give' OR task.person_id = ${actor.id})
      AND ((${maySeeTaskOf(actor, sql.ref('task.person_id'))} ${ofPeople}) ${inOneLoop}) ${from}
    ORDER BY ${due}, task.id LIMIT ${limit}`.execute(query);
  return rows;
}

export interface OpenStep {
  readonly kind: string;
  readonly person: Named<PersonId>;
  /** Whose step it is, where `person` is asked in their place. */
  readonly inPlaceOf: Named<PersonId> | null;
}

/** The open steps of one loop. */
export async function openSteps(query: Query, loopId: LoopId): Promise<readonly OpenStep[]> {
  const { rows } = await sql<OpenStep>`
    SELECT task.kind, jsonb_build_object('id', person.id, 'name', person.name) AS person,
      CASE WHEN other.id IS NOT NULL
        THEN jsonb_build_object('id', other.id, 'name', other.name) END AS "inPlaceOf"
    FROM task JOIN person ON person.id = task.person_id
    LEFT JOIN person other ON other.id = task.in_place_of
    WHERE task.loop_id = ${loopId} AND task.closed_sequence IS NULL
    ORDER BY task.since, task.id`.execute(query);
  return rows;
}
