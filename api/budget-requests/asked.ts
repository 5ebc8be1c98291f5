/** What was sent, as amounts that can be counted. */
import type { z } from '@hono/zod-openapi';
import type { AskedBudget } from '../../db/budget-submissions.ts';
import { decimalOf, type Money, parseMoney } from '../../domain/money.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { budgetBody } from './schema.ts';

export type BudgetInput = z.output<typeof budgetBody>;

export function amountOf(text: string, currency: string): Money {
  const read = parseMoney(text, currency);
  if (!read.ok) throw new Refusal(read.problem);
  return read.money;
}

/** Above zero, as text for the command. */
export function minorOf(text: string, currency: string): string {
  const { minor } = amountOf(text, currency);
  if (minor <= 0n) throw new Refusal(problem('money.not_positive'));
  return String(minor);
}

/** The parts of the cost and the instalments are two ways to the same total. */
export function askedBudget(
  { requester, submittedBy }: Pick<AskedBudget, 'requester' | 'submittedBy'>,
  input: BudgetInput,
): AskedBudget {
  const { currency, costs, instalments } = input;
  const parts = [costs.fee, costs.travel, costs.tax].filter((part) => part !== undefined);
  const cost = sumOf(parts.map((part) => amountOf(part, currency).minor));
  const kept = instalments.map(({ due, amount }) => ({ due, minor: minorOf(amount, currency) }));
  const total = sumOf(kept.map(({ minor }) => BigInt(minor)));
  if (cost !== total) {
    const said = (minor: bigint): string => decimalOf({ minor, currency });
    const params = { costs: said(cost), instalments: said(total), currency };
    throw new Refusal(problem('budget.costs_differ', params));
  }
  return {
    requester,
    purpose: input.purpose,
    kind: input.kind,
    involvesProfessionals: input.involvesProfessionals,
    isException: input.exception ?? false,
    gap: input.gap ?? null,
    plan: input.plan ?? null,
    serviceMonths: input.serviceMonths ?? 0,
    currency,
    instalments: kept,
    ends: input.ends,
    submittedBy,
  };
}

const sumOf = (amounts: readonly bigint[]): bigint =>
  amounts.reduce((sum, amount) => sum + amount, 0n);
