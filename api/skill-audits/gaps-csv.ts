/** `GET /skill-audits/{id}/gaps.csv`: the gaps somebody may know, for a spreadsheet that obeys none of them. */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { auditGaps } from '../../db/growth-views.ts';
import { csvText } from '../../domain/csv.ts';
import type { LoopId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { actorOf } from '../bind.ts';
import type { ApiEnvironment } from '../environment.ts';
import type { AuditParts } from './parts.ts';
import { closedAudit } from './read-gaps.ts';
import { auditParams } from './schema.ts';

/** Nine of each person of the largest region. */
const gapsMax = 50_000;

const exportRoute = createRoute({
  method: 'get',
  path: '/skill-audits/{id}/gaps.csv',
  operationId: 'exportSkillAuditGaps',
  tags: ['growth'],
  summary: 'The same gaps as a table',
  request: { params: auditParams },
  responses: {
    200: {
      description: 'What a spreadsheet would take for a formula is text.',
      content: { 'text/csv': { schema: { type: 'string' } } },
    },
  },
});

const columns = ['person', 'name', 'team', 'competency', 'level', 'target'] as const;

export function registerGapsCsv(app: OpenAPIHono<ApiEnvironment>, parts: AuditParts): void {
  app.openAPIRegistry.registerPath(exportRoute);
  app.get('/skill-audits/:id/gaps.csv', async (c) => {
    const params = auditParams.safeParse(c.req.param());
    if (!params.success) throw new Refusal(problem('request.not_found'));
    const actor = actorOf(c);
    const audit = await closedAudit(parts, { actor, id: params.data.id as LoopId });
    const rows = await auditGaps(parts.db, actor, { audit, after: null, limit: gapsMax });
    const table = rows.map(({ person, team, competency, level, target }) => [
      person.id,
      person.name,
      team.name,
      competency,
      level ?? '',
      target,
    ]);
    return c.body(csvText([columns, ...table]), 200, {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="competency-gaps.csv"',
    });
  });
}
