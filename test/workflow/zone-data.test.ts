/** An open handoff whose receiver's zone moves when a worker with newer zone data takes over. */
import { Worker } from '@temporalio/worker';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createTellLoopsOfChange } from '../../activities/calendar-changes.ts';
import { pinnedZones } from '../../domain/time/pinned-zones.ts';
import { calendarChangeAddress, loopWorkflows } from '../../workflows/addresses.ts';
import { handoffWorld, offers, type Handoff } from '../support/handoff-story.ts';
import { person } from '../support/people.ts';
import { transitions } from '../support/toy/errand-story.ts';
import { until } from '../support/until.ts';
import { bundleFile, startWorkerProcess, type WorkerChild } from '../support/worker-child.ts';
import { workflowBundle } from '../support/workflow-bundle.ts';
import type { World } from '../support/world.ts';

const hour = 3_600_000;
const winnipeg = person('new-york-lead');
const workflows = 'workflows/index.ts';

test('two versions of zone data differ in the zones that the newer one moves, and in no other', async () => {
  const script = fileURLToPath(new URL('../support/zone-data-process.ts', import.meta.url));
  const shownWith = async (version: string): Promise<Record<string, string>> => {
    const { stdout } = await promisify(execFile)(process.execPath, [script, version]);
    return JSON.parse(stdout) as Record<string, string>;
  };
  const [older, newer] = await Promise.all([shownWith('older'), shownWith('newer')]);
  const differing = Object.keys(newer).filter((zone) => older[zone] !== newer[zone]);
  const named = pinnedZones.flatMap(({ zone, links }) => [zone, ...links]);
  expect(named).toEqual(expect.arrayContaining(differing));
  expect(differing).toEqual(expect.arrayContaining(pinnedZones.map(({ zone }) => zone)));
  expect(Object.keys(newer).length).toBeGreaterThan(400);
});

let world: World;
let handoff: Handoff;
let newer: WorkerChild;
let dueBefore: number;
let codePath: string;

const worker = (zoneData: 'older' | 'newer'): Promise<WorkerChild> =>
  startWorkerProcess({
    address: inject('stack').temporalAddress,
    databaseUrl: world.database.url,
    taskQueue: world.taskQueue,
    codePath,
    zoneData,
  });

async function dueAt(): Promise<number> {
  const task = await world.database.db
    .selectFrom('task')
    .select('due_at')
    .where('person_id', '=', winnipeg)
    .where('closed_sequence', 'is', null)
    .executeTakeFirstOrThrow();
  return task.due_at ?? 0;
}

/** As the workflow of the change does, without the maintenance around it. */
async function tellLoops(): Promise<void> {
  const { db } = world.database;
  const { id } = await db.selectFrom('calendar_change').select('id').executeTakeFirstOrThrow();
  const tell = createTellLoopsOfChange({
    db,
    client: world.client,
    clock: world.clock,
    address: {
      taskQueue: world.taskQueue,
      workflows: loopWorkflows,
      calendarChange: calendarChangeAddress,
    },
  });
  expect(await tell(id)).toBe(0);
}

beforeAll(async () => {
  world = await handoffWorld({ hasWorker: false });
  await world.database.db
    .updateTable('person')
    .set({ zone: 'America/Winnipeg' })
    .where('id', '=', winnipeg)
    .execute();
  codePath = await bundleFile(workflows);
  const older = await worker('older');
  handoff = await offers(world, { to: winnipeg });
  dueBefore = await dueAt();
  await older.kill();
  newer = await worker('newer');
  await tellLoops();
  await until('the handoff is planned again', async () => (await dueAt()) !== dueBefore);
}, 60_000);
afterAll(async () => {
  await newer.kill();
  await world.stop();
});

test('its deadline moves by the hour that the clocks there moved, without a new command', async () => {
  expect(await dueAt()).toBe(dueBefore - hour);
  const steps = await transitions(world, handoff.id);
  expect(steps.map(({ command_type }) => command_type)).toEqual(['offer', 'replan']);
});

test('its history, begun under the old zone data, replays under the new', async () => {
  const history = await world.client.workflow.getHandle(handoff.workflowId).fetchHistory();
  const bundle = await workflowBundle(workflows);
  await expect(
    Worker.runReplayHistory({ workflowBundle: bundle }, history),
  ).resolves.toBeUndefined();
});

test('a worker with the old zone data does not come back beside it', async () => {
  await expect(worker('older')).rejects.toThrow(/ended before it was ready/);
});

test('when nobody answers, it is passed on at the moved deadline', async () => {
  await world.advanceTo(dueBefore - hour);
  const steps = await transitions(world, handoff.id);
  const last = steps.at(-1);
  const minutesLate = Math.floor(((last?.at ?? 0) - dueBefore + hour) / 60_000);
  expect([last?.command_type, minutesLate]).toEqual(['passOn', 0]);
});
