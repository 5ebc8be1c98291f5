import { createRoute, type z } from '@hono/zod-openapi';
import { listAssignments as rowsOf } from '../../db/assignment-list.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import type { Asked } from '../directory/parts.ts';
import type { AssignmentParts } from './parts.ts';
import { summariesOf } from './present.ts';
import { assignmentsAnswer, assignmentsQuery } from './schema.ts';

export const listAssignmentsRoute = createRoute({
  method: 'get',
  path: '/assignments',
  operationId: 'listAssignments',
  tags: ['assignments'],
  summary: 'The assignments that you take part in or stand over',
  request: { query: assignmentsQuery },
  responses: {
    200: {
      description: 'The newest first.',
      content: { 'application/json': { schema: assignmentsAnswer } },
    },
  },
});

export async function listAssignments(
  parts: AssignmentParts,
  { actor, input }: Asked<z.output<typeof assignmentsQuery>>,
): Promise<z.input<typeof assignmentsAnswer>> {
  const { limit } = input;
  const place = decodeCursor(input.cursor, ['integer', 'uuid']);
  const after = place && { at: place[0], id: place[1] };
  const rows = await rowsOf(parts.db, { actor, after, limit: limit + 1 });
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    items: [...(await summariesOf(parts, shown))],
    next: last === undefined ? null : encodeCursor([last.proposedAt, last.id]),
  };
}
