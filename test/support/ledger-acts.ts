/** What can be done to budget lines in two currencies, and asked for in three: straight to the ledger. */
import { randomUUID } from 'node:crypto';
import {
  commitReservation,
  expireReservation,
  lowerReservation,
  voidReservation,
} from '../../db/budget-ledger.ts';
import { carryOver } from '../../db/budget-lines.ts';
import { importRates } from '../../db/budget-rates.ts';
import type { Money } from '../../domain/money.ts';
import { at, budgetStage } from './budget.ts';
import { exceptionActs } from './ledger-exceptions.ts';

export const lineCurrencies = ['EUR', 'JPY'] as const;
export const askedCurrencies = ['EUR', 'JPY', 'USD'] as const;
export type AskedCurrency = (typeof askedCurrencies)[number];
/** For one euro; some amounts lie between two whole yen or cents, and some in the very middle. */
export const perEuro: Readonly<Record<AskedCurrency, number>> = { EUR: 1, JPY: 160, USD: 1.25 };
export const carriedPercent = 50;

const digits = (currency: AskedCurrency): number => (currency === 'JPY' ? 1 : 100);

/** In floating point, which is exact for what is asked for here; half goes to the even one. */
export function converted(minor: bigint, from: AskedCurrency, to: AskedCurrency): bigint {
  if (from === to) return minor;
  const exact = (Number(minor) * perEuro[to] * digits(to)) / (perEuro[from] * digits(from));
  const whole = Math.floor(exact);
  const rest = exact - whole;
  const isUp = rest > 0.5 || (rest === 0.5 && whole % 2 === 1);
  return BigInt(isUp ? whole + 1 : whole);
}

export const endings = ['commit', 'void', 'expire'] as const;
export type Ending = (typeof endings)[number];

/** Midnight of the new year in Berlin. */
const newYear = Date.parse('2026-12-31T23:00Z');

export type LedgerActs = Awaited<ReturnType<typeof ledgerActs>>;

export async function ledgerActs() {
  const stage = await budgetStage();
  const { db, within } = stage;
  const rates = (['JPY', 'USD'] as const).map((currency) => ({
    day: '2026-11-23',
    currency,
    unitsPerEuro: String(perEuro[currency]),
  }));
  await importRates(db, rates, { source: 'ECB', at });
  const value = { percent: carriedPercent };
  const policy = { key: 'budget.carry_over', valid_from: '2020-01-01', value };
  await db.insertInto('policy').values(policy).execute();
  let pairs = 0;
  return {
    ...stage,
    /** Of this year and the next, for one purpose. */
    async pairOf(currency: string, allocated: bigint, next = 0n) {
      const purpose = `pair-${++pairs}`;
      const line = await stage.openLine(currency, 2026, purpose);
      const into = await stage.openLine(currency, 2027, purpose);
      await stage.allocate(line, allocated);
      if (next > 0n) await stage.allocate(into, next);
      return [line, into] as const;
    },
    ends: (kind: Ending, reservation: string, amount: Money) =>
      within((tx) => {
        if (kind === 'commit') return commitReservation(tx, { reservation, amount, at });
        if (kind === 'void') return voidReservation(tx, { reservation, at });
        return expireReservation(tx, { reservation, at });
      }),
    lowers: async (reservation: string, to: Money) => {
      const id = randomUUID();
      return { id, ...(await within((tx) => lowerReservation(tx, { reservation, id, to, at }))) };
    },
    carries: (line: string, into: string) =>
      within((tx) => carryOver(tx, { line, into, at: newYear })),
    ...exceptionActs(stage),
  };
}
