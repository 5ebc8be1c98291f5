import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AccountId, PersonId } from '../../domain/id.ts';
import { givenAccount } from '../support/handoff-organisation.ts';
import {
  berlin,
  custodian,
  type Handoff,
  handoffWorld,
  inbox,
  offers,
  tokyo,
  write,
} from '../support/handoff-story.ts';
import { refusal } from '../support/refusal.ts';
import type { World } from '../support/world.ts';

const minute = 60_000;
let world: World;
beforeAll(async () => {
  world = await handoffWorld();
});
afterAll(() => world.stop());

const statusOf = async ({ id }: Handoff) =>
  (
    await world.database.db
      .selectFrom('handoff')
      .select('status')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
  ).status;

const ownersNow = async () =>
  (
    await world.database.db
      .selectFrom('custody')
      .select('owner_id')
      .where((eb) => eb.fn<boolean>('upper_inf', ['period']), '=', true)
      .execute()
  ).length;

test('a read-back against a withdrawal in one instant: one of them counts, and nobody is asked for the other', async () => {
  for (let round = 0; round < 4; round++) {
    const handoff = await offers(world);
    const content = await write(world, berlin.lead, 'handoff.reason');
    const reads = () => refusal(handoff.readsBack(tokyo.lead));
    const withdraws = () =>
      refusal(handoff.send({ type: 'withdraw', actor: berlin.lead, content }));
    const both = round % 2 === 0 ? [reads(), withdraws()] : [withdraws(), reads()];
    await Promise.allSettled(both);
    // Whatever came first, the withdrawal ends it: a read-back alone moves nothing.
    expect(await statusOf(handoff)).toBe('withdrawn');
    expect(await custodian(world)).toBe(berlin.lead);
    expect(await inbox(world, tokyo.lead)).toEqual([]);
    expect(await inbox(world, berlin.lead)).toEqual([]);
  }
});

test('a confirmation against a withdrawal in one instant: the account moves once or not at all', async () => {
  for (let round = 0; round < 4; round++) {
    const giver = await custodian(world);
    const to = giver === berlin.lead ? tokyo.lead : berlin.lead;
    const handoff = await offers(world, { giver, to });
    await handoff.readsBack(to);
    const content = await write(world, giver, 'handoff.reason');
    await Promise.allSettled([
      handoff.confirms(giver),
      handoff.send({ type: 'withdraw', actor: giver, content }),
    ]);
    const status = await statusOf(handoff);
    expect(['transferred', 'withdrawn']).toContain(status);
    expect(await custodian(world)).toBe(status === 'transferred' ? to : giver);
    expect(await ownersNow()).toBe(1);
  }
});

test('a confirmation against the bounce at its deadline: one owner, and one end', async () => {
  const giver = await custodian(world);
  const to = giver === berlin.lead ? tokyo.lead : berlin.lead;
  const handoff = await offers(world, { giver, to, allowanceMinutes: 60 });
  await handoff.readsBack(to);
  // Of the manager, who is asked when the giver stays silent: when it is over, it bounces.
  const manager = giver === berlin.lead ? berlin.manager : tokyo.manager;
  const isLast = (id = ''): boolean => id.startsWith(`end/readBack/${manager}/`);
  let next = (await world.status(handoff.workflowId)).nextMoment;
  while (next && !isLast(next.id)) {
    await world.advanceTo(next.at);
    next = (await world.status(handoff.workflowId)).nextMoment;
  }
  expect(next).not.toBeNull();
  await Promise.allSettled([world.advanceTo((next?.at ?? 0) + minute), handoff.confirms(giver)]);
  const status = await statusOf(handoff);
  expect(['transferred', 'bounced']).toContain(status);
  expect(await custodian(world)).toBe(status === 'transferred' ? to : manager);
  expect(await ownersNow()).toBe(1);
  const ends = await world.database.db
    .selectFrom('transition')
    .select('command_type')
    .where('loop_id', '=', handoff.id)
    .where('command_type', 'in', ['confirm', 'bounce'])
    .execute();
  expect(ends).toHaveLength(1);
});

const ownersOf = async (account: AccountId) =>
  (
    await world.database.db
      .selectFrom('custody')
      .select('owner_id')
      .where('account_id', '=', account)
      .where((eb) => eb.fn<boolean>('upper_inf', ['period']), '=', true)
      .execute()
  ).map(({ owner_id }) => owner_id);

/** Nobody stands behind Tokyo's manager: what they leave unread bounces at their own deadline. */
const behind: readonly (readonly [PersonId, string])[] = [
  [tokyo.manager, 'bounced'],
  [tokyo.lead, 'offered'],
];

test('a read-back against the end of the receiver’s own allowance: it counts or comes too late, and the account waits for neither', async () => {
  for (const [index, [to, otherwise]] of behind.entries()) {
    const account = `own-deadline-${index}` as AccountId;
    await givenAccount(world.database.db, {
      id: account,
      owner: berlin.lead,
      since: world.clock.now() - minute,
    });
    const handoff = await offers(world, { account, to, allowanceMinutes: 60 });
    const isEnd = (id = ''): boolean => id.startsWith(`end/offered/${to}/`);
    let next = (await world.status(handoff.workflowId)).nextMoment;
    while (next && !isEnd(next.id)) {
      await world.advanceTo(next.at);
      next = (await world.status(handoff.workflowId)).nextMoment;
    }
    expect(next).not.toBeNull();
    const [, read] = await Promise.all([
      world.advanceTo((next?.at ?? 0) + minute),
      refusal(handoff.readsBack(to)),
    ]);
    const status = await statusOf(handoff);
    // Who came too late is told so; what counted is never taken back by the clock.
    expect(status).toBe(read === 'accepted' ? 'readBack' : otherwise);
    const manager = status === 'bounced' ? berlin.manager : berlin.lead;
    expect(await ownersOf(account)).toEqual([manager]);
    const late = await refusal(handoff.readsBack(to));
    expect(late).not.toBe('accepted');
    expect(await ownersOf(account)).toEqual([manager]);
  }
});
