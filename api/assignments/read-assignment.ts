import { createRoute, type z } from '@hono/zod-openapi';
import { recordedState } from '../../db/recorded-state.ts';
import { explainAssignment as sentencesOf } from '../../domain/assignment/explain.ts';
import type { AssignmentCommand, AssignmentState } from '../../domain/assignment/state.ts';
import type { LoopId } from '../../domain/id.ts';
import type { Asked } from '../directory/parts.ts';
import type { AssignmentParts, ById } from './parts.ts';
import { type Assignment, presentAssignment, seenAssignment } from './present.ts';
import { assignmentAnswer, assignmentParams, explainAnswer } from './schema.ts';

export const readAssignmentRoute = createRoute({
  method: 'get',
  path: '/assignments/{id}',
  operationId: 'readAssignment',
  tags: ['assignments'],
  summary: 'An assignment: its terms, who has signed, what stands in its way, and what happened',
  request: { params: assignmentParams },
  responses: {
    200: {
      description: 'The assignment, with its ETag: the revision that is signed.',
      content: { 'application/json': { schema: assignmentAnswer } },
    },
  },
});

export const readAssignment = (
  parts: AssignmentParts,
  { actor, input }: Asked<ById>,
): Promise<Assignment> => presentAssignment(parts, actor, input.id as LoopId);

export const explainAssignmentRoute = createRoute({
  method: 'get',
  path: '/assignments/{id}/explain',
  operationId: 'explainAssignment',
  tags: ['assignments'],
  summary: 'Whom an assignment waits for, and what happens next if nobody acts',
  request: { params: assignmentParams },
  responses: {
    200: {
      description: 'In your language.',
      content: { 'application/json': { schema: explainAnswer } },
    },
  },
});

export async function explainAssignment(
  parts: AssignmentParts,
  { actor, input }: Asked<ById>,
): Promise<z.input<typeof explainAnswer>> {
  const id = input.id as LoopId;
  const { state } = await seenAssignment(parts, actor, id);
  const { held, moments } = await recordedState<AssignmentState, AssignmentCommand>(parts.db, id);
  const sentences = await parts.tell(actor.id, sentencesOf(held, moments));
  return { status: state.status, sentences: [...sentences] };
}
