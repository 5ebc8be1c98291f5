/** `GET /budget-lines.csv`: the lines somebody may see, for a spreadsheet that obeys none of them. */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { listLines } from '../../db/budget-views.ts';
import { csvText } from '../../domain/csv.ts';
import { actorOf } from '../bind.ts';
import type { ApiEnvironment } from '../environment.ts';
import { ShapeRefusal } from '../refusals.ts';
import { mistakesOf } from '../shape-mistakes.ts';
import { type BudgetLineParts, summaryOf } from './operations.ts';
import { linesQuery } from './schema.ts';

const asked = linesQuery.pick({ region: true, year: true });
const linesMax = 5_000;

const exportRoute = createRoute({
  method: 'get',
  path: '/budget-lines.csv',
  operationId: 'exportBudgetLines',
  tags: ['budgets'],
  summary: 'The lines as a table, with amounts as plain decimals',
  request: { query: asked },
  responses: {
    200: {
      description: `At most ${linesMax} lines. What a spreadsheet would take for a formula is text.`,
      content: { 'text/csv': { schema: { type: 'string' } } },
    },
  },
});

const columns = [
  'region',
  'year',
  'purpose',
  'ring_fenced',
  'currency',
  'allocated',
  'reserved',
  'committed',
  'available',
  'closed_at',
] as const;

export function registerBudgetCsv(app: OpenAPIHono<ApiEnvironment>, parts: BudgetLineParts): void {
  app.openAPIRegistry.registerPath(exportRoute);
  app.get('/budget-lines.csv', async (c) => {
    const query = asked.safeParse(c.req.query());
    if (!query.success) {
      throw new ShapeRefusal(mistakesOf('query', query.error.issues, c.req.query()));
    }
    const page = { ...query.data, after: null, limit: linesMax };
    const rows = (await listLines(parts.db, actorOf(c), page)).map(summaryOf);
    const table = rows.map((row) => [
      row.region.name,
      String(row.year),
      row.purpose,
      row.isRingFenced ? 'yes' : 'no',
      row.currency,
      row.allocated,
      row.reserved,
      row.committed,
      row.available,
      row.closedAt ?? '',
    ]);
    return c.body(csvText([columns, ...table]), 200, {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="budget-lines.csv"',
    });
  });
}
