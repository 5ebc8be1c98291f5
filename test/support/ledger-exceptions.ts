/** What exceptions raise a line by, raised again, kept less of and spent: straight to the ledger. */
import { randomUUID } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import {
  keepMoney,
  raiseLine,
  releaseKept,
  releaseMoney,
  returnException,
  spendMoney,
  usedByLine,
} from '../../db/budget-kept.ts';
import { insertContent } from '../../db/contents.ts';
import type { DB } from '../../db/schema.ts';
import type { ContentId, LoopId } from '../../domain/id.ts';
import type { Money } from '../../domain/money.ts';
import { Refusal } from '../../domain/problem.ts';
import { at, type budgetStage, manager } from './budget.ts';

export const sum = (amounts: readonly bigint[]): bigint =>
  amounts.reduce((all, one) => all + one, 0n);

/** The first, and each higher amount after it. */
const whyOf = (nth: number): string => (nth === 0 ? 'excepted' : `raise ${nth}`);

/** `last`: what was kept last; `all`: everything; else so much is spent of it. */
export type Given = 'last' | 'all' | { readonly spent: Money };

export interface Granting {
  readonly request: LoopId;
  readonly line: string;
  readonly asked: Money;
  readonly max: bigint;
  /** How often it was granted more before. */
  readonly nth: number;
}

export function exceptionActs({ within }: Awaited<ReturnType<typeof budgetStage>>) {
  /** The line is raised by what it lacks, and what is asked for kept: both, or neither. */
  async function grants({ request, line, asked, max, nth }: Granting) {
    try {
      return await within(async (tx) => {
        if (nth === 0) await givenRequest(tx, { request, line, asked });
        const why = nth === 0 ? null : whyOf(nth);
        const exception = { request, line, why, author: manager, needed: asked.minor, max, at };
        const raised = await raiseLine(tx, exception);
        await keepMoney(tx, { request, position: 0, line, asked, why: whyOf(nth), at });
        return { ok: true, raised, code: '' } as const;
      });
    } catch (error) {
      if (error instanceof Refusal) return { ok: false, code: error.problem.code } as const;
      throw error;
    }
  }

  let steps = 0;
  /** What is not kept any more goes back, the money of the exceptions first. */
  const gives = (request: LoopId, given: Given, nth: number) =>
    within(async (tx) => {
      const before = await usedByLine(tx, request);
      const one = { request, position: 0, at };
      if (given === 'last') await releaseKept(tx, { ...one, as: 'voided', why: whyOf(nth) });
      else if (given === 'all') await releaseMoney(tx, { ...one, as: 'expired' });
      else await spendMoney(tx, { ...one, author: manager, spent: given.spent });
      await returnException(tx, { request, author: null, why: String(++steps), before, at });
    });

  return { grants, gives };
}

async function givenRequest(
  tx: Transaction<DB>,
  { request, line, asked }: Pick<Granting, 'request' | 'line' | 'asked'>,
): Promise<void> {
  const content = randomUUID() as ContentId;
  await insertContent(tx, { id: content, author: manager, kind: 'budget.request', body: {}, at });
  await sql`INSERT INTO loop_instance (id, loop) VALUES (${request}, 'budgetRequest')`.execute(tx);
  await sql`
    INSERT INTO budget_request (id, requester_id, region_id, purpose, kind, status,
      involves_professionals, is_exception, is_split, currency, asked, line_currency, in_line,
      policy, service_months, request_id, ends_at, submitted_at)
    SELECT ${request}, ${manager}, l.region_id, l.purpose, 'course', 'approved', false, true, false,
      ${asked.currency}, ${String(asked.minor)}::bigint, l.currency, ${String(asked.minor)}::bigint,
      '', 0, ${content}, ${at}::timestamptz, ${at}::timestamptz
    FROM budget_line l WHERE l.id = ${line}`.execute(tx);
  await sql`
    INSERT INTO budget_instalment (request_id, position, line_id, due_on, amount)
    VALUES (${request}, 0, ${line}, '2026-12-01', ${String(asked.minor)}::bigint)`.execute(tx);
}
