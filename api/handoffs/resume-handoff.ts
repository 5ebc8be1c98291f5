import type { Commanded, StepInput } from '../loop-steps.ts';
import type { HandoffParts } from './parts.ts';
import type { Handoff } from './present.ts';
import { plainBody } from './schema.ts';
import { stepRoute } from './step-route.ts';
import { takeStep } from './take-step.ts';

export const resumeHandoffRoute = stepRoute(
  'resume',
  'Lets the clock run on; the time on hold counts for nobody',
  plainBody,
);

export const resumeHandoff = (parts: HandoffParts, asked: Commanded<StepInput>): Promise<Handoff> =>
  takeStep(parts, asked, {
    action: 'handoff.resume',
    command: (by) => ({ type: 'resume', ...by }),
  });
