/** What each event makes of the state. */
import { present } from '../assert.ts';
import type { PersonId } from '../id.ts';
import type { Instant } from '../loop.ts';
import {
  reminderPercents,
  returnsMax,
  type HandoffEvent,
  type HandoffState,
  type ReminderPercent,
  type Wait,
} from './state.ts';

const waitFor = (person: PersonId, since: Instant): Wait => ({
  person,
  since,
  reminders: 0,
  pauses: [],
});

const reminded = <W extends Wait | null>(wait: W, percent: ReminderPercent): W =>
  wait === null ? wait : { ...wait, reminders: reminderPercents.indexOf(percent) + 1 };

export function evolveHandoff(state: HandoffState, event: HandoffEvent, at: Instant): HandoffState {
  const next: HandoffState = { ...state, changedAt: at };
  switch (event.type) {
    case 'offered': {
      const { type: _type, ...offer } = event;
      const asked = waitFor(event.receiver, at);
      return { ...next, ...offer, revision: 1, status: 'offered', asked, tried: [event.receiver] };
    }
    case 'asked': {
      const question = { ...waitFor(state.giver, at), content: event.content };
      return { ...next, status: 'questioned', question, questions: state.questions + 1 };
    }
    case 'answered':
    case 'questionLapsed':
      return afterQuestion(next, at);
    case 'readBack': {
      const confirmation = { ...waitFor(state.giver, at), isEscalated: false };
      const { by, reader = by, content } = event;
      const readBack = { by, reader, content };
      const readBacks = state.readBacks + 1;
      return { ...next, status: 'readBack', asked: null, readBack, readBacks, confirmation };
    }
    case 'sentBack':
      return { ...askedAgain(next, event.to, at), sentBacks: state.sentBacks + 1 };
    case 'callProposed':
      return { ...next, call: { startsAt: event.startsAt, endsAt: event.endsAt } };
    case 'revised':
      return revised(next, event, at);
    case 'confirmationEscalated':
      return { ...next, confirmation: { ...waitFor(event.to, at), isEscalated: true } };
    case 'readBackDropped':
      return { ...next, ...notReadBack, status: 'offered' };
    case 'declined':
      return { ...next, status: 'offered', asked: null, question: null };
    case 'passedOn':
      return {
        ...next,
        ...newReader(state, event.to),
        asked: waitFor(event.to, at),
        rung: event.rung,
        tried: [...state.tried, event.to],
      };
    case 'reassigned':
      return {
        ...next,
        ...newReader(state, event.to),
        status: 'offered',
        receiver: event.to,
        asked: waitFor(event.to, at),
        rung: 'receiver',
        tried: [event.to],
        question: null,
      };
    case 'reminded':
      return withReminder(next, event.percent);
    case 'transferred':
      return closed(next, 'transferred', event.to);
    case 'bounced':
      return closed(next, 'bounced', event.to);
    case 'withdrawn':
      return closed(next, 'withdrawn', null);
    case 'dropped':
      return { ...closed(next, 'dropped', null), elsewhere: event.to ?? null };
  }
}

/** What went to and fro with one person is not held against the next, nor forgotten of the first. */
function newReader(state: HandoffState, to: PersonId) {
  const { returns: known = [], tried, sentBacks, undone } = state;
  const last = present(tried.at(-1), 'who was asked before');
  const hasReturned = sentBacks + undone > 0;
  const others = known.filter(({ person }) => person !== last);
  const returns = hasReturned ? [...others, { person: last, sentBacks, undone }] : others;
  const own = returns.find(({ person }) => person === to);
  return {
    sentBacks: own?.sentBacks ?? 0,
    undone: own?.undone ?? 0,
    call: null,
    ...(returns.length > 0 && { returns: returns.slice(-returnsMax) }),
  };
}

const notReadBack = { readBack: null, confirmation: null } as const;

const askedAgain = (state: HandoffState, person: PersonId, at: Instant): HandoffState => ({
  ...state,
  ...notReadBack,
  status: 'offered',
  asked: waitFor(person, at),
});

/** What was read back stands for the older packet, so it is read back once more. */
function revised(
  state: HandoffState,
  { content, severity }: Extract<HandoffEvent, { type: 'revised' }>,
  at: Instant,
): HandoffState {
  const next = { ...state, packet: content, severity, revision: state.revision + 1 };
  if (next.readBack === null) return next;
  return { ...askedAgain(next, next.readBack.by, at), undone: state.undone + 1 };
}

function afterQuestion(state: HandoffState, at: Instant): HandoffState {
  const asked = present(state.asked, 'who asked the question');
  const pause = [present(state.question, 'the question').since, at] as const;
  const pauses = pause[0] < at ? [...asked.pauses, pause] : asked.pauses;
  return { ...state, status: 'offered', question: null, asked: { ...asked, pauses } };
}

function withReminder(state: HandoffState, percent: ReminderPercent): HandoffState {
  const { status, question, confirmation, asked } = state;
  if (status === 'questioned') return { ...state, question: reminded(question, percent) };
  if (status === 'readBack') return { ...state, confirmation: reminded(confirmation, percent) };
  return { ...state, asked: reminded(asked, percent) };
}

const closed = (
  state: HandoffState,
  status: 'transferred' | 'bounced' | 'withdrawn' | 'dropped',
  custodian: PersonId | null,
): HandoffState => ({
  ...state,
  status,
  custodian,
  asked: null,
  question: null,
  confirmation: null,
});
