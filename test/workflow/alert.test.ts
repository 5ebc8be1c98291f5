import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFollowAlerts } from '../../activities/alert/follow-alerts.ts';
import { moveCustody } from '../../db/accounts.ts';
import { recordCalendarChange } from '../../db/calendar-changes.ts';
import { present } from '../../domain/assert.ts';
import type { PersonId } from '../../domain/id.ts';
import { loopWorkflows } from '../../workflows/addresses.ts';
import { type Alert, givenDuty, raiser, raisesAlert } from '../support/alert-story.ts';
import { account } from '../support/handoff-organisation.ts';
import { berlin, custodian, handoffWorld, inbox, offers, tokyo } from '../support/handoff-story.ts';
import { person } from '../support/people.ts';
import { refusal } from '../support/refusal.ts';
import { served, type ServedWorld } from '../support/served-world.ts';
import { fieldsOf } from '../support/browser.ts';
import { until } from '../support/until.ts';
import type { World } from '../support/world.ts';

const minute = 60_000;
const hour = 60 * minute;
const london = person('london-lead');
const newYork = person('new-york-lead');
let world: World;
let web: ServedWorld;
/** 09:00 UTC: Berlin and London work, Tokyo has just gone home. */
let monday: number;
beforeAll(async () => {
  world = await handoffWorld();
  await world.database.db
    .insertInto('policy')
    .values({ key: 'alert.minutes', region_id: 'world', valid_from: '2020-01-01', value: 20 })
    .execute();
  monday = world.clock.now();
  web = await served(world);
  await givenDuty(world, [tokyo.backup, newYork]);
});
afterAll(() => world.stop());

const called = async ({ id }: Alert) => {
  const rows = await world.database.db
    .selectFrom('transition')
    .select(['events', 'at'])
    .where('loop_id', '=', id)
    .orderBy('sequence')
    .execute();
  return rows.flatMap(({ events, at }) =>
    (events as { type: string; to: string; reason: string; isOutside: boolean }[])
      .filter(({ type }) => type === 'called')
      .map(({ to, reason, isOutside }) => ({ to, reason, isOutside, at })),
  );
};

const told = async ({ id }: Alert, person: string) =>
  world.database.db
    .selectFrom('notice')
    .select(['key', 'channel', 'only_channel', 'urgency', 'status'])
    .where('loop_id', '=', id)
    .where('recipient_id', '=', person)
    .orderBy('key')
    .orderBy('channel')
    .execute();

const itemOf = ({ item }: Alert) =>
  world.database.db
    .selectFrom('action_item_now')
    .select(['owner_id', 'type', 'is_open', 'is_late'])
    .where('id', '=', item)
    .executeTakeFirstOrThrow();

test('the owner at work is called at once, by each channel they have, and takes it', async () => {
  const { db } = world.database;
  const policy = { key: 'message.channels', region_id: 'world', valid_from: '2020-01-01' };
  await db
    .insertInto('policy')
    .values({ ...policy, value: sql`${JSON.stringify(['email', 'slack', 'teams'])}::text::jsonb` })
    .execute();
  await db
    .insertInto('contact')
    .values({ person_id: berlin.lead, channel: 'slack', address: 'https://hooks.slack.com/x' })
    .execute();
  const alert = await raisesAlert(world);
  await world.advance(1);
  expect(await called(alert)).toMatchObject([
    { to: berlin.lead, reason: 'owner_at_work', isOutside: false },
  ]);
  const calls = (await told(alert, berlin.lead)).filter(({ key }) => key === 'alert.called');
  expect(
    calls.map(({ channel, only_channel, urgency }) => [channel, only_channel, urgency]),
  ).toEqual([
    ['email', 'email', 'now'],
    ['slack', 'slack', 'now'],
  ]);
  expect(await inbox(world, berlin.lead)).toEqual(['alert.acknowledge']);
  expect(await refusal(alert.acknowledges(tokyo.lead))).toBe('alert.not_called');
  await alert.acknowledges(berlin.lead);
  expect(await inbox(world, berlin.lead)).toEqual([]);
  expect(await itemOf(alert)).toMatchObject({ owner_id: berlin.lead, is_open: true });
  expect(await custodian(world)).toBe(berlin.lead);
});

test('in the night of the owner it goes to who is on duty and awake, and nobody is woken', async () => {
  // 17:00 UTC: Berlin has gone home, New York works until 22:00, Tokyo begins at 00:00.
  await world.advanceTo(monday + 8 * hour);
  const alert = await raisesAlert(world);
  await world.advance(1);
  expect(await called(alert)).toMatchObject([
    { to: newYork, reason: 'duty_at_work', isOutside: false },
  ]);
  // Mail is their only way, so when it fails whatever opens until then is the next.
  expect(await told(alert, newYork)).toMatchObject([{ channel: 'email', only_channel: null }]);
  await alert.acknowledges(newYork);
  expect(await itemOf(alert)).toMatchObject({ owner_id: newYork, type: 'assigned' });
  expect((await told(alert, raiser)).map(({ key }) => key)).toEqual(['alert.acknowledged']);
});

test('with nobody awake it wakes one after another, says why, and the ledger counts it', async () => {
  // 22:30 UTC: New York has just stopped, and Tokyo begins at midnight.
  await world.advanceTo(monday + 13.5 * hour);
  const alert = await raisesAlert(world);
  await world.advance(40 * minute);
  expect(await called(alert)).toMatchObject([
    { to: berlin.lead, reason: 'owner', isOutside: true },
    { to: berlin.manager, reason: 'manager', isOutside: true },
    { to: person('berlin-director'), reason: 'region_manager', isOutside: true },
  ]);
  const keys = (await told(alert, berlin.manager)).map(({ key }) => key);
  expect(keys).toContain('alert.called_outside');
  const asked = await world.database.db
    .selectFrom('asked_outside')
    .select(['person_id', 'kind'])
    .where('loop_id', '=', alert.id)
    .orderBy('at')
    .execute();
  expect(asked).toEqual(
    [berlin.lead, berlin.manager, 'berlin-director'].map((person_id) => ({
      person_id,
      kind: 'alert.acknowledge',
    })),
  );
  // From midnight on Tokyo's duty is awake: whoever was called first may still take it.
  await world.advance(2 * hour);
  expect((await called(alert)).map(({ to, reason }) => `${to} ${reason}`)).toContain(
    `${tokyo.backup} duty_at_work`,
  );
  await alert.acknowledges(berlin.lead);
  expect(await inbox(world, tokyo.backup)).toEqual([]);
});

test('what nobody takes is called three times round, stays with the manager of the region, and follows its account with the step or the change that moves it', async () => {
  await world.advanceTo(monday + 24 * hour);
  const alert = await raisesAlert(world);
  await world.advance(8 * hour);
  const calls = await called(alert);
  expect(calls.filter(({ to }) => to === berlin.lead)).toHaveLength(3);
  calls.slice(1).forEach(({ at }, index) => {
    expect(at - (calls[index]?.at ?? 0)).toBeGreaterThanOrEqual(15 * minute);
  });
  const last = await told(alert, 'berlin-director');
  expect(last.map(({ key }) => key)).toContain('alert.yours');
  expect(await inbox(world, person('berlin-director'))).toEqual(['alert.acknowledge']);
  // However the account and its region change hands meanwhile, it comes to those who have them now.
  const { client, database, taskQueue, clock } = world;
  const { db } = database;
  const address = { taskQueue, workflows: loopWorkflows };
  const follow = createFollowAlerts({ db, client, address });
  expect(await follow()).toEqual({ told: 0 });
  const moves = (to: PersonId) =>
    db.transaction().execute((tx) => moveCustody(tx, { account, to, at: clock.now(), by: null }));
  // With the step that moves the account: nobody waits for the maintenance.
  const handoff = await offers(world, { to: tokyo.lead });
  await handoff.readsBack(tokyo.lead);
  await handoff.confirms(berlin.lead);
  await until(
    'it has come to the new owner',
    async () => (await told(alert, tokyo.lead)).length > 0,
  );
  expect(await told(alert, tokyo.lead)).toMatchObject([{ key: 'alert.followed', urgency: 'now' }]);
  expect(await inbox(world, tokyo.lead)).toEqual(['alert.acknowledge']);
  const managedBy = (manager: PersonId) =>
    db.updateTable('region').set({ manager_id: manager }).where('id', '=', 'world').execute();
  // Somebody whom no plan of it knows.
  const successor = person('successor');
  const row = await db.selectFrom('person').selectAll().where('id', '=', raiser).executeTakeFirst();
  const named = { ...present(row, 'a person'), id: successor, email: 'successor@example.test' };
  await db.insertInto('person').values(named).execute();
  await db.insertInto('calendar_revision').values({ person_id: successor }).execute();
  await managedBy(successor);
  // As an import or a change of the organisation says so; what says nothing the maintenance finds.
  const people = [successor];
  const change = { reason: 'directory', people, at: clock.now() } as const;
  await db.transaction().execute((tx) => recordCalendarChange(tx, change));
  await world.advance(0);
  await until('it has come to the manager', async () => (await told(alert, successor)).length > 0);
  expect(await inbox(world, successor)).toEqual(['alert.acknowledge']);
  expect(await follow()).toEqual({ told: 0 });
  await moves(tokyo.backup);
  expect(await follow()).toEqual({ told: 1 });
  await until(
    'it has come to whoever owns it by no step',
    async () => (await told(alert, tokyo.backup)).length > 0,
  );
  await managedBy(person('berlin-director'));
  await moves(berlin.lead);
  await alert.acknowledges(tokyo.lead);
  expect(await itemOf(alert)).toMatchObject({ owner_id: tokyo.lead, type: 'assigned' });
});

test('of two who take it at once exactly one has it, and the others read who', async () => {
  const alert = await raisesAlert(world);
  await world.advance(50 * minute);
  const people = [...new Set((await called(alert)).map(({ to }) => person(to)))];
  expect(people.length).toBeGreaterThan(1);
  const path = `/alerts/${alert.id}`;
  const answers = await Promise.all(people.map((one) => web.ask(one, `${path}/acknowledge`, {})));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  const { json } = await web.ask(raiser, path);
  const { name } = json['acknowledgedBy'] as { name: string };
  for (const { status, json: told } of answers) {
    if (status === 200) continue;
    expect([status, told['code']]).toEqual([409, 'alert.acknowledged']);
    expect(told['detail']).toContain(name);
  }
});

test('an alert raised while a handoff is open is late in it, and follows whoever owns the account', async () => {
  await world.advanceTo(monday + 48 * hour);
  const handoff = await offers(world, { to: london });
  const alert = await raisesAlert(world);
  expect(await itemOf(alert)).toMatchObject({ owner_id: berlin.lead, is_late: true });
  await world.advance(1);
  await handoff.readsBack(london);
  await handoff.confirms(berlin.lead);
  await world.advance(16 * minute);
  expect((await called(alert)).map(({ to, reason }) => `${to} ${reason}`)).toEqual([
    `${berlin.lead} owner_at_work`,
    `${london} owner_at_work`,
  ]);
  await alert.send({ type: 'withdraw', actor: raiser });
  expect(await itemOf(alert)).toMatchObject({ type: 'dropped', is_open: false });
});

test('what is done before anybody takes it calls nobody else', async () => {
  const alert = await raisesAlert(world, { owner: london });
  await world.advance(1);
  await world.database.db
    .insertInto('action_item_event')
    .values({
      item_id: alert.item,
      sequence: 2,
      type: 'done',
      owner_id: london,
      is_open: false,
      by_id: london,
      at: world.clock.now(),
    })
    .execute();
  await world.advance(16 * minute);
  expect(await called(alert)).toHaveLength(1);
  const { status } = await world.database.db
    .selectFrom('alert')
    .select('status')
    .where('id', '=', alert.id)
    .executeTakeFirstOrThrow();
  expect(status).toBe('resolved');
});

test('over HTTP it is raised once, and taken on its page, in the reader’s language and with the reason', async () => {
  const { ask, browser } = web;
  const dueAt = new Date(world.clock.now() + 6 * hour).toISOString();
  const body = { account: 'st-hedwig', text: 'A patient is on the table: 3 mm stent.', dueAt };
  const key = { 'idempotency-key': 'once-and-for-all' };
  const raised = await ask(newYork, '/alerts', body, key);
  expect(raised).toMatchObject({ status: 201, json: { status: 'calling', answerMinutes: 20 } });
  expect((await ask(newYork, '/alerts', body, key)).json['id']).toBe(raised.json['id']);
  const id = String(raised.json['id']);
  await world.advance(1);
  const read = await ask(london, `/alerts/${id}`);
  expect(read.json).toMatchObject({
    text: body.text,
    calls: [{ person: { id: london }, why: 'The owner of the account, at work.' }],
  });
  expect((await ask(tokyo.backup, `/alerts/${id}`)).status).toBe(404);
  const denied = await ask(newYork, `/alerts/${id}/acknowledge`, {});
  expect([denied.status, denied.json['code']]).toEqual([403, 'alert.not_called']);
  const path = `/tasks/${id}`;
  const { see, send } = await browser(london);
  const page = await see(path);
  expect(page).toContain(body.text);
  await send(path, { ...fieldsOf(page, path), choice: 'acknowledge' });
  expect((await ask(newYork, `/alerts/${id}`)).json).toMatchObject({
    status: 'acknowledged',
    acknowledgedBy: { id: london },
  });
  const listed = await ask(london, '/accounts/st-hedwig/alerts');
  expect((listed.json['items'] as { id: string }[]).map((one) => one.id)).toContain(id);
});

test('what the rules warn of in an alert is named before it is raised, and logged for compliance without the words', async () => {
  const { ask } = web;
  const dueAt = new Date(world.clock.now() + 6 * hour).toISOString();
  const body = { account: 'st-hedwig', text: 'The surgeon wants to use it off-label now.', dueAt };
  const { status, json } = await ask(newYork, '/alerts', body);
  expect([status, json['code'], json['errors']]).toEqual([
    422,
    'alert.red_flags',
    [expect.objectContaining({ path: 'text', code: 'off_label' })],
  ]);
  const raised = await ask(newYork, '/alerts', { ...body, acknowledgedFlags: ['off_label:text'] });
  expect([raised.status, raised.json['redFlags']]).toEqual([201, null]);
  const path = `/alerts/${String(raised.json['id'])}`;
  await world.database.db
    .insertInto('person_role')
    .values({ person_id: london, role: 'compliance', region_id: 'world' })
    .execute();
  const { redFlags } = (await ask(london, path)).json;
  expect(redFlags).toMatchObject([
    { code: 'off_label', place: 'text', author: { id: newYork }, isAcknowledged: true },
  ]);
  expect(JSON.stringify(redFlags)).not.toContain('surgeon');
  await world.database.db.deleteFrom('person_role').where('person_id', '=', london).execute();
  expect((await ask(newYork, `${path}/withdraw`, {})).status).toBe(200);
});

test('an alert for the past, of another owner, and the eleventh of an account are refused', async () => {
  const now = world.clock.now();
  const asked = (given: object) => refusal(raisesAlert(world, { owner: london, ...given }));
  expect(await asked({ dueAt: now })).toBe('alert.due_past');
  expect(await asked({ account: 'nowhere' })).not.toBe('accepted');
  const open = await Promise.all(
    Array.from({ length: 10 }, () => raisesAlert(world, { owner: london })),
  );
  expect(await asked({})).toBe('alert.too_many');
  expect(await refusal(open[0]!.send({ type: 'withdraw', actor: tokyo.backup }))).toBe(
    'authority.forbidden',
  );
});
