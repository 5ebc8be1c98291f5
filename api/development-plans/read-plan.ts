import { createRoute, type z } from '@hono/zod-openapi';
import { listPlans as rowsOf } from '../../db/development-plans.ts';
import { recordedState } from '../../db/recorded-state.ts';
import { explainPlan as sentencesOf } from '../../domain/development-plan/explain.ts';
import type { PlanCommand, PlanState } from '../../domain/development-plan/state.ts';
import type { LoopId } from '../../domain/id.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import type { Asked } from '../directory/parts.ts';
import type { StepInput } from '../loop-steps.ts';
import type { PlanParts } from './parts.ts';
import { type Plan, presentPlan, seenPlan, summariesOf } from './present.ts';
import { explainAnswer, planAnswer, planParams, plansAnswer, plansQuery } from './schema.ts';

export const readPlanRoute = createRoute({
  method: 'get',
  path: '/development-plans/{id}',
  operationId: 'readDevelopmentPlan',
  tags: ['growth'],
  summary: 'A development plan: its goals, what serves it, what is missing, and what happened',
  request: { params: planParams },
  responses: {
    200: {
      description: 'The plan, with its ETag: the revision that is agreed to.',
      content: { 'application/json': { schema: planAnswer } },
    },
  },
});

export const readPlan = (parts: PlanParts, { actor, input }: Asked<StepInput>): Promise<Plan> =>
  presentPlan(parts, actor, input.id as LoopId);

export const listPlansRoute = createRoute({
  method: 'get',
  path: '/development-plans',
  operationId: 'listDevelopmentPlans',
  tags: ['growth'],
  summary: 'The development plans that you work on or look after',
  request: { query: plansQuery },
  responses: {
    200: {
      description: 'The newest first.',
      content: { 'application/json': { schema: plansAnswer } },
    },
  },
});

export type Plans = z.input<typeof plansAnswer>;

export async function listPlans(
  parts: PlanParts,
  { actor, input }: Asked<z.output<typeof plansQuery>>,
): Promise<Plans> {
  const { limit, stalled } = input;
  const place = decodeCursor(input.cursor, ['integer', 'uuid']);
  const after = place && { at: place[0], id: place[1] };
  const rows = await rowsOf(parts.db, actor, { after, limit: limit + 1, isStalled: stalled });
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    items: [...(await summariesOf(parts, shown))],
    next: last === undefined ? null : encodeCursor([last.startedAt, last.id]),
  };
}

export const explainPlanRoute = createRoute({
  method: 'get',
  path: '/development-plans/{id}/explain',
  operationId: 'explainDevelopmentPlan',
  tags: ['growth'],
  summary: 'Why a plan stands where it stands, and what happens next if nobody acts',
  request: { params: planParams },
  responses: {
    200: {
      description: 'In your language.',
      content: { 'application/json': { schema: explainAnswer } },
    },
  },
});

export async function explainPlan(
  parts: PlanParts,
  { actor, input }: Asked<StepInput>,
): Promise<z.input<typeof explainAnswer>> {
  const id = input.id as LoopId;
  const { state } = await seenPlan(parts, actor, id);
  const { held, moments } = await recordedState<PlanState, PlanCommand>(parts.db, id);
  const sentences = await parts.tell(actor.id, sentencesOf(held, moments));
  return { status: state.status, sentences: [...sentences] };
}
