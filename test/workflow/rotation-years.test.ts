/** On a server of this file's own, which asks for a new run after a few steps. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EmbeddedTemporal, startTemporal } from '../../bin/embedded/temporal.ts';
import { verifyAudit } from '../../db/audit.ts';
import { freePort } from '../support/free-port.ts';
import { berlin, custodian, handoffWorld, tokyo } from '../support/handoff-story.ts';
import { proofSize, reportProof } from '../support/proof.ts';
import { runLengths } from '../support/run-lengths.ts';
import { startsRotation } from '../support/rotation-story.ts';
import { temporalBinary } from '../support/temporal-binary.ts';
import type { World } from '../support/world.ts';

const dayMs = 86_400_000;
const suggestedAtEvents = 40;
/** The task that ends a run begins below that, and settles what came meanwhile. */
const eventsMax = 2 * suggestedAtEvents;
/** Of the rotation's own history, for each handoff that it opens. */
const eventsPerHandoffMax = 14;
const days = proofSize(7, 2 * 365);

let temporal: EmbeddedTemporal;
let world: World;
beforeAll(async () => {
  temporal = await startTemporal({
    binary: temporalBinary(),
    port: await freePort(),
    timeSkipping: true,
    dynamicConfig: {
      'history.timerProcessorMaxTimeShift': '10ms',
      'limit.historyCount.suggestContinueAsNew': suggestedAtEvents,
    },
  });
  world = await handoffWorld({ temporalAddress: temporal.address });
});
afterAll(async () => {
  await world.stop();
  temporal.kill();
});

test('over two years of watches the history of a rotation stays bounded, and each handoff moves the account', async () => {
  reportProof('days of a rotation on a server', days);
  const rotation = await startsRotation(world);
  const until = world.clock.now() + days * dayMs;
  let handoffs = 0;
  let owner: string = berlin.lead;
  for (;;) {
    const { nextMoment } = await world.status(rotation.workflowId);
    if (nextMoment === null || nextMoment.at >= until) break;
    await world.advanceTo(nextMoment.at);
    const open = await world.database.db
      .selectFrom('handoff')
      .select('id')
      .where('closed_at', 'is', null)
      .executeTakeFirst();
    if (!open) continue;
    const handoff = await rotation.handoff();
    expect(handoff.receiver).not.toBe(owner);
    await handoff.readsBack(handoff.receiver);
    await handoff.confirms(owner === berlin.lead ? berlin.lead : tokyo.lead);
    owner = handoff.receiver;
    expect(await custodian(world)).toBe(owner);
    handoffs++;
  }
  const runs = await runLengths(world.client, rotation.workflowId);
  const refused = await world.database.db
    .selectFrom('loop_opening')
    .select('id')
    .where('refused', 'is not', null)
    .execute();
  process.stdout.write(
    `${handoffs} handoffs, ${runs.length} runs of ${Math.max(...runs)} events at most\n`,
  );
  expect(refused).toEqual([]);
  expect(handoffs).toBeGreaterThan(days);
  expect(runs.length).toBeGreaterThan(2);
  expect(Math.max(...runs)).toBeLessThanOrEqual(eventsMax);
  const all = runs.reduce((sum, length) => sum + length, 0);
  expect(all / handoffs).toBeLessThanOrEqual(eventsPerHandoffMax);
  expect(await verifyAudit(world.database.db)).toMatchObject({ firstBreak: null });
});
