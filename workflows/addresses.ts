/** By loop name: the workflow that runs it and the id of an instance's workflow. */
import type { LoopId } from '../domain/id.ts';
import { alertWorkflow, alertWorkflowId } from './alert/id.ts';
import { assignmentWorkflow, assignmentWorkflowId } from './assignment/id.ts';
import {
  calendarChangeRunMsMax,
  calendarChangeWorkflow,
  calendarChangeWorkflowId,
} from './calendar-change/id.ts';
import { budgetWorkflow, budgetWorkflowId } from './budget/id.ts';
import { coverWorkflow, coverWorkflowId } from './cover/id.ts';
import { delegationWorkflow, delegationWorkflowId } from './delegation/id.ts';
import { developmentPlanWorkflow, developmentPlanWorkflowId } from './development-plan/id.ts';
import { developmentPlanUpdates } from './development-plan/messages.ts';
import { feedbackRoundWorkflow, feedbackRoundWorkflowId } from './feedback-round/id.ts';
import { coverUpdates } from './cover/messages.ts';
import { handoffUpdates } from './handoff/messages.ts';
import { handoffWorkflow, handoffWorkflowId } from './handoff/id.ts';
import { holidayReviewWorkflow, holidayReviewWorkflowId } from './holiday-review/id.ts';
import { outlookWorkflow, outlookWorkflowId } from './outlook/id.ts';
import { practiceWorkflow, practiceWorkflowId } from './practice/id.ts';
import { practiceUpdates } from './practice/messages.ts';
import { skillAuditWorkflow, skillAuditWorkflowId } from './skill-audit/id.ts';
import { quarterlyReviewWorkflow, quarterlyReviewWorkflowId } from './quarterly-review/id.ts';
import { rotationWorkflow, rotationWorkflowId } from './rotation/id.ts';

export const loopWorkflows: Readonly<
  Record<
    string,
    {
      readonly type: string;
      workflowId(id: LoopId): string;
      /** What a step of another loop may tell it. */
      readonly updates?: Readonly<Record<string, { readonly name: string }>>;
    }
  >
> = {
  feedbackRound: { type: feedbackRoundWorkflow, workflowId: feedbackRoundWorkflowId },
  skillAudit: { type: skillAuditWorkflow, workflowId: skillAuditWorkflowId },
  developmentPlan: {
    type: developmentPlanWorkflow,
    workflowId: developmentPlanWorkflowId,
    updates: { link: developmentPlanUpdates.link, hear: developmentPlanUpdates.hear },
  },
  quarterlyReview: { type: quarterlyReviewWorkflow, workflowId: quarterlyReviewWorkflowId },
  handoff: {
    type: handoffWorkflow,
    workflowId: handoffWorkflowId,
    updates: { drop: handoffUpdates.drop },
  },
  rotation: { type: rotationWorkflow, workflowId: rotationWorkflowId },
  budgetRequest: { type: budgetWorkflow, workflowId: budgetWorkflowId },
  cover: {
    type: coverWorkflow,
    workflowId: coverWorkflowId,
    updates: { release: coverUpdates.release, overtake: coverUpdates.overtake },
  },
  assignment: { type: assignmentWorkflow, workflowId: assignmentWorkflowId },
  alert: { type: alertWorkflow, workflowId: alertWorkflowId },
  delegation: { type: delegationWorkflow, workflowId: delegationWorkflowId },
  practice: {
    type: practiceWorkflow,
    workflowId: practiceWorkflowId,
    updates: { translate: practiceUpdates.translate },
  },
  holidayReview: { type: holidayReviewWorkflow, workflowId: holidayReviewWorkflowId },
  outlook: { type: outlookWorkflow, workflowId: outlookWorkflowId },
};

/** The workflow that tells the loops a change of working time touched. */
export const calendarChangeAddress = {
  type: calendarChangeWorkflow,
  workflowId: calendarChangeWorkflowId,
  runMsMax: calendarChangeRunMsMax,
} as const;
