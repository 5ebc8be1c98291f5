/** Whose day, whose working time and which year's money a request counts by, by the record alone. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { approvalOperations } from '../../../api/budget-lines/approvals.ts';
import { budgetLineOperations } from '../../../api/budget-lines/operations.ts';
import { loadActor } from '../../../db/actors.ts';
import { sql } from 'kysely';
import { spendMoney } from '../../../db/budget-kept.ts';
import { carriesOver, carryOver, changeAllocation, lockLines } from '../../../db/budget-lines.ts';
import { findRates, importRates } from '../../../db/budget-rates.ts';
import { lastDecision } from '../../../db/budget-requests.ts';
import { closeLine } from '../../../db/budget-views.ts';
import { present } from '../../../domain/assert.ts';
import type { PersonId } from '../../../domain/id.ts';
import { problem } from '../../../domain/problem.ts';
import { givenLine, givenPolicy, region, who } from '../../support/budget-organisation.ts';
import {
  type RecordedBudget,
  recordedBudgets,
  type RecordedBudgets,
} from '../../support/recorded-budgets.ts';
import { until } from '../../support/until.ts';

let stage: RecordedBudgets;
const step = (name: string, asked: object) => ({ name, asked: [asked] });
const manager = step('manager', { managerOf: 'requester' });
const treasurer = step('treasurer', { person: who.treasurer });

beforeAll(async () => {
  const layers = [
    { kinds: ['course'], steps: [manager] },
    { kinds: ['coaching'], steps: [step('learning', { person: who.learning })] },
    { kinds: ['conference'], steps: [manager, treasurer] },
    { kinds: ['assignment'], steps: [manager] },
    { from: '6000.00', kinds: ['assignment'], steps: [treasurer] },
  ];
  stage = await recordedBudgets({ route: { layers } });
  await givenPolicy(stage.db, 'budget.carry_over', { percent: 50 });
  await givenPolicy(stage.db, 'budget.exception', { approver: who.treasurer });
});
afterAll(() => stage.drop());

const at = (instant: string): void => stage.clock.moveTo(Date.parse(instant));
const withdraws = async (...requests: readonly RecordedBudget[]) => {
  for (const request of requests) {
    expect(await request.does({ type: 'withdraw', actor: who.requester })).toBe('recorded');
  }
};
const approves = (request: RecordedBudget, actor: PersonId, onBehalfOf?: PersonId) =>
  request.does({ type: 'approve', actor, ...(onBehalfOf && { onBehalfOf }) });

test('whoever decides for another has waited in their own working time, not in that of whoever is away', async () => {
  // 10:00 of a Wednesday in Tokyo, and the night of whoever was asked in Berlin.
  at('2026-11-25T01:00Z');
  const delegation = await stage.delegated(who.lead, who.learning);
  const { request } = await stage.submits({});
  at('2026-11-25T03:00Z');
  expect(await approves(request, who.learning, who.lead)).toBe('recorded');
  const decision = await stage.db
    .selectFrom('budget_decision')
    .select(['person_id as person', 'acted_by as by', 'waited_minutes as waited'])
    .where('request_id', '=', request.id)
    .executeTakeFirstOrThrow();
  expect(decision).toEqual({ person: who.lead, by: who.learning, waited: 120 });
  await delegation.ends();
  await withdraws(request);
});

test('what waits longest by work comes first, without what a question or a hold took', async () => {
  const { db, clock } = stage;
  at('2026-11-27T15:00Z'); // the last hour of Friday in Berlin
  const friday = await stage.submits({ kind: 'course' });
  at('2026-11-30T00:00Z'); // the first of Monday in Tokyo
  const monday = await stage.submits({ kind: 'coaching' });
  const words = async (type: 'ask' | 'answer', actor: PersonId) =>
    ({ type, actor, content: await stage.written(`budget.${type}`) }) as const;
  at('2026-11-30T02:00Z');
  await monday.request.does(await words('ask', who.learning));
  at('2026-11-30T04:00Z');
  await monday.request.does(await words('answer', who.requester));
  at('2026-11-30T05:00Z');
  expect(await monday.request.does({ type: 'hold', actor: who.lead })).toBe('recorded');
  at('2026-11-30T06:00Z');
  expect(await monday.request.does({ type: 'resume', actor: who.lead })).toBe('recorded');
  at('2026-11-30T08:30Z');
  const actor = present((await loadActor(db, who.learning, clock.now())) ?? undefined, 'a reader');
  const asked = { actor, input: { id: region } };
  const { waiting } = await approvalOperations.read.run({ db, clock }, asked);
  expect(waiting.map(({ id, waitedMinutes }) => [id, waitedMinutes])).toEqual([
    [monday.request.id, 300],
    [friday.request.id, 90],
  ]);
  await withdraws(friday.request, monday.request);
});

test('what is asked for in another currency is decided by the layer of its amount in that of the line', async () => {
  const { db, clock } = stage;
  const due = new Date(clock.now()).toISOString().slice(0, 10);
  const rates = [{ day: due, currency: 'USD', unitsPerEuro: '1.25' }];
  await importRates(db, rates, { source: 'ECB', at: clock.now() });
  for (const [minor, steps] of [
    ['749900', ['manager']], // 5,999.20 euros
    ['750000', ['manager', 'treasurer']], // 6,000.00 euros
  ] as const) {
    const asked = { kind: 'assignment', currency: 'USD', instalments: [{ due, minor }] } as const;
    const { request } = await stage.submits(asked);
    expect(request.state.rules.map(({ name }) => name)).toEqual(steps);
    await withdraws(request);
  }
});

test('after a lapse or a withdrawal nobody is named as who decided, though they had agreed before', async () => {
  const decided = async ({ id }: RecordedBudget) =>
    (await lastDecision(stage.db, id))?.by ?? 'nobody';
  const requests: RecordedBudget[] = [];
  for (let nth = 0; nth < 3; nth++) {
    const { request } = await stage.submits({ kind: 'conference' });
    await approves(request, who.lead);
    requests.push(request);
  }
  const [lapsed, withdrawn, approved] = requests as [
    RecordedBudget,
    RecordedBudget,
    RecordedBudget,
  ];
  expect(await decided(lapsed)).toBe(who.lead);
  await withdraws(withdrawn);
  await approves(approved, who.treasurer);
  while (lapsed.state.status === 'waiting') await lapsed.fires();
  expect(lapsed.state.status).toBe('lapsed');
  expect(await Promise.all(requests.map(decided))).toEqual(['nobody', 'nobody', who.treasurer]);
  await withdraws(approved);
});

test('a higher amount of a closed year comes out of the next, goes back there, and is spent from both', async () => {
  const { db, clock } = stage;
  const { line, request } = await stage.submits({ kind: 'course' }, 480_000n);
  const { line: last, request: other } = await stage.submits({ kind: 'course' });
  for (const one of [request, other]) await approves(one, who.lead);
  const { purpose } = await db
    .selectFrom('budget_line')
    .select('purpose')
    .where('id', '=', line)
    .executeTakeFirstOrThrow();
  const into = await givenLine(db, { year: 2027, at: clock.now(), purpose, to: 200_000n });
  at('2027-01-04T09:00Z');
  const closed = await db.transaction().execute(async (tx) => {
    await closeLine(tx, last, clock.now());
    return carryOver(tx, { line, into, at: clock.now() });
  });
  expect(closed).toMatchObject({ ok: true });
  await expect(stage.raises(other.id, '600000').then((raise) => other.does(raise))).resolves.toBe(
    'budget.line_closed',
  );
  const raises = async () => request.does(await stage.raises(request.id, '600000'));
  expect(await raises()).toBe('recorded');
  expect(await stage.lineOf(line)).toMatchObject({ reserved: 480_000n });
  expect(await stage.lineOf(into)).toMatchObject({ reserved: 120_000n, allocated: 200_000n });
  expect(await stage.rejects(request, who.lead)).toBe('recorded');
  expect(await stage.lineOf(into)).toMatchObject({ reserved: 0n });
  const beyond = (id: RecordedBudget['id']) => stage.raises(id, '900000', { isException: true });
  expect(await other.does(await beyond(other.id))).toBe('budget.line_closed');
  expect(await request.does(await beyond(request.id))).toBe('recorded');
  expect(await stage.lineOf(into)).toMatchObject({ reserved: 0n });
  expect(await stage.excepts(request, '220000')).toBe('recorded');
  expect(await stage.lineOf(into)).toMatchObject({ reserved: 420_000n, allocated: 420_000n });
  expect(await stage.rejects(request, who.lead)).toBe('recorded');
  expect(await stage.lineOf(into)).toMatchObject({ reserved: 0n, allocated: 200_000n });
  await raises();
  await approves(request, who.lead);
  expect(await stage.proves(request, '600000')).toBe('recorded');
  expect(await stage.lineOf(line)).toMatchObject({ reserved: 0n, committed: 480_000n });
  expect(await stage.lineOf(into)).toMatchObject({ reserved: 0n, committed: 120_000n });
  await withdraws(other);
  expect(await stage.isLedgerRight()).toBe(true);
});

test('an exception that is closed with its last receipt gives back what the receipt leaves and what the close-out does', async () => {
  const due = new Date(stage.clock.now()).toISOString().slice(0, 10);
  const instalments = ['240000', '240000'].map((minor) => ({ due, minor }));
  const { line, request } = await stage.submits(
    { kind: 'assignment', isException: true, instalments },
    100_000n,
  );
  expect(await stage.excepts(request, '400000')).toBe('recorded');
  expect(await approves(request, who.lead)).toBe('recorded');
  const proof = { instalment: 0, minor: '200000', content: await stage.written('budget.prove') };
  const content = await stage.written('budget.outcome');
  const close = { type: 'closeOut', actor: who.requester, content, lesson: null, proof } as const;
  expect(await request.does(close)).toBe('recorded');
  const left = { allocated: 200_000n, reserved: 0n, committed: 200_000n };
  expect(await stage.lineOf(line)).toEqual(left);
  expect(await stage.isLedgerRight()).toBe(true);
});

test('tolerances raise a line that is used up by a tenth of what people put on it, whatever people call their entries, and no further', async () => {
  await givenPolicy(stage.db, 'budget.close_out', { tolerancePercent: 100, holdsNew: false });
  const due = new Date(stage.clock.now()).toISOString().slice(0, 10);
  const half = { kind: 'course', instalments: [{ due, minor: '50000' }] } as const;
  const { line, request: first } = await stage.submits(half, 100_000n);
  const { purpose } = first.state;
  const second = stage.begun();
  await second.does(await stage.submitCommand({ ...half, purpose }));
  for (const request of [first, second]) await approves(request, who.lead);
  for (const to of [110_000n, 100_000n]) {
    const change = { id: randomUUID(), line, to, author: who.director, at: stage.clock.now() };
    const called = { ...change, reason: 'Spent within the tolerance.' };
    await stage.db.transaction().execute((tx) => changeAllocation(tx, called));
  }
  const full = { allocated: 100_000n, reserved: 100_000n, committed: 0n };
  expect(await stage.lineOf(line)).toEqual(full);
  expect(await stage.proves(first, '60001')).toBe('budget.tolerance_used');
  expect(await stage.proves(first, '58000')).toBe('recorded');
  expect(await stage.proves(second, '52001')).toBe('budget.tolerance_used');
  expect(await stage.lineOf(line)).toEqual({
    allocated: 108_000n,
    reserved: 50_000n,
    committed: 58_000n,
  });
  expect(await stage.proves(second, '52000')).toBe('recorded');
  expect(await stage.lineOf(line)).toEqual({
    allocated: 110_000n,
    reserved: 0n,
    committed: 110_000n,
  });
  expect(await stage.isLedgerRight()).toBe(true);
});

test('rules, what is carried over and the age of rates are those of the day where the region is', async () => {
  const { db, clock } = stage;
  const zoned = (zone: string) =>
    db.updateTable('region').set({ zone }).where('id', '=', region).execute();
  await zoned('Asia/Tokyo');
  const fromApril = { region_id: region, valid_from: '2027-04-01' };
  const values = {
    'budget.route': { layers: [{ steps: [treasurer] }] },
    'budget.carry_over': { percent: 10 },
    'budget.rate_days': 0,
  };
  const rows = Object.entries(values).map(([key, value]) => ({ key, value, ...fromApril }));
  // A number alone is not text of JSON to the driver.
  const stored = rows.map((row) => ({
    ...row,
    value: sql`${JSON.stringify(row.value)}::text::jsonb`,
  }));
  await db.insertInto('policy').values(stored).execute();
  at('2027-03-31T14:58Z');
  const given = { at: clock.now(), purpose: 'over', to: 100_000n };
  const line = await givenLine(db, { ...given, year: 2026 });
  await givenLine(db, { ...given, year: 2027 });
  const source = { source: 'ECB', at: clock.now() };
  await importRates(db, [{ day: '2027-03-31', currency: 'SEK', unitsPerEuro: '11' }], source);
  const found = async () => {
    const now = clock.now();
    const instalments = [{ due: '2027-06-01', minor: '10000' }];
    const { request } = await stage.submits({ kind: 'course', instalments });
    await withdraws(request);
    const rates = await findRates(db, { from: 'SEK', to: 'EUR', at: now, region });
    return {
      step: request.state.rules[0]?.name,
      carried: await carriesOver(db, { line, at: now }),
      rate: 'code' in rates ? rates : 'fresh',
    };
  };
  expect(await found()).toEqual({ step: 'manager', carried: 50_000n, rate: 'fresh' });
  at('2027-03-31T15:00Z'); // midnight in Tokyo
  expect(await found()).toEqual({
    step: 'treasurer',
    carried: 10_000n,
    rate: problem('money.rate_old', { currency: 'SEK', day: '2027-03-31', days: 0 }),
  });
  await zoned('Etc/UTC');
});

test('what a receipt left of an exception before receipts gave it back goes back at the close-out, as far as nobody has it', async () => {
  const { db, clock } = stage;
  const due = new Date(clock.now()).toISOString().slice(0, 10);
  const instalments = ['240000', '240000'].map((minor) => ({ due, minor }));
  const closed = async (...others: readonly string[]) => {
    const given = { kind: 'course', isException: true, instalments } as const;
    const { line, request } = await stage.submits(given, 100_000n);
    expect(await stage.excepts(request, '400000')).toBe('recorded');
    expect(await approves(request, who.lead)).toBe('recorded');
    clock.moveTo(clock.now() + 60_000);
    const spent = { minor: 140_000n, currency: 'EUR' };
    const receipt = { request: request.id, position: 0, author: who.requester, spent };
    await db.transaction().execute((tx) => spendMoney(tx, { ...receipt, at: clock.now() }));
    clock.moveTo(clock.now() + 60_000);
    for (const minor of others) {
      const { purpose } = request.state;
      const command = await stage.submitCommand({ purpose, instalments: [{ due, minor }] });
      expect(await stage.begun().does(command)).toBe('recorded');
    }
    const proof = { instalment: 1, minor: '240000', content: await stage.written('budget.prove') };
    const content = await stage.written('budget.outcome');
    const close = { type: 'closeOut', actor: who.requester, content, lesson: null, proof } as const;
    expect(await request.does(close)).toBe('recorded');
    return stage.lineOf(line);
  };
  const committed = 380_000n;
  expect(await closed()).toEqual({ allocated: 380_000n, reserved: 0n, committed });
  expect(await closed('30000')).toEqual({ allocated: 410_000n, reserved: 30_000n, committed });
  expect(await stage.isLedgerRight()).toBe(true);
});

/** Each begins once the one before waits for a line; then all go on. */
async function inTurn(line: string, acts: readonly (() => Promise<string>)[]) {
  const { db } = stage;
  const waiting = async (count: number) =>
    until(`${count} wait for a line`, async () => {
      const { rows } = await sql<{ n: number }>`SELECT count(*)::int AS n FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`.execute(db);
      return rows[0]?.n === count;
    });
  const answers: Promise<string>[] = [];
  await db.transaction().execute(async (tx) => {
    await lockLines(tx, [line]);
    for (const [nth, act] of acts.entries()) {
      answers.push(act().catch((error: unknown) => String(error)));
      await waiting(nth + 1);
    }
  });
  return Promise.all(answers);
}

/** Two years of one purpose, of which the later goes first by its id. */
async function laterFirst() {
  for (;;) {
    const { purpose, line } = await stage.newLine();
    const next = await givenLine(stage.db, { year: 2028, at: stage.clock.now(), purpose });
    if (next < line) return [purpose, line, next] as const;
  }
}

test('two requests of the same years, each in its own order, wait for each other in one order and are both kept', async () => {
  const { db, clock, submitCommand } = stage;
  const { purpose, line } = await stage.newLine();
  const next = await givenLine(db, { year: 2028, at: clock.now(), purpose });
  const years = ['2027-12-30', '2028-12-30'].map((due) => ({ due, minor: '10000' }));
  const commands = [
    await submitCommand({ purpose, instalments: years }),
    await submitCommand({ purpose, instalments: years.toReversed(), requester: who.report }),
  ];
  const acts = commands.map((command) => () => stage.begun().does(command));
  expect(await inTurn(line, acts)).toEqual(['recorded', 'recorded']);
  for (const id of [line, next])
    expect(await stage.lineOf(id)).toMatchObject({ reserved: 20_000n });
});

test('a year that is carried over, and a request whose higher amount came out of the next, lock lines in the order of all others', async () => {
  const { db, clock } = stage;
  at('2027-04-02T10:00Z');
  const [purpose, line, next] = await laterFirst();
  const submits = async (...days: readonly string[]) => {
    const instalments = days.map((due) => ({ due, minor: '10000' }));
    const request = stage.begun();
    const command = await stage.submitCommand({ purpose, instalments });
    expect(await request.does(command)).toBe('recorded');
    expect(await approves(request, who.treasurer)).toBe('recorded');
    return request;
  };
  const raised = await submits('2027-12-30');
  const [first, second] = [
    await submits('2027-12-30', '2028-12-30'),
    await submits('2027-12-30', '2028-12-30'),
  ];
  at('2028-01-04T10:00Z');
  await db.insertInto('person_role').values({ person_id: who.director, role: 'admin' }).execute();
  const actor = present((await loadActor(db, who.director, clock.now())) ?? undefined, 'admin');
  const asked = { actor, input: { id: line, carryOver: true }, commandId: randomUUID() };
  const closes = async () => {
    const { closedAt } = await budgetLineOperations.close.run({ db, clock }, asked);
    return closedAt === null ? 'open' : 'closed';
  };
  const ends = (request: RecordedBudget) => () =>
    request.does({ type: 'withdraw', actor: who.requester });
  expect(await inTurn(line, [closes, ends(first)])).toEqual(['closed', 'recorded']);
  expect(await raised.does(await stage.raises(raised.id, '20000'))).toBe('recorded');
  expect(await inTurn(line, [ends(raised), ends(second)])).toEqual(['recorded', 'recorded']);
  for (const id of [line, next]) expect(await stage.lineOf(id)).toMatchObject({ reserved: 0n });
});
