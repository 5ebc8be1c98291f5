/** Every loop the engine records. */
import { handoffRules } from '../domain/handoff/decide.ts';
import { handoffPlan } from '../domain/handoff/plan.ts';
import { alertRules } from '../domain/alert/decide.ts';
import { alertPlan } from '../domain/alert/plan.ts';
import { assignmentRules } from '../domain/assignment/decide.ts';
import { assignmentPlan } from '../domain/assignment/plan.ts';
import { coverRules } from '../domain/cover/decide.ts';
import { coverPlan } from '../domain/cover/plan.ts';
import { delegationRules } from '../domain/delegation/decide.ts';
import { delegationPlan } from '../domain/delegation/plan.ts';
import { holidayReviewRules } from '../domain/holiday-review/decide.ts';
import { holidayReviewPlan } from '../domain/holiday-review/plan.ts';
import { outlookRules } from '../domain/outlook/decide.ts';
import { outlookPlan } from '../domain/outlook/plan.ts';
import { alertRecord } from './alert/record.ts';
import { budgetRules } from '../domain/budget/decide.ts';
import { budgetPlan } from '../domain/budget/plan.ts';
import { budgetRecord } from './budget/record.ts';
import { planRules } from '../domain/development-plan/decide.ts';
import { planPlan } from '../domain/development-plan/plan.ts';
import { roundRules } from '../domain/feedback-round/decide.ts';
import { roundPlan } from '../domain/feedback-round/plan.ts';
import { auditRules } from '../domain/skill-audit/decide.ts';
import { auditPlan } from '../domain/skill-audit/plan.ts';
import { reviewRules } from '../domain/quarterly-review/decide.ts';
import { reviewPlan } from '../domain/quarterly-review/plan.ts';
import { reviewRecord } from './quarterly-review/record.ts';
import { planRecord } from './development-plan/record.ts';
import { heardByPlans } from './tell-plans.ts';
import { assignmentRecord } from './assignment/record.ts';
import { practiceRules } from '../domain/practice/decide.ts';
import { practicePlan } from '../domain/practice/plan.ts';
import { coverRecord } from './cover/record.ts';
import { delegationRecord } from './delegation/record.ts';
import { rotationRules } from '../domain/rotation/decide.ts';
import { rotationPlan } from '../domain/rotation/plan.ts';
import { roundRecord } from './feedback-round/record.ts';
import { handoffRecord } from './handoff/record.ts';
import { holidayReviewRecord } from './holiday-review/record.ts';
import { outlookRecord } from './outlook/record.ts';
import { practiceRecord } from './practice/record.ts';
import { rotationRecord } from './rotation/record.ts';
import { auditRecord } from './skill-audit/record.ts';
import { defineLoop, type AnyLoopDefinition } from './loop-record.ts';

export const loops: Readonly<Record<string, AnyLoopDefinition>> = {
  feedbackRound: defineLoop({ rules: roundRules, plan: roundPlan, record: roundRecord }),
  skillAudit: defineLoop({ rules: auditRules, plan: auditPlan, record: auditRecord }),
  developmentPlan: defineLoop({ rules: planRules, plan: planPlan, record: planRecord }),
  quarterlyReview: defineLoop({ rules: reviewRules, plan: reviewPlan, record: reviewRecord }),
  handoff: defineLoop({ rules: handoffRules, plan: handoffPlan, record: handoffRecord }),
  cover: defineLoop({ rules: coverRules, plan: coverPlan, record: coverRecord }),
  delegation: defineLoop({
    rules: delegationRules,
    plan: delegationPlan,
    record: delegationRecord,
  }),
  assignment: defineLoop({
    rules: assignmentRules,
    plan: assignmentPlan,
    record: heardByPlans(assignmentRecord),
  }),
  rotation: defineLoop({ rules: rotationRules, plan: rotationPlan, record: rotationRecord }),
  alert: defineLoop({ rules: alertRules, plan: alertPlan, record: alertRecord }),
  budgetRequest: defineLoop({
    rules: budgetRules,
    plan: budgetPlan,
    record: heardByPlans(budgetRecord),
  }),
  practice: defineLoop({ rules: practiceRules, plan: practicePlan, record: practiceRecord }),
  holidayReview: defineLoop({
    rules: holidayReviewRules,
    plan: holidayReviewPlan,
    record: holidayReviewRecord,
  }),
  outlook: defineLoop({ rules: outlookRules, plan: outlookPlan, record: outlookRecord }),
};
