import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  custodianAt,
  custodyHistory,
  findAccount,
  lockCustodian,
  moveCustody,
} from '../../db/accounts.ts';
import { loadActor } from '../../db/actors.ts';
import type { AccountId, LoopId, PersonId } from '../../domain/id.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { untilSomebodyWaits } from '../support/lock.ts';
import { givenPeople } from '../support/people.ts';

const began = Date.UTC(2026, 10, 2, 8);
const day = 86_400_000;
const loop = '00000000-0000-4000-8000-000000000001' as LoopId;
const person = (id: string) => id as PersonId;
const [berlin, tokyo, london] = [
  person('berlin-lead'),
  person('tokyo-lead'),
  person('london-lead'),
];

const named = (id: PersonId) => ({ id, name: `Name of ${id}` });

let database: TestDatabase;
let sql: postgres.Sql;
let account: AccountId;
let accounts = 0;

beforeAll(async () => {
  database = await testDatabase();
  sql = postgres(database.url, { max: 4, onnotice: () => undefined });
  const zone = 'Europe/Berlin';
  await givenPeople(database.db, [
    { id: berlin, zone },
    { id: tokyo, zone: 'Asia/Tokyo' },
    { id: london, zone: 'Europe/London' },
  ]);
  await sql`INSERT INTO loop_instance (id, loop) VALUES (${loop}, 'handoff')`;
});
afterAll(async () => {
  await sql.end();
  await database.drop();
});
beforeEach(async () => {
  account = `account-${++accounts}` as AccountId;
  await sql.begin(async (tx) => {
    await insertAccount(tx, account);
    await insertCustody(tx, { owner: berlin, from: began, until: null });
  });
});

async function insertAccount(tx: postgres.TransactionSql, id: string): Promise<void> {
  await tx`INSERT INTO account (id, name, team_id, products, countries, sites)
    VALUES (${id}, 'An account', 'team', '{}', '{}', '[{"name": "Site", "zone": "Europe/Berlin"}]')`;
}

interface Period {
  readonly owner: PersonId;
  readonly from: number;
  readonly until: number | null;
}

async function insertCustody(tx: postgres.TransactionSql, period: Period): Promise<void> {
  const until = period.until === null ? null : new Date(period.until).toISOString();
  await tx`INSERT INTO custody (account_id, owner_id, period) VALUES (${account}, ${period.owner},
    tstzrange(${new Date(period.from).toISOString()}, ${until}))`;
}

const move = (to: PersonId, at: number) =>
  database.db.transaction().execute((tx) => moveCustody(tx, { account, to, at, by: loop }));

test('an account is owned by the giver until the instant of the move and by the receiver from it on', async () => {
  const at = began + day;
  expect(await move(tokyo, at)).toBe(at);
  expect(await custodianAt(database.db, account, at - 1)).toBe(berlin);
  expect(await custodianAt(database.db, account, at)).toBe(tokyo);
  expect(await custodianAt(database.db, account, began - 1)).toBeNull();
  const actor = (await loadActor(database.db, london, at))!;
  expect(await findAccount(database.db, { actor, id: account, at })).toMatchObject({
    id: account,
    owner: named(tokyo),
  });
  expect(await custodyHistory(database.db, { account, limit: 10 })).toEqual([
    { owner: named(tokyo), from: at, until: null, by: { loop: 'handoff', id: loop } },
    { owner: named(berlin), from: began, until: at, by: null },
  ]);
});

test('two owners at one instant are impossible', async () => {
  const second = sql.begin((tx) =>
    insertCustody(tx, { owner: tokyo, from: began + day, until: null }),
  );
  await expect(second).rejects.toMatchObject({ code: '23P01', constraint_name: 'custody_pkey' });
});

test('an instant without an owner is impossible between two owners', async () => {
  const gap = sql.begin(async (tx) => {
    await tx`UPDATE custody SET period = tstzrange(lower(period), lower(period) + interval '1 hour')
      WHERE account_id = ${account}`;
    await insertCustody(tx, { owner: tokyo, from: began + 3_600_001, until: null });
  });
  await expect(gap).rejects.toMatchObject({ code: '23514', constraint_name: 'custody_no_gap' });
});

test('an owner cannot end without another who goes on', async () => {
  const ended = sql`UPDATE custody SET period = tstzrange(lower(period), now())
    WHERE account_id = ${account}`;
  await expect(ended).rejects.toMatchObject({ constraint_name: 'custody_one_owner' });
  const erased = sql`DELETE FROM custody WHERE account_id = ${account}`;
  await expect(erased).rejects.toMatchObject({ constraint_name: 'custody_one_owner' });
});

test('an account without an owner cannot be created', async () => {
  const orphan = sql.begin((tx) => insertAccount(tx, 'orphan'));
  await expect(orphan).rejects.toMatchObject({ constraint_name: 'custody_one_owner' });
});

test('custody cannot wander from one account to another', async () => {
  const other = `${account}-other`;
  await sql.begin(async (tx) => {
    await insertAccount(tx, other);
    await tx`INSERT INTO custody (account_id, owner_id, period) VALUES (${other}, ${tokyo}, tstzrange(now(), NULL))`;
  });
  const wander = sql.begin(async (tx) => {
    await tx`DELETE FROM custody WHERE account_id = ${other}`;
    await tx`UPDATE custody SET account_id = ${other} WHERE account_id = ${account}`;
  });
  await expect(wander).rejects.toMatchObject({ constraint_name: 'custody_one_owner' });
});

test('two moves within one millisecond follow each other a millisecond apart', async () => {
  const at = began + day;
  expect(await move(tokyo, at)).toBe(at);
  expect(await move(london, at)).toBe(at + 1);
  expect(await custodianAt(database.db, account, at)).toBe(tokyo);
  expect(await custodianAt(database.db, account, at + 1)).toBe(london);
});

test('a move never begins before the ownership it ends', async () => {
  expect(await move(tokyo, began - day)).toBe(began + 1);
  expect(await custodianAt(database.db, account, began)).toBe(berlin);
});

test('concurrent moves wait for each other and leave one unbroken line of owners', async () => {
  const at = began + day;
  const receivers = Array.from({ length: 12 }, (_, index) => [tokyo, london, berlin][index % 3]!);
  const instants = await Promise.all(receivers.map((to) => move(to, at)));
  expect([...instants].sort((a, b) => a - b)).toEqual(receivers.map((_, index) => at + index));
  const history = (await custodyHistory(database.db, { account, limit: 50 })).toReversed();
  expect(history).toHaveLength(receivers.length + 1);
  for (const [index, period] of history.entries()) {
    expect(period.until).toBe(history[index + 1]?.from ?? null);
  }
});

test('what has become part of another account moves with it, and never by a step of its own', async () => {
  const part = `${account}-part` as typeof account;
  await sql.begin(async (tx) => {
    await insertAccount(tx, part);
    await tx`INSERT INTO custody (account_id, owner_id, period)
      VALUES (${part}, ${berlin}, tstzrange(${new Date(began).toISOString()}, NULL))`;
    await tx`UPDATE account SET closed_at = now(), merged_into = ${account} WHERE id = ${part}`;
  });
  const alone = database.db
    .transaction()
    .execute((tx) => moveCustody(tx, { account: part, to: tokyo, at: began + day, by: loop }));
  await expect(alone).rejects.toThrow('follows the one it is part of');
  await move(london, began + day);
  const owners = await Promise.all(
    [part, account].map((id) => custodianAt(database.db, id, began + day)),
  );
  expect(owners).toEqual([london, london]);
});

test('an owner that is locked does not change until the transaction has ended', async () => {
  let moved = false;
  let moving: Promise<number> | undefined;
  await database.db.transaction().execute(async (tx) => {
    expect(await lockCustodian(tx, account)).toBe(berlin);
    moving = move(tokyo, began + day).finally(() => (moved = true));
    await untilSomebodyWaits(sql);
    expect(moved).toBe(false);
  });
  await moving;
  expect(await custodianAt(database.db, account, began + day)).toBe(tokyo);
});
