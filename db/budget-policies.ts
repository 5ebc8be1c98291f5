/** What a region says about requests for money on a day of its own. */
import { type BudgetPolicy, budgetPolicies, readBudgetPolicy } from '../domain/budget/policy.ts';
import type { RegionId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { type Problem, problem } from '../domain/problem.ts';
import { wallDay } from '../domain/time/wall.ts';
import type { Query } from './client.ts';
import { derivedId } from './derived-id.ts';
import { findPolicies } from './policies.ts';

export async function dayOfRegion(query: Query, region: RegionId, at: Instant): Promise<string> {
  const { zone } = await query
    .selectFrom('region')
    .select('zone')
    .where('id', '=', region)
    .executeTakeFirstOrThrow();
  return wallDay(at, zone);
}

export interface InForce extends BudgetPolicy {
  readonly version: string;
}

export async function policyOf(
  query: Query,
  {
    region,
    at,
    currency,
  }: {
    readonly region: { readonly id: RegionId; readonly zone: string };
    readonly at: Instant;
    readonly currency: string;
  },
): Promise<InForce | Problem> {
  const all = await findPolicies(query, budgetPolicies, {
    region: region.id,
    day: wallDay(at, region.zone),
  });
  const read = readBudgetPolicy(all, currency);
  if (!read.ok) return problem('budget.policy_unreadable', { key: read.key });
  return { ...read.policy, version: derivedId('budget policy', JSON.stringify(all)) };
}
