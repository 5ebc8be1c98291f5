import { createRoute, type z } from '@hono/zod-openapi';
import { findNotice } from '../../db/notice-list.ts';
import { addressee } from '../../db/notices.ts';
import { present } from '../../domain/assert.ts';
import type { NoticeId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { Asked } from '../directory/parts.ts';
import { localTime } from '../local-time.ts';
import type { WorkingTimeParts } from '../working-time/parts.ts';
import { shownNotice, tellNotices } from './present.ts';
import { explainedNotice, noticeParams } from './schema.ts';

export const explainNoticeRoute = createRoute({
  method: 'get',
  path: '/notices/{id}/explain',
  operationId: 'explainNotice',
  tags: ['messages'],
  summary: 'What became of a message, and why it was held back, bundled or not sent',
  request: { params: noticeParams },
  responses: {
    200: {
      description: 'In order.',
      content: { 'application/json': { schema: explainedNotice } },
    },
  },
});

export async function explainNotice(
  parts: WorkingTimeParts,
  { actor, input }: Asked<z.output<typeof noticeParams>>,
): Promise<z.input<typeof explainedNotice>> {
  const found = await findNotice(parts.db, actor, input.id as NoticeId);
  if (!found) throw new Refusal(problem('request.not_found'));
  const [told] = await tellNotices(parts, actor.id, [found]);
  const { zone } = present(await addressee(parts.db, found.to.id), 'the recipient');
  const notice = present(told, 'the message');
  return {
    ...shownNotice(notice),
    events: notice.events.map(({ at, what, why }) => ({
      at: new Date(at).toISOString(),
      localAt: localTime(at, zone),
      what,
      why,
    })),
  };
}
