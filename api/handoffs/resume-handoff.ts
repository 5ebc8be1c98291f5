import type { Commanded, HandoffParts } from './parts.ts';
import type { Handoff } from './present.ts';
import { plainBody } from './schema.ts';
import { stepRoute } from './step-route.ts';
import { takeStep, type StepInput } from './take-step.ts';

export const resumeHandoffRoute = stepRoute({
  verb: 'resume',
  summary: 'Lets the clock run on; the time on hold counts for nobody',
  body: plainBody,
});

export const resumeHandoff = (parts: HandoffParts, asked: Commanded<StepInput>): Promise<Handoff> =>
  takeStep(parts, asked, {
    action: 'handoff.resume',
    command: (by) => ({ type: 'resume', ...by }),
  });
