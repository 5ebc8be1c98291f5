import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOpenDelegations } from '../../activities/delegation/open-delegations.ts';
import { delegationOperations } from '../../api/delegations/operations.ts';
import { createLoopGateway } from '../../api/loop-gateway.ts';
import { handoffParts } from '../../api/register.ts';
import { loadActor } from '../../db/actors.ts';
import { recordCalendarChange } from '../../db/calendar-changes.ts';
import { present } from '../../domain/assert.ts';
import type { PersonId } from '../../domain/id.ts';
import { Refusal } from '../../domain/problem.ts';
import { loopWorkflows } from '../../workflows/addresses.ts';
import { delegates } from '../support/delegation-story.ts';
import { berlin, handoffWorld, inbox, tokyo } from '../support/handoff-story.ts';
import { findsLeave } from '../support/outlook-story.ts';
import { person } from '../support/people.ts';
import { refusal } from '../support/refusal.ts';
import type { World } from '../support/world.ts';

const day = 86_400_000;
const london = person('london-lead');
const director = person('berlin-director');
let world: World;
beforeAll(async () => {
  world = await handoffWorld();
});
afterAll(() => world.stop());

function parts() {
  const { client, clock, taskQueue, database } = world;
  const loops = createLoopGateway({ client, db: database.db, taskQueue });
  const { tell } = handoffParts({ db: database.db, clock, loops });
  return { db: database.db, clock, loops, tell };
}

/** Of an allowance that nobody uses up in these stories. */
const finds = (subject: PersonId) =>
  findsLeave(world, { allowanceMinutes: 20_000, subject, asked: berlin.manager });

const told = async (to: PersonId): Promise<readonly string[]> => {
  const rows = await world.database.db
    .selectFrom('notice')
    .select('key')
    .where('recipient_id', '=', to)
    .where('key', 'like', 'delegation.%')
    .orderBy('send_at')
    .execute();
  return rows.map(({ key }) => key);
};

const runOf = (id: string) =>
  world.database.db
    .selectFrom('delegation_run')
    .select(['status', 'ending', 'delegate_id', 'source'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();

test('what waits for somebody moves at the first instant, and what is undecided comes back at the last', async () => {
  const finding = await finds(berlin.lead);
  const from = world.clock.now() + day;
  const until = from + 3 * day;
  await delegates(world, { from, until });
  await world.advanceTo(from - 1);
  expect([await inbox(world, berlin.manager), await inbox(world, tokyo.manager)]).toEqual([
    ['outlook.settle'],
    [],
  ]);
  await world.advanceTo(from);
  expect([await inbox(world, berlin.manager), await inbox(world, tokyo.manager)]).toEqual([
    [],
    ['outlook.settle'],
  ]);
  await world.advanceTo(until - 1);
  expect(await inbox(world, tokyo.manager)).toEqual(['outlook.settle']);
  await world.advanceTo(until);
  expect([await inbox(world, berlin.manager), await inbox(world, tokyo.manager)]).toEqual([
    ['outlook.settle'],
    [],
  ]);
  expect(await told(tokyo.manager)).toEqual([
    'delegation.given',
    'delegation.begun',
    'delegation.step_moved',
    'delegation.ended',
  ]);
  expect(await told(berlin.manager)).toContain('delegation.step_returned');
  await finding.send({ type: 'settle' });
});

const acknowledges = async (finding: Awaited<ReturnType<typeof finds>>, actor: PersonId) => {
  const reason = (
    await sql<{ id: string }>`
    INSERT INTO content (id, author_id, kind, body, salt, hash, created_at)
    SELECT gen_random_uuid(), ${actor}, 'outlook.reason', '{}', salt, hash, created_at
    FROM content LIMIT 1 RETURNING id`.execute(world.database.db)
  ).rows[0]?.id;
  return finding.send({
    type: 'acknowledge',
    actor,
    onBehalfOf: berlin.manager,
    until: world.clock.now() + 3 * day,
    reason: reason as never,
  });
};

test('a decision and the end of its delegation at once: decided by the delegate, or back, and never neither', async () => {
  const finding = await finds(berlin.lead);
  const delegation = await delegates(world, { from: world.clock.now() });
  await world.advance(0);
  expect(await inbox(world, tokyo.manager)).toEqual(['outlook.settle']);
  const [decided, ended] = await Promise.allSettled([
    acknowledges(finding, tokyo.manager),
    delegation.ends(berlin.manager),
  ]);
  await world.advance(0);
  expect(ended.status).toBe('fulfilled');
  const waits = await inbox(world, berlin.manager);
  expect(await inbox(world, tokyo.manager)).toEqual([]);
  expect(waits).toEqual(decided.status === 'fulfilled' ? [] : ['outlook.settle']);
  const late = await refusal(acknowledges(finding, tokyo.manager));
  expect(late).toMatch(/authority.no_delegation|outlook|loop/);
  await finding.send({ type: 'settle' });
});

test('a delegate who leaves decides no more: what waited is back, and the manager hears of it too', async () => {
  const finding = await finds(berlin.lead);
  const delegation = await delegates(world, { from: world.clock.now(), delegate: london });
  await world.advance(0);
  expect(await inbox(world, london)).toEqual(['outlook.settle']);
  const at = world.clock.now();
  await world.database.db.transaction().execute(async (tx) => {
    await sql`UPDATE person SET left_at = ${at}::timestamptz WHERE id = ${london}`.execute(tx);
    await recordCalendarChange(tx, { reason: 'directory', people: [london], at });
  });
  await world.advance(1);
  expect(await runOf(delegation.id)).toMatchObject({ status: 'ended', ending: 'left' });
  expect([await inbox(world, berlin.manager), await inbox(world, london)]).toEqual([
    ['outlook.settle'],
    [],
  ]);
  expect(await told(director)).toEqual(['delegation.delegate_left']);
  await finding.send({ type: 'settle' });
});

test('nobody decides in a circle, twice at once, for a stranger, or on behalf of another', async () => {
  const from = world.clock.now() + 10 * day;
  const given = { from, until: from + day };
  const first = await delegates(world, given);
  const refused = (more: Parameters<typeof delegates>[1]) =>
    refusal(delegates(world, { ...given, ...more }));
  expect(await refused({ delegate: director })).toBe('delegation.overlaps');
  const back = { actor: tokyo.manager, principal: tokyo.manager, delegate: berlin.manager };
  expect(await refused(back)).toBe('delegation.cycle');
  expect(await refused({ ...back, actor: tokyo.lead, delegate: tokyo.lead })).toBe(
    'authority.forbidden',
  );
  const onBehalf = { actor: tokyo.lead, onBehalfOf: berlin.manager, delegate: tokyo.lead };
  expect(await refused(onBehalf)).toBe('authority.forbidden');
  expect(await refused({ from: from - 90 * day, until: from - 89 * day })).toBe(
    'delegation.period_past',
  );
  const other = await refusal(first.ends(tokyo.lead));
  expect(other).toBe('authority.forbidden');
  await first.ends(berlin.manager);
  // Taken back before it began, it stands in nobody's way.
  const second = await delegates(world, { ...back, ...given });
  await second.ends(tokyo.manager);
});

test('an absence without a delegation opens one for whoever is asked for approvals, and taken back it ends', async () => {
  const { database, client, clock, taskQueue } = world;
  const address = { taskQueue, workflows: loopWorkflows };
  const openDelegations = createOpenDelegations({ db: database.db, client, clock, address });
  const dayAfter = (days: number) => new Date(clock.now() + days * day).toISOString().slice(0, 10);
  const away = (id: string, of: PersonId) =>
    database.db
      .insertInto('absence')
      .values({ id, person_id: of, first_day: dayAfter(3), last_day: dayAfter(4) })
      .execute();
  await away('leave', berlin.manager);
  // Nobody stands below them, and they hold no office: nothing is asked of them.
  await away('no-approver', tokyo.lead);
  expect(await openDelegations()).toEqual({ opened: 1 });
  expect(await openDelegations()).toEqual({ opened: 0 });
  const run = await database.db
    .selectFrom('delegation_run')
    .select(['id', 'principal_id', 'delegate_id', 'begins_at', 'ends_at'])
    .where('source', '=', 'absence')
    .executeTakeFirstOrThrow();
  expect(run).toMatchObject({ principal_id: berlin.manager, delegate_id: director });
  expect([run.begins_at, run.ends_at]).toEqual(
    [3, 5].map((days) => Date.parse(`${dayAfter(days)}T00:00:00+01:00`)),
  );
  const at = clock.now();
  await database.db.transaction().execute(async (tx) => {
    await tx.deleteFrom('absence').where('id', '=', 'leave').execute();
    await recordCalendarChange(tx, { reason: 'absence', people: [berlin.manager], at });
  });
  await world.advance(1);
  expect(await runOf(run.id)).toMatchObject({ status: 'ended', ending: 'dropped' });
});

const iso = (at: number): string => new Date(at).toISOString();
const isoDay = (at: number): string => iso(at).slice(0, 10);

const asked = async <Input>(actor: PersonId, input: Input, commandId: string = randomUUID()) => ({
  actor: present(await loadActor(world.database.db, actor, world.clock.now()), 'who asks'),
  input,
  commandId,
});

test('times are those on the wall of whoever is away, also where the clocks skip or repeat them', async () => {
  const { give } = delegationOperations;
  const body = { id: berlin.manager, delegate: director, scope: 'all' as const };
  const spring = await give.run(
    parts(),
    await asked(berlin.manager, { ...body, from: '2027-03-28T02:30', until: '2027-03-29' }, 'once'),
  );
  expect(spring.from).toEqual({ at: '2027-03-28T01:00:00.000Z', wall: '2027-03-28T03:00' });
  expect(spring.until.at).toBe('2027-03-28T22:00:00.000Z');
  const again = await asked(
    berlin.manager,
    { ...body, from: '2027-03-28T02:30', until: '2027-03-29' },
    'once',
  );
  expect(await give.run(parts(), again)).toEqual(spring);
  // By whoever stands above; the clocks show the end twice.
  const fall = { ...body, from: '2027-10-01', until: '2027-10-31T02:30' };
  const autumn = await give.run(parts(), await asked(director, fall));
  expect(autumn).toMatchObject({ source: 'manager', until: { at: '2027-10-31T00:30:00.000Z' } });
  // What began before now begins now.
  const past = { ...body, from: '2026-01-01', until: isoDay(world.clock.now() + 2 * day) };
  const running = await give.run(parts(), await asked(director, past));
  expect(running).toMatchObject({ status: 'running', from: { at: iso(world.clock.now()) } });
  const listed = await delegationOperations.list.run(
    parts(),
    await asked(berlin.manager, { id: berlin.manager, limit: 2, cursor: undefined }),
  );
  expect(listed.items.map(({ id }) => id)).toContain(spring.id);
});

test('who may not give a delegation is told so, what is no time is told as such, and strangers see none', async () => {
  const { give, read, list } = delegationOperations;
  const input = {
    delegate: tokyo.lead,
    scope: 'all' as const,
    from: '2027-06-01',
    until: '2027-06-02',
  };
  const code = async (actor: PersonId, more: object) => {
    try {
      await give.run(parts(), await asked(actor, { id: berlin.manager, ...input, ...more }));
    } catch (error) {
      if (error instanceof Refusal) return error.problem.code;
      throw error;
    }
    return 'accepted';
  };
  expect(await code(tokyo.lead, {})).toBe('authority.forbidden');
  expect(await code(berlin.manager, { delegate: berlin.manager })).toBe('delegation.to_self');
  expect(await code(berlin.manager, { delegate: 'nobody' })).toBe('person.unknown');
  expect(await code(berlin.manager, { from: '2027-02-30' })).toBe('delegation.period_unreadable');
  expect(await code(berlin.manager, { from: '2027-06-01T24:00' })).toBe(
    'delegation.period_unreadable',
  );
  expect(await code(berlin.manager, { from: '2027-06-03' })).toBe('delegation.period_past');
  expect(await code(berlin.manager, { until: '2028-07-01' })).toBe('delegation.too_long');
  const { id } = await give.run(
    parts(),
    await asked(berlin.manager, { id: berlin.manager, ...input, delegate: director }),
  );
  const stranger = await asked(tokyo.lead, { id });
  await expect(read.run(parts(), stranger)).rejects.toMatchObject({
    problem: { code: 'request.not_found' },
  });
  const theirs = await list.run(
    parts(),
    await asked(tokyo.lead, { id: berlin.manager, limit: 50, cursor: undefined }),
  );
  expect(theirs.items).toEqual([]);
});
