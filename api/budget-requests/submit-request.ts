import { createRoute, type z } from '@hono/zod-openapi';
import { loadActor } from '../../db/actors.ts';
import { prepareBudget } from '../../db/budget-submissions.ts';
import { derivedId } from '../../db/derived-id.ts';
import type { BudgetCommand } from '../../domain/budget/state.ts';
import type { LoopId, PersonId } from '../../domain/id.ts';
import { Refusal } from '../../domain/problem.ts';
import { actingAs, authorise } from '../authorise.ts';
import { type Commanded, openLoop } from '../loop-steps.ts';
import { writeContent } from '../write-content.ts';
import { askedBudget, type BudgetInput } from './asked.ts';
import { budgetAddress, type BudgetParts } from './parts.ts';
import { type BudgetRequest, presentBudget } from './present.ts';
import { budgetAnswer, budgetBody } from './schema.ts';

export const submitBudgetRoute = createRoute({
  method: 'post',
  path: '/budget-requests',
  operationId: 'submitBudgetRequest',
  tags: ['budget requests'],
  summary: 'Asks for development money; it is kept at once, and nobody approves by silence',
  request: { body: { required: true, content: { 'application/json': { schema: budgetBody } } } },
  responses: {
    201: {
      description: 'Submitted: the money is kept, and the first step is asked.',
      content: { 'application/json': { schema: budgetAnswer } },
    },
  },
});

export async function submitBudget(
  parts: BudgetParts,
  asked: Commanded<BudgetInput>,
): Promise<BudgetRequest> {
  const id = derivedId('budget request', asked.commandId) as LoopId;
  await openLoop(parts, budgetAddress, { id, command: () => commandOf(parts, asked) });
  return presentBudget(parts, asked.actor, id);
}

async function commandOf(
  parts: BudgetParts,
  { actor, input, commandId }: Commanded<BudgetInput>,
): Promise<BudgetCommand> {
  const { db, clock } = parts;
  const { onBehalfOf } = input;
  const requester = (onBehalfOf ?? actor.id) as PersonId;
  const budget = askedBudget({ requester, submittedBy: actor.id }, input);
  const isOwn = requester === actor.id;
  const placed = isOwn ? actor : await loadActor(db, requester, clock.now());
  const subject = { requester: placed ?? actor };
  const otherwise = 'authority.forbidden';
  await authorise(parts, { actor, onBehalfOf, action: 'budget.request', subject, otherwise });
  // What it was prepared with may be another a moment later: the record finds the same, or refuses.
  const prepared = await prepareBudget(db, budget, clock.now());
  if (!prepared.ok) throw new Refusal(prepared.problem);
  const { title, why, costs } = input;
  const body = { title, why, costs } satisfies BudgetWords;
  const request = await writeContent(parts, { actor, commandId }, { kind: 'budget.request', body });
  return { type: 'submit', ...actingAs(actor, onBehalfOf), ...prepared.submission, request };
}

/** What is written of a request: beside it, in Postgres alone. */
export interface BudgetWords {
  readonly title: string;
  readonly why: string;
  readonly costs: z.output<typeof budgetBody>['costs'];
}
