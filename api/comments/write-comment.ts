import { createRoute, type z } from '@hono/zod-openapi';
import {
  type CommentSource,
  findComment,
  insertComment,
  lockComments,
  otherParties,
} from '../../db/comments.ts';
import { insertContent } from '../../db/contents.ts';
import { derivedId } from '../../db/derived-id.ts';
import { insertNotices, plainNotice, type PlannedNotice } from '../../db/loops.ts';
import { isHiddenAuthor } from '../../db/practices.ts';
import { insertFlags } from '../../db/red-flags.ts';
import { isLoopSeen } from '../../db/visibility.ts';
import { present } from '../../domain/assert.ts';
import type { ContentId, LoopId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { DirectoryParts } from '../directory/parts.ts';
import type { Commanded } from '../loop-steps.ts';
import { flagCheckOf } from '../red-flags.ts';
import { shownComment } from './list-comments.ts';
import { commentAnswer, commentBody, commentParams, commentsMax } from './schema.ts';

export const writeCommentRoute = createRoute({
  method: 'post',
  path: '/loops/{id}/comments',
  operationId: 'writeComment',
  tags: ['messages'],
  summary: 'Says something about a loop',
  description:
    'Changes nothing that anybody decides upon, and works on a loop that is over, too. The others in it are told that ' +
    'there are new words, not what they are.',
  request: {
    params: commentParams,
    body: { required: true, content: { 'application/json': { schema: commentBody } } },
  },
  responses: {
    200: {
      description: 'The comment.',
      content: { 'application/json': { schema: commentAnswer } },
    },
  },
});

type Said = Commanded<{ readonly id: string; readonly text: string }>;
type Comment = z.input<typeof commentAnswer>;
export type CommentParts = Pick<DirectoryParts, 'db' | 'clock' | 'startDeliveries'>;

export const writeComment = (parts: CommentParts, asked: Said): Promise<Comment> =>
  comment(parts, asked, 'api');

/** The same command is the same comment, wherever it came from. */
export async function comment(
  { db, clock, startDeliveries }: CommentParts,
  { actor, input, commandId }: Said,
  source: CommentSource,
): Promise<Comment> {
  const loop = input.id as LoopId;
  const id = derivedId('comment', commandId);
  let planned: readonly PlannedNotice[] = [];
  // Logged and not held back, as a question is: a mail could not be asked to acknowledge anything.
  const flags = (await flagCheckOf({ db, clock }, actor))([{ place: 'text', text: input.text }]);
  const written = await db.transaction().execute(async (tx) => {
    if (!(await isLoopSeen(tx, actor, loop))) throw new Refusal(problem('request.not_found'));
    if (await isHiddenAuthor(tx, { id: loop, person: actor.id })) {
      throw new Refusal(problem('practice.author_hidden'));
    }
    const count = await lockComments(tx, loop);
    const earlier = await findComment(tx, id);
    if (earlier) return earlier;
    if (count >= commentsMax) {
      throw new Refusal(problem('comment.too_many', { max: commentsMax }));
    }
    const at = clock.now();
    const content = derivedId('comment-text', commandId) as ContentId;
    const body = { text: input.text };
    await insertContent(tx, { id: content, author: actor.id, kind: 'comment', body, at });
    await insertFlags(tx, { content, flags, acknowledgedBy: null, at });
    const row = { id, loop, author: actor.id, content, at, source, sourceId: commandId };
    await insertComment(tx, row);
    const others = await otherParties(tx, loop, actor.id);
    const params = { person: { person: actor.id } }; // never the words themselves
    const key = 'message.comment';
    planned = others.map((to) => plainNotice({ to, key, params, sendAt: at }));
    await insertNotices(tx, { id: loop, sequence: null, at, notices: planned });
    return findComment(tx, id);
  });
  startDeliveries?.(planned.map((notice) => notice.id));
  return shownComment(present(written, 'the comment'));
}
