/** What is due when, and for whom: every deadline in the working time of the one it waits for. */
import { present } from '../assert.ts';
import type { ContentId, PersonId } from '../id.ts';
import type { LoopPlan, Moment, OpenTask, PlanningWorld } from '../loop.ts';
import { waitOf } from './decide.ts';
import { dueAt } from './due.ts';
import { handoffNotices } from './notices.ts';
import {
  reminderPercents,
  type ClockCommand,
  type HandoffCommand,
  type HandoffEvent,
  type HandoffState,
  type Rung,
} from './state.ts';

export const handoffPlan: LoopPlan<HandoffState, HandoffCommand, HandoffEvent> = {
  parties: partiesOf,
  account: (state) => state.account,
  tasks: handoffTasks,
  moments: handoffMoments,
  notices: handoffNotices,
  contents: contentsOf,
  isMaterial: (event) => event.type !== 'reminded',
};

function partiesOf(state: HandoffState): readonly PersonId[] {
  if (state.status === 'new') return [];
  const named = [
    state.giver,
    state.receiver,
    ...state.tried,
    waitOf(state)?.person,
    state.readBack?.by,
    state.custodian,
  ];
  return [...new Set(named.filter((id) => id !== null && id !== undefined))];
}

function contentsOf(event: HandoffEvent): readonly ContentId[] {
  if (event.type === 'offered') return [event.packet];
  return 'content' in event ? [event.content] : [];
}

function handoffTasks(state: HandoffState, world: PlanningWorld): readonly OpenTask[] {
  const wait = waitOf(state);
  if (wait === null) return [];
  const task = (kind: string, person: PersonId): OpenTask => ({
    kind,
    person,
    since: wait.since,
    dueAt: dueAt(wait, state, 100, world),
  });
  if (state.status === 'offered') return [task('handoff.read_back', wait.person)];
  if (state.status === 'questioned') return [task('handoff.answer', wait.person)];
  const confirmers = state.confirmation?.isEscalated ? [state.giver, wait.person] : [wait.person];
  return [...new Set(confirmers)].map((person) => task('handoff.confirm', person));
}

function handoffMoments(
  state: HandoffState,
  world: PlanningWorld,
): readonly Moment<HandoffCommand>[] {
  const wait = waitOf(state);
  if (wait === null) return state.status === 'offered' ? [afterDecline(state, world)] : [];
  const key = `${state.status}/${wait.person}/${wait.since}`;
  const reminders = reminderPercents.slice(wait.reminders).map((percent, index) => ({
    id: `remind/${percent}/${key}`,
    at: dueAt(wait, state, percent, world),
    rank: index,
    command: { type: 'remind', person: wait.person, percent } as const,
    of: wait.person,
  }));
  const end = {
    id: `end/${key}`,
    at: dueAt(wait, state, 100, world),
    rank: reminderPercents.length,
    command: atEnd(state, world),
    of: wait.person,
  };
  return [...reminders, end];
}

/** Nobody is asked: whoever is next is asked at once. */
const afterDecline = (state: HandoffState, world: PlanningWorld): Moment<HandoffCommand> => ({
  id: `end/declined/${state.changedAt}`,
  at: state.changedAt,
  rank: 0,
  command: nextRung(state, world),
});

function atEnd(state: HandoffState, world: PlanningWorld): ClockCommand {
  if (state.status === 'questioned') return { type: 'lapseQuestion' };
  if (state.status === 'offered') return nextRung(state, world);
  const manager = managerOf(state, world);
  const mayConfirm = manager !== state.giver && manager !== state.readBack?.by;
  if (!mayConfirm || state.confirmation?.isEscalated) return { type: 'bounce', to: manager };
  return { type: 'escalateConfirmation', to: manager };
}

/** Whoever is next: the receiver's backup, the receiver's manager, and at last the giver's manager. */
function nextRung(state: HandoffState, world: PlanningWorld): ClockCommand {
  const receiver = world.person(state.receiver);
  const ladder: readonly (readonly [Rung, PersonId | null])[] = [
    ['backup', receiver.backup],
    ['manager', receiver.manager],
  ];
  for (const [rung, person] of ladder) {
    if (person === null || person === state.giver || state.tried.includes(person)) continue;
    if (world.person(person).isActive) return { type: 'passOn', to: person, rung };
  }
  return { type: 'bounce', to: managerOf(state, world) };
}

/** The giver's manager, or the next above who is there; the giver where there is none. */
function managerOf(state: HandoffState, world: PlanningWorld): PersonId {
  const manager = world.person(state.giver).manager;
  if (manager === null) return state.giver;
  const facts = world.person(manager);
  if (facts.isActive || facts.manager === null) return facts.isActive ? manager : state.giver;
  return world.person(facts.manager).isActive ? present(facts.manager, 'a manager') : state.giver;
}
