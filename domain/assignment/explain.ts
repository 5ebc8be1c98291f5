/** What happened to an assignment: sentences of the catalogue. */
import type { Holdable } from '../hold.ts';
import type { PersonId } from '../id.ts';
import type { Instant, Moment, NoticeParams, Sentence } from '../loop.ts';
import { feedbackRoles } from './decide.ts';
import { gatesOf, lapsedOf, signerOf, signersOf, unsignedBy } from './signers.ts';
import type { AssignmentCommand, AssignmentEvent, AssignmentState } from './state.ts';

export const milestoneKinds = ['signed', 'agreed', 'begun', 'answered', 'ended'] as const;
export type MilestoneKind = (typeof milestoneKinds)[number];

/** What a picture of it shows of an event; null for what it leaves out. */
export function milestoneOf({ type }: { readonly type: string }): MilestoneKind | null {
  if (type === 'checkInAnswered') return 'answered';
  return milestoneKinds.find((kind) => kind === type) ?? null;
}

export function timelineSentence(event: AssignmentEvent): Sentence {
  return { key: `assignment.timeline.${event.type}`, params: paramsOf(event) };
}

const by = (person: PersonId): NoticeParams => ({ by: { person } });

function paramsOf(event: AssignmentEvent): NoticeParams {
  switch (event.type) {
    case 'proposed':
    case 'changeProposed': {
      const { firstDay, lastDay } = event.terms;
      return { firstDay: { day: firstDay }, lastDay: { day: lastDay } };
    }
    case 'signed':
    case 'declined':
    case 'changeDeclined':
    case 'forbidden':
    case 'approved':
    case 'checkInAnswered':
    case 'feedbackGiven':
    case 'rated':
    case 'dutyDone':
    case 'lessonGiven':
      return by(event.by);
    case 'coversAsked':
      return { from: { instant: event.from }, until: { instant: event.until } };
    case 'trainingLapsed':
    case 'trainingRenewed':
    case 'renewalReminded':
      return { person: { person: event.person } };
    case 'signerReplaced':
    case 'approverReplaced':
      return { person: { person: event.person }, to: { person: event.to } };
    case 'begun':
    case 'ended':
    case 'cancelled':
    case 'agreed':
    case 'lapsed':
    case 'changeLapsed':
    case 'blocked':
    case 'signReminded':
    case 'checkInAsked':
    case 'checkInLate':
    case 'stalled':
    case 'closingReminded':
    case 'closed':
      return {};
  }
}

const explained = (key: string, params: NoticeParams = {}): Sentence => ({
  key: `assignment.explain.${key}`,
  params,
});
const at = (instant: Instant): NoticeParams => ({ at: { instant } });
const named = (id: PersonId): NoticeParams => ({ person: { person: id } });

/** Whom it waits for, and what comes next if nobody acts. */
export const explainAssignment = (
  { state }: Holdable<AssignmentState>,
  moments: readonly Moment<AssignmentCommand>[],
): readonly Sentence[] => [...standing(state), ...moments.flatMap(nextStep)];

function standing(state: AssignmentState): readonly Sentence[] {
  const { status, compliance, pending, changedAt } = state;
  const unsigned = [
    ...(pending !== null && compliance !== null && !gatesOf(state).isApproved
      ? [explained('waits_allow', named(compliance))]
      : []),
    ...unsignedBy(state).map((person) => explained('waits_sign', named(person))),
  ];
  switch (status) {
    case 'new':
      return [];
    case 'closed':
    case 'declined':
    case 'lapsed':
    case 'cancelled':
      return [explained(`is_${status}`, at(changedAt))];
    case 'proposed':
    case 'agreed':
      return unsigned;
    case 'waiting':
      return [explained('waits_begin'), ...unsigned];
    case 'running':
      return [...during(state), ...unsigned];
    case 'closing':
      return closing(state);
  }
}

const during = (state: AssignmentState): readonly Sentence[] => [
  ...(state.checkIn === null ? [] : [explained('waits_check_in', named(state.participant))]),
  ...lapsedOf(state).map(({ person }) => explained('waits_training', named(person))),
];

function closing(state: AssignmentState): readonly Sentence[] {
  const { terms, participant, hasLesson, feedback, isRated } = state;
  const [, home] = signersOf(state);
  if (terms === null || home === undefined) return [];
  return [
    ...(hasLesson ? [] : [explained('waits_lesson', named(participant))]),
    ...feedbackRoles
      .filter((role) => !feedback.includes(role))
      .map((role) => explained('waits_feedback', named(signerOf(state, terms, role)))),
    ...(isRated ? [] : [explained('waits_rating', named(home))]),
  ];
}

/** The rest follows at once from what somebody does or how things stand. */
const nextKeys: Readonly<Partial<Record<AssignmentCommand['type'], string>>> = {
  remindSign: 'next_remind',
  remindClosing: 'next_remind',
  remindRenewal: 'next_remind',
  lapse: 'next_lapse',
  begin: 'next_begin',
  block: 'next_block',
  askCovers: 'next_covers',
  checkIn: 'next_check_in',
  checkInLate: 'next_check_in_late',
  stall: 'next_stall',
  lapseTraining: 'next_training',
  end: 'next_end',
};

function nextStep({ at: instant, command }: Moment<AssignmentCommand>): readonly Sentence[] {
  const key = nextKeys[command.type];
  if (key === undefined) return [];
  const who = command.type === 'lapseTraining' ? named(command.person) : {};
  return [explained(key, { ...at(instant), ...who })];
}
