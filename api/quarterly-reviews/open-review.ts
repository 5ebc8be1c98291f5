import { createRoute, type z } from '@hono/zod-openapi';
import { convene, type ReviewOf, reviewId } from '../../db/quarterly-reviews.ts';
import { findRegion } from '../../db/regions.ts';
import { findScorecardGroup } from '../../db/scorecard.ts';
import type { RegionId, TeamId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { ReviewCommand } from '../../domain/quarterly-review/state.ts';
import { rangeOf } from '../../domain/scorecard/quarter.ts';
import { actingAs, authorise } from '../authorise.ts';
import type { Asked } from '../directory/parts.ts';
import { type Commanded, openLoop } from '../loop-steps.ts';
import { reviewAddress, type ReviewParts } from './parts.ts';
import { presentReview, type Review } from './present.ts';
import { openBody, reviewAnswer } from './schema.ts';

export const openReviewRoute = createRoute({
  method: 'post',
  path: '/quarterly-reviews',
  operationId: 'openQuarterlyReview',
  tags: ['growth'],
  summary: 'Convenes the review of a quarter that is over, at a fair time; once',
  request: { body: { required: true, content: { 'application/json': { schema: openBody } } } },
  responses: {
    201: {
      description: 'Convened: those who take part are asked to confirm or to move it.',
      content: { 'application/json': { schema: reviewAnswer } },
    },
  },
});

export type Opening = z.output<typeof openBody>;
export type Open = Extract<ReviewCommand, { readonly type: 'open' }>;

export async function openReview(parts: ReviewParts, asked: Commanded<Opening>): Promise<Review> {
  const id = reviewId(askedOf(asked.input));
  await openLoop(parts, reviewAddress, { id, command: () => openCommand(parts, asked) });
  return presentReview(parts, asked.actor, id);
}

const askedOf = ({ region, team, quarter }: Opening): ReviewOf => ({
  region: region as RegionId,
  team: (team ?? null) as TeamId | null,
  quarter,
});

/** A preview asks for the same. */
export async function openCommand(
  parts: ReviewParts,
  { actor, input }: Asked<Opening>,
): Promise<Open> {
  const { db, clock } = parts;
  const of = askedOf(input);
  const { region, team, quarter } = of;
  const { onBehalfOf } = input;
  const subject = { region, chair: actor.id, participants: [] };
  const otherwise = 'authority.forbidden';
  // First: whose team is where is not told to whoever convenes nothing.
  await authorise(parts, { actor, onBehalfOf, action: 'quarter.open', subject, otherwise });
  const group = await findScorecardGroup(db, team === null ? 'region' : 'team', team ?? region);
  const isThere = group?.region === region && (await findRegion(db, region)) !== null;
  if (!isThere) throw new Refusal(problem('assignment.region_unknown'));
  const at = clock.now();
  if (rangeOf(quarter, quarter, group.zone).until > at)
    throw new Refusal(problem('quarter.not_over'));
  const convened = await convene(db, of, at);
  if (!convened) throw new Refusal(problem('quarter.no_slot'));
  return { type: 'open', ...actingAs(actor, onBehalfOf), ...convened };
}
