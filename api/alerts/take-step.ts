/** The steps of an alert: seen, sent, and shown as it now stands. Whether they may is the record's to say. */
import { createRoute } from '@hono/zod-openapi';
import type { Actor } from '../../domain/authority.ts';
import type { LoopId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { actingAs } from '../authorise.ts';
import { sendStep } from '../loop-steps.ts';
import { alertAddress, type AlertParts, type Commanded } from './parts.ts';
import { type Alert, presentAlert, seenAlert } from './present.ts';
import { alertAnswer, alertParams, plainBody } from './schema.ts';

const verbs = ['acknowledge', 'withdraw', 'hold', 'resume'] as const;
type Verb = (typeof verbs)[number];

const stepRoute = <V extends Verb>(verb: V, summary: string) =>
  createRoute({
    method: 'post',
    path: `/alerts/{id}/${verb}`,
    operationId: `${verb}Alert`,
    tags: ['alerts'],
    summary,
    request: {
      params: alertParams,
      body: { required: true, content: { 'application/json': { schema: plainBody } } },
    },
    responses: {
      200: {
        description: 'The alert as it now stands.',
        content: { 'application/json': { schema: alertAnswer } },
      },
    },
  });

interface StepInput {
  readonly id: string;
  readonly onBehalfOf?: string | undefined;
}

const step =
  (type: Verb) =>
  async (
    parts: AlertParts,
    { actor, input, commandId, seen }: Commanded<StepInput>,
  ): Promise<Alert> => {
    const id = input.id as LoopId;
    await seenAlert(parts, actor, id);
    const command = { type, ...actingAs(actor, input.onBehalfOf) };
    await sendStep(parts, alertAddress, {
      id,
      commandId,
      seen,
      command: async () => command,
    }).catch((error: unknown) => tellTaker(parts, { actor, id, type }, error));
    return presentAlert(parts, actor, id);
  };

/** Whoever was slower reads who was quicker. */
async function tellTaker(
  { db }: AlertParts,
  asked: { readonly actor: Actor; readonly id: LoopId; readonly type: Verb },
  error: unknown,
): Promise<never> {
  const isOver = error instanceof Refusal && error.problem.code === 'loop.closed';
  const isLate = error instanceof Refusal && error.problem.code === 'alert.acknowledged';
  if (asked.type !== 'acknowledge' || !(isOver || isLate)) throw error;
  const { acknowledgedBy } = await seenAlert({ db }, asked.actor, asked.id);
  if (acknowledgedBy === null) throw error;
  throw new Refusal(problem('alert.acknowledged', { person: acknowledgedBy.name }));
}

/** By the verb of the address. */
export const alertSteps = {
  acknowledge: {
    route: stepRoute('acknowledge', 'Takes it: nobody else is called, and it is yours to do'),
    run: step('acknowledge'),
  },
  withdraw: {
    route: stepRoute('withdraw', 'Withdraws it: nothing is to be done after all'),
    run: step('withdraw'),
  },
  hold: { route: stepRoute('hold', 'Puts it on hold: nobody is called'), run: step('hold') },
  resume: { route: stepRoute('resume', 'Resumes it'), run: step('resume') },
} as const;
