/** The order of an assignment's steps, and who of those named in it may take each. */
import { assert } from '../assert.ts';
import type { ContentId, PersonId } from '../id.ts';
import {
  accept,
  type ByPerson,
  type Decision,
  type Instant,
  type LoopRules,
  partyOf,
  refuse,
} from '../loop.ts';
import { isMoved } from './covers.ts';
import { evolveAssignment } from './evolve.ts';
import { gatesOf, lapsedOf, roleOf, signerOf, signersOf, unsignedBy } from './signers.ts';
import {
  type AssignmentCommand,
  type AssignmentEvent,
  type AssignmentState,
  accountsMax,
  changesMax,
  type ClockCommand,
  closedStatuses,
  goalsMax,
  initialAssignment,
  isAtHost,
  type SignerRole,
  signerRoles,
  type Terms,
} from './state.ts';

type Step = Decision<AssignmentEvent>;
type State = AssignmentState;
type Of<Type extends AssignmentCommand['type']> = Extract<AssignmentCommand, { type: Type }>;

export const assignmentRules: LoopRules<State, AssignmentCommand, AssignmentEvent> = {
  loop: 'assignment',
  version: 1,
  initial: initialAssignment,
  decide: decideAssignment,
  evolve: evolveAssignment,
  isClosed: ({ status }) => closedStatuses.includes(status),
};

const stale: Step = refuse('loop.stale_plan');

function decideAssignment(state: State, command: AssignmentCommand, at: Instant): Step {
  if (command.type === 'propose') return propose(state, command);
  if (state.status === 'new') return refuse('loop.not_open');
  if (assignmentRules.isClosed(state)) return refuse('loop.closed');
  switch (command.type) {
    case 'sign':
      return sign(state, command);
    case 'decline':
      return decline(state, partyOf(command), command.content);
    case 'change':
      return change(state, command);
    case 'approve':
    case 'forbid':
      return judge(state, command);
    case 'finishDuty':
      return finishDuty(state, command);
    case 'start':
      if (state.status !== 'waiting') return refuse('assignment.not_asked');
      return accept({ type: 'begun', by: partyOf(command) });
    case 'cancel':
      return hasBegun(state)
        ? refuse('assignment.has_begun')
        : accept({ type: 'cancelled', by: partyOf(command) });
    case 'returnEarly':
      if (state.status !== 'running') return refuse('assignment.not_running');
      return accept({ type: 'ended', by: partyOf(command) });
    case 'answerCheckIn':
      return answerCheckIn(state, command);
    case 'confirmTraining':
      return confirmTraining(state, partyOf(command));
    case 'giveLesson':
    case 'giveFeedback':
    case 'rate':
      return give(state, command, at);
    case 'remindSign':
    case 'lapse':
    case 'begin':
    case 'block':
    case 'askCovers':
    case 'checkIn':
    case 'checkInLate':
    case 'stall':
    case 'end':
    case 'remindClosing':
    case 'lapseTraining':
    case 'renewTraining':
    case 'remindRenewal':
    case 'replaceSigner':
    case 'replaceApprover':
    case 'drop':
      return tick(state, command);
  }
}

const hasBegun = ({ status }: State): boolean => status === 'running' || status === 'closing';

function propose(state: State, command: Of<'propose'>): Step {
  if (state.status !== 'new') return refuse('loop.already_open');
  const { kind, participant, homeRegion, hostRegion, compliance, opportunity, terms } = command;
  if (homeRegion === hostRegion) return refuse('assignment.host_is_home');
  if (kind === 'shadowing' && compliance === null) return refuse('assignment.approver_missing');
  const broken = brokenTerms(participant, terms);
  if (broken) return broken;
  const proposer = command.actor === undefined ? null : partyOf(command);
  const named = { kind, participant, homeRegion, hostRegion, opportunity, terms, proposer };
  const approver = kind === 'shadowing' ? compliance : null;
  return accept({ type: 'proposed', ...named, compliance: approver });
}

/** What no terms may say, whoever signs them. */
function brokenTerms(participant: PersonId, terms: Terms): Step | null {
  assert(terms.goals.length <= goalsMax, `at most ${goalsMax} goals`);
  assert(terms.accounts.length <= accountsMax, `at most ${accountsMax} accounts`);
  if (new Set([participant, terms.home, terms.host]).size < signerRoles.length) {
    return refuse('assignment.same_person');
  }
  if (terms.lastDay < terms.firstDay) return refuse('assignment.end_before_start');
  if (terms.overlapHours > terms.weeklyHours) return refuse('assignment.overlap_over_hours');
  return null;
}

/** Whoever acts under a delegation is none of the others that the terms name: each side is another person. */
function isOfOtherSide(state: State, { actor, onBehalfOf }: ByPerson): boolean {
  if (onBehalfOf === undefined || actor === onBehalfOf) return false;
  const sides = [state.terms, state.pending?.terms].flatMap((terms) =>
    terms ? signerRoles.map((role) => signerOf(state, terms, role)) : [],
  );
  return actor === state.compliance || sides.includes(actor);
}

function sign(state: State, command: Of<'sign'>): Step {
  const by = partyOf(command);
  const { actor } = command;
  const { pending } = state;
  if (pending === null) return refuse('assignment.nothing_to_sign');
  const role = roleOf(state, pending.terms, by);
  if (role === null) return refuse('assignment.not_signer');
  if (pending.signed.includes(role)) return refuse('assignment.already_done');
  const isAnother = !(pending.signedBy ?? []).includes(actor);
  if (!isAnother || isOfOtherSide(state, command)) return refuse('assignment.other_side');
  const { isApproved, isMobilityDone } = gatesOf(state);
  if (state.kind === 'shadowing' && !isApproved) return refuse('assignment.not_approved');
  if (isAtHost(state.kind) && !isMobilityDone) return refuse('assignment.mobility_open');
  const isLast = pending.signed.length + 1 === signerRoles.length;
  const signed = { type: 'signed', role, by, ...(actor !== by && { actor }) } as const;
  if (!isLast) return accept(signed);
  const coversAnew = isMoved(state) && ({ coversAnew: true } as const);
  return accept<AssignmentEvent>(signed, { type: 'agreed', number: pending.number, ...coversAnew });
}

function decline(state: State, by: PersonId, content: ContentId | null): Step {
  const { pending, status } = state;
  if (pending === null) return refuse('assignment.nothing_to_sign');
  if (roleOf(state, pending.terms, by) === null) return refuse('assignment.not_signer');
  return accept({ type: status === 'proposed' ? 'declined' : 'changeDeclined', by, content });
}

/** Extend, shorten, other goals or hours, another signer: all three sign again, the old terms until then. */
function change(state: State, command: Of<'change'>): Step {
  const { terms, pending, status, number } = state;
  if (status === 'closing') return refuse('assignment.not_running');
  if (number >= changesMax) return refuse('assignment.too_many_changes', { max: changesMax });
  const before = terms ?? pending?.terms;
  if (status === 'running' && command.terms.firstDay !== before?.firstDay) {
    return refuse('assignment.has_begun');
  }
  const broken = brokenTerms(state.participant, command.terms);
  return broken ?? accept({ type: 'changeProposed', by: partyOf(command), terms: command.terms });
}

function judge(state: State, command: Of<'approve'> | Of<'forbid'>): Step {
  const by = partyOf(command);
  if (by !== state.compliance) return refuse('assignment.not_approver');
  if (isOfOtherSide(state, command)) return refuse('assignment.other_side');
  const isOfChange = state.terms !== null && state.pending?.gates !== undefined;
  if (hasBegun(state) && !isOfChange) return refuse('assignment.has_begun');
  if (command.type === 'forbid') {
    const type = isOfChange ? 'changeDeclined' : 'forbidden';
    return accept<AssignmentEvent>({ type, by, content: command.content });
  }
  return gatesOf(state).isApproved
    ? refuse('assignment.already_done')
    : accept({ type: 'approved', by });
}

/** Mobility is for the participant to look into, the rest for the home manager. */
function finishDuty(state: State, command: Of<'finishDuty'>): Step {
  const by = partyOf(command);
  const { duty } = command;
  const [participant, home] = signersOf(state);
  if (!isAtHost(state.kind)) return refuse('assignment.not_asked');
  if (by !== (duty === 'mobility' ? participant : home)) return refuse('assignment.not_signer');
  const isDone =
    duty === 'mobility' ? gatesOf(state).isMobilityDone : state.doneDuties.includes(duty);
  if (isDone) return refuse('assignment.already_done');
  return accept({ type: 'dutyDone', duty, by });
}

function answerCheckIn({ checkIn, participant }: State, command: Of<'answerCheckIn'>): Step {
  const by = partyOf(command);
  if (checkIn === null) return refuse('assignment.not_asked');
  if (by !== participant) return refuse('assignment.not_signer');
  const { number } = checkIn;
  return accept({ type: 'checkInAnswered', number, by, content: command.content });
}

/** That it counts again is for the record to see. */
function confirmTraining(state: State, person: PersonId): Step {
  const isAsked =
    state.status === 'running' && lapsedOf(state).some((one) => one.person === person);
  return isAsked ? accept({ type: 'trainingRenewed', person }) : refuse('assignment.not_asked');
}

type Given = Of<'giveLesson'> | Of<'giveFeedback'> | Of<'rate'>;

/** The last of them closes it. */
function give(state: State, command: Given, at: Instant): Step {
  if (state.status !== 'closing') return refuse('assignment.not_asked');
  const [event, problem] = given(state, command);
  if (problem !== null) return problem;
  if (isOfOtherSide(state, command)) return refuse('assignment.other_side');
  const after = evolveAssignment(state, event, at);
  if (!isComplete(after)) return accept(event);
  return accept<AssignmentEvent>(event, { type: 'closed' });
}

/** From whom feedback is asked: both sides of what was done together. */
export const feedbackRoles: readonly SignerRole[] = ['participant', 'host'];

const isComplete = ({ hasLesson, feedback, isRated }: State): boolean =>
  hasLesson && isRated && feedbackRoles.every((role) => feedback.includes(role));

type GivenEvent = Extract<AssignmentEvent, { type: 'lessonGiven' | 'feedbackGiven' | 'rated' }>;

function given(state: State, command: Given): readonly [GivenEvent, Step | null] {
  const by = partyOf(command);
  const { content } = command;
  const role = roleOf(state, state.terms as Terms, by) ?? 'home';
  const isParty = signersOf(state).includes(by);
  switch (command.type) {
    case 'giveLesson': {
      const { lesson } = command;
      const event: GivenEvent = { type: 'lessonGiven', lesson, by, content };
      if (by !== state.participant) return [event, refuse('assignment.not_signer')];
      return [event, state.hasLesson ? refuse('assignment.already_done') : null];
    }
    case 'giveFeedback': {
      const event: GivenEvent = { type: 'feedbackGiven', role, by, content };
      const isAsked = isParty && feedbackRoles.includes(role);
      if (!isAsked) return [event, refuse('assignment.not_signer')];
      return [event, state.feedback.includes(role) ? refuse('assignment.already_done') : null];
    }
    case 'rate': {
      const event: GivenEvent = { type: 'rated', ratings: command.ratings, by, content };
      if (!isParty || role !== 'home') return [event, refuse('assignment.not_signer')];
      const rated = command.ratings.map(({ competency }) => competency);
      const isWhole = state.terms?.goals.every(({ competency }) => rated.includes(competency));
      if (!isWhole) return [event, refuse('assignment.goal_unrated')];
      return [event, state.isRated ? refuse('assignment.already_done') : null];
    }
  }
}

function tick(state: State, command: ClockCommand): Step {
  const { status, pending } = state;
  switch (command.type) {
    case 'remindSign':
      return pending === null || pending.isReminded ? stale : accept({ type: 'signReminded' });
    case 'lapse':
      if (status === 'waiting' && pending === null) return accept({ type: 'lapsed' });
      if (pending === null || unsignedBy(state).length === 0) return stale;
      return accept({ type: status === 'proposed' ? 'lapsed' : 'changeLapsed' });
    case 'begin':
      return status === 'agreed' ? accept({ type: 'begun', by: null }) : stale;
    case 'block':
      return status === 'agreed' ? accept({ type: 'blocked' }) : stale;
    case 'drop':
      return accept({ type: 'cancelled', by: null });
    case 'replaceSigner': {
      const { role, person, to } = command;
      return accept({ type: 'signerReplaced', role, person, to });
    }
    case 'replaceApprover': {
      const { person, to } = command;
      return state.compliance === person ? accept({ type: 'approverReplaced', person, to }) : stale;
    }
    case 'askCovers':
      if (status !== 'agreed' && status !== 'running') return stale;
      return accept({ type: 'coversAsked', from: command.from, until: command.until });
    case 'checkIn':
    case 'checkInLate':
    case 'stall':
    case 'end':
    case 'remindClosing':
      return tickRunning(state, command.type);
    case 'lapseTraining':
    case 'renewTraining':
    case 'remindRenewal':
      return tickTraining(state, command);
  }
}

/** While it runs, of each who signs: it has lapsed once until it is there again. */
function tickTraining(
  state: State,
  { type, person }: Of<'lapseTraining'> | Of<'renewTraining'> | Of<'remindRenewal'>,
): Step {
  if (state.status !== 'running' || !signersOf(state).includes(person)) return stale;
  const lapse = lapsedOf(state).find((one) => one.person === person);
  switch (type) {
    case 'lapseTraining':
      return lapse ? stale : accept({ type: 'trainingLapsed', person });
    case 'renewTraining':
      return lapse ? accept({ type: 'trainingRenewed', person }) : stale;
    case 'remindRenewal':
      return lapse && !lapse.isReminded ? accept({ type: 'renewalReminded', person }) : stale;
  }
}

function tickRunning(
  { status, checkIn, checkInsAsked, isClosingReminded }: State,
  type: 'checkIn' | 'checkInLate' | 'stall' | 'end' | 'remindClosing',
): Step {
  if (type === 'remindClosing') {
    const isDue = status === 'closing' && !isClosingReminded;
    return isDue ? accept({ type: 'closingReminded' }) : stale;
  }
  if (status !== 'running') return stale;
  switch (type) {
    case 'checkIn':
      return checkIn === null ? accept({ type: 'checkInAsked', number: checkInsAsked + 1 }) : stale;
    case 'checkInLate':
      if (checkIn === null || checkIn.isLate) return stale;
      return accept({ type: 'checkInLate', number: checkIn.number });
    case 'stall':
      return accept({ type: 'stalled' });
    case 'end':
      return accept({ type: 'ended', by: null });
  }
}
