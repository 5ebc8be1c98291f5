/** Every operation on comments. */
import { listCommentsRoute, listLoopComments } from './list-comments.ts';
import { writeComment, writeCommentRoute } from './write-comment.ts';

export const commentOperations = {
  list: { route: listCommentsRoute, run: listLoopComments },
  write: { route: writeCommentRoute, run: writeComment },
} as const;
