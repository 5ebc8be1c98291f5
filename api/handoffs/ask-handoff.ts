import type { z } from '@hono/zod-openapi';
import { contentKinds } from '../../domain/handoff/packet.ts';
import type { Commanded, StepInput } from '../loop-steps.ts';
import type { HandoffParts } from './parts.ts';
import type { Handoff } from './present.ts';
import { saidBody } from './schema.ts';
import { stepRoute } from './step-route.ts';
import { takeStep } from './take-step.ts';
import { write } from './write.ts';

export const askHandoffRoute = stepRoute(
  'ask',
  'Asks the giver; your clock stands still until the answer',
  saidBody,
);

type Input = StepInput & z.output<typeof saidBody>;

export const askHandoff = (parts: HandoffParts, asked: Commanded<Input>): Promise<Handoff> =>
  takeStep(parts, asked, {
    async command(by) {
      const body = { text: asked.input.text };
      const content = await write(parts, asked, { kind: contentKinds.question, body });
      return { type: 'ask', ...by, content };
    },
  });
