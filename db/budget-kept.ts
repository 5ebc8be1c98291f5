/** The money of a request: what is kept for its instalments, what of it is spent, what goes back. */
import { sql, type Transaction } from 'kysely';
import { present } from '../domain/assert.ts';
import type { LoopId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { decimalOf, type Money } from '../domain/money.ts';
import { problem, Refusal } from '../domain/problem.ts';
import {
  commitReservation,
  expireReservation,
  lowerReservation,
  reserve,
  reserveBeyond,
  voidReservation,
} from './budget-ledger.ts';
import {
  availableOf,
  changeAllocation,
  findBudgetLine,
  lockLine,
  type Refused,
} from './budget-lines.ts';
import { derivedId } from './derived-id.ts';
import type { DB } from './schema.ts';

type Tx = Transaction<DB>;

interface OfRequest {
  readonly request: LoopId;
  readonly at: Instant;
}

/** Tells what is kept for one instalment apart; each is kept once. */
const keptId = (request: LoopId, position: number, why: string): string =>
  derivedId('budget reservation', request, String(position), why);

export interface Keep extends OfRequest {
  readonly position: number;
  readonly line: string;
  readonly asked: Money;
  readonly why: string;
}

/** Rolls the step back: a step without its money is none. */
function unlessRefused<Done extends { readonly ok: true }>(answer: Done | Refused): Done {
  if (!answer.ok) throw new Refusal(answer.problem);
  return answer;
}

export async function keepMoney(tx: Tx, keep: Keep): Promise<Money> {
  const { request, position, line, asked, why, at } = keep;
  const id = keptId(request, position, why);
  const { amount } = unlessRefused(await reserve(tx, { id, line, asked, at }));
  await link(tx, { id, request, position });
  return amount;
}

async function link(
  tx: Tx,
  { id, request, position }: { id: string; request: LoopId; position: number },
): Promise<void> {
  await sql`INSERT INTO budget_request_reservation (reservation_id, request_id, position)
    VALUES (${id}, ${request}, ${position}) ON CONFLICT DO NOTHING`.execute(tx);
}

interface OpenReservation {
  readonly id: string;
  readonly asked: bigint;
}

/** The oldest first; of one instalment, or of all. */
async function openReservations(
  tx: Tx,
  request: LoopId,
  position: number | null,
): Promise<readonly OpenReservation[]> {
  const { rows } = await sql<OpenReservation>`
    SELECT r.id, r.asked_amount AS asked FROM budget_request_reservation k
    JOIN budget_reservation r ON r.id = k.reservation_id
    WHERE k.request_id = ${request} AND (${position}::int IS NULL OR k.position = ${position}::int)
      AND NOT EXISTS (SELECT FROM budget_ending e WHERE e.reservation_id = r.id)
    ORDER BY r.reserved_at, r.id`.execute(tx);
  return rows;
}

const endAs = { voided: voidReservation, expired: expireReservation } as const;

export interface Release extends OfRequest {
  readonly as: keyof typeof endAs;
}

/** Nothing is kept any more for the request. */
export async function releaseMoney(tx: Tx, { request, at, as }: Release): Promise<void> {
  for (const { id: reservation } of await openReservations(tx, request, null)) {
    unlessRefused(await endAs[as](tx, { reservation, at }));
  }
}

/** What was kept for one reason alone. */
export async function releaseKept(
  tx: Tx,
  { request, at, as, position, why }: Release & Pick<Keep, 'position' | 'why'>,
): Promise<void> {
  const reservation = keptId(request, position, why);
  unlessRefused(await endAs[as](tx, { reservation, at }));
}

export interface LowerTo extends OfRequest {
  readonly position: number;
  readonly to: Money;
}

/** Before anything was raised there is one reservation an instalment. */
export async function lowerMoney(tx: Tx, { request, position, to, at }: LowerTo): Promise<void> {
  const [open] = await openReservations(tx, request, position);
  const { id: reservation, asked } = present(open, 'what is kept for the instalment');
  if (asked === to.minor) return;
  const id = derivedId('budget reservation', reservation, String(to.minor));
  unlessRefused(await lowerReservation(tx, { reservation, id, to, at }));
  await link(tx, { id, request, position });
}

/** What of each line is kept or spent for the request. */
export async function usedByLine(tx: Tx, request: LoopId): Promise<ReadonlyMap<string, bigint>> {
  const { rows } = await sql<{ line: string; used: bigint }>`
    SELECT r.line_id AS line, sum(coalesce(e.committed, r.amount))::bigint AS used
    FROM budget_request_reservation k JOIN budget_reservation r ON r.id = k.reservation_id
    LEFT JOIN budget_ending e ON e.reservation_id = r.id
    WHERE k.request_id = ${request} GROUP BY r.line_id`.execute(tx);
  return new Map(rows.map(({ line, used }) => [line, used]));
}

/**
 * The same, as it was before each receipt since the last exception that gave nothing back: receipts of
 * former releases left that to the close-out.
 */
export async function usedBeforeReceipts(
  tx: Tx,
  request: LoopId,
): Promise<ReadonlyMap<string, bigint>> {
  const { rows } = await sql<{ line: string; left: bigint }>`
    SELECT r.line_id AS line, sum(r.amount - e.committed)::bigint AS left
    FROM budget_request_reservation k JOIN budget_reservation r ON r.id = k.reservation_id
    JOIN budget_ending e ON e.reservation_id = r.id AND e.kind = 'committed'
    WHERE k.request_id = ${request} AND NOT EXISTS (SELECT FROM budget_transfer t
      WHERE t.request_id = k.request_id AND t.line_id = r.line_id
        AND (t.at = e.at OR (t.cause = 'exception' AND t.at > e.at)))
    GROUP BY r.line_id`.execute(tx);
  const used = new Map(await usedByLine(tx, request));
  for (const { line, left } of rows) used.set(line, (used.get(line) ?? 0n) + left);
  return used;
}

export interface Returning extends OfRequest {
  readonly author: PersonId | null;
  /** Tells apart what gives back, also of one step. */
  readonly why: string;
  /** What of each line was kept or spent before that. */
  readonly before: ReadonlyMap<string, bigint>;
}

/**
 * What exceptions raised a line by leaves it again with whatever the request does not keep any more:
 * the money of exceptions goes before what the line had of its own.
 */
export async function returnException(tx: Tx, returning: Returning): Promise<void> {
  const { request, author, why, before, at } = returning;
  const now = await usedByLine(tx, request);
  for (const { line, lent, granter } of await lentTo(tx, request)) {
    const given = (before.get(line) ?? 0n) - (now.get(line) ?? 0n);
    if (given <= 0n || lent <= 0n) continue;
    await lockLine(tx, line);
    const found = present(await findBudgetLine(tx, line), 'the line');
    const back = [given, lent, availableOf(found)].reduce((a, b) => (a < b ? a : b));
    if (back <= 0n || found.closedAt !== null) continue;
    const to = found.allocated - back;
    const id = derivedId('budget exception returned', request, line, why);
    const reason = `Exception for the request ${request}: not needed.`;
    const because = { cause: 'exception_returned', request } as const;
    const change = { id, line, to, author: author ?? granter, reason, because, at };
    unlessRefused(await changeAllocation(tx, change));
  }
}

interface Lent {
  readonly line: string;
  /** Of the last exception. */
  readonly granter: PersonId;
  readonly lent: bigint;
}

/** What exceptions raised each line by for the request, less what it gave back. */
async function lentTo(tx: Tx, request: LoopId): Promise<readonly Lent[]> {
  const { rows } = await sql<Lent>`
    SELECT t.line_id AS line, sum(p.minor)::bigint AS lent,
      (array_agg(t.author_id ORDER BY t.at DESC) FILTER (WHERE t.cause = 'exception'))[1] AS granter
    FROM budget_transfer t JOIN budget_posting p ON p.transfer_id = t.id AND p.account = 'available'
    WHERE t.request_id = ${request} GROUP BY t.line_id ORDER BY t.line_id`.execute(tx);
  return rows;
}

export interface Spend extends OfRequest {
  readonly position: number;
  readonly author: PersonId;
  readonly spent: Money;
}

/** Out of what is kept, the oldest first; what the tolerance lets through beyond it is taken anew. */
export async function spendMoney(tx: Tx, spend: Spend): Promise<void> {
  const { request, position, author, spent, at } = spend;
  const { currency } = spent;
  let left = spent.minor;
  const open = await openReservations(tx, request, position);
  for (const { id: reservation, asked } of open) {
    const minor = left < asked ? left : asked;
    left -= minor;
    unlessRefused(
      minor > 0n
        ? await commitReservation(tx, { reservation, amount: { minor, currency }, at })
        : await voidReservation(tx, { reservation, at }),
    );
  }
  const last = open.at(-1);
  if (left === 0n || !last) return;
  const amount = { minor: left, currency };
  const id = keptId(request, position, 'tolerance');
  const beyond = { reservation: last.id, id, asked: amount, author, at };
  const taken = unlessRefused(await reserveBeyond(tx, beyond));
  if (taken.amount.minor === 0n) return;
  await link(tx, { id, request, position });
  unlessRefused(await commitReservation(tx, { reservation: id, amount, at }));
}

export interface Exception extends OfRequest {
  readonly line: string;
  /** Of a later one of the same request: tells them apart. */
  readonly why: string | null;
  readonly author: PersonId;
  /** In the line's currency. */
  readonly needed: bigint;
  readonly max: bigint;
}

/** Raises the line by what it lacks, and by no more than was granted; how much that was. */
export async function raiseLine(tx: Tx, exception: Exception): Promise<bigint> {
  const { request, line, why, author, needed, max, at } = exception;
  await lockLine(tx, line);
  const found = present(await findBudgetLine(tx, line), 'the line');
  const lacking = needed - availableOf(found);
  if (lacking <= 0n) return 0n;
  if (lacking > max) {
    const { currency } = found;
    const missing = decimalOf({ minor: lacking, currency });
    throw new Refusal(problem('budget.exception_too_small', { missing, currency }));
  }
  const id = derivedId('budget exception', request, line, ...(why === null ? [] : [why]));
  const reason = `Exception for the request ${request}.`;
  const because = { cause: 'exception', request } as const;
  const to = found.allocated + lacking;
  unlessRefused(await changeAllocation(tx, { id, line, to, author, reason, because, at }));
  return lacking;
}
