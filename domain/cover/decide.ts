/** The order of a cover's steps, and who of those named in it may take each. */
import { assert, present } from '../assert.ts';
import type { PersonId } from '../id.ts';
import { accept, partyOf, refuse, type Decision, type Instant, type LoopRules } from '../loop.ts';
import { evolveCover } from './evolve.ts';
import {
  candidatesMax,
  closedStatuses,
  initialCover,
  windowDaysMax,
  type ClockCommand,
  type CoverCommand,
  type CoverEvent,
  type CoverState,
  type Window,
} from './state.ts';

type Step = Decision<CoverEvent>;
type Of<Type extends CoverCommand['type']> = Extract<CoverCommand, { type: Type }>;

const dayMs = 86_400_000;

export const coverRules: LoopRules<CoverState, CoverCommand, CoverEvent> = {
  loop: 'cover',
  version: 1,
  initial: initialCover,
  decide: decideCover,
  evolve: evolveCover,
  isClosed: ({ status }) => closedStatuses.includes(status),
};

function decideCover(state: CoverState, command: CoverCommand, at: Instant): Step {
  if (command.type === 'request') return request(state, command, at);
  if (state.status === 'new') return refuse('loop.not_open');
  if (coverRules.isClosed(state)) return refuse('loop.closed');
  switch (command.type) {
    case 'take':
      return take(state, command, at);
    case 'refuse':
      return refuseToTake(state, command);
    case 'withdraw':
      if (state.status === 'running') return refuse('cover.running');
      return accept({ type: 'withdrawn', by: partyOf(command), from: state.taker });
    case 'drop':
      if (state.status === 'running') return refuse('cover.running');
      return accept({ type: 'withdrawn', by: null, from: state.taker });
    case 'release':
      return state.status === 'running'
        ? ended(state, state.owner, null)
        : accept({ type: 'withdrawn', by: null, from: state.taker });
    case 'handBack':
      if (state.status !== 'running') return refuse('cover.not_running');
      if (partyOf(command) !== state.taker) return refuse('cover.not_taker');
      return accept({ type: 'handedBack', by: partyOf(command), content: command.content });
    case 'endEarly':
      if (state.status !== 'running') return refuse('cover.not_running');
      return ended(state, state.owner, partyOf(command));
    case 'remind':
    case 'escalate':
    case 'begin':
    case 'replace':
    case 'remindHandBack':
    case 'end':
    case 'overtake':
    case 'close':
      return tick(state, command);
  }
}

function request(state: CoverState, command: Of<'request'>, at: Instant): Step {
  if (state.status !== 'new') return refuse('loop.already_open');
  const { account, owner, manager, reason, candidates, note, absence, from, until } = command;
  const wrong = wrongWindow(command, at);
  if (wrong) return wrong;
  assert(candidates.length <= candidatesMax, `at most ${candidatesMax} are asked at once`);
  assert(!candidates.includes(owner), 'nobody is asked to cover their own account');
  const asker = command.actor === undefined ? null : partyOf(command);
  const asked = { account, owner, manager, reason, candidates, note, absence, from, until };
  return accept({ type: 'requested', asker, ...asked });
}

function wrongWindow({ from, until }: Window, at: Instant): Step | null {
  if (until <= at || from >= until) return refuse('cover.window_past');
  const isTooLong = until - from > windowDaysMax * dayMs;
  return isTooLong ? refuse('cover.window_too_long', { days: windowDaysMax }) : null;
}

/** Everyone who is asked now: whoever has not refused, and the manager once it has come to them. */
export const askedOf = ({ candidates, refused, isEscalated, manager }: CoverState) => {
  const asked = candidates.filter((person) => !refused.includes(person));
  return isEscalated && !asked.includes(manager) ? [...asked, manager] : asked;
};

function take(state: CoverState, { inReturn, ...command }: Of<'take'>, at: Instant): Step {
  const by = partyOf(command);
  if (by === state.owner) return refuse('cover.own');
  if (state.status !== 'asked') {
    return refuse('cover.taken', { person: present(state.taker, 'who took it') });
  }
  if (!askedOf(state).includes(by)) return refuse('cover.not_asked');
  if (inReturn === undefined) return accept({ type: 'taken', by });
  return wrongWindow(inReturn, at) ?? accept({ type: 'taken', by, inReturn });
}

function refuseToTake(state: CoverState, command: Of<'refuse'>): Step {
  const by = partyOf(command);
  if (state.status === 'taken' && by === state.taker) {
    return accept({ type: 'replaced', person: by, to: state.manager });
  }
  if (state.status !== 'asked') return refuse('cover.not_asked');
  const mayRefuse = state.candidates.includes(by) && !state.refused.includes(by);
  return mayRefuse ? accept({ type: 'refused', by }) : refuse('cover.not_asked');
}

function tick(state: CoverState, command: ClockCommand): Step {
  const { status } = state;
  switch (command.type) {
    case 'remind':
      return status === 'asked' && !state.isReminded ? accept({ type: 'reminded' }) : stale;
    case 'escalate':
      if (status !== 'asked' || state.isEscalated) return stale;
      return accept({ type: 'escalated', to: command.to });
    case 'begin': {
      if (status !== 'asked' && status !== 'taken') return stale;
      if (state.taker !== null && state.taker !== command.to) return stale;
      return accept({ type: 'begun', to: command.to, isForced: state.taker === null });
    }
    case 'replace': {
      const { person, to, isAway } = command;
      if (state.taker !== person) return stale;
      return accept({ type: 'replaced', person, to, ...(isAway && { isAway }) });
    }
    case 'remindHandBack':
      if (status !== 'running' || state.isHandBackReminded || state.handBack !== null) return stale;
      return accept({ type: 'handBackReminded', person: present(state.taker, 'who covers') });
    case 'end':
      return status === 'running' ? ended(state, command.to, null) : stale;
    case 'overtake':
      return accept({ type: 'overtaken' });
    case 'close': {
      const { to, into } = command;
      if (to !== null && (into !== null || status !== 'running')) return stale;
      return accept({ type: 'accountClosed', from: state.taker, to, into });
    }
  }
}

const stale: Step = refuse('loop.stale_plan');

const ended = (state: CoverState, to: PersonId, by: PersonId | null): Step =>
  accept({ type: 'returned', from: present(state.taker, 'who covers'), to, by });
