/** Who hears of what. The keys are those of `locales/<locale>/assignment.json`. */
import type { PersonId } from '../id.ts';
import type { HoldEvent, NoticeDraft, NoticeParams } from '../loop.ts';
import type { TaskNameOf } from '../task-kind.ts';
import type { MessageOf } from '../notice/message-kinds.ts';
import { feedbackRoles } from './decide.ts';
import { gatesOf, signerOf, signersOf, termsOf, unsignedBy } from './signers.ts';
import { type AssignmentEvent, type AssignmentState, isAtHost, type Terms } from './state.ts';

type State = AssignmentState;

interface Letter {
  readonly to: PersonId;
  readonly key: MessageOf<'assignment'>;
  readonly asks?: TaskNameOf<'assignment'>;
  readonly params?: NoticeParams;
}

export function assignmentNotices(
  event: AssignmentEvent | HoldEvent,
  state: State,
): readonly NoticeDraft[] {
  const terms = state.pending?.terms ?? termsOf(state);
  const common: NoticeParams = {
    participant: { person: state.participant },
    firstDay: { day: terms?.firstDay ?? '' },
    lastDay: { day: terms?.lastDay ?? '' },
    region: { region: state.hostRegion },
  };
  const period = terms === null ? {} : periodOf(terms);
  return letters(event, state).map(({ to, key, asks, params }) => ({
    to,
    key: `assignment.${key}`,
    params: { ...common, ...(agreed.includes(key) && period), ...params },
    urgency: 'working',
    ...(asks !== undefined && { asks: `assignment.${asks}` }),
  }));
}

/** Its days are in the calendars of all three. */
const agreed: readonly string[] = ['agreed', 'begun'];

const periodOf = ({ firstDay, lastDay }: Terms): NoticeParams => ({
  agreedFrom: { day: firstDay },
  agreedUntil: { day: lastDay },
});

const person = (id: PersonId): NoticeParams => ({ person: { person: id } });

const toAll = (
  state: State,
  key: MessageOf<'assignment'>,
  params?: NoticeParams,
): readonly Letter[] => signersOf(state).map((to) => ({ to, key, ...(params && { params }) }));

const toUnsigned = (state: State, key: MessageOf<'assignment'>): readonly Letter[] =>
  unsignedBy(state).map((to) => ({ to, key, asks: 'sign' }));

/** What all have signed comes into their calendar too, and not what is only proposed beside it. */
function toSuccessor({ status, terms }: State, to: PersonId): readonly Letter[] {
  const isAgreed = status === 'agreed' || status === 'waiting' || status === 'running';
  if (terms === null || !isAgreed) return [];
  const days = { firstDay: { day: terms.firstDay }, lastDay: { day: terms.lastDay } };
  return [{ to, key: 'agreed', params: { ...days, ...periodOf(terms) } }];
}

function letters(event: AssignmentEvent | HoldEvent, state: State): readonly Letter[] {
  switch (event.type) {
    case 'proposed': {
      return [...toUnsigned(state, 'sign'), ...allowing(state)];
    }
    case 'changeProposed':
      return [...toUnsigned(state, 'sign_change'), ...allowing(state)];
    case 'signReminded':
      return toUnsigned(state, 'sign_reminder');
    case 'agreed':
      return [...toAll(state, 'agreed'), ...duties(state)];
    case 'declined':
    case 'forbidden':
    case 'changeDeclined':
      return toAll(
        state,
        event.type === 'changeDeclined' ? 'change_declined' : 'declined',
        person(event.by),
      );
    case 'lapsed':
      return toAll(state, 'lapsed');
    case 'changeLapsed':
      return toAll(state, 'change_lapsed');
    case 'approved':
      return toUnsigned(state, 'sign');
    case 'cancelled':
      return toAll(state, 'cancelled');
    case 'signerReplaced':
      return [
        ...toAll(state, 'signer_replaced', person(event.to)),
        ...toSuccessor(state, event.to),
      ];
    case 'approverReplaced':
      return allowing(state).length === 0
        ? []
        : [...toAll(state, 'approver_replaced', person(event.to)), ...allowing(state)];
    case 'blocked':
      return blocked(state);
    case 'begun':
      return toAll(state, 'begun');
    case 'closed':
      return toAll(state, 'closed');
    case 'signed':
    case 'dutyDone':
    case 'coversAsked':
    case 'checkInAsked':
    case 'checkInLate':
    case 'checkInAnswered':
    case 'stalled':
    case 'ended':
    case 'closingReminded':
    case 'trainingLapsed':
    case 'trainingRenewed':
    case 'renewalReminded':
    case 'lessonGiven':
    case 'feedbackGiven':
    case 'rated':
    case 'held':
    case 'resumed':
      return lettersDuring(event, state);
  }
}

function duties(state: State): readonly Letter[] {
  if (!isAtHost(state.kind) || state.terms === null) return [];
  const { home: to } = state.terms;
  const open = (['posted_worker', 'insurance'] as const).filter(
    (duty) => !state.doneDuties.includes(duty),
  );
  return open.map((duty) => ({ to, key: duty, asks: duty }));
}

/** Whoever says whether regulations allow it, where that is to be said of these days. */
function allowing(state: State): readonly Letter[] {
  const { compliance } = state;
  if (compliance === null || state.pending === null || gatesOf(state).isApproved) return [];
  return [{ to: compliance, key: 'allow', asks: 'allow' }];
}

const blocked = (state: State): readonly Letter[] =>
  signersOf(state).map((to) => ({
    to,
    key: 'blocked',
    ...(to !== state.terms?.host && { asks: 'begin' }),
  }));

type During = Extract<
  AssignmentEvent | HoldEvent,
  {
    type:
      | 'signed'
      | 'dutyDone'
      | 'coversAsked'
      | 'checkInAsked'
      | 'checkInLate'
      | 'checkInAnswered'
      | 'stalled'
      | 'ended'
      | 'closingReminded'
      | 'trainingLapsed'
      | 'trainingRenewed'
      | 'renewalReminded'
      | 'lessonGiven'
      | 'feedbackGiven'
      | 'rated'
      | 'held'
      | 'resumed';
  }
>;

function lettersDuring(event: During, state: State): readonly Letter[] {
  const { participant, terms } = state;
  if (terms === null) return [];
  switch (event.type) {
    case 'checkInAsked':
      return [{ to: participant, key: 'check_in', asks: 'check_in' }];
    case 'checkInLate':
      return [
        { to: participant, key: 'check_in_late', asks: 'check_in' },
        { to: terms.home, key: 'check_in_late' },
      ];
    case 'stalled':
      return toAll(state, 'stalled');
    case 'ended':
      return [...toAll(state, 'ended'), ...closing(state)];
    case 'closingReminded':
      return closing(state);
    case 'trainingLapsed':
      return ofTraining(state, event.person, ['training_lapsed', 'training_lapsed_for']);
    case 'renewalReminded':
      return ofTraining(state, event.person, ['renewal_reminder', 'renewal_late']);
    case 'trainingRenewed':
      return toAll(state, 'training_renewed', person(event.person));
    case 'signed':
    case 'dutyDone':
    case 'coversAsked':
    case 'checkInAnswered':
    case 'lessonGiven':
    case 'feedbackGiven':
    case 'rated':
    case 'held':
    case 'resumed':
      return [];
  }
}

/** Whoever holds it is asked to renew it; the other two hear of whose is missing. */
const ofTraining = (
  state: State,
  holder: PersonId,
  [own, others]: readonly [own: MessageOf<'assignment'>, others: MessageOf<'assignment'>],
): readonly Letter[] =>
  signersOf(state).map((to) =>
    to === holder
      ? ({ to, key: own, asks: 'renew_training' } as const)
      : { to, key: others, params: person(holder) },
  );

/** What is still missing, each from whom it is asked. */
function closing(state: State): readonly Letter[] {
  const { terms, participant } = state;
  if (terms === null) return [];
  const waiting = feedbackRoles.filter((role) => !state.feedback.includes(role));
  const lesson: Letter = { to: participant, key: 'lesson', asks: 'give_lesson' };
  const rate: Letter = { to: terms.home, key: 'rate', asks: 'rate_goals' };
  return [
    ...(state.hasLesson ? [] : [lesson]),
    ...waiting.map((role): Letter => ({
      to: signerOf(state, terms, role),
      key: 'feedback',
      asks: 'give_feedback',
    })),
    ...(state.isRated ? [] : [rate]),
  ];
}
