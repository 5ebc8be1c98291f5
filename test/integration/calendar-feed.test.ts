import ICAL from 'ical.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { apiWorld, type ApiWorld } from '../support/api.ts';
import { account, berlin, operator, tokyo } from '../support/handoff-organisation.ts';
import type { PersonId } from '../../domain/id.ts';

let world: ApiWorld;
beforeEach(async () => {
  world = await apiWorld();
});
afterEach(() => world.drop());

const made = async (path: string, as: PersonId): Promise<string> => {
  const answer = await world.ask(`${path}/calendar-feed`, { method: 'PUT', as });
  expect(answer.status).toBe(200);
  const { pathname, search } = new URL((answer.json as { url: string }).url);
  return `${pathname}${search}`;
};

/** As a calendar program reads it, with nothing but the file's own zone rules. */
async function events(path: string): Promise<readonly ICAL.Event[]> {
  const answer = await world.ask(path);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'text/calendar; charset=utf-8',
  ]);
  const calendar = new ICAL.Component(ICAL.parse(answer.text) as unknown[]);
  ICAL.TimezoneService.reset();
  for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone);
  return calendar.getAllSubcomponents('vevent').map((event) => new ICAL.Event(event));
}

const plain = (text: string): string => text.replaceAll(/[\u2068\u2069]/g, '');

test('a calendar program shows a deadline at its instant and an absence on its days', async () => {
  await world.offered();
  await world.db
    .insertInto('absence')
    .values({ id: 'leave', person_id: tokyo.lead, first_day: '2026-12-28', last_day: '2026-12-30' })
    .execute();
  const { due_at: dueAt } = await world.db
    .selectFrom('task')
    .select('due_at')
    .where('person_id', '=', tokyo.lead)
    .executeTakeFirstOrThrow();
  const shown = await events(await made(`/people/${tokyo.lead}`, tokyo.lead));
  const [deadline, leave] = shown;
  expect(deadline?.startDate.toJSDate().getTime()).toBe(dueAt);
  expect(deadline?.startDate.zone?.tzid).toBe('Asia/Tokyo');
  expect(plain(deadline?.summary ?? '')).toContain('St. Hedwig Clinics');
  expect([leave?.startDate.toString(), leave?.endDate.toString()]).toEqual([
    '2026-12-28',
    '2026-12-31', // exclusive, as RFC 5545 has it
  ]);
});

test('in Winnipeg a winter deadline is shown by the rules of today, not by those of the runtime', async () => {
  await world.offered();
  await world.db
    .updateTable('person')
    .set({ zone: 'America/Winnipeg' })
    .where('id', '=', tokyo.lead)
    .execute();
  await world.db
    .updateTable('task')
    .set({ due_at: Date.parse('2027-01-11T15:00Z') })
    .execute();
  const [deadline] = await events(await made(`/people/${tokyo.lead}`, tokyo.lead));
  expect(deadline?.startDate.toString()).toBe('2027-01-11T10:00:00');
  expect(deadline?.startDate.toJSDate().toISOString()).toBe('2027-01-11T15:00:00.000Z');
});

test('an account’s calendar says who owned it, and who owns it', async () => {
  const [owner] = await events(await made(`/accounts/${account}`, tokyo.lead));
  expect(plain(owner?.summary ?? '')).toContain(`Name of ${berlin.lead}`);
});

test('a new address ends the former one, and a revoked one answers nobody', async () => {
  const first = await made(`/people/${tokyo.lead}`, tokyo.lead);
  const second = await made(`/people/${tokyo.lead}`, tokyo.lead);
  expect((await world.ask(first)).status).toBe(404);
  expect((await world.ask(second)).status).toBe(200);
  const revoke = () =>
    world.ask(`/people/${tokyo.lead}/calendar-feed`, { method: 'DELETE', as: tokyo.lead });
  expect((await revoke()).json).toEqual({ isRevoked: true });
  expect((await revoke()).json).toEqual({ isRevoked: false });
  expect((await world.ask(second)).status).toBe(404);
});

test('an address opens one calendar only, and none once its maker has left', async () => {
  const own = await made(`/people/${tokyo.lead}`, tokyo.lead);
  const key = own.slice(own.indexOf('?'));
  expect((await world.ask(`/people/${tokyo.manager}/calendar.ics${key}`)).status).toBe(404);
  expect((await world.ask(`/accounts/${account}/calendar.ics${key}`)).status).toBe(404);
  expect((await world.ask(`/people/${tokyo.lead}/calendar.ics`)).status).toBe(404);
  expect((await world.ask(`/people/${tokyo.lead}/calendar.ics?key=%00`)).status).toBe(404);
  await world.db
    .updateTable('person')
    .set({ left_at: world.clock.now() })
    .where('id', '=', tokyo.lead)
    .execute();
  expect((await world.ask(own)).status).toBe(404);
});

test('only the line and its offices make a calendar of somebody’s open steps', async () => {
  const make = async (as: PersonId) =>
    (await world.ask(`/people/${tokyo.lead}/calendar-feed`, { method: 'PUT', as })).status;
  expect(await make(tokyo.manager)).toBe(200);
  expect(await make(operator)).toBe(200);
  expect(await make(berlin.lead)).toBe(403);
  const unknown = await world.ask('/people/nobody/calendar-feed', {
    method: 'PUT',
    as: berlin.lead,
  });
  expect(unknown.status).toBe(404);
});

test('neither the log nor the database holds the secret of an address', async () => {
  const path = await made(`/people/${tokyo.lead}`, tokyo.lead);
  await world.ask(path);
  const secret = path.split('key=')[1] ?? '';
  expect(secret).toHaveLength(32);
  expect(JSON.stringify(world.lines)).not.toContain(secret);
  const rows = await world.db.selectFrom('calendar_feed').selectAll().execute();
  expect(JSON.stringify(rows)).not.toContain(secret);
});
