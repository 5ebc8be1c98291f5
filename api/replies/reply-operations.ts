/** Replies by mail that became no comment: whoever they were meant to come from adds or discards them. */
import { createRoute, z } from '@hono/zod-openapi';
import { findHeldReply, heldRepliesOf, removeHeldReply } from '../../db/held-replies.ts';
import { isLoopSeen } from '../../db/visibility.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { commentAnswer, commentBody } from '../comments/schema.ts';
import { comment, type CommentParts } from '../comments/write-comment.ts';
import type { Asked } from '../directory/parts.ts';
import type { Commanded } from '../loop-steps.ts';

const heldReply = z
  .object({
    id: z.uuid(),
    loop: z.uuid(),
    at: z.iso.datetime().openapi({ example: '2026-11-23T09:00:00.000Z' }),
    reason: z.string().openapi({ example: 'other_sender' }),
    sender: z
      .string()
      .nullable()
      .openapi({ description: 'From whom the mail says it is, which anybody can write.' }),
    words: z.string().nullable().openapi({ description: 'As far as they were read.' }),
    isUsable: z.boolean().openapi({ description: 'Whether its words can become a comment.' }),
  })
  .openapi('HeldReply');
const heldReplies = z.object({ items: z.array(heldReply) }).openapi('HeldReplies');
const params = z.object({ id: z.uuid() });

const tags = ['messages'];
const kept = {
  200: {
    description: 'The latest first.',
    content: { 'application/json': { schema: heldReplies } },
  },
} as const;

const listRoute = createRoute({
  method: 'get',
  path: '/me/held-replies',
  operationId: 'listHeldReplies',
  tags,
  summary: 'Replies by mail to your messages that were held back',
  responses: kept,
});

const releaseRoute = createRoute({
  method: 'post',
  path: '/me/held-replies/{id}/release',
  operationId: 'releaseHeldReply',
  tags,
  summary: 'Adds a reply that was held back as a comment of yours',
  request: { params },
  responses: {
    200: {
      description: 'The comment.',
      content: { 'application/json': { schema: commentAnswer } },
    },
  },
});

const dropRoute = createRoute({
  method: 'delete',
  path: '/me/held-replies/{id}',
  operationId: 'dropHeldReply',
  tags,
  summary: 'Discards a reply that was held back',
  request: { params },
  responses: kept,
});

type Named = z.output<typeof params>;

const usable = (words: string | null) => commentBody.safeParse({ text: words ?? '' });

export async function listHeldReplies(
  { db }: CommentParts,
  { actor }: Asked<unknown>,
): Promise<z.input<typeof heldReplies>> {
  const items = [];
  for (const { at, person: _, ...reply } of await heldRepliesOf(db, actor.id)) {
    if (!(await isLoopSeen(db, actor, reply.loop))) continue;
    const isUsable = usable(reply.words).success;
    items.push({ ...reply, at: new Date(at).toISOString(), isUsable });
  }
  return { items };
}

/** By its id: what was added before stays that one comment, however often it is added. */
export async function releaseHeldReply(
  parts: CommentParts,
  { actor, input }: Asked<Named>,
): Promise<z.input<typeof commentAnswer>> {
  const held = await findHeldReply(parts.db, { id: input.id, person: actor.id });
  if (!held) throw new Refusal(problem('request.not_found'));
  const words = usable(held.words);
  if (!words.success) throw new Refusal(problem('reply.no_words'));
  const said = { id: held.loop, text: words.data.text };
  const added = await comment(parts, { actor, input: said, commandId: held.id }, 'mail');
  await removeHeldReply(parts.db, { id: held.id, person: actor.id });
  return added;
}

export async function dropHeldReply(
  parts: CommentParts,
  asked: Asked<Named>,
): Promise<z.input<typeof heldReplies>> {
  const { actor, input } = asked;
  const isRemoved = await removeHeldReply(parts.db, { id: input.id, person: actor.id });
  if (!isRemoved) throw new Refusal(problem('request.not_found'));
  return listHeldReplies(parts, asked);
}

export const replyOperations = {
  listHeld: { route: listRoute, run: listHeldReplies },
  release: {
    route: releaseRoute,
    run: (parts: CommentParts, asked: Commanded<Named>) => releaseHeldReply(parts, asked),
  },
  drop: { route: dropRoute, run: dropHeldReply },
} as const;
