import { createRoute, type z } from '@hono/zod-openapi';
import { loadCalendars } from '../../db/calendars.ts';
import { factsOf } from '../../db/development-plan-facts.ts';
import { personNames } from '../../db/people.ts';
import { createWorldLoader } from '../../db/planning-world.ts';
import { timelineSentence } from '../../domain/development-plan/explain.ts';
import { previewPlan as previewOf } from '../../domain/development-plan/preview.ts';
import { Refusal } from '../../domain/problem.ts';
import type { Commanded } from '../loop-steps.ts';
import type { PlanParts } from './parts.ts';
import { termsShown } from './present.ts';
import { previewAnswer, startBody } from './schema.ts';
import { startCommand, type StartInput } from './start-plan.ts';

export const previewPlanRoute = createRoute({
  method: 'post',
  path: '/development-plans/preview',
  operationId: 'previewDevelopmentPlan',
  tags: ['growth'],
  summary: 'What would be reviewed and asked for when, if both agreed at once; nothing is kept',
  request: { body: { required: true, content: { 'application/json': { schema: startBody } } } },
  responses: {
    200: {
      description: 'The terms, and the course of a plan in which nobody does anything.',
      content: { 'application/json': { schema: previewAnswer } },
    },
  },
});

export type Preview = z.input<typeof previewAnswer>;

const loadWorld = createWorldLoader();

export async function previewPlan(
  parts: PlanParts,
  asked: Commanded<StartInput>,
): Promise<Preview> {
  const { db, clock, tell } = parts;
  const start = await startCommand(parts, asked);
  const { subject, manager, terms } = start;
  const people = terms.coach === null ? [subject, manager] : [subject, manager, terms.coach];
  const steps = await db.transaction().execute(async (tx) => {
    const world = await loadWorld(tx, { people, at: clock.now(), pauses: [] });
    const calendars = await loadCalendars(tx, people);
    return previewOf(start, world, (state) => factsOf(state, calendars, state.movedAt));
  });
  if ('code' in steps) throw new Refusal(steps);
  const told = await tell(
    asked.actor.id,
    steps.map(({ event }) => timelineSentence(event)),
  );
  const names = await personNames(db, people);
  return {
    terms: termsShown(terms, names),
    course: steps.map(({ at }, index) => ({
      at: new Date(at).toISOString(),
      sentence: told[index] ?? '',
    })),
  };
}
