/**
 * One story time for everything: the product's clock, the virtual time of every loop's workflow, and
 * the sending of messages. Advancing goes step by step to the next instant at which anything is due.
 */
import { Client, Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import { createFollowAlerts } from '../../activities/alert/follow-alerts.ts';
import { createActivities, type ActivityParts } from '../../activities/create.ts';
import { createSweepNotices } from '../../activities/start-delivery.ts';
import { createStartOpenings } from '../../activities/start-openings.ts';
import { createTellLoopsOfChange } from '../../activities/calendar-changes.ts';
import { unannouncedChanges } from '../../db/calendar-changes.ts';
import { calendarChangeAddress, loopWorkflows } from '../../workflows/addresses.ts';
import type { Channel } from '../../channels/channel.ts';
import type { AnyLoopDefinition } from '../../activities/loop-record.ts';
import { present } from '../../domain/assert.ts';
import type { LoopId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';
import { loopStatusQuery, type LoopStatus } from '../../workflows/messages.ts';
import { currentStack } from './current-stack.ts';
import { testDatabase, type TestDatabase } from './database.ts';
import { until } from './until.ts';
import { nextMonday, storyClock, type StoryClock } from './story-clock.ts';
import { workflowBundle } from './workflow-bundle.ts';

export interface WorldOptions {
  /** False: the test runs workers of its own, to kill them, or lets `startWorker` run one later. */
  readonly hasWorker?: boolean;
  readonly loops: Readonly<Record<string, AnyLoopDefinition>>;
  /** Another Temporal server than the run's own. */
  readonly temporalAddress?: string;
  /** Path of the workflows' module from the repository's root. */
  readonly workflows: string;
  readonly startsAt?: Instant;
  readonly channels?: Readonly<Record<string, Channel>>;
  /** The worker's activities, for faults of the test's own. */
  activities?(activities: ReturnType<typeof createActivities>): object;
  workflowId?(loop: string, id: LoopId): string;
}

export interface World {
  readonly database: TestDatabase;
  readonly client: Client;
  readonly clock: StoryClock;
  readonly taskQueue: string;
  /** Runs everything due up to `at`, in order, and leaves the story there. */
  advanceTo(at: Instant): Promise<void>;
  advance(ms: number): Promise<void>;
  status(workflowId: string): Promise<LoopStatus>;
  startWorker(): Promise<void>;
  stopWorker(): Promise<void>;
  stop(): Promise<void>;
}

/** More steps to one instant than any story has: then something fires for ever. */
const stepsMax = 2_000;
const fastForwardPollsMax = 20;
const changesPerStepMax = 50;
/**
 * A fast-forward ends this much before what is due, and real time brings the rest: when one ends
 * after a timer that it passed, the server may run on to the next timer.
 */
const shortOfDueMs = 100;
/** Every step of every story waits for that: seldom longer than it has to. */
const settledPauseMsMax = 15;
/** FAST_FORWARD_POLLING_RESULT_POLL_TIMEOUT of the server's API. */
const pollTimedOut = 1;

Runtime.install({ logger: new DefaultLogger('ERROR') });

export async function createWorld(options: WorldOptions): Promise<World> {
  const database = await testDatabase({ connectionsMax: 8 });
  const clock = storyClock(options.startsAt ?? nextMonday() + 9 * 3_600_000);
  const address = options.temporalAddress ?? currentStack().temporalAddress;
  const connection = await Connection.connect({ address });
  const client = new Client({ connection });
  const taskQueue = `world-${randomUUID()}`;
  const followed = { taskQueue, workflows: loopWorkflows };
  const followAlerts = createFollowAlerts({ db: database.db, client, address: followed });
  const parts: ActivityParts = {
    db: database.db,
    clock,
    loops: options.loops,
    startDeliveries: () => undefined, // the story's own steps send what is due
    channels: options.channels ?? {},
    publicUrl: 'http://meridian.test',
    unsubscribeUrl: (person) => `http://meridian.test/unsubscribe/${person}`,
    // At once, as in the product; a story that ends meanwhile loses nothing.
    followAlerts: () => void followAlerts().catch(() => undefined),
    onOutage: () => undefined,
  };
  const activities = createActivities(parts);
  let stopWorker = async (): Promise<void> => undefined;
  async function startWorker(): Promise<void> {
    stopWorker = await runWorker({
      address,
      taskQueue,
      workflows: options.workflows,
      activities: options.activities?.(activities) ?? activities,
    });
  }
  if (options.hasWorker !== false) await startWorker();
  const workflowIdOf = options.workflowId ?? ((loop: string, id: LoopId) => `${loop}:${id}`);

  /** A run that has just continued another cannot be asked before its first task. */
  async function status(workflowId: string): Promise<LoopStatus> {
    let found: LoopStatus | undefined;
    await until(`loop ${workflowId} can be asked`, async () => {
      try {
        found = await client.workflow.getHandle(workflowId).query(loopStatusQuery);
      } catch (error) {
        if (!String((error as Error).cause).includes('task is not scheduled yet')) throw error;
      }
      return found !== undefined;
    });
    return present(found, 'the status');
  }

  /** Virtual time runs on with real time; how far ahead of it each loop has been brought. */
  const aheadMs = new Map<string, number>();

  async function fastForward(workflowId: string): Promise<void> {
    const ahead = aheadMs.get(workflowId) ?? 0;
    const durationMs = clock.now() - shortOfDueMs - Date.now() - ahead;
    if (durationMs > 0) {
      await skip(client, workflowId, durationMs);
      aheadMs.set(workflowId, ahead + durationMs);
    }
    const settled = async (): Promise<boolean> => {
      const { status: state } = await client.workflow.getHandle(workflowId).describe();
      if (state.name !== 'RUNNING') return true;
      const answer = await status(workflowId).catch(whenNotBegun);
      if (answer === null) return false;
      const { nextMoment } = answer;
      return nextMoment === null || nextMoment.at > clock.now();
    };
    const what = `loop ${workflowId} has settled what was due`;
    await until(what, settled, { pauseMsMax: settledPauseMsMax });
  }

  interface Due {
    readonly at: Instant;
    readonly workflowIds: readonly string[];
  }

  /** The next instant at which a loop or a message is due, up to `until`. */
  async function nextDue(limit: Instant): Promise<Due | null> {
    const open = await database.db
      .selectFrom('loop_instance')
      .select(['id', 'loop', 'next_moment_at'])
      .where('closed_at', 'is', null)
      .where('next_moment_at', 'is not', null)
      .where('next_moment_at', '<=', limit)
      .execute();
    const loops = await Promise.all(
      open.map(async ({ id, loop, next_moment_at }) => {
        const workflowId = workflowIdOf(loop, id as LoopId);
        // A moment that the record refused is due at its retry, which only the workflow knows.
        const isLate = next_moment_at !== null && next_moment_at <= clock.now();
        const at = isLate
          ? ((await status(workflowId)).nextMoment?.at ?? Infinity)
          : (next_moment_at ?? Infinity);
        return { workflowId, at };
      }),
    );
    const notice = await database.db
      .selectFrom('notice')
      .select('send_at')
      .where('status', '=', 'planned')
      .where('send_at', '>', clock.now())
      .where('send_at', '<=', limit)
      .orderBy('send_at')
      .limit(1)
      .executeTakeFirst();
    const at = Math.min(...loops.map((due) => due.at), notice?.send_at ?? Infinity);
    if (at > limit) return null;
    return { at, workflowIds: loops.filter((due) => due.at === at).map((due) => due.workflowId) };
  }

  /** Loops that loops begin: at once in the product, here when the story looks. */
  const openLoops = createStartOpenings({
    db: database.db,
    client,
    clock,
    address: { taskQueue, workflows: loopWorkflows },
  });

  const tellLoops = createTellLoopsOfChange({
    db: database.db,
    client,
    clock,
    address: { taskQueue, workflows: loopWorkflows, calendarChange: calendarChangeAddress },
  });

  /** Changes of what loops are planned with: each is told, and has planned again before time goes on. */
  async function tellChanges(): Promise<void> {
    for (const change of await unannouncedChanges(database.db, changesPerStepMax)) {
      while ((await tellLoops(change)) > 0);
      await until('every loop told of a change has planned again', async () => {
        const waiting = await database.db
          .selectFrom('calendar_change_loop')
          .innerJoin('loop_instance', 'loop_instance.id', 'calendar_change_loop.loop_id')
          .select('loop_id')
          .where('change_id', '=', change)
          .where('planned_at', 'is', null)
          .where('loop_instance.closed_at', 'is', null)
          .executeTakeFirst();
        return waiting === undefined;
      });
    }
  }

  /** The sweep of the story: every message due by now, through Temporal as in the product. */
  async function sendWhatIsDue(): Promise<void> {
    if (!options.channels) return;
    const sweep = createSweepNotices({ db: database.db, client, taskQueue, clock, horizonMs: 0 });
    await sweep();
    await until('every due message is settled', async () => {
      const { open } = await database.db
        .selectFrom('notice')
        .select((eb) => eb.fn.countAll<bigint>().as('open'))
        .where('status', 'in', ['planned', 'sending'])
        .where('send_at', '<=', clock.now())
        .executeTakeFirstOrThrow();
      return Number(open) === 0;
    });
  }

  /** What recorded steps lead to by now; how many loops they opened or told. */
  async function followSteps(): Promise<number> {
    const { opened } = await openLoops();
    await tellChanges();
    await sendWhatIsDue();
    return opened;
  }

  const world: World = {
    database,
    client,
    clock,
    taskQueue,
    status,
    startWorker,
    stopWorker: () => stopWorker(),
    advance: (ms) => world.advanceTo(clock.now() + ms),
    async advanceTo(at) {
      await followSteps();
      for (let steps = 0; steps < stepsMax; steps++) {
        const due = await nextDue(at);
        if (due) {
          clock.moveTo(due.at);
          for (const workflowId of due.workflowIds) await fastForward(workflowId);
        }
        // A moment of this very instant may have been recorded since openings were looked for.
        const opened = await followSteps();
        if (!due && opened === 0) {
          clock.moveTo(at);
          return;
        }
      }
      throw new Error(`more than ${stepsMax} steps to ${new Date(at).toISOString()}`);
    },
    async stop() {
      await stopWorker();
      await connection.close();
      await database.drop();
    },
  };
  return world;
}

/** A run that has gone on as a new one answers once that has begun. */
function whenNotBegun(error: unknown): null {
  const isNotBegun = error instanceof Error && String(error.cause).includes('not scheduled yet');
  if (isNotBegun) return null;
  throw error;
}

/** Brings a workflow on by so much virtual time. */
export async function skip(client: Client, workflowId: string, durationMs: number): Promise<void> {
  const service = client.connection.workflowService;
  const { namespace } = client.options;
  const id = randomUUID();
  const workflowExecution = { workflowId };
  await service.updateWorkflowExecutionOptions({
    namespace,
    workflowExecution,
    workflowExecutionOptions: {
      timeSkippingConfig: {
        enabled: true,
        fastForwardConfig: { id, duration: msToTs(durationMs) },
      },
    },
    updateMask: { paths: ['time_skipping_config'] },
  });
  for (let polls = 0; polls < fastForwardPollsMax; polls++) {
    const answer = await service.pollWorkflowExecutionTimeSkipping({
      namespace,
      workflowExecution,
      fastForwardId: id,
    });
    if (answer.fastForwardPollingResult !== pollTimedOut) return;
  }
  throw new Error(`fast-forward of ${workflowId} did not end`);
}

interface WorldWorker {
  readonly address: string;
  readonly taskQueue: string;
  readonly workflows: string;
  readonly activities: object;
}

async function runWorker(options: WorldWorker): Promise<() => Promise<void>> {
  const connection = await NativeConnection.connect({ address: options.address });
  const worker = await Worker.create({
    connection,
    taskQueue: options.taskQueue,
    workflowBundle: await workflowBundle(options.workflows),
    activities: options.activities,
    shutdownGraceTime: 500,
    shutdownForceTime: 1_000,
  });
  const running = worker.run();
  return async () => {
    worker.shutdown();
    await running;
    await connection.close();
  };
}
