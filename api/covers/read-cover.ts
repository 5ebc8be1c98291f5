import { createRoute, type z } from '@hono/zod-openapi';
import { findAccount } from '../../db/accounts.ts';
import { coversOf } from '../../db/covers.ts';
import type { AccountId, LoopId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { Asked } from '../directory/parts.ts';
import { idParams } from '../directory/schema.ts';
import type { CoverParts } from './parts.ts';
import { type Cover, presentCover, summaryOf } from './present.ts';
import { coverAnswer, coverParams, coversAnswer } from './schema.ts';

export const readCoverRoute = createRoute({
  method: 'get',
  path: '/covers/{id}',
  operationId: 'readCover',
  tags: ['covers'],
  summary: 'A cover: who is asked and why, who took it, and what happened',
  request: { params: coverParams },
  responses: {
    200: {
      description: 'The cover, with its ETag.',
      content: { 'application/json': { schema: coverAnswer } },
    },
  },
});

export const listCoversRoute = createRoute({
  method: 'get',
  path: '/accounts/{id}/covers',
  operationId: 'listCovers',
  tags: ['covers'],
  summary: 'The covers of an account that you take part in or stand over',
  request: { params: idParams },
  responses: {
    200: {
      description: 'The newest first.',
      content: { 'application/json': { schema: coversAnswer } },
    },
  },
});

type ById = Asked<{ readonly id: string }>;

export const readCover = (parts: CoverParts, { actor, input }: ById): Promise<Cover> =>
  presentCover(parts, actor, input.id as LoopId);

export async function listCovers(
  { db, clock }: CoverParts,
  { actor, input }: ById,
): Promise<z.input<typeof coversAnswer>> {
  const account = input.id as AccountId;
  if (!(await findAccount(db, { actor, id: account, at: clock.now() }))) {
    throw new Refusal(problem('request.not_found'));
  }
  const rows = await coversOf(db, actor, account);
  return { items: rows.map(summaryOf) };
}
