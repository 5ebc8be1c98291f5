/** The order of a delegation's steps. Whether somebody may take one is the record's to say. */
import { assert } from '../assert.ts';
import { accept, partyOf, refuse, type Decision, type Instant, type LoopRules } from '../loop.ts';
import { evolveDelegation } from './evolve.ts';
import {
  delegationDaysMax,
  initialDelegation,
  type DelegationCommand,
  type DelegationEnding,
  type DelegationEvent,
  type DelegationState,
} from './state.ts';

type Step = Decision<DelegationEvent>;
type Of<Type extends DelegationCommand['type']> = Extract<DelegationCommand, { type: Type }>;

const dayMs = 86_400_000;

export const delegationRules: LoopRules<DelegationState, DelegationCommand, DelegationEvent> = {
  loop: 'delegation',
  version: 1,
  initial: initialDelegation,
  decide: decideDelegation,
  evolve: evolveDelegation,
  isClosed: ({ status }) => status === 'ended',
};

function decideDelegation(state: DelegationState, command: DelegationCommand, at: Instant): Step {
  if (command.type === 'give') return give(state, command, at);
  if (state.status === 'new') return refuse('loop.not_open');
  if (state.status === 'ended') return refuse('loop.closed');
  switch (command.type) {
    case 'end':
      if (state.source === 'directory') return refuse('delegation.of_directory');
      return ended(state, state.status === 'running' ? 'early' : 'withdrawn', partyOf(command));
    case 'begin':
      return state.status === 'planned' ? accept({ type: 'begun' }) : refuse('loop.stale_plan');
    case 'expire':
      return ended(state, 'over', null);
    case 'drop':
      return ended(state, 'dropped', null);
    case 'leave':
      return ended(state, 'left', command.person);
  }
}

function give(state: DelegationState, command: Of<'give'>, at: Instant): Step {
  if (state.status !== 'new') return refuse('loop.already_open');
  const { delegation, principal, delegate, scope, from, until, source, absence } = command;
  assert(principal !== delegate, 'nobody decides for themselves by delegation');
  if (until <= at || from >= until) return refuse('delegation.period_past');
  // The organisation's file says for how long by itself.
  if (source !== 'directory' && until - from > delegationDaysMax * dayMs) {
    return refuse('delegation.too_long', { days: delegationDaysMax });
  }
  const by = command.actor === undefined ? null : partyOf(command);
  const given = { delegation, principal, delegate, scope, from, until, source, absence };
  const event: DelegationEvent = { type: 'given', by, ...given };
  return from <= at ? accept<DelegationEvent>(event, { type: 'begun' }) : accept(event);
}

const ended = (
  { status }: DelegationState,
  ending: DelegationEnding,
  by: DelegationState['by'],
): Step => accept({ type: 'ended', ending, by, hadBegun: status === 'running' });
