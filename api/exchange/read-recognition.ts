import { createRoute, type z } from '@hono/zod-openapi';
import { allMarkets } from '../../db/exchange-balance.ts';
import { lessonCounts } from '../../db/lesson-counts.ts';
import { figure } from '../../domain/fairness/figures.ts';
import type { PersonId } from '../../domain/id.ts';
import { firstDayOf, lastDayOf, quarterAt } from '../../domain/scorecard/quarter.ts';
import { decodeCursor, pageOf } from '../cursor.ts';
import type { Asked } from '../directory/parts.ts';
import { tellFigures } from '../figures.ts';
import type { WorkingTimeParts } from '../working-time/parts.ts';
import { recognitionAnswer, recognitionQuery } from './schema.ts';

export const readRecognitionRoute = createRoute({
  method: 'get',
  path: '/exchange/recognition',
  operationId: 'readRecognition',
  tags: ['exchange'],
  summary: 'Who shared what they learned in a quarter, from wins and failures alike',
  description:
    'By name, never ranked. Whoever is not named on a practice is not counted for it, but for themselves.',
  request: { query: recognitionQuery },
  responses: {
    200: {
      description: 'Those whom you may know of, each number with its sentence.',
      content: { 'application/json': { schema: recognitionAnswer } },
    },
  },
});

export type Recognition = z.input<typeof recognitionAnswer>;

export async function readRecognition(
  parts: WorkingTimeParts,
  { actor, input }: Asked<z.output<typeof recognitionQuery>>,
): Promise<Recognition> {
  const { db, clock, tell } = parts;
  const { cursor, limit, person } = input;
  const period = input.period ?? quarterAt(clock.now(), 'Etc/UTC');
  const place = decodeCursor(cursor, ['text', 'text']);
  const counts = await lessonCounts(db, {
    actor,
    markets: await allMarkets(db),
    quarter: period,
    people: person === undefined ? null : [person as PersonId],
    after: place && { name: place[0], id: place[1] },
    limit: limit + 1,
  });
  const told = await Promise.all(
    counts.map(async ({ wins, failures, ...leader }) => ({
      ...leader,
      ...(await tellFigures(parts, actor.id, {
        wins: figure(wins, 'exchange.recognition.wins', { practices: wins }),
        failures: figure(failures, 'exchange.recognition.failures', { practices: failures }),
      })),
    })),
  );
  const page = pageOf(told, limit, {
    item: ({ id, name, wins, failures }) => ({ person: { id, name }, wins, failures }),
    place: ({ name, id }) => [name, id],
  });
  const days = { first: { day: firstDayOf(period) }, last: { day: lastDayOf(period) } };
  const sentences = await tell(actor.id, [{ key: 'exchange.recognition.counted', params: days }]);
  return { period, sentences: [...sentences], items: [...page.items], next: page.next };
}
