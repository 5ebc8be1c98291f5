import { createRoute } from '@hono/zod-openapi';
import type { LoopId } from '../../domain/id.ts';
import type { Asked } from '../directory/parts.ts';
import type { AssignmentParts, ById } from './parts.ts';
import { type Assignment, presentAssignment } from './present.ts';
import { assignmentAnswer, assignmentParams } from './schema.ts';

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
