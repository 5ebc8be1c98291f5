import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOpenDelegations } from '../../activities/delegation/open-delegations.ts';
import { recordCalendarChange } from '../../db/calendar-changes.ts';
import type { PersonId } from '../../domain/id.ts';
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
  const second = await delegates(world, { ...back, ...given } as never);
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
