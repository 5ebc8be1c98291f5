import { createRoute, type z } from '@hono/zod-openapi';
import { holidaysOf } from '../../db/holiday-reviews.ts';
import type { RegionId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { Asked } from '../directory/parts.ts';
import { idParams } from '../directory/schema.ts';
import type { HolidayParts } from './parts.ts';
import { holidaysAnswer, holidaysQuery } from './schema.ts';

export const listHolidaysRoute = createRoute({
  method: 'get',
  path: '/regions/{id}/holidays',
  operationId: 'listHolidays',
  tags: ['working time'],
  summary: 'The holidays of a region in a year, and which of them are not certain yet',
  request: { params: idParams, query: holidaysQuery },
  responses: {
    200: {
      description: 'The earliest first.',
      content: { 'application/json': { schema: holidaysAnswer } },
    },
  },
});

/** Holidays are nobody's secret: whoever is signed in sees them. */
export async function listHolidays(
  { db }: HolidayParts,
  { input }: Asked<{ readonly id: string } & z.output<typeof holidaysQuery>>,
): Promise<z.input<typeof holidaysAnswer>> {
  const items = await holidaysOf(db, input.id as RegionId, input.year);
  if (items === null) throw new Refusal(problem('request.not_found'));
  return { items: [...items] };
}
