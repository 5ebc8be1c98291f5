/** Every operation on development plans. */
import { previewPlan, previewPlanRoute } from './preview-plan.ts';
import {
  explainPlan,
  explainPlanRoute,
  listPlans,
  listPlansRoute,
  readPlan,
  readPlanRoute,
} from './read-plan.ts';
import { startPlan, startPlanRoute } from './start-plan.ts';
import { planSteps } from './take-step.ts';

export const planOperations = {
  list: { route: listPlansRoute, run: listPlans },
  preview: { route: previewPlanRoute, run: previewPlan },
  start: { route: startPlanRoute, run: startPlan },
  read: { route: readPlanRoute, run: readPlan },
  explain: { route: explainPlanRoute, run: explainPlan },
  ...planSteps,
} as const;
