import { createRoute, type z } from '@hono/zod-openapi';
import { findPractice, listPractices, reachOf, recallsOf } from '../../db/practice-list.ts';
import type { LoopId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { decodeCursor, pageOf } from '../cursor.ts';
import type { Asked } from '../directory/parts.ts';
import type { PracticeParts } from './parts.ts';
import { type Practice, presentPractice, summariesOf } from './present.ts';
import {
  practiceAnswer,
  practiceParams,
  queueAnswer,
  queueQuery,
  reachAnswer,
  reachQuery,
} from './schema.ts';

export const readPracticeRoute = createRoute({
  method: 'get',
  path: '/practices/{id}',
  operationId: 'readPractice',
  tags: ['practices'],
  summary: 'A practice in your language, where it is cleared for you',
  description:
    'Reading it is receiving it: should it be called back, you are told. Who works on it sees its reviews, its ' +
    'verification and its translations, too. Whoever received one that is withdrawn reads its title and no more.',
  request: { params: practiceParams },
  responses: {
    200: {
      description: 'The practice, with its ETag.',
      content: { 'application/json': { schema: practiceAnswer } },
    },
  },
});

export const listPracticesRoute = createRoute({
  method: 'get',
  path: '/practices/queue',
  operationId: 'listPracticeQueue',
  tags: ['practices'],
  summary: 'What you wrote, what waits for reviews, or what is to be verified',
  request: { query: queueQuery },
  responses: {
    200: {
      description: 'The newest first.',
      content: { 'application/json': { schema: queueAnswer } },
    },
  },
});

export const readReachRoute = createRoute({
  method: 'get',
  path: '/practices/{id}/reach',
  operationId: 'readPracticeReach',
  tags: ['practices'],
  summary: 'Who received a practice, and who was told when it was called back',
  request: { params: practiceParams, query: reachQuery },
  responses: {
    200: {
      description: 'By person.',
      content: { 'application/json': { schema: reachAnswer } },
    },
  },
});

export const readPractice = (
  parts: PracticeParts,
  { actor, input }: Asked<{ readonly id: string }>,
): Promise<Practice> => presentPractice(parts, actor, input.id as LoopId);

export async function listPracticeQueue(
  parts: PracticeParts,
  { actor, input }: Asked<z.output<typeof queueQuery>>,
): Promise<z.input<typeof queueAnswer>> {
  const { queue, cursor, limit } = input;
  const place = decodeCursor(cursor, ['integer', 'uuid']);
  const after = place && { draftedAt: place[0], id: place[1] };
  const rows = await listPractices(parts.db, actor, { queue, after, limit: limit + 1 });
  const summaries = await summariesOf(parts, rows);
  const page = pageOf(rows, limit, {
    item: (row) => row.id,
    place: ({ draftedAt, id }) => [draftedAt, id],
  });
  const items = summaries.filter(({ id }) => page.items.includes(id as LoopId));
  return { items, next: page.next };
}

const iso = (at: Instant): string => new Date(at).toISOString();
const reachInput = practiceParams.extend(reachQuery.shape);

export async function readPracticeReach(
  { db }: PracticeParts,
  { actor, input }: Asked<z.output<typeof reachInput>>,
): Promise<z.input<typeof reachAnswer>> {
  const id = input.id as LoopId;
  const row = await findPractice(db, actor, id);
  if (!row?.isSeen) throw new Refusal(problem('request.not_found'));
  const [after = ''] = decodeCursor(input.cursor, ['text']) ?? [];
  const rows = await reachOf(db, { id, after, limit: input.limit + 1 });
  const page = pageOf(rows, input.limit, {
    item: ({ person, isPartner, received, recalls }) => ({
      person,
      isPartner,
      received: received.map((one) => ({ ...one, at: iso(Date.parse(one.at)) })),
      recalls: recalls.map(({ inPerson, ...one }) => ({
        ...one,
        inPerson: inPerson && {
          ...inPerson,
          toldAt: inPerson.toldAt === null ? null : iso(Date.parse(inPerson.toldAt)),
        },
      })),
    }),
    place: ({ person }) => [person.id],
  });
  const recalls = await recallsOf(db, id);
  return {
    recalls: recalls.map((one) => ({
      ...one,
      at: iso(one.at),
      toldAllAt: one.toldAllAt === null ? null : iso(one.toldAllAt),
    })),
    items: [...page.items],
    next: page.next,
  };
}
