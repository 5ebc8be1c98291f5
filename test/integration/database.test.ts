import { sql } from 'kysely';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Database, openDatabase, type Query } from '../../db/client.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { proofSize, reportProof } from '../support/proof.ts';

let database: TestDatabase;
let db: Database;
let admin: postgres.Sql;

beforeAll(async () => {
  database = await testDatabase();
  admin = postgres(database.url, { max: 1, onnotice: () => undefined });
  await admin`CREATE TABLE entry (id int PRIMARY KEY)`;
});
afterAll(async () => {
  await admin.end();
  await database.drop();
});
beforeEach(() => {
  // One connection, so that one which is not given back is missed at once.
  db = openDatabase({ url: database.url, connectionsMax: 1, applicationName: 'under-test' });
});
afterEach(async () => {
  await db.destroy();
  await admin`TRUNCATE entry`;
});

/** The driver’s code, the socket’s, or the reason Postgres gave. */
const isLoss = { code: expect.stringMatching(/^(CONNECTION_|E[A-Z]+$|57P01|25P04)/) as string };

const write = (query: Query, id: number) => sql`INSERT INTO entry VALUES (${id})`.execute(query);
const written = async () =>
  (await admin<{ id: number }[]>`SELECT id FROM entry ORDER BY id`).map((row) => row.id);

async function cutConnections(share = 1): Promise<void> {
  await admin`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE application_name = 'under-test' AND random() < ${share}`;
}

describe('a transaction', () => {
  test('keeps what it wrote', async () => {
    await db.transaction().execute((tx) => write(tx, 1));
    expect(await written()).toEqual([1]);
  });

  test('that throws keeps nothing, and throws what was thrown', async () => {
    const reason = new Error('not like this');
    const attempt = db.transaction().execute(async (tx) => {
      await write(tx, 1);
      throw reason;
    });
    await expect(attempt).rejects.toBe(reason);
    expect(await written()).toEqual([]);
    await write(db, 2);
  });

  test('in which a statement failed cannot be committed by looking away', async () => {
    const attempt = db.transaction().execute(async (tx) => {
      await write(tx, 1);
      await write(tx, 1).catch(() => undefined);
    });
    await expect(attempt).rejects.toMatchObject({ code: '23505' });
    expect(await written()).toEqual([]);
    await write(db, 2);
  });

  test('whose deferred constraint fails at its end says so', async () => {
    const attempt = db.transaction().execute((tx) =>
      sql`INSERT INTO account (id, name, team_id, products, countries, sites)
        VALUES ('a', 'A', 't', '{}', '{}', '[1]')`.execute(tx),
    );
    await expect(attempt).rejects.toMatchObject({ severity: 'ERROR' });
  });

  test('runs at the isolation it asks for', async () => {
    const level = await db
      .transaction()
      .setIsolationLevel('serializable')
      .execute((tx) =>
        sql<{ level: string }>`SELECT current_setting('transaction_isolation') AS level`.execute(
          tx,
        ),
      );
    expect(level.rows).toEqual([{ level: 'serializable' }]);
  });
});

describe('a connection that is lost', () => {
  const works = async () => {
    // A connection made anew may still report what ended the one before.
    await write(db, 8).catch(() => undefined);
    await write(db, 9);
    await db.transaction().execute((tx) => write(tx, 10));
    expect(await written()).toEqual(expect.arrayContaining([9, 10]));
  };

  test('between two statements of a transaction fails it, and nothing else', async () => {
    const attempt = db.transaction().execute(async (tx) => {
      await write(tx, 1);
      await cutConnections();
      await write(tx, 2);
    });
    await expect(attempt).rejects.toMatchObject(isLoss);
    expect(await written()).toEqual([]);
    await works();
  });

  test('during a statement of a transaction fails it, and nothing else', async () => {
    const attempt = db.transaction().execute(async (tx) => {
      await write(tx, 1);
      await sql`SELECT pg_terminate_backend(pg_backend_pid())`.execute(tx);
    });
    await expect(attempt).rejects.toMatchObject(isLoss);
    expect(await written()).toEqual([]);
    await works();
  });

  test('during a single statement fails it, and nothing else', async () => {
    await expect(
      sql`SELECT pg_terminate_backend(pg_backend_pid())`.execute(db),
    ).rejects.toMatchObject(isLoss);
    await works();
  });

  test('to its own time limit fails the transaction that was too long, and nothing else', async () => {
    const hasty = openDatabase({ url: database.url, connectionsMax: 1, transactionTimeoutMs: 50 });
    const attempt = hasty.transaction().execute(async (tx) => {
      await write(tx, 1);
      await sql`SELECT pg_sleep(1)`.execute(tx);
    });
    await expect(attempt).rejects.toMatchObject(isLoss);
    await write(hasty, 8).catch(() => undefined);
    await write(hasty, 9);
    expect(await written()).toContain(9);
    await hasty.destroy();
  });
});

test('what was told as kept is kept, however often connections are cut meanwhile', async () => {
  const crowd = openDatabase({
    url: database.url,
    connectionsMax: 6,
    applicationName: 'under-test',
  });
  const cuts = proofSize(30, 2_000);
  reportProof('cuts of every connection', cuts);
  const kept: number[] = [];
  let next = 0;
  const story = { isOver: false };
  const worker = async () => {
    while (!story.isOver) {
      const id = next++;
      const work =
        id % 3 === 0 ? write(crowd, id) : crowd.transaction().execute((tx) => write(tx, id));
      await work.then(
        () => kept.push(id),
        () => undefined,
      );
    }
  };
  const workers = Array.from({ length: 12 }, worker);
  // A busy machine keeps little between two cuts: they go on until there is enough to lose.
  for (let cut = 0; cut < cuts || kept.length <= cuts; cut++) await cutConnections(0.5);
  story.isOver = true;
  await Promise.all(workers);
  const found = new Set(await written());
  expect(kept.filter((id) => !found.has(id))).toEqual([]);
  await crowd.destroy();
}, 120_000);

test('values come back as they were, lists among them', async () => {
  const words = [
    'plain',
    '',
    'NULL',
    'with "quotes"',
    'back\\slash',
    'a,b',
    '{c}',
    'zwölf 十二',
    'two\nlines',
  ];
  const uuid = '00000000-0000-4000-8000-000000000001';
  const { rows } = await sql`SELECT ${words}::text[] AS words, ${[uuid]}::uuid[] AS uuids,
    ${[1, -2]}::int[] AS ints, ARRAY[2::bigint ^ 60]::bigint[] AS bigs, ${[0, 1_795_435_200_000]}::timestamptz[] AS instants,
    ARRAY[NULL, 'x']::text[] AS nulls, ${[]}::text[] AS none, ARRAY[true, false] AS facts,
    ${['2026-11-23']}::date[] AS days, 7::bigint AS big, '2026-11-23'::date AS day`.execute(db);
  expect(rows).toEqual([
    {
      words,
      uuids: [uuid],
      ints: [1, -2],
      bigs: [2n ** 60n],
      instants: [0, 1_795_435_200_000],
      nulls: [null, 'x'],
      none: [],
      facts: [true, false],
      days: ['2026-11-23'],
      big: 7n,
      day: '2026-11-23',
    },
  ]);
});

test('what was answered in a round of feedback is vacuumed as soon as it is deleted, in both tables that hold it', async () => {
  const { rows } = await sql<{ name: string }>`
    SELECT relname AS name FROM pg_class WHERE relname LIKE 'feedback%' AND reloptions @>
      ARRAY['autovacuum_vacuum_threshold=0', 'autovacuum_vacuum_scale_factor=0.0']
    ORDER BY 1`.execute(database.db);
  expect(rows.map(({ name }) => name)).toEqual(['feedback_answer', 'feedback_staged']);
});
