import type { Commanded, HandoffParts } from './parts.ts';
import type { Handoff } from './present.ts';
import { plainBody } from './schema.ts';
import { stepRoute } from './step-route.ts';
import { takeStep, type StepInput } from './take-step.ts';

export const holdHandoffRoute = stepRoute({
  verb: 'hold',
  summary: 'Stops the clock for everybody',
  body: plainBody,
});

export const holdHandoff = (parts: HandoffParts, asked: Commanded<StepInput>): Promise<Handoff> =>
  takeStep(parts, asked, {
    action: 'handoff.hold',
    command: (by) => ({ type: 'hold', ...by }),
  });
