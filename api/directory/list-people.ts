import { createRoute, type z } from '@hono/zod-openapi';
import { listPeople as findPeople, type Person } from '../../db/people.ts';
import { decodeCursor, type Page, pageOf } from '../cursor.ts';
import type { Asked, DirectoryParts } from './parts.ts';
import { pageQuery, peopleAnswer } from './schema.ts';

export const listPeopleRoute = createRoute({
  method: 'get',
  path: '/people',
  operationId: 'listPeople',
  tags: ['directory'],
  summary: 'The people you may see',
  request: { query: pageQuery },
  responses: {
    200: { description: 'By id.', content: { 'application/json': { schema: peopleAnswer } } },
  },
});

export async function listPeople(
  { db }: DirectoryParts,
  { actor, input: { cursor, limit } }: Asked<z.output<typeof pageQuery>>,
): Promise<Page<Person>> {
  const after = decodeCursor(cursor, ['text'])?.[0];
  const rows = await findPeople(db, { actor, after, limit: limit + 1 });
  return pageOf(rows, limit, { item: (person) => person, place: ({ id }) => [id] });
}
