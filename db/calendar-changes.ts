/** Changes of working time under running loops: noted with every loop they touch, and what each moved. */
import { randomUUID } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import type { LoopId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { CalendarChangeReason } from '../domain/people/calendar-change.ts';
import type { TaskKind } from '../domain/task-kind.ts';
import type { Query } from './client.ts';
import type { DB } from './schema.ts';

export interface CalendarChange {
  readonly reason: CalendarChangeReason;
  /** Those who work at other times than before, or of whom anything else that is planned with changed. */
  readonly people: readonly string[];
  readonly at: Instant;
  /** A loop that makes the change itself and ends with it. */
  readonly except?: LoopId;
}

const changesLock = 727_281;

/**
 * Changes take turns. A step that plans and then changes what others are planned with takes its turn
 * before it plans: else two that hold the same people FOR SHARE would wait for each other.
 */
export async function lockChanges(tx: Transaction<DB>): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${changesLock}::bigint)`.execute(tx);
}

/**
 * To be called in the transaction of the change, after it. Raises the revisions in the order in which
 * steps lock them: it waits for each step planned with the old times, and every later one waits for
 * this. So the loops found here are exactly those whose plan is older than the change.
 */
export async function recordCalendarChange(
  tx: Transaction<DB>,
  { reason, people, at, except }: CalendarChange,
): Promise<string | null> {
  if (people.length === 0) return null;
  await lockChanges(tx);
  await sql`
    WITH locked AS MATERIALIZED (
      SELECT person_id FROM calendar_revision WHERE person_id = ANY (${people}::text[])
      ORDER BY person_id FOR UPDATE
    )
    UPDATE calendar_revision r SET revision = r.revision + 1
    FROM locked WHERE r.person_id = locked.person_id`.execute(tx);
  const id = randomUUID();
  await sql`
    INSERT INTO calendar_change (id, reason, people, at)
    VALUES (${id}, ${reason}, ${people}::text[], ${at}::timestamptz)`.execute(tx);
  await sql`
    INSERT INTO calendar_change_loop (change_id, loop_id)
    SELECT ${id}, i.id FROM loop_instance i
    JOIN transition t ON t.loop_id = i.id AND t.sequence = i.sequence - 1
    WHERE i.closed_at IS NULL AND i.id IS DISTINCT FROM ${except ?? null}::uuid
      AND (t.computed_with->'calendarRevisions' ?| ${people}::text[]
        OR i.id IN (${auditsLeft(people)}))`.execute(tx);
  return id;
}

/** Audits in which one of them was still to be rated and has left: they are not planned with otherwise. */
const auditsLeft = (people: readonly string[]) => sql`
  SELECT s.audit_id FROM skill_audit_subject s JOIN person p ON p.id = s.person_id
  WHERE s.person_id = ANY (${people}::text[]) AND s.settled IS NULL AND p.left_at IS NOT NULL`;

/** A deadline whose shown time is another now. */
export interface MovedDeadline {
  readonly task: TaskKind;
  readonly person: PersonId;
  readonly from: Instant;
  readonly to: Instant;
}

export interface PlannedWithChange {
  readonly id: LoopId;
  readonly at: Instant;
  readonly moved: readonly MovedDeadline[];
}

/** When the latest change was made that the loop has not planned with yet; null where there is none. */
export async function lastChangeOf(tx: Transaction<DB>, id: LoopId): Promise<Instant | null> {
  const { rows } = await sql<{ at: Instant | null }>`
    SELECT max(c.at) AS at FROM calendar_change_loop l
    JOIN calendar_change c ON c.id = l.change_id
    WHERE l.loop_id = ${id} AND l.planned_at IS NULL`.execute(tx);
  return rows[0]?.at ?? null;
}

/** The loop has planned with every change noted for it; answers why they were made. */
export async function settleCalendarChanges(
  tx: Transaction<DB>,
  { id, at, moved }: PlannedWithChange,
): Promise<readonly CalendarChangeReason[]> {
  const { rows } = await sql<{ reason: CalendarChangeReason }>`
    UPDATE calendar_change_loop l
    SET planned_at = ${at}::timestamptz, moved = ${JSON.stringify(moved)}::text::jsonb
    FROM calendar_change c
    WHERE l.loop_id = ${id} AND l.planned_at IS NULL AND c.id = l.change_id
    RETURNING c.reason`.execute(tx);
  return rows.map(({ reason }) => reason);
}

/** Changes with loops that have not been told yet, the oldest first. */
export async function unannouncedChanges(query: Query, limit: number): Promise<readonly string[]> {
  const rows = await query
    .selectFrom('calendar_change')
    .select('id')
    .where('announced_at', 'is', null)
    .orderBy('at')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

export interface TouchedLoop {
  readonly id: LoopId;
  readonly loop: string;
}

/** Loops still to be told of a change. */
export async function untoldLoops(
  query: Query,
  change: string,
  limit: number,
): Promise<readonly TouchedLoop[]> {
  const { rows } = await sql<TouchedLoop>`
    SELECT l.loop_id AS id, i.loop FROM calendar_change_loop l
    JOIN loop_instance i ON i.id = l.loop_id
    WHERE l.change_id = ${change} AND l.told_at IS NULL
    ORDER BY l.loop_id LIMIT ${limit}`.execute(query);
  return rows;
}

/** How many are left; a change without any has been announced. */
export async function markTold(
  query: Query,
  told: { readonly change: string; readonly loops: readonly LoopId[]; readonly at: Instant },
): Promise<number> {
  await sql`
    UPDATE calendar_change_loop SET told_at = ${told.at}::timestamptz
    WHERE change_id = ${told.change} AND loop_id = ANY (${told.loops}::uuid[])`.execute(query);
  const { rows } = await sql<{ left: number }>`
    SELECT count(*)::int AS left FROM calendar_change_loop
    WHERE change_id = ${told.change} AND told_at IS NULL`.execute(query);
  const left = rows[0]?.left ?? 0;
  if (left > 0) return left;
  await sql`
    UPDATE calendar_change SET announced_at = ${told.at}::timestamptz
    WHERE id = ${told.change} AND announced_at IS NULL`.execute(query);
  return 0;
}

export interface FoundChange {
  readonly id: string;
  readonly reason: CalendarChangeReason;
  readonly at: Instant;
  readonly announcedAt: Instant | null;
  readonly people: number;
  readonly touched: number;
  readonly planned: number;
  readonly moved: number;
}

export async function findCalendarChange(
  query: Query,
  id: string,
): Promise<FoundChange | undefined> {
  const { rows } = await sql<FoundChange>`
    SELECT c.id, c.reason, c.at, c.announced_at AS "announcedAt", cardinality(c.people) AS people,
      count(l.loop_id)::int AS touched, count(l.planned_at)::int AS planned,
      count(*) FILTER (WHERE jsonb_array_length(l.moved) > 0)::int AS moved
    FROM calendar_change c LEFT JOIN calendar_change_loop l ON l.change_id = c.id
    WHERE c.id = ${id} GROUP BY c.id`.execute(query);
  return rows[0];
}

export interface LoopOfChange {
  readonly id: LoopId;
  readonly loop: string;
  readonly account: string | null;
  readonly toldAt: Instant | null;
  readonly plannedAt: Instant | null;
  readonly moved: readonly MovedDeadline[];
}

export interface LoopsOfChangeRequest {
  readonly change: string;
  readonly after: { readonly moved: number; readonly id: string } | null;
  readonly limit: number;
}

/** Those with the most moved deadlines first. */
export async function loopsOfChange(
  query: Query,
  { change, after, limit }: LoopsOfChangeRequest,
): Promise<readonly LoopOfChange[]> {
  const { rows } = await sql<LoopOfChange>`
    SELECT i.id, i.loop, i.account_id AS account, l.told_at AS "toldAt",
      l.planned_at AS "plannedAt", l.moved
    FROM calendar_change_loop l JOIN loop_instance i ON i.id = l.loop_id
    WHERE l.change_id = ${change} AND (${after?.id ?? null}::uuid IS NULL
      OR (-jsonb_array_length(l.moved), i.id) > (${-(after?.moved ?? 0)}, ${after?.id ?? null}::uuid))
    ORDER BY -jsonb_array_length(l.moved), i.id LIMIT ${limit}`.execute(query);
  return rows;
}
