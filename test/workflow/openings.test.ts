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

test('what is told of a loop that was refused, and so never began, is settled as told of one that is over', async () => {
  const { db } = world.database;
  const step = await db.selectFrom('loop_instance').select('id').executeTakeFirstOrThrow();
  const by = step.id as LoopId;
  const [id, telling] = [randomUUID() as LoopId, randomUUID() as LoopId];
  const command = { type: 'release', openedBy: by } as Command;
  const asked = {
    type: 'request',
    openedBy: by,
    account,
    owner: berlin.lead,
    manager: berlin.manager,
    reason: 'asked',
    candidates: [],
    note: null,
    absence: null,
    from: 0,
    until: 1,
  } as Command;
  const openings = [
    { loop: 'cover', id: telling, command, target: id },
    { loop: 'cover', id, command: asked },
  ];
  const at = world.clock.now();
  await db.transaction().execute((tx) => insertOpenings(tx, { by, at, openings }));
  // The telling waits for what it is about, whichever comes first.
  expect(await start([telling])).toEqual({ opened: 0 });
  expect(await start([id])).toEqual({ opened: 0 });
  expect(await start([telling])).toEqual({ opened: 0 });
  expect(await stored()).toContainEqual({ id: telling, settled_at: at, refused: 'loop.closed' });
});
