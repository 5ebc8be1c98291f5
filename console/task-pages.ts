/** The task page of every loop: what it shows, and what its form does. A new loop adds its line here. */
import type { AlertParts } from '../api/alerts/parts.ts';
import type { BudgetParts } from '../api/budget-requests/parts.ts';
import type { AssignmentParts } from '../api/assignments/parts.ts';
import type { CoverParts } from '../api/covers/parts.ts';
import type { DelegationParts } from '../api/delegations/operations.ts';
import type { FeedbackParts } from '../api/feedback/parts.ts';
import type { HandoffParts } from '../api/handoffs/parts.ts';
import { handoffParams } from '../api/handoffs/schema.ts';
import type { HolidayParts } from '../api/holidays/parts.ts';
import type { OutlookParts } from '../api/outlook/parts.ts';
import { loopName } from '../db/receipts.ts';
import type { LoopName } from '../domain/loop.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { settleAlert, showAlert } from './alert.ts';
import { settleBudget, showBudget } from './budget-request.ts';
import { showAssignment } from './assignment.ts';
import { settleAssignment } from './assignment-forms.ts';
import { settleCover, showCover } from './cover.ts';
import { settleDelegation, showDelegation } from './delegation.ts';
import type { PlanParts } from '../api/development-plans/parts.ts';
import { showPlan } from './development-plan.ts';
import type { ReviewParts } from '../api/quarterly-reviews/parts.ts';
import { settleReview as settleQuarter, showReview as showQuarter } from './quarterly-review.ts';
import { settlePlan } from './development-plan-forms.ts';
import { settleRound, showRound } from './feedback.ts';
import type { AuditParts } from '../api/skill-audits/parts.ts';
import { settleAudit, showAudit } from './skill-audit.ts';
import type { PracticeParts } from '../api/practices/parts.ts';
import { settleReview, showReview } from './holiday-review.ts';
import type { Asked, SentForm, Shown, SignedIn } from './loop-page.ts';
import { settleFinding, showFinding } from './outlook.ts';
import type { Refused } from './refused.ts';
import { settlePractice, showPractice } from './practice.ts';
import type { RotationParts } from '../api/rotations/operations.ts';
import { settleRotation, showRotation } from './rotation.ts';
import { settleStep } from './settle-step.ts';
import { showTask } from './show-task.ts';

export interface TaskPageParts {
  readonly handoffs: HandoffParts;
  readonly holidays: HolidayParts;
  readonly alerts: AlertParts;
  readonly feedback: FeedbackParts;
  readonly audits: AuditParts;
  readonly plans: PlanParts;
  readonly reviews: ReviewParts;
  readonly covers: CoverParts;
  readonly delegations: DelegationParts;
  readonly budgets: BudgetParts;
  readonly rotations: RotationParts;
  readonly assignments: AssignmentParts;
  readonly practices: PracticeParts;
  readonly outlooks: OutlookParts;
  readonly publicUrl: string;
}

interface TaskPages {
  show(parts: TaskPageParts, reader: SignedIn, asked: Asked): Promise<Shown>;
  /** Null when it is done; else what the page says of it. */
  settle(parts: TaskPageParts, reader: SignedIn, sent: SentForm): Promise<Refused | null>;
}

const pages: Readonly<Record<LoopName, TaskPages>> = {
  handoff: {
    show: ({ handoffs }, reader, asked) => showTask(handoffs, reader, asked),
    settle: (parts, reader, sent) => settleStep({ ...parts, ...reader }, sent),
  },
  cover: {
    show: ({ covers }, reader, asked) => showCover(covers, reader, asked),
    settle: (parts, reader, sent) => settleCover({ ...parts, ...reader }, sent),
  },
  alert: {
    show: ({ alerts }, reader, asked) => showAlert(alerts, reader, asked),
    settle: (parts, reader, sent) => settleAlert({ ...parts, ...reader }, sent),
  },
  delegation: {
    show: ({ delegations }, reader, asked) => showDelegation(delegations, reader, asked),
    settle: (parts, reader, sent) => settleDelegation({ ...parts, ...reader }, sent),
  },
  budgetRequest: {
    show: ({ budgets }, reader, asked) => showBudget(budgets, reader, asked),
    settle: (parts, reader, sent) => settleBudget({ ...parts, ...reader }, sent),
  },
  rotation: {
    show: ({ rotations }, reader, asked) => showRotation(rotations, reader, asked),
    settle: settleRotation,
  },
  developmentPlan: {
    show: ({ plans }, reader, asked) => showPlan(plans, reader, asked),
    settle: (parts, reader, sent) => settlePlan({ ...parts, ...reader }, sent),
  },
  quarterlyReview: {
    show: ({ reviews }, reader, asked) => showQuarter(reviews, reader, asked),
    settle: (parts, reader, sent) => settleQuarter({ ...parts, ...reader }, sent),
  },
  feedbackRound: {
    show: ({ feedback }, reader, asked) => showRound(feedback, reader, asked),
    settle: (parts, reader, sent) => settleRound({ ...parts, ...reader }, sent),
  },
  skillAudit: {
    show: ({ audits }, reader, asked) => showAudit(audits, reader, asked),
    settle: (parts, reader, sent) => settleAudit({ ...parts, ...reader }, sent),
  },
  assignment: {
    show: ({ assignments }, reader, asked) => showAssignment(assignments, reader, asked),
    settle: (parts, reader, sent) => settleAssignment({ ...parts, ...reader }, sent),
  },
  practice: {
    show: ({ practices }, reader, asked) => showPractice(practices, reader, asked),
    settle: (parts, reader, sent) => settlePractice({ ...parts, ...reader }, sent),
  },
  holidayReview: {
    show: ({ holidays }, reader, asked) => showReview(holidays, reader, asked),
    settle: (parts, reader, sent) => settleReview({ ...parts, ...reader }, sent),
  },
  outlook: {
    show: ({ outlooks }, reader, asked) => showFinding(outlooks, reader, asked),
    settle: (parts, reader, sent) => settleFinding({ ...parts, ...reader }, sent),
  },
};

export async function taskPagesOf({ handoffs }: TaskPageParts, id: string): Promise<TaskPages> {
  if (!handoffParams.safeParse({ id }).success) throw new Refusal(problem('request.not_found'));
  const name = await loopName(handoffs.db, id);
  const found = pages[name as LoopName] as TaskPages | undefined;
  if (!found) throw new Refusal(problem('request.not_found'));
  return found;
}
