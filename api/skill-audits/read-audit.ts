import { createRoute } from '@hono/zod-openapi';
import type { LoopId } from '../../domain/id.ts';
import type { Asked } from '../directory/parts.ts';
import type { AuditParts } from './parts.ts';
import { type Audit, presentAudit } from './present.ts';
import { auditAnswer, auditParams } from './schema.ts';

export const readAuditRoute = createRoute({
  method: 'get',
  path: '/skill-audits/{id}',
  operationId: 'readSkillAudit',
  tags: ['growth'],
  summary: 'A skill audit: how far it is, and whom you are asked to rate',
  request: { params: auditParams },
  responses: {
    200: {
      description: 'The audit, with its ETag.',
      content: { 'application/json': { schema: auditAnswer } },
    },
  },
});

export const readAudit = (
  parts: AuditParts,
  { actor, input }: Asked<{ readonly id: string }>,
): Promise<Audit> => presentAudit(parts, actor, input.id as LoopId);
