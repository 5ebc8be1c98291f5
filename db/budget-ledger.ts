/**
 * The ledger: money is reserved, and each reservation is committed, voided or expires, once. Every
 * function is called inside the transaction that records why, and leaves it usable when it refuses.
 * One UPDATE of the line with its condition decides who gets the last cent; nothing is read first.
 */
import { sql, type Transaction } from 'kysely';
import { present } from '../domain/assert.ts';
import type { PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { type Conversion, convert, decimalOf, type Money } from '../domain/money.ts';
import { type Problem, problem } from '../domain/problem.ts';
import { lineTolerancePercentMax, liftLeft } from '../domain/budget/tolerance.ts';
import {
  availableOf,
  changeAllocation,
  type BudgetLine,
  findBudgetLine,
  findLineToReserve,
  lockLine,
  type Refused,
  refused,
} from './budget-lines.ts';
import { findRates, frozenRate } from './budget-rates.ts';
import { derivedId } from './derived-id.ts';
import type { DB } from './schema.ts';

export interface Reserve {
  /** A UUID of the reservation: whoever repeats it gets what is there. */
  readonly id: string;
  readonly line: string;
  readonly asked: Money;
  readonly at: Instant;
}

export type Reserved = { readonly ok: true; readonly amount: Money } | Refused;

/** In the line's currency; an amount in another is converted with today's rates, kept with it. */
export async function reserve(tx: Transaction<DB>, asking: Reserve): Promise<Reserved> {
  const { id, line, asked } = asking;
  if (asked.minor <= 0n) return refused(problem('money.not_positive'));
  const found = await findLineToReserve(tx, { line, id });
  if (!found) return refused(problem('request.not_found'));
  const { kept, currency } = found;
  if (kept !== null) return { ok: true, amount: { minor: kept, currency } };
  const inLine = await convertNow(tx, asking, found);
  if ('code' in inLine) return refused(inLine);
  if (inLine.money.minor <= 0n) return refused(problem('money.not_positive'));
  return take(tx, asking, { ...inLine, isOfOpenLine: true });
}

interface Taken extends InLine {
  /** False for money that was kept before the line was closed. */
  readonly isOfOpenLine: boolean;
}

async function take(
  tx: Transaction<DB>,
  asking: Reserve,
  { money, roundedMillionths, fromRateId, toRateId, isOfOpenLine }: Taken,
): Promise<Reserved> {
  const { id, line, asked, at } = asking;
  const transfer = derivedId('budget reserve', id);
  const isForeign = asked.currency !== money.currency;
  const { rows } = await sql<{ lines: number; reservations: number }>`
    WITH line AS (
        UPDATE budget_line SET reserved = reserved + ${String(money.minor)}::bigint
        WHERE id = ${line} AND (closed_at IS NULL OR NOT ${isOfOpenLine}::bool)
          AND allocated - reserved - committed >= ${String(money.minor)}::bigint
        RETURNING id),
      reservation AS (
        INSERT INTO budget_reservation
          (id, line_id, amount, asked_amount, asked_currency, from_rate_id, to_rate_id, reserved_at)
        SELECT ${id}::uuid, id, ${String(money.minor)}::bigint, ${String(asked.minor)}::bigint,
          ${asked.currency}, ${textOf(fromRateId)}::text::bigint, ${textOf(toRateId)}::text::bigint,
          ${at}::timestamptz
        FROM line ON CONFLICT DO NOTHING RETURNING *),
      transfer AS (
        INSERT INTO budget_transfer (id, kind, line_id, reservation_id, at)
        SELECT ${transfer}::uuid, 'reserve', line_id, id, reserved_at FROM reservation),
      posted AS (
        INSERT INTO budget_posting (transfer_id, line_id, account, currency, minor, millionths)
        SELECT ${transfer}::uuid, r.line_id, p.*
        FROM reservation r CROSS JOIN LATERAL (VALUES
          ('available', ${money.currency}, -r.amount, 0), ('reserved', ${money.currency}, r.amount, 0)
        ) AS p
        UNION ALL
        SELECT ${transfer}::uuid, r.line_id, p.*
        FROM reservation r CROSS JOIN LATERAL (VALUES
          ('asked', r.asked_currency, r.asked_amount, 0),
          ('exchange', r.asked_currency, -r.asked_amount, 0),
          ('asked', ${money.currency}, -r.amount, 0),
          ('exchange', ${money.currency}, r.amount, ${String(-roundedMillionths)}::bigint),
          ('rounding', ${money.currency}, 0, ${String(roundedMillionths)}::bigint)
        ) AS p (account, currency, minor, millionths)
        WHERE ${isForeign}::bool AND (p.minor <> 0 OR p.millionths <> 0))
    SELECT (SELECT count(*) FROM line)::int AS lines,
      (SELECT count(*) FROM reservation)::int AS reservations`.execute(tx);
  const { lines, reservations } = present(rows[0], 'what was reserved');
  if (reservations === 1) return { ok: true, amount: money };
  if (lines === 0) return whyNot(tx, line, money);
  return giveBack(tx, asking, money);
}

const textOf = (id: bigint | null): string | null => (id === null ? null : String(id));

/** Two with the same id at once: the first has it, and what the second took is put back. */
async function giveBack(tx: Transaction<DB>, { id, line }: Reserve, money: Money) {
  await sql`UPDATE budget_line SET reserved = reserved - ${String(money.minor)}::bigint
    WHERE id = ${line}`.execute(tx);
  const known = present(await findReservation(tx, id), 'the reservation that came first');
  return { ok: true, amount: known.amount } as const;
}

async function whyNot(tx: Transaction<DB>, line: string, asked: Money): Promise<Refused> {
  const found = present(await findBudgetLine(tx, line), 'the line');
  if (found.closedAt !== null) return refused(problem('budget.line_closed'));
  return refused(
    problem('budget.not_available', {
      available: decimalOf({ minor: availableOf(found), currency: found.currency }),
      asked: decimalOf(asked),
      currency: found.currency,
    }),
  );
}

interface InLine extends Conversion {
  readonly fromRateId: bigint | null;
  readonly toRateId: bigint | null;
}

async function convertNow(
  tx: Transaction<DB>,
  { asked, at }: Reserve,
  { currency, regionId }: BudgetLine,
): Promise<InLine | Problem> {
  if (asked.currency === currency) {
    return { money: asked, roundedMillionths: 0n, fromRateId: null, toRateId: null };
  }
  const wanted = { from: asked.currency, to: currency, at, region: regionId };
  const rates = await findRates(tx, wanted);
  if ('code' in rates) return rates;
  const converted = convert(asked, currency, rates.rate);
  if (!converted) return problem('money.too_large');
  return { ...converted, fromRateId: rates.fromRateId, toRateId: rates.toRateId };
}

interface Reservation {
  readonly line: string;
  readonly amount: Money;
  readonly asked: Money;
  readonly fromRateId: bigint | null;
  readonly toRateId: bigint | null;
}

async function findReservation(tx: Transaction<DB>, id: string): Promise<Reservation | null> {
  const row = await tx
    .selectFrom('budget_reservation as r')
    .innerJoin('budget_line as l', 'l.id', 'r.line_id')
    .select(['r.line_id as line', 'r.amount', 'r.asked_amount', 'r.asked_currency', 'l.currency'])
    .select(['r.from_rate_id as fromRateId', 'r.to_rate_id as toRateId'])
    .where('r.id', '=', id)
    .executeTakeFirst();
  if (!row) return null;
  return {
    line: row.line,
    amount: { minor: row.amount, currency: row.currency },
    asked: { minor: row.asked_amount, currency: row.asked_currency },
    fromRateId: row.fromRateId,
    toRateId: row.toRateId,
  };
}

export interface Lower {
  readonly reservation: string;
  /** Of the reservation that takes its place. */
  readonly id: string;
  /** In the currency that was asked for. */
  readonly to: Money;
  readonly at: Instant;
}

/** Less is kept from now on, by the rates of before; the rest is available again at once. */
export async function lowerReservation(
  tx: Transaction<DB>,
  { reservation, id, to, at }: Lower,
): Promise<Reserved> {
  const found = await findReservation(tx, reservation);
  if (!found) return refused(problem('request.not_found'));
  const known = await findReservation(tx, id);
  if (known) return { ok: true, amount: known.amount };
  const inLine = await convertFrozen(tx, found, to);
  if ('code' in inLine) return refused(inLine);
  if (inLine.money.minor <= 0n) return refused(problem('money.not_positive'));
  const ended = await voidReservation(tx, { reservation, at });
  if (!ended.ok) return ended;
  const { line, fromRateId, toRateId } = found;
  const asking = { id, line, asked: to, at };
  return take(tx, asking, { ...inLine, fromRateId, toRateId, isOfOpenLine: false });
}

interface Beyond extends Omit<Lower, 'to'> {
  readonly asked: Money;
  /** Of the entry by which a line that has not enough is raised. */
  readonly author: PersonId;
}

/**
 * What a tolerance lets through beyond a reservation: of its line, by its rates, also when the line is
 * closed. It is spent already: a line that lacks it is raised by that, as an entry with its author.
 */
export async function reserveBeyond(
  tx: Transaction<DB>,
  { reservation, id, asked, author, at }: Beyond,
): Promise<Reserved> {
  const found = present(await findReservation(tx, reservation), 'what it goes beyond');
  const inLine = await convertFrozen(tx, found, asked);
  if ('code' in inLine) return refused(inLine);
  const { minor } = inLine.money;
  // Less than the smallest unit of the line.
  if (minor === 0n) return { ok: true, amount: inLine.money };
  const { line, fromRateId, toRateId } = found;
  await lockLine(tx, line);
  const now = present(await findBudgetLine(tx, line), 'the line');
  const lacking = minor - availableOf(now);
  if (lacking > 0n) {
    const raised = await lift(tx, now, {
      id: derivedId('budget tolerance', id),
      lacking,
      author,
      at,
    });
    if (!raised.ok) return raised;
  }
  const asking = { id, line, asked, at };
  return take(tx, asking, { ...inLine, fromRateId, toRateId, isOfOpenLine: false });
}

const liftReason = 'Spent within the tolerance.';

interface Lift extends Pick<Beyond, 'id' | 'author' | 'at'> {
  readonly lacking: bigint;
}

/** Of a line that is locked, so that two at once do not each have what one may. */
async function lift(
  tx: Transaction<DB>,
  { id: line, allocated, currency }: BudgetLine,
  { id, lacking, author, at }: Lift,
): Promise<{ readonly ok: true } | Refused> {
  const { rows } = await sql<{ lifted: bigint }>`
    SELECT coalesce(sum(p.minor), 0)::bigint AS lifted
    FROM budget_transfer t JOIN budget_posting p ON p.transfer_id = t.id AND p.account = 'available'
    WHERE t.line_id = ${line} AND t.cause = 'tolerance'`.execute(tx);
  const { lifted } = present(rows[0], 'what the line was raised by');
  const left = liftLeft({ allocated, lifted });
  if (lacking > left) {
    const percent = lineTolerancePercentMax;
    return refused(
      problem('budget.tolerance_used', {
        missing: decimalOf({ minor: lacking, currency }),
        left: decimalOf({ minor: left, currency }),
        currency,
        percent,
      }),
    );
  }
  const change = { id, line, to: allocated + lacking, author, reason: liftReason, at };
  const because = { cause: 'tolerance' } as const;
  return changeAllocation(tx, { ...change, because, isOfOpenLine: false });
}

interface Ending {
  readonly reservation: string;
  readonly at: Instant;
}

export type Ended = { readonly ok: true; readonly committed: Money } | Refused;

/** What was spent, at most what was reserved; the rest is available again. */
export async function commitReservation(
  tx: Transaction<DB>,
  { reservation, amount, at }: Ending & { readonly amount: Money },
): Promise<Ended> {
  if (amount.minor <= 0n) return refused(problem('money.not_positive'));
  const found = await findReservation(tx, reservation);
  if (!found) return refused(problem('request.not_found'));
  const spent = await convertFrozen(tx, found, amount);
  if ('code' in spent) return refused(spent);
  if (spent.money.minor > found.amount.minor) {
    const { currency } = found.amount;
    const reserved = decimalOf(found.amount);
    return refused(problem('budget.over_reserved', { reserved, currency }));
  }
  if (spent.money.minor <= 0n) return refused(problem('money.not_positive'));
  const ending = { kind: 'committed', transfer: 'commit', reservation, at } as const;
  return end(tx, { ...ending, committed: spent.money, spent: amount, rounding: spent });
}

/** Taken back, or refused. */
export const voidReservation = (tx: Transaction<DB>, ending: Ending): Promise<Ended> =>
  endUnspent(tx, { ...ending, kind: 'voided', transfer: 'void' });

/** Its time is over. */
export const expireReservation = (tx: Transaction<DB>, ending: Ending): Promise<Ended> =>
  endUnspent(tx, { ...ending, kind: 'expired', transfer: 'expire' });

async function endUnspent(
  tx: Transaction<DB>,
  ending: Ending & Pick<EndOf, 'kind' | 'transfer'>,
): Promise<Ended> {
  const found = await findReservation(tx, ending.reservation);
  if (!found) return refused(problem('request.not_found'));
  const nothing = { minor: 0n, currency: found.amount.currency };
  const rounding = { money: nothing, roundedMillionths: 0n };
  return end(tx, { ...ending, committed: nothing, spent: nothing, rounding });
}

/** With the rates of the reservation; in a third currency there are none. */
async function convertFrozen(
  tx: Transaction<DB>,
  found: Reservation,
  amount: Money,
): Promise<Conversion | Problem> {
  const { currency } = found.amount;
  if (amount.currency === currency) return { money: amount, roundedMillionths: 0n };
  if (amount.currency !== found.asked.currency) {
    return problem('budget.over_reserved', { reserved: decimalOf(found.amount), currency });
  }
  const rate = await frozenRate(tx, found);
  return convert(amount, currency, rate) ?? problem('money.too_large');
}

interface EndOf extends Ending {
  readonly kind: 'committed' | 'voided' | 'expired';
  readonly transfer: 'commit' | 'void' | 'expire';
  readonly committed: Money;
  readonly spent: Money;
  readonly rounding: Conversion;
}

/** The key of the ending lets one of several at once through; only that one moves anything. */
async function end(tx: Transaction<DB>, ending: EndOf): Promise<Ended> {
  const { kind, transfer: what, reservation, committed, spent, rounding, at } = ending;
  const transfer = derivedId('budget end', reservation);
  const [added, isForeign] = [rounding.roundedMillionths, spent.currency !== committed.currency];
  const { rows } = await sql<{ id: string }>`
    WITH ending AS (
        INSERT INTO budget_ending (reservation_id, kind, committed, at)
        VALUES (${reservation}::uuid, ${kind}, ${String(committed.minor)}::bigint, ${at}::timestamptz)
        ON CONFLICT DO NOTHING RETURNING *),
      ended AS (
        SELECT r.line_id, r.amount, e.committed FROM ending e
        JOIN budget_reservation r ON r.id = e.reservation_id),
      line AS (
        UPDATE budget_line l
        SET reserved = l.reserved - e.amount, committed = l.committed + e.committed
        FROM ended e WHERE l.id = e.line_id RETURNING l.id),
      transfer AS (
        INSERT INTO budget_transfer (id, kind, line_id, reservation_id, at)
        SELECT ${transfer}::uuid, ${what}, line_id, ${reservation}::uuid, ${at}::timestamptz FROM ended),
      posted AS (
        INSERT INTO budget_posting (transfer_id, line_id, account, currency, minor, millionths)
        SELECT ${transfer}::uuid, e.line_id, p.*
        FROM ended e CROSS JOIN LATERAL (VALUES
          ('reserved', ${committed.currency}, -e.amount, 0),
          ('committed', ${committed.currency}, e.committed, 0),
          ('available', ${committed.currency}, e.amount - e.committed, 0)
        ) AS p (account, currency, minor, millionths) WHERE p.minor <> 0
        UNION ALL
        SELECT ${transfer}::uuid, e.line_id, p.*
        FROM ended e CROSS JOIN LATERAL (VALUES
          ('asked', ${spent.currency}, ${String(spent.minor)}::bigint, 0),
          ('exchange', ${spent.currency}, ${String(-spent.minor)}::bigint, 0),
          ('asked', ${committed.currency}, -e.committed, 0),
          ('exchange', ${committed.currency}, e.committed, ${String(-added)}::bigint),
          ('rounding', ${committed.currency}, 0, ${String(added)}::bigint)
        ) AS p (account, currency, minor, millionths)
        WHERE ${isForeign}::bool AND (p.minor <> 0 OR p.millionths <> 0))
    SELECT id FROM line`.execute(tx);
  if (rows.length === 0) return refused(problem('budget.reservation_ended'));
  return { ok: true, committed };
}
