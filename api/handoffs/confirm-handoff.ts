import type { Commanded, StepInput } from '../loop-steps.ts';
import type { HandoffParts } from './parts.ts';
import type { Handoff } from './present.ts';
import { plainBody } from './schema.ts';
import { stepRoute } from './step-route.ts';
import { takeStep } from './take-step.ts';

export const confirmHandoffRoute = stepRoute(
  'confirm',
  'Confirms what was read back; the account moves',
  plainBody,
);

export const confirmHandoff = (
  parts: HandoffParts,
  asked: Commanded<StepInput>,
): Promise<Handoff> =>
  takeStep(parts, asked, {
    action: 'handoff.confirm',
    command: (by) => ({ type: 'confirm', ...by }),
  });
