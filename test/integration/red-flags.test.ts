import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Handoff } from '../../api/handoffs/present.ts';
import { flagCheckOf } from '../../api/red-flags.ts';
import type { Actor } from '../../domain/authority.ts';
import { handoffAnswer, previewAnswer } from '../../api/handoffs/schema.ts';
import type { PersonId } from '../../domain/id.ts';
import { type ApiWorld, apiWorld, offer } from '../support/api.ts';
import { berlin, givenAccount, operator, tokyo } from '../support/handoff-organisation.ts';
import { person } from '../support/people.ts';
import { readBack } from '../support/read-back.ts';

let world: ApiWorld;
let account: string;
let accounts = 0;
const compliance = person('london-lead');
const secret = 'EUR 25,000 for the speaker, off-label';
const names = ['off_label:summary', 'payment:summary'];

beforeAll(async () => {
  world = await apiWorld();
  const role = { person_id: compliance, role: 'compliance', region_id: null };
  await world.db.insertInto('person_role').values(role).execute();
});
afterAll(() => world.drop());
beforeEach(async () => {
  account = `account-${++accounts}`;
  const since = world.clock.now() - 1_000;
  await givenAccount(world.db, { id: account as never, owner: berlin.lead, since });
});

const post = (path: string, as: PersonId, body: unknown) =>
  world.ask(path, { method: 'POST', as, body });
const body = (changes: object = {}) => ({ ...offer(account, tokyo.lead), ...changes });
async function offered(changes: object = {}): Promise<Handoff> {
  const { status, json } = await post('/handoffs', berlin.lead, body(changes));
  expect(status).toBe(201);
  return json as Handoff;
}
const read = async (id: string, as: PersonId): Promise<Handoff> =>
  (await world.ask(`/handoffs/${id}`, { as })).json as Handoff;
const logged = async () =>
  world.db
    .selectFrom('red_flag')
    .innerJoin('content', 'content.id', 'red_flag.content_id')
    .select(['code', 'place', 'kind', 'acknowledged_by'])
    .where('content.created_at', '=', world.clock.now())
    .orderBy('code')
    .execute();

test('what is warned of changes with the day of the region of whoever writes', async () => {
  const midnight = Date.parse('2026-12-31T15:00Z'); // in Tokyo
  const zone = await zoneNow('Asia/Tokyo');
  const policy = { key: 'handoff.redFlags', region_id: 'world', valid_from: '2027-01-01' };
  const value = { terms: { off_label: ['moonshine'] } };
  await world.db
    .insertInto('policy')
    .values({ ...policy, value })
    .execute();
  const flagsAt = async (now: number) => {
    const parts = { db: world.db, clock: { now: () => now } };
    const check = await flagCheckOf(parts, { region: 'world' } as Actor);
    return check([{ place: 'text', text: 'Moonshine.' }]).map(({ code }) => code);
  };
  expect(await flagsAt(midnight - 1)).toEqual([]);
  expect(await flagsAt(midnight)).toEqual(['off_label']);
  await zoneNow(zone);
  await world.db.deleteFrom('policy').where('key', '=', policy.key).execute();
});

/** Answers what it was. */
async function zoneNow(zone: string): Promise<string> {
  const region = world.db.selectFrom('region').select('zone').where('id', '=', 'world');
  const before = (await region.executeTakeFirstOrThrow()).zone;
  await world.db.updateTable('region').set({ zone }).where('id', '=', 'world').execute();
  return before;
}

describe('what the rules warn of', () => {
  beforeEach(() => {
    world.clock.moveTo(world.clock.now() + 60_000);
  });

  test('is named with its place, in the language of who asks, before anything is offered', async () => {
    const flagged = body({ summary: secret });
    const preview = await post('/handoffs/preview', berlin.lead, flagged);
    expect(previewAnswer.safeParse(preview.json).error).toBeUndefined();
    expect(preview.json).toMatchObject({
      redFlags: [
        { code: 'off_label', place: 'summary', sentence: expect.stringContaining('Zulassung') },
        { code: 'payment', place: 'summary' },
      ],
    });
    const refused = await post('/handoffs', berlin.lead, flagged);
    expect([refused.status, refused.problem.code]).toEqual([422, 'handoff.red_flags']);
    expect(refused.problem.errors?.map(({ path, code }) => `${code}:${path}`)).toEqual(names);
    expect(refused.text).not.toContain('25,000');
    expect(await logged()).toEqual([]);
    expect((await world.ask(`/handoffs?account=${account}`, { as: berlin.lead })).json).toEqual({
      items: [],
      next: null,
    });
  });

  test('is offered when each is acknowledged by its name, and logged with codes and places alone', async () => {
    const half = await post(
      '/handoffs',
      berlin.lead,
      body({ summary: secret, acknowledgedFlags: [names[0], 'payment:situation'] }),
    );
    expect(half.problem.errors?.map(({ code }) => code)).toEqual(['payment']);
    await offered({ summary: secret, acknowledgedFlags: names });
    const rows = await logged();
    expect(rows).toEqual(
      ['off_label', 'payment'].map((code) => ({
        code,
        place: 'summary',
        kind: 'handoff.packet',
        acknowledged_by: berlin.lead,
      })),
    );
  });

  test('is looked for in read-back, question, note, comment, what is to be done and each later packet too', async () => {
    const { id } = await offered();
    const late = { text: 'Bring the cash payment.', dueAt: '2026-12-01T09:00:00Z' };
    expect((await post(`/accounts/${account}/actions`, berlin.lead, late)).status).toBe(201);
    const question = { text: 'Is the patient 00482913 one of theirs?' };
    expect((await post(`/handoffs/${id}/ask`, tokyo.lead, question)).status).toBe(200);
    await post(`/handoffs/${id}/answer`, berlin.lead, { text: 'No.' });
    const { account: _account, receiver: _receiver, ...packet } = body({ situation: secret });
    const refused = await post(`/handoffs/${id}/revise`, berlin.lead, packet);
    expect(refused.problem.code).toBe('handoff.red_flags');
    const said = { ...readBack, contingency: 'They ask for off-label use: I call compliance.' };
    expect((await post(`/handoffs/${id}/accept`, tokyo.lead, said)).status).toBe(200);
    await post(`/handoffs/${id}/confirm`, berlin.lead, {});
    const note = { text: 'They paid in cash: a kickback.' };
    expect((await post(`/handoffs/${id}/notes`, berlin.lead, note)).status).toBe(201);
    const comment = { text: 'A cash payment was never asked for.' };
    expect((await post(`/loops/${id}/comments`, tokyo.lead, comment)).status).toBe(200);
    const seen = await read(id, compliance);
    expect(handoffAnswer.safeParse(seen).error).toBeUndefined();
    expect(seen.redFlags?.map(({ code, place, kind }) => `${code} ${place} ${kind}`)).toEqual(
      expect.arrayContaining([
        'patient_data text handoff.question',
        'off_label contingency handoff.synthesis',
        'payment text handoff.note',
        'payment text comment',
        'payment text account.action',
      ]),
    );
    expect(seen.redFlags).toHaveLength(5);
    expect(seen.redFlags?.map(({ isAcknowledged }) => isAcknowledged)).not.toContain(true);
    for (const other of [berlin.lead, tokyo.lead, operator, berlin.manager]) {
      expect((await read(id, other)).redFlags).toBeNull();
    }
  });

  test('is named before what shows a rating is read by anybody, and kept with who says it all the same', async () => {
    const path = `/people/${berlin.lead}/ratings`;
    const rating = { competency: 'cross-border-teamwork', level: 'advanced' };
    const seen = { ...rating, evidenceKind: 'observation', text: 'Sold it off-label.' };
    const forecast = { ...seen, competency: 'accurate-forecasting', text: 'Off by two percent.' };
    const ratings = [forecast, seen];
    const refused = await post(path, berlin.manager, { ratings });
    expect([refused.status, refused.problem.code]).toEqual([422, 'growth.red_flags']);
    const flag = 'off_label:ratings[1].text';
    expect(refused.problem.errors?.map((error) => `${error.code}:${error.path}`)).toEqual([flag]);
    expect(refused.text).not.toContain('Sold it');
    expect(await logged()).toEqual([]);

    const named = await post(path, berlin.manager, { ratings, acknowledgedFlags: [flag] });
    expect(named.status).toBe(200);
    expect(await logged()).toMatchObject([
      { code: 'off_label', kind: 'rating.sheet', acknowledged_by: berlin.manager },
    ]);
  });

  test('is listed for compliance of the region of whoever wrote it, page by page and without the words; for nobody else is there a list', async () => {
    const { db } = world;
    const list = (as: PersonId, query = '') => world.ask(`/red-flags${query}`, { as });
    await db.updateTable('person').set({ locale: 'de' }).where('id', '=', compliance).execute();
    type Listed = { items: { code: string; place: string; at: string }[]; next: string | null };
    const found: string[] = [];
    for (let [query, pages] = ['?limit=2', 0]; query !== ''; pages += 1) {
      const { text, json } = await list(compliance, query);
      expect([pages < 50, /Sold it|kickback|25,000/.test(text)]).toEqual([true, false]);
      const { items, next } = json as Listed;
      found.push(...items.map(({ at, code, place }) => `${at} ${code} ${place}`));
      query = next === null ? '' : `?limit=2&cursor=${next}`;
    }
    const all = await db.selectFrom('red_flag').select(['at', 'code', 'place']).execute();
    const rows = all.map(
      ({ at, ...flag }) => `${new Date(at).toISOString()} ${flag.code} ${flag.place}`,
    );
    expect(rows.length).toBeGreaterThan(4);
    expect(found.toSorted()).toEqual(rows.toSorted());
    const times = found.map((one) => Date.parse(one.slice(0, one.indexOf(' '))));
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    const latest = { kind: 'rating.sheet', place: 'ratings[1].text', isAcknowledged: true };
    const told = {
      sentence: expect.stringContaining('Zulassung'),
      written: 'Beleg einer Bewertung',
    };
    const author = expect.objectContaining({ id: berlin.manager });
    expect((await list(compliance)).json).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ ...latest, ...told, author })]),
    });

    for (const who of [berlin.lead, berlin.manager, tokyo.backup, operator]) {
      expect((await list(who)).status).toBe(404);
    }
    // Of another region it is for whoever looks after that one: whoever moves there takes theirs along.
    await sql`INSERT INTO region SELECT (jsonb_populate_record(r, '{"id": "elsewhere"}')).*
      FROM region r WHERE id = 'world'`.execute(db);
    const office = { person_id: tokyo.backup, role: 'compliance', region_id: 'elsewhere' };
    await db.insertInto('person_role').values(office).execute();
    expect((await list(tokyo.backup)).json).toEqual({ items: [], next: null });
    expect((await list(tokyo.backup, '?region=world')).status).toBe(404);
    const lives = (region_id: string) =>
      db.updateTable('person').set({ region_id }).where('id', '=', berlin.manager).execute();
    await lives('elsewhere');
    expect((await list(tokyo.backup)).json).toMatchObject({ items: [{ ...latest, author }] });
    expect((await list(compliance, '?region=elsewhere')).json).toMatchObject({ items: [latest] });
    expect((await list(compliance, '?cursor=nonsense')).status).toBe(400);
    await lives('world');
    await db.deleteFrom('person_role').where('person_id', '=', tokyo.backup).execute();
  });

  test('is what the region’s policy says, and what it says unreadably is as everywhere', async () => {
    const { region_id } = await world.db
      .selectFrom('person')
      .select('region_id')
      .where('id', '=', berlin.lead)
      .executeTakeFirstOrThrow();
    const policy = {
      key: 'handoff.redFlags',
      region_id,
      valid_from: '2026-01-01',
      value: { terms: { off_label: ['Sonderweg'] }, paymentsAbove: { EUR: 1_000_000 } } as unknown,
    };
    await world.db.insertInto('policy').values(policy).execute();
    const warned = async (summary: string) =>
      (await post('/handoffs', berlin.lead, body({ summary }))).problem.errors?.map(
        ({ code }) => code,
      );
    expect(await warned('Ein Sonderweg, und eine Barzahlung.')).toEqual(['off_label', 'payment']);
    await world.db
      .updateTable('policy')
      .set({ value: { terms: 'everything' } })
      .where('key', '=', policy.key)
      .execute();
    expect(await warned(secret)).toEqual(['off_label', 'payment']);
    await world.db.deleteFrom('policy').where('key', '=', policy.key).execute();
  });
});

describe('a note', () => {
  const text = 'The head of purchasing has called since.';
  const moved = async (): Promise<string> => {
    const { id } = await offered();
    await post(`/handoffs/${id}/accept`, tokyo.lead, readBack);
    await post(`/handoffs/${id}/confirm`, berlin.lead, {});
    return id;
  };

  test('adds what became known after the account had moved, and the packet stays as it was', async () => {
    const id = await moved();
    const before = await read(id, tokyo.lead);
    const made = await post(`/handoffs/${id}/notes`, berlin.lead, { text });
    expect(made.json).toMatchObject({ text, author: { id: berlin.lead } });
    const after = await read(id, tokyo.lead);
    expect(after.notes).toEqual([made.json]);
    expect({ ...after, notes: [] }).toEqual(before);
    const told = await world.db
      .selectFrom('notice')
      .select('recipient_id')
      .where('key', '=', 'message.note')
      .where('loop_id', '=', id)
      .execute();
    expect(told).toEqual([{ recipient_id: tokyo.lead }]);
  });

  test('is not for a handoff that is open or was withdrawn, nor from somebody it is not about', async () => {
    const { id } = await offered();
    const noted = async (as: PersonId) =>
      (await post(`/handoffs/${id}/notes`, as, { text })).problem.code;
    expect(await noted(berlin.lead)).toBe('handoff.not_moved');
    await post(`/handoffs/${id}/withdraw`, berlin.lead, { text });
    expect(await noted(berlin.lead)).toBe('handoff.not_moved');
    const over = await moved().catch(() => id);
    expect((await post(`/handoffs/${over}/notes`, compliance, { text })).problem.code).toBe(
      'authority.forbidden',
    );
    expect((await post(`/handoffs/${over}/notes`, tokyo.backup, { text })).problem.code).toBe(
      'request.not_found',
    );
  });

  test('sent twice under one key is one note', async () => {
    const id = await moved();
    const asking = { method: 'POST', as: berlin.lead, body: { text }, key: `key-of-${id}` };
    const first = await world.ask(`/handoffs/${id}/notes`, asking);
    await world.db.deleteFrom('idempotency').execute(); // the answer was lost
    expect((await world.ask(`/handoffs/${id}/notes`, asking)).json).toEqual(first.json);
    expect((await read(id, berlin.lead)).notes).toHaveLength(1);
  });
});
