/** The order of a rotation's steps. Who may take them is the record's to say. */
import { assert } from '../assert.ts';
import type { PersonId } from '../id.ts';
import { accept, partyOf, refuse, type Decision, type LoopRules } from '../loop.ts';
import { evolveRotation } from './evolve.ts';
import {
  initialRotation,
  leadMinutesMax,
  membersMax,
  pairOf,
  type RotationCommand,
  type RotationEvent,
  type RotationState,
} from './state.ts';

type Step = Decision<RotationEvent>;

export const rotationRules: LoopRules<RotationState, RotationCommand, RotationEvent> = {
  loop: 'rotation',
  version: 1,
  initial: initialRotation,
  decide: (state, command) => decideRotation(state, command),
  evolve: evolveRotation,
  isClosed: ({ status }) => status === 'ended',
};

function decideRotation(state: RotationState, command: RotationCommand): Step {
  if (command.type === 'start') {
    if (state.status !== 'new') return refuse('loop.already_open');
    const { account, holder, packet, members, leadMinutes } = command;
    if (!members.includes(holder)) return refuse('rotation.owner_not_member');
    const started = { account, holder, packet, members, leadMinutes };
    return ofMembers(command, { type: 'started', by: partyOf(command), ...started });
  }
  if (state.status === 'new') return refuse('loop.not_open');
  if (state.status === 'ended') return refuse('loop.closed');
  switch (command.type) {
    case 'change': {
      const { members, leadMinutes } = command;
      const removed = state.members.filter((person) => !members.includes(person));
      const changed = { by: partyOf(command), members, leadMinutes, removed };
      return ofMembers(command, { type: 'changed', ...changed });
    }
    case 'end':
      return accept({ type: 'ended', by: partyOf(command) });
    case 'stop':
      return accept({ type: 'stopped' });
    case 'empty':
      if (state.isEmptied) return refuse('loop.stale_plan');
      return accept({ type: 'emptied', owner: command.owner });
    case 'handOver': {
      if (command.to === state.holder) return refuse('loop.stale_plan');
      const { to, begins, giver, outcome, gapFrom } = command;
      const handed = { from: state.holder, to, begins, giver, outcome };
      return accept({ type: 'handedOver', ...handed, ...(gapFrom !== undefined && { gapFrom }) });
    }
    case 'warn': {
      const { to, until, begins } = command;
      if (state.warned.includes(pairOf(state.holder, to))) return refuse('loop.stale_plan');
      return accept({ type: 'warned', from: state.holder, to, until, begins });
    }
  }
}

interface Members {
  readonly members: readonly PersonId[];
  readonly leadMinutes: number;
}

function ofMembers({ members, leadMinutes }: Members, event: RotationEvent): Step {
  assert(members.length <= membersMax, `at most ${membersMax} take turns`);
  assert(leadMinutes >= 0 && leadMinutes <= leadMinutesMax, 'a lead is part of a day');
  if (members.length < 2) return refuse('rotation.too_few');
  if (new Set(members).size < members.length) return refuse('rotation.member_twice');
  return accept(event);
}
