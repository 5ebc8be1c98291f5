/** The order of a handoff's steps, and who of those named in it may take each. */
import { assert } from '../assert.ts';
import { accept, partyOf, refuse, type Decision, type Instant, type LoopRules } from '../loop.ts';
import type { PersonId } from '../id.ts';
import { evolveHandoff } from './evolve.ts';
import { upgradeHandoff } from './upgrade.ts';
import {
  closedStatuses,
  initialHandoff,
  questionsMax,
  reminderPercents,
  revisionsMax,
  sendBacksMax,
  type ClockCommand,
  type HandoffCommand,
  type HandoffEvent,
  type HandoffState,
  type Wait,
} from './state.ts';

type Step = Decision<HandoffEvent>;

/**
 * Who may take the giver's steps (their manager may too) changes with the line, so the record
 * decides it; here only that nobody confirms their own read-back.
 */
export const handoffRules: LoopRules<HandoffState, HandoffCommand, HandoffEvent> = {
  loop: 'handoff',
  version: 3,
  initial: initialHandoff,
  upgrade: upgradeHandoff,
  decide: decideHandoff,
  evolve: evolveHandoff,
  isClosed: (state) => closedStatuses.includes(state.status),
};

function decideHandoff(state: HandoffState, command: HandoffCommand, _at: Instant): Step {
  if (command.type === 'offer') return offer(state, command);
  if (state.status === 'new') return refuse('loop.not_open');
  if (closedStatuses.includes(state.status)) return refuse('loop.closed');
  switch (command.type) {
    case 'ask':
      return ask(state, command);
    case 'answer':
      if (state.question === null) return refuse('handoff.no_question');
      return accept({ type: 'answered', by: partyOf(command), content: command.content });
    case 'readBack':
      return readBack(state, command);
    case 'confirm':
      return confirm(state, command);
    case 'sendBack':
      return sendBack(state, command);
    case 'revise':
      return revise(state, command);
    case 'decline':
      return decline(state, command);
    case 'withdraw':
      return withdraw(state, command);
    case 'reassign':
      return reassign(state, command);
    case 'remind':
    case 'passOn':
    case 'lapseQuestion':
    case 'dropReadBack':
    case 'drop':
    case 'escalateConfirmation':
    case 'proposeCall':
    case 'bounce':
      return tick(state, command);
  }
}

type Of<Type extends HandoffCommand['type']> = Extract<HandoffCommand, { type: Type }>;

function offer(state: HandoffState, command: Of<'offer'>): Step {
  if (state.status !== 'new') return refuse('handoff.already_offered');
  if (command.receiver === command.giver) return refuse('handoff.same_person');
  const { account, giver, receiver, severity, packet, allowanceMinutes } = command;
  assert(allowanceMinutes > 0, 'an allowance is working time');
  return accept({ type: 'offered', account, giver, receiver, severity, packet, allowanceMinutes });
}

function ask(state: HandoffState, command: Of<'ask'>): Step {
  if (state.status === 'questioned') return refuse('handoff.question_open');
  if (state.status !== 'offered') return refuse('handoff.not_offered');
  if (state.asked?.person !== partyOf(command)) return refuse('handoff.not_receiver');
  if (state.questions >= questionsMax) {
    return refuse('handoff.too_many_questions', { max: questionsMax });
  }
  return accept({ type: 'asked', by: partyOf(command), content: command.content });
}

function readBack(state: HandoffState, command: Of<'readBack'>): Step {
  if (state.status === 'questioned') return refuse('handoff.question_open');
  if (state.status !== 'offered') return refuse('handoff.not_offered');
  if (state.asked?.person !== partyOf(command)) return refuse('handoff.not_receiver');
  if (command.actor === state.giver) return refuse('handoff.not_receiver');
  const { actor, content } = command;
  const by = partyOf(command);
  return accept({ type: 'readBack', by, content, ...(actor !== by && { reader: actor }) });
}

/** However they act: for themselves, or in the place of somebody else. */
function isOnTakingSide(state: HandoffState, command: Of<'confirm' | 'sendBack' | 'revise'>) {
  const { asked, readBack } = state;
  const taking = [asked?.person, readBack?.by, readBack?.reader];
  return [command.actor, partyOf(command)].some((person) => taking.includes(person));
}

function confirm(state: HandoffState, command: Of<'confirm'>): Step {
  if (state.readBack === null) return refuse('handoff.not_read_back');
  if (isOnTakingSide(state, command)) return refuse('handoff.not_giver');
  return accept({ type: 'transferred', to: state.readBack.by, by: partyOf(command) });
}

function sendBack(state: HandoffState, command: Of<'sendBack'>): Step {
  if (state.readBack === null) return refuse('handoff.not_read_back');
  if (isOnTakingSide(state, command)) return refuse('handoff.not_giver');
  if (returnsOf(state) >= sendBacksMax) {
    return refuse('handoff.too_many_send_backs', { max: sendBacksMax });
  }
  const { by: to } = state.readBack;
  return accept({ type: 'sentBack', by: partyOf(command), to, content: command.content });
}

/** Whoever is to own the account does not rewrite what they are told of it. */
function revise(state: HandoffState, command: Of<'revise'>): Step {
  if (isOnTakingSide(state, command)) return refuse('handoff.not_giver');
  if (state.readBack !== null && returnsOf(state) >= sendBacksMax) {
    return refuse('handoff.too_many_send_backs', { max: sendBacksMax });
  }
  if (state.revision >= revisionsMax) {
    return refuse('handoff.too_many_revisions', { max: revisionsMax });
  }
  const { severity, content } = command;
  return accept({ type: 'revised', by: partyOf(command), severity, content });
}

function decline(state: HandoffState, command: Of<'decline'>): Step {
  if (state.status !== 'offered' && state.status !== 'questioned') {
    return refuse('handoff.not_offered');
  }
  if (state.asked?.person !== partyOf(command)) return refuse('handoff.not_receiver');
  return accept({ type: 'declined', by: partyOf(command), content: command.content });
}

const withdraw = (state: HandoffState, command: Of<'withdraw'>): Step =>
  accept({
    type: 'withdrawn',
    by: partyOf(command),
    from: takerOf(state),
    content: command.content,
  });

function reassign(state: HandoffState, command: Of<'reassign'>): Step {
  if (state.status === 'readBack') return refuse('handoff.too_late_to_reassign');
  if (command.to === state.giver) return refuse('handoff.same_person');
  if (command.to === state.asked?.person) return refuse('handoff.already_asked');
  const from = state.asked?.person ?? null;
  return accept({ type: 'reassigned', by: partyOf(command), from, to: command.to });
}

/** A step of the clock belongs to one wait. When another has begun since, somebody was quicker. */
function tick(state: HandoffState, command: ClockCommand): Step {
  if (command.type === 'drop') return drop(state, command);
  const { person, since } = currentWait(state);
  if (command.person !== person || command.since !== since) return refuse('loop.stale_plan');
  switch (command.type) {
    case 'remind':
      return remind(state, command);
    case 'passOn':
      if (state.status !== 'offered') return refuse('loop.stale_plan');
      return accept({ type: 'passedOn', from: person, to: command.to, rung: command.rung });
    case 'lapseQuestion':
      if (state.question === null) return refuse('loop.stale_plan');
      return accept({ type: 'questionLapsed' });
    case 'dropReadBack':
      if (state.readBack?.by !== command.by) return refuse('loop.stale_plan');
      return accept({ type: 'readBackDropped', by: command.by });
    case 'escalateConfirmation':
      if (state.confirmation === null) return refuse('loop.stale_plan');
      return accept({ type: 'confirmationEscalated', to: command.to });
    case 'proposeCall':
      return proposeCall(state, command);
    case 'bounce':
      if (state.status === 'questioned') return refuse('loop.stale_plan');
      return accept({ type: 'bounced', from: takerOf(state), to: command.to });
  }
}

/** Whatever it waits for, and whoever notices first. */
const drop = (state: HandoffState, { to }: Of<'drop'>): Step =>
  accept({ type: 'dropped', from: takerOf(state), ...(to !== undefined && { to }) });

/** Once for each who is asked, when letters have gone to and fro enough. */
function proposeCall(state: HandoffState, { startsAt, endsAt }: Of<'proposeCall'>): Step {
  const to = state.asked?.person;
  if (!to || !isCallDue(state)) return refuse('loop.stale_plan');
  return accept({ type: 'callProposed', giver: state.giver, to, startsAt, endsAt });
}

/** Read-backs went back as often as they may, and nobody has proposed a call yet. */
export const isCallDue = (state: HandoffState): boolean =>
  state.status === 'offered' &&
  state.asked !== null &&
  state.call === null &&
  returnsOf(state) >= sendBacksMax;

/** How often the one who is asked now was asked to read back once more, for whatever reason. */
const returnsOf = ({ sentBacks, undone }: HandoffState): number => sentBacks + undone;

/** Each reminder of a wait is given once, and none after a later one. */
function remind(state: HandoffState, { percent }: Of<'remind'>): Step {
  const wait = waitOf(state);
  if (wait === null || reminderPercents.indexOf(percent) < wait.reminders) {
    return refuse('loop.stale_plan');
  }
  return accept({ type: 'reminded', person: wait.person, percent });
}

/** Whom the handoff waits for now. */
export function waitOf(state: HandoffState): Wait | null {
  switch (state.status) {
    case 'offered':
      return state.asked;
    case 'questioned':
      return state.question;
    case 'readBack':
      return state.confirmation;
    case 'new':
    case 'transferred':
    case 'withdrawn':
    case 'bounced':
    case 'dropped':
      return null;
  }
}

/** What a step of the clock belongs to; after a refusal nobody is waited for. */
export const currentWait = (state: HandoffState): Pick<ClockCommand, 'person' | 'since'> => {
  const wait = waitOf(state);
  return { person: wait?.person ?? null, since: wait?.since ?? state.changedAt };
};

/** Who is to take the account, as far as it has come: asked, or having read back. */
const takerOf = (state: HandoffState): PersonId | null =>
  state.asked?.person ?? state.readBack?.by ?? null;
