import { createRoute, type z } from '@hono/zod-openapi';
import { loadActors } from '../../db/actors.ts';
import { currentMap } from '../../db/competency-map.ts';
import { derivedId } from '../../db/derived-id.ts';
import { findPerson } from '../../db/people.ts';
import type { PlanCommand } from '../../domain/development-plan/state.ts';
import { present } from '../../domain/assert.ts';
import type { LoopId, PersonId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { wallDay } from '../../domain/time/wall.ts';
import { actingAs, authorise } from '../authorise.ts';
import { type Commanded, openLoop } from '../loop-steps.ts';
import { askedTerms } from './asked-terms.ts';
import { planAddress, type PlanParts } from './parts.ts';
import { type Plan, presentPlan } from './present.ts';
import { planAnswer, startBody } from './schema.ts';

export const startPlanRoute = createRoute({
  method: 'post',
  path: '/development-plans',
  operationId: 'startDevelopmentPlan',
  tags: ['growth'],
  summary: 'Proposes what somebody is going to learn; they and their manager agree',
  request: { body: { required: true, content: { 'application/json': { schema: startBody } } } },
  responses: {
    201: {
      description: 'Proposed: whoever of the two has not proposed it is asked to agree.',
      content: { 'application/json': { schema: planAnswer } },
    },
  },
});

export type StartInput = z.output<typeof startBody>;
type Start = Extract<PlanCommand, { type: 'start' }>;

export async function startPlan(parts: PlanParts, asked: Commanded<StartInput>): Promise<Plan> {
  const id = derivedId('development plan', asked.commandId) as LoopId;
  await openLoop(parts, planAddress, { id, command: () => startCommand(parts, asked) });
  return presentPlan(parts, asked.actor, id);
}

/** A preview asks for the same. */
export async function startCommand(
  parts: PlanParts,
  { actor, input }: Commanded<StartInput>,
): Promise<Start> {
  const { db, clock } = parts;
  const { onBehalfOf } = input;
  const subject = input.subject as PersonId;
  const person = await findPerson(db, actor, subject);
  if (!person) throw new Refusal(problem('person.unknown', { person: subject }));
  const placed = present((await loadActors(db, [subject], clock.now())).get(subject), 'the person');
  const [above] = placed.line;
  await authorise(parts, {
    actor,
    onBehalfOf,
    action: 'plan.start',
    subject: { subject: placed, manager: above ?? subject, coaches: [] },
    otherwise: 'authority.forbidden',
  });
  const manager = await activeManager(parts, placed.line);
  const terms = await askedTerms(db, actor, { subject, sent: input.terms, before: null });
  const version = await currentMap(db, wallDay(clock.now(), person.zone));
  return { type: 'start', ...actingAs(actor, onBehalfOf), subject, manager, version, terms };
}

/** The nearest above who is there; the record looks again. */
async function activeManager(
  { db, clock }: PlanParts,
  line: readonly PersonId[],
): Promise<PersonId> {
  const people = await loadActors(db, line.slice(0, 2), clock.now());
  const found = line.slice(0, 2).find((id) => people.get(id)?.isActive);
  if (found === undefined) throw new Refusal(problem('plan.no_manager'));
  return found;
}
