import { createRoute, type z } from '@hono/zod-openapi';
import { auditGaps } from '../../db/growth-views.ts';
import type { LoopId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { decodeCursor, pageLimitByDefault, pageOf } from '../cursor.ts';
import type { Asked } from '../directory/parts.ts';
import { tellGaps } from '../growth/read-growth.ts';
import type { AuditParts } from './parts.ts';
import { seenAudit } from './present.ts';
import { auditParams, gapsAnswer, gapsQuery } from './schema.ts';

export const readGapsRoute = createRoute({
  method: 'get',
  path: '/skill-audits/{id}/gaps',
  operationId: 'readSkillAuditGaps',
  tags: ['growth'],
  summary: 'Who is below what is asked of them, as far as it is yours to know',
  description:
    'Of oneself, of those one manages directly or coaches, and of those whose learning one leads.',
  request: { params: auditParams, query: gapsQuery },
  responses: {
    200: {
      description: 'As it was when the audit closed, each with its sentence.',
      content: { 'application/json': { schema: gapsAnswer } },
    },
  },
});

export type Gaps = z.input<typeof gapsAnswer>;
type Input = z.output<typeof gapsQuery> & { readonly id: string };

export async function readGaps(parts: AuditParts, { actor, input }: Asked<Input>): Promise<Gaps> {
  const audit = await closedAudit(parts, { actor, id: input.id as LoopId });
  const limit = input.limit ?? pageLimitByDefault;
  const after = decodeCursor(input.cursor, ['text', 'integer']);
  const rows = await auditGaps(parts.db, actor, { audit, after, limit: limit + 1 });
  const told = await tellGaps(parts, actor, rows);
  const items = rows.map((row, index) => ({ row, told: told[index] }));
  const page = pageOf(items, limit, {
    item: ({ row, told: gap }) => ({ ...gap!, person: row.person, team: row.team }),
    place: ({ row }) => [row.person.id, row.position],
  });
  return { items: [...page.items], next: page.next };
}

/** Of one that is open nothing is told: who was rated when would tell of whom. */
export async function closedAudit(
  parts: Pick<AuditParts, 'db'>,
  { actor, id }: { readonly actor: Asked<unknown>['actor']; readonly id: LoopId },
): Promise<LoopId> {
  const { row } = await seenAudit(parts, actor, id);
  if (row.status !== 'closed') throw new Refusal(problem('skillAudit.still_open'));
  return id;
}
