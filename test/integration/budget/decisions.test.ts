/** How requests are decided, by their rules and their record alone. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { importRates } from '../../../db/budget-rates.ts';
import { budgetRules } from '../../../domain/budget/decide.ts';
import { explainBudget } from '../../../domain/budget/explain.ts';
import type { PersonId } from '../../../domain/id.ts';
import { givenPolicy, who } from '../../support/budget-organisation.ts';
import { recordedBudgets, type RecordedBudgets } from '../../support/recorded-budgets.ts';

let stage: RecordedBudgets;
let statements = 0;

const three = [who.treasurer, who.learning, who.officer].map((person) => ({ person }));
const route = (kind: string, step: object) => ({
  from: '0.00',
  kinds: [kind],
  steps: [{ name: kind, ...step }],
});

beforeAll(async () => {
  const layers = [
    route('course', { asked: [{ managerOf: 'requester' }], needs: 'any' }),
    route('coaching', { asked: three, needs: 'all' }),
    route('conference', { asked: three, needs: 2 }),
    route('assignment', { asked: three, needs: 'any' }),
    route('executive_programme', { asked: [{ role: 'regional-manager' }], needs: 'any' }),
  ];
  stage = await recordedBudgets({ route: { layers }, onQuery: () => void statements++ });
});
afterAll(() => stage.drop());

test('a submission is recorded in at most 25 statements, a decision in 13', async () => {
  await stage.submits({ kind: 'course' }); // calendars are now known
  const { purpose } = await stage.newLine();
  const request = stage.begun();
  const command = await stage.submitCommand({ purpose });
  const countOf = async (sent: Parameters<typeof request.does>[0]) => {
    const before = statements;
    expect(await request.does(sent)).toBe('recorded');
    return statements - before;
  };
  const counts = [await countOf(command), await countOf({ type: 'approve', actor: who.lead })];
  const most = [25, 13];
  expect(counts.filter((count, index) => count > (most[index] ?? 0))).toEqual([]);
});

test('a decision that is sent after the lapse is refused, and the money stays where it went back to', async () => {
  const { line, request } = await stage.submits({ kind: 'course' });
  expect(await stage.lineOf(line)).toMatchObject({ reserved: 480_000n });
  for (let moments = 0; request.moments.length > 0 && moments < 20; moments++) {
    expect(await request.fires()).toBe('recorded');
  }
  expect(request.state.status).toBe('lapsed');
  for (const actor of [who.lead, who.chief]) {
    expect(await request.does({ type: 'approve', actor })).toBe('loop.closed');
  }
  expect(await stage.lineOf(line)).toMatchObject({ reserved: 0n, committed: 0n });
  expect(await stage.isLedgerRight()).toBe(true);
});

test('where all are asked, each must agree once, and one alone can reject', async () => {
  const { request } = await stage.submits({ kind: 'coaching' });
  const approve = (actor: (typeof who)['lead']) => request.does({ type: 'approve', actor });
  expect(await approve(who.lead)).toBe('budget.not_asked');
  expect(await approve(who.treasurer)).toBe('recorded');
  expect(await approve(who.treasurer)).toBe('budget.decided');
  expect(await approve(who.officer)).toBe('recorded');
  expect(request.state.status).toBe('waiting');
  expect(await approve(who.learning)).toBe('recorded');
  expect(request.state.status).toBe('approved');
  const { line, request: other } = await stage.submits({ kind: 'coaching' });
  await other.does({ type: 'approve', actor: who.treasurer });
  const content = await stage.written('budget.reject');
  expect(await other.does({ type: 'reject', actor: who.officer, content })).toBe('recorded');
  expect(other.state.status).toBe('rejected');
  expect(await stage.lineOf(line)).toMatchObject({ reserved: 0n, committed: 0n });
});

test('whoever comes into the office that decides after asking is not asked about their own request', async () => {
  const { db } = stage;
  const office = (person: string) => ({ person_id: person, role: 'regional-manager' });
  await db.insertInto('person_role').values(office(who.treasurer)).execute();
  const { request } = await stage.submits({ kind: 'executive_programme' });
  await db.insertInto('person_role').values(office(who.requester)).execute();
  await db.insertInto('person_role').values(office(who.report)).execute();
  await db.deleteFrom('person_role').where('person_id', '=', who.treasurer).execute();
  for (const actor of [who.requester, who.report]) {
    expect(await request.does({ type: 'approve', actor })).toBe('budget.not_asked');
  }
  await request.replans();
  if (request.moments[0]?.command.type === 'reroute') await request.fires();
  const asked = request.state.steps.flatMap(({ seats }) => seats.map(({ person }) => person));
  expect(asked).not.toContain(who.requester);
  expect(asked).not.toContain(who.report);
  for (const actor of [who.requester, who.report]) {
    expect(await request.does({ type: 'approve', actor })).toBe('budget.not_asked');
  }
  const people = [who.requester, who.report];
  await db.deleteFrom('person_role').where('person_id', 'in', people).execute();
});

test('the rules of a request are those of its submission, whatever the policy says later', async () => {
  const { db } = stage;
  const { request } = await stage.submits({ kind: 'conference' });
  const { value } = await db
    .selectFrom('policy')
    .select('value')
    .where('key', '=', 'budget.route')
    .executeTakeFirstOrThrow();
  const says = (now: object) =>
    db.updateTable('policy').set({ value: now }).where('key', '=', 'budget.route').execute();
  await says({ layers: [route('conference', { asked: [{ person: who.lead }], needs: 'any' })] });
  await request.replans();
  expect(await request.does({ type: 'approve', actor: who.lead })).toBe('budget.not_asked');
  expect(await request.does({ type: 'approve', actor: who.learning })).toBe('recorded');
  expect(request.state.status).toBe('waiting');
  expect(await request.does({ type: 'approve', actor: who.officer })).toBe('recorded');
  expect(request.state.status).toBe('approved');
  await says(value as object);
});

test('where two of three are asked, the second agreement decides, and the third is told who did', async () => {
  const { request } = await stage.submits({ kind: 'conference' });
  expect(await request.does({ type: 'approve', actor: who.learning })).toBe('recorded');
  expect(request.state.status).toBe('waiting');
  expect(await request.does({ type: 'approve', actor: who.treasurer })).toBe('recorded');
  expect(request.state.status).toBe('approved');
  expect(await request.does({ type: 'approve', actor: who.officer })).toBe('budget.decided');
});

test('a request in another currency is kept, approved and spent by the rate it was kept with', async () => {
  const { db } = stage;
  const source = { source: 'ECB', at: stage.clock.now() };
  const today = new Date(stage.clock.now()).toISOString().slice(0, 10);
  const usd = { currency: 'USD', unitsPerEuro: '1.2500', day: today };
  await importRates(db, [usd], source);
  const instalments = [{ due: today, minor: '100000' }];
  const { line, request } = await stage.submits({ kind: 'course', currency: 'USD', instalments });
  expect(await stage.lineOf(line)).toMatchObject({ reserved: 80_000n, committed: 0n });
  stage.clock.moveTo(stage.clock.now() + 3_600_000);
  const tomorrow = new Date(stage.clock.now() + 86_400_000).toISOString().slice(0, 10);
  await importRates(db, [{ ...usd, unitsPerEuro: '2', day: tomorrow }], source);
  stage.clock.moveTo(stage.clock.now() + 86_400_000);
  const less = { type: 'approve', actor: who.lead, amounts: ['99000'] } as const;
  expect(await request.does(less)).toBe('recorded');
  expect(await stage.lineOf(line)).toMatchObject({ reserved: 79_200n, committed: 0n });
  const proof = { instalment: 0, minor: '98000', content: await stage.written('budget.prove') };
  const outcome = { content: await stage.written('budget.outcome'), lesson: null, proof };
  expect(await request.does({ type: 'closeOut', actor: who.requester, ...outcome })).toBe(
    'recorded',
  );
  expect(await stage.lineOf(line)).toMatchObject({ reserved: 0n, committed: 78_400n });
  expect(await stage.isLedgerRight()).toBe(true);
});

/** Whoever was told at the last step of a request, and with what. */
async function toldLast(id: string): Promise<readonly string[]> {
  const rows = await stage.db
    .selectFrom('notice as n')
    .innerJoin('loop_instance as l', 'l.id', 'n.loop_id')
    .select(['n.recipient_id as to', 'n.key'])
    .where('n.loop_id', '=', id)
    .whereRef('n.sequence', '=', (step) => step('l.sequence', '-', 1))
    .orderBy('n.recipient_id')
    .execute();
  return rows.map(({ to, key }) => `${key.replace('budgetRequest.', '')} ${to}`);
}

test('whoever was asked beside the one who decides is told once why it is not theirs any more', async () => {
  const { request } = await stage.submits({ kind: 'assignment' });
  await request.does({ type: 'approve', actor: who.learning });
  expect(await toldLast(request.id)).toEqual([
    `approved_by_other ${who.officer}`,
    `approved ${who.requester}`,
    `approved_by_other ${who.treasurer}`,
  ]);
  const { request: other } = await stage.submits({ kind: 'coaching' });
  await other.does({ type: 'approve', actor: who.treasurer });
  expect(await toldLast(other.id)).toEqual([]);
  const content = await stage.written('budget.reject');
  await other.does({ type: 'reject', actor: who.officer, content });
  expect(await toldLast(other.id)).toEqual([
    `rejected_by_other ${who.learning}`,
    `rejected ${who.requester}`,
  ]);
});

test('whoever was lowered by an earlier step is told so by the last, and not where nothing was taken', async () => {
  for (const [minor, told, amounts] of [
    ['400000', 'approved_lower', ['400000']],
    ['480000', 'approved', null],
  ] as const) {
    const { request } = await stage.submits({ kind: 'conference' });
    const lowers = { type: 'approve', actor: who.treasurer, amounts: [minor] } as const;
    const decision = budgetRules.decide(request.state, lowers, stage.clock.now());
    expect(decision).toMatchObject({ events: [{ amounts }] });
    await request.does(lowers);
    await request.does({ type: 'approve', actor: who.officer });
    expect(await toldLast(request.id)).toContain(`${told} ${who.requester}`);
    const { params } = await stage.db
      .selectFrom('notice')
      .select('params')
      .where('loop_id', '=', request.id)
      .where('recipient_id', '=', who.requester)
      .executeTakeFirstOrThrow();
    expect(params).toMatchObject({ amount: { money: { minor } } });
  }
});

test('a delegate is told when it is withdrawn, lapses or is decided by whoever they stood for; one who decides is not', async () => {
  const delegation = await stage.delegated(who.lead, who.stranger);
  const asked = async () => (await stage.submits({ kind: 'course' })).request;
  const withdrawn = await asked();
  await withdrawn.does({ type: 'withdraw', actor: who.requester });
  expect(await toldLast(withdrawn.id)).toEqual([
    `withdrawn ${who.lead}`,
    `withdrawn ${who.stranger}`,
  ]);
  const decided = await asked();
  await decided.does({ type: 'approve', actor: who.lead });
  expect(await toldLast(decided.id)).toEqual([
    `approved ${who.requester}`,
    `approved_by_other ${who.stranger}`,
  ]);
  const byDelegate = await asked();
  await byDelegate.does({ type: 'approve', actor: who.stranger, onBehalfOf: who.lead });
  expect(await toldLast(byDelegate.id)).toEqual([`approved ${who.requester}`]);
  const lapsed = await asked();
  while (lapsed.moments.length > 0) await lapsed.fires();
  expect(await toldLast(lapsed.id)).toEqual([
    `lapsed_undecided ${who.chief}`,
    `lapsed_undecided ${who.lead}`,
    `lapsed ${who.requester}`,
    `lapsed_undecided ${who.stranger}`,
  ]);
  await delegation.ends();
});

test('a step that comes back to its approver while another takes one is told to them all the same', async () => {
  const delegation = await stage.delegated(who.treasurer, who.stranger);
  const { request } = await stage.submits({ kind: 'conference' });
  await delegation.ends();
  expect(await request.does({ type: 'approve', actor: who.learning })).toBe('recorded');
  expect(await toldLast(request.id)).toEqual([`delegation.step_returned ${who.treasurer}`]);
});

test('whoever loses the office that decides is told that others decide now', async () => {
  const { db } = stage;
  const office = (person: PersonId) => ({ person_id: person, role: 'regional-manager' });
  await db.insertInto('person_role').values(office(who.treasurer)).execute();
  const { request } = await stage.submits({ kind: 'executive_programme' });
  await db.insertInto('person_role').values(office(who.learning)).execute();
  await db.deleteFrom('person_role').where('person_id', '=', who.treasurer).execute();
  await request.replans();
  await request.fires();
  expect(await toldLast(request.id)).toEqual([
    `asked ${who.learning}`,
    `passed_on ${who.treasurer}`,
  ]);
  await db.deleteFrom('person_role').where('role', '=', 'regional-manager').execute();
});

test('a question that nobody answers, or that is decided without its answer, is told to whoever was asked', async () => {
  const asks = async (actor: PersonId) =>
    ({ type: 'ask', actor, content: await stage.written('budget.ask') }) as const;
  const { request } = await stage.submits({ kind: 'conference' });
  await request.does(await asks(who.learning));
  await request.does({ type: 'approve', actor: who.treasurer });
  expect(await toldLast(request.id)).toEqual([`question_settled ${who.requester}`]);
  await request.does(await asks(who.learning));
  await request.fires();
  expect(await toldLast(request.id)).toEqual([
    `not_answered ${who.learning}`,
    `not_answered ${who.officer}`,
    `question_lapsed ${who.requester}`,
  ]);
});

test('a higher amount that is rejected or lapses is told as what it is: what was granted stays granted', async () => {
  const { request } = await stage.submits({ kind: 'course' });
  const raise = async () => request.does(await stage.raises(request.id, '490000'));
  await request.does({ type: 'approve', actor: who.lead });
  await raise();
  const content = await stage.written('budget.reject');
  await request.does({ type: 'reject', actor: who.lead, content });
  expect(await toldLast(request.id)).toEqual([`raise_rejected ${who.requester}`]);
  await raise();
  while (request.state.status === 'waiting') await request.fires();
  expect(await toldLast(request.id)).toEqual([
    `raise_lapsed_undecided ${who.chief}`,
    `raise_lapsed_undecided ${who.lead}`,
    `raise_lapsed ${who.requester}`,
  ]);
});

test('whoever a step moves to after its reminder is reminded too, once, at half of what was left', async () => {
  const { request } = await stage.submits({ kind: 'course' });
  await request.fires();
  expect(await toldLast(request.id)).toEqual([`reminder ${who.lead}`]);
  const delegation = await stage.delegated(who.lead, who.stranger);
  await request.replans();
  const { since } = request.state.steps[0]!.seats[0]!;
  expect(request.moments[0]?.command).toMatchObject({ type: 'remind', to: who.stranger });
  expect(request.moments[0]?.at).toBeGreaterThan(since);
  await request.fires();
  expect(await toldLast(request.id)).toEqual([`reminder ${who.stranger}`]);
  expect(request.moments.map(({ command }) => command.type)).not.toContain('remind');
  await delegation.ends();
  await request.replans();
  expect(request.moments.map(({ command }) => command.type)).not.toContain('remind');
  await request.does({ type: 'withdraw', actor: who.requester });
});

test('whoever submits in the name of another never decides on it, by which office or way up soever', async () => {
  const { request } = await stage.submits({ kind: 'assignment', submittedBy: who.treasurer });
  expect(request.state.submittedBy).toBe(who.treasurer);
  const [step] = request.state.steps;
  const asked = step?.seats.map(({ person }) => person) ?? [];
  expect(asked.toSorted()).toEqual([who.learning, who.officer].toSorted());
  expect(step?.leftOut).toEqual([{ person: who.treasurer, why: 'asks' }]);
  const codes = [];
  for (const by of [
    { actor: who.treasurer },
    { actor: who.treasurer, onBehalfOf: who.officer },
    { actor: who.stranger, onBehalfOf: who.officer },
  ]) {
    codes.push(await request.does({ type: 'approve', ...by }));
  }
  expect(codes).toEqual(['budget.own', 'budget.own', 'budget.own']);
  expect(await request.does({ type: 'approve', actor: who.officer })).toBe('recorded');
  expect(await request.does(await stage.raises(request.id, '490000'))).toBe('recorded');
  expect(await request.does({ type: 'approve', actor: who.treasurer })).toBe('budget.own');
  await request.does({ type: 'withdraw', actor: who.requester });
});

test('the record says who was left out of a step and why, also whoever agreed before it was reached', async () => {
  const { db } = stage;
  const office = (person: PersonId) => ({ person_id: person, role: 'regional-manager' });
  const people = [who.requester, who.report, who.treasurer];
  await db.insertInto('person_role').values(people.map(office)).execute();
  const { request } = await stage.submits({ kind: 'executive_programme' });
  const why = Object.fromEntries(
    (request.state.steps[0]?.leftOut ?? []).map((one) => [one.person, one.why]),
  );
  expect(why).toEqual({ [who.requester]: 'requester', [who.report]: 'reports_to_requester' });
  const told = explainBudget({ state: request.state, heldSince: null, pauses: [] }, []);
  expect(told.map(({ key }) => key.replace('budgetRequest.explain.', ''))).toEqual(
    expect.arrayContaining(['left_out_requester', 'left_out_reports_to_requester']),
  );
  await db.deleteFrom('person_role').where('role', '=', 'regional-manager').execute();
  await request.does({ type: 'withdraw', actor: who.requester });
});

test('what was asked for more than thirty days ago, or given up, does not add up to a threshold', async () => {
  const { db } = stage;
  const big = { from: '6000.00', steps: [{ name: 'big', asked: [{ person: who.treasurer }] }] };
  const own = route('course', { asked: [{ managerOf: 'requester' }], needs: 'any' });
  const policy = db.updateTable('policy').where('key', '=', 'budget.route');
  const { value } = await db
    .selectFrom('policy')
    .select('value')
    .where('key', '=', 'budget.route')
    .executeTakeFirstOrThrow();
  await policy.set({ value: { layers: [own, big] } }).execute();
  const requester = who.stranger; // who has asked for nothing yet
  const day = 86_400_000;
  const asks = async () => (await stage.submits({ kind: 'course', requester })).request;
  const given = await asks();
  expect(given.state.isSplit).toBe(false);
  await given.does({ type: 'withdraw', actor: requester });
  const first = await asks();
  expect(first.state.isSplit).toBe(false);
  stage.clock.moveTo(stage.clock.now() + 30 * day - 2 * 60_000);
  const within = await asks();
  expect([within.state.isSplit, within.state.routed]).toEqual([true, '960000']);
  await within.does({ type: 'withdraw', actor: requester });
  stage.clock.moveTo(stage.clock.now() + 2 * 60_000);
  expect((await asks()).state.isSplit).toBe(false);
  await policy.set({ value: value as object }).execute();
});

test('an overdue close-out holds the next request back, unless the policy says otherwise', async () => {
  const today = new Date(stage.clock.now()).toISOString().slice(0, 10);
  const { request } = await stage.submits({ kind: 'course', requester: who.report, ends: today });
  await request.does({ type: 'approve', actor: who.requester });
  const next = async () =>
    stage.submits({ kind: 'course', requester: who.report }).then(
      () => 'recorded',
      (error: unknown) => (error as Error).message,
    );
  expect(await request.fires()).toBe('recorded');
  expect(await next()).toBe('budget.close_out_overdue');
  await givenPolicy(stage.db, 'budget.close_out', { holdsNew: false });
  expect(await next()).toBe('recorded');
  await stage.db.deleteFrom('policy').where('key', '=', 'budget.close_out').execute();
});
