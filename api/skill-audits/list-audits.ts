import { createRoute, type z } from '@hono/zod-openapi';
import { listAudits as findAudits } from '../../db/growth-views.ts';
import type { Asked } from '../directory/parts.ts';
import type { AuditParts } from './parts.ts';
import { summaryOf } from './present.ts';
import { auditsAnswer } from './schema.ts';

export const listAuditsRoute = createRoute({
  method: 'get',
  path: '/skill-audits',
  operationId: 'listSkillAudits',
  tags: ['growth'],
  summary: 'Audits of the regions you look after, and those you rate or are rated in',
  responses: {
    200: {
      description: 'The latest first, at most a hundred.',
      content: { 'application/json': { schema: auditsAnswer } },
    },
  },
});

export async function listAudits(
  { db }: AuditParts,
  { actor }: Asked<unknown>,
): Promise<z.input<typeof auditsAnswer>> {
  const rows = await findAudits(db, actor);
  return { items: rows.map(summaryOf) };
}
