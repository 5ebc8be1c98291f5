import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type Assignment,
  assignmentWorld,
  givenTraining,
  proposes,
  statusOf,
} from '../support/assignment-story.ts';
import { berlin, tokyo } from '../support/handoff-organisation.ts';
import { inbox } from '../support/handoff-story.ts';
import { proofSize, reportProof } from '../support/proof.ts';
import { refusal } from '../support/refusal.ts';
import type { World } from '../support/world.ts';

const day = 86_400_000;
let world: World;
beforeAll(async () => {
  world = await assignmentWorld();
});
afterAll(() => world.stop());

const runEventsMax = 40;

async function runsOf({ workflowId }: Assignment): Promise<readonly number[]> {
  const lengths: number[] = [];
  let runId: string | undefined;
  for (;;) {
    const { events } = await world.client.workflow.getHandle(workflowId, runId).fetchHistory();
    lengths.unshift(events?.length ?? 0);
    const started = events?.[0]?.workflowExecutionStartedEventAttributes;
    if (!started?.continuedExecutionRunId) return lengths;
    runId = started.continuedExecutionRunId;
  }
}

test('it waits where a training is missing on its first day, and begins once that is recorded', async () => {
  const { db } = world.database;
  const assignment = await proposes(world, { terms: { days: 10, accounts: [] } });
  await assignment.isSignedByAll();
  await db.deleteFrom('cultural_training').where('person_id', '=', berlin.manager).execute();
  await world.advance(29 * day);
  expect(await statusOf(world, assignment.id)).toBe('waiting');
  expect(await inbox(world, berlin.lead)).toEqual(['assignment.begin']);
  const starts = () => refusal(assignment.send({ type: 'start', actor: berlin.lead }));
  expect(await starts()).toBe('assignment.training_missing');
  await givenTraining(db, berlin.manager);
  expect(await starts()).toBe('accepted');
  expect(await statusOf(world, assignment.id)).toBe('running');
  await world.advance(12 * day);
  await assignment.isClosed();
});

test('where nobody meets, all three are told in working days, and a signature that stays out lapses', async () => {
  const { db } = world.database;
  const assignment = await proposes(world, { terms: { days: 30, accounts: [] } });
  await assignment.isSignedByAll();
  await world.advance(45 * day);
  const told = await db
    .selectFrom('notice')
    .select('recipient_id')
    .where('loop_id', '=', assignment.id)
    .where('key', '=', 'assignment.stalled')
    .orderBy('recipient_id')
    .execute();
  expect(told.map(({ recipient_id: to }) => to)).toEqual([
    berlin.lead,
    berlin.manager,
    tokyo.manager,
  ]);
  await world.advance(20 * day);
  await assignment.isClosed();
  const unsigned = await proposes(world, { terms: { days: 30, accounts: [] } });
  await unsigned.send({ type: 'sign', actor: berlin.lead });
  await world.advance(9 * day);
  expect(await statusOf(world, unsigned.id)).toBe('lapsed');
});

test(
  'a mentorship of years goes on from run to run, none of them long',
  { timeout: proofSize(60_000, 600_000) },
  async () => {
    const days = proofSize(30, 730);
    const assignment = await proposes(world, { kind: 'mentorship', terms: { days, accounts: [] } });
    await assignment.isSignedByAll();
    await world.advance((28 + days + 1) * day);
    expect(await statusOf(world, assignment.id)).toBe('closing');
    await assignment.isClosed();
    const runs = await runsOf(assignment);
    expect(runs.length).toBeGreaterThan(1);
    expect(Math.max(...runs)).toBeLessThanOrEqual(runEventsMax);
    reportProof('days of a mentorship', days);
  },
);
