import { createRoute, type z } from '@hono/zod-openapi';
import { loadActors } from '../../db/actors.ts';
import { derivedId } from '../../db/derived-id.ts';
import { findPerson } from '../../db/people.ts';
import { present } from '../../domain/assert.ts';
import type { RoundCommand } from '../../domain/feedback-round/state.ts';
import type { LoopId, PersonId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { actingAs, authorise } from '../authorise.ts';
import { endOfDay } from '../day-end.ts';
import { type Commanded, openLoop } from '../loop-steps.ts';
import { feedbackAddress, type FeedbackParts } from './parts.ts';
import { presentRound, type Round } from './present.ts';
import { roundAnswer, startBody } from './schema.ts';

export const startRoundRoute = createRoute({
  method: 'post',
  path: '/feedback-rounds',
  operationId: 'startFeedbackRound',
  tags: ['feedback'],
  summary: 'Begins a round of feedback about somebody; they name whom to ask first',
  request: { body: { required: true, content: { 'application/json': { schema: startBody } } } },
  responses: {
    201: {
      description: 'Begun: the subject is asked whom to ask.',
      content: { 'application/json': { schema: roundAnswer } },
    },
  },
});

type Input = z.output<typeof startBody>;

export async function startRound(parts: FeedbackParts, asked: Commanded<Input>): Promise<Round> {
  const id = derivedId('feedbackRound', asked.commandId) as LoopId;
  await openLoop(parts, feedbackAddress, { id, command: () => commandOf(parts, asked) });
  return presentRound(parts, asked.actor, id);
}

async function commandOf(
  parts: FeedbackParts,
  { actor, input }: Commanded<Input>,
): Promise<RoundCommand> {
  const { db, clock } = parts;
  const subject = input.subject as PersonId;
  const person = await findPerson(db, actor, subject);
  if (!person) throw new Refusal(problem('person.unknown', { person: subject }));
  const placed = present((await loadActors(db, [subject], clock.now())).get(subject), 'the person');
  const { onBehalfOf } = input;
  const otherwise = 'authority.forbidden';
  await authorise(parts, {
    actor,
    onBehalfOf,
    action: 'feedback.start',
    subject: placed,
    otherwise,
  });
  const [manager] = placed.line;
  if (manager === undefined) throw new Refusal(problem('feedback.no_manager'));
  return {
    type: 'start',
    ...actingAs(actor, onBehalfOf),
    subject,
    manager,
    closesAt: endOfDay(input.closesOn, person.zone),
  };
}
