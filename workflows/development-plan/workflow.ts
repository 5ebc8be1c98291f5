import { planRules } from '../../domain/development-plan/decide.ts';
import type { Receipt } from '../../domain/loop.ts';
import { runLoop } from '../kernel.ts';
import type { LoopInput } from '../messages.ts';
import { developmentPlanUpdates } from './messages.ts';

/** Events of history after which it goes on in a new run: up to two years, and never a long replay. */
const historyEventsMax = 26;

export const developmentPlan = (input: LoopInput): Promise<Receipt> =>
  runLoop(planRules, developmentPlanUpdates, input, { lifetime: 'long', historyEventsMax });
