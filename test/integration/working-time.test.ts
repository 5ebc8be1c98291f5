import { afterAll, beforeAll, expect, test } from 'vitest';
import { layers } from '../../domain/time/explain.ts';
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
      { day: '2027-03-29', decidedBy: 'absence', removedMinutes: 480, why: '不在の日です。' },
      { day: '2027-03-30', decidedBy: 'week' },
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

test.each([...catalogues])('%s says of every layer what it decided', (_locale, catalogue) => {
  const { decided } = catalogue['calendar'] as { decided: Record<string, string> };
  expect(Object.keys(decided).sort()).toEqual([...layers].sort());
});
