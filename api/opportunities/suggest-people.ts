import { createRoute, type z } from '@hono/zod-openapi';
import { may } from '../../domain/authority.ts';
import type { AssignmentParts, ById } from '../assignments/parts.ts';
import type { Asked } from '../directory/parts.ts';
import { whoFits } from './fit.ts';
import { seenOpportunity } from './present.ts';
import { opportunityParams, suggestionsAnswer } from './schema.ts';

export const suggestPeopleRoute = createRoute({
  method: 'get',
  path: '/opportunities/{id}/suggestions',
  operationId: 'suggestPeople',
  tags: ['assignments'],
  summary: 'Who could take it, with the reasons; nothing begins by it',
  description:
    'Of yourself, of those below you, and of the people of regions whose learning you look after: where somebody ' +
    'has a gap is told to nobody else.',
  request: { params: opportunityParams },
  responses: {
    200: {
      description: 'The best first.',
      content: { 'application/json': { schema: suggestionsAnswer } },
    },
  },
});

export async function suggestPeople(
  parts: AssignmentParts,
  { actor, input }: Asked<ById>,
): Promise<z.input<typeof suggestionsAnswer>> {
  const row = await seenOpportunity(parts, actor, input.id);
  const items = await whoFits(parts, row, {
    reader: actor.id,
    mayBeSuggested: (person) => may(actor, 'assignment.suggest', person),
  });
  return { items: [...items] };
}
