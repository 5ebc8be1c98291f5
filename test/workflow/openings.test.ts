import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOpenLoop } from '../../activities/open-loop.ts';
import { createStartOpenings } from '../../activities/start-openings.ts';
import { insertOpenings } from '../../db/openings.ts';
import type { LoopId } from '../../domain/id.ts';
import type { Command } from '../../domain/loop.ts';
import { loopWorkflows } from '../../workflows/addresses.ts';
import { account, berlin, tokyo } from '../support/handoff-organisation.ts';
import { handoffWorld, offers, write } from '../support/handoff-story.ts';
import { refusal } from '../support/refusal.ts';
import type { World } from '../support/world.ts';

let world: World;
let start: ReturnType<typeof createStartOpenings>;
beforeAll(async () => {
  world = await handoffWorld();
  const { client, clock, taskQueue, database } = world;
  const address = { taskQueue, workflows: loopWorkflows };
  start = createStartOpenings({ db: database.db, client, clock, address });
});
afterAll(() => world.stop());

const stored = () =>
  world.database.db
    .selectFrom('loop_opening')
    .select(['id', 'settled_at', 'refused'])
    .orderBy('at')
    .execute();

const offerOf = async (by: LoopId, giver = berlin.lead) =>
  ({
    type: 'offer',
    openedBy: by,
    account,
    giver,
    receiver: tokyo.lead,
    severity: 'routine',
    packet: await write(world, berlin.lead, 'handoff.packet'),
    allowanceMinutes: 480,
  }) as Command;

/** As a step keeps it: of an account that is, or is not, Berlin's. */
async function keeps(by: LoopId, { loop = 'handoff', giver = berlin.lead, at = 0 } = {}) {
  const id = randomUUID() as LoopId;
  const command = await offerOf(by, giver);
  const when = world.clock.now() + at;
  await world.database.db
    .transaction()
    .execute((tx) => insertOpenings(tx, { by, at: when, openings: [{ loop, id, command }] }));
  return id;
}

test('a loop that cannot be begun delays no other, one that is refused is kept with its reason, none begins twice', async () => {
  const handoff = await offers(world);
  const content = await write(world, berlin.lead, 'handoff.reason');
  await handoff.send({ type: 'withdraw', actor: berlin.lead, content });
  const unknown = await keeps(handoff.id, { loop: 'no-such-loop', at: -3 });
  const refused = await keeps(handoff.id, { giver: tokyo.backup, at: -2 });
  const begun = await keeps(handoff.id, { at: -1 });
  await expect(start()).rejects.toThrow('no-such-loop');
  expect(await stored()).toMatchObject([
    { id: unknown, settled_at: null, refused: null },
    { id: refused, refused: 'handoff.not_custodian' },
    { id: begun, settled_at: world.clock.now(), refused: null },
  ]);
  await expect(start()).rejects.toThrow('no-such-loop');
  const open = await world.database.db
    .selectFrom('handoff')
    .select('id')
    .where('closed_at', 'is', null)
    .execute();
  expect(open).toEqual([{ id: begun }]);
});

test('no handoff is opened without a person, but by a step that is recorded', async () => {
  const { client, clock, taskQueue } = world;
  const open = createOpenLoop({ client, clock, address: { taskQueue, workflows: loopWorkflows } });
  const command = await offerOf(randomUUID() as LoopId);
  const opening = { loop: 'handoff', id: randomUUID() as LoopId, command };
  expect(await refusal(open(opening))).toBe('authority.forbidden');
});
