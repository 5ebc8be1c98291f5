import { afterAll, beforeAll, expect, test } from 'vitest';
import { adoptZoneData } from '../../activities/adopt-zone-data.ts';
import { createRestartLoop } from '../../activities/loop-starter.ts';
import type { LookAhead } from '../../activities/outlook/look-ahead.ts';
import { enterAbsence, removeAbsence } from '../../db/absences.ts';
import type { LoopId } from '../../domain/id.ts';
import { zones } from '../../domain/time/zone.ts';
import { loopWorkflows } from '../../workflows/addresses.ts';
import { outlookWorkflowId } from '../../workflows/outlook/id.ts';
import { berlin, custodian, handoffWorld, inbox, tokyo } from '../support/handoff-story.ts';
import { asksTokyo, findsLeave, lookAheadOf } from '../support/outlook-story.ts';
import type { World } from '../support/world.ts';

const day = 86_400_000;
let world: World;
let lookAhead: LookAhead;
beforeAll(async () => {
  world = await handoffWorld();
  lookAhead = lookAheadOf(world);
  await lookAhead();
});
afterAll(() => world.stop());

const dayAfter = (days: number) =>
  new Date(world.clock.now() + days * day).toISOString().slice(0, 10);

async function isOnLeave(id: string, first: number, last: number): Promise<void> {
  const [firstDay, lastDay] = [dayAfter(first), dayAfter(last)];
  const at = world.clock.now();
  const hours = { fromMinute: null, untilMinute: null };
  const leave = { id, person: berlin.lead, by: berlin.lead, firstDay, lastDay, ...hours, at };
  await enterAbsence(world.database.db, leave);
}

const isBack = (id: string) =>
  removeAbsence(world.database.db, { id, person: berlin.lead, at: world.clock.now() });

const findings = () =>
  world.database.db
    .selectFrom('outlook')
    .select(['id', 'kind', 'status', 'turn', 'waits_for_id'])
    .orderBy('opened_at')
    .orderBy('turn')
    .execute();

const asked = async () =>
  (await inbox(world, berlin.manager)).filter((kind) => kind === 'outlook.settle');

const messages = (id: string) =>
  world.database.db
    .selectFrom('notice')
    .select(['recipient_id', 'key', 'status', 'reason'])
    .where('loop_id', '=', id)
    .orderBy('sequence')
    .execute();

test('a leave without a cover is asked of the manager soon after it is entered, once however often it is looked for', async () => {
  await isOnLeave('summer', 14, 20);
  const twice = await Promise.all([lookAhead(), lookAhead()]);
  expect(twice.some(({ opened }) => opened === 1)).toBe(true);
  expect(await lookAhead()).toEqual({ accounts: 0, opened: 0, observed: 0, settled: 0 });
  expect(await findings()).toMatchObject([
    { kind: 'leave', status: 'open', turn: 0, waits_for_id: berlin.manager },
  ]);
  expect(await asked()).toEqual(['outlook.settle']);
});

test('once the leave is taken back, the task is closed and its unsent message cancelled', async () => {
  await isBack('summer');
  expect(await lookAhead()).toMatchObject({ settled: 1, opened: 0 });
  expect(await asked()).toEqual([]);
  const [found] = await findings();
  expect(found?.status).toBe('settled');
  expect(await messages(found?.id ?? '')).toMatchObject([
    { recipient_id: berlin.manager, key: 'outlook.asked.leave', status: 'cancelled' },
  ]);
});

test('what comes back after it was gone is asked about anew', async () => {
  await isOnLeave('summer', 14, 20);
  expect(await lookAhead()).toMatchObject({ opened: 1 });
  expect(await findings()).toMatchObject([
    { status: 'settled', turn: 0 },
    { status: 'open', turn: 1 },
  ]);
  expect(await asked()).toEqual(['outlook.settle']);
});

test('a leave that grows stays the same finding', async () => {
  await isOnLeave('longer', 21, 23);
  expect(await lookAhead()).toMatchObject({ opened: 0, observed: 1, settled: 0 });
  expect(await asked()).toEqual(['outlook.settle']);
});

test('a cover for all of it closes the task', async () => {
  const from = Date.parse(`${dayAfter(14)}T00:00:00Z`) - day;
  const cover = await asksTokyo(world, { from, until: from + 12 * day });
  await lookAhead();
  expect(await asked()).toEqual(['outlook.settle']);
  await cover.takes();
  expect(await lookAhead()).toMatchObject({ settled: 1 });
  expect(await asked()).toEqual([]);
});

test('what is accepted waits for nobody until that day, and is asked about again then', async () => {
  const finding = await findsLeave(world, { firstDay: dayAfter(60) });
  await finding.accepts(berlin.manager, 5);
  expect(await asked()).toEqual([]);
  await world.advance(5 * day + 60_000);
  expect(await asked()).toEqual(['outlook.settle']);
  await finding.send({ type: 'settle' }, 'settle');
});

test('nobody but the one asked accepts it, and for no longer than is looked', async () => {
  const finding = await findsLeave(world, { firstDay: dayAfter(61) });
  const refused = (code: string) => ({ cause: { type: code } });
  await expect(finding.accepts(tokyo.lead, 5)).rejects.toMatchObject(refused('outlook.not_asked'));
  await expect(finding.accepts(berlin.manager, 91)).rejects.toMatchObject(
    refused('outlook.accepted_until'),
  );
  await finding.accepts(berlin.manager, 5);
  await expect(finding.accepts(berlin.manager, 6)).rejects.toMatchObject(
    refused('outlook.already_accepted'),
  );
  await finding.send({ type: 'settle' }, 'settle');
});

test('whoever stays silent is reminded in their working time, and then their manager is asked in their place', async () => {
  const finding = await findsLeave(world, { firstDay: dayAfter(62) });
  await world.advance(6 * day);
  const told = await messages(finding.id);
  expect(told.map(({ recipient_id, key }) => `${recipient_id} ${key}`)).toEqual([
    'berlin-manager outlook.asked.leave',
    'berlin-manager outlook.reminder',
    'berlin-manager outlook.reminder',
    'berlin-director outlook.escalated',
    ...told.slice(4).map(({ key }) => `berlin-director ${key}`),
  ]);
  expect(await asked()).toEqual([]);
  await finding.send({ type: 'settle' }, 'settle');
});

test('each night every account is looked at once', async () => {
  await lookAhead();
  await world.advance(day);
  expect(await lookAhead()).toMatchObject({ accounts: 1 });
  expect(await lookAhead()).toMatchObject({ accounts: 0 });
});

test('a run that died before it was told goes on with the accounts it left', async () => {
  await isOnLeave('crash', 70, 80);
  const dying = lookAheadOf({ ...world, client: null as never });
  await expect(dying()).rejects.toThrow();
  expect(await lookAhead()).toMatchObject({ opened: 1 });
});

test('an account whose finding cannot be told stays due, and the others are looked at', async () => {
  const [found] = (await findings()).filter(({ status }) => status === 'open');
  const run = world.client.workflow.getHandle(outlookWorkflowId(found?.id as LoopId));
  await run.terminate();
  await isBack('crash');
  expect(await lookAhead()).toEqual({ accounts: 0, opened: 0, observed: 0, settled: 0 });
  const { database, client, taskQueue } = world;
  const address = { taskQueue, workflows: loopWorkflows };
  await createRestartLoop({ db: database.db, client, address })(found?.id as LoopId);
  expect(await lookAhead()).toMatchObject({ accounts: 1, settled: 1 });
});

test('a worker with older zone data than is planned with does not look', async () => {
  await isOnLeave('later', 75, 85);
  const older = lookAheadOf(world, { ...zones, version: '2024a' });
  const { db } = world.database;
  await adoptZoneData({ db, clock: world.clock, zoneData: zones });
  expect(await older()).toEqual({ accounts: 0, opened: 0, observed: 0, settled: 0 });
  expect(await lookAhead()).toMatchObject({ opened: 1 });
});

test('while a cover goes on, the leave stays covered and the account its owner’s', async () => {
  await world.advance(4 * day);
  expect(await custodian(world)).toBe(tokyo.lead);
  expect(await lookAhead()).toMatchObject({ accounts: 1, opened: 0, settled: 0 });
  await world.advance(14 * day);
  expect(await custodian(world)).toBe(berlin.lead);
  expect(await lookAhead()).toMatchObject({ accounts: 1, opened: 0, settled: 0 });
});
