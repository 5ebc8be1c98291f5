/** The steps of a request: seen, sent, and shown as it now stands. Whether they may is the record's to say. */
import type { z } from '@hono/zod-openapi';
import { type BudgetRow, lastDecision } from '../../db/budget-requests.ts';
import { prepareRaise } from '../../db/budget-raises.ts';
import type { BudgetCommand } from '../../domain/budget/state.ts';
import type { LoopId } from '../../domain/id.ts';
import type { HoldCommand } from '../../domain/loop.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { Asked } from '../directory/parts.ts';
import { type Commanded, type StepInput, stepRoutes, stepTaker } from '../loop-steps.ts';
import { minorOf } from './asked.ts';
import { budgetAddress, type BudgetParts } from './parts.ts';
import { type BudgetRequest, presentBudget, seenBudget } from './present.ts';
import {
  approveBody,
  budgetAnswer,
  budgetParams,
  closeBody,
  exceptBody,
  instalmentBody,
  plainBody,
  raiseBody,
  wordsBody,
} from './schema.ts';

const stepRoute = stepRoutes({
  path: '/budget-requests',
  noun: 'BudgetRequest',
  tag: 'budget requests',
  params: budgetParams,
  answer: budgetAnswer,
  description: 'The request as it now stands.',
});

type Sent<Body extends z.ZodType> = z.output<Body> & { readonly id: string };
type StepCommand = Exclude<BudgetCommand, { readonly type: 'submit' }> | HoldCommand;

const takeStep = stepTaker<StepCommand, BudgetParts, BudgetRow, BudgetRequest>({
  address: budgetAddress,
  seen: seenBudget,
  show: presentBudget,
  refused: tellDecided,
});

/** Whoever was slower reads who was quicker, and when on their own clock. */
async function tellDecided(
  { db, tell }: BudgetParts,
  error: unknown,
  { actor, input }: Asked<StepInput>,
): Promise<never> {
  const code = error instanceof Refusal ? error.problem.code : null;
  const decision =
    code === 'budget.decided' || code === 'loop.closed'
      ? await lastDecision(db, input.id as LoopId)
      : null;
  if (!decision) throw error;
  const [person = '', at = ''] = await tell(actor.id, [
    { key: 'budgetRequest.value.person', params: { person: { person: decision.by } } },
    { key: 'budgetRequest.value.at', params: { at: { instant: decision.at } } },
  ]);
  throw new Refusal(problem('budget.decided', { person, at }));
}

const plain =
  (type: 'withdraw' | 'hold' | 'resume') =>
  (parts: BudgetParts, asked: Commanded<Sent<typeof plainBody>>): Promise<BudgetRequest> =>
    takeStep(parts, asked, ({ by }) => ({ type, ...by }));

const withWords =
  (type: 'reject' | 'ask' | 'answer') =>
  (parts: BudgetParts, asked: Commanded<Sent<typeof wordsBody>>): Promise<BudgetRequest> =>
    takeStep(parts, asked, async ({ by, write }) => {
      const content = await write(`budget.${type}`, { text: asked.input.text });
      return { type, ...by, content };
    });

const proveBudget = (
  parts: BudgetParts,
  asked: Commanded<Sent<typeof instalmentBody>>,
): Promise<BudgetRequest> =>
  takeStep(parts, asked, async ({ by, row, write }) => {
    const { instalment, amount, text } = asked.input;
    const minor = minorOf(amount, row.currency);
    return {
      type: 'prove',
      ...by,
      instalment,
      minor,
      content: await write('budget.prove', { text }),
    };
  });

/** With what it would be decided by: the record finds the same, or refuses. */
const raiseBudget = (
  parts: BudgetParts,
  asked: Commanded<Sent<typeof raiseBody>>,
): Promise<BudgetRequest> =>
  takeStep(parts, asked, async ({ by, row, write }) => {
    const { instalment, amount, text } = asked.input;
    const minor = minorOf(amount, row.currency);
    const raisedBy = [...new Set([by.onBehalfOf ?? by.actor, by.actor])];
    const isException = asked.input.exception === true;
    const raise = { id: row.id, instalment, minor, isException, raisedBy };
    const prepared = await prepareRaise(parts.db, raise, parts.clock.now());
    if (!prepared.ok) throw new Refusal(prepared.problem);
    const content = await write('budget.raise', { text });
    return { type: 'raise', ...by, instalment, minor, content, route: prepared.route };
  });

const approveBudget = (
  parts: BudgetParts,
  asked: Commanded<Sent<typeof approveBody>>,
): Promise<BudgetRequest> =>
  takeStep(parts, asked, ({ by, row }) => {
    const amounts = asked.input.amounts?.map((amount) => minorOf(amount, row.currency));
    return { type: 'approve', ...by, ...(amounts && { amounts }) };
  });

const exceptBudget = (
  parts: BudgetParts,
  asked: Commanded<Sent<typeof exceptBody>>,
): Promise<BudgetRequest> =>
  takeStep(parts, asked, async ({ by, row, write }) => {
    const minor = minorOf(asked.input.amount, row.lineCurrency);
    const content = await write('budget.except', { text: asked.input.text });
    return { type: 'except', ...by, minor, content };
  });

const closeBudget = (
  parts: BudgetParts,
  asked: Commanded<Sent<typeof closeBody>>,
): Promise<BudgetRequest> =>
  takeStep(parts, asked, async ({ by, row, write }) => {
    const { text, lesson, proof } = asked.input;
    const proven = proof && {
      instalment: proof.instalment,
      minor: minorOf(proof.amount, row.currency),
      content: await write('budget.prove', { text: proof.text }),
    };
    const content = await write('budget.outcome', { text });
    const offered = lesson === undefined ? null : await write('budget.lesson', lesson);
    return { type: 'closeOut', ...by, content, lesson: offered, ...(proven && { proof: proven }) };
  });

/** By the verb of the address. */
export const budgetSteps = {
  approve: {
    route: stepRoute('approve', 'Approves it, or less of it', approveBody),
    run: approveBudget,
  },
  except: {
    route: stepRoute('except', 'Grants more than the line has, with amount and reason', exceptBody),
    run: exceptBudget,
  },
  reject: {
    route: stepRoute('reject', 'Rejects it, with the reason', wordsBody),
    run: withWords('reject'),
  },
  ask: {
    route: stepRoute(
      'ask',
      'Asks the requester; the clock stands still until they answer',
      wordsBody,
    ),
    run: withWords('ask'),
  },
  answer: {
    route: stepRoute('answer', 'Answers the question', wordsBody),
    run: withWords('answer'),
  },
  withdraw: {
    route: stepRoute('withdraw', 'Withdraws it before anything is spent', plainBody),
    run: plain('withdraw'),
  },
  prove: {
    route: stepRoute('prove', 'Says what was spent, with what shows it', instalmentBody),
    run: proveBudget,
  },
  raise: {
    route: stepRoute('raise', 'Asks for a new decision on a higher amount', raiseBody),
    run: raiseBudget,
  },
  close: {
    route: stepRoute(
      'close',
      'Closes it with what was learned; what is left is released',
      closeBody,
    ),
    run: closeBudget,
  },
  hold: {
    route: stepRoute('hold', 'Puts it on hold: nothing is due', plainBody),
    run: plain('hold'),
  },
  resume: { route: stepRoute('resume', 'Resumes it', plainBody), run: plain('resume') },
} as const;
