import { stepRoutes } from '../loop-steps.ts';
import { handoffAnswer, handoffParams } from './schema.ts';

/** `POST /handoffs/{id}/VERB`, one for each update of the loop. */
export const stepRoute = stepRoutes({
  path: '/handoffs',
  noun: 'Handoff',
  tag: 'handoffs',
  params: handoffParams,
  answer: handoffAnswer,
  description: 'The handoff as it now stands.',
});
