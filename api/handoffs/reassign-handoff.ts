import type { z } from '@hono/zod-openapi';
import { visiblePeople } from '../../db/people.ts';
import type { PersonId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { Commanded, StepInput } from '../loop-steps.ts';
import type { HandoffParts } from './parts.ts';
import type { Handoff } from './present.ts';
import { reassignBody } from './schema.ts';
import { stepRoute } from './step-route.ts';
import { takeStep } from './take-step.ts';

export const reassignHandoffRoute = stepRoute(
  'reassign',
  'Asks somebody else instead, with the whole allowance',
  reassignBody,
);

type Input = StepInput & z.output<typeof reassignBody>;

export const reassignHandoff = (parts: HandoffParts, asked: Commanded<Input>): Promise<Handoff> =>
  takeStep(parts, asked, {
    action: 'handoff.reassign',
    async command(by) {
      const to = asked.input.to as PersonId;
      const people = await visiblePeople(parts.db, asked.actor, [to]);
      if (!people.has(to)) throw new Refusal(problem('person.unknown', { person: to }));
      return { type: 'reassign', ...by, to };
    },
  });
