import { createRoute, z } from '@hono/zod-openapi';
import { lendingBetween } from '../../db/lending.ts';
import { findScorecardGroup } from '../../db/scorecard.ts';
import { may } from '../../domain/authority.ts';
import type { RegionId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import {
  firstDayOf,
  lastDayOf,
  quarterAt,
  quarterPattern,
} from '../../domain/scorecard/quarter.ts';
import type { Asked } from '../directory/parts.ts';
import { idParams } from '../directory/schema.ts';
import { figure, tellFigures } from '../figures.ts';
import type { AssignmentParts } from './parts.ts';

const lendingQuery = z.object({
  period: z
    .string()
    .regex(quarterPattern)
    .optional()
    .openapi({ description: 'A quarter; absent, the one that is now.', example: '2026-Q4' }),
});

const lendingAnswer = z
  .object({
    region: z.string(),
    period: z.string(),
    lent: figure.openapi({ description: 'Hours that its people worked for other regions.' }),
    borrowed: figure.openapi({ description: 'Hours that people of other regions worked for it.' }),
  })
  .openapi('Lending');

export const readLendingRoute = createRoute({
  method: 'get',
  path: '/regions/{id}/lending',
  operationId: 'readLending',
  tags: ['assignments'],
  summary: 'Hours that a region lent to others and borrowed from them in a quarter',
  request: { params: idParams, query: lendingQuery },
  responses: {
    200: {
      description: 'By the days on which they were worked, where they were.',
      content: { 'application/json': { schema: lendingAnswer } },
    },
  },
});

type Input = { readonly id: string } & z.output<typeof lendingQuery>;

export async function readLending(
  parts: AssignmentParts,
  { actor, input }: Asked<Input>,
): Promise<z.input<typeof lendingAnswer>> {
  const { db, clock } = parts;
  const region = input.id as RegionId;
  const group = await findScorecardGroup(db, 'region', region);
  if (!group || !may(actor, 'scorecard.view', group)) {
    throw new Refusal(problem('request.not_found'));
  }
  const period = input.period ?? quarterAt(clock.now(), group.zone);
  const days = { firstDay: firstDayOf(period), lastDay: lastDayOf(period) };
  const found = (await lendingBetween(db, days)).get(region);
  const figureOf = (name: 'lent' | 'borrowed', minutes: number) => {
    const value = Math.round(minutes / 6) / 10;
    return { value, sentence: { key: `assignment.lending.${name}`, params: { hours: value } } };
  };
  const figures = {
    lent: figureOf('lent', found?.lentMinutes ?? 0),
    borrowed: figureOf('borrowed', found?.borrowedMinutes ?? 0),
  };
  return { region, period, ...(await tellFigures(parts, actor.id, figures)) };
}
