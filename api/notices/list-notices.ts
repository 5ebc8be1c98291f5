import { createRoute, type z } from '@hono/zod-openapi';
import { listNotices } from '../../db/notice-list.ts';
import type { LoopId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { decodeCursor, pageOf } from '../cursor.ts';
import type { Asked } from '../directory/parts.ts';
import type { WorkingTimeParts } from '../working-time/parts.ts';
import { shownNotice, tellNotices } from './present.ts';
import { loopNoticesQuery, noticeParams, noticesAnswer } from './schema.ts';

export const listNoticesRoute = createRoute({
  method: 'get',
  path: '/loops/{id}/notices',
  operationId: 'listNotices',
  tags: ['messages'],
  summary: 'Who was told what in a loop, and where each message stands',
  request: { params: noticeParams, query: loopNoticesQuery },
  responses: {
    200: {
      description: 'The latest first.',
      content: { 'application/json': { schema: noticesAnswer } },
    },
  },
});

const asked = noticeParams.extend(loopNoticesQuery.shape);

export async function listLoopNotices(
  parts: WorkingTimeParts,
  { actor, input }: Asked<z.output<typeof asked>>,
): Promise<z.input<typeof noticesAnswer>> {
  const place = decodeCursor(input.cursor, ['integer', 'uuid']);
  const rows = await listNotices(parts.db, actor, {
    loop: input.id as LoopId,
    after: place && { sendAt: place[0], id: place[1] },
    limit: input.limit + 1,
  });
  if (!rows) throw new Refusal(problem('request.not_found'));
  const told = await tellNotices(parts, actor.id, rows);
  const page = pageOf(told, input.limit, {
    item: shownNotice,
    place: ({ sendAt, id }) => [sendAt, id],
  });
  return { items: [...page.items], next: page.next };
}
