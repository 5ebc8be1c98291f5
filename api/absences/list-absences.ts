import { createRoute, type z } from '@hono/zod-openapi';
import { listAbsences as findAbsences, type StoredAbsence } from '../../db/absences.ts';
import { hoursText } from '../../domain/directory/hours.ts';
import type { PersonId } from '../../domain/id.ts';
import { decodeCursor, type Page, pageOf } from '../cursor.ts';
import type { Asked, DirectoryParts } from '../directory/parts.ts';
import { idParams } from '../directory/schema.ts';
import { authoriseAbsence } from './authorise.ts';
import { absencesAnswer, absencesQuery } from './schema.ts';

export const listAbsencesRoute = createRoute({
  method: 'get',
  path: '/people/{id}/absences',
  operationId: 'listAbsences',
  tags: ['working time'],
  summary: 'When somebody is away',
  request: { params: idParams, query: absencesQuery },
  responses: {
    200: {
      description: 'The earliest first.',
      content: { 'application/json': { schema: absencesAnswer } },
    },
  },
});

export async function listAbsences(
  { db, clock }: DirectoryParts,
  { actor, input }: Asked<{ readonly id: string } & z.output<typeof absencesQuery>>,
): Promise<Page<z.input<typeof absencesAnswer>['items'][number]>> {
  const person = input.id as PersonId;
  await authoriseAbsence(db, actor, { person, action: 'person.view' });
  const place = decodeCursor(input.cursor, ['day', 'text']);
  const rows = await findAbsences(db, {
    person,
    since: input.since ?? new Date(clock.now()).toISOString().slice(0, 10),
    after: place && { firstDay: place[0], id: place[1] },
    limit: input.limit + 1,
  });
  return pageOf(rows, input.limit, {
    item: presentAbsence,
    place: ({ firstDay, id }) => [firstDay, id],
  });
}

const presentAbsence = ({ fromMinute, untilMinute, ...absence }: StoredAbsence) => ({
  ...absence,
  hours: fromMinute === null || untilMinute === null ? null : hoursText([fromMinute, untilMinute]),
});
