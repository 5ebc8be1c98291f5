import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  commitReservation,
  expireReservation,
  reserve,
  voidReservation,
} from '../../../db/budget-ledger.ts';
import { carryOver } from '../../../db/budget-lines.ts';
import { importRates } from '../../../db/budget-rates.ts';
import { verifyLedger } from '../../../db/budget-verify.ts';
import { at, budgetStage } from '../../support/budget.ts';

let stage: Awaited<ReturnType<typeof budgetStage>>;
beforeAll(async () => {
  stage = await budgetStage();
});
afterAll(() => stage.drop());

const refusedFor = (code: string) => ({ ok: false, problem: { code } });

test('of fifty who reserve the last 1.00 at once, one has it', async () => {
  const line = await stage.lineWith(100n);
  const all = await Promise.all(Array.from({ length: 50 }, () => stage.reserveOf(line, 100n)));
  expect(all.filter(({ ok }) => ok)).toHaveLength(1);
  expect(all.find(({ ok }) => !ok)).toMatchObject({
    problem: {
      code: 'budget.not_available',
      params: { available: '0.00', asked: '1.00', currency: 'EUR' },
    },
  });
  expect(await stage.balance(line)).toMatchObject({ allocated: 100n, reserved: 100n });
});

test('who repeats a reservation has it once, also at the same time', async () => {
  const line = await stage.lineWith(1_000n);
  const id = randomUUID();
  const all = await Promise.all(
    Array.from({ length: 8 }, () => stage.reserveOf(line, 300n, 'EUR', id)),
  );
  expect(all.every(({ ok }) => ok)).toBe(true);
  expect(await stage.balance(line)).toMatchObject({ reserved: 300n });
});

test('what is committed is at most what was reserved, and the rest is available again', async () => {
  const line = await stage.lineWith(1_000n);
  const { id } = await stage.reserveOf(line, 700n);
  const commit = (minor: bigint, currency = 'EUR') =>
    stage.within((tx) =>
      commitReservation(tx, { reservation: id, amount: { minor, currency }, at }),
    );
  expect(await commit(701n)).toMatchObject(refusedFor('budget.over_reserved'));
  expect(await commit(0n)).toMatchObject(refusedFor('money.not_positive'));
  expect(await commit(1n, 'USD')).toMatchObject(refusedFor('budget.over_reserved'));
  expect(await commit(600n)).toMatchObject({ ok: true });
  expect(await stage.balance(line)).toMatchObject({ reserved: 0n, committed: 600n });
});

test('of all who end a reservation at once, one does', async () => {
  const line = await stage.lineWith(1_000n);
  const { id: reservation } = await stage.reserveOf(line, 700n);
  const amount = { minor: 500n, currency: 'EUR' };
  const ends = [
    () => stage.within((tx) => commitReservation(tx, { reservation, amount, at })),
    () => stage.within((tx) => voidReservation(tx, { reservation, at })),
    () => stage.within((tx) => expireReservation(tx, { reservation, at })),
  ];
  const all = await Promise.all([...ends, ...ends].map((end) => end()));
  expect(all.filter(({ ok }) => ok)).toHaveLength(1);
  expect(all.filter(({ ok }) => !ok)[0]).toMatchObject(refusedFor('budget.reservation_ended'));
  const { reserved, committed } = await stage.balance(line);
  expect([reserved, [0n, 500n].includes(committed)]).toEqual([0n, true]);
});

test('an allocation is not lowered below what is in use, and both figures are said', async () => {
  const line = await stage.lineWith(1_000n);
  const { id: reservation } = await stage.reserveOf(line, 300n);
  const amount = { minor: 250n, currency: 'EUR' };
  await stage.within((tx) => commitReservation(tx, { reservation, amount, at }));
  await stage.reserveOf(line, 200n);
  expect(await stage.allocate(line, 449n)).toMatchObject({
    problem: { code: 'budget.below_used', params: { reserved: '2.00', committed: '2.50' } },
  });
  expect(await stage.allocate(line, 450n)).toEqual({ ok: true });
  expect(await stage.reserveOf(line, 1n)).toMatchObject(refusedFor('budget.not_available'));
});

test('a change of allocation that comes again after another changes nothing', async () => {
  const line = await stage.lineWith(1_000n);
  const id = randomUUID();
  await stage.allocate(line, 500n, id);
  await stage.allocate(line, 800n);
  await stage.allocate(line, 500n, id);
  expect(await stage.balance(line)).toMatchObject({ allocated: 800n });
});

test('a connection lost between two statements leaves nothing half', async () => {
  const line = await stage.lineWith(1_000n);
  const asked = { minor: 400n, currency: 'EUR' };
  const attempt = stage.within(async (tx) => {
    await reserve(tx, { id: randomUUID(), line, asked, at });
    await sql`SELECT pg_terminate_backend(pg_backend_pid())`.execute(tx);
  });
  await expect(attempt).rejects.toThrow();
  expect(await stage.balance(line)).toMatchObject({ reserved: 0n });
  expect((await verifyLedger(stage.db)).differences).toEqual([]);
});

test('another currency is converted through the euro with rates that stay with it', async () => {
  const { db } = stage;
  const line = await stage.lineWith(100_000n, 'KWD');
  expect(await stage.reserveOf(line, 100n, 'USD')).toMatchObject(refusedFor('money.rate_missing'));
  const source = { source: 'ECB', at };
  const usd = { currency: 'USD', unitsPerEuro: '1.2500' };
  const kwd = { currency: 'KWD', unitsPerEuro: '0.3333' };
  await importRates(db, [{ ...usd, day: '2026-11-16' }], source);
  await importRates(db, [{ ...kwd, day: '2026-11-23' }], source);
  expect(await stage.reserveOf(line, 100n, 'USD')).toMatchObject({
    problem: { code: 'money.rate_old', params: { currency: 'USD', day: '2026-11-16', days: 7 } },
  });
  await importRates(db, [{ ...usd, day: '2026-11-20' }], source);
  const { id: reservation, ...reserved } = await stage.reserveOf(line, 10_001n, 'USD');
  // 100.01 / 1.25 × 0.3333 = 26.6666664
  expect(reserved).toEqual({ ok: true, amount: { minor: 26_667n, currency: 'KWD' } });
  await importRates(db, [{ ...usd, unitsPerEuro: '2', day: '2026-11-24' }], source);
  const amount = { minor: 10_001n, currency: 'USD' };
  const commit = await stage.within((tx) => commitReservation(tx, { reservation, amount, at }));
  expect(commit).toEqual({ ok: true, committed: { minor: 26_667n, currency: 'KWD' } });
  const rounded = await db
    .selectFrom('budget_posting')
    .select(['minor', 'millionths'])
    .where('account', '=', 'rounding')
    .where('line_id', '=', line)
    .execute();
  expect(rounded.map((row) => [Number(row.minor), Number(row.millionths)])).toEqual([
    [0, 333_600],
    [0, 333_600],
  ]);
  expect((await verifyLedger(db)).differences).toEqual([]);
});

test('rates that come again are known, and one that differs is kept as it was', async () => {
  const { db } = stage;
  const rates = [
    { day: '2020-01-02', currency: 'JPY', unitsPerEuro: '121.75' },
    { day: '2020-01-02', currency: 'CHF', unitsPerEuro: '1.0865' },
  ];
  const source = { source: 'ECB', at };
  expect(await importRates(db, rates, source)).toEqual({ added: 2, known: 0, different: [] });
  const changed = { day: '2020-01-02', currency: 'CHF', unitsPerEuro: '1.0866' };
  const again = [{ day: '2020-01-02', currency: 'JPY', unitsPerEuro: '121.750' }, changed];
  expect(await importRates(db, again, source)).toEqual({
    added: 0,
    known: 1,
    different: [changed],
  });
});

test('what the policy lets go on is on the line of the next year, and the old one is closed', async () => {
  const line = await stage.openLine('EUR', 2026, 'coaching');
  const into = await stage.openLine('EUR', 2027, 'coaching');
  expect(await stage.openLine('EUR', 2027, 'coaching')).toBe('budget.line_exists');
  await stage.allocate(line, 1_001n);
  const { id: reservation } = await stage.reserveOf(line, 400n);
  const policy = { key: 'budget.carry_over', region_id: 'world', valid_from: '2026-01-01' };
  const value = { percent: 50, max: '5.00' };
  await stage.db
    .insertInto('policy')
    .values({ ...policy, value })
    .execute();
  const carry = (when: number) => stage.within((tx) => carryOver(tx, { line, into, at: when }));
  const newYear = Date.parse('2026-12-31T23:00Z'); // midnight in Berlin
  expect(await carry(newYear - 1)).toMatchObject(refusedFor('budget.year_not_over'));
  expect(await carry(newYear)).toEqual({ ok: true, carried: { minor: 300n, currency: 'EUR' } });
  expect(await carry(newYear)).toMatchObject(refusedFor('budget.line_closed'));
  expect(await stage.balance(line)).toMatchObject({ allocated: 701n, closedAt: newYear });
  expect(await stage.balance(into)).toMatchObject({ allocated: 300n });
  expect(await stage.reserveOf(line, 1n)).toMatchObject(refusedFor('budget.line_closed'));
  expect(await stage.allocate(line, 800n)).toMatchObject(refusedFor('budget.line_closed'));
  const end = await stage.within((tx) => voidReservation(tx, { reservation, at }));
  expect(end).toMatchObject({ ok: true });
  expect((await verifyLedger(stage.db)).differences).toEqual([]);
});

/** Each with a column of its own. */
const appendOnly = {
  budget_posting: 'minor',
  budget_transfer: 'at',
  budget_reservation: 'amount',
  budget_ending: 'committed',
  exchange_rate: 'day',
} as const;

test('Postgres itself refuses what does not add up, what is overspent and what changes the past', async () => {
  const { db } = stage;
  const line = await stage.lineWith(100n);
  await stage.reserveOf(line, 50n);
  const overspend = sql`UPDATE budget_line SET committed = 51 WHERE id = ${line}`.execute(db);
  await expect(overspend).rejects.toMatchObject({ code: '23514' });
  const { id: reservation } = await stage.reserveOf(line, 1n);
  await stage.within((tx) => voidReservation(tx, { reservation, at }));
  const rate = { day: '2019-01-02', currency: 'JPY', unitsPerEuro: '121.75' };
  await importRates(db, [rate], { source: 'ECB', at });
  for (const [table, column] of Object.entries(appendOnly)) {
    const [of, what] = [sql.table(table), sql.ref(column)];
    for (const change of [sql`UPDATE ${of} SET ${what} = ${what}`, sql`DELETE FROM ${of}`]) {
      const said = change.execute(db).catch(({ code }: { code?: string }) => code);
      expect([table, await said]).toEqual([table, '23514']);
    }
  }
  const unbalanced = sql`
    INSERT INTO budget_posting (transfer_id, line_id, account, currency, minor)
    SELECT id, line_id, 'exchange', 'EUR', 1 FROM budget_transfer WHERE line_id = ${line}
    LIMIT 1`.execute(db);
  await expect(unbalanced).rejects.toMatchObject({ code: '23514' });
  const causeless = sql`
    INSERT INTO budget_transfer SELECT (jsonb_populate_record(t, jsonb_build_object(
      'id', gen_random_uuid(), 'request_id', gen_random_uuid()))).*
    FROM budget_transfer t WHERE line_id = ${line} AND kind = 'allocate' LIMIT 1`.execute(db);
  await expect(causeless).rejects.toMatchObject({ code: '23514' });
});

test('a balance that is not the sum of its postings is found, with both figures', async () => {
  const { db } = stage;
  const line = await stage.lineWith(100n);
  await sql`UPDATE budget_line SET allocated = 101 WHERE id = ${line}`.execute(db);
  const { differences } = await verifyLedger(db);
  expect(differences).toEqual([
    { id: line, what: 'allocated', stored: '101', reckoned: '100' },
    { id: line, what: 'available', stored: '101', reckoned: '100' },
  ]);
  const found = await runs('verify-ledger.ts');
  expect(found.code).toBe(1);
  expect(found.said).toContain(`${line}: allocated is 101, reckoned 100`);
  const differing = async (reserved: number, committed: number) => {
    await sql`UPDATE budget_line SET allocated = 100, reserved = ${reserved}, committed = ${committed}
      WHERE id = ${line}`.execute(db);
    const report = await verifyLedger(db);
    return report.differences.map(({ what, stored, reckoned }) => [what, stored, reckoned]);
  };
  expect(await differing(1, 0)).toEqual([
    ['available', '99', '100'],
    ['open', '1', '0'],
    ['reserved', '1', '0'],
  ]);
  expect(await differing(0, 2)).toEqual([
    ['available', '98', '100'],
    ['committed', '2', '0'],
  ]);
  expect(await differing(0, 0)).toEqual([]);
  expect(await runs('verify-ledger.ts')).toEqual({
    code: 0,
    said: expect.stringMatching(/^\d+ transfers on \d+ lines: every balance fits\.\n$/) as string,
  });
});

test('the file of rates that an operator gives is kept whole or not at all, and a second time adds nothing', async () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'meridian-rates-'));
  const file = (name: string, text: string): string => {
    const full = path.join(directory, name);
    writeFileSync(full, text);
    return full;
  };
  const good = file('good.csv', 'Date,NOK,SEK,\n2026-11-20,11.5,11.1,\n2026-11-19,11.6,N/A,\n');
  const bad = file('bad.csv', 'Date,NOK,\n2026-11-18,11.4,\n2026-02-30,11.4,\n');
  try {
    expect(await runs('rates.ts', bad)).toMatchObject({
      code: 1,
      said: expect.stringContaining('Nothing was imported: line 3') as string,
    });
    const added = '3 rates added, 0 known, 0 kept that differ.\n';
    expect(await runs('rates.ts', good)).toEqual({ code: 0, said: added });
    const again = '0 rates added, 3 known, 0 kept that differ.\n';
    expect(await runs('rates.ts', good)).toEqual({ code: 0, said: again });
    expect(await runs('rates.ts', path.join(directory, 'none.csv'))).toMatchObject({ code: 2 });
    const rates = stage.db.selectFrom('exchange_rate').select(['currency', 'day', 'source']);
    const kept = await rates.where('currency', 'in', ['NOK', 'SEK']).orderBy('day').execute();
    expect(kept).toHaveLength(3);
    expect(kept[0]).toEqual({ currency: 'NOK', day: '2026-11-19', source: 'ECB' });
  } finally {
    rmSync(directory, { recursive: true });
  }
});

/** As `npm run` does, on the database of this file. */
async function runs(script: string, ...words: readonly string[]) {
  const env = { PATH: process.env['PATH'], DATABASE_URL: stage.url };
  const child = spawn(process.execPath, [`bin/${script}`, ...words], { env });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said };
}
