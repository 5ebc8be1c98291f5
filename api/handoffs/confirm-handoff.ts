import type { Commanded, HandoffParts } from './parts.ts';
import type { Handoff } from './present.ts';
import { plainBody } from './schema.ts';
import { stepRoute } from './step-route.ts';
import { takeStep, type StepInput } from './take-step.ts';

export const confirmHandoffRoute = stepRoute({
  verb: 'confirm',
  summary: 'Confirms what was read back; the account moves',
  body: plainBody,
});

export const confirmHandoff = (
  parts: HandoffParts,
  asked: Commanded<StepInput>,
): Promise<Handoff> =>
  takeStep(parts, asked, {
    action: 'handoff.confirm',
    command: (by) => ({ type: 'confirm', ...by }),
  });
