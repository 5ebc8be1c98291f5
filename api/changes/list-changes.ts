import { createRoute, type z } from '@hono/zod-openapi';
import { listChanges as listOf } from '../../db/changes.ts';
import { decodeCursor, pageOf } from '../cursor.ts';
import type { Asked } from '../directory/parts.ts';
import { authoriseReading, type ChangeParts, shownChange } from './present.ts';
import { changesAnswer, changesQuery } from './schema.ts';

export const listChangesRoute = createRoute({
  method: 'get',
  path: '/changes',
  operationId: 'listChanges',
  tags: ['changes'],
  summary: 'Changes of the organisation: to come, made, cancelled and refused',
  request: { query: changesQuery },
  responses: {
    200: {
      description: 'The latest day first.',
      content: { 'application/json': { schema: changesAnswer } },
    },
  },
});

export async function listChanges(
  { db }: ChangeParts,
  { actor, input: { cursor, limit } }: Asked<z.output<typeof changesQuery>>,
): Promise<z.input<typeof changesAnswer>> {
  authoriseReading(actor);
  const place = decodeCursor(cursor, ['integer', 'uuid']);
  const after = place && { at: place[0], id: place[1] };
  const rows = await listOf(db, { after, limit: limit + 1 });
  const page = pageOf(rows, limit, { item: shownChange, place: ({ at, id }) => [at, id] });
  return { items: [...page.items], next: page.next };
}
