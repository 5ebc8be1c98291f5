/** Every workflow a worker runs. */
export { alert } from './alert/workflow.ts';
export { assignment } from './assignment/workflow.ts';
export { calendarChange } from './calendar-change/workflow.ts';
export { budgetRequest } from './budget/workflow.ts';
export { cover } from './cover/workflow.ts';
export { delegation } from './delegation/workflow.ts';
export { developmentPlan } from './development-plan/workflow.ts';
export { digests } from './digest/workflow.ts';
export { feedbackRound } from './feedback-round/workflow.ts';
export { handoff } from './handoff/workflow.ts';
export { holidayReview } from './holiday-review/workflow.ts';
export { practice } from './practice/workflow.ts';
export { rotation } from './rotation/workflow.ts';
export { skillAudit } from './skill-audit/workflow.ts';
export { maintenance } from './maintenance.ts';
export { outlook } from './outlook/workflow.ts';
