import type { Commanded, StepInput } from '../loop-steps.ts';
import type { HandoffParts } from './parts.ts';
import type { Handoff } from './present.ts';
import { plainBody } from './schema.ts';
import { stepRoute } from './step-route.ts';
import { takeStep } from './take-step.ts';

export const holdHandoffRoute = stepRoute('hold', 'Stops the clock for everybody', plainBody);

export const holdHandoff = (parts: HandoffParts, asked: Commanded<StepInput>): Promise<Handoff> =>
  takeStep(parts, asked, {
    action: 'handoff.hold',
    command: (by) => ({ type: 'hold', ...by }),
  });
