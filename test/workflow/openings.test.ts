import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { wordsOf } from '../../activities/compose-notice.ts';
import { createOpenLoop } from '../../activities/open-loop.ts';
import { createStartOpenings } from '../../activities/start-openings.ts';
import { custodianAt } from '../../db/accounts.ts';
import { lockLoop } from '../../db/loops.ts';
import { insertOpenings } from '../../db/openings.ts';
import type { LoopId, NoticeId } from '../../domain/id.ts';
import type { Command, NoticeParams } from '../../domain/loop.ts';
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

const requestOf = (more: object) =>
  ({
    type: 'request',
    account,
    owner: berlin.lead,
    manager: berlin.manager,
    reason: 'asked',
    candidates: [],
    note: null,
    absence: null,
    ...more,
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
  const asked = requestOf({ openedBy: by, from: 0, until: 1 });
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

test('a cover of an assignment and a handoff of a rotation that are refused are told to whom they were for and to their manager, in the words of the refusal, and the account stays', async () => {
  const { db } = world.database;
  const at = world.clock.now();
  const [assignment, rotation] = [randomUUID(), randomUUID()] as LoopId[];
  const cover = requestOf({ actor: berlin.lead, from: at - 2, until: at - 1 });
  const [ofCover, ofHandoff] = [randomUUID(), randomUUID()] as LoopId[];
  // The receiver has left by then, whose name the refusal says.
  await db.updateTable('person').set({ left_at: at }).where('id', '=', tokyo.lead).execute();
  const offer = await offerOf(rotation as LoopId);
  await db.transaction().execute(async (tx) => {
    await lockLoop(tx, assignment as LoopId, 'assignment');
    await lockLoop(tx, rotation as LoopId, 'rotation');
    const asked = { loop: 'cover', id: ofCover as LoopId, command: cover };
    const offered = { loop: 'handoff', id: ofHandoff as LoopId, command: offer };
    await insertOpenings(tx, { by: assignment as LoopId, at, openings: [asked] });
    await insertOpenings(tx, { by: rotation as LoopId, at, openings: [offered] });
  });
  const before = await custodianAt(db, account, at);
  const ids = [ofCover, ofHandoff] as LoopId[];
  expect(await start(ids)).toEqual({ opened: 0 });
  expect(await start(ids)).toEqual({ opened: 0 });
  const told = await db
    .selectFrom('notice')
    .select(['recipient_id as to', 'key', 'params', 'loop_id as loop'])
    .where('loop_id', 'in', [assignment, rotation] as string[])
    .orderBy('key')
    .orderBy('to')
    .execute();
  expect(told.map(({ to, key, loop }) => [to, key, loop])).toEqual(
    [
      ['cover.request_refused', assignment],
      ['rotation.offer_refused', rotation],
    ].flatMap(([key, loop]) => ['berlin-director', berlin.lead].map((to) => [to, key, loop])),
  );
  const reader = { locale: 'de', zone: 'Europe/Berlin', direction: 'ltr' } as const;
  const written = await Promise.all(
    told.map(({ key, params, loop }) => {
      const part = { id: randomUUID() as NoticeId, loopId: loop as LoopId, sequence: 0, key };
      const whole = { ...part, params: params as NoticeParams, locale: null };
      return wordsOf(db, [whole], { recipient: reader, publicUrl: '' });
    }),
  );
  // Its account is what each may see; the loop that asked is not everybody's.
  expect(new Set(written.map(({ link }) => link))).toEqual(new Set([`/portfolio/${account}`]));
  const texts = written.map(({ rendered }) => rendered.text);
  expect(texts[0]).toContain('Der Zeitraum ist vorbei');
  expect(texts[2]).toContain(`Name of ${tokyo.lead}`);
  for (const text of texts) expect(text).not.toMatch(/cover\.|person\.|\{\{/);
  expect(await custodianAt(db, account, world.clock.now())).toBe(before);
});
