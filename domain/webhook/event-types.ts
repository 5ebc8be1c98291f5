/** What other systems can hear of: every event of every loop, such as `handoff.offered`. */
import type { AlertEvent } from '../alert/state.ts';
import type { BudgetEvent } from '../budget/state.ts';
import type { AssignmentEvent } from '../assignment/state.ts';
import type { CoverEvent } from '../cover/state.ts';
import type { DelegationEvent } from '../delegation/state.ts';
import type { PlanEvent } from '../development-plan/state.ts';
import type { ReviewEvent } from '../quarterly-review/state.ts';
import type { RoundEvent } from '../feedback-round/state.ts';
import type { HandoffEvent } from '../handoff/state.ts';
import type { HolidayReviewEvent } from '../holiday-review/state.ts';
import { type HoldEvent, loopNames, type LoopName } from '../loop.ts';
import type { PracticeEvent } from '../practice/state.ts';
import type { RotationEvent } from '../rotation/state.ts';
import type { AuditEvent } from '../skill-audit/state.ts';
import type { OutlookEvent } from '../outlook/state.ts';

interface EventOf extends Record<LoopName, { readonly type: string }> {
  readonly feedbackRound: RoundEvent;
  readonly quarterlyReview: ReviewEvent;
  readonly skillAudit: AuditEvent;
  readonly developmentPlan: PlanEvent;
  readonly handoff: HandoffEvent;
  readonly holidayReview: HolidayReviewEvent;
  readonly cover: CoverEvent;
  readonly delegation: DelegationEvent;
  readonly rotation: RotationEvent;
  readonly alert: AlertEvent;
  readonly assignment: AssignmentEvent;
  readonly practice: PracticeEvent;
  readonly outlook: OutlookEvent;
  readonly budgetRequest: BudgetEvent;
}

/** A key for each, so that the compiler asks for a new one; false for what is told to nobody outside. */
type Told = { readonly [L in LoopName]: Readonly<Record<EventOf[L]['type'], boolean>> };

const told: Told = {
  handoff: {
    offered: true,
    asked: true,
    answered: true,
    questionLapsed: true,
    readBack: true,
    readBackDropped: true,
    confirmationEscalated: true,
    sentBack: true,
    callProposed: true,
    revised: true,
    transferred: true,
    declined: true,
    withdrawn: true,
    dropped: true,
    reassigned: true,
    reminded: true,
    passedOn: true,
    bounced: true,
  },
  skillAudit: {
    opened: true,
    rated: true,
    skipped: true,
    dropped: true,
    reminded: true,
    passedOn: true,
    closed: true,
    cancelled: true,
  },
  feedbackRound: {
    started: true,
    nominated: true,
    nominationLapsed: true,
    reminded: true,
    released: true,
    asked: true,
    // When somebody answers is told to nobody: beside who was asked it would say who did.
    raterReminded: false,
    answered: false,
    declined: false,
    passedOn: true,
    closed: true,
    cancelled: true,
  },
  developmentPlan: {
    started: true,
    consented: true,
    agreed: true,
    changeProposed: true,
    refused: true,
    changeRefused: true,
    agreeReminded: true,
    lapsed: true,
    changeLapsed: true,
    linked: true,
    fulfilled: true,
    reopened: true,
    needReminded: true,
    reviewAsked: true,
    reviewed: true,
    reviewLate: true,
    coached: true,
    coachReminded: true,
    coachGone: true,
    managerReplaced: true,
    stalled: true,
    ended: true,
    closeReminded: true,
    closed: true,
    cancelled: true,
  },
  quarterlyReview: {
    opened: true,
    moved: true,
    attending: true,
    confirmed: true,
    attendReminded: true,
    met: true,
    lapsed: true,
    concluded: true,
    concludeReminded: true,
    actionAdded: true,
    actionDone: true,
    actionReminded: true,
    actionOverdue: true,
    actionPassed: true,
    chairReplaced: true,
    excused: true,
    closed: true,
    cancelled: true,
  },
  holidayReview: {
    asked: true,
    confirmed: true,
    corrected: true,
    reminded: true,
    escalated: true,
    lapsed: true,
    settled: true,
  },
  cover: {
    requested: true,
    refused: true,
    taken: true,
    withdrawn: true,
    reminded: true,
    escalated: true,
    replaced: true,
    begun: true,
    handedBack: true,
    handBackReminded: true,
    returned: true,
    overtaken: true,
    accountClosed: true,
  },
  delegation: { given: true, begun: true, ended: true },
  rotation: {
    started: true,
    changed: true,
    ended: true,
    stopped: true,
    emptied: true,
    handedOver: true,
    warned: true,
  },
  alert: {
    raised: true,
    called: true,
    unanswered: true,
    followed: true,
    acknowledged: true,
    resolved: true,
    withdrawn: true,
  },
  assignment: {
    proposed: true,
    changeProposed: true,
    signed: true,
    agreed: true,
    declined: true,
    changeDeclined: true,
    forbidden: true,
    approved: true,
    signReminded: true,
    lapsed: true,
    changeLapsed: true,
    dutyDone: true,
    coversAsked: true,
    blocked: true,
    begun: true,
    checkInAsked: true,
    checkInAnswered: true,
    checkInLate: true,
    stalled: true,
    ended: true,
    cancelled: true,
    signerReplaced: true,
    approverReplaced: true,
    trainingLapsed: true,
    trainingRenewed: true,
    renewalReminded: true,
    lessonGiven: true,
    feedbackGiven: true,
    rated: true,
    closingReminded: true,
    closed: true,
  },
  practice: {
    drafted: true,
    revised: true,
    submitted: true,
    assigned: true,
    reminded: true,
    passedOn: true,
    escalated: true,
    reviewed: true,
    cleared: true,
    expertNamed: true,
    handedOn: true,
    fellDue: true,
    lapsed: true,
    verified: true,
    reopened: true,
    translated: true,
    translationApproved: true,
    translationRefused: true,
    judged: true,
    withdrawn: true,
  },
  outlook: {
    opened: true,
    acknowledged: true,
    reminded: true,
    escalated: true,
    askedAgain: true,
    observed: true,
    reassigned: true,
    settled: true,
  },
  budgetRequest: {
    submitted: true,
    approved: true,
    excepted: true,
    rejected: true,
    asked: true,
    answered: true,
    questionLapsed: true,
    withdrawn: true,
    proven: true,
    raised: true,
    completed: true,
    reminded: true,
    overdue: true,
    rerouted: true,
    lapsed: true,
    closeOutReminded: true,
  },
};

const held: Readonly<Record<HoldEvent['type'], true>> = { held: true, resumed: true };

const typesThat = (isTold: boolean): readonly string[] =>
  loopNames.flatMap((loop) =>
    Object.entries({ ...told[loop], ...held })
      .filter(([, is]) => is === isTold)
      .map(([type]) => `${loop}.${type}`),
  );

export const webhookEventTypes = typesThat(true);

/** Not by an endpoint either that wants everything. */
export const untoldEventTypes = typesThat(false);
