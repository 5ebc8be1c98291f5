import { createRoute, type z } from '@hono/zod-openapi';
import { loadActors } from '../../db/actors.ts';
import { addAttachment } from '../../db/budget-attachments.ts';
import { derivedId } from '../../db/derived-id.ts';
import { present } from '../../domain/assert.ts';
import {
  attachmentBytesMax,
  attachmentOf,
  attachmentTypes,
} from '../../domain/budget/attachment.ts';
import type { LoopId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { authorise } from '../authorise.ts';
import type { Commanded } from '../loop-steps.ts';
import type { BudgetParts } from './parts.ts';
import { seenBudget } from './present.ts';
import { attachmentAnswer, attachmentBody, budgetParams } from './schema.ts';

export const attachFileRoute = createRoute({
  method: 'post',
  path: '/budget-requests/{id}/attachments',
  operationId: 'attachToBudgetRequest',
  tags: ['budget requests'],
  summary: 'Adds a file, such as an offer or a receipt: PDF, PNG or JPEG, by what it is',
  request: {
    params: budgetParams,
    body: { required: true, content: { 'application/json': { schema: attachmentBody } } },
  },
  responses: {
    201: {
      description: 'Added, under the name that it is offered for saving with.',
      content: { 'application/json': { schema: attachmentAnswer } },
    },
  },
});

type Input = z.output<typeof attachmentBody> & { readonly id: string };

export async function attachFile(
  parts: BudgetParts,
  { actor, input, commandId }: Commanded<Input>,
): Promise<z.input<typeof attachmentAnswer>> {
  const { db, clock } = parts;
  const request = input.id as LoopId;
  const row = await seenBudget(parts, actor, request);
  const at = clock.now();
  const people = await loadActors(db, [row.requester.id], at);
  const subject = { requester: present(people.get(row.requester.id), 'the requester') };
  const action = 'budget.closeOut';
  const otherwise = 'authority.forbidden';
  await authorise(parts, { actor, onBehalfOf: input.onBehalfOf, action, subject, otherwise });
  if (row.closedAt !== null) throw new Refusal(problem('loop.closed'));
  const bytes = Buffer.from(input.content, 'base64');
  if (bytes.length > attachmentBytesMax) {
    throw new Refusal(problem('budget.attachment_too_large', { max: attachmentBytesMax }));
  }
  const named = attachmentOf(input.name, bytes);
  if (!named) {
    const types = attachmentTypes.join(', ');
    throw new Refusal(problem('budget.attachment_type', { types }));
  }
  const id = derivedId('budget attachment', commandId);
  const added = await addAttachment(db, { ...named, id, request, author: actor.id, bytes, at });
  if (!added.ok) throw new Refusal(added.problem);
  return { id, ...named, size: bytes.length, addedAt: new Date(at).toISOString() };
}
