import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { appendItemEvent, findActionItem, insertActionItems } from '../../db/action-items.ts';
import { recordCalendarChange } from '../../db/calendar-changes.ts';
import { insertContent, readContents } from '../../db/contents.ts';
import { insertFlags, loggedFlags } from '../../db/red-flags.ts';
import { present } from '../../domain/assert.ts';
import type { Packet } from '../../domain/handoff/packet.ts';
import type { ContentId, PersonId } from '../../domain/id.ts';
import { account } from '../support/handoff-organisation.ts';
import { berlin, custodian, handoffWorld, offers, tokyo } from '../support/handoff-story.ts';
import { refusal } from '../support/refusal.ts';
import { type Rotation, startsRotation } from '../support/rotation-story.ts';
import { until } from '../support/until.ts';
import type { World } from '../support/world.ts';

const hour = 3_600_000;
const day = 24 * hour;
let world: World;
/** 09:00 UTC. */
let monday: number;
beforeAll(async () => {
  world = await handoffWorld();
  monday = world.clock.now();
});
afterAll(() => world.stop());

const told = async ({ id }: Rotation) => {
  const rows = await world.database.db
    .selectFrom('notice')
    .select(['key', 'recipient_id'])
    .where('loop_id', '=', id)
    .execute();
  return rows.map((row) => `${row.key} ${row.recipient_id}`).toSorted();
};

const events = async ({ workflowId }: Rotation) =>
  (await world.client.workflow.getHandle(workflowId).fetchHistory()).events?.length ?? 0;

const outcomes = async ({ id }: Rotation) => {
  const rows = await world.database.db
    .selectFrom('transition')
    .select('events')
    .where('loop_id', '=', id)
    .where('command_type', '=', 'handOver')
    .orderBy('sequence')
    .execute();
  return rows
    .flatMap(({ events }) => events as { outcome: string; to: string }[])
    .map(({ outcome, to }) => `${outcome} ${to}`);
};

/** To be done for the account; answers how it is done. */
async function givenItem(text: string, owner: PersonId): Promise<() => Promise<void>> {
  const { db } = world.database;
  const [id, content] = [randomUUID(), randomUUID() as ContentId];
  const at = world.clock.now();
  const kind = 'account.action';
  await insertContent(db, { id: content, author: owner, kind, body: { text }, at });
  const item = { id, account, content, owner, dueAt: at + day, handoff: null, isLate: false };
  await insertActionItems(db, [item], { by: owner, at });
  return async () => {
    const now = present(await findActionItem(db, account, id), 'the item');
    const by = { by: owner, at: world.clock.now() };
    await appendItemEvent(db, { item: now, type: 'done', owner: now.owner.id }, by);
  };
}

/** `Send the quote: berlin-lead`, as the packet of the handoff has it. */
async function packetActions(handoff: { readonly id: string }): Promise<readonly string[]> {
  const id = await packetOf(handoff);
  const { body } = present((await readContents(world.database.db, [id])).get(id), 'the packet');
  const { summary, actions } = body as Packet;
  expect(summary).toBe('Tender');
  return actions.map(({ text, owner }) => `${text}: ${owner}`).toSorted();
}

test('a rotation hands the account on before the holder stops, with what is open then, and each watch after it', async () => {
  const { db } = world.database;
  const rotation = await startsRotation(world);
  const quoteIsSent = await givenItem('Send the quote', berlin.lead);
  await givenItem('Train the ward', tokyo.backup);
  const isCalled = await givenItem('Call the clinic', berlin.lead);
  await isCalled();
  // Monday, 09:00 UTC: Berlin works until 16:00 UTC, Tokyo from 00:00 to 08:00 UTC.
  const before = await events(rotation);
  await world.advance(6 * hour);
  // A warning and a hand-over: at most fourteen events of history for each handoff.
  expect((await events(rotation)) - before).toBeLessThanOrEqual(14);
  // From 16:00 to 00:00 UTC Berlin is to hold on: an eighth of it counts, at once.
  const asked = world.database.db.selectFrom('asked_outside').where('loop_id', '=', rotation.id);
  expect(await asked.select(['person_id', 'kind', 'outside_minutes']).execute()).toEqual([
    { person_id: berlin.lead, kind: 'rotation.hold', outside_minutes: 60 },
  ]);
  const handoff = await rotation.handoff();
  expect(handoff.receiver).toBe(tokyo.lead);
  expect(await packetActions(handoff)).toEqual([
    `Send the quote: ${berlin.lead}`,
    `Train the ward: ${tokyo.backup}`,
  ]);
  // What compliance is to know of the text it was given, it finds at each of its handoffs.
  const given = db.selectFrom('rotation').select('packet_id').where('id', '=', rotation.id);
  const content = (await given.executeTakeFirstOrThrow()).packet_id as ContentId;
  const flag = { code: 'off_label', place: 'summary' } as const;
  const acknowledged = { acknowledgedBy: berlin.lead, at: world.clock.now() };
  await insertFlags(db, { content, flags: [flag], ...acknowledged });
  const logged = { ...flag, kind: 'handoff.packet', isAcknowledged: true };
  expect(await loggedFlags(db, handoff.id)).toMatchObject([logged]);
  await givenItem('They called', berlin.lead);
  await handoff.readsBack(tokyo.lead);
  await handoff.confirms(berlin.lead);
  expect(await custodian(world)).toBe(tokyo.lead);
  await quoteIsSent();
  // Read back before the gap began: nobody held on after all.
  expect(
    await asked.select((eb) => eb.fn.sum<bigint>('outside_minutes').as('sum')).execute(),
  ).toEqual([{ sum: 0n }]);
  expect(await told(rotation)).toEqual([
    `rotation.gap ${berlin.lead}`,
    `rotation.gap ${berlin.manager}`,
    `rotation.handing_over ${berlin.lead}`,
    `rotation.started ${tokyo.lead}`,
  ]);
  await world.advance(day);
  expect(await outcomes(rotation)).toEqual([
    `offered ${tokyo.lead}`,
    `offered ${berlin.lead}`,
    `in_handoff ${tokyo.lead}`,
  ]);
  // The next packet has what is open by now, with whose it is by now.
  expect(await packetActions(await rotation.handoff())).toEqual([
    `They called: ${tokyo.lead}`,
    `Train the ward: ${tokyo.backup}`,
  ]);
  await (
    await rotation.handoff()
  ).send({
    type: 'withdraw',
    actor: tokyo.lead,
    content: await packetOf(await rotation.handoff()),
  });
  await rotation.send({ type: 'end', actor: berlin.lead });
  const back = await offers(world, { giver: tokyo.lead, to: berlin.lead });
  await back.readsBack(berlin.lead);
  await back.confirms(tokyo.lead);
});

const packetOf = async ({ id }: { readonly id: string }) =>
  (
    await world.database.db
      .selectFrom('handoff')
      .select('packet_id')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
  ).packet_id as ContentId;

test('a change does not touch the handoff that is under way, and counts from the next on', async () => {
  await world.advanceTo(monday + 2 * day);
  const rotation = await startsRotation(world);
  await world.advance(6 * hour);
  const running = await rotation.handoff();
  const stepsOf = async (id: string) =>
    (
      await world.database.db
        .selectFrom('transition')
        .select('state')
        .where('loop_id', '=', id)
        .execute()
    ).map(({ state }) => JSON.stringify(state));
  const before = await stepsOf(running.id);
  await rotation.send({
    type: 'change',
    actor: berlin.lead,
    members: [berlin.lead, tokyo.lead, tokyo.backup],
    leadMinutes: 120,
  });
  expect(await stepsOf(running.id)).toEqual(before);
  await running.readsBack(tokyo.lead);
  await running.confirms(berlin.lead);
  expect(await custodian(world)).toBe(tokyo.lead);
  // 08:00 UTC: Tokyo stops where Berlin begins.
  await world.advanceTo(monday + 3 * day - hour);
  expect((await rotation.handoff()).id).not.toBe(running.id);
  await rotation.send({ type: 'end', actor: berlin.lead });
  const next = await rotation.handoff();
  await next.readsBack(berlin.lead);
  await next.confirms(tokyo.lead);
});

test('the handoff comes from whoever owns the account then, also where the plan knew another', async () => {
  await world.advanceTo(monday + 4 * day);
  const members = [berlin.lead, tokyo.lead, tokyo.backup];
  const rotation = await startsRotation(world, { members });
  const aside = await offers(world, { to: tokyo.backup });
  await aside.readsBack(tokyo.backup);
  await aside.confirms(berlin.lead);
  await world.advance(6 * hour);
  const { id, send } = await rotation.handoff();
  const { giver_id: giver } = await world.database.db
    .selectFrom('handoff')
    .select('giver_id')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  expect(giver).toBe(tokyo.backup);
  // Nobody is asked to hold an account on for a rotation that is on hold, however long that lasts.
  const asked = async () =>
    (
      await world.database.db
        .selectFrom('asked_outside')
        .select((eb) => eb.fn.sum<bigint>('outside_minutes').as('sum'))
        .where('loop_id', '=', rotation.id)
        .executeTakeFirstOrThrow()
    ).sum;
  expect(await asked()).toBeGreaterThan(0n);
  await rotation.send({ type: 'hold', actor: berlin.lead });
  expect(await asked()).toBe(0n);
  await rotation.send({ type: 'resume', actor: berlin.lead });
  const content = await packetOf({ id });
  await send({ type: 'withdraw', actor: tokyo.backup, content });
  await rotation.send({ type: 'end', actor: berlin.lead });
  const back = await offers(world, { giver: tokyo.backup, to: berlin.lead });
  await back.readsBack(berlin.lead);
  await back.confirms(tokyo.backup);
});

test('a change counts from now on, and one account has one rotation', async () => {
  const rotation = await startsRotation(world);
  expect(await refusal(startsRotation(world))).toBe('rotation.account_in_rotation');
  const change = (members: readonly (typeof berlin.lead)[], actor = berlin.lead) =>
    refusal(rotation.send({ type: 'change', actor, members, leadMinutes: 30 }));
  expect(await change([berlin.lead])).toBe('rotation.too_few');
  expect(await change([berlin.lead, berlin.lead])).toBe('rotation.member_twice');
  expect(await change([berlin.lead, tokyo.backup], tokyo.backup)).toBe('authority.forbidden');
  expect(await change([tokyo.lead, tokyo.backup])).toBe('rotation.owner_not_member');
  expect(await change([berlin.lead, tokyo.backup])).toBe('accepted');
  expect(await told(rotation)).toContain(`rotation.changed ${tokyo.backup}`);
  expect(await told(rotation)).toContain(`rotation.left_out ${tokyo.lead}`);
  await rotation.send({ type: 'end', actor: berlin.manager });
});

test('a rotation without the owner of the account is refused', async () => {
  const members = [tokyo.lead, tokyo.backup];
  expect(await refusal(startsRotation(world, { members }))).toBe('rotation.owner_not_member');
  expect(await refusal(startsRotation(world, { holder: tokyo.lead }))).toBe(
    'rotation.owner_not_member',
  );
});

test('once nobody is left to take over, whoever is left and the owner are told so, once, and what to do', async () => {
  const { db } = world.database;
  const rotation = await startsRotation(world);
  const at = world.clock.now();
  await db.updateTable('person').set({ left_at: at }).where('id', '=', tokyo.lead).execute();
  const change = { reason: 'directory', people: [tokyo.lead], at } as const;
  const isTold = async () => (await told(rotation)).includes(`rotation.emptied ${berlin.lead}`);
  for (const _again of [1, 2]) {
    await db.transaction().execute((tx) => recordCalendarChange(tx, change));
    await world.advance(0);
    await until('whoever is left is told', isTold);
  }
  const emptied = (await told(rotation)).filter((one) => one.startsWith('rotation.emptied'));
  expect(emptied).toEqual([`rotation.emptied ${berlin.lead}`]);
  await rotation.send({ type: 'end', actor: berlin.lead });
});
