import { createRoute, type z } from '@hono/zod-openapi';
import { listHandoffs as findHandoffs } from '../../db/handoffs.ts';
import type { AccountId, LoopId } from '../../domain/id.ts';
import { decodeCursor, pageOf, type Page } from '../cursor.ts';
import type { Asked } from '../directory/parts.ts';
import type { HandoffParts } from './parts.ts';
import { summaryOf } from './present.ts';
import { handoffsAnswer, handoffsQuery, type handoffSummary } from './schema.ts';

export const listHandoffsRoute = createRoute({
  method: 'get',
  path: '/handoffs',
  operationId: 'listHandoffs',
  tags: ['handoffs'],
  summary: 'The handoffs you may see, the newest first',
  request: { query: handoffsQuery },
  responses: {
    200: {
      description: 'The newest first.',
      content: { 'application/json': { schema: handoffsAnswer } },
    },
  },
});

export async function listHandoffs(
  { db }: Pick<HandoffParts, 'db'>,
  { actor, input }: Asked<z.output<typeof handoffsQuery>>,
): Promise<Page<z.input<typeof handoffSummary>>> {
  const place = decodeCursor(input.cursor, ['integer', 'uuid']);
  const rows = await findHandoffs(db, actor, {
    before: place && { offeredAt: place[0], id: place[1] as LoopId },
    limit: input.limit + 1,
    account: input.account as AccountId | undefined,
    isOpen: input.open,
  });
  return pageOf(rows, input.limit, {
    item: summaryOf,
    place: ({ offeredAt, id }) => [offeredAt, id],
  });
}
