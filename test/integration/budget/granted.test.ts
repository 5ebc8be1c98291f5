/** What is granted, how it comes to be, and what becomes of its money, by the record alone. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changeAllocation } from '../../../db/budget-lines.ts';
import { importRates } from '../../../db/budget-rates.ts';
import type { PersonId } from '../../../domain/id.ts';
import { givenPolicy, who } from '../../support/budget-organisation.ts';
import {
  type RecordedBudget,
  recordedBudgets,
  type RecordedBudgets,
} from '../../support/recorded-budgets.ts';

let stage: RecordedBudgets;
const layer = (
  kind: string,
  asked: object | readonly object[],
  needs: string | number,
  from = '0.00',
) => ({
  from,
  kinds: [kind],
  steps: [{ name: kind, asked: [asked].flat(), needs }],
});

beforeAll(async () => {
  const layers = [
    layer('course', { managerOf: 'requester' }, 'any'),
    layer('course', { person: who.treasurer }, 'any', '6000.00'),
    layer('coaching', [{ person: who.lead }, { person: who.chief }], 2),
    layer('conference', { role: 'learning-lead' }, 'all'),
    layer('assignment', { managerOf: 'requester' }, 'any'),
  ];
  stage = await recordedBudgets({ route: { layers } });
  await givenPolicy(stage.db, 'budget.exception', { approver: who.treasurer });
});
afterAll(() => stage.drop());

/** So that it counts with no other. */
const withdraws = async (request: RecordedBudget) =>
  expect(await request.does({ type: 'withdraw', actor: who.requester })).toBe('recorded');

const rowOf = (id: string) =>
  stage.db
    .selectFrom('budget_request')
    .select(['status', 'granted', 'close_out_due_at as dueAt', 'in_line as inLine'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();

const askedFor = async (id: string) => {
  const tasks = await stage.db
    .selectFrom('task')
    .select('person_id')
    .where('loop_id', '=', id)
    .where('closed_at', 'is', null)
    .orderBy('person_id')
    .execute();
  return tasks.map((task) => task.person_id);
};

const toldTo = async (id: string, person: string) =>
  (
    await stage.db
      .selectFrom('notice')
      .select('key')
      .where('loop_id', '=', id)
      .where('recipient_id', '=', person)
      .orderBy('sequence')
      .execute()
  ).map(({ key }) => key.replace('budgetRequest.', ''));

test('where all have agreed but one who lost the office, it is granted: the row says so and the requester is told', async () => {
  const { db } = stage;
  const office = { person_id: who.treasurer, role: 'learning-lead' };
  await db.insertInto('person_role').values(office).execute();
  const { request } = await stage.submits({ kind: 'conference' });
  await request.does({ type: 'approve', actor: who.learning });
  await db.deleteFrom('person_role').where('person_id', '=', who.treasurer).execute();
  await request.replans();
  expect(request.moments.map(({ command }) => command.type)).toEqual(['reroute']);
  await request.fires();
  expect(await rowOf(request.id)).toMatchObject({
    status: 'approved',
    granted: 480_000n,
    dueAt: expect.any(Number),
  });
  expect(await toldTo(request.id, who.requester)).toEqual(['approved']);
  await withdraws(request);
});

test('whoever has a voice in a step speaks for nobody else in it, and the step stays with whoever was asked', async () => {
  const delegation = await stage.delegated(who.lead, who.chief);
  const { request } = await stage.submits({ kind: 'coaching' });
  expect(await askedFor(request.id)).toEqual([who.chief, who.lead].toSorted());
  const spoken = { actor: who.chief, onBehalfOf: who.lead };
  const codes = [];
  for (const by of [spoken, { actor: who.chief }, spoken]) {
    codes.push(await request.does({ type: 'approve', ...by }));
  }
  expect(codes).toEqual(['budget.one_voice', 'recorded', 'budget.one_voice']);
  expect(request.state.status).toBe('waiting');
  await delegation.ends();
  await withdraws(request);
});

test('whoever is silent beside the one who stands above them is followed by the next above, who has no voice there yet', async () => {
  const { request } = await stage.submits({ kind: 'coaching' });
  await request.does({ type: 'approve', actor: who.chief });
  while (request.state.steps[0]?.seats.every(({ added }) => added === null)) await request.fires();
  expect(await askedFor(request.id)).toEqual([who.director, who.lead].toSorted());
  expect(await request.does({ type: 'approve', actor: who.chief })).toBe('budget.decided');
  expect(await request.does({ type: 'approve', actor: who.director })).toBe('recorded');
  expect(request.state.status).toBe('approved');
  await withdraws(request);
});

const small = [{ due: '2026-12-20', minor: '10000' }];

test('a higher amount is decided like a new request for the whole, by whom its amount asks for, never by who asked for it', async () => {
  const { line, request } = await stage.submits({ instalments: small });
  const approve = (actor: PersonId) => request.does({ type: 'approve', actor });
  expect(request.state.rules.map(({ name }) => name)).toEqual(['course']);
  await approve(who.lead);
  expect(await request.does(await stage.raises(request.id, '900000', { actor: who.lead }))).toBe(
    'recorded',
  );
  expect(request.state.steps.map(({ seats }) => seats.map(({ person }) => person))).toEqual([
    [who.chief],
    [who.treasurer],
  ]);
  expect(await rowOf(request.id)).toMatchObject({ inLine: 900_000n });
  expect(await approve(who.lead)).toBe('budget.own');
  expect(await approve(who.chief)).toBe('recorded');
  expect(request.state.status).toBe('waiting');
  expect(await approve(who.treasurer)).toBe('recorded');
  expect(await rowOf(request.id)).toMatchObject({ status: 'approved', granted: 900_000n });
  expect(await stage.lineOf(line)).toMatchObject({ reserved: 900_000n });
  await withdraws(request);
});

test('a higher amount that is refused leaves the rules of before, and what is counted with it', async () => {
  const { request } = await stage.submits({ instalments: small });
  await request.does({ type: 'approve', actor: who.lead });
  const before = request.state;
  await request.does(await stage.raises(request.id, '900000'));
  expect(request.state.rules).toHaveLength(2);
  await request.does({
    type: 'reject',
    actor: who.lead,
    content: await stage.written('budget.reject'),
  });
  const { rules, routed, isSplit, policy } = before;
  expect(request.state).toMatchObject({ rules, routed, isSplit, policy, status: 'approved' });
  expect(await rowOf(request.id)).toMatchObject({ inLine: 10_000n });
  await withdraws(request);
});

test('a higher amount counts with what else was asked for lately, and is decided as one with it', async () => {
  const { request } = await stage.submits({});
  await request.does({ type: 'approve', actor: who.lead });
  const { request: other } = await stage.submits({ instalments: small });
  await other.does({ type: 'approve', actor: who.lead });
  await other.does(await stage.raises(other.id, '200000'));
  expect(other.state).toMatchObject({ isSplit: true, routed: '680000' });
  expect(other.state.rules).toHaveLength(2);
  const unrouted = { instalment: 0, minor: '500000', content: await stage.written('budget.raise') };
  const raise = { type: 'raise', actor: who.requester, ...unrouted } as const;
  expect(await request.does(raise)).toBe('loop.stale_plan');
  for (const one of [request, other]) await withdraws(one);
});

test('an overdue close-out stays overdue, whatever is asked for meanwhile', async () => {
  const { request } = await stage.submits({
    instalments: small,
    ends: '2026-12-20',
  });
  await request.does({ type: 'approve', actor: who.lead });
  const { dueAt } = await rowOf(request.id);
  stage.clock.moveTo(stage.clock.now() + 80 * 86_400_000);
  expect(await request.does(await stage.raises(request.id, '10001'))).toBe('recorded');
  expect(await rowOf(request.id)).toMatchObject({ status: 'waiting', dueAt });
  await expect(stage.submits({})).rejects.toThrow('budget.close_out_overdue');
  await request.does({
    type: 'reject',
    actor: who.lead,
    content: await stage.written('budget.reject'),
  });
  expect(await rowOf(request.id)).toMatchObject({ status: 'approved', dueAt });
  await withdraws(request);
  expect(await stage.isLedgerRight()).toBe(true);
});

test('an exception that ends short of what it was granted for takes what it lent out of the line again', async () => {
  const granted = async () => {
    const { line, request } = await stage.submits({ isException: true }, 100_000n);
    await stage.excepts(request, '400000');
    expect(await stage.lineOf(line)).toMatchObject({ allocated: 480_000n, reserved: 480_000n });
    return { line, request };
  };
  const rejected = await granted();
  const content = await stage.written('budget.reject');
  await rejected.request.does({ type: 'reject', actor: who.lead, content });
  const withdrawn = await granted();
  await withdraws(withdrawn.request);
  const lapsed = await granted();
  while (lapsed.request.state.status === 'waiting') await lapsed.request.fires();
  for (const { line } of [rejected, withdrawn, lapsed]) {
    expect(await stage.lineOf(line)).toMatchObject({ allocated: 100_000n, reserved: 0n });
  }
  const lowered = await granted();
  await lowered.request.does({ type: 'approve', actor: who.lead, amounts: ['150000'] });
  expect(await stage.lineOf(lowered.line)).toMatchObject({
    allocated: 150_000n,
    reserved: 150_000n,
  });
  await withdraws(lowered.request);
  expect(await stage.lineOf(lowered.line)).toMatchObject({ allocated: 100_000n, reserved: 0n });
  expect(await stage.isLedgerRight()).toBe(true);
});

test('what was spent within the tolerance is proven, of a line that is used up or closed, and by less than its smallest unit', async () => {
  const { db } = stage;
  const today = new Date(stage.clock.now()).toISOString().slice(0, 10);
  const full = await stage.submits({}, 480_000n);
  await full.request.does({ type: 'approve', actor: who.lead });
  expect(await stage.proves(full.request, '480001')).toBe('recorded');
  const after = { allocated: 480_001n, reserved: 0n, committed: 480_001n };
  expect(await stage.lineOf(full.line)).toEqual(after);
  const closed = await stage.submits({ instalments: [{ due: today, minor: '10000' }] });
  await closed.request.does({ type: 'approve', actor: who.lead });
  const shut = db.updateTable('budget_line').set({ closed_at: stage.clock.now() });
  await shut.where('id', '=', closed.line).execute();
  expect(await stage.proves(closed.request, '10001')).toBe('recorded');
  const rates = [{ day: today, currency: 'KRW', unitsPerEuro: '1700' }];
  await importRates(db, rates, { source: 'ECB', at: stage.clock.now() });
  const foreign = { currency: 'KRW', instalments: [{ due: today, minor: '1000000' }] };
  const { request } = await stage.submits(foreign);
  await request.does({ type: 'approve', actor: who.lead });
  expect(await stage.proves(request, '1000001')).toBe('recorded');
  expect(await stage.isLedgerRight()).toBe(true);
});

test('a gap by another name does not keep a lesson back, and amounts beyond a whole number are refused', async () => {
  await givenPolicy(stage.db, 'budget.close_out', { holdsNew: false });
  stage.clock.moveTo(stage.clock.now() + 40 * 86_400_000);
  const due = new Date(stage.clock.now()).toISOString().slice(0, 10);
  const { request } = await stage.submits({
    gap: 'negotiation',
    instalments: [{ due, minor: '10000' }],
  });
  await request.does({ type: 'approve', actor: who.lead });
  const lesson = await stage.written('budget.lesson', { kind: 'win', text: 'Ask first.' });
  const proof = { instalment: 0, minor: '10000', content: await stage.written('budget.prove') };
  const content = await stage.written('budget.outcome');
  const close = { type: 'closeOut', actor: who.requester, content, lesson, proof } as const;
  expect(await request.does(close)).toBe('recorded');
  const huge = { due, minor: '9000000000000000000' };
  await expect(stage.submits({ instalments: [huge, huge] })).rejects.toThrow('money.too_large');
  const { request: first } = await stage.submits({ isException: true, instalments: [huge] });
  const { purpose } = first.state;
  const second = stage.begun();
  const more = { purpose, isException: true, instalments: [huge] };
  expect(await second.does(await stage.submitCommand(more))).toBe('recorded');
  const grants = [first, second].map((one) => () => stage.excepts(one, huge.minor));
  expect([await grants[0]?.(), await grants[1]?.()]).toEqual(['recorded', 'money.too_large']);
  const { request: next } = await stage.submits({ instalments: [{ due, minor: '100' }] });
  expect(next.state.status).toBe('waiting');
});

test('what the ledger changed by itself before its causes were kept is known by its ids, and no entry of people is taken for it', async () => {
  const { db, database, clock } = stage;
  const causes = () =>
    db.selectFrom('budget_transfer').select(['id', 'cause', 'request_id']).orderBy('id').execute();
  const entries = await db
    .selectFrom('budget_transfer')
    .select(['line_id as line', 'reason'])
    .where('cause', 'is not', null)
    .execute();
  for (const { line, reason } of entries) {
    const { allocated } = await stage.lineOf(line);
    const entry = { line, author: who.director, reason: reason ?? '', at: clock.now() };
    const change = { ...entry, id: randomUUID(), to: allocated + 1n };
    await db.transaction().execute((tx) => changeAllocation(tx, change));
  }
  const before = await causes();
  const known = before.flatMap(({ cause }) => (cause === null ? [] : [cause]));
  expect([...new Set(known)].toSorted()).toEqual(['exception', 'exception_returned', 'tolerance']);
  const migration = await readFile('db/migrations/0203_entry_cause.sql', 'utf8');
  const client = postgres(database.url, { max: 1 });
  await client.unsafe('ALTER TABLE budget_transfer DROP cause, DROP request_id').simple();
  await client.unsafe(migration).simple();
  await client.end();
  expect(await causes()).toEqual(before);
});

const excepted = async () => {
  const { line, request } = await stage.submits(
    { kind: 'assignment', isException: true },
    100_000n,
  );
  expect(await stage.excepts(request, '400000')).toBe('recorded');
  expect(await request.does({ type: 'approve', actor: who.lead })).toBe('recorded');
  return { line, request };
};
const lineOf = async (line: string) => Object.values(await stage.lineOf(line));

test('the receipt of an exception beyond its tolerance is recorded by a new decision of its named approver, once', async () => {
  const { line, request } = await excepted();
  expect(await stage.proves(request, '600000')).toBe('budget.over_tolerance');
  expect(await request.does(await stage.raises(request.id, '600000'))).toBe('recorded');
  expect(await askedFor(request.id)).toEqual([who.treasurer]);
  expect((await toldTo(request.id, who.treasurer)).at(-1)).toBe('exception_asked');
  expect(await lineOf(line)).toEqual([480_000n, 480_000n, 0n]);
  expect(await rowOf(request.id)).toMatchObject({ status: 'waiting', inLine: 600_000n });
  expect(await request.does({ type: 'approve', actor: who.treasurer })).toBe(
    'budget.exception_step',
  );
  expect(await stage.excepts(request, '119999')).toBe('budget.exception_too_small');
  const content = await stage.written('budget.except');
  const grant = { type: 'except', actor: who.treasurer, minor: '120000', content } as const;
  expect(await request.does(grant, undefined, 'grant')).toBe('recorded');
  await request.does(grant, undefined, 'grant');
  expect(await request.does(grant)).toBe('budget.decided');
  expect(await lineOf(line)).toEqual([600_000n, 600_000n, 0n]);
  expect(await askedFor(request.id)).toEqual([who.lead]);
  expect(await request.does({ type: 'approve', actor: who.lead })).toBe('recorded');
  expect(await rowOf(request.id)).toMatchObject({ status: 'approved', granted: 600_000n });
  expect(await stage.proves(request, '600000')).toBe('recorded');
  expect(await lineOf(line)).toEqual([600_000n, 0n, 600_000n]);
  expect(await stage.isLedgerRight()).toBe(true);
});

test('a higher amount of an exception that is not granted leaves what was, and no money of it in the line', async () => {
  const { line, request } = await excepted();
  const raises = async () =>
    expect(await request.does(await stage.raises(request.id, '600000'))).toBe('recorded');
  const isAsBefore = async () => {
    expect(await lineOf(line)).toEqual([480_000n, 480_000n, 0n]);
    expect(request.state).toMatchObject({ status: 'approved', isException: true });
    expect(await rowOf(request.id)).toMatchObject({ inLine: 480_000n, granted: 480_000n });
  };
  await raises();
  expect(await stage.rejects(request, who.treasurer)).toBe('recorded');
  await isAsBefore();
  await raises();
  while (request.state.status === 'waiting') await request.fires();
  await isAsBefore();
  await raises();
  expect(await stage.excepts(request, '200000')).toBe('recorded');
  expect(await stage.rejects(request, who.lead)).toBe('recorded');
  await isAsBefore();
  await raises();
  expect(await stage.excepts(request, '120000')).toBe('recorded');
  await withdraws(request);
  expect(await lineOf(line)).toEqual([100_000n, 0n, 0n]);
  const less = await excepted();
  await less.request.does(await stage.raises(less.request.id, '600000'));
  await stage.excepts(less.request, '120000');
  await less.request.does({ type: 'approve', actor: who.lead });
  expect(await stage.proves(less.request, '50000')).toBe('recorded');
  expect(await lineOf(less.line)).toEqual([100_000n, 0n, 50_000n]);
  expect(await stage.isLedgerRight()).toBe(true);
});

test('a higher amount that its line does not have is an exception from then on, and none again where it is refused', async () => {
  const { line, request } = await stage.submits({ kind: 'assignment' }, 480_000n);
  await request.does({ type: 'approve', actor: who.lead });
  const isException = async () =>
    (
      await stage.db
        .selectFrom('budget_request')
        .select('is_exception as is')
        .where('id', '=', request.id)
        .executeTakeFirstOrThrow()
    ).is;
  expect(await request.does(await stage.raises(request.id, '500000'))).toBe('budget.not_available');
  const beyond = async () => stage.raises(request.id, '500000', { isException: true });
  await expect(
    stage.raises(request.id, '500000', { isException: true, actor: who.treasurer }),
  ).rejects.toThrow('budget.no_exception_approver');
  expect(await request.does(await beyond())).toBe('recorded');
  expect([request.state.isException, await isException()]).toEqual([true, true]);
  expect(await stage.excepts(request, '20000')).toBe('recorded');
  expect(await stage.rejects(request, who.lead)).toBe('recorded');
  expect([request.state.isException, await isException()]).toEqual([false, false]);
  expect(await lineOf(line)).toEqual([480_000n, 480_000n, 0n]);
  expect(await request.does(await beyond())).toBe('recorded');
  expect(await stage.excepts(request, '20000')).toBe('recorded');
  await request.does({ type: 'approve', actor: who.lead });
  expect(await lineOf(line)).toEqual([500_000n, 500_000n, 0n]);
  expect(await stage.proves(request, '495000')).toBe('recorded');
  expect(await lineOf(line)).toEqual([495_000n, 0n, 495_000n]);
  expect(await stage.isLedgerRight()).toBe(true);
});
