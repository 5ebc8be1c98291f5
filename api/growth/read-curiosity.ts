import { createRoute, z } from '@hono/zod-openapi';
import { loadActors } from '../../db/actors.ts';
import { lessonCounts } from '../../db/lesson-counts.ts';
import { attainedIn } from '../../db/quotas.ts';
import { findRegion } from '../../db/regions.ts';
import { may } from '../../domain/authority.ts';
import type { RegionId } from '../../domain/id.ts';
import { inOrder } from '../../domain/people/curiosity.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import {
  firstDayOf,
  lastDayOf,
  quarterAt,
  quarterPattern,
} from '../../domain/scorecard/quarter.ts';
import type { Asked } from '../directory/parts.ts';
import { idParams } from '../directory/schema.ts';
import { sentence } from '../figures.ts';
import type { GrowthParts } from './parts.ts';
import { named } from './schema.ts';

export const curiosityQuery = z.object({
  period: z
    .string()
    .regex(quarterPattern)
    .optional()
    .openapi({ description: 'A quarter; absent, the one that is now.', example: '2026-Q4' }),
});

const curiosityAnswer = z
  .object({
    period: z.string(),
    region: named,
    sentence: sentence.openapi({ description: 'What is counted.' }),
    items: z.array(
      z.object({
        person: named,
        wins: z.int(),
        failures: z.int(),
        sentence,
        quota: z.int().nullable().openapi({
          description: 'Percent attained; null where there is none, or it is not yours to see.',
        }),
        isQuotaYours: z.boolean(),
      }),
    ),
  })
  .openapi('Curiosity');

export const readCuriosityRoute = createRoute({
  method: 'get',
  path: '/regions/{id}/curiosity',
  operationId: 'readCuriosity',
  tags: ['growth'],
  summary: 'Who of a region tried something and shared it, won or lost',
  description:
    'Ordered by what was shared. Quota stands beside it for those who may know it, and never orders.',
  request: { params: idParams, query: curiosityQuery },
  responses: {
    200: {
      description: 'Whoever hides as an author is not named.',
      content: { 'application/json': { schema: curiosityAnswer } },
    },
  },
});

/** Of one region; those who shared anything in a quarter stay below it. */
const peopleMax = 1_000;

export type Curiosity = z.input<typeof curiosityAnswer>;
type Input = z.output<typeof curiosityQuery> & { readonly id: string };

export async function readCuriosity(
  { db, clock, tell }: GrowthParts,
  { actor, input }: Asked<Input>,
): Promise<Curiosity> {
  const region = await findRegion(db, input.id as RegionId);
  if (!region || !may(actor, 'curiosity.view', { region: region.id })) {
    throw new Refusal(problem('request.not_found'));
  }
  const period = input.period ?? quarterAt(clock.now(), region.zone);
  const counts = await lessonCounts(db, {
    actor,
    markets: [{ region: region.id, zone: region.zone }],
    quarter: period,
    people: null,
    after: null,
    limit: peopleMax,
  });
  const shared = inOrder(counts.map(({ id, ...rest }) => ({ person: id, ...rest })));
  const ids = shared.map(({ person }) => person);
  const people = await loadActors(db, ids, clock.now());
  const attained = await attainedIn(db, { quarter: period, people: ids });
  const days = { first: { day: firstDayOf(period) }, last: { day: lastDayOf(period) } };
  const [counted, ...told] = await tell(actor.id, [
    { key: 'growth.curiosity.counted', params: days },
    ...shared.map(({ wins, failures }) => ({
      key: 'growth.curiosity.sentence',
      params: { shared: wins + failures, wins, failures },
    })),
  ]);
  return {
    period,
    region: { id: region.id, name: region.name },
    sentence: counted ?? '',
    items: shared.map(({ person, name, wins, failures }, index) => {
      const placed = people.get(person);
      const isQuotaYours = placed !== undefined && may(actor, 'quota.view', placed);
      return {
        person: { id: person, name },
        wins,
        failures,
        sentence: told[index] ?? '',
        quota: isQuotaYours ? (attained.get(person) ?? null) : null,
        isQuotaYours,
      };
    }),
  };
}
