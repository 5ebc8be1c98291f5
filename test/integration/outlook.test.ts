/** What the look-ahead reads of many accounts, what makes it look, and how it is told over HTTP. */
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { adoptZoneData } from '../../activities/adopt-zone-data.ts';
import { enterAbsence } from '../../db/absences.ts';
import { turnChannelOff } from '../../db/channel-off.ts';
import { findAhead } from '../../db/look-ahead.ts';
import { outlookFacts } from '../../db/outlook-facts.ts';
import { dueAccounts, queueNight, removeDue } from '../../db/outlook.ts';
import type { AccountId, PersonId } from '../../domain/id.ts';
import { limitsByDefault } from '../../domain/outlook/facts.ts';
import { zones } from '../../domain/time/zone.ts';
import { render } from '../../locales/render.ts';
import { type ApiWorld, apiWorld } from '../support/api.ts';
import { account, berlin, givenAccount, tokyo } from '../support/handoff-organisation.ts';
import { olderZones } from '../support/older-zones.ts';
import { readers } from '../support/readers.ts';

const day = 86_400_000;
let world: ApiWorld;
beforeEach(async () => {
  world = await apiWorld();
  await removeDue(world.db, await dueAccounts(world.db, 100));
});
afterEach(() => world.drop());

const dayAfter = (days: number) =>
  new Date(world.clock.now() + days * day).toISOString().slice(0, 10);

async function isOnLeave(person: PersonId, first = 20, last = 26): Promise<void> {
  const [firstDay, lastDay] = [dayAfter(first), dayAfter(last)];
  const at = world.clock.now();
  const whole = { fromMinute: null, untilMinute: null };
  const leave = { id: `leave-${person}`, person, by: person, firstDay, lastDay, ...whole, at };
  await enterAbsence(world.db, leave);
}

const due = async () => (await dueAccounts(world.db, 100)).map((one) => one.account).toSorted();

test('what the look-ahead reads takes as many statements for forty accounts as for one', async () => {
  const accounts = Array.from({ length: 40 }, (_, index) => `account-${index}` as AccountId);
  const owners = [berlin.lead, tokyo.lead, berlin.manager];
  for (const [index, id] of accounts.entries()) {
    const owner = owners[index % owners.length] ?? berlin.lead;
    await givenAccount(world.db, { id, owner, since: world.clock.now() - day });
  }
  await isOnLeave(berlin.lead);
  const now = world.clock.now();
  const one = await world.statementsOf(() => findAhead(world.db, { accounts: [account], now }));
  const all = await world.statementsOf(() => findAhead(world.db, { accounts, now }));
  expect(one).toBeLessThanOrEqual(5);
  expect(all).toBe(one);
  const found = await findAhead(world.db, { accounts, now });
  expect(found.filter(({ kind }) => kind === 'leave')).toHaveLength(14);
});

test('what an account may bear without anybody is read on the day of its region', async () => {
  const midnight = Date.parse('2026-11-24T15:00Z'); // in Tokyo
  await world.db.updateTable('region').set({ zone: 'Asia/Tokyo' }).execute();
  const policy = { region_id: null, valid_from: '2026-11-25' };
  await world.db
    .insertInto('policy')
    .values([
      { ...policy, key: 'outlook.gapMinutes', value: 100 },
      { ...policy, key: 'outlook.leaveMinutes', value: 200 },
      { ...policy, key: 'message.channels', value: sql`${JSON.stringify(['slack'])}::text::jsonb` },
    ])
    .execute();
  const at = async (now: number) => {
    const [facts] = await outlookFacts(world.db, [account], now);
    return [facts?.limits, facts?.owner.isReachable];
  };
  expect(await at(midnight - 1)).toEqual([limitsByDefault, true]);
  expect(await at(midnight)).toEqual([{ gapMinutes: 100, leaveMinutes: 200 }, false]);
});

test('a cover counts only while whoever has the account has it by that cover', async () => {
  const now = world.clock.now();
  const id = '00000000-0000-4000-8000-000000000001';
  await world.db.insertInto('loop_instance').values({ id, loop: 'cover' }).execute();
  await world.db
    .insertInto('cover')
    .values({
      id,
      account_id: account,
      owner_id: tokyo.lead,
      taker_id: tokyo.backup,
      status: 'running',
      reason: 'asked',
      period: `[${dayAfter(-1)},${dayAfter(60)})`,
      asked_at: now,
    })
    .execute();
  await isOnLeave(berlin.lead);
  const leaves = async () =>
    (await findAhead(world.db, { accounts: [account], now })).filter(
      ({ kind }) => kind === 'leave',
    );
  expect(await leaves()).toMatchObject([{ owner: berlin.lead }]);
  await world.db.updateTable('cover').set({ taker_id: berlin.lead }).execute();
  expect(await leaves()).toEqual([]);
});

test('accounts are looked at again when anybody who may hold them works at other times', async () => {
  const other = 'other' as AccountId;
  await givenAccount(world.db, { id: other, owner: tokyo.lead, since: world.clock.now() - day });
  await removeDue(world.db, await dueAccounts(world.db, 100));
  await isOnLeave(tokyo.backup);
  expect(await due()).toEqual([other]);
  await isOnLeave(berlin.manager);
  expect(await due()).toEqual([other, account]);
});

test('the policy of the account’s region says how long may be without anybody', async () => {
  const gaps = async () =>
    (await findAhead(world.db, { accounts: [account], now: world.clock.now() })).length;
  expect(await gaps()).toBe(0);
  const valid_from = dayAfter(-1);
  const policy = { key: 'outlook.gapMinutes', region_id: 'world', valid_from };
  await world.db
    .insertInto('policy')
    .values({ ...policy, value: 3_600 })
    .execute();
  expect(await gaps()).toBe(12);
});

test('newer zone data has the accounts of its people looked at again', async () => {
  const { db, clock } = world;
  await db
    .updateTable('person')
    .set({ zone: 'America/Winnipeg' })
    .where('id', '=', berlin.lead)
    .execute();
  await adoptZoneData({ db, clock, zoneData: olderZones });
  await removeDue(db, await dueAccounts(db, 100));
  const adopted = await adoptZoneData({ db, clock, zoneData: { ...zones, version: '2099z' } });
  expect(adopted).toMatchObject({ moved: [{ zone: 'America/Winnipeg' }] });
  expect(await due()).toEqual([account]);
});

test('an address that reaches nobody is found with the next look, and is asked of the owner', async () => {
  const { db, clock } = world;
  const address = `${berlin.lead}@example.test`;
  const off = { person: berlin.lead, channel: 'email', address, at: clock.now() } as const;
  await turnChannelOff(db, { ...off, reason: 'bounced' });
  expect(await due()).toEqual([account]);
  const found = await findAhead(db, { accounts: [account], now: clock.now() });
  expect(found).toMatchObject([{ kind: 'unreachable', asked: berlin.lead }]);
});

test('of an account that is closed nothing is found any more', async () => {
  const { db, clock } = world;
  await isOnLeave(berlin.lead);
  const found = () => findAhead(db, { accounts: [account], now: clock.now() });
  expect((await found()).length).toBeGreaterThan(0);
  await db
    .updateTable('account')
    .set({ closed_at: clock.now() })
    .where('id', '=', account)
    .execute();
  expect(await found()).toEqual([]);
});

test('a night has every account looked at once, and what is said meanwhile stays said', async () => {
  await queueNight(world.db, '2026-12-01');
  const seen = await dueAccounts(world.db, 100);
  await queueNight(world.db, '2026-12-01');
  expect(await dueAccounts(world.db, 100)).toEqual(seen);
  await isOnLeave(berlin.lead);
  await removeDue(world.db, seen);
  expect(await due()).toEqual([account]);
});

test('the outlook of an account is read in the reader’s language, before anybody has been asked', async () => {
  const path = `/accounts/${account}/outlook`;
  const nothing = await world.ask(path, { as: berlin.lead });
  expect(nothing.json).toMatchObject({ account, items: [] });
  await isOnLeave(berlin.lead);
  const { status, json } = await world.ask(path, { as: berlin.lead });
  expect(status).toBe(200);
  expect(json).toMatchObject({ items: [{ kind: 'leave', asked: null }] });
  const [german, japanese] = await Promise.all(
    [berlin.lead, tokyo.lead].map(async (as) => {
      const answer = await world.ask(path, { as });
      return (answer.json as { items: { sentence: string }[] }).items[0]?.sentence ?? '';
    }),
  );
  expect(german).toContain('Urlaub');
  expect(japanese).toContain('休暇');
});

test('every finding is a letter in the language of whoever is asked', () => {
  const at = { instant: world.clock.now() };
  const common = { account: 'St. Hedwig', person: 'Jonas', from: at, until: at, language: 'fi' };
  const values = { ...common, region: 'Japan', day: { day: '2027-03-10' } };
  const keys = [
    'gap_open',
    'gap_ends',
    'holiday',
    'leave',
    'unreachable',
    'language',
    'left',
    'leaves',
  ];
  for (const key of keys) {
    for (const reader of Object.values(readers)) {
      const { subject, text } = render(`outlook.asked.${key}`, values, reader);
      expect(subject).toContain('St. Hedwig');
      expect(text).not.toMatch(/\{\{|undefined|outlook\./);
    }
  }
});
