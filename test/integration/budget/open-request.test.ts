/** What changes under a request that is open: who is there, the rules, the amount and its currency. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApplyChanges } from '../../../activities/change/apply-changes.ts';
import { importRates } from '../../../db/budget-rates.ts';
import { scheduleChange } from '../../../db/changes.ts';
import { present } from '../../../domain/assert.ts';
import { budgetRules } from '../../../domain/budget/decide.ts';
import {
  type BudgetState,
  currentStep,
  isExceptionStep,
  openSeats,
  totalOf,
} from '../../../domain/budget/state.ts';
import type { Change } from '../../../domain/change/change.ts';
import type { PersonId, TeamId } from '../../../domain/id.ts';
import { givenPolicy, who } from '../../support/budget-organisation.ts';
import {
  type RecordedBudget,
  recordedBudgets,
  type RecordedBudgets,
} from '../../support/recorded-budgets.ts';
import { proofSeed, proofSize, randomFrom, reportProof } from '../../support/proof.ts';

let stage: RecordedBudgets;
const steps = (...asked: readonly object[]) => [{ name: 'manager', asked, needs: 'all' }];
const manager = { managerOf: 'requester' };

beforeAll(async () => {
  stage = await recordedBudgets({ route: { layers: [{ steps: steps(manager) }] } });
  await givenPolicy(stage.db, 'budget.exception', { approver: who.treasurer });
});
afterAll(() => stage.drop());

const at = (instant: string): void => stage.clock.moveTo(Date.parse(instant));
const approves = (request: RecordedBudget, actor: PersonId) =>
  request.does({ type: 'approve', actor });
const withdraws = async (request: RecordedBudget) =>
  expect(await request.does({ type: 'withdraw', actor: who.requester })).toBe('recorded');
const seatOf = ({ state }: RecordedBudget) => state.steps[state.current]?.seats[0];

test('their manager is asked beside whoever is silent in the very minute their own time is over, and it lapses when that of both is', async () => {
  at('2026-11-24T10:00Z'); // 11:00 of a Tuesday in Berlin
  const { request } = await stage.submits({});
  const fired: string[] = [];
  while (request.state.status === 'waiting') {
    const [due] = request.moments;
    fired.push(`${new Date(due?.at ?? 0).toISOString()} ${due?.command.type}`);
    await request.fires();
    if (due?.command.type !== 'overdue') continue;
    expect(seatOf(request)).toMatchObject({ added: who.chief, overdueAt: due.at });
  }
  // One and two days of eight hours, then five of the chief, who works the same.
  expect(fired).toEqual([
    '2026-11-25T10:00:00.000Z remind',
    '2026-11-26T10:00:00.000Z overdue',
    '2026-12-03T10:00:00.000Z lapse',
  ]);
});

test('a delegation of another loop moves no request, and one of requests goes before one of everything', async () => {
  const other = await stage.delegated(who.lead, who.stranger, 'handoff');
  const { request } = await stage.submits({});
  expect(await taskFor(request, who.lead)).toBe(who.lead);
  const spoken = { type: 'approve', actor: who.stranger, onBehalfOf: who.lead } as const;
  expect(await request.does(spoken)).toBe('authority.no_delegation');
  await stage.delegated(who.lead, who.officer);
  await request.replans();
  expect(await taskFor(request, who.lead)).toBe(who.officer);
  await stage.delegated(who.lead, who.treasurer, 'budgetRequest');
  await request.replans();
  expect(await taskFor(request, who.lead)).toBe(who.treasurer);
  expect(await request.does(spoken)).toBe('authority.no_delegation');
  expect(await request.does({ ...spoken, actor: who.treasurer })).toBe('recorded');
  await other.ends();
  await withdraws(request);
});

/** As an admin plans it, from the next midnight on. */
async function comesTrue(change: Change): Promise<void> {
  const { db, clock } = stage;
  const day = 86_400_000;
  const tomorrow = Math.floor(clock.now() / day) * day + day;
  const fromDay = new Date(tomorrow).toISOString().slice(0, 10);
  const planned = { id: randomUUID(), change, at: tomorrow, fromDay, now: clock.now() };
  expect(await scheduleChange(db, { ...planned, by: who.director })).toMatchObject({ ok: true });
  clock.moveTo(tomorrow);
  expect(await createApplyChanges({ db, clock })()).toEqual({ applied: 1, refused: 0 });
}

test('whoever leaves by a change of the organisation is followed by whoever stands above them, in their place; what they decided stays theirs', async () => {
  const { db } = stage;
  const first = await stage.submits({});
  expect(await approves(first.request, who.lead)).toBe('recorded');
  const { request } = await stage.submits({});
  const team = { id: 'leaving', name: 'Leaving', kind: 'own', region_id: 'world' };
  await db.insertInto('team').values(team).execute();
  await db.updateTable('person').set({ team_id: team.id }).where('id', '=', who.lead).execute();
  const leaving = { kind: 'team_dissolved', team: team.id as TeamId, into: null } as const;
  await comesTrue({ ...leaving, people: 'leave' });
  const touched = await db.selectFrom('calendar_change_loop').select('loop_id').execute();
  expect(touched.map(({ loop_id: id }) => id)).toContain(request.id);
  expect(await approves(request, who.lead)).toBe('person.left');
  await request.replans();
  await request.fires();
  expect(seatOf(request)).toMatchObject({ person: who.chief, insteadOf: who.lead });
  expect(await approves(request, who.chief)).toBe('recorded');
  const decided = await db
    .selectFrom('budget_decision')
    .select(['request_id as id', 'person_id as person'])
    .where('request_id', 'in', [first.request.id, request.id])
    .execute();
  expect(new Map(decided.map(({ id, person }) => [id, person]))).toEqual(
    new Map([
      [first.request.id, who.lead],
      [request.id, who.chief],
    ]),
  );
  for (const one of [first.request, request]) await withdraws(one);
  await db.updateTable('person').set({ left_at: null }).where('id', '=', who.lead).execute();
});

test('a request is decided by the version of the rules it was submitted with, and the next by its own', async () => {
  const { db } = stage;
  const versionOf = ({ id }: RecordedBudget) =>
    db.selectFrom('budget_request').select('policy').where('id', '=', id).executeTakeFirstOrThrow();
  const { request: old } = await stage.submits({});
  const { request: same } = await stage.submits({});
  expect(await versionOf(same)).toEqual(await versionOf(old));
  const layers = [{ steps: steps(manager, { person: who.treasurer }) }];
  await db
    .updateTable('policy')
    .set({ value: { layers } })
    .where('key', '=', 'budget.route')
    .execute();
  const { request: next } = await stage.submits({});
  expect(await versionOf(next)).not.toEqual(await versionOf(old));
  await old.replans();
  for (const request of [old, next]) await approves(request, who.lead);
  expect([old.state.status, next.state.status]).toEqual(['approved', 'waiting']);
  expect([old.state.policy, next.state.policy]).toEqual([
    (await versionOf(old)).policy,
    (await versionOf(next)).policy,
  ]);
  await approves(next, who.treasurer);
  expect(next.state.status).toBe('approved');
  for (const request of [old, same, next]) await withdraws(request);
});

test('a higher amount and an exception in another currency are kept by the rates of their own day, and go back to the cent', async () => {
  const { db, clock } = stage;
  const due = new Date(clock.now()).toISOString().slice(0, 10);
  const rates = (unitsPerEuro: string, day: string) =>
    importRates(db, [{ day, currency: 'JPY', unitsPerEuro }], { source: 'ECB', at: clock.now() });
  await rates('160', due);
  const instalments = [{ due, minor: '16003' }];
  const yen = { currency: 'JPY', instalments };
  const decides = async (request: RecordedBudget) => {
    for (const actor of [who.lead, who.treasurer]) await approves(request, actor);
    expect(request.state.status).toBe('approved');
  };
  const { line, request } = await stage.submits(yen, 100_000n);
  // 16,003 yen are 100.01875 euros.
  expect(await stage.lineOf(line)).toMatchObject({ reserved: 10_002n });
  await decides(request);
  clock.moveTo(clock.now() + 86_400_000);
  await rates('200', new Date(clock.now()).toISOString().slice(0, 10));
  await request.does(await stage.raises(request.id, '36003'));
  expect(await stage.lineOf(line)).toMatchObject({ reserved: 20_002n });
  await decides(request);
  expect(await stage.proves(request, '26003')).toBe('recorded');
  // What was granted first at 160, and half of what came later at 200.
  expect(await stage.lineOf(line)).toMatchObject({ reserved: 0n, committed: 15_002n });

  const later = [{ due: '2026-12-31', minor: '16003' }];
  const short = await stage.submits({ ...yen, instalments: later, isException: true }, 1_000n);
  const content = await stage.written('budget.except');
  const grants = (minor: string) =>
    short.request.does({ type: 'except', actor: who.treasurer, minor, content });
  expect(await grants('7001')).toBe('budget.exception_too_small'); // 80.02 euros are needed
  expect(await grants('7002')).toBe('recorded');
  expect(await stage.lineOf(short.line)).toMatchObject({ allocated: 8_002n, reserved: 8_002n });
  await withdraws(short.request);
  expect(await stage.lineOf(short.line)).toMatchObject({ allocated: 1_000n, reserved: 0n });
  expect(await stage.isLedgerRight()).toBe(true);
});

test('what is withdrawn while a higher amount of it is asked for as an exception was none itself, and has the rules of before', async () => {
  const { request } = await stage.submits({});
  for (const actor of [who.lead, who.treasurer]) await approves(request, actor);
  const { rules, policy, isSplit, routed } = request.state;
  const beyond = await stage.raises(request.id, '490000', { isException: true });
  expect(await request.does(beyond)).toBe('recorded');
  await withdraws(request);
  expect(request.state).toMatchObject({ rules, policy, isSplit, routed, isException: false });
  const { isException } = await stage.db
    .selectFrom('budget_request')
    .select('is_exception as isException')
    .where('id', '=', request.id)
    .executeTakeFirstOrThrow();
  expect(isException).toBe(false);
});

/** The rules of each kind, which ask one, so many or all of them. */
const drawnRoute = {
  layers: [
    {
      kinds: ['course'],
      steps: [
        { name: 'manager', asked: [manager], needs: 'any' },
        {
          name: 'board',
          asked: [who.treasurer, who.learning, who.officer].map((person) => ({ person })),
          needs: 2,
        },
      ],
    },
    { kinds: ['coaching'], steps: steps(manager, { person: who.chief }, { person: who.officer }) },
    {
      kinds: ['conference'],
      steps: [{ name: 'office', asked: [{ role: 'learning-lead' }, manager], needs: 'any' }],
    },
  ],
};
const kinds = ['course', 'coaching', 'conference'] as const;
const turnsMax = 12;
const timeout = proofSize(60_000, 1_800_000);

/** Whoever decides for somebody now; they themselves where nobody does. */
async function taskFor({ id }: RecordedBudget, principal: PersonId): Promise<PersonId> {
  const row = await stage.db
    .selectFrom('task')
    .select('person_id as person')
    .where('loop_id', '=', id)
    .where('in_place_of', '=', principal)
    .where('closed_sequence', 'is', null)
    .executeTakeFirst();
  return (row?.person as PersonId | undefined) ?? principal;
}

/** What anybody reads of it, and how often the requester was told that it is granted. */
async function writtenOf({ id }: RecordedBudget) {
  const row = await stage.db
    .selectFrom('budget_request')
    .select(['status', 'granted', 'close_out_due_at as dueAt'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const told = await stage.db
    .selectFrom('notice')
    .select('id')
    .where('loop_id', '=', id)
    .where('recipient_id', '=', who.requester)
    .where('key', '=', 'budgetRequest.approved')
    .execute();
  return { ...row, isDue: row.dueAt !== null, told: told.length };
}

/** A higher amount that is refused or lapses leaves it approved, and is no approval. */
const isGrantedAfter = (before: BudgetState, { status, ...after }: BudgetState): boolean =>
  before.status !== 'approved' &&
  status === 'approved' &&
  (before.raise === null || totalOf(before) === totalOf({ status, ...after }));

test(
  'whichever turns lead there, what is approved is written with its amount and its close-out, and told to the requester',
  { timeout },
  async () => {
    const { db } = stage;
    await db
      .updateTable('policy')
      .set({ value: drawnRoute })
      .where('key', '=', 'budget.route')
      .execute();
    await givenPolicy(db, 'budget.close_out', { holdsNew: false });
    const random = randomFrom(proofSeed);
    const pick = <T>(all: readonly T[]): T =>
      present(all[Math.floor(random() * all.length)], 'one');
    const everybody = [who.lead, who.chief, who.treasurer, who.learning, who.officer, who.stranger];
    const courses = proofSize(6, 300);
    const seen = { approved: 0, spoken: 0, raised: 0, excepted: 0, byClock: 0 };
    const turn = async (request: RecordedBudget): Promise<void> => {
      const { state } = request;
      const chance = random();
      if (state.status === 'approved') {
        const minor = String(Number(state.instalments[0]?.minor) + 100);
        const raise = await stage.raises(request.id, minor, { isException: chance < 0.5 });
        const answer = await request.does(raise);
        seen.raised += answer === 'recorded' ? 1 : 0;
        return;
      }
      const seat = openSeats(state)[0] && pick(openSeats(state));
      if (!seat) return;
      if (isExceptionStep(currentStep(state)) && chance < 0.8) {
        seen.excepted += (await stage.excepts(request, '100')) === 'recorded' ? 1 : 0;
        return;
      }
      if (chance < 0.5) await approves(request, seat.added ?? seat.person);
      else if (chance < 0.7) {
        const delegation = await stage.delegated(
          seat.person,
          pick(everybody.filter((one) => one !== seat.person)),
        );
        await request.replans();
        const actor = await taskFor(request, seat.person);
        const by = actor === seat.person ? { actor } : { actor, onBehalfOf: seat.person };
        if ((await request.does({ type: 'approve', ...by })) === 'recorded') seen.spoken++;
        await delegation.ends();
        await request.replans();
      } else if (chance < 0.95) {
        seen.byClock += (await request.fires()) === 'recorded' ? 1 : 0;
      } else {
        const content = await stage.written('budget.reject');
        await request.does({ type: 'reject', actor: seat.person, content });
      }
    };
    for (let course = 0; course < courses; course++) {
      const { request } = await stage.submits({ kind: pick(kinds) });
      let approvals = 0;
      for (let turns = 0; turns < turnsMax; turns++) {
        const before = request.state;
        if (budgetRules.isClosed(before)) break;
        await turn(request);
        const { state } = request;
        if (isGrantedAfter(before, state)) approvals++;
        const found = await writtenOf(request);
        expect({ status: found.status, told: found.told }).toEqual({
          status: state.status,
          told: approvals,
        });
        if (state.status !== 'approved') continue;
        expect(found).toMatchObject({ granted: totalOf(state), isDue: true });
      }
      seen.approved += approvals;
      if (!budgetRules.isClosed(request.state)) await withdraws(request);
    }
    expect(seen.approved).toBeGreaterThan(courses / 4);
    for (const times of Object.values(seen)) expect(times).toBeGreaterThan(0);
    expect(await stage.isLedgerRight()).toBe(true);
    reportProof(
      'courses of requests through the record, whose approval is written and told',
      courses,
    );
  },
);
