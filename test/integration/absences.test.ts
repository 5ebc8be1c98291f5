import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { apiWorld, type ApiWorld } from '../support/api.ts';
import { berlin, tokyo } from '../support/handoff-organisation.ts';
import type { PersonId } from '../../domain/id.ts';

let world: ApiWorld;
let announced: string[];
beforeEach(async () => {
  announced = [];
  world = await apiWorld(() => ({ announceChange: (change) => void announced.push(change) }));
});
afterEach(() => world.drop());

const leave = { firstDay: '2026-11-24', lastDay: '2026-11-25' };
const path = `/people/${tokyo.lead}/absences`;
const enter = (body: unknown = leave, as: PersonId = tokyo.lead, key?: string) =>
  world.ask(path, { method: 'POST', as, body, ...(key !== undefined && { key }) });

interface Entered {
  readonly id: string;
  readonly calendarChange: string;
}

test('leave entered by a person moves their deadline, and its telling begins at once', async () => {
  const handoff = await world.offered();
  const answer = await enter();
  expect(answer.status).toBe(201);
  const { id, calendarChange } = answer.json as Entered;
  expect(answer.json).toMatchObject({ ...leave, source: 'person' });
  expect(announced).toEqual([calendarChange]);
  expect(await handoff.replans()).toBe('recorded');
  const listed = await world.ask(path, { as: berlin.lead });
  expect(listed.json).toEqual({
    items: [{ id, ...leave, hours: null, source: 'person' }],
    next: null,
  });
});

test('the same request again enters nothing twice', async () => {
  const first = await enter(leave, tokyo.lead, 'leave-of-november');
  const again = await enter(leave, tokyo.lead, 'leave-of-november');
  expect(again.json).toEqual(first.json);
  expect(await world.db.selectFrom('absence').select('id').execute()).toHaveLength(1);
});

test('an absence is taken back by the person or their line, and by nobody else', async () => {
  const { id } = (await enter(leave, tokyo.manager)).json as Entered;
  const remove = (as: PersonId) => world.ask(`${path}/${id}`, { method: 'DELETE', as });
  const refused = await remove(berlin.lead);
  expect([refused.status, refused.problem.code]).toEqual([403, 'authority.forbidden']);
  const removed = await remove(tokyo.lead);
  expect(removed.status).toBe(200);
  expect(announced).toHaveLength(2);
  expect((await remove(tokyo.lead)).status).toBe(404);
});

test('what came with the organisation’s file is taken back there, and a new file keeps what people entered', async () => {
  await world.db
    .insertInto('absence')
    .values({
      id: 'of-file',
      person_id: tokyo.lead,
      first_day: '2026-12-28',
      last_day: '2026-12-28',
    })
    .execute();
  const refused = await world.ask(`${path}/of-file`, { method: 'DELETE', as: tokyo.lead });
  expect([refused.status, refused.problem.code]).toEqual([409, 'absence.of_directory']);
});

test.each([
  ['ends before it begins', { firstDay: '2026-12-02', lastDay: '2026-12-01' }, 'absence.reversed'],
  ['lasts for years', { firstDay: '2026-12-02', lastDay: '2028-12-01' }, 'absence.too_long'],
  ['begins on no day', { firstDay: '2026-02-30', lastDay: '2026-03-01' }, 'request.invalid'],
  ['begins after the horizon', { firstDay: '2290-01-01', lastDay: '2290-01-02' }, 'time.horizon'],
  [
    'has hours nobody can read',
    { firstDay: '2026-12-01', lastDay: '2026-12-01', hours: 'noon' },
    'absence.hours_invalid',
  ],
  ['has hours of several days', { ...leave, hours: '13:00-15:00' }, 'absence.hours_of_one_day'],
  ['says more than asked', { ...leave, reason: 'surgery' }, 'request.invalid'],
])('an absence that %s is refused by its own name', async (_name, body, code) => {
  const answer = await enter(body);
  expect([answer.status, answer.problem.code]).toEqual([422, code]);
  expect(announced).toEqual([]);
});

test('absences of one person have a limit', async () => {
  await world.db
    .insertInto('absence')
    .values(
      Array.from({ length: 200 }, (_, index) => ({
        id: `many-${index}`,
        person_id: tokyo.lead,
        first_day: '2027-01-01',
        last_day: '2027-01-01',
      })),
    )
    .execute();
  const answer = await enter();
  expect([answer.status, answer.problem.code]).toEqual([409, 'absence.too_many']);
});

test('a list of absences goes on where the page before ended', async () => {
  for (const day of ['2027-01-04', '2027-01-05', '2027-01-05', '2027-01-08']) {
    await enter({ firstDay: day, lastDay: day });
  }
  const days: string[] = [];
  let next: string | null = '';
  while (next !== null) {
    const cursor: string = next === '' ? '' : `&cursor=${next}`;
    const page = (await world.ask(`${path}?limit=1${cursor}`, { as: berlin.lead })).json as {
      items: { firstDay: string }[];
      next: string | null;
    };
    days.push(...page.items.map(({ firstDay }) => firstDay));
    ({ next } = page);
  }
  expect(days).toEqual(['2027-01-04', '2027-01-05', '2027-01-05', '2027-01-08']);
});

test('hours off take just those minutes from the day, also for a deadline', async () => {
  const day = { firstDay: '2026-11-24', lastDay: '2026-11-24' };
  const entered = await enter({ ...day, hours: '13:00-15:00' });
  expect(entered.json).toMatchObject({ ...day, hours: '13:00-15:00' });
  const asked = `/people/${tokyo.lead}/working-time?from=2026-11-24&to=2026-11-24`;
  const { json } = await world.ask(asked, { as: tokyo.lead });
  expect(json).toMatchObject({
    minutes: 360,
    days: [{ decidedBy: 'hoursOff', removedMinutes: 120 }],
  });
  expect((await world.ask(path, { as: berlin.lead })).json).toMatchObject({
    items: [{ hours: '13:00-15:00' }],
  });
});

describe('an uploaded calendar', () => {
  const calendar = (...days: readonly string[]) =>
    [
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      ...days.flatMap((day) => [
        'BEGIN:VEVENT',
        `UID:${day}`,
        `DTSTART;VALUE=DATE:${day}`,
        'END:VEVENT',
      ]),
      'END:VCALENDAR',
    ].join('\r\n');
  const upload = (text: string, as: PersonId = tokyo.lead, type = 'text/calendar; charset=utf-8') =>
    world.ask(`${path}/calendar`, { method: 'PUT', as, text, headers: { 'content-type': type } });

  test('becomes exactly the absences it says, and the same file twice changes nothing', async () => {
    await enter(leave);
    const first = await upload(calendar('20261224', '20261228'));
    expect([first.status, first.json]).toMatchObject([200, { added: 2, removed: 0 }]);
    expect(announced).toHaveLength(2);
    expect((await upload(calendar('20261224', '20261228'))).json).toEqual({
      added: 0,
      removed: 0,
      calendarChange: null,
    });
    expect((await upload(calendar('20261228', '20261229'))).json).toMatchObject({
      added: 1,
      removed: 1,
    });
    const { items } = (await world.ask(path, { as: tokyo.lead })).json as {
      items: { firstDay: string; source: string }[];
    };
    expect(items.map(({ firstDay, source }) => `${firstDay} ${source}`)).toEqual([
      '2026-11-24 person',
      '2026-12-28 calendar',
      '2026-12-29 calendar',
    ]);
  });

  test.each([
    [
      'that is none says where',
      'BEGIN:VCALENDAR\nNAME\nEND:VCALENDAR',
      400,
      'absence.calendar_malformed',
      '2',
    ],
    [
      'with an event that makes no sense says which',
      calendar('20261224', '20261301'),
      422,
      'absence.event_invalid',
      '7',
    ],
  ])('%s, in words, and changes nothing', async (_what, text, status, code, line) => {
    await upload(calendar('20261224'));
    const answer = await upload(text);
    expect([answer.status, answer.problem.code]).toEqual([status, code]);
    expect(answer.problem.detail).toContain(line);
    expect(await world.db.selectFrom('absence').select('id').execute()).toHaveLength(1);
  });

  test('is taken as such only, from those who may, and not larger than other bodies', async () => {
    expect((await upload(calendar('20261224'), berlin.lead)).status).toBe(403);
    expect((await upload(calendar('20261224'), tokyo.lead, 'text/plain')).status).toBe(415);
    const large = await upload(`${calendar('20261224')}${' '.repeat(300_000)}`);
    expect([large.status, large.problem.code]).toEqual([413, 'request.body_too_large']);
  });
});
