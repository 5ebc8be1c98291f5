import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOpenCovers } from '../../activities/cover/open-covers.ts';
import { derivedId } from '../../db/derived-id.ts';
import type { AccountId, LoopId } from '../../domain/id.ts';
import { loopWorkflows } from '../../workflows/addresses.ts';
import { asksForCover, coverOf } from '../support/cover-story.ts';
import { account, givenAccount } from '../support/handoff-organisation.ts';
import { berlin, custodian, handoffWorld, inbox, tokyo } from '../support/handoff-story.ts';
import type { World } from '../support/world.ts';

const day = 86_400_000;
let world: World;
let openCovers: ReturnType<typeof createOpenCovers>;
beforeAll(async () => {
  world = await handoffWorld();
  const { client, clock, taskQueue, database } = world;
  const address = { taskQueue, workflows: loopWorkflows };
  openCovers = createOpenCovers({ db: database.db, client, clock, address });
});
afterAll(() => world.stop());

const dayAfter = (days: number) =>
  new Date(world.clock.now() + days * day).toISOString().slice(0, 10);

async function isAbsent(id: string, first: number, last: number): Promise<void> {
  await world.database.db
    .insertInto('absence')
    .values({ id, person_id: berlin.lead, first_day: dayAfter(first), last_day: dayAfter(last) })
    .execute();
}

const covers = () =>
  world.database.db
    .selectFrom('cover')
    .select(['id', 'status', 'absence_id', 'account_id'])
    .orderBy('asked_at')
    .execute();

test('an absence of whoever owns an account opens one cover, which says so to them', async () => {
  await isAbsent('holiday', 7, 9);
  expect(await openCovers()).toEqual({ opened: 1, dropped: 0 });
  expect(await openCovers()).toEqual({ opened: 0, dropped: 0 });
  expect(await covers()).toMatchObject([
    { status: 'asked', absence_id: 'holiday', account_id: account },
  ]);
  expect(await inbox(world, berlin.manager)).toEqual(['cover.take']);
  const notices = await world.database.db
    .selectFrom('notice')
    .select('key')
    .where('recipient_id', '=', berlin.lead)
    .execute();
  expect(notices).toEqual([{ key: 'cover.opened' }]);
});

test('whoever covers an absence owns the account from its first local minute to its last', async () => {
  const [cover] = await covers();
  await coverOf(world, cover?.id as LoopId).takes(tokyo.lead);
  const midnight = Date.parse(`${dayAfter(7)}T00:00:00+01:00`);
  const end = Date.parse(`${dayAfter(10)}T00:00:00+01:00`);
  await world.advanceTo(midnight - 60_000);
  expect(await custodian(world)).toBe(berlin.lead);
  await world.advanceTo(midnight);
  expect(await custodian(world)).toBe(tokyo.lead);
  await world.advanceTo(end);
  expect(await custodian(world)).toBe(berlin.lead);
});

test('an absence that is taken back asks nobody any more', async () => {
  await isAbsent('course', 5, 6);
  expect(await openCovers()).toEqual({ opened: 1, dropped: 0 });
  await world.database.db.deleteFrom('absence').where('id', '=', 'course').execute();
  expect(await openCovers()).toEqual({ opened: 0, dropped: 1 });
  expect((await covers()).at(-1)?.status).toBe('withdrawn');
  expect(await inbox(world, tokyo.lead)).toEqual([]);
});

test('a day of an absence is a day on the wall of whoever is absent: two that meet do not bar each other', async () => {
  await isAbsent('second', 8, 8);
  expect(await openCovers()).toEqual({ opened: 1, dropped: 0 });
  await isAbsent('first', 7, 7);
  expect(await openCovers()).toEqual({ opened: 1, dropped: 0 });
  await world.database.db.deleteFrom('absence').execute();
  expect(await openCovers()).toEqual({ opened: 0, dropped: 2 });
});

test('an opening that is refused every time shuts out none that comes after it', async () => {
  const { client, clock, taskQueue, database } = world;
  const address = { taskQueue, workflows: loopWorkflows };
  const own = 'other' as AccountId;
  await givenAccount(database.db, { id: own, owner: berlin.lead, since: clock.now() - day });
  await isAbsent('refused', 3, 4);
  // The id that the opening for the first of the two accounts has today: closed already.
  const id = derivedId('cover', own, 'refused', berlin.lead, dayAfter(-1)) as LoopId;
  const far = clock.now() + 40 * day;
  const closed = await asksForCover(world, { id, account: own, from: far, until: far + day });
  await closed.send({ type: 'withdraw', actor: berlin.lead });
  // However many there are of it: a run that tries one alone comes to the other in its next.
  const one = createOpenCovers({ db: database.db, client, clock, address, triesMax: 1 });
  expect(await one()).toEqual({ opened: 0, dropped: 0 });
  expect(await one()).toEqual({ opened: 1, dropped: 0 });
  await database.db.deleteFrom('absence').execute();
  expect(await one()).toEqual({ opened: 0, dropped: 1 });
  await database.db
    .updateTable('account')
    .set({ closed_at: clock.now() })
    .where('id', '=', own)
    .execute();
});

test('an absence longer than one cover is covered piece by piece until its last day', async () => {
  await isAbsent('leave', 2, 95);
  expect(await openCovers()).toEqual({ opened: 1, dropped: 0 });
  await coverOf(world, (await covers()).at(-1)?.id as LoopId).takes(tokyo.lead);
  await world.advance(80 * day);
  expect(await custodian(world)).toBe(tokyo.lead);
  expect(await openCovers()).toEqual({ opened: 1, dropped: 0 });
  await coverOf(world, (await covers()).at(-1)?.id as LoopId).takes(tokyo.backup);
  await world.advance(12 * day);
  expect(await custodian(world)).toBe(tokyo.backup);
  expect(await openCovers()).toEqual({ opened: 0, dropped: 0 });
  await world.advance(5 * day);
  expect(await custodian(world)).toBe(berlin.lead);
});
