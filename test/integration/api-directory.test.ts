import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importDirectory } from '../../api/directory/import-directory.ts';
import { type ApiWorld, apiWorld } from '../support/api.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { person } from '../support/people.ts';
import { issuer } from '../support/tokens.ts';

const demo = readFileSync(new URL('../../bin/demo/organisation.json', import.meta.url), 'utf8');
const admin = person('admin');
let world: ApiWorld;
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  world = await apiWorld(() => ({ db: database.db }));
  const imported = await importDirectory({ ...database, clock: world.clock }, { json: demo });
  if (!imported.ok) throw new Error('the demo organisation is imported');
  await database.db
    .insertInto('identity')
    .values({ issuer, subject: `subject-of-${admin}`, person_id: admin })
    .execute();
});
afterAll(async () => {
  await world.drop();
  await database.drop();
});

const put = (text: string, headers: Record<string, string> = {}) =>
  world.ask('/directory', { method: 'PUT', as: admin, text, headers });

describe('PUT /directory', () => {
  test('takes the organisation’s file as JSON, larger than any other body', async () => {
    const answer = await put(`${demo}${' '.repeat(1_000_000)}`);
    expect([answer.status, (answer.json as { isUnchanged: boolean }).isUnchanged]).toEqual([
      200,
      true,
    ]);
  });

  test('tells every mistake with its place, in words', async () => {
    const file = JSON.parse(demo) as { people: { zone: string; locale?: string }[] };
    const first = file.people[0];
    if (first) first.zone = 'Europe/Berlni';
    const second = file.people[1];
    if (second) second.locale = 'tlh';
    const answer = await put(JSON.stringify(file));
    expect([answer.status, answer.problem.code]).toEqual([422, 'directory.invalid']);
    expect(answer.problem.errors).toEqual([
      {
        path: 'people[0].zone',
        code: 'zone_unknown',
        detail: expect.stringContaining('Europe/Berlin'),
      },
      {
        path: 'people[1].locale',
        code: expect.stringMatching(/^locale/),
        detail: expect.stringContaining('tlh'),
      },
    ]);
  });

  test('takes one CSV file a noun as parts of a form', async () => {
    const form = new FormData();
    form.append('people.csv', 'id,name\nx,Somebody\n');
    form.append('pepole.csv', new File(['id\n'], 'pepole.csv'));
    const request = new Request('https://meridian.test/directory', { method: 'PUT', body: form });
    const answer = await world.app.request('/directory', {
      method: 'PUT',
      body: await request.arrayBuffer(),
      headers: {
        authorization: `Bearer ${await world.tokens.of(`subject-of-${admin}`)}`,
        'content-type': request.headers.get('content-type') ?? '',
      },
    });
    const { code, errors } = (await answer.json()) as {
      code: string;
      errors: { path: string; code: string }[];
    };
    expect([answer.status, code]).toEqual([422, 'directory.invalid']);
    expect(errors).toContainEqual(expect.objectContaining({ path: 'pepole.csv' }));
    expect(errors).toContainEqual(expect.objectContaining({ path: 'accounts.csv' }));
    expect(errors.map(({ path }) => path)).not.toContain('people.csv');
  });

  test.each([
    ['half a file', '{"people": [', 400, 'directory.malformed', 'application/json'],
    ['depth', '['.repeat(50_000), 400, 'request.too_deep', 'application/json'],
    ['a form that is none', 'people', 400, 'directory.malformed', 'multipart/form-data'],
    ['another kind', '<directory/>', 415, 'request.media_type', 'application/xml'],
  ])('refuses %s', async (_name, text, status, code, type) => {
    const answer = await put(text, { 'content-type': type });
    expect([answer.status, answer.problem.code]).toEqual([status, code]);
  });

  test('is not even read from whoever may not send it', async () => {
    const lead = person('berlin-lead');
    await database.db
      .insertInto('identity')
      .values({ issuer, subject: `subject-of-${lead}`, person_id: lead })
      .execute();
    const answer = await world.ask('/directory', { method: 'PUT', as: lead, text: '{"people": [' });
    expect([answer.status, answer.problem.code]).toEqual([403, 'authority.forbidden']);
  });

  test('has a limit too', async () => {
    const answer = await put(' '.repeat(33 * 1_024 * 1_024));
    expect([answer.status, answer.problem.code]).toEqual([413, 'request.body_too_large']);
  });
});
