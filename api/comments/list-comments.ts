import { createRoute, type z } from '@hono/zod-openapi';
import { type CommentRow, listComments } from '../../db/comments.ts';
import { isLoopSeen } from '../../db/visibility.ts';
import type { LoopId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { decodeCursor, pageOf } from '../cursor.ts';
import type { Asked, DirectoryParts } from '../directory/parts.ts';
import { type commentAnswer, commentParams, commentsAnswer, commentsQuery } from './schema.ts';

export const listCommentsRoute = createRoute({
  method: 'get',
  path: '/loops/{id}/comments',
  operationId: 'listComments',
  tags: ['messages'],
  summary: 'What people said about a loop',
  request: { params: commentParams, query: commentsQuery },
  responses: {
    200: {
      description: 'The oldest first.',
      content: { 'application/json': { schema: commentsAnswer } },
    },
  },
});

const asked = commentParams.extend(commentsQuery.shape);

export const shownComment = ({ at, ...comment }: CommentRow): z.input<typeof commentAnswer> => ({
  ...comment,
  at: new Date(at).toISOString(),
});

export async function listLoopComments(
  { db }: Pick<DirectoryParts, 'db'>,
  { actor, input }: Asked<z.output<typeof asked>>,
): Promise<z.input<typeof commentsAnswer>> {
  const place = decodeCursor(input.cursor, ['integer', 'uuid']);
  const id = input.id as LoopId;
  if (!(await isLoopSeen(db, actor, id))) throw new Refusal(problem('request.not_found'));
  const rows = await listComments(db, id, {
    after: place && { at: place[0], id: place[1] },
    limit: input.limit + 1,
  });
  const page = pageOf(rows, input.limit, { item: shownComment, place: ({ at, id }) => [at, id] });
  return { items: [...page.items], next: page.next };
}
