import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTellLoopsOfChange } from '../../activities/calendar-changes.ts';
import { createApplyChanges } from '../../activities/change/apply-changes.ts';
import { insertActionItems, listActionItems } from '../../db/action-items.ts';
import { findCalendarChange } from '../../db/calendar-changes.ts';
import { findChange, scheduleChange } from '../../db/changes.ts';
import type { Change } from '../../domain/change/change.ts';
import type { AccountId, PersonId, RegionId, TeamId } from '../../domain/id.ts';
import { calendarChangeAddress, loopWorkflows } from '../../workflows/addresses.ts';
import { raisesAlert } from '../support/alert-story.ts';
import { asksForCover, type Cover } from '../support/cover-story.ts';
import { account, givenAccount } from '../support/handoff-organisation.ts';
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
import { startsRotation } from '../support/rotation-story.ts';
import { until } from '../support/until.ts';
import type { World } from '../support/world.ts';

const day = 86_400_000;
const hour = 3_600_000;
const covered = 'covered' as AccountId;
const followed = 'followed' as AccountId;
let world: World;
let handoff: Handoff;
beforeAll(async () => {
  const told = (change: string): Promise<number> => createTellLoopsOfChange(partsOf(world))(change);
  world = await handoffWorld({
    activities: (activities) => ({ ...activities, tellLoopsOfChange: told }),
  });
  const { db } = world.database;
  await db
    .insertInto('team')
    .values({ id: 'dealer', name: 'A dealer', kind: 'own', region_id: 'world' })
    .execute();
  await db.updateTable('person').set({ team_id: 'dealer' }).where('id', '=', tokyo.lead).execute();
  const mornings = Object.fromEntries(
    ['mon', 'tue', 'wed', 'thu', 'fri'].map((on) => [on, [[600, 660]]]),
  );
  const intervals = { ...mornings, sat: [], sun: [] };
  await db.insertInto('working_week').values({ id: 'mornings', intervals }).execute();
  await db
    .insertInto('region')
    .values({
      id: 'europe',
      name: 'Europe',
      locale: 'en',
      zone: 'Etc/UTC',
      manager_id: berlin.manager,
      week_id: 'mornings',
    })
    .execute();
  const roles = { person_id: berlin.manager, role: 'admin' };
  await db.insertInto('person_role').values(roles).execute();
  for (const id of [covered, followed]) {
    await givenAccount(db, { id, owner: berlin.lead, since: world.clock.now() - day });
  }
});
afterAll(() => world.stop());

const partsOf = ({ database, client, clock, taskQueue }: World) => ({
  db: database.db,
  client,
  clock,
  address: { taskQueue, workflows: loopWorkflows, calendarChange: calendarChangeAddress },
});

/** Plans changes for tomorrow, and does on that day what the maintenance does. */
async function comesTrue(...changes: readonly Change[]): Promise<void> {
  const { db } = world.database;
  const { clock } = world;
  const tomorrow = Math.floor(clock.now() / day) * day + day;
  const fromDay = new Date(tomorrow).toISOString().slice(0, 10);
  const planned = changes.map((change) => ({ id: randomUUID(), change }));
  for (const one of planned) {
    const asked = { ...one, at: tomorrow, fromDay, by: berlin.manager, now: clock.now() };
    expect(await scheduleChange(db, asked)).toMatchObject({ ok: true });
  }
  await world.advanceTo(tomorrow);
  const applied = await createApplyChanges({ db, clock })();
  expect(applied).toEqual({ applied: changes.length, refused: 0 });
  for (const { id } of planned) await loopsHearOf((await findChange(db, id))?.calendarChange ?? '');
}

async function loopsHearOf(told: string): Promise<void> {
  await world.client.workflow.execute(calendarChangeAddress.type, {
    workflowId: calendarChangeAddress.workflowId(told),
    taskQueue: world.taskQueue,
    args: [told],
  });
  await until('every loop has planned again', async () => {
    const found = await findCalendarChange(world.database.db, told);
    return found?.planned === found?.touched && found?.announcedAt !== null;
  });
}

const owners = async (): Promise<readonly PersonId[]> => {
  const rows = await world.database.db
    .selectFrom('custody')
    .select('owner_id')
    .where((eb) => eb.fn<boolean>('upper_inf', ['period']), '=', true)
    .execute();
  return rows.map(({ owner_id }) => owner_id as PersonId);
};

const open = () =>
  world.database.db
    .selectFrom('handoff')
    .select(['id', 'holder_id'])
    .where('account_id', '=', account)
    .where('closed_at', 'is', null)
    .executeTakeFirst();

test('whoever leaves with a dissolved team is asked nothing any more, in whichever loop', async () => {
  handoff = await offers(world);
  await asksForCover(world, { account: covered });
  const members = [berlin.lead, tokyo.lead, tokyo.backup];
  await startsRotation(world, { account: followed, members });
  expect(await inbox(world, tokyo.lead)).toEqual(['handoff.read_back', 'cover.take']);
  await comesTrue({
    kind: 'team_dissolved',
    team: 'dealer' as TeamId,
    into: null,
    people: 'leave',
  });
  await world.advance(2 * hour); // the next one is asked within an hour of work
  expect(await inbox(world, tokyo.lead)).toEqual([]);
  expect(await open()).toEqual({ id: handoff.id, holder_id: tokyo.backup });
  expect(await inbox(world, tokyo.backup)).toContain('cover.take');
  expect(await owners()).toEqual([berlin.lead, berlin.lead, berlin.lead]);
});

test('regions merge under a handoff: it waits by the hours of the new one, and the accounts are looked at', async () => {
  const { db } = world.database;
  const due = async () => (await world.status(handoff.workflowId)).nextMoment?.at ?? 0;
  await db.deleteFrom('outlook_due').execute();
  await world.advanceTo(await due());
  const before = await due();
  await comesTrue({
    kind: 'region_merged',
    region: 'world' as RegionId,
    into: 'europe' as RegionId,
    offices: 'end',
  });
  expect(await due()).toBeGreaterThan(before);
  expect((await open())?.id).toBe(handoff.id);
  const looked = await db.selectFrom('outlook_due').select('account_id').distinct().execute();
  expect(looked.map((row) => row.account_id).toSorted()).toEqual(
    [account, covered, followed].toSorted(),
  );
});

test('a clearance that is lost in the middle of a handoff stops nothing and is told to both sides', async () => {
  const holder = (await open())?.holder_id as PersonId;
  await comesTrue({ kind: 'clearance_lost', product: 'stent', countries: [] });
  const told = await world.database.db
    .selectFrom('notice')
    .select('recipient_id')
    .where('key', '=', 'change.clearance_lost_everywhere')
    .execute();
  expect(told.map((row) => row.recipient_id)).toEqual(
    expect.arrayContaining([berlin.lead, holder]),
  );
  await handoff.readsBack(holder);
  await handoff.confirms(berlin.lead);
  expect(await custodian(world)).toBe(holder);
});

/** Of whoever owns it now; null where nobody does. */
const ownerOf = async (id: AccountId) =>
  (
    await world.database.db
      .selectFrom('custody')
      .select('owner_id')
      .where('account_id', '=', id)
      .where((eb) => eb.fn<boolean>('upper_inf', ['period']), '=', true)
      .executeTakeFirst()
  )?.owner_id ?? null;

const itemOf = (id: string) =>
  world.database.db
    .selectFrom('action_item_now')
    .select(['owner_id', 'is_open'])
    .where('id', '=', id)
    .executeTakeFirst();

async function givenItem(of: AccountId, owner: PersonId): Promise<string> {
  const { db } = world.database;
  const id = randomUUID();
  const at = world.clock.now();
  const content = await write(world, owner, 'account.action');
  const item = { id, account: of, content, owner, dueAt: at + day, handoff: null, isLate: false };
  await insertActionItems(db, [item], { by: owner, at });
  return id;
}

const statusOf = async (table: 'handoff' | 'cover' | 'rotation', id: string) =>
  (
    await world.database.db
      .selectFrom(table)
      .select('status')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
  ).status;

test('an account that becomes part of another in the middle of its handoff ends with all that is open, and goes where the other goes', async () => {
  const { db } = world.database;
  const part = 'part' as AccountId;
  await givenAccount(db, { id: part, owner: berlin.lead, since: world.clock.now() - day });
  const [moves, thirds] = [
    await givenItem(part, berlin.lead),
    await givenItem(part, berlin.manager),
  ];
  const members = [berlin.lead, tokyo.backup];
  const rotation = await startsRotation(world, { account: part, members });
  const cover = await asksForCover(world, { account: part, candidates: [tokyo.backup] });
  const begun = await offers(world, { account: part, to: tokyo.backup });
  await begun.readsBack(tokyo.backup);
  const other = await custodian(world);
  expect(other).not.toBe(berlin.lead);
  await comesTrue({ kind: 'account_closed', account: part, into: account });
  await world.advance(1);
  await until('what was open has ended', async () => (await openOf(part)).length === 0);
  expect(await statusOf('handoff', begun.id)).toBe('dropped');
  expect(await statusOf('cover', cover.id)).toBe('accountClosed');
  expect((await world.status(rotation.workflowId).catch(() => null))?.nextMoment ?? null).toBe(
    null,
  );
  expect([await ownerOf(part), await ownerOf(account)]).toEqual([other, other]);
  expect(await itemOf(moves)).toEqual({ owner_id: other, is_open: true });
  expect(await itemOf(thirds)).toEqual({ owner_id: berlin.manager, is_open: true });
  const listed = await listActionItems(db, { account, isOpen: true, after: null, limit: 50 });
  expect(listed.map(({ id }) => id)).toEqual(expect.arrayContaining([moves, thirds]));
  const told = await db
    .selectFrom('notice')
    .select(['recipient_id', 'key'])
    .where('key', 'in', ['handoff.dropped', 'rotation.stopped', 'change.account_merged'])
    .execute();
  expect(told.map(({ recipient_id, key }) => `${recipient_id} ${key}`)).toEqual(
    expect.arrayContaining([
      `${berlin.lead} handoff.dropped`,
      `${tokyo.backup} handoff.dropped`,
      `${berlin.lead} rotation.stopped`,
      `${berlin.lead} change.account_merged`,
      `${other} change.account_merged`,
    ]),
  );
  expect(await refusal(offers(world, { account: part, giver: other, to: berlin.lead }))).toBe(
    'account.closed',
  );
  expect(
    await refusal(asksForCover(world, { account: part, owner: other, candidates: [berlin.lead] })),
  ).toBe('account.closed');
  expect(
    await refusal(
      startsRotation(world, { account: part, holder: other, members: [other, berlin.lead] }),
    ),
  ).toBe('account.closed');
  expect(await refusal(raisesAlert(world, { account: part, owner: other }))).toBe('account.closed');
  const onward = await offers(world, { giver: other, to: berlin.lead });
  await onward.readsBack(berlin.lead);
  await onward.confirms(other);
  expect([await ownerOf(part), await ownerOf(account)]).toEqual([berlin.lead, berlin.lead]);
  expect(await itemOf(moves)).toEqual({ owner_id: berlin.lead, is_open: true });
  expect(await itemOf(thirds)).toEqual({ owner_id: berlin.manager, is_open: true });
});

/** Loops of the account that are under way. */
const openOf = (of: AccountId) =>
  world.database.db
    .selectFrom('loop_instance')
    .select('id')
    .where('account_id', '=', of)
    .where('closed_at', 'is', null)
    .execute();

/** Taken and begun, from now on for three days. */
async function isCoveredBy(taker: PersonId, of: AccountId, owner: PersonId): Promise<Cover> {
  const from = world.clock.now() + 1;
  const lent = {
    account: of,
    owner,
    actor: owner,
    candidates: [taker],
    from,
    until: from + 3 * day,
  };
  const cover = await asksForCover(world, lent);
  await cover.takes(taker);
  await world.advance(1);
  expect(await ownerOf(of)).toBe(taker);
  return cover;
}

test('a cover under way ends with its account, wherever that goes, and what is to be done goes where custody does', async () => {
  const [closes, merges] = ['lent', 'lent-part'] as AccountId[] as [AccountId, AccountId];
  const since = world.clock.now() - day;
  for (const id of [closes, merges]) {
    await givenAccount(world.database.db, { id, owner: berlin.manager, since });
  }
  // Whoever covers the part owns what it becomes part of: to give it back would part the two.
  const taker = await custodian(world);
  const covers = [
    await isCoveredBy(taker, closes, berlin.manager),
    await isCoveredBy(taker, merges, berlin.manager),
  ];
  const items = [await givenItem(closes, taker), await givenItem(merges, taker)];
  await comesTrue(
    { kind: 'account_closed', account: closes, into: null },
    { kind: 'account_closed', account: merges, into: account },
  );
  await world.advance(1);
  await until('both covers have ended', async () =>
    (await Promise.all([closes, merges].map(openOf))).every((open) => open.length === 0),
  );
  const ended = covers.map(({ id }) => statusOf('cover', id));
  expect(await Promise.all(ended)).toEqual(['accountClosed', 'accountClosed']);
  const owned = await Promise.all([closes, merges, account].map(ownerOf));
  expect(owned).toEqual([berlin.manager, taker, taker]);
  const due = await Promise.all(items.map(itemOf));
  expect(due.map((item) => item?.owner_id)).toEqual([berlin.manager, taker]);
  expect(await inbox(world, taker)).not.toContain('cover.hand_back');
});

test('an account that closes keeps its owner and what is to be done; nothing of it is handed over any more', async () => {
  const owner = await ownerOf(followed);
  const item = await givenItem(followed, berlin.lead);
  await comesTrue({ kind: 'account_closed', account: followed, into: null });
  await until('its rotation has ended', async () => (await openOf(followed)).length === 0);
  expect(await ownerOf(followed)).toBe(owner);
  expect(await itemOf(item)).toEqual({ owner_id: berlin.lead, is_open: true });
});

test('whoever leaves owns nothing: their backup has the account at once, and an open handoff finds the next by itself', async () => {
  const { db } = world.database;
  const [leaver, backup] = ['london-lead', 'new-york-lead'] as PersonId[] as [PersonId, PersonId];
  const [free, lent, handed] = ['free', 'free-lent', 'handed'] as AccountId[] as [
    AccountId,
    AccountId,
    AccountId,
  ];
  const team = { id: 'leavers', name: 'Leavers', kind: 'own', region_id: 'europe' };
  await db.insertInto('team').values(team).execute();
  await db.updateTable('person').set({ team_id: team.id }).where('id', '=', leaver).execute();
  for (const id of [free, lent, handed]) {
    await givenAccount(db, { id, owner: leaver, since: world.clock.now() - day });
  }
  const due = await givenItem(free, leaver);
  const ahead = { from: world.clock.now() + 30 * day, until: world.clock.now() + 31 * day };
  const asked = { account: lent, owner: leaver, actor: leaver, candidates: [tokyo.backup] };
  const cover = await asksForCover(world, { ...asked, ...ahead });
  const begun = await offers(world, { account: handed, giver: leaver, to: tokyo.backup });
  await comesTrue({
    kind: 'team_dissolved',
    team: team.id as TeamId,
    into: null,
    people: 'leave',
  });
  expect(await Promise.all([free, lent, handed].map(ownerOf))).toEqual([backup, backup, leaver]);
  expect(await itemOf(due)).toEqual({ owner_id: backup, is_open: true });
  await until('what was asked for the owner has ended', async () => {
    return (await statusOf('cover', cover.id)) === 'overtaken';
  });
  // Taken back: the account is with nobody, until the next look a few minutes later.
  const content = await write(world, backup, 'handoff.withdraw');
  await begun.send({ type: 'withdraw', actor: backup, content });
  expect(await ownerOf(handed)).toBe(leaver);
  await createApplyChanges({ db, clock: world.clock })();
  expect(await ownerOf(handed)).toBe(backup);
  const told = await db
    .selectFrom('notice')
    .select('recipient_id')
    .where('key', '=', 'change.account_left')
    .execute();
  expect(told.map(({ recipient_id }) => recipient_id)).toEqual([backup, backup, backup]);
});
