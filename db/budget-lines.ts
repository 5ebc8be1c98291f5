/** Budget lines: what a region may spend in a fiscal year for a purpose, changed by dated entries. */
import { sql, type Transaction } from 'kysely';
import { carriedOver, carryOverPolicy } from '../domain/budget/carry-over.ts';
import type { FiscalYear } from '../domain/budget/fiscal-year.ts';
import { present } from '../domain/assert.ts';
import type { LoopId, PersonId, RegionId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { decimalOf, minorMax, type Money } from '../domain/money.ts';
import { type Problem, problem } from '../domain/problem.ts';
import { dayOfRegion } from './budget-policies.ts';
import type { Query } from './client.ts';
import { derivedId } from './derived-id.ts';
import { findPolicy } from './policies.ts';
import type { DB } from './schema.ts';

export interface BudgetLine {
  readonly id: string;
  readonly regionId: RegionId;
  readonly year: number;
  readonly endsAt: Instant;
  readonly purpose: string;
  readonly isRingFenced: boolean;
  readonly currency: string;
  readonly allocated: bigint;
  readonly reserved: bigint;
  readonly committed: bigint;
  readonly closedAt: Instant | null;
}

export const availableOf = ({ allocated, reserved, committed }: BudgetLine): bigint =>
  allocated - reserved - committed;

const lineById = (query: Query, id: string) =>
  query
    .selectFrom('budget_line as l')
    .select([
      'l.id',
      'l.region_id as regionId',
      'l.fiscal_year as year',
      'l.ends_at as endsAt',
      'l.purpose',
      'l.is_ring_fenced as isRingFenced',
      'l.currency',
      'l.allocated',
      'l.reserved',
      'l.committed',
      'l.closed_at as closedAt',
    ])
    .where('l.id', '=', id);

export async function findBudgetLine(query: Query, id: string): Promise<BudgetLine | null> {
  const row = await lineById(query, id).executeTakeFirst();
  return row ? { ...row, regionId: row.regionId as RegionId } : null;
}

/** With what a reservation of that id keeps on it already. */
export async function findLineToReserve(
  query: Query,
  { line, id }: { readonly line: string; readonly id: string },
): Promise<(BudgetLine & { readonly kept: bigint | null }) | null> {
  const row = await lineById(query, line)
    .leftJoin('budget_reservation as r', (join) =>
      join.onRef('r.line_id', '=', 'l.id').on('r.id', '=', id),
    )
    .select('r.amount as kept')
    .executeTakeFirst();
  return row ? { ...row, regionId: row.regionId as RegionId } : null;
}

export interface NewBudgetLine {
  readonly region: RegionId;
  readonly year: FiscalYear;
  readonly purpose: string;
  readonly isRingFenced: boolean;
  readonly currency: string;
}

/** With nothing allocated yet. */
export async function openBudgetLine(
  tx: Transaction<DB>,
  { region, year, purpose, isRingFenced, currency }: NewBudgetLine,
): Promise<{ readonly ok: true; readonly id: string } | Refused> {
  const id = derivedId('budget line', region, String(year.year), purpose);
  const { rows } = await sql`
    INSERT INTO budget_line
      (id, region_id, fiscal_year, begins_at, ends_at, purpose, is_ring_fenced, currency)
    VALUES (${id}, ${region}, ${year.year}, ${year.from}::timestamptz, ${year.until}::timestamptz,
      ${purpose}, ${isRingFenced}, ${currency})
    ON CONFLICT DO NOTHING RETURNING id`.execute(tx);
  return rows.length === 1 ? { ok: true, id } : refused(problem('budget.line_exists'));
}

export interface Refused {
  readonly ok: false;
  readonly problem: Problem;
}
export const refused = (reason: Problem): Refused => ({ ok: false, problem: reason });

/** Whoever changes one of the lines after this waits until the transaction ends; everybody in the same order. */
export async function lockLines(tx: Transaction<DB>, ids: readonly string[]): Promise<void> {
  await sql`SELECT FROM budget_line WHERE id = ANY (${ids}::uuid[]) ORDER BY id
    FOR NO KEY UPDATE`.execute(tx);
}

export const lockLine = (tx: Transaction<DB>, id: string): Promise<void> => lockLines(tx, [id]);

export interface AllocationChange {
  /** Of what asked for it: a repeat changes nothing. */
  readonly id: string;
  readonly line: string;
  /** All that the line has from now on, carried over or not. */
  readonly to: bigint;
  readonly author: PersonId;
  readonly reason: string;
  readonly at: Instant;
  /** False for what a closed line still owes. */
  readonly isOfOpenLine?: boolean;
  /** Of the ledger itself; null for what people decided, whatever their reason says. */
  readonly because?: LedgerCause | null;
}

/** Why the ledger changes what a line has. */
export type LedgerCause =
  | { readonly cause: 'tolerance' }
  | { readonly cause: 'exception' | 'exception_returned'; readonly request: LoopId };

/** An entry with its author and reason; below what is reserved and committed it is refused with both. */
export async function changeAllocation(
  tx: Transaction<DB>,
  { id, line, to, author, reason, at, isOfOpenLine = true, because = null }: AllocationChange,
): Promise<{ readonly ok: true } | Refused> {
  if (await isAllocated(tx, id)) return { ok: true };
  if (to > minorMax) return refused(problem('money.too_large'));
  const request = because && 'request' in because ? because.request : null;
  // Not within the statement that changes it: that may look at an older row, and wait in a circle.
  await lockLine(tx, line);
  const { rows } = await sql<{ id: string }>`
    WITH old AS (SELECT id, allocated FROM budget_line WHERE id = ${line}),
      changed AS (
        UPDATE budget_line l SET allocated = ${String(to)}::bigint FROM old
        WHERE l.id = old.id AND (l.closed_at IS NULL OR NOT ${isOfOpenLine}::bool)
          AND l.reserved + l.committed <= ${String(to)}::bigint
        RETURNING l.id, l.currency, l.allocated - old.allocated AS added),
      transfer AS (
        INSERT INTO budget_transfer (id, kind, line_id, author_id, reason, at, cause, request_id)
        SELECT ${id}::uuid, 'allocate', id, ${author}, ${reason}, ${at}::timestamptz,
          ${because?.cause ?? null}, ${request}::uuid FROM changed),
      posted AS (
        INSERT INTO budget_posting (transfer_id, line_id, account, currency, minor)
        SELECT ${id}::uuid, c.id, p.account, c.currency, p.sign * c.added
        FROM changed c, (VALUES ('funded', -1), ('available', 1)) AS p (account, sign)
        WHERE c.added <> 0)
    SELECT id FROM changed`.execute(tx);
  if (rows.length === 1) return { ok: true };
  const found = await findBudgetLine(tx, line);
  if (!found) return refused(problem('request.not_found'));
  if (found.closedAt !== null) return refused(problem('budget.line_closed'));
  const { currency, reserved, committed } = found;
  return refused(
    problem('budget.below_used', {
      reserved: decimalOf({ minor: reserved, currency }),
      committed: decimalOf({ minor: committed, currency }),
      currency,
    }),
  );
}

/** Whether the change of that id is recorded. */
export async function isAllocated(tx: Transaction<DB>, id: string): Promise<boolean> {
  const row = await tx
    .selectFrom('budget_transfer')
    .select('id')
    .where('id', '=', id)
    .executeTakeFirst();
  return row !== undefined;
}

export interface CarryOver {
  readonly line: string;
  /** Of the same region and purpose, in the year after. */
  readonly into: string;
  readonly at: Instant;
}

/** The line of the same region and purpose in the year after; null where there is none. */
export async function lineAfter(query: Query, id: string): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    SELECT n.id FROM budget_line o JOIN budget_line n ON n.region_id = o.region_id
      AND n.purpose = o.purpose AND n.currency = o.currency AND n.fiscal_year = o.fiscal_year + 1
    WHERE o.id = ${id}`.execute(query);
  return rows[0]?.id ?? null;
}

/**
 * The line that has the money of one from now on: itself, or once it is closed that of the year after,
 * and so on. Null where there is none.
 */
export async function lineInstead(query: Query, id: string): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    SELECT n.id FROM budget_line o JOIN budget_line n ON n.region_id = o.region_id
      AND n.purpose = o.purpose AND n.currency = o.currency AND n.closed_at IS NULL
      AND n.is_ring_fenced = o.is_ring_fenced AND n.fiscal_year >= o.fiscal_year
    WHERE o.id = ${id} AND (o.closed_at IS NOT NULL OR n.id = o.id)
    ORDER BY n.fiscal_year LIMIT 1`.execute(query);
  return rows[0]?.id ?? null;
}

/** What of the line would go on into the next year if it was closed now; else why nothing can. */
export async function carriesOver(
  query: Query,
  { line, at }: Pick<CarryOver, 'line' | 'at'>,
): Promise<bigint | Problem> {
  const old = await findBudgetLine(query, line);
  if (!old) return problem('request.not_found');
  if (old.closedAt !== null) return problem('budget.line_closed');
  if (at < old.endsAt) return problem('budget.year_not_over');
  if ((await lineAfter(query, line)) === null) return problem('budget.no_next_line');
  return letOn(query, old, at);
}

async function letOn(query: Query, old: BudgetLine, at: Instant): Promise<bigint> {
  const region = old.regionId;
  const day = await dayOfRegion(query, region, at);
  const policy = await findPolicy(query, { key: carryOverPolicy, region, day });
  return carriedOver(policy, { minor: availableOf(old), currency: old.currency });
}

/** Once the year is over: closes the line, for good, and moves what the policy lets go on. */
export async function carryOver(
  tx: Transaction<DB>,
  { line, into, at }: CarryOver,
): Promise<{ readonly ok: true; readonly carried: Money } | Refused> {
  await lockLines(tx, [line, into]);
  const { rows } = await sql<{ isNext: boolean }>`
    SELECT n.region_id = o.region_id AND n.purpose = o.purpose AND n.currency = o.currency
      AND n.fiscal_year = o.fiscal_year + 1 AND n.closed_at IS NULL AS "isNext"
    FROM budget_line o JOIN budget_line n ON n.id = ${into}
    WHERE o.id = ${line}`.execute(tx);
  const [old, next] = [await findBudgetLine(tx, line), await findBudgetLine(tx, into)];
  if (!old || !next || !rows[0]?.isNext) return refused(problem('request.not_found'));
  if (old.closedAt !== null) return refused(problem('budget.line_closed'));
  if (at < old.endsAt) return refused(problem('budget.year_not_over'));
  const { currency } = old;
  const minor = await letOn(tx, old, at);
  if (minor + next.allocated > minorMax) return refused(problem('money.too_large'));
  await sql`
    UPDATE budget_line SET closed_at = ${at}::timestamptz, allocated = allocated - ${String(minor)}::bigint
    WHERE id = ${line}`.execute(tx);
  if (minor > 0n) await move(tx, { line, into, at, money: { minor, currency } });
  return { ok: true, carried: { minor, currency } };
}

interface Move {
  readonly line: string;
  readonly into: string;
  readonly at: Instant;
  readonly money: Money;
}

async function move(tx: Transaction<DB>, { line, into, at, money }: Move): Promise<void> {
  const id = derivedId('budget carry', line);
  const amount = String(money.minor);
  const { rows } = await sql`
    WITH changed AS (
        UPDATE budget_line SET allocated = allocated + ${amount}::bigint
        WHERE id = ${into} AND closed_at IS NULL RETURNING id),
      transfer AS (
        INSERT INTO budget_transfer (id, kind, line_id, at)
        SELECT ${id}::uuid, 'carry', ${line}::uuid, ${at}::timestamptz FROM changed)
    INSERT INTO budget_posting (transfer_id, line_id, account, currency, minor)
    SELECT ${id}::uuid, p.line, p.account, ${money.currency}, p.sign * ${amount}::bigint
    FROM changed, (VALUES (${line}::uuid, 'funded', 1), (${line}::uuid, 'available', -1),
      (${into}::uuid, 'funded', -1), (${into}::uuid, 'available', 1)) AS p (line, account, sign)
    RETURNING line_id`.execute(tx);
  present(rows[0], 'the line of the next year, which is open');
}
