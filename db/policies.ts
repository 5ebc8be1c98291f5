/** Dated rules of the organisation, such as how long somebody has to answer. */
import { type RawBuilder, sql } from 'kysely';
import type { RegionId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { PolicyKey } from '../domain/policy/policies.ts';
import { type ByDay, daysAround, onWallDay } from '../domain/policy/wall-day.ts';
import type { Query } from './client.ts';

interface PolicyAt {
  /** Itself, or the column that holds one. */
  readonly key: PolicyKey | RawBuilder<unknown>;
  /** An id, or the column that holds one. */
  readonly region: RawBuilder<unknown>;
  /** The day where it is asked, such as `2026-11-23`, or the column that holds it. */
  readonly day: string | RawBuilder<unknown>;
}

/** A value within a statement: the latest that has begun, the region's own before that of all. */
export const policyValue = ({ key, region, day }: PolicyAt): RawBuilder<unknown> => sql`(
  SELECT value FROM policy
  WHERE policy.key = ${key} AND (region_id = ${region} OR region_id IS NULL) AND valid_from <= ${day}::date
  ORDER BY region_id NULLS LAST, valid_from DESC LIMIT 1)`;

/** A value for each day that `at` may be on: `onWallDay` chooses by the zone of the region. */
export function policyByDay({
  at,
  ...asked
}: Omit<PolicyAt, 'day'> & { readonly at: Instant }): RawBuilder<ByDay> {
  const values = daysAround(at).map((day) => sql`${day}::text, ${policyValue({ ...asked, day })}`);
  return sql`jsonb_build_object(${sql.join(values)})`;
}

export interface PolicyAsked {
  readonly key: PolicyKey;
  readonly region: RegionId;
  readonly day: string;
}

/** Null where nothing is said. */
export async function findPolicy(
  query: Query,
  { key, region, day }: PolicyAsked,
): Promise<unknown> {
  const value = policyValue({ key, region: sql`${region}`, day });
  const { rows } = await sql<{ readonly value: unknown }>`SELECT ${value} AS value`.execute(query);
  return rows[0]?.value ?? null;
}

/** On the day that it is in the region then; null where nothing is said. */
export async function findPolicyAt(
  query: Query,
  { key, region, at }: Omit<PolicyAsked, 'day'> & { readonly at: Instant },
): Promise<unknown> {
  const values = policyByDay({ key, region: sql.ref('region.id'), at });
  const { rows } = await sql<{ readonly zone: string; readonly values: ByDay }>`
    SELECT zone, ${values} AS values FROM region WHERE id = ${region}`.execute(query);
  const [found] = rows;
  return found ? onWallDay(found.values, found.zone, at) : null;
}

/** Several at once, each by the name it is asked by. */
export async function findPolicies<Name extends string>(
  query: Query,
  keys: Readonly<Record<Name, PolicyKey>>,
  { region, day }: Omit<PolicyAsked, 'key'>,
): Promise<Readonly<Record<Name, unknown>>> {
  const names = Object.keys(keys) as Name[];
  const asked = { key: sql.ref('k.key'), region: sql`${region}`, day };
  const { rows } = await sql<{ readonly key: string; readonly value: unknown }>`
    SELECT k.key, ${policyValue(asked)} AS value
    FROM unnest(${Object.values(keys)}::text[]) AS k (key)`.execute(query);
  const values = new Map(rows.map(({ key, value }) => [key, value]));
  const found = names.map((name) => [name, values.get(keys[name]) ?? null] as const);
  return Object.fromEntries(found) as Record<Name, unknown>;
}
