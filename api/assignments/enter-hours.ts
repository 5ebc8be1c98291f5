import { createRoute, type z } from '@hono/zod-openapi';
import { enterHours as keepHours } from '../../db/lending.ts';
import type { LoopId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { wallDay } from '../../domain/time/wall.ts';
import { placeZone } from '../../db/assignment-facts.ts';
import type { Commanded } from '../loop-steps.ts';
import type { AssignmentParts, ById } from './parts.ts';
import { type Assignment, presentAssignment, seenAssignment } from './present.ts';
import { assignmentAnswer, assignmentParams, hoursBody } from './schema.ts';

export const enterHoursRoute = createRoute({
  method: 'post',
  path: '/assignments/{id}/hours',
  operationId: 'enterAssignmentHours',
  tags: ['assignments'],
  summary: 'Enters what you worked in it on a day; entered again, the later entry counts',
  request: {
    params: assignmentParams,
    body: { required: true, content: { 'application/json': { schema: hoursBody } } },
  },
  responses: {
    200: {
      description: 'The assignment, with the hours of each week beside those agreed.',
      content: { 'application/json': { schema: assignmentAnswer } },
    },
  },
});

type Input = ById & z.output<typeof hoursBody>;

/** By the participant, for a day of it that has begun where it is spent. */
export async function enterHours(
  parts: AssignmentParts,
  { actor, input }: Commanded<Input>,
): Promise<Assignment> {
  const { db, clock } = parts;
  const assignment = input.id as LoopId;
  const { state } = await seenAssignment(parts, actor, assignment);
  if (actor.id !== state.participant) throw new Refusal(problem('assignment.not_signer'));
  const { terms, startedAt, endedAt } = state;
  if (terms === null || startedAt === 0) throw new Refusal(problem('assignment.not_running'));
  const zone = await placeZone(db, state);
  const dayAt = (at: number): string => wallDay(at, zone);
  const at = clock.now();
  const last = [
    terms.lastDay,
    dayAt(at),
    endedAt === 0 ? terms.lastDay : dayAt(endedAt),
  ].toSorted()[0];
  const { day, minutes, overlapMinutes } = input;
  if (day < dayAt(startedAt) || day > (last ?? '')) {
    throw new Refusal(problem('assignment.hours_outside', { day }));
  }
  await keepHours(db, { assignment, day, minutes, overlapMinutes, by: actor.id, at });
  return presentAssignment(parts, actor, assignment);
}
