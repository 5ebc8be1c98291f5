/** Requests for development money: what lists and pages show of them, and what their loop reads and moves. */
import { sql, type Transaction } from 'kysely';
import type { Actor } from '../domain/authority.ts';
import {
  totalOf,
  type BudgetState,
  type BudgetStatus,
  type RequestKind,
} from '../domain/budget/state.ts';
import type { ContentId, LoopId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Query } from './client.ts';
import type { DB } from './schema.ts';
import { maySeeHandoff } from './visibility.ts';

type Tx = Transaction<DB>;

export interface ProjectedBudget {
  readonly id: LoopId;
  readonly at: Instant;
  readonly after: BudgetState;
  readonly isClosed: boolean;
}

export interface SubmittedBudget extends ProjectedBudget {
  readonly lineCurrency: string;
  readonly inLine: bigint;
}

export async function insertBudgetRequest(tx: Tx, submitted: SubmittedBudget): Promise<void> {
  const { id, at, after, lineCurrency, inLine } = submitted;
  const { requester, region, purpose, kind, status, currency, policy, request, endsAt } = after;
  const rows = after.instalments.map(({ line, due, minor }, position) => ({
    line,
    due,
    minor,
    position,
  }));
  await sql`
    WITH made AS (
      INSERT INTO budget_request (id, requester_id, region_id, purpose, kind, status,
        involves_professionals, is_exception, is_split, currency, asked, line_currency, in_line,
        policy, gap_id, plan_id, service_months, request_id, ends_at, submitted_at)
      VALUES (${id}, ${requester}, ${region}, ${purpose}, ${kind}, ${status},
        ${after.involvesProfessionals}, ${after.isException}, ${after.isSplit}, ${currency},
        ${String(totalOf(after))}::bigint, ${lineCurrency}, ${String(inLine)}::bigint,
        ${policy}, ${after.gap}, ${after.plan}, ${after.serviceMonths}, ${request}, ${endsAt}::timestamptz, ${at}::timestamptz)
      RETURNING id)
    INSERT INTO budget_instalment (request_id, position, line_id, due_on, amount)
    SELECT made.id, i.position, i.line, i.due, i.minor
    FROM made, jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
      AS i (position int, line uuid, due date, minor bigint)`.execute(tx);
}

export interface ChangedBudget extends ProjectedBudget {
  readonly closeOutDueAt: Instant | null;
  readonly outcome: ContentId | null;
  readonly hasChangedAmounts: boolean;
}

export async function updateBudgetRequest(tx: Tx, changed: ChangedBudget): Promise<void> {
  const { id, at, after, isClosed, closeOutDueAt, outcome } = changed;
  const isGranted = after.status === 'approved' || after.status === 'completed';
  const granted = isGranted ? String(totalOf(after)) : null;
  await sql`
    UPDATE budget_request SET status = ${after.status}, is_split = ${after.isSplit},
      is_exception = ${after.isException}, policy = ${after.policy},
      granted = coalesce(${granted}::bigint, granted),
      decided_at = ${after.decided?.at ?? null}::timestamptz,
      close_out_due_at = ${closeOutDueAt}::timestamptz,
      outcome_id = coalesce(${outcome}::uuid, outcome_id),
      closed_at = ${isClosed ? at : null}::timestamptz
    WHERE id = ${id}`.execute(tx);
  if (!changed.hasChangedAmounts) return;
  const rows = after.instalments.map(({ minor, spent }, position) => ({ position, minor, spent }));
  await sql`
    UPDATE budget_instalment i SET amount = n.minor, spent = n.spent
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
      AS n (position int, minor bigint, spent bigint)
    WHERE i.request_id = ${id} AND i.position = n.position`.execute(tx);
}

/** What is kept and spent for it, by the rates of then, and what is asked for and not kept yet. */
export async function keepInLine(tx: Tx, id: LoopId, unkept: bigint): Promise<void> {
  await sql`
    UPDATE budget_request b SET in_line = (
      SELECT coalesce(sum(coalesce(e.committed, r.amount)), b.in_line) + ${String(unkept)}::bigint
      FROM budget_request_reservation k
      JOIN budget_reservation r ON r.id = k.reservation_id
      LEFT JOIN budget_ending e ON e.reservation_id = r.id
      WHERE k.request_id = b.id AND (e.kind IS NULL OR e.kind = 'committed'))
    WHERE b.id = ${id}`.execute(tx);
}

export async function keepEvidence(
  tx: Tx,
  { id, position, content }: { id: LoopId; position: number; content: ContentId },
): Promise<void> {
  await sql`UPDATE budget_instalment SET evidence_id = ${content}
    WHERE request_id = ${id} AND position = ${position}`.execute(tx);
}

export interface OfferedLesson {
  readonly id: LoopId;
  readonly author: PersonId;
  readonly content: ContentId;
  readonly at: Instant;
  /** That is drafted of it. */
  readonly practice: LoopId;
}

export async function offerLesson(
  tx: Tx,
  { id, author, content, at, practice }: OfferedLesson,
): Promise<void> {
  const row = { request_id: id, author_id: author, content_id: content, offered_at: at };
  await tx
    .insertInto('lesson_offer')
    .values({ ...row, practice_id: practice, status: 'taken' })
    .execute();
}

export interface KeptDecision {
  readonly id: LoopId;
  readonly step: string;
  readonly kind: 'approved' | 'excepted' | 'rejected' | 'asked';
  readonly person: PersonId;
  readonly actedBy: PersonId;
  readonly at: Instant;
  /** In the working time of whoever it waited for. */
  readonly waitedMinutes: number;
}

export async function keepDecision(tx: Tx, decision: KeptDecision): Promise<void> {
  const { id, step, kind, person, actedBy, at, waitedMinutes } = decision;
  await sql`
    INSERT INTO budget_decision
      (request_id, sequence, step, kind, person_id, acted_by, at, waited_minutes)
    SELECT ${id}, i.sequence, ${step}, ${kind}, ${person}, ${actedBy}, ${at}::timestamptz,
      ${Math.round(waitedMinutes)}::int
    FROM loop_instance i WHERE i.id = ${id}`.execute(tx);
}

/** Everything of one person's requests that is reckoned together waits for the end of this transaction. */
export async function lockRequester(tx: Tx, requester: PersonId): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended('budget request ' || ${requester}, 0))`.execute(
    tx,
  );
}

/** The oldest of this person whose close-out is overdue. */
export async function overdueCloseOut(
  query: Query,
  requester: PersonId,
  at: Instant,
): Promise<LoopId | null> {
  const { rows } = await sql<{ id: LoopId }>`
    SELECT id FROM budget_request
    WHERE requester_id = ${requester} AND closed_at IS NULL
      AND close_out_due_at <= ${at}::timestamptz ORDER BY close_out_due_at LIMIT 1`.execute(query);
  return rows[0]?.id ?? null;
}

interface Named<Id> {
  readonly id: Id;
  readonly name: string;
}

export interface BudgetRow {
  readonly id: LoopId;
  readonly requester: Named<PersonId>;
  readonly purpose: string;
  readonly kind: RequestKind;
  readonly status: BudgetStatus;
  readonly involvesProfessionals: boolean;
  readonly isException: boolean;
  readonly isSplit: boolean;
  readonly currency: string;
  readonly lineCurrency: string;
  readonly asked: bigint;
  readonly granted: bigint | null;
  readonly gap: string | null;
  readonly plan: string | null;
  readonly serviceMonths: number;
  readonly request: ContentId;
  readonly outcome: ContentId | null;
  readonly closeOutDueAt: Instant | null;
  readonly submittedAt: Instant;
  readonly decidedAt: Instant | null;
  readonly closedAt: Instant | null;
  readonly revision: number;
  readonly isHeld: boolean;
}

const selectRequests = sql`
  SELECT b.id, jsonb_build_object('id', p.id, 'name', p.name) AS requester, b.purpose, b.kind,
    b.status, b.involves_professionals AS "involvesProfessionals", b.is_exception AS "isException",
    b.is_split AS "isSplit", b.currency, b.line_currency AS "lineCurrency", b.asked, b.granted, b.gap_id AS gap, b.plan_id AS plan,
    b.service_months AS "serviceMonths", b.request_id AS request, b.outcome_id AS outcome,
    b.close_out_due_at AS "closeOutDueAt", b.submitted_at AS "submittedAt",
    b.decided_at AS "decidedAt", b.closed_at AS "closedAt", i.revision,
    i.held_at IS NOT NULL AS "isHeld"
  FROM budget_request b
  JOIN loop_instance i ON i.id = b.id
  JOIN person p ON p.id = b.requester_id`;

/** Null when it does not exist, or when the actor may not see it: nobody can tell which. */
export async function findBudgetRequest(
  query: Query,
  actor: Actor,
  id: LoopId,
): Promise<BudgetRow | null> {
  const { rows } = await sql<BudgetRow>`
    ${selectRequests} WHERE b.id = ${id} AND ${maySeeHandoff(actor, sql.ref('b.id'))}`.execute(
    query,
  );
  return rows[0] ?? null;
}

export interface BudgetPage {
  /** The last of the page before. */
  readonly before: { readonly submittedAt: Instant; readonly id: LoopId } | null;
  readonly limit: number;
  readonly requester?: PersonId | undefined;
  readonly plan?: string | undefined;
  readonly isOpen?: boolean | undefined;
}

/** The newest first, of those the actor may see. */
export async function listBudgetRequests(
  query: Query,
  actor: Actor,
  { before, limit, requester, plan, isOpen }: BudgetPage,
): Promise<readonly BudgetRow[]> {
  const from = before
    ? sql`AND (b.submitted_at, b.id) < (${before.submittedAt}::timestamptz, ${before.id}::uuid)`
    : sql``;
  const { rows } = await sql<BudgetRow>`
    ${selectRequests}
    WHERE ${maySeeHandoff(actor, sql.ref('b.id'))} ${from}
      AND (${requester ?? null}::text IS NULL OR b.requester_id = ${requester ?? null})
      AND (${plan ?? null}::uuid IS NULL OR b.plan_id = ${plan ?? null}::uuid)
      AND (${isOpen ?? null}::boolean IS NULL OR (b.closed_at IS NULL) = ${isOpen ?? null})
    ORDER BY b.submitted_at DESC, b.id DESC LIMIT ${limit}`.execute(query);
  return rows;
}

export interface InstalmentRow {
  readonly line: string;
  readonly due: string;
  readonly amount: bigint;
  readonly spent: bigint | null;
  readonly evidence: ContentId | null;
}

export async function instalmentsOf(query: Query, id: LoopId): Promise<readonly InstalmentRow[]> {
  return query
    .selectFrom('budget_instalment')
    .select(['line_id as line', 'due_on as due', 'amount', 'spent'])
    .select((eb) => eb.ref('evidence_id').$castTo<ContentId | null>().as('evidence'))
    .where('request_id', '=', id)
    .orderBy('position')
    .execute();
}

/** Who decided last, and when; null where it ended without a decision. */
export async function lastDecision(
  query: Query,
  id: LoopId,
): Promise<{ readonly by: PersonId; readonly at: Instant } | null> {
  const row = await query
    .selectFrom('budget_decision as d')
    .innerJoin('budget_request as r', 'r.id', 'd.request_id')
    .select(['d.person_id as by', 'd.at'])
    .where('d.request_id', '=', id)
    .where('d.kind', '<>', 'asked')
    .where('r.status', 'not in', ['lapsed', 'withdrawn'])
    .orderBy('d.sequence', 'desc')
    .executeTakeFirst();
  return row ? { ...row, by: row.by as PersonId } : null;
}
