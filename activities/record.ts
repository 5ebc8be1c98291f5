/**
 * The commit point of every loop: one Postgres transaction that checks what is live, keeps the step
 * with its plan, and is the only truth afterwards.
 */
import type { Transaction } from 'kysely';
import { lastChangeOf, lockChanges, settleCalendarChanges } from '../db/calendar-changes.ts';
import type { Database } from '../db/client.ts';
import {
  insertNotices,
  lockLoop,
  openTasks,
  settleTasks,
  storedTransitions,
  type LoopHead,
  type PlannedNotice,
  type StoredRow,
} from '../db/loops.ts';
import { insertOpenings } from '../db/openings.ts';
import type { DueDelivery } from '../db/webhook-deliveries.ts';
import type { DB } from '../db/schema.ts';
import { assert } from '../domain/assert.ts';
import { holdable, pausesUntil, type Holdable } from '../domain/hold.ts';
import type { LoopId, NoticeId, PersonId } from '../domain/id.ts';
import type {
  Command,
  Instant,
  LoopName,
  Moment,
  Proposal,
  RecordAnswer,
  StoredTransition,
} from '../domain/loop.ts';
import { problem, Refusal, type Problem } from '../domain/problem.ts';
import { isOlderZoneData } from '../domain/time/zone-version.ts';
import { type ZoneData, zones } from '../domain/time/zone.ts';
import { keepAsked } from './asked-outside.ts';
import { byEveryWay } from './every-way.ts';
import type { AnyLoopDefinition, LoopDefinition, Opening, RecordedStep } from './loop-record.ts';
import {
  isOutdated,
  isReassigned,
  movedDeadlines,
  planNotices,
  planState,
  tellMoved,
  tellReassigned,
  tellRelieved,
  type ScheduledNotice,
  type StepPlan,
} from './plan-step.ts';
import { tellCalledOff } from './tell-called-off.ts';
import { storeTransition } from './store-transition.ts';
import { createWorldLoader, type LoadedWorld, type LoadWorld } from '../db/planning-world.ts';

type Event = { readonly type: string };
type Definition = LoopDefinition<unknown, Command, Event>;
type AnyProposal = Proposal<Command, Event>;
type Answer = RecordAnswer<Holdable<unknown>, Command>;
type Tx = Transaction<DB>;

export interface RecordParts {
  readonly db: Database;
  readonly clock: { now(): Instant };
  readonly loops: Readonly<Record<string, AnyLoopDefinition>>;
  /** That plans are made with, its version stored beside each: the process's own unless a test says. */
  readonly zoneData?: ZoneData;
  /** After the commit; the sweep starts what this could not. */
  readonly startDeliveries: (notices: readonly NoticeId[]) => void;
  /** After the commit; without it the loops that a step begins wait for the sweep. */
  readonly startOpenings?: (openings: readonly LoopId[]) => void;
  /** After the commit; without it what other systems are told waits for the sweep. */
  readonly startWebhooks?: (due: readonly DueDelivery[]) => void;
  /** After the commit of a step that changes what others are planned with; else the schedule tells them. */
  readonly tellChanges?: () => void;
  /** After the commit of a step that may move an account; else the schedule tells what follows it. */
  readonly followAlerts?: () => void;
}

/** Rolls the transaction back and answers; a refused step leaves no trace. */
class Unrecorded extends Error {
  readonly answer: { readonly refused: Problem } | { readonly stale: Problem };
  constructor(answer: Unrecorded['answer']) {
    super('unrecorded');
    this.answer = answer;
  }
}

export function createRecord(parts: RecordParts) {
  const loadWorld = createWorldLoader(parts.zoneData);
  return async (proposal: AnyProposal): Promise<Answer> => {
    const definition = parts.loops[proposal.loop] as unknown as Definition | undefined;
    assert(definition !== undefined, `loop ${proposal.loop} is known`);
    try {
      const { answer, notices, openings, webhooks } = await parts.db
        .transaction()
        .execute((tx) => settle(tx, { parts, loadWorld, definition, proposal }));
      if (notices.length > 0) parts.startDeliveries(notices);
      if (openings.length > 0) parts.startOpenings?.(openings);
      if (webhooks.length > 0) parts.startWebhooks?.(webhooks);
      if (definition.record.changesPlans) parts.tellChanges?.();
      if (definition.record.movesCustody) parts.followAlerts?.();
      return answer;
    } catch (error) {
      if (error instanceof Unrecorded) return error.answer;
      if (error instanceof Refusal) return { refused: error.problem };
      throw error;
    }
  };
}

interface Context {
  readonly parts: RecordParts;
  readonly loadWorld: LoadWorld;
  readonly definition: Definition;
  readonly proposal: AnyProposal;
}

interface Settled {
  readonly answer: Answer;
  readonly notices: readonly NoticeId[];
  readonly openings: readonly LoopId[];
  readonly webhooks: readonly DueDelivery[];
}

const nothingNew = { notices: [], openings: [], webhooks: [] } as const;

async function settle(tx: Tx, context: Context): Promise<Settled> {
  const { definition, proposal } = context;
  const head = await lockLoop(tx, proposal.id, proposal.loop);
  const rows = await storedTransitions(tx, proposal);
  if (rows.length > 0) return { answer: answerFrom(definition, proposal, rows), ...nothingNew };
  assert(
    head.sequence === proposal.sequence,
    `loop ${proposal.id}: the workflow is at ${proposal.sequence}, the record at ${head.sequence}; restore the record or restart the loop from it`,
  );
  if (proposal.seen !== undefined && proposal.seen !== head.revision) {
    refuseStep('request.revision_stale', { seen: proposal.seen, revision: head.revision });
  }
  return keep(tx, context, head);
}

/** Stored before: mine, or another command's; the workflow follows it either way. */
function answerFrom(
  { rules }: Definition,
  { sequence, commandId }: AnyProposal,
  rows: readonly StoredRow[],
): Answer {
  const { upgrade, version: current } = holdable(rules);
  const mine = rows.find((row) => row.commandId === commandId);
  const read = (row: StoredRow): StoredTransition<Holdable<unknown>, Command> => ({
    sequence: row.sequence,
    commandId: row.commandId,
    at: row.at,
    state:
      row.version === current || !upgrade
        ? (row.state as Holdable<unknown>)
        : upgrade(row.state, row.version),
    moments: row.moments,
  });
  return {
    transitions: rows.filter((row) => row.sequence >= sequence).map(read),
    settled: mine ? mine.sequence + 1 : null,
  };
}

async function keep(tx: Tx, context: Context, head: LoopHead): Promise<Settled> {
  const { definition, proposal, parts } = context;
  const rules = holdable(definition.rules);
  const before = stateBefore(rules, head);
  if (definition.record.changesPlans) await lockChanges(tx);
  const { at, after, world } = await stepAt(tx, context, { head, before });
  const isClosed = rules.isClosed(after);
  assert(
    !isOlderZoneData(versionOf(parts), world.zoneData),
    `this worker knows zone data ${versionOf(parts)} and may not plan beside ${world.zoneData}: it waits for a newer one`,
  );
  const { openings, told: toldOfRows } = proposal.command
    ? await guard(tx, context, { at, before, after, world, isClosed })
    : { openings: [], told: [] };
  const isReplan = proposal.command === null;
  const { moments, tasks } = isClosed
    ? closedPlan
    : planState(definition.plan, after, { world, before: head.moments });
  assert(
    moments.every(({ id }) => id !== proposal.commandId),
    `moment ${proposal.commandId} fires once in a state`,
  );
  const asked = isReplan ? await openTasks(tx, proposal.id) : [];
  const isReasked = isReplan && isReassigned(asked, tasks);
  const news = await calendarNews(tx, context, { head, at, before, tasks, world });
  if (isReplan && !isReasked && isSamePlan(moments, head.moments)) {
    return { answer: { transitions: [], settled: proposal.sequence }, ...nothingNew };
  }
  const told = isReplan
    ? []
    : planNotices(definition.plan, { events: proposal.events, after, tasks }, world);
  const { id, sequence, command, events } = proposal;
  const settled = await settleTasks(tx, { id, sequence, at, tasks });
  const moved = tellReassigned(definition.plan.account(after.state), settled, world);
  const relieved = tellRelieved(definition.plan, { events, command, after, settled, told }, world);
  const planned = [...news, ...moved, ...told, ...relieved];
  const off = await tellCalledOff(tx, definition.plan, {
    step: { id, at, events, parties: definition.plan.parties(after.state), told: planned },
    world,
  });
  const notices = await byEveryWay(tx, [...planned, ...off], world);
  await insertNotices(tx, { id: proposal.id, sequence: proposal.sequence, at, notices });
  const written = { recordedAt: parts.clock.now(), zoneData: versionOf(parts) };
  const transition = { definition, proposal, head, at, after, moments, world, isClosed };
  const webhooks = await storeTransition(tx, { ...transition, ...written });
  await keepAsked(tx, { proposal, at, notices, world, zoneData: parts.zoneData });
  const stored = {
    sequence: proposal.sequence,
    commandId: proposal.commandId,
    at,
    state: after,
    moments,
  };
  return {
    answer: { transitions: [stored], settled: proposal.sequence + 1 },
    notices: [...toldOfRows, ...notices.map(idOf)],
    openings: openings.map(({ id }) => id),
    webhooks,
  };
}

interface Before {
  readonly head: LoopHead;
  readonly before: Holdable<unknown>;
}

/** Never earlier than a change it is planned with, whichever clock is ahead of the other. */
async function stepAt(tx: Tx, context: Context, { head, before }: Before) {
  const { definition, proposal } = context;
  const rules = holdable(definition.rules);
  const stepped = async (at: Instant) => {
    const after = proposal.events.reduce((state, event) => rules.evolve(state, event, at), before);
    const loaded = await context.loadWorld(tx, {
      people: peopleOf(definition.plan, before, after, proposal.command),
      at,
      pauses: pausesUntil(after, at),
      delegatedIn: definition.plan.isDelegated && (proposal.loop as LoopName),
    });
    return { at, after, world: loaded };
  };
  const earliest = Math.max(proposal.at, head.lastAt ?? 0);
  const first = await stepped(earliest);
  const isReplan = proposal.command === null;
  const hasChanged = head.sequence > 0 && isOutdated(head.plannedWith, first.world);
  const changedAt = isReplan || hasChanged ? await lastChangeOf(tx, proposal.id) : null;
  const step = changedAt !== null && changedAt > earliest ? await stepped(changedAt) : first;
  const { id } = context.proposal;
  const facts = await definition.record.facts?.(tx, step.after.state, id, step.at);
  return { ...step, world: { ...step.world, facts } };
}

const versionOf = ({ zoneData = zones }: RecordParts): string => zoneData.version;

const closedPlan: StepPlan = { moments: [], tasks: [] };

interface CalendarStep {
  readonly head: LoopHead;
  readonly at: Instant;
  readonly before: Holdable<unknown>;
  readonly tasks: StepPlan['tasks'];
  readonly world: LoadedWorld;
}

/**
 * Whichever step plans first with changed calendars settles the change: deadlines it moved by itself,
 * without what the step does, are told to whoever still has them.
 */
async function calendarNews(
  tx: Tx,
  { definition: { plan }, proposal }: Context,
  { head, at, before, tasks, world }: CalendarStep,
): Promise<readonly ScheduledNotice[]> {
  const isReplan = proposal.command === null;
  const hasChanged = head.sequence > 0 && isOutdated(head.plannedWith, world);
  if (!hasChanged && !isReplan) return [];
  const alone = isReplan ? tasks : planState(plan, before, { world, before: head.moments }).tasks;
  const moved = movedDeadlines(await openTasks(tx, proposal.id), alone, world).filter((deadline) =>
    tasks.some(({ kind, person }) => kind === deadline.task && person === deadline.person),
  );
  // Also where whoever changed is not planned with any more, such as a delegate who has left.
  const reasons = await settleCalendarChanges(tx, { id: proposal.id, at, moved });
  const account = plan.account(before.state);
  const waiting = plan.waiting?.(before.state) ?? null;
  return tellMoved({ loop: proposal.loop, account, moved, reasons, waiting }, world);
}

const idOf = ({ id }: PlannedNotice): NoticeId => id;

function stateBefore(
  rules: ReturnType<typeof holdable<unknown, Command, Event>>,
  head: LoopHead,
): Holdable<unknown> {
  if (head.sequence === 0) return rules.initial;
  if (head.version === rules.version || !rules.upgrade) return head.state as Holdable<unknown>;
  return rules.upgrade(head.state, head.version);
}

function peopleOf(
  plan: Definition['plan'],
  before: Holdable<unknown>,
  after: Holdable<unknown>,
  command: Command | null,
): readonly PersonId[] {
  const acting = [command?.actor, command?.onBehalfOf].filter((id) => id !== undefined);
  const named = [before, after].flatMap(({ state }) => [
    ...plan.parties(state),
    ...(plan.hearers?.(state) ?? []),
  ]);
  return [...named, ...acting];
}

interface Stepped {
  readonly at: Instant;
  readonly before: Holdable<unknown>;
  readonly after: Holdable<unknown>;
  readonly world: LoadedWorld;
  readonly isClosed: boolean;
}

/** Read model and custody move here too: before the plan is stored, in the same transaction. */
async function guard(
  tx: Tx,
  { definition, proposal }: Context,
  stepped: Stepped,
): Promise<{ readonly openings: readonly Opening[]; readonly told: readonly NoticeId[] }> {
  const { command } = proposal;
  assert(command !== null, 'only a command is guarded');
  for (const id of definition.plan.parties(stepped.after.state)) {
    if (!stepped.world.has(id)) refuseStep('person.unknown', { person: id });
  }
  const step = {
    id: proposal.id,
    sequence: proposal.sequence,
    at: stepped.at,
    actor: command.actor ?? null,
    onBehalfOf: command.onBehalfOf ?? null,
    command,
    events: proposal.events,
    before: stepped.before.state,
    after: stepped.after.state,
    world: stepped.world,
    isClosed: stepped.isClosed,
  } as RecordedStep<unknown, Command, Event>;
  const answer = await definition.record.guard(tx, step);
  if (answer) throw new Unrecorded(answer);
  const openings = (await definition.record.project(tx, step)) ?? [];
  if (openings.length > 0) {
    await insertOpenings(tx, { by: proposal.id, at: stepped.at, openings });
  }
  return { openings, told: (await definition.record.tell?.(tx, step)) ?? [] };
}

const isSamePlan = (a: readonly Moment<Command>[], b: readonly Moment<Command>[]): boolean =>
  JSON.stringify(a.map(planKey)) === JSON.stringify(b.map(planKey));

const planKey = ({ id, at, rank, command }: Moment<Command>): unknown => [
  id,
  at,
  rank,
  Object.entries(command).sort(([a], [b]) => (a < b ? -1 : 1)),
];

function refuseStep(code: Problem['code'], params: Problem['params']): never {
  throw new Unrecorded({ refused: problem(code, params) });
}
