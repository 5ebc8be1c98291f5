import { createRoute, type z } from '@hono/zod-openapi';
import { listOpportunities as listed } from '../../db/opportunities.ts';
import type { AssignmentParts, ById } from '../assignments/parts.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import type { Asked } from '../directory/parts.ts';
import { type Opportunity, presentOpportunity, seenOpportunity } from './present.ts';
import {
  opportunitiesAnswer,
  opportunitiesQuery,
  opportunityAnswer,
  opportunityParams,
} from './schema.ts';

export const readOpportunityRoute = createRoute({
  method: 'get',
  path: '/opportunities/{id}',
  operationId: 'readOpportunity',
  tags: ['assignments'],
  summary: 'What a region offers; a draft is for whoever wrote it and whoever publishes it',
  request: { params: opportunityParams },
  responses: {
    200: {
      description: 'The opportunity, with its ETag.',
      content: { 'application/json': { schema: opportunityAnswer } },
    },
  },
});

export const listOpportunitiesRoute = createRoute({
  method: 'get',
  path: '/opportunities',
  operationId: 'listOpportunities',
  tags: ['assignments'],
  summary: 'What regions offer, with the reasons why it would suit you',
  request: { query: opportunitiesQuery },
  responses: {
    200: {
      description: 'The newest first.',
      content: { 'application/json': { schema: opportunitiesAnswer } },
    },
  },
});

export const readOpportunity = async (
  parts: AssignmentParts,
  { actor, input }: Asked<ById>,
): Promise<Opportunity> =>
  presentOpportunity(parts, actor, await seenOpportunity(parts, actor, input.id));

export async function listOpportunities(
  parts: AssignmentParts,
  { actor, input }: Asked<z.output<typeof opportunitiesQuery>>,
): Promise<z.input<typeof opportunitiesAnswer>> {
  const { limit, cursor, status, kind, competency } = input;
  const { hostRegion: host, homeRegion: home, hostManager: manager } = input;
  const place = decodeCursor(cursor, ['integer', 'uuid']);
  const after = place && { at: place[0], id: place[1] };
  const rows = await listed(parts.db, actor, {
    filter: { status, kind, host, home, manager, competency },
    after,
    limit: limit + 1,
  });
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  const items: Opportunity[] = [];
  for (const row of shown) items.push(await presentOpportunity(parts, actor, row));
  return { items, next: last === undefined ? null : encodeCursor([last.draftedAt, last.id]) };
}
