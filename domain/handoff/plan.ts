/** What is due when, and for whom: every deadline in the working time of the one it waits for. */
import type { ContentId, PersonId } from '../id.ts';
import type { LoopPlan, Moment, OpenTask, PlanningWorld } from '../loop.ts';
import type { TaskKind } from '../task-kind.ts';
import { currentWait, isCallDue, waitOf } from './decide.ts';
import { canBeAsked, dueAt, isWaitedFor } from './due.ts';
import { handoffNotices } from './notices.ts';
import {
  closedStatuses,
  reminderPercents,
  rungs,
  type HandoffCommand,
  type HandoffEvent,
  type HandoffFacts,
  type HandoffState,
  type Rung,
  type Wait,
} from './state.ts';

export const handoffPlan: LoopPlan<HandoffState, HandoffCommand, HandoffEvent, HandoffFacts> = {
  parties: partiesOf,
  account: (state) => state.account,
  tasks: handoffTasks,
  moments: handoffMoments,
  notices: handoffNotices,
  contents: contentsOf,
  callsOff: ({ type }) =>
    type === 'declined' ||
    type === 'withdrawn' ||
    type === 'dropped' ||
    type === 'transferred' ||
    type === 'passedOn' ||
    type === 'reassigned' ||
    type === 'bounced',
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
    state.elsewhere,
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
  const task = (kind: TaskKind, person: PersonId): OpenTask => ({
    kind,
    person,
    since: wait.since,
    dueAt: dueAt(wait, state, 100, world),
  });
  if (state.status === 'offered') return [task('handoff.read_back', wait.person)];
  if (state.status === 'questioned') return [task('handoff.answer', wait.person)];
  const isGiverThere = state.confirmation?.isEscalated && world.person(state.giver).isActive;
  const confirmers = isGiverThere ? [state.giver, wait.person] : [wait.person];
  return [...new Set(confirmers)].map((person) => task('handoff.confirm', person));
}

export function handoffMoments(
  state: HandoffState,
  world: PlanningWorld<HandoffFacts>,
): readonly Moment<HandoffCommand>[] {
  const isOpen = state.status !== 'new' && !closedStatuses.includes(state.status);
  if (isOpen && isOver(state, world)) return [dropped(state, world)];
  const wait = waitOf(state);
  const of = currentWait(state);
  if (wait === null) return state.status === 'offered' ? [afterDecline(state, world)] : [];
  const key = `${state.status}/${wait.person}/${wait.since}`;
  const by = state.status === 'readBack' ? state.readBack?.by : undefined;
  // Nobody is given the account who has left since they read it back: the next one is asked.
  if (by !== undefined && !world.person(by).isActive) {
    const command = { ...of, type: 'dropReadBack', by } as const;
    return [{ id: `dropReadBack/${key}`, at: wait.since, rank: 0, command }];
  }
  const end = {
    id: `end/${key}`,
    at: dueAt(wait, state, 100, world),
    rank: reminderPercents.length,
    command: { ...of, ...atEnd(state, world) },
  };
  if (!isWaitedFor(wait, state, world)) return [end];
  const call = isCallDue(state) ? callMoment(wait, state, world) : [];
  const reminders = reminderPercents.slice(wait.reminders).map((percent, index) => ({
    id: `remind/${percent}/${key}`,
    at: dueAt(wait, state, percent, world),
    rank: index,
    command: { ...of, type: 'remind', percent } as const,
    of: wait.person,
  }));
  return [...call, ...reminders, { ...end, of: wait.person }];
}

type World = PlanningWorld<HandoffFacts>;

/** Who owns the account instead of the giver; null where it is theirs, or nobody knows yet. */
export function ownerInstead({ giver }: HandoffState, { facts }: World): PersonId | null {
  const custodian = facts?.custodian ?? null;
  return custodian === giver || facts?.isClosed ? null : custodian;
}

/** There is nothing to hand over any more. */
const isOver = (state: HandoffState, world: World): boolean =>
  world.facts?.isClosed === true || ownerInstead(state, world) !== null;

/** At once. */
function dropped(state: HandoffState, world: World): Moment<HandoffCommand> {
  const to = ownerInstead(state, world);
  const command = { ...currentWait(state), type: 'drop', ...(to !== null && { to }) } as const;
  return { id: `drop/${to ?? 'closed'}/${state.changedAt}`, at: state.changedAt, rank: 0, command };
}

const callMinutes = 30;
/** Nobody is called to a call that begins at once. */
const callNoticeMs = 60 * 60_000;

/** At once: letters have not done, so a time is found at which both can talk. */
function callMoment(
  { person, since }: Wait,
  state: HandoffState,
  world: PlanningWorld,
): readonly Moment<HandoffCommand>[] {
  if (!world.person(state.giver).isActive) return [];
  // After a hold the moment is behind; the call never is.
  const from = Math.max(since, world.at) + callNoticeMs;
  const meeting = world.meeting([state.giver, person], { from, minutes: callMinutes });
  if (meeting === null) return [];
  const command = { ...currentWait(state), type: 'proposeCall', ...meeting } as const;
  return [{ id: `call/${person}/${since}`, at: since, rank: 0, command }];
}

/** Nobody is asked: whoever is next is asked at once. */
const afterDecline = (state: HandoffState, world: PlanningWorld): Moment<HandoffCommand> => ({
  id: `end/declined/${state.changedAt}`,
  at: state.changedAt,
  rank: 0,
  command: { ...currentWait(state), ...nextRung(state, world) },
});

/** What the clock does, without the wait it does it to. */
type Outcome =
  | { readonly type: 'passOn'; readonly to: PersonId; readonly rung: Rung }
  | { readonly type: 'escalateConfirmation' | 'bounce'; readonly to: PersonId }
  | { readonly type: 'lapseQuestion' };

function atEnd(state: HandoffState, world: PlanningWorld): Outcome {
  if (state.status === 'questioned') return { type: 'lapseQuestion' };
  if (state.status === 'offered') return nextRung(state, world);
  const manager = managerOf(state, world);
  const { by, reader } = state.readBack ?? {};
  const mayConfirm = manager !== state.giver && manager !== by && manager !== reader;
  if (!mayConfirm || state.confirmation?.isEscalated) return { type: 'bounce', to: manager };
  return { type: 'escalateConfirmation', to: manager };
}

/** Whoever is next: the receiver's backup, the receiver's manager, and at last the giver's manager. */
function nextRung(state: HandoffState, world: PlanningWorld): Outcome {
  const receiver = world.person(state.receiver);
  const ladder: Readonly<Record<Rung, PersonId | null>> = {
    receiver: state.receiver,
    backup: receiver.backup,
    manager: receiver.manager,
  };
  for (const rung of rungs.slice(rungs.indexOf(state.rung) + 1)) {
    const to = ladder[rung];
    if (to === null || to === state.giver || state.tried.includes(to)) continue;
    if (canBeAsked(to, state, world)) return { type: 'passOn', to, rung };
  }
  return { type: 'bounce', to: managerOf(state, world) };
}

/** The giver's manager, or the next above who is there; the giver where there is none. */
function managerOf(state: HandoffState, world: PlanningWorld): PersonId {
  const nearest = world.person(state.giver).manager;
  if (nearest === null || world.person(nearest).isActive) return nearest ?? state.giver;
  const above = world.person(nearest).manager;
  return above !== null && world.person(above).isActive ? above : state.giver;
}
