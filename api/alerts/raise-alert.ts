import { createRoute, type z } from '@hono/zod-openapi';
import { findAccount } from '../../db/accounts.ts';
import { accountSubject } from '../../db/actors.ts';
import { answerMinutes } from '../../db/alerts.ts';
import { insertFlags } from '../../db/red-flags.ts';
import { derivedId } from '../../db/derived-id.ts';
import type { AlertCommand } from '../../domain/alert/state.ts';
import { present } from '../../domain/assert.ts';
import type { AccountId, ContentId, LoopId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { actingAs, authorise } from '../authorise.ts';
import { type Commanded, openLoop } from '../loop-steps.ts';
import { refuseUnacknowledged } from '../red-flags.ts';
import { writeContent } from '../write-content.ts';
import { alertAddress, type AlertParts } from './parts.ts';
import { type Alert, presentAlert } from './present.ts';
import { alertAnswer, alertBody } from './schema.ts';

export const raiseAlertRoute = createRoute({
  method: 'post',
  path: '/alerts',
  operationId: 'raiseAlert',
  tags: ['alerts'],
  summary: 'Says that something for an account cannot wait',
  description:
    'Enters it among what is to be done for the account, and calls whoever answers for it, by every channel they have: ' +
    'those at work first, then the others whatever the hour, one after another until somebody acknowledges it.',
  request: { body: { required: true, content: { 'application/json': { schema: alertBody } } } },
  responses: {
    201: {
      description: 'Raised: the first is called at once.',
      content: { 'application/json': { schema: alertAnswer } },
    },
  },
});

type Input = z.output<typeof alertBody>;

export async function raiseAlert(parts: AlertParts, asked: Commanded<Input>): Promise<Alert> {
  const id = derivedId('alert', asked.commandId) as LoopId;
  await openLoop(parts, alertAddress, { id, command: () => commandOf(parts, asked) });
  return presentAlert(parts, asked.actor, id);
}

async function commandOf(
  parts: AlertParts,
  { actor, input, commandId }: Commanded<Input>,
): Promise<AlertCommand> {
  const { db, clock } = parts;
  const account = input.account as AccountId;
  const at = clock.now();
  if (!(await findAccount(db, { actor, id: account, at }))) {
    throw new Refusal(problem('handoff.account_unknown'));
  }
  const subject = present(await accountSubject(db, account), 'the account that was found');
  const { onBehalfOf } = input;
  const otherwise = 'authority.forbidden';
  await authorise(parts, { actor, onBehalfOf, action: 'alert.raise', subject, otherwise });
  const text = await writeText(parts, { actor, input, commandId });
  return {
    type: 'raise',
    ...actingAs(actor, onBehalfOf),
    account,
    owner: subject.owner.id,
    text,
    item: derivedId('action', commandId),
    dueAt: Date.parse(input.dueAt),
    answerMinutes: await answerMinutes(db, account, at),
  };
}

/** It is mailed to whoever is called: what the rules warn of in it is changed or named before. */
async function writeText(
  parts: AlertParts,
  { actor, input, commandId }: Commanded<Input>,
): Promise<ContentId> {
  const { db, clock } = parts;
  const texts = [{ place: 'text', text: input.text }];
  const { acknowledgedFlags: acknowledged = [] } = input;
  const warned = { texts, acknowledged, code: 'alert.red_flags' } as const;
  const flags = await refuseUnacknowledged(parts, actor, warned);
  const written = { kind: 'account.action', body: { text: input.text } };
  const content = await writeContent(parts, { actor, commandId }, written);
  await insertFlags(db, { content, flags, acknowledgedBy: actor.id, at: clock.now() });
  return content;
}
