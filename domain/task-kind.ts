/** What people are asked for: every kind of task there is, by its loop. */
import type { LoopName } from './loop.ts';

/** A plan opens no other; each has a form on the page of its loop (`test/integration/task-pages.test.ts`). */
export const taskKinds = {
  handoff: ['handoff.read_back', 'handoff.answer', 'handoff.confirm'],
  cover: ['cover.take', 'cover.hand_back'],
  alert: ['alert.acknowledge'],
  delegation: [],
  rotation: [],
  holidayReview: ['holidayReview.review'],
  outlook: ['outlook.settle'],
  budgetRequest: [
    'budgetRequest.decide',
    'budgetRequest.except',
    'budgetRequest.answer',
    'budgetRequest.close_out',
  ],
  practice: [
    'practice.clinical_review',
    'practice.compliance_review',
    'practice.check_translation',
    'practice.approve_translation',
    'practice.verify',
  ],
  assignment: [
    'assignment.sign',
    'assignment.allow',
    'assignment.mobility',
    'assignment.posted_worker',
    'assignment.insurance',
    'assignment.begin',
    'assignment.check_in',
    'assignment.renew_training',
    'assignment.give_lesson',
    'assignment.give_feedback',
    'assignment.rate_goals',
  ],
  feedbackRound: ['feedback.nominate', 'feedback.release', 'feedback.give'],
  skillAudit: ['skillAudit.rate_people'],
  developmentPlan: [
    'plan.agree',
    'plan.find_money',
    'plan.find_work',
    'plan.report',
    'plan.coach',
    'plan.close',
  ],
  quarterlyReview: ['quarter.attend', 'quarter.conclude', 'quarter.act'],
} as const satisfies Readonly<Record<LoopName, readonly string[]>>;

export type PlainTaskKind = (typeof taskKinds)[LoopName][number];
/** Some say where, or which: `practice.verify/DE`, `quarter.act/2`. */
export type TaskKind = PlainTaskKind | `${PlainTaskKind}/${string}`;

/** Somebody’s own view of somebody else: nobody takes the step in their place, or is shown that it is open. */
export const isOwnView = (kind: string): boolean =>
  kind === 'feedback.give' || kind === 'skillAudit.rate_people';

/** Within its loop: `read_back` of `handoff.read_back`. */
export type TaskNameOf<Loop extends LoopName> =
  (typeof taskKinds)[Loop][number] extends `${string}.${infer Name}` ? Name : never;

/** Within its loop: `handoff.read_back` is `read_back`, and `practice.verify/DE`, which says where, `verify`. */
export function taskName(kind: string): string {
  const [named = ''] = kind.split('/');
  return named.slice(named.lastIndexOf('.') + 1);
}
