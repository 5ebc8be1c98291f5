import { createRoute, type z } from '@hono/zod-openapi';
import { readContents } from '../../db/contents.ts';
import { findFinding } from '../../db/outlook.ts';
import type { Actor } from '../../domain/authority.ts';
import type { LoopId } from '../../domain/id.ts';
import { timelineSentence } from '../../domain/outlook/explain.ts';
import { findingSentence } from '../../domain/outlook/finding.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { Asked } from '../directory/parts.ts';
import { tellTimeline } from '../tell-timeline.ts';
import type { OutlookParts } from './parts.ts';
import { isoOrNull } from './read-outlook.ts';
import { findingAnswer, findingParams } from './schema.ts';

export const readFindingRoute = createRoute({
  method: 'get',
  path: '/findings/{id}',
  operationId: 'readFinding',
  tags: ['accounts'],
  summary: 'Something found ahead of time about an account, and whom it waits for',
  request: { params: findingParams },
  responses: {
    200: {
      description: 'The finding, with its ETag.',
      content: { 'application/json': { schema: findingAnswer } },
    },
  },
});

export type FindingAnswer = z.input<typeof findingAnswer>;

export const readFinding = (
  parts: OutlookParts,
  { actor, input }: Asked<{ readonly id: string }>,
): Promise<FindingAnswer> => presentFinding(parts, actor, input.id as LoopId);

/** What does not exist and what may not be seen answer alike. */
export async function presentFinding(
  parts: OutlookParts,
  actor: Actor,
  id: LoopId,
): Promise<FindingAnswer> {
  const { db, tell } = parts;
  const row = await findFinding(db, actor, id);
  if (!row) throw new Refusal(problem('request.not_found'));
  const { state, reason, acceptedUntil, dueAt, openedAt, closedAt, ...rest } = row;
  const [sentence = ''] = await tell(actor.id, [
    findingSentence({ ...state, account: row.account.id }),
  ]);
  const texts = await readContents(db, reason === null ? [] : [reason]);
  const body = reason === null ? null : texts.get(reason)?.body;
  return {
    ...rest,
    sentence,
    from: isoOrNull(state.from),
    until: isoOrNull(state.until),
    dueAt: isoOrNull(dueAt),
    acceptedUntil: isoOrNull(acceptedUntil),
    reason: (body as { readonly text?: string } | null | undefined)?.text ?? null,
    openedAt: new Date(openedAt).toISOString(),
    closedAt: isoOrNull(closedAt),
    timeline: await tellTimeline(parts, { reader: actor.id, id }, timelineSentence),
  };
}
