import type { LoopId } from '../../domain/id.ts';

export const developmentPlanWorkflow = 'developmentPlan';
export const developmentPlanWorkflowId = (id: LoopId): string => `developmentPlan:${id}`;
