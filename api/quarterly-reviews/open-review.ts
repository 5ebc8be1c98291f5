import { createRoute, type z } from '@hono/zod-openapi';
import { convene, type ReviewOf, reviewId } from '../../db/quarterly-reviews.ts';
import { findScorecardGroup } from '../../db/scorecard.ts';
import type { RegionId, TeamId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { ReviewCommand } from '../../domain/quarterly-review/state.ts';
import { actingAs, authorise } from '../authorise.ts';
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

type Opening = z.output<typeof openBody>;

export async function openReview(parts: ReviewParts, asked: Commanded<Opening>): Promise<Review> {
  const { region, team = null, quarter } = asked.input;
  const of = { region: region as RegionId, team: team as TeamId | null, quarter };
  const id = reviewId(of);
  await openLoop(parts, reviewAddress, { id, command: () => openCommand(parts, asked, of) });
  return presentReview(parts, asked.actor, id);
}

async function openCommand(
  parts: ReviewParts,
  { actor, input }: Commanded<Opening>,
  of: ReviewOf,
): Promise<ReviewCommand> {
  const { db, clock } = parts;
  const { region, team } = of;
  const { onBehalfOf } = input;
  const subject = { region, chair: actor.id, participants: [] };
  const otherwise = 'authority.forbidden';
  // First: whose team is where is not told to whoever convenes nothing.
  await authorise(parts, { actor, onBehalfOf, action: 'quarter.open', subject, otherwise });
  const group = await findScorecardGroup(db, team === null ? 'region' : 'team', team ?? region);
  if (group?.region !== region) throw new Refusal(problem('assignment.region_unknown'));
  const convened = await convene(db, of, clock.now());
  if (!convened) throw new Refusal(problem('quarter.no_slot'));
  return { type: 'open', ...actingAs(actor, onBehalfOf), ...convened };
}
