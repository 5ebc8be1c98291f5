import { createRoute, type z } from '@hono/zod-openapi';
import { directoryAsOf } from '../../db/directory-past.ts';
import { decodeCursor, pageOf } from '../cursor.ts';
import type { Asked } from '../directory/parts.ts';
import { authoriseReading, type ChangeParts, iso } from './present.ts';
import { asOfAnswer, asOfQuery } from './schema.ts';

const dayMs = 86_400_000;

export const readAsOfRoute = createRoute({
  method: 'get',
  path: '/directory/as-of',
  operationId: 'readDirectoryAsOf',
  tags: ['changes'],
  summary: 'Regions, teams, people or accounts as they were at the end of a day',
  request: { query: asOfQuery },
  responses: {
    200: {
      description: 'By id. Names and addresses of people are not kept here.',
      content: { 'application/json': { schema: asOfAnswer } },
    },
  },
});

export async function readAsOf(
  { db, clock }: ChangeParts,
  { actor, input: { day, noun, cursor, limit } }: Asked<z.output<typeof asOfQuery>>,
): Promise<z.input<typeof asOfAnswer>> {
  authoriseReading(actor);
  const at = Math.min(Date.parse(day) + dayMs - 1, clock.now());
  const after = decodeCursor(cursor, ['text'])?.[0] ?? '';
  const rows = await directoryAsOf(db, { noun, at, after, limit: limit + 1 });
  const page = pageOf(rows, limit, { item: (row) => row, place: ({ id }) => [id] });
  return {
    at: iso(at),
    items: page.items.map(({ id, value }) => ({ id, value: { ...value } })),
    next: page.next,
  };
}
