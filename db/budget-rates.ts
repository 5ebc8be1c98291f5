/** Exchange rates as published for a day: added, never changed, and each amount keeps which it used. */
import { sql } from 'kysely';
import type { PublishedRate } from '../domain/budget/reference-rates.ts';
import { present } from '../domain/assert.ts';
import type { RegionId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { crossRate, parseRate, type Rate } from '../domain/money.ts';
import { isAllowed } from '../domain/policy/policies.ts';
import { type Problem, problem } from '../domain/problem.ts';
import { dayMs } from '../domain/time/zone.ts';
import { dayOfRegion } from './budget-policies.ts';
import type { Query } from './client.ts';
import { findPolicy } from './policies.ts';

const rateDaysPolicy = 'budget.rate_days';
/** None is set over Easter and Christmas for up to five days. */
const rateDaysByDefault = 7;

const ratesAtOnce = 5_000;

export interface ImportedRates {
  readonly added: number;
  readonly known: number;
  /** Kept as they were, since something may have been reserved with them. */
  readonly different: readonly PublishedRate[];
}

/** Each part of the file stands for itself: after a loss of the connection, a repeat adds the rest. */
export async function importRates(
  query: Query,
  rates: readonly PublishedRate[],
  { source, at }: { readonly source: string; readonly at: Instant },
): Promise<ImportedRates> {
  let added = 0;
  const different: PublishedRate[] = [];
  for (let from = 0; from < rates.length; from += ratesAtOnce) {
    const part = JSON.stringify(rates.slice(from, from + ratesAtOnce));
    const { rows } = await sql<{ added: number; different: PublishedRate[] }>`
      WITH published AS (SELECT * FROM jsonb_to_recordset(${part}::text::jsonb)
          AS r (day date, currency text, "unitsPerEuro" numeric)),
        inserted AS (
          INSERT INTO exchange_rate (currency, day, units_per_euro, source, imported_at)
          SELECT currency, day, "unitsPerEuro", ${source}, ${at}::timestamptz FROM published
          ON CONFLICT DO NOTHING RETURNING id)
      SELECT (SELECT count(*) FROM inserted)::int AS added,
        (SELECT coalesce(jsonb_agg(jsonb_build_object('day', p.day, 'currency', p.currency,
            'unitsPerEuro', p."unitsPerEuro"::text)), '[]')
          FROM published p JOIN exchange_rate r USING (currency, day)
          WHERE r.source = ${source} AND r.units_per_euro <> p."unitsPerEuro") AS different`.execute(
      query,
    );
    const imported = present(rows[0], 'what was imported');
    added += imported.added;
    different.push(...imported.different);
  }
  return { added, known: rates.length - added - different.length, different };
}

export interface StoredRateShown {
  readonly currency: string;
  readonly unitsPerEuro: string;
  readonly day: string;
  readonly source: string;
  readonly importedAt: Instant;
}

/** Of each currency the one that an amount of that day is converted with, whatever its age. */
export async function latestRates(
  query: Query,
  { currency, day }: { readonly currency: string | undefined; readonly day: string },
): Promise<readonly StoredRateShown[]> {
  const { rows } = await sql<StoredRateShown>`
    SELECT DISTINCT ON (currency) currency, units_per_euro::text AS "unitsPerEuro", day, source,
      imported_at AS "importedAt"
    FROM exchange_rate
    WHERE day <= ${day}::date AND (${currency ?? null}::text IS NULL OR currency = ${currency ?? null})
    ORDER BY currency, day DESC, id DESC`.execute(query);
  return rows;
}

/** The rates that an amount is converted with; null for the euro, which has none. */
export interface UsedRates {
  readonly rate: Rate;
  readonly fromRateId: bigint | null;
  readonly toRateId: bigint | null;
}

export interface RateAsked {
  readonly from: string;
  readonly to: string;
  readonly at: Instant;
  /** Whose policy says how old a rate may be. */
  readonly region: RegionId;
}

/** Through the euro, with the latest of each up to the region's day, as old as `budget.rate_days` lets it be. */
export async function findRates(
  query: Query,
  { from, to, at, region }: RateAsked,
): Promise<UsedRates | Problem> {
  const day = await dayOfRegion(query, region, at);
  const said = await findPolicy(query, { key: rateDaysPolicy, region, day });
  const daysMax = isAllowed(rateDaysPolicy, said) ? Number(said) : rateDaysByDefault;
  const [giving, getting] = [
    await rateOf(query, { currency: from, day, daysMax }),
    await rateOf(query, { currency: to, day, daysMax }),
  ];
  if ('code' in giving) return giving;
  if ('code' in getting) return getting;
  return {
    rate: crossRate(giving.rate, getting.rate),
    fromRateId: giving.id,
    toRateId: getting.id,
  };
}

interface StoredRate {
  readonly id: bigint | null;
  readonly rate: Rate;
}
const euro: StoredRate = { id: null, rate: { numerator: 1n, denominator: 1n } };

interface RateOf {
  readonly currency: string;
  /** Of the region that asks. */
  readonly day: string;
  readonly daysMax: number;
}

async function rateOf(
  query: Query,
  { currency, day: today, daysMax }: RateOf,
): Promise<StoredRate | Problem> {
  if (currency === 'EUR') return euro;
  const { rows } = await sql<{ id: bigint; day: string; text: string }>`
    SELECT id, day, units_per_euro::text AS text FROM exchange_rate
    WHERE currency = ${currency} AND day <= ${today}::date ORDER BY day DESC, id DESC LIMIT 1`.execute(
    query,
  );
  const found = rows[0];
  if (!found) return problem('money.rate_missing', { currency, day: today });
  const isOld = Date.parse(today) - Date.parse(found.day) > daysMax * dayMs;
  if (isOld) return problem('money.rate_old', { currency, day: found.day, days: daysMax });
  return { id: found.id, rate: present(parseRate(found.text), 'a stored rate') };
}

/** As they were frozen on a reservation. */
export async function frozenRate(
  query: Query,
  { fromRateId, toRateId }: Omit<UsedRates, 'rate'>,
): Promise<Rate> {
  const ids = [fromRateId, toRateId].filter((id) => id !== null).map(String);
  const { rows } = await sql<{ id: bigint; text: string }>`
    SELECT id, units_per_euro::text AS text FROM exchange_rate
    WHERE id = ANY (${ids}::text[]::bigint[])`.execute(query);
  const rates = new Map(rows.map(({ id, text }) => [id, parseRate(text)]));
  const of = (id: bigint | null): Rate =>
    id === null ? euro.rate : present(rates.get(id), 'a frozen rate');
  return crossRate(of(fromRateId), of(toRateId));
}
