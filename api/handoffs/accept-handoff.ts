import type { z } from '@hono/zod-openapi';
import { contentKinds } from '../../domain/handoff/packet.ts';
import type { Commanded, StepInput } from '../loop-steps.ts';
import type { HandoffParts } from './parts.ts';
import type { Handoff } from './present.ts';
import { readBackBody } from './schema.ts';
import { stepRoute } from './step-route.ts';
import { takeStep } from './take-step.ts';
import { write } from './write.ts';

export const acceptHandoffRoute = stepRoute(
  'accept',
  'Reads the packet back in your own words and language; the giver then compares and confirms',
  readBackBody,
);

type Input = StepInput & z.output<typeof readBackBody>;

export const acceptHandoff = (parts: HandoffParts, asked: Commanded<Input>): Promise<Handoff> =>
  takeStep(parts, asked, {
    async command(by) {
      const { severity, firstAction, contingency, text } = asked.input;
      const said = { severity, firstAction, contingency };
      const body = text === undefined ? said : { ...said, text };
      const content = await write(parts, asked, { kind: contentKinds.synthesis, body });
      return { type: 'readBack', ...by, content };
    },
  });
