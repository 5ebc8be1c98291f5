import { afterAll, beforeAll, expect, test } from 'vitest';
import { carryOver } from '../../db/budget-lines.ts';
import { verifyLedger } from '../../db/budget-verify.ts';
import type { PersonId } from '../../domain/id.ts';
import { givenLine, givenPolicy, who } from '../support/budget-organisation.ts';
import { type Budget, budgetWorld, dayOf, submits } from '../support/budget-story.ts';
import { delegates } from '../support/delegation-story.ts';
import { inbox } from '../support/handoff-story.ts';
import { refusal } from '../support/refusal.ts';
import { until } from '../support/until.ts';
import type { World } from '../support/world.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
let world: World;
beforeAll(async () => {
  world = await budgetWorld();
});
afterAll(() => world.stop());

let purposes = 0;
/** A line of its own for each story, so that none spends what another has. */
async function lineFor(given: { readonly to?: bigint; readonly isRingFenced?: boolean } = {}) {
  const purpose = `story-${++purposes}`;
  const now = world.clock.now();
  const year = new Date(now).getUTCFullYear();
  const id = await givenLine(world.database.db, { year, at: now, purpose, ...given });
  return { id, purpose };
}

const lineOf = async (id: string) =>
  world.database.db
    .selectFrom('budget_line')
    .select(['reserved', 'committed', 'allocated'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();

const requestOf = async ({ id }: Budget) =>
  world.database.db
    .selectFrom('budget_request')
    .select(['status', 'granted', 'is_split as isSplit'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();

const statusOf = async (request: Budget) => (await requestOf(request)).status;

const told = async ({ id }: Budget): Promise<readonly string[]> => {
  const rows = await world.database.db
    .selectFrom('notice')
    .select(['key', 'recipient_id as to'])
    .where('loop_id', '=', id)
    .orderBy('sequence')
    .orderBy('key')
    .orderBy('recipient_id')
    .execute();
  return rows.map(({ key, to }) => `${key.replace('budgetRequest.', '')} ${to}`);
};

const leaves = (person: PersonId, at: number | null) =>
  world.database.db.updateTable('person').set({ left_at: at }).where('id', '=', person).execute();

/** Of a history: how many events, and how long each timer was to wait. */
const events = async ({ workflowId }: Budget) => {
  const history = await world.client.workflow.getHandle(workflowId).fetchHistory();
  const all = history.events ?? [];
  const waits = all.flatMap(({ timerStartedEventAttributes: timer }) =>
    timer ? [Number(timer.startToFireTimeout?.seconds) * 1_000] : [],
  );
  return { count: all.length, waits };
};

test('money is kept at submission, decided by whoever manages the requester, and spent once', async () => {
  const { id, purpose } = await lineFor();
  const request = await submits(world, { purpose });
  expect(await lineOf(id)).toMatchObject({ reserved: 480_000n, committed: 0n });
  expect(await inbox(world, who.lead)).toEqual(['budgetRequest.decide']);
  const reminder = (await world.status(request.workflowId)).nextMoment;
  await request.approves(who.lead);
  expect(await inbox(world, who.lead)).toEqual([]);
  expect(await inbox(world, who.requester)).toEqual(['budgetRequest.close_out']);
  await request.closes('479000');
  expect(await lineOf(id)).toMatchObject({ reserved: 0n, committed: 479_000n });
  expect(await statusOf(request)).toBe('completed');
  expect(await told(request)).toEqual([`asked ${who.lead}`, `approved ${who.requester}`]);
  // One wait is for the decision's reminder, one for the close-out's, which is planned anew every 14
  // days until it comes; each is an event to start and one to cancel it. At most 22 remain.
  const { count, waits } = await events(request);
  expect(reminder?.id).toMatch(/^remind\//);
  expect(waits).toHaveLength(2);
  expect(Math.abs((waits[0] ?? 0) - ((reminder?.at ?? 0) - Date.now()))).toBeLessThan(minute);
  expect(waits[1]).toBe(14 * day);
  expect(count - 2 * waits.length).toBe(20);
});

test('nobody approves by silence: reminders at half and all of the time, then whoever stands above, then it lapses', async () => {
  const { id, purpose } = await lineFor();
  const request = await submits(world, { purpose });
  await world.advance(2.5 * day);
  expect(await inbox(world, who.chief)).toEqual(['budgetRequest.decide']);
  expect(await inbox(world, who.lead)).toEqual(['budgetRequest.decide']);
  await world.advance(20 * day);
  expect(await statusOf(request)).toBe('lapsed');
  expect(await lineOf(id)).toMatchObject({ reserved: 0n, committed: 0n });
  expect(await told(request)).toEqual([
    `asked ${who.lead}`,
    `reminder ${who.lead}`,
    `added ${who.chief}`,
    `overdue ${who.lead}`,
    `passed_up ${who.requester}`,
    `lapsed ${who.requester}`,
    `lapsed_undecided ${who.chief}`,
    `lapsed_undecided ${who.lead}`,
  ]);
});

test('a question stops the time of whoever decides, and the answer lets it go on', async () => {
  const { purpose } = await lineFor();
  const request = await submits(world, { purpose });
  await request.says('ask', who.lead);
  expect(await refusal(request.says('ask', who.lead))).toBe('budget.question_open');
  expect(await inbox(world, who.requester)).toEqual(['budgetRequest.answer']);
  await world.advance(4 * day);
  expect(await told(request)).not.toContain(`reminder ${who.lead}`);
  await request.says('answer', who.requester);
  expect(await refusal(request.says('answer', who.requester))).toBe('budget.no_question');
  await request.says('reject', who.lead);
  expect(await statusOf(request)).toBe('rejected');
});

test('less is approved than was asked for: the rest is available again at once', async () => {
  const { id, purpose } = await lineFor();
  const request = await submits(world, { purpose });
  expect(await refusal(request.approves(who.lead, ['480001']))).toBe('budget.amount_higher');
  expect(await refusal(request.approves(who.lead, ['1', '1']))).toBe('budget.instalments_differ');
  await request.approves(who.lead, ['300000']);
  expect(await lineOf(id)).toMatchObject({ reserved: 300_000n });
  expect(await requestOf(request)).toMatchObject({ status: 'approved', granted: 300_000n });
  expect(await told(request)).toContain(`approved_lower ${who.requester}`);
  expect(await refusal(request.proves('315001'))).toBe('budget.over_tolerance');
  await request.proves('315000');
  expect(await lineOf(id)).toMatchObject({ reserved: 0n, committed: 315_000n });
  await request.closes();
});

test('a higher amount is decided anew; refused, what was granted stays granted', async () => {
  const { id, purpose } = await lineFor();
  const request = await submits(world, { purpose });
  await request.approves(who.lead);
  expect(await refusal(request.raises('480000'))).toBe('budget.raise_not_higher');
  await request.raises('600000');
  expect(await lineOf(id)).toMatchObject({ reserved: 600_000n });
  expect(await refusal(request.approves(who.lead, ['500000']))).toBe('budget.raise_as_asked');
  await request.says('reject', who.lead);
  expect(await lineOf(id)).toMatchObject({ reserved: 480_000n });
  expect(await statusOf(request)).toBe('approved');
  await request.raises('600000');
  await request.approves(who.lead);
  expect(await requestOf(request)).toMatchObject({ status: 'approved', granted: 600_000n });
  await request.proves('600000');
  expect(await refusal(request.send({ type: 'withdraw', actor: who.requester }))).toBe(
    'budget.spent',
  );
  await request.closes();
  expect(await lineOf(id)).toMatchObject({ reserved: 0n, committed: 600_000n });
});

test('what health-care professionals take part in is decided by compliance too', async () => {
  const { purpose } = await lineFor();
  const request = await submits(world, { purpose, involvesProfessionals: true });
  expect(await inbox(world, who.officer)).toEqual([]);
  await request.approves(who.lead);
  expect(await inbox(world, who.officer)).toEqual(['budgetRequest.decide']);
  expect(await statusOf(request)).toBe('waiting');
  await request.approves(who.officer);
  expect(await statusOf(request)).toBe('approved');
  await request.send({ type: 'withdraw', actor: who.requester });
});

test('nobody decides about their own request: not directly, not by delegation, not by a new place', async () => {
  const { db } = world.database;
  const { purpose } = await lineFor();
  const request = await submits(world, { purpose });
  expect(await refusal(request.approves(who.requester))).toBe('budget.not_asked');
  expect(await refusal(request.approves(who.stranger))).toBe('budget.not_asked');
  const now = world.clock.now();
  const given = await delegates(world, {
    actor: who.lead,
    principal: who.lead,
    delegate: who.requester,
    from: now + 1,
    until: now + day,
  });
  await world.advance(2);
  expect(await inbox(world, who.lead)).toEqual(['budgetRequest.decide']);
  const onBehalf = { type: 'approve', actor: who.requester, onBehalfOf: who.lead } as const;
  expect(await refusal(request.send(onBehalf))).toBe('budget.own');
  await given.ends(who.lead);
  // Whoever decides comes to report to the requester between request and decision.
  await db
    .updateTable('person')
    .set({ manager_id: who.requester })
    .where('id', '=', who.lead)
    .execute();
  await db
    .updateTable('person')
    .set({ manager_id: who.chief })
    .where('id', '=', who.requester)
    .execute();
  expect(await refusal(request.approves(who.lead))).toBe('budget.own');
  await db
    .updateTable('person')
    .set({ manager_id: who.chief })
    .where('id', '=', who.lead)
    .execute();
  await db
    .updateTable('person')
    .set({ manager_id: who.lead })
    .where('id', '=', who.requester)
    .execute();
  await request.send({ type: 'withdraw', actor: who.requester });
});

test('a delegate decides for whoever is away until the last instant, and not one later', async () => {
  const { purpose } = await lineFor();
  const request = await submits(world, { purpose });
  const now = world.clock.now();
  await delegates(world, {
    actor: who.lead,
    principal: who.lead,
    delegate: who.stranger,
    from: now + hour,
    until: now + 5 * hour,
  });
  await world.advance(2 * hour);
  expect(await inbox(world, who.stranger)).toEqual(['budgetRequest.decide']);
  expect(await inbox(world, who.lead)).toEqual([]);
  await world.advanceTo(now + 5 * hour);
  const onBehalf = { type: 'approve', actor: who.stranger, onBehalfOf: who.lead } as const;
  expect(await refusal(request.send(onBehalf))).toBe('authority.no_delegation');
  expect(await inbox(world, who.lead)).toEqual(['budgetRequest.decide']);
  // Another ends in the very moment in which the delegate decides: one of both, and never neither.
  const again = await delegates(world, {
    actor: who.lead,
    principal: who.lead,
    delegate: who.stranger,
    from: world.clock.now(),
    until: world.clock.now() + day,
  });
  await world.advance(0);
  expect(await inbox(world, who.stranger)).toEqual(['budgetRequest.decide']);
  const [decided, ended] = await Promise.allSettled([request.send(onBehalf), again.ends(who.lead)]);
  await world.advance(0);
  expect(ended.status).toBe('fulfilled');
  const isDecided = decided.status === 'fulfilled';
  expect(await statusOf(request)).toBe(isDecided ? 'approved' : 'waiting');
  const waits = isDecided ? [] : ['budgetRequest.decide'];
  expect([await inbox(world, who.lead), await inbox(world, who.stranger)]).toEqual([waits, []]);
  expect(await refusal(request.send(onBehalf))).toMatch(/^budget\.decided|^authority\.no_d/);
  await request.send({ type: 'withdraw', actor: who.requester });
});

test('whoever is asked and leaves is followed at once by whoever stands above them', async () => {
  const { purpose } = await lineFor();
  const request = await submits(world, { purpose });
  await leaves(who.lead, world.clock.now());
  expect(await refusal(request.approves(who.lead))).toBe('person.left');
  await world.client.workflow.getHandle(request.workflowId).signal('calendarsChanged');
  await until('the chief is asked', async () => (await inbox(world, who.chief)).length === 1);
  expect(await inbox(world, who.lead)).toEqual([]);
  await leaves(who.lead, null);
  await request.send({ type: 'withdraw', actor: who.requester });
});

test('approved and rejected in the same millisecond: one wins, and the other is told', async () => {
  const { db } = world.database;
  const asked = [{ person: who.treasurer }, { person: who.learning }];
  await givenPolicy(db, 'budget.route', { layers: [{ steps: [{ name: 'both', asked }] }] });
  const { purpose } = await lineFor();
  const request = await submits(world, { purpose });
  const answers = await Promise.all([
    refusal(request.approves(who.treasurer)),
    refusal(request.says('reject', who.learning)),
  ]);
  expect(answers.filter((answer) => answer === 'accepted')).toHaveLength(1);
  expect(answers.find((answer) => answer !== 'accepted')).toMatch(/budget\.decided|loop\.closed/);
  expect(['approved', 'rejected']).toContain(await statusOf(request));
  await db.deleteFrom('policy').where('key', '=', 'budget.route').execute();
  if ((await statusOf(request)) === 'approved') {
    await request.send({ type: 'withdraw', actor: who.requester });
  }
});

test('approved and withdrawn in the same millisecond: the money is kept or back, as the one that counts says', async () => {
  const { id, purpose } = await lineFor();
  const request = await submits(world, { purpose });
  const answers = await Promise.all([
    refusal(request.approves(who.lead)),
    refusal(request.send({ type: 'withdraw', actor: who.requester })),
  ]);
  const status = await statusOf(request);
  // What is approved can still be withdrawn, and what is withdrawn is over.
  expect(answers[1]).toBe('accepted');
  expect(status).toBe('withdrawn');
  expect(['accepted', 'loop.closed']).toContain(answers[0]);
  expect(await lineOf(id)).toMatchObject({ reserved: 0n, committed: 0n });
  expect(await inbox(world, who.lead)).toEqual([]);
  expect((await verifyLedger(world.database.db)).differences).toEqual([]);
});

test('requests that together pass a threshold none passes alone are flagged and decided as one', async () => {
  const { db } = world.database;
  const steps = [{ name: 'manager', asked: [{ managerOf: 'requester' }] }];
  const large = [{ name: 'treasurer', asked: [{ person: who.treasurer }] }];
  await givenPolicy(db, 'budget.route', {
    layers: [{ steps }, { from: '60000.00', steps: large }],
  });
  const { id, purpose } = await lineFor({ to: 20_000_000n });
  const instalments = [{ due: dayOf(world.clock.now()), minor: '3500000' }];
  const first = await submits(world, { purpose, instalments });
  const second = await submits(world, { purpose, instalments });
  expect((await requestOf(first)).isSplit).toBe(false);
  expect((await requestOf(second)).isSplit).toBe(true);
  await second.approves(who.lead);
  expect(await inbox(world, who.treasurer)).toEqual(['budgetRequest.decide']);
  for (const one of [first, second]) await one.send({ type: 'withdraw', actor: who.requester });
  await db.deleteFrom('policy').where('key', '=', 'budget.route').execute();
  expect(await lineOf(id)).toMatchObject({ reserved: 0n });
});

test('an exception is granted by the named approver alone, with amount and reason', async () => {
  await givenPolicy(world.database.db, 'budget.exception', { approver: who.treasurer });
  const { id, purpose } = await lineFor({ to: 100_000n });
  const request = await submits(world, { purpose, isException: true });
  expect(await lineOf(id)).toMatchObject({ reserved: 0n });
  expect(await inbox(world, who.treasurer)).toEqual(['budgetRequest.except']);
  expect(await inbox(world, who.lead)).toEqual([]);
  expect(await refusal(request.approves(who.treasurer))).toBe('budget.exception_step');
  expect(await refusal(request.grants(who.lead, '380000'))).toBe('budget.not_asked');
  expect(await refusal(request.grants(who.treasurer, '379999'))).toBe('budget.exception_too_small');
  await request.grants(who.treasurer, '400000');
  expect(await lineOf(id)).toEqual({ allocated: 480_000n, reserved: 480_000n, committed: 0n });
  await request.approves(who.lead);
  await request.raises('600000');
  expect(await inbox(world, who.treasurer)).toEqual(['budgetRequest.except']);
  const grants = [1, 2].map(() => refusal(request.grants(who.treasurer, '120000')));
  expect((await Promise.all(grants)).toSorted()).toEqual(['accepted', 'budget.decided']);
  expect(await lineOf(id)).toEqual({ allocated: 600_000n, reserved: 600_000n, committed: 0n });
  await request.approves(who.lead);
  await request.closes('600000');
  expect(await lineOf(id)).toEqual({ allocated: 600_000n, reserved: 0n, committed: 600_000n });
});

test('fifty at once ask for the last cent: one has it, and nothing is overspent', async () => {
  const { id, purpose } = await lineFor({ to: 100n });
  const instalments = [{ due: dayOf(world.clock.now()), minor: '100' }];
  const asked = Array.from({ length: 50 }, () => refusal(submits(world, { purpose, instalments })));
  const answers = await Promise.all(asked);
  expect(answers.filter((answer) => answer === 'accepted')).toHaveLength(1);
  expect(new Set(answers)).toEqual(new Set(['accepted', 'budget.not_available']));
  expect(await lineOf(id)).toMatchObject({ reserved: 100n });
});

test('a line that is closed meanwhile keeps what was kept, gives it to what was granted, and takes nothing new', async () => {
  const { db } = world.database;
  const { id, purpose } = await lineFor();
  const request = await submits(world, { purpose });
  const other = await submits(world, { purpose });
  const now = world.clock.now();
  const year = new Date(now).getUTCFullYear() + 1;
  const next = await givenLine(db, { year, at: now, purpose });
  const closing = { line: id, into: next, at: Date.UTC(year, 0, 2) };
  expect(await db.transaction().execute((tx) => carryOver(tx, closing))).toMatchObject({
    ok: true,
  });
  expect(await refusal(submits(world, { purpose }))).toBe('budget.line_closed');
  await request.approves(who.lead, ['400000']);
  await request.closes('400000');
  await other.says('reject', who.lead);
  expect(await lineOf(id)).toMatchObject({ reserved: 0n, committed: 400_000n });
});

test('an overdue close-out is reminded of, told to whoever stands above, and holds the next request', async () => {
  const { purpose } = await lineFor();
  const now = world.clock.now();
  const year = new Date(now).getUTCFullYear() + 1;
  await givenLine(world.database.db, { year, at: now, purpose });
  const request = await submits(world, { purpose, ends: dayOf(now) });
  await request.approves(who.lead);
  await world.advance(30 * day);
  expect(await told(request)).toContain(`close_out_reminder ${who.requester}`);
  expect(await refusal(submits(world, { purpose }))).toBe('budget.close_out_overdue');
  await world.advance(20 * day);
  expect(await told(request)).toContain(`close_out_overdue ${who.lead}`);
  await request.closes('480000');
});

test('after all of it the ledger adds up', async () => {
  expect((await verifyLedger(world.database.db)).differences).toEqual([]);
});
