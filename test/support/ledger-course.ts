/** Many at once at the ledger, at random, and what has to add up in between. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { present } from '../../domain/assert.ts';
import type { LoopId } from '../../domain/id.ts';
import { askedCurrencies, endings, type LedgerActs } from './ledger-acts.ts';
import { sum } from './ledger-exceptions.ts';

interface Kept {
  readonly id: string;
  readonly line: string;
  readonly asked: { readonly minor: bigint; readonly currency: string };
  readonly amount: bigint;
}

interface ExceptionHeld {
  readonly request: LoopId;
  readonly line: string;
  readonly currency: string;
  readonly kept: bigint[];
  spent: bigint;
  isOpen: boolean;
  isBusy: boolean;
}

/** What many at once did, by what each was answered. */
export interface Course {
  readonly stage: LedgerActs;
  pairs: readonly (readonly [line: string, into: string])[];
  held: Kept[];
  excepted: ExceptionHeld[];
  readonly ended: Map<string, bigint>;
  readonly endedTwice: string[];
  /** Why an exception, which brings its own money, was refused of an open line. */
  readonly wrong: string[];
  readonly carried: Map<string, number>;
  readonly done: Record<'lowered' | 'excepted' | 'raised' | 'gave' | 'foreign', number>;
}

/** One step at random: what it is and what about. */
export async function act(course: Course, below: (n: number) => number): Promise<void> {
  const { stage, held, ended, endedTwice, carried, done } = course;
  const minor = BigInt(1 + below(400));
  const one = held[Math.max(0, held.length - 1 - below(24))];
  const pair = present(course.pairs[below(course.pairs.length)], 'a pair of lines');
  const line = present(pair[below(2)], 'a line');
  const own = course.pairs.indexOf(pair) === 0 ? 'EUR' : 'JPY';
  const choice = below(100);
  const over = (id: string, committed: bigint): void => {
    if (ended.has(id)) endedTwice.push(id);
    ended.set(id, committed);
  };
  if (choice < 40 || !one) {
    const currency = present(askedCurrencies[below(askedCurrencies.length)], 'a currency');
    const answer = await stage.reserveOf(line, minor, currency);
    if (!answer.ok) return;
    held.push({ id: answer.id, line, asked: { minor, currency }, amount: answer.amount.minor });
    if (currency !== own) done.foreign++;
  } else if (choice < 75) {
    const kind = present(endings[below(endings.length)], 'an ending');
    const answer = await stage.ends(kind, one.id, { ...one.asked, minor });
    if (answer.ok) over(one.id, answer.committed.minor);
  } else if (choice < 85) {
    const to = { ...one.asked, minor: one.asked.minor / 2n || 1n };
    const answer = await stage.lowers(one.id, to);
    if (!answer.ok) return;
    over(one.id, 0n);
    held.push({ id: answer.id, line: one.line, asked: to, amount: answer.amount.minor });
    done.lowered++;
  } else if (choice < 92) {
    await actOnException(course, { line, minor: minor * 40n, currency: own }, below);
  } else if (choice < 93) {
    const answer = await stage.carries(...pair);
    if (answer.ok) carried.set(pair[0], (carried.get(pair[0]) ?? 0) + 1);
  } else {
    await stage.allocate(one.line, BigInt(15_000 + below(20_000)), randomUUID());
  }
}

/** Its own steps come one after another, as its workflow takes them; those of others between. */
async function actOnException(
  course: Course,
  { line, minor, currency }: { line: string; minor: bigint; currency: string },
  below: (n: number) => number,
): Promise<void> {
  const { stage, excepted, done } = course;
  const known = excepted[below(excepted.length + 2)];
  if (known?.isBusy) return;
  const one = known ?? exceptionHeld(line, currency);
  one.isBusy = true;
  const asked = { minor, currency: one.currency };
  const nth = one.kept.length;
  if (!known || (below(2) === 0 && one.isOpen)) {
    const granting = { request: one.request, line: one.line, asked, max: minor, nth };
    const answer = await stage.grants(granting);
    if (!answer.ok && answer.code !== 'budget.line_closed') course.wrong.push(answer.code);
    if (answer.ok) {
      one.kept.push(minor);
      if (!known) excepted.push(one);
      if (answer.raised > 0n) done.excepted++;
      if (known) done.raised++;
    }
  } else if (one.isOpen) {
    const how = (['last', 'all', 'spend'] as const)[below(3)] ?? 'all';
    const kept = sum(one.kept);
    one.spent = how === 'spend' ? kept / 2n : 0n;
    const given = how === 'spend' ? { spent: { ...asked, minor: one.spent } } : how;
    const last = one.kept.findLastIndex((amount) => amount > 0n);
    await stage.gives(one.request, given, last);
    if (how === 'last') one.kept[last] = 0n;
    else one.kept.fill(0n);
    one.isOpen = how === 'last' && sum(one.kept) > 0n;
    done.gave++;
  }
  one.isBusy = false;
}

const exceptionHeld = (line: string, currency: string): ExceptionHeld => ({
  request: randomUUID() as LoopId,
  line,
  currency,
  kept: [],
  spent: 0n,
  isOpen: true,
  isBusy: false,
});

/** What exceptions lent and did not get back, where the request has less of it: of open lines, none. */
export async function lentTooMuch({ db }: LedgerActs): Promise<readonly unknown[]> {
  const { rows } = await sql`
    SELECT t.request_id, sum(p.minor) FROM budget_transfer t
    JOIN budget_posting p ON p.transfer_id = t.id AND p.account = 'available'
    JOIN budget_line l ON l.id = t.line_id AND l.closed_at IS NULL
    CROSS JOIN LATERAL (SELECT coalesce(sum(coalesce(e.committed, r.amount)), 0) AS used
      FROM budget_request_reservation k JOIN budget_reservation r ON r.id = k.reservation_id
      LEFT JOIN budget_ending e ON e.reservation_id = r.id
      WHERE k.request_id = t.request_id AND r.line_id = t.line_id) u
    WHERE t.request_id IS NOT NULL
    GROUP BY t.request_id, t.line_id HAVING sum(p.minor) NOT BETWEEN 0 AND min(u.used)`.execute(db);
  return rows;
}

export async function addsUp({ stage, pairs, held, ended, excepted }: Course): Promise<void> {
  for (const id of pairs.flat()) {
    const { allocated, reserved, committed } = await stage.balance(id);
    const own = held.filter((one) => one.line === id);
    const open = own.filter((one) => !ended.has(one.id));
    const beyond = excepted.filter((one) => one.line === id);
    const kept = sum(beyond.flatMap((one) => one.kept));
    const spent = sum(beyond.map((one) => one.spent));
    expect(reserved).toBe(sum(open.map((one) => one.amount)) + kept);
    expect(committed).toBe(sum(own.map((one) => ended.get(one.id) ?? 0n)) + spent);
    expect(allocated >= reserved + committed).toBe(true);
  }
}
