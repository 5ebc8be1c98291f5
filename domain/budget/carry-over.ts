/** What of a line goes on into the next fiscal year: the policy `budget.carry_over`. */
import { type Money, parseMoney } from '../money.ts';

export const carryOverPolicy = 'budget.carry_over';

/**
 * The policy is such as `{ "percent": 50, "max": "10000.00" }`: a share of what is available, rounded
 * down, and no more than `max` in the line's currency. What is not said, or no share, carries nothing.
 */
export function carriedOver(policy: unknown, available: Money): bigint {
  if (typeof policy !== 'object' || policy === null) return 0n;
  const { percent, max }: { percent?: unknown; max?: unknown } = policy;
  if (!isShare(percent)) return 0n;
  const share = (available.minor * BigInt(percent)) / 100n;
  if (max === undefined) return share;
  const limit = parseMoney(typeof max === 'string' ? max : '', available.currency);
  if (!limit.ok) return 0n;
  return share < limit.money.minor ? share : limit.money.minor;
}

const isShare = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 100;
