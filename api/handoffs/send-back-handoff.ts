import type { z } from '@hono/zod-openapi';
import { contentKinds } from '../../domain/handoff/packet.ts';
import type { Commanded, StepInput } from '../loop-steps.ts';
import type { HandoffParts } from './parts.ts';
import type { Handoff } from './present.ts';
import { saidBody } from './schema.ts';
import { stepRoute } from './step-route.ts';
import { takeStep } from './take-step.ts';
import { write } from './write.ts';

export const sendBackHandoffRoute = stepRoute(
  'send-back',
  'Sends the read-back back, with what is missing or wrong; at most twice',
  saidBody,
);

type Input = StepInput & z.output<typeof saidBody>;

export const sendBackHandoff = (parts: HandoffParts, asked: Commanded<Input>): Promise<Handoff> =>
  takeStep(parts, asked, {
    action: 'handoff.sendBack',
    async command(by) {
      const body = { text: asked.input.text };
      const content = await write(parts, asked, { kind: contentKinds.reason, body });
      return { type: 'sendBack', ...by, content };
    },
  });
