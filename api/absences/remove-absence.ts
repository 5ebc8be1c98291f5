import { createRoute, type z } from '@hono/zod-openapi';
import { removeAbsence as takeBack } from '../../db/absences.ts';
import type { PersonId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { Asked, DirectoryParts } from '../directory/parts.ts';
import { authoriseAbsence } from './authorise.ts';
import { absenceParams, removedAnswer } from './schema.ts';

export const removeAbsenceRoute = createRoute({
  method: 'delete',
  path: '/people/{id}/absences/{absence}',
  operationId: 'removeAbsence',
  tags: ['working time'],
  summary: 'Takes an absence back',
  request: { params: absenceParams },
  responses: {
    200: { description: 'Taken back.', content: { 'application/json': { schema: removedAnswer } } },
  },
});

export async function removeAbsence(
  { db, clock, announceChange }: DirectoryParts,
  { actor, input }: Asked<z.output<typeof absenceParams>>,
): Promise<z.input<typeof removedAnswer>> {
  const person = input.id as PersonId;
  await authoriseAbsence(db, actor, { person, action: 'absence.enter' });
  const removed = await takeBack(db, { id: input.absence, person, at: clock.now() });
  if (removed === undefined) throw new Refusal(problem('request.not_found'));
  if (typeof removed === 'string') throw new Refusal(problem('absence.of_directory'));
  if (removed.calendarChange !== null) announceChange?.(removed.calendarChange);
  return removed;
}
