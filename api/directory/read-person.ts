import { createRoute } from '@hono/zod-openapi';
import { findPerson, type Person } from '../../db/people.ts';
import type { PersonId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { Asked, DirectoryParts } from './parts.ts';
import { idParams, personAnswer } from './schema.ts';

export const readPersonRoute = createRoute({
  method: 'get',
  path: '/people/{id}',
  operationId: 'readPerson',
  tags: ['directory'],
  summary: 'A person',
  request: { params: idParams },
  responses: {
    200: { description: 'The person.', content: { 'application/json': { schema: personAnswer } } },
  },
});

export async function readPerson(
  { db }: DirectoryParts,
  { actor, input }: Asked<{ readonly id: string }>,
): Promise<Person> {
  const person = await findPerson(db, actor, input.id as PersonId);
  if (!person) throw new Refusal(problem('request.not_found'));
  return person;
}
