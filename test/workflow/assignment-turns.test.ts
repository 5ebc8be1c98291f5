import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOpenLoop } from '../../activities/open-loop.ts';
import { assignmentOperations } from '../../api/assignments/routes.ts';
import { createLoopGateway } from '../../api/loop-gateway.ts';
import { handoffParts } from '../../api/register.ts';
import { loadActor } from '../../db/actors.ts';
import { recordCalendarChange } from '../../db/calendar-changes.ts';
import { insertAsked } from '../../db/fairness.ts';
import { insertOpenings } from '../../db/openings.ts';
import { present } from '../../domain/assert.ts';
import type { AssignmentCommand, Terms } from '../../domain/assignment/state.ts';
import type { AccountId, LoopId, PersonId } from '../../domain/id.ts';
import { loopWorkflows } from '../../workflows/addresses.ts';
import {
  type Assignment,
  assignmentOf,
  assignmentWorld,
  dayAfter,
  givenTraining,
  proposalOf,
  proposes,
  statusOf,
  termsFor,
} from '../support/assignment-story.ts';
import { account, berlin, givenAccount, tokyo } from '../support/handoff-organisation.ts';
import { custodian, inbox } from '../support/handoff-story.ts';
import { person } from '../support/people.ts';
import { proofSize, reportProof } from '../support/proof.ts';
import { runLengths } from '../support/run-lengths.ts';
import { refusal } from '../support/refusal.ts';
import type { World } from '../support/world.ts';

const day = 86_400_000;
let world: World;
beforeAll(async () => {
  world = await assignmentWorld();
});
afterAll(() => world.stop());

const runEventsMax = 40;

/** From tomorrow on, for so many days. */
const soon = (days: number) => ({
  firstDay: dayAfter(world, 1),
  lastDay: dayAfter(world, days),
  accounts: [],
});

test('it waits where a training is missing on its first day, and begins once that is recorded', async () => {
  const { db } = world.database;
  const assignment = await proposes(world, { terms: soon(3) });
  await assignment.isSignedByAll();
  await db.deleteFrom('cultural_training').where('person_id', '=', berlin.manager).execute();
  await world.advance(2 * day);
  expect(await statusOf(world, assignment.id)).toBe('waiting');
  expect(await inbox(world, berlin.lead)).toEqual(['assignment.begin']);
  const starts = () => refusal(assignment.send({ type: 'start', actor: berlin.lead }));
  expect(await starts()).toBe('assignment.training_missing');
  await givenTraining(db, berlin.manager);
  expect(await starts()).toBe('accepted');
  expect(await statusOf(world, assignment.id)).toBe('running');
  await world.advance(3 * day);
  await assignment.isClosed();
});

/** Between the ends of their days and the next morning one of the two works late or early: who has borne less. */
async function sparesWhoHasBorneMore({ id }: Assignment): Promise<void> {
  const { client, clock, taskQueue, database } = world;
  const { db } = database;
  const loops = createLoopGateway({ client, db, taskQueue });
  const parts = { db, clock, loops, tell: handoffParts({ db, clock, loops }).tell };
  const today = clock.now() - (clock.now() % day);
  const tuesday = today + ((9 - new Date(today).getUTCDay()) % 7 || 7) * day;
  const [from, until] = [tuesday + day / 2, tuesday + day + (7 * day) / 24].map((at) =>
    new Date(at).toISOString(),
  );
  const bears = async (who: PersonId, points: number): Promise<number> => {
    const asked = { loop: id, sequence: points, kind: 'assignment.meeting', person: who };
    const cost = { outsideMinutes: 60, restMinutes: 0, points };
    await insertAsked(db, [
      { ...asked, ...cost, at: clock.now() - day, until: clock.now() - day / 2 },
    ]);
    const actor = present(await loadActor(db, berlin.lead, clock.now()), 'who asks');
    const input = { id, minutes: 30, from, until };
    const commandId = randomUUID();
    const met = await assignmentOperations.meet.run(parts, { actor, input, commandId });
    return new Date(met.from).getUTCHours();
  };
  // By day in Tokyo, where they work until noon of Greenwich; then by day in Berlin.
  expect(await bears(tokyo.manager, 10_000)).toBeLessThan(7);
  expect(await bears(berlin.lead, 50_000)).toBeGreaterThanOrEqual(12);
}

test('where nobody meets, all three are told in working days, and a signature that stays out lapses', async () => {
  const { db } = world.database;
  const assignment = await proposes(world, { terms: soon(30) });
  await assignment.isSignedByAll();
  await world.advance(17 * day);
  const told = await db
    .selectFrom('notice')
    .select('recipient_id')
    .where('loop_id', '=', assignment.id)
    .where('key', '=', 'assignment.stalled')
    .orderBy('recipient_id')
    .execute();
  expect(told.map(({ recipient_id: to }) => to)).toEqual([
    berlin.lead,
    berlin.manager,
    tokyo.manager,
  ]);
  await sparesWhoHasBorneMore(assignment);
  await assignment.send({ type: 'returnEarly', actor: berlin.lead });
  await assignment.isClosed();
  const unsigned = await proposes(world, { terms: { days: 30, accounts: [] } });
  await unsigned.send({ type: 'sign', actor: berlin.lead });
  await world.advance(9 * day);
  expect(await statusOf(world, unsigned.id)).toBe('lapsed');
});

const coversOf = ({ id }: Assignment) =>
  world.database.db
    .selectFrom('loop_opening')
    .innerJoin('cover', 'cover.id', 'loop_opening.id')
    .select([sql<number>`lower(period)`.as('from'), sql<number>`upper(period)`.as('until')])
    .where('opened_by', '=', id)
    .orderBy('period')
    .execute();

test('a cancellation after colleagues were asked to cover gives those covers up, and the account stays where it is', async () => {
  const { db } = world.database;
  const terms = { firstDay: dayAfter(world, 5), lastDay: dayAfter(world, 20) };
  const assignment = await proposes(world, { terms: { ...terms, accounts: [account] } });
  await assignment.isSignedByAll();
  await world.advance(60_000);
  const asked = () =>
    db
      .selectFrom('loop_opening')
      .innerJoin('cover', 'cover.id', 'loop_opening.id')
      .select(sql<boolean>`closed_at IS NULL`.as('isOpen'))
      .where('opened_by', '=', assignment.id)
      .where('target_id', 'is', null)
      .execute();
  expect(await asked()).toEqual([{ isOpen: true }]);
  await assignment.send({ type: 'cancel', actor: berlin.manager });
  await world.advance(60_000);
  expect([await asked(), await custodian(world)]).toEqual([[{ isOpen: false }], berlin.lead]);
});

/** What was asked of covers so far: by account and window, whether it still goes on, or why it did not begin. */
async function askedOf({ id }: Assignment) {
  const { rows } = await sql<{ account: string; from: string; until: string; is: string }>`
    SELECT o.command->>'account' AS account, to_timestamp((o.command->>'from')::float8 / 1000)::date::text AS "from",
      to_timestamp((o.command->>'until')::float8 / 1000)::date::text AS until,
      coalesce(o.refused, c.status, 'not begun') AS is
    FROM loop_opening o LEFT JOIN cover c ON c.id = o.id
    WHERE o.opened_by = ${id} AND o.target_id IS NULL ORDER BY o.at, o.command->>'account', o.id`.execute(
    world.database.db,
  );
  return rows.map((row) => `${row.account} ${row.from} ${row.until} ${row.is}`);
}

test('covers follow the terms: asked anew when the first day moves, given up of an account that is dropped, asked of one that is added', async () => {
  const { db } = world.database;
  const second = 'st-josef' as AccountId;
  await givenAccount(db, { id: second, owner: berlin.lead, since: world.clock.now() - 1_000 });
  const [first, later, last] = [5, 6, 20].map((days) => dayAfter(world, days)) as [
    string,
    string,
    string,
  ];
  const end = dayAfter(world, 21);
  const days = { firstDay: first, lastDay: last };
  const assignment = await proposes(world, { terms: { ...days, accounts: [account] } });
  const agrees = async (terms: Partial<Terms>) => {
    const given = termsFor(world, { ...days, ...terms });
    await assignment.send({ type: 'change', actor: berlin.lead, terms: given });
    await assignment.isSignedByAll();
  };
  // Whatever was asked for or given up is told, and then what waits for that.
  const settles = async () => {
    for (const _twice of [1, 2]) await world.advance(60_000);
  };
  await assignment.isSignedByAll();
  await world.advance(60_000);
  const before = (of: string) => new Date(Date.parse(of) - day).toISOString().slice(0, 10);
  const window = (from: string) => `${before(from)} ${before(end)}`;
  expect(await askedOf(assignment)).toEqual([`${account} ${window(first)} asked`]);
  // Another first day, and back again.
  await agrees({ firstDay: later, accounts: [account, second] });
  await settles();
  const moved = [`${account} ${window(first)} withdrawn`];
  const both = (is: string) => [account, second].map((one) => `${one} ${window(later)} ${is}`);
  expect(await askedOf(assignment)).toEqual([...moved, ...both('asked')]);
  await agrees({ accounts: [account] });
  await settles();
  const again = [...moved, ...both('withdrawn')];
  expect(await askedOf(assignment)).toEqual([...again, `${account} ${window(first)} asked`]);
  // While it runs: one is dropped and the other added.
  await world.advance(6 * day);
  const states = async () => [await statusOf(world, assignment.id), await custodian(world)];
  expect(await states()).toEqual(['running', person('berlin-director')]);
  await agrees({ accounts: [second] });
  await settles();
  const dropped = [...again, `${account} ${window(first)} returned`];
  const today = dayAfter(world, 0);
  const rest = (one: string, is: string) => `${one} ${today} ${before(end)} ${is}`;
  expect(await askedOf(assignment)).toEqual([...dropped, rest(second, 'asked')]);
  expect(await states()).toEqual(['running', berlin.lead]);
  // For a while colleagues are asked; nobody takes it, and the manager holds it.
  await world.advance(3 * day);
  expect(await askedOf(assignment)).toEqual([...dropped, rest(second, 'running')]);
  // It is dropped, and added again before anybody has heard of that.
  await agrees({ accounts: [account] });
  await agrees({ accounts: [account, second] });
  await settles();
  const now = dayAfter(world, 0);
  const asked = (one: string) => `${one} ${now} ${before(end)} asked`;
  expect((await askedOf(assignment)).slice(dropped.length)).toEqual([
    rest(second, 'returned'),
    asked(account),
    asked(second),
  ]);
  await world.advance(3 * day);
  expect(await states()).toEqual(['running', person('berlin-director')]);
  await assignment.send({ type: 'returnEarly', actor: berlin.lead });
  await world.advance(60_000);
  expect(await custodian(world)).toBe(berlin.lead);
  expect(await askedOf(assignment)).not.toContainEqual(expect.stringMatching(/running|asked/));
  await assignment.isClosed();
});

async function leaves(person: PersonId): Promise<void> {
  const at = world.clock.now();
  await world.database.db.transaction().execute(async (tx) => {
    await sql`UPDATE person SET left_at = ${at}::timestamptz WHERE id = ${person}`.execute(tx);
    await recordCalendarChange(tx, { reason: 'directory', people: [person], at });
  });
  await world.advance(1);
}

test('a signer who leaves is replaced by whoever stands above, the dates and what was signed for that side stay', async () => {
  const { db } = world.database;
  const director = person('berlin-director');
  await givenTraining(db, director);
  const assignment = await proposes(world, { terms: { days: 30, accounts: [] } });
  await assignment.send({ type: 'sign', actor: berlin.manager });
  const read = () =>
    db
      .selectFrom('assignment')
      .select(['status', 'home_manager_id as home', sql<string>`days::text`.as('days')])
      .where('id', '=', assignment.id)
      .executeTakeFirstOrThrow();
  const before = await read();
  await leaves(berlin.manager);
  expect(await read()).toEqual({ ...before, home: director });
  expect(await inbox(world, director)).toEqual([]);
  for (const actor of [berlin.lead, tokyo.manager]) await assignment.send({ type: 'sign', actor });
  expect(await read()).toEqual({ ...before, home: director, status: 'agreed' });
  await assignment.send({ type: 'cancel', actor: director });
  await db.updateTable('person').set({ left_at: null }).where('id', '=', berlin.manager).execute();
});

test('a training that ends in the middle lets nobody sign an extension beyond it, and what was agreed goes on', async () => {
  const { db } = world.database;
  const days = { firstDay: dayAfter(world, 2), lastDay: dayAfter(world, 6) };
  const terms = termsFor(world, { ...days, accounts: [] });
  const ends = (on: string) =>
    db
      .updateTable('cultural_training')
      .set({ expires_on: on })
      .where('person_id', '=', tokyo.manager)
      .execute();
  await ends(terms.lastDay);
  const assignment = await proposes(world, { terms });
  await assignment.isSignedByAll();
  await world.advance(3 * day);
  const longer = { ...terms, lastDay: dayAfter(world, 9) };
  await assignment.send({ type: 'change', actor: berlin.lead, terms: longer });
  await assignment.send({ type: 'sign', actor: berlin.lead });
  const signs = assignment.send({ type: 'sign', actor: tokyo.manager });
  expect(await refusal(signs)).toBe('assignment.training_expires');
  await world.advance(5 * day);
  expect(await statusOf(world, assignment.id)).toBe('closing');
  await assignment.isClosed();
  await ends('2099-12-31');
});

test('a proposal without a person is accepted only where a recorded step opens that very assignment', async () => {
  const { client, clock, taskQueue, database } = world;
  const open = createOpenLoop({ client, clock, address: { taskQueue, workflows: loopWorkflows } });
  const by = await proposes(world, { terms: { days: 10, accounts: [] } });
  const { actor: _none, ...proposal } = proposalOf(world, { terms: { days: 10, accounts: [] } });
  const opened = { ...proposal, openedBy: by.id } as AssignmentCommand;
  const opens = (id: LoopId) => refusal(open({ loop: 'assignment', id, command: opened }));
  const [id, other] = [randomUUID() as LoopId, randomUUID() as LoopId];
  const openings = [{ loop: 'assignment', id, command: opened }];
  await database.db
    .transaction()
    .execute((tx) => insertOpenings(tx, { by: by.id, at: clock.now(), openings }));
  expect([await opens(other), await opens(id)]).toEqual(['authority.forbidden', 'accepted']);
  expect(await statusOf(world, id)).toBe('proposed');
  for (const one of [by, assignmentOf(world, id)]) {
    await one.send({ type: 'cancel', actor: berlin.lead });
  }
});

test(
  'a mentorship of years goes on from run to run, none of them long',
  { timeout: proofSize(60_000, 600_000) },
  async () => {
    const days = proofSize(30, 730);
    // So long that one cover is not enough: each gives the account back before the next takes it.
    const accounts = days > 90 ? [account] : [];
    const assignment = await proposes(world, { kind: 'mentorship', terms: { days, accounts } });
    await assignment.isSignedByAll();
    await world.advance((28 + days + 1) * day);
    expect(await statusOf(world, assignment.id)).toBe('closing');
    expect(await custodian(world)).toBe(berlin.lead);
    const covers = await coversOf(assignment);
    expect(covers).toHaveLength(Math.ceil(days / 90) * accounts.length);
    for (const [index, { until }] of covers.slice(0, -1).entries()) {
      expect(Number(covers[index + 1]?.from) - until).toBe(900_000);
    }
    await assignment.isClosed();
    const runs = await runLengths(world.client, assignment.workflowId);
    expect(runs.length).toBeGreaterThan(1);
    expect(Math.max(...runs)).toBeLessThanOrEqual(runEventsMax);
    reportProof('days of a mentorship', days);
  },
);
