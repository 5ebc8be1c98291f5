/** What is granted, how it comes to be, and what becomes of its money, by the record alone. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loops } from '../../../activities/loops.ts';
import { createRecord } from '../../../activities/record.ts';
import type { AskedBudget } from '../../../db/budget-submissions.ts';
import { budgetRules } from '../../../domain/budget/decide.ts';
import {
  givenBudgetPeople,
  givenLine,
  givenPolicy,
  who,
} from '../../support/budget-organisation.ts';
import { submitCommand } from '../../support/budget-story.ts';
import { testDatabase } from '../../support/database.ts';
import { recordedLoop } from '../../support/recorded-loop.ts';
import { storyClock } from '../../support/story-clock.ts';

const startsAt = Date.parse('2026-11-24T10:00Z');
const clock = storyClock(startsAt);
let database: Awaited<ReturnType<typeof testDatabase>>;
let record: ReturnType<typeof createRecord>;
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
  database = await testDatabase();
  const { db } = database;
  await givenBudgetPeople(db, startsAt);
  await givenPolicy(db, 'budget.exception', { approver: who.treasurer });
  await givenPolicy(db, 'budget.route', {
    layers: [
      layer('course', { managerOf: 'requester' }, 'any'),
      layer('course', { person: who.treasurer }, 'any', '6000.00'),
      layer('coaching', [{ person: who.lead }, { person: who.chief }], 2),
      layer('conference', { role: 'learning-lead' }, 'all'),
    ],
  });
  record = createRecord({ db, clock, loops, startDeliveries: () => undefined });
});
afterAll(() => database.drop());

let purposes = 0;
/** A line of its own for each story. */
async function submits(given: Partial<AskedBudget>, to?: bigint) {
  const { db } = database;
  const purpose = `granted-${++purposes}`;
  const year = new Date(clock.now()).getUTCFullYear();
  const line = await givenLine(db, {
    year,
    at: clock.now(),
    purpose,
    ...(to !== undefined && { to }),
  });
  const request = recordedLoop({ record, clock }, budgetRules);
  const command = await submitCommand({ clock, database }, { purpose, ...given });
  expect(await request.does(command)).toBe('recorded');
  clock.moveTo(clock.now() + 60_000);
  return { line, request };
}

const rowOf = (id: string) =>
  database.db
    .selectFrom('budget_request')
    .select(['status', 'granted', 'close_out_due_at as dueAt'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();

const askedFor = async (id: string) => {
  const tasks = await database.db
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
    await database.db
      .selectFrom('notice')
      .select('key')
      .where('loop_id', '=', id)
      .where('recipient_id', '=', person)
      .orderBy('sequence')
      .execute()
  ).map(({ key }) => key.replace('budgetRequest.', ''));

test('where all have agreed but one who lost the office, it is granted: the row says so and the requester is told', async () => {
  const { db } = database;
  const office = { person_id: who.treasurer, role: 'learning-lead' };
  await db.insertInto('person_role').values(office).execute();
  const { request } = await submits({ kind: 'conference' });
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
});

test('whoever has a voice in a step speaks for nobody else in it, and the step stays with whoever was asked', async () => {
  const { db } = database;
  const period = `[${new Date(clock.now()).toISOString()},)`;
  const row = { principal_id: who.lead, delegate_id: who.chief, source: 'directory', period };
  await db
    .insertInto('delegation')
    .values({ ...row, id: randomUUID() })
    .execute();
  const { request } = await submits({ kind: 'coaching' });
  expect(await askedFor(request.id)).toEqual([who.chief, who.lead].toSorted());
  const spoken = { actor: who.chief, onBehalfOf: who.lead };
  const codes = [];
  for (const by of [spoken, { actor: who.chief }, spoken]) {
    codes.push(await request.does({ type: 'approve', ...by }));
  }
  expect(codes).toEqual(['budget.one_voice', 'recorded', 'budget.one_voice']);
  expect(request.state.status).toBe('waiting');
  await db.deleteFrom('delegation').execute();
});

test('whoever is silent beside the one who stands above them is followed by the next above, who has no voice there yet', async () => {
  const { request } = await submits({ kind: 'coaching' });
  await request.does({ type: 'approve', actor: who.chief });
  while (request.state.steps[0]?.seats.every(({ added }) => added === null)) await request.fires();
  expect(await askedFor(request.id)).toEqual([who.director, who.lead].toSorted());
  expect(await request.does({ type: 'approve', actor: who.chief })).toBe('budget.decided');
  expect(await request.does({ type: 'approve', actor: who.director })).toBe('recorded');
  expect(request.state.status).toBe('approved');
});
