import { afterAll, beforeAll, expect, test } from 'vitest';
import { layers } from '../../domain/time/explain.ts';
import { inconveniences } from '../../domain/time/inconvenience.ts';
import { catalogues } from '../../locales/catalogue.ts';
import { apiWorld, type ApiWorld } from '../support/api.ts';
import { berlin, tokyo } from '../support/handoff-organisation.ts';

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
  await world.db
    .insertInto('absence')
    .values({
      id: 'leave',
      person_id: berlin.lead,
      first_day: '2027-03-29',
      last_day: '2027-03-29',
    })
    .execute();
});
afterAll(() => world.drop());

const asked = (from: string, to: string, as = tokyo.lead) =>
  world.ask(`/people/${berlin.lead}/working-time?from=${from}&to=${to}`, { as });

test('a colleague sees when somebody works across a clock change, and why not', async () => {
  const answer = await asked('2027-03-26', '2027-03-30'); // Friday to Tuesday; clocks change on Sunday
  expect(answer.status).toBe(200);
  expect(answer.json).toMatchObject({
    person: berlin.lead,
    zone: 'Europe/Berlin',
    minutes: 960,
    stretches: [
      {
        from: '2027-03-26T08:00:00.000Z',
        until: '2027-03-26T16:00:00.000Z',
        localFrom: '2027-03-26T09:00+01:00[Europe/Berlin]',
      },
      { from: '2027-03-30T07:00:00.000Z', localFrom: '2027-03-30T09:00+02:00[Europe/Berlin]' },
    ],
    days: [
      { day: '2027-03-26', decidedBy: 'week', removedMinutes: 0 },
      { day: '2027-03-27', decidedBy: 'week' },
      { day: '2027-03-28', decidedBy: 'week' },
      {
        day: '2027-03-29',
        decidedBy: 'absence',
        removedMinutes: 480,
        steps: [{ layer: 'absence', removedMinutes: 480, removed: ['09:00-17:00'], added: [] }],
        why: '不在の日です。',
      },
      { day: '2027-03-30', decidedBy: 'week' },
    ],
  });
});

test('a holiday is told by its name in the reader’s language, and when it is not certain yet', async () => {
  const { region } = await world.db
    .selectFrom('person')
    .select('region_id as region')
    .where('id', '=', berlin.lead)
    .executeTakeFirstOrThrow();
  const holiday = { region_id: region, kind: 'off', source: 'The law', fetched_at: 0 };
  const day = (on: string, name: string, names: object, status: string) => ({
    ...holiday,
    day: on,
    name,
    names,
    status,
  });
  await world.db
    .insertInto('published_holiday')
    .values([
      day('2027-05-06', 'Himmelfahrt', { ja: '昇天祭' }, 'confirmed'),
      day('2027-05-07', 'Brückentag', { de: 'Brückentag', en: 'Bridge day' }, 'provisional'),
    ])
    .execute();
  const answer = await asked('2027-05-06', '2027-05-07');
  const isolated = (text: string) => `\u2068${text}\u2069`;
  expect(answer.json).toMatchObject({
    minutes: 0,
    days: [
      {
        decidedBy: 'off',
        holiday: { name: 'Himmelfahrt', status: 'confirmed', source: 'The law' },
        why: `${isolated('昇天祭')}: 祝日です。`,
      },
      {
        holiday: { status: 'provisional' },
        why: `${isolated('Bridge day (英語)')}: 祝日の予定ですが、まだ確定していません。`,
      },
    ],
  });
});

test.each([
  ['a day that is none', '2027-02-30', '2027-03-01', 'request.invalid'],
  ['days the wrong way round', '2027-03-02', '2027-03-01', 'time.range_reversed'],
  ['a range that is too long', '2027-01-01', '2027-12-31', 'time.range_too_long'],
  ['a day beyond what is known', '2190-01-01', '2190-01-02', 'time.horizon'],
])('%s is refused by its own name', async (_name, from, to, code) => {
  const answer = await asked(from, to);
  expect([answer.status, answer.problem.code]).toEqual([422, code]);
});

test('whom one may not see has no working time', async () => {
  const answer = await world.ask('/people/nobody/working-time?from=2027-01-01&to=2027-01-02', {
    as: tokyo.lead,
  });
  expect(answer.status).toBe(404);
});

test.each([...catalogues])(
  '%s has a sentence for every layer and for every inconvenience',
  (_locale, catalogue) => {
    const { decided, slot } = catalogue['calendar'] as Record<string, object>;
    expect(Object.keys(decided ?? {}).sort()).toEqual([...layers].sort());
    expect(Object.keys(slot ?? {}).sort()).toEqual([...inconveniences].sort());
  },
);

const wanted = {
  people: [berlin.lead, tokyo.lead],
  from: '2027-03-15T00:00:00Z',
  until: '2027-03-16T00:00:00Z',
  minutes: 30,
};
const slots = (body: unknown) => world.ask('/slots', { method: 'POST', as: tokyo.lead, body });

test('a meeting between Berlin and Tokyo lies where it costs whoever it costs most the least', async () => {
  const answer = await slots(wanted);
  expect(answer.status).toBe(200);
  const { from, worst, people } = answer.json as {
    from: string;
    worst: number;
    people: {
      person: string;
      points: number;
      localFrom: string;
      reasons: { sentence: string }[];
    }[];
  };
  // Tokyo works until 08:00 UTC and Berlin from then on: a quarter of an hour outside for each.
  expect(from).toBe('2027-03-15T07:45:00.000Z');
  expect(people.map(({ person, points }) => [person, points <= worst])).toEqual([
    [berlin.lead, true],
    [tokyo.lead, true],
  ]);
  expect(people[0]?.localFrom).toBe('2027-03-15T08:45+01:00[Europe/Berlin]');
  expect(people[0]?.reasons[0]?.sentence).toBe('勤務時間外の分数: 15。');
});

test.each([
  ['with nobody', { people: [] }, 'request.invalid'],
  ['with somebody nobody knows', { people: ['nobody'] }, 'person.unknown'],
  ['longer than its range', { until: '2027-03-15T00:20:00Z' }, 'slot.none_fits'],
  ['in a range of a year', { until: '2028-03-15T00:00:00Z' }, 'time.range_too_long'],
  ['that ends before it begins', { until: '2027-03-14T00:00:00Z' }, 'slot.none_fits'],
  ['of no length', { minutes: 0 }, 'request.invalid'],
  [
    'in another age',
    { from: '2190-01-01T00:00:00Z', until: '2190-01-02T00:00:00Z' },
    'time.horizon',
  ],
])('a meeting %s is refused by its own name', async (_name, change, code) => {
  const answer = await slots({ ...wanted, ...change });
  expect([answer.status, answer.problem.code]).toEqual([422, code]);
});
