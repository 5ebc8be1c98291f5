/** Exchange rates over HTTP: who may import them, what a bad file says, and how old each is. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PersonId } from '../../../domain/id.ts';
import { type ApiWorld, apiWorld } from '../../support/api.ts';
import { berlin, tokyo } from '../../support/handoff-organisation.ts';

let world: ApiWorld;
const admin = berlin.manager;
beforeAll(async () => {
  world = await apiWorld();
  await world.db
    .insertInto('person_role')
    .values([
      { person_id: admin, role: 'admin' },
      { person_id: tokyo.manager, role: 'admin', region_id: 'world' },
    ])
    .execute();
});
afterAll(() => world.drop());

const sends = (csv: string, as: PersonId = admin) =>
  world.ask('/exchange-rates', { method: 'POST', as, body: { csv } });
const file = 'Date,USD,JPY,CYP,\n2026-11-20,1.0777,161.02,N/A,\n2026-11-19,1.08,160.5,N/A,\n';

test('the file of the central bank is imported once, by an admin of the whole organisation alone', async () => {
  const first = await sends(file);
  expect(first.json).toEqual({ added: 4, known: 0, differing: 0, kept: [] });
  expect((await sends(file)).json).toEqual({ added: 0, known: 4, differing: 0, kept: [] });
  const changed = await sends(file.replace('1.0777', '1.1'));
  expect(changed.json).toMatchObject({
    differing: 1,
    kept: [{ day: '2026-11-20', currency: 'USD', given: '1.1' }],
  });
  expect((await sends(file, tokyo.manager)).status).toBe(403);
  expect((await sends(file, berlin.lead)).status).toBe(403);
  expect((await world.ask('/exchange-rates', { as: null })).status).toBe(401);
});

test('the daily file, whose days are words, is the same to us', async () => {
  const answer = await sends('Date, USD, CHF, \n23 November 2026, 1.0900, 0.9312, \n');
  expect(answer.json).toMatchObject({ added: 2 });
});

test('a line that is not as published is named, and nothing of its file is kept', async () => {
  const bad = {
    'Day,USD\n2026-11-18,1': 1,
    'Date,USD\n2026-11-18,1.1\n2026-02-30,1': 3,
    'Date,USD\n31 Smarch 2026,1.1': 2,
    'Date,USD\n2026-11-18,-1': 2,
    'Date,USD\n2026-11-18,１.1': 2,
    'Date,USD\n2026-11-18,1.1,2': 2,
  };
  for (const [csv, line] of Object.entries(bad)) {
    const { status, problem } = await sends(csv);
    expect([csv, status]).toEqual([csv, 422]);
    expect(problem.type).toContain('money.rates_unreadable');
    expect(problem.detail).toContain(String(line));
  }
  const huge = await sends(`Date,USD\n${'9'.repeat(3 * 1_048_576)}`);
  expect(huge.status).toBe(413);
  const rates = await world.db.selectFrom('exchange_rate').select('day').execute();
  expect(rates.filter(({ day }) => day === '2026-11-18')).toEqual([]);
});

test('each rate is told with its source and how old it is on the day that is asked for', async () => {
  const { json } = await world.ask('/exchange-rates?day=2026-11-21', { as: tokyo.lead });
  expect(json).toMatchObject({
    items: [
      { currency: 'JPY', unitsPerEuro: '161.02', day: '2026-11-20', ageDays: 1, source: 'ECB' },
      { currency: 'USD', unitsPerEuro: '1.0777', day: '2026-11-20', ageDays: 1, source: 'ECB' },
    ],
  });
  const one = await world.ask('/exchange-rates?currency=CHF&day=2026-11-30', { as: tokyo.lead });
  expect(one.json).toMatchObject({ items: [{ currency: 'CHF', ageDays: 7 }] });
  world.clock.moveTo(Date.parse('2026-11-24T23:30Z')); // the next day where the reader's region is
  const region = world.db.updateTable('region').set({ zone: 'Asia/Tokyo' });
  await region.where('id', '=', 'world').execute();
  const today = await world.ask('/exchange-rates?currency=USD', { as: tokyo.lead });
  expect(today.json).toMatchObject({ items: [{ day: '2026-11-23', ageDays: 2 }] });
  const none = await world.ask('/exchange-rates?day=1999-01-01', { as: tokyo.lead });
  expect(none.json).toEqual({ items: [] });
  expect((await world.ask('/exchange-rates?day=soon', { as: tokyo.lead })).status).toBe(422);
});
