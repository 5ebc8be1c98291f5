import type { z } from '@hono/zod-openapi';
import { contentKinds } from '../../domain/handoff/packet.ts';
import type { Commanded, StepInput } from '../loop-steps.ts';
import type { HandoffParts } from './parts.ts';
import type { Handoff } from './present.ts';
import { saidBody } from './schema.ts';
import { stepRoute } from './step-route.ts';
import { takeStep } from './take-step.ts';
import { write } from './write.ts';

export const answerHandoffRoute = stepRoute('answer', 'Answers the open question', saidBody);

type Input = StepInput & z.output<typeof saidBody>;

export const answerHandoff = (parts: HandoffParts, asked: Commanded<Input>): Promise<Handoff> =>
  takeStep(parts, asked, {
    action: 'handoff.answer',
    async command(by) {
      const body = { text: asked.input.text };
      const content = await write(parts, asked, { kind: contentKinds.answer, body });
      return { type: 'answer', ...by, content };
    },
  });
