/** What follows from a step: moments, open tasks and messages, all from the state as it now is. */
import { randomUUID } from 'node:crypto';
import type { MovedDeadline } from '../db/calendar-changes.ts';
import type { OpenTaskRow, PlannedNotice, SettledTasks } from '../db/loops.ts';
import type { Holdable } from '../domain/hold.ts';
import type { AccountId, NoticeId, PersonId } from '../domain/id.ts';
import type { Command, Instant, LoopPlan, Moment, NoticeDraft, OpenTask } from '../domain/loop.ts';
import { calendarChangeTerm, type CalendarChangeReason } from '../domain/people/calendar-change.ts';
import { taskName } from '../domain/task-kind.ts';
import type { MessageKind } from '../domain/notice/message-kinds.ts';
import { wallTime } from '../domain/time/zone.ts';
import type { LoadedWorld } from '../db/planning-world.ts';
import { sendTime } from '../domain/notice/send-time.ts';
import { reasonOf } from './fitting-hour.ts';

/** A re-plan leaves people at least this much of their own working time. */
const replanNoticeMinutes = 60;

export type AnyPlan = LoopPlan<unknown, Command, unknown>;

const byDue = (a: Moment<Command>, b: Moment<Command>): number =>
  a.at - b.at || a.rank - b.rank || (a.id < b.id ? -1 : 1);

export interface StepPlan {
  /** Sorted by (at, rank, id); none while the loop is held. */
  readonly moments: readonly Moment<Command>[];
  readonly tasks: readonly OpenTask[];
}

/** What a state leads to, with deadlines that `before` had planned never suddenly near. */
export function planState(
  plan: AnyPlan,
  held: Holdable<unknown>,
  { world, before }: { readonly world: LoadedWorld; readonly before: readonly Moment<Command>[] },
): StepPlan {
  const planned = planMoments(plan, held, world);
  const moments = keepNoticeTime(planned, before, world);
  const keptAt = new Map(moments.map(({ id, at }) => [id, at]));
  const tasks = planTasks(plan, held, world).map((task) => {
    const end = planned.find(({ of, at }) => of === task.person && at === task.dueAt);
    return end ? { ...task, dueAt: keptAt.get(end.id) ?? end.at } : task;
  });
  return { moments, tasks };
}

/** Whether anybody works at other times than this was planned with. */
export const isOutdated = (
  plannedWith: Readonly<Record<string, number>> | null,
  world: LoadedWorld,
): boolean =>
  plannedWith === null ||
  Object.entries(plannedWith).some(
    ([person, revision]) => (world.calendarRevisions[person] ?? revision) !== revision,
  );

function planMoments(
  plan: AnyPlan,
  held: Holdable<unknown>,
  world: LoadedWorld,
): readonly Moment<Command>[] {
  if (held.heldSince !== null) return [];
  return [...plan.moments(held.state, world)].sort(byDue);
}

/** A deadline that a new plan would move nearer keeps its distance, or its old instant if sooner. */
function keepNoticeTime(
  planned: readonly Moment<Command>[],
  before: readonly Moment<Command>[],
  world: LoadedWorld,
): readonly Moment<Command>[] {
  const old = new Map(before.map((moment) => [moment.id, moment.at]));
  return planned
    .map((moment) => {
      const oldAt = old.get(moment.id);
      if (oldAt === undefined || moment.at >= oldAt) return moment;
      const earliest = moment.of
        ? world.working(moment.of).add(world.at, replanNoticeMinutes)
        : world.at + replanNoticeMinutes * 60_000;
      return { ...moment, at: Math.max(moment.at, Math.min(oldAt, earliest)) };
    })
    .sort(byDue);
}

/** While a loop is held nothing is due, and nobody is relieved of anything. */
function planTasks(
  plan: AnyPlan,
  held: Holdable<unknown>,
  world: LoadedWorld,
): readonly OpenTask[] {
  const tasks = plan.tasks(held.state, world);
  const own = new Set(tasks.filter(isOwn).map(({ kind, person }) => `${kind}/${person}`));
  // Whoever is asked for themselves and for another is asked once.
  const once = tasks.filter((task) => isOwn(task) || !own.has(`${task.kind}/${task.person}`));
  return held.heldSince === null ? once : once.map((task) => ({ ...task, dueAt: null }));
}

const isOwn = ({ inPlaceOf }: OpenTask): boolean => inPlaceOf === undefined;

export interface NoticedStep {
  readonly events: readonly unknown[];
  readonly after: Holdable<unknown>;
  readonly tasks: readonly OpenTask[];
}

/** What asks for a step that somebody else has now goes to them. */
export function planNotices(
  plan: AnyPlan,
  { events, after, tasks }: NoticedStep,
  world: LoadedWorld,
): readonly ScheduledNotice[] {
  return events
    .flatMap((event) =>
      plan.notices(event, after.state, world).map((draft) => off(plan, event, draft, world)),
    )
    .map((draft) => ({ ...draft, to: askedInPlaceOf(draft, tasks) ?? draft.to }))
    .filter(({ to }) => world.person(to).isActive)
    .map((draft) => schedule(draft, world));
}

/** What its reader's calendar has of the loop is withdrawn with it. */
const off = (
  plan: AnyPlan,
  event: unknown,
  draft: NoticeDraft,
  { at }: Pick<LoadedWorld, 'at'>,
): NoticeDraft =>
  plan.callsOff?.(event)
    ? { ...draft, params: { ...draft.params, calledOff: { instant: at } } }
    : draft;

/** Before it is known by how many ways it goes. */
export interface ScheduledNotice extends PlannedNotice {
  readonly byEveryWay: boolean;
}

function askedInPlaceOf({ to, asks }: NoticeDraft, tasks: readonly OpenTask[]): PersonId | null {
  const asked = asks === undefined ? [] : tasks.filter(({ kind }) => kind === asks);
  if (asked.some(({ person }) => person === to)) return null;
  return asked.find(({ inPlaceOf }) => inPlaceOf === to)?.person ?? null;
}

/** Whether a delegation or its end has given a step to somebody else. */
export const isReassigned = (
  before: readonly OpenTaskRow[],
  after: readonly OpenTask[],
): boolean => {
  const asked = (tasks: readonly Pick<OpenTask, 'kind' | 'person' | 'inPlaceOf'>[]): string =>
    tasks
      .map(({ kind, person, inPlaceOf }) => `${kind}/${person}/${inPlaceOf ?? ''}`)
      .sort()
      .join();
  return asked(before as readonly OpenTask[]) !== asked(after);
};

/** To whoever has a step now that another had until their delegation began or ended. */
export function tellReassigned(
  account: AccountId | null,
  { closed, opened }: SettledTasks,
  world: LoadedWorld,
): readonly ScheduledNotice[] {
  return opened.flatMap((task) => {
    const from = closed.find((one) => isSameStep(one, task));
    if (!from) return [];
    const { kind, person, inPlaceOf, dueAt } = task;
    const key = `delegation.${inPlaceOf === null ? 'step_returned' : 'step_moved'}` as const;
    const params = {
      person: { person: inPlaceOf ?? from.person },
      step: { term: `page.task.${taskName(kind)}` },
      ...(account !== null && { account: { account } }),
      ...(dueAt !== null && { dueAt: { instant: dueAt } }),
    };
    return [schedule({ to: person, key, params, urgency: 'working', asks: kind }, world)];
  });
}

const isSameStep = (one: OpenTaskRow, other: OpenTaskRow): boolean =>
  one.kind === other.kind && principalOf(one) === principalOf(other);

const principalOf = ({ person, inPlaceOf }: OpenTaskRow): PersonId => inPlaceOf ?? person;

export interface RelievedStep {
  readonly events: readonly unknown[];
  readonly command: Command | null;
  readonly after: Holdable<unknown>;
  readonly settled: SettledTasks;
  /** Who hears of the step anyhow. */
  readonly told: readonly ScheduledNotice[];
}

/** To whoever had a step that another has settled meanwhile: once, and why it is gone. */
export function tellRelieved(
  plan: AnyPlan,
  { events, command, after, settled, told }: RelievedStep,
  world: LoadedWorld,
): readonly ScheduledNotice[] {
  const { closed, opened } = settled;
  const known = new Set<PersonId | undefined>([command?.actor, command?.onBehalfOf]);
  for (const { to } of told) known.add(to);
  const relieved = closed.filter((task) => !opened.some((one) => isSameStep(one, task)));
  return relieved.flatMap(({ kind, person }) => {
    if (known.has(person) || !world.person(person).isActive) return [];
    const said = events
      .map((event) => plan.relieves?.(event, after.state, kind) ?? null)
      .find((one) => one !== null);
    if (!said) return [];
    known.add(person);
    return [schedule({ ...said, to: person, urgency: 'working' }, world)];
  });
}

/** Deadlines whose shown time is another on the clock of the one they are for. */
export function movedDeadlines(
  before: readonly OpenTaskRow[],
  after: readonly OpenTask[],
  world: LoadedWorld,
): readonly MovedDeadline[] {
  const old = new Map(before.map((task) => [`${task.kind}/${task.person}`, task.dueAt]));
  return after.flatMap(({ kind, person, dueAt }) => {
    const oldDueAt = old.get(`${kind}/${person}`) ?? null;
    if (dueAt === null || oldDueAt === null) return [];
    const shown = (at: Instant): string => {
      const { day, minute } = wallTime(at, world.zone(person));
      return `${day}/${minute}`;
    };
    if (shown(dueAt) === shown(oldDueAt)) return [];
    return [{ task: kind, person, from: oldDueAt, to: dueAt }];
  });
}

export interface MovedNews {
  readonly loop: string;
  readonly account: AccountId | null;
  readonly moved: readonly MovedDeadline[];
  readonly reasons: readonly CalendarChangeReason[];
  /** For those whose deadline moved. */
  readonly waiting: PersonId | null;
}

/** To each whose deadline moved, and to whoever waits for them: both times, and why. */
export const tellMoved = (
  { loop, account, moved, reasons, waiting }: MovedNews,
  world: LoadedWorld,
): readonly ScheduledNotice[] =>
  moved.flatMap(({ task, person, from, to }) => {
    const params = {
      ...(account !== null && { account: { account } }),
      reason: { term: calendarChangeTerm(reasons) },
      dueAt: { instant: to },
      formerlyAt: { instant: from },
      asked: task,
    };
    const key = `${loop}.deadline_moved` as MessageKind;
    const asked = schedule({ to: person, key, params, urgency: 'working', asks: task }, world);
    if (waiting === null || waiting === person || !world.person(waiting).isActive) return [asked];
    const told = {
      to: waiting,
      key: `${key}_for` as MessageKind,
      params: { ...params, person: { person } },
    };
    return [asked, schedule({ ...told, urgency: 'working' }, world)];
  });

export function schedule(draft: NoticeDraft, world: LoadedWorld): ScheduledNotice {
  const { sendAt, why } = sendTime(draft.urgency, world.at, world.reader(draft.to));
  return {
    id: randomUUID() as NoticeId,
    to: draft.to,
    key: draft.key,
    params: draft.params,
    urgency: draft.urgency,
    channel: 'email',
    byEveryWay: draft.byEveryWay ?? false,
    asks: draft.asks ?? null,
    sendAt,
    ...(why === null
      ? { reason: null, reasonParams: {} }
      : reasonOf(why, sendAt, world.person(draft.to).region)),
  };
}
