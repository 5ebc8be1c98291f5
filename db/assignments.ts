/** Assignments: what their loop moves, and what lists and pages show of them. */
import { sql, type Transaction } from 'kysely';
import type { AssignmentEvent, AssignmentState, Span } from '../domain/assignment/state.ts';
import { termsOf } from '../domain/assignment/signers.ts';
import { present } from '../domain/assert.ts';
import type { AccountId, LoopId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { dayNumber, dayText } from '../domain/time/calendar.ts';
import { problem, Refusal, type ProblemCode } from '../domain/problem.ts';
import type { Query } from './client.ts';
import { currentMap } from './competency-map.ts';
import { keepRatings } from './competency-ratings.ts';
import { derivedId } from './derived-id.ts';
import type { DB } from './schema.ts';

type Tx = Transaction<DB>;

interface ProjectedAssignment {
  readonly id: LoopId;
  readonly at: Instant;
  readonly after: AssignmentState;
  readonly isClosed: boolean;
}

/** Signed by all three, and not over. */
const isBinding = ({ status }: AssignmentState): boolean =>
  status === 'agreed' || status === 'waiting' || status === 'running';

export async function projectAssignment(
  tx: Tx,
  { id, at, after, isClosed }: ProjectedAssignment,
): Promise<void> {
  const { kind, status, participant, homeRegion, hostRegion, opportunity } = after;
  const terms = present(termsOf(after), 'the terms');
  const days = `[${terms.firstDay},${terms.lastDay}]`;
  const closedAt = isClosed ? at : null;
  await sql`
    INSERT INTO assignment (id, kind, status, participant_id, home_manager_id, host_manager_id,
      home_region_id, host_region_id, opportunity_id, days, weekly_hours, overlap_hours, is_binding,
      proposed_at)
    VALUES (${id}, ${kind}, ${status}, ${participant}, ${terms.home}, ${terms.host}, ${homeRegion},
      ${hostRegion}, ${opportunity}, ${days}::daterange, ${terms.weeklyHours}, ${terms.overlapHours},
      ${isBinding(after)}, ${at})
    ON CONFLICT (id) DO UPDATE SET status = excluded.status, days = excluded.days,
      home_manager_id = excluded.home_manager_id, host_manager_id = excluded.host_manager_id,
      weekly_hours = excluded.weekly_hours, overlap_hours = excluded.overlap_hours,
      is_binding = excluded.is_binding, closed_at = ${closedAt}::timestamptz`
    .execute(tx)
    .catch(refuseBroken);
  await projectAccounts(tx, id, isBinding(after) ? { accounts: terms.accounts, days } : null);
}

async function projectAccounts(
  tx: Tx,
  id: LoopId,
  held: { readonly accounts: readonly AccountId[]; readonly days: string } | null,
): Promise<void> {
  await sql`DELETE FROM assignment_account WHERE assignment_id = ${id}`.execute(tx);
  if (held === null || held.accounts.length === 0) return;
  await sql`
    INSERT INTO assignment_account (assignment_id, account_id, days)
    SELECT ${id}, account, ${held.days}::daterange FROM unnest(${held.accounts}::text[]) AS account`
    .execute(tx)
    .catch(refuseBroken);
}

const constraints: Readonly<Record<string, ProblemCode>> = {
  assignment_one_at_a_time: 'assignment.overlaps',
  assignment_account_once: 'assignment.account_covered',
};

function refuseBroken(error: unknown): never {
  const broken = error instanceof Error && 'constraint_name' in error && error.constraint_name;
  const code = typeof broken === 'string' ? constraints[broken] : undefined;
  throw code === undefined ? error : new Refusal(problem(code, { ...daysAgainst(error) }));
}

/** What stands against it is the last range that Postgres names; its end is not included. */
function daysAgainst(error: unknown): DaysTaken {
  const detail = error instanceof Error && 'detail' in error ? String(error.detail) : '';
  const [, firstDay, end] = /.*\[(\d{4}-\d\d-\d\d),(\d{4}-\d\d-\d\d)\)/s.exec(detail) ?? [];
  const after = dayNumber(end ?? '');
  return { firstDay: firstDay ?? '', lastDay: after === null ? '' : dayText(after - 1) };
}

export interface DaysTaken {
  readonly firstDay: string;
  readonly lastDay: string;
}

/** The days of another of theirs that binds on some of these, a mentorship aside; null for none. */
export async function bindsOn(
  query: Query,
  asked: { readonly participant: PersonId; readonly days: string; readonly except: LoopId },
): Promise<DaysTaken | null> {
  const { rows } = await sql<DaysTaken>`
    SELECT lower(days)::text AS "firstDay", (upper(days) - 1)::text AS "lastDay"
    FROM assignment WHERE participant_id = ${asked.participant} AND is_binding
      AND kind <> 'mentorship' AND id <> ${asked.except} AND days && ${asked.days}::daterange
    ORDER BY days LIMIT 1`.execute(query);
  return rows[0] ?? null;
}

/** The days on which one of these accounts is covered in another that binds; null for none. */
export async function coversOn(
  query: Query,
  asked: {
    readonly accounts: readonly AccountId[];
    readonly days: string;
    readonly except: LoopId;
  },
): Promise<DaysTaken | null> {
  const { rows } = await sql<DaysTaken>`
    SELECT lower(days)::text AS "firstDay", (upper(days) - 1)::text AS "lastDay"
    FROM assignment_account WHERE account_id = ANY (${asked.accounts}::text[])
      AND assignment_id <> ${asked.except} AND days && ${asked.days}::daterange
    ORDER BY days LIMIT 1`.execute(query);
  return rows[0] ?? null;
}

interface Access {
  readonly id: LoopId;
  readonly person: PersonId;
  readonly region: string;
  readonly at: Instant;
  readonly days: Span;
}

/** From now until its last day has passed; terms that move the end move it. */
export async function grantAccess(tx: Tx, access: Access): Promise<void> {
  const { id, person, region, at, days } = access;
  if (days.until <= at) return;
  await sql`
    INSERT INTO host_access (assignment_id, person_id, region_id, period)
    VALUES (${id}, ${person}, ${region}, tstzrange(${at}::timestamptz, ${days.until}::timestamptz))
    ON CONFLICT (assignment_id) DO UPDATE
    SET period = tstzrange(lower(host_access.period), ${days.until}::timestamptz)`.execute(tx);
}

/** What would have gone on ends now; what has ended by itself stays as it was. */
export async function endAccess(tx: Tx, id: LoopId, at: Instant): Promise<void> {
  await sql`
    UPDATE host_access SET period = tstzrange(lower(period), ${at}::timestamptz)
    WHERE assignment_id = ${id} AND period @> ${at}::timestamptz AND lower(period) < ${at}::timestamptz`.execute(
    tx,
  );
  await sql`
    DELETE FROM host_access WHERE assignment_id = ${id} AND lower(period) >= ${at}::timestamptz`.execute(
    tx,
  );
}

/** Covers that the assignment asked for and that would last beyond now; of `accounts` where they are given. */
export async function openCoversOf(
  query: Query,
  asked: {
    readonly id: LoopId;
    readonly at: Instant;
    readonly accounts?: readonly AccountId[] | undefined;
  },
): Promise<readonly LoopId[]> {
  const { id, at, accounts } = asked;
  const only = accounts && sql`AND o.command->>'account' = ANY (${accounts}::text[])`;
  const { rows } = await sql<{ id: LoopId }>`
    SELECT o.id FROM loop_opening o LEFT JOIN cover c ON c.id = o.id
    WHERE o.opened_by = ${id} AND o.loop = 'cover' AND o.target_id IS NULL AND o.refused IS NULL
      AND (c.id IS NULL OR (c.closed_at IS NULL AND upper(c.period) > ${at}::timestamptz))
      ${only ?? sql``}
    ORDER BY o.id`.execute(query);
  return rows.map((row) => row.id);
}

/** Of these, what the participant owns now, gets back from a cover before that, or is about to be given back. */
export async function accountsToCover(
  query: Query,
  asked: {
    readonly participant: PersonId;
    readonly accounts: readonly AccountId[];
    readonly from: Instant;
  },
): Promise<readonly AccountId[]> {
  const { rows } = await sql<{ id: AccountId }>`
    SELECT account_id AS id FROM custody
    WHERE upper_inf(period) AND account_id = ANY (${asked.accounts}::text[])
      AND (owner_id = ${asked.participant} OR EXISTS (
        SELECT FROM cover c WHERE c.account_id = custody.account_id AND c.status = 'running'
          AND c.owner_id = ${asked.participant} AND (upper(c.period) < ${asked.from}::timestamptz
            OR EXISTS (SELECT FROM loop_opening told WHERE told.target_id = c.id
              AND told.settled_at IS NULL AND told.command->>'type' = 'release'))))
    ORDER BY account_id`.execute(query);
  return rows.map((row) => row.id);
}

type GivenEvent = Extract<
  AssignmentEvent,
  { type: 'lessonGiven' | 'feedbackGiven' | 'checkInAnswered' | 'rated' }
>;

interface KeptStep {
  readonly id: LoopId;
  readonly at: Instant;
  readonly after: AssignmentState;
  readonly event: GivenEvent;
  /** That is drafted of the lesson; null for what gives none. */
  readonly practice: LoopId | null;
}

/** What was given: a lesson for the exchange, feedback, an answer, ratings with their evidence. */
export async function keepGiven(tx: Tx, kept: KeptStep): Promise<void> {
  const { id, at, after, event, practice } = kept;
  switch (event.type) {
    case 'lessonGiven':
      await tx
        .insertInto('assignment_lesson')
        .values({
          assignment_id: id,
          kind: event.lesson,
          author_id: event.by,
          content_id: event.content,
          offered_at: at,
          practice_id: practice,
        })
        .execute();
      return;
    case 'feedbackGiven': {
      const { role, by, content } = event;
      await tx
        .insertInto('assignment_feedback')
        .values({ assignment_id: id, role, author_id: by, content_id: content, given_at: at })
        .execute();
      return;
    }
    case 'checkInAnswered': {
      const { number, content } = event;
      await tx
        .insertInto('assignment_check_in')
        .values({ assignment_id: id, number, content_id: content, answered_at: at })
        .execute();
      return;
    }
    case 'rated':
      return keepRated(tx, { id, at, person: after.participant, event });
  }
}

interface KeptRatings {
  readonly id: LoopId;
  readonly at: Instant;
  readonly person: PersonId;
  readonly event: Extract<AssignmentEvent, { type: 'rated' }>;
}

async function keepRated(tx: Tx, { id, at, person, event }: KeptRatings): Promise<void> {
  const { ratings, by, content } = event;
  const mapVersion = await currentMap(tx, new Date(at).toISOString().slice(0, 10));
  await keepRatings(
    tx,
    ratings.map(({ competency, level }) => ({
      id: derivedId('rating', id, competency),
      person,
      competency,
      level,
      by,
      at,
      evidence: content,
      evidenceKind: 'assignment',
      mapVersion,
      loop: id,
    })),
  );
}
