import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiDocument } from '../../api/documents.ts';
import { insertActionItems } from '../../db/action-items.ts';
import { insertContent } from '../../db/contents.ts';
import type { ContentId } from '../../domain/id.ts';
import { type ApiWorld, type Answer, apiWorld, offer } from '../support/api.ts';
import { account, berlin, operator, tokyo } from '../support/handoff-organisation.ts';
import { person } from '../support/people.ts';
import {
  type AskedOfOne as Asked,
  givenThings,
  operationsOnThings,
} from '../support/things-unseen.ts';
import { readBack } from '../support/read-back.ts';

/** Works for another company, and is named in nothing. */
const partner = person('partner-lead');
/** A colleague, who is named in nothing either. */
const colleague = person('london-lead');
const said = { text: 'In my own words.' };
const { account: _account, receiver: _receiver, ...packet } = offer('any', tokyo.lead);
const instants = { from: '2026-12-01T08:00:00Z', until: '2026-12-02T18:00:00Z' };

/** Every operation is asked in one minute, by one person. */
const many = { burstMax: 1_000, perMinute: 6_000 };

let world: ApiWorld;
let handoff: string;
let notice: string;
let review: string;
let change: string;
let finding: string;
let webhook: string;
let cover: string;
let rotation: string;
let alert: string;

beforeAll(async () => {
  world = await apiWorld(() => ({ limits: { person: many, address: many } }));
  const { db, clock } = world;
  await db
    .insertInto('team')
    .values({ id: 'partners', name: 'Partners', kind: 'partner', region_id: 'world' })
    .execute();
  await db
    .insertInto('person')
    .values({
      id: partner,
      name: 'A partner',
      email: 'partner@example.test',
      zone: 'Asia/Tokyo',
      region_id: 'world',
      team_id: 'partners',
    })
    .execute();
  await db.insertInto('calendar_revision').values({ person_id: partner }).execute();
  const { issuer } = await db.selectFrom('identity').select('issuer').executeTakeFirstOrThrow();
  await db
    .insertInto('identity')
    .values({ issuer, subject: `subject-of-${partner}`, person_id: partner })
    .execute();
  const body = offer(account, tokyo.lead);
  const made = await world.ask('/handoffs', { method: 'POST', as: berlin.lead, body });
  handoff = (made.json as { id: string }).id;
  ({ id: notice } = await db
    .selectFrom('notice')
    .select('id')
    .where('loop_id', '=', handoff)
    .executeTakeFirstOrThrow());
  review = randomUUID();
  await db.insertInto('loop_instance').values({ id: review, loop: 'holidayReview' }).execute();
  await db
    .insertInto('holiday_review')
    .values({ id: review, region_id: 'world', day: '2027-05-05', status: 'asked' })
    .execute();
  finding = randomUUID();
  await db.insertInto('loop_instance').values({ id: finding, loop: 'outlook' }).execute();
  await db
    .insertInto('outlook')
    .values({
      id: finding,
      account_id: account,
      key: 'found',
      turn: 0,
      kind: 'leave',
      status: 'open',
      severity: 'high',
      owner_id: berlin.lead,
      asked_id: berlin.manager,
      waits_for_id: berlin.manager,
      opened_at: clock.now(),
    })
    .execute();
  cover = randomUUID();
  await db.insertInto('loop_instance').values({ id: cover, loop: 'cover' }).execute();
  await db
    .insertInto('cover')
    .values({
      id: cover,
      account_id: account,
      owner_id: berlin.lead,
      status: 'asked',
      reason: 'asked',
      period: '[2026-12-01T08:00:00Z,2026-12-02T18:00:00Z)',
      asked_at: clock.now(),
    })
    .execute();
  webhook = randomUUID();
  await db
    .insertInto('webhook_endpoint')
    .values({
      id: webhook,
      url: 'https://hooks.example.test/',
      secret: 'whsec_of-the-test',
      event_types: [],
      owner_id: operator,
      created_at: clock.now(),
    })
    .execute();
  alert = randomUUID();
  await db.insertInto('loop_instance').values({ id: alert, loop: 'alert' }).execute();
  await givenAlert(alert);
  rotation = randomUUID();
  await db.insertInto('loop_instance').values({ id: rotation, loop: 'rotation' }).execute();
  const { packet_id: packetId } = await db
    .selectFrom('handoff')
    .select('packet_id')
    .where('id', '=', handoff)
    .executeTakeFirstOrThrow();
  await db
    .insertInto('rotation')
    .values({
      id: rotation,
      account_id: account,
      starter_id: berlin.lead,
      members: [berlin.lead, tokyo.lead],
      holder_id: berlin.lead,
      lead_minutes: 60,
      packet_id: packetId,
      started_at: clock.now(),
    })
    .execute();
  await givenThings(world);
  change = randomUUID();
  await db
    .insertInto('calendar_change')
    .values({ id: change, reason: 'holiday', people: [], at: clock.now() })
    .execute();
});
afterAll(() => world.drop());

const anItem = randomUUID();
const codes: Readonly<Record<number, string>> = {
  404: 'request.not_found',
  403: 'authority.forbidden',
};
const ofHandoff = (body?: unknown): Asked => ({ id: () => handoff, body });
const ofReview = (body?: unknown): Asked => ({ id: () => review, body });
const ofFinding = (body?: unknown): Asked => ({ id: () => finding, body });
const ofCover = (body?: unknown): Asked => ({ id: () => cover, body });
const ofWebhook = (body?: unknown): Asked => ({ id: () => webhook, body });
/** To be done by Berlin's lead, and theirs to see. */
async function givenAlert(id: string): Promise<void> {
  const { db, clock } = world;
  const [text, item, at] = [randomUUID(), randomUUID(), clock.now()];
  const content = { id: text as ContentId, kind: 'account.action', body: { text: 'Call' } };
  await insertContent(db, { ...content, author: berlin.lead, at });
  const entered = { id: item, account, content: content.id, dueAt: at, owner: berlin.lead };
  await insertActionItems(db, [{ ...entered, handoff: null, isLate: false }], {
    by: berlin.lead,
    at,
  });
  await db
    .insertInto('alert')
    .values({
      id,
      account_id: account,
      owner_id: berlin.lead,
      raiser_id: berlin.lead,
      status: 'calling',
      text_id: text,
      item_id: item,
      due_at: at,
      answer_minutes: 15,
      raised_at: at,
    })
    .execute();
}

const ofAlert = (body?: unknown): Asked => ({ id: () => alert, body });
const ofRotation = (body?: unknown): Asked => ({ id: () => rotation, body });
const ofAccount: Asked = { id: () => account, missing: 'no-account' };
const ofPerson: Asked = { id: () => berlin.lead, missing: 'nobody' };

/** A feed is its reader's own, and is revoked also of what they no longer see. */
const revoked = { status: 200 };

/** Every operation on one thing, asked in a way that nothing is wrong with. */
const operations: Readonly<Record<string, Asked>> = {
  ...operationsOnThings,
  'GET /handoffs/{id}': ofHandoff(),
  'GET /handoffs/{id}/explain': ofHandoff(),
  'POST /handoffs/{id}/accept': ofHandoff(readBack),
  'POST /handoffs/{id}/answer': ofHandoff(said),
  'POST /handoffs/{id}/ask': ofHandoff(said),
  'POST /handoffs/{id}/confirm': ofHandoff({}),
  'POST /handoffs/{id}/decline': ofHandoff(said),
  'POST /handoffs/{id}/hold': ofHandoff({}),
  'POST /handoffs/{id}/notes': ofHandoff(said),
  'POST /handoffs/{id}/reassign': ofHandoff({ to: tokyo.backup }),
  'POST /handoffs/{id}/resume': ofHandoff({}),
  'POST /handoffs/{id}/revise': ofHandoff(packet),
  'POST /handoffs/{id}/send-back': ofHandoff(said),
  'POST /handoffs/{id}/withdraw': ofHandoff(said),
  'GET /people/{id}': ofPerson,
  'GET /people/{id}/absences': ofPerson,
  'POST /people/{id}/absences': {
    ...ofPerson,
    body: { firstDay: '2026-12-24', lastDay: '2026-12-24' },
  },
  'DELETE /people/{id}/absences/{absence}': ofPerson,
  'PUT /people/{id}/absences/calendar': {
    ...ofPerson,
    text: 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n',
    type: 'text/calendar',
  },
  'POST /people/{id}/mail/turn-on': { ...ofPerson, body: { address: 'a@example.test' } },
  'GET /people/{id}/working-time': { ...ofPerson, query: '?from=2026-12-01&to=2026-12-02' },
  'PUT /people/{id}/calendar-feed': ofPerson,
  'DELETE /people/{id}/calendar-feed': { ...ofPerson, ...revoked },
  'GET /accounts/{id}': ofAccount,
  'GET /accounts/{id}/custody': ofAccount,
  'GET /accounts/{id}/actions': ofAccount,
  'POST /accounts/{id}/actions': {
    ...ofAccount,
    body: { text: 'Call', dueAt: '2026-12-01T09:00:00Z' },
  },
  'POST /accounts/{id}/actions/{item}/assign': { ...ofAccount, body: { to: berlin.lead } },
  'POST /accounts/{id}/actions/{item}/done': { ...ofAccount, body: {} },
  'POST /accounts/{id}/actions/{item}/reopen': { ...ofAccount, body: {} },
  'PUT /accounts/{id}/calendar-feed': ofAccount,
  'DELETE /accounts/{id}/calendar-feed': { ...ofAccount, ...revoked },
  'GET /calendar-changes/{id}': { id: () => change },
  'GET /rotations/{id}': ofRotation(),
  'POST /rotations/{id}/change': ofRotation({ members: [berlin.lead, tokyo.lead] }),
  'POST /rotations/{id}/end': ofRotation({}),
  'POST /rotations/{id}/hold': ofRotation({}),
  'POST /rotations/{id}/resume': ofRotation({}),
  'GET /accounts/{id}/alerts': ofAccount,
  'GET /alerts/{id}': ofAlert(),
  'POST /alerts/{id}/acknowledge': ofAlert({}),
  'POST /alerts/{id}/withdraw': ofAlert({}),
  'POST /alerts/{id}/hold': ofAlert({}),
  'POST /alerts/{id}/resume': ofAlert({}),
  'GET /accounts/{id}/covers': ofAccount,
  'GET /covers/{id}': ofCover(),
  'POST /covers/{id}/take': ofCover({}),
  'POST /covers/{id}/refuse': ofCover({}),
  'POST /covers/{id}/withdraw': ofCover({}),
  'POST /covers/{id}/hand-back': ofCover(said),
  'POST /covers/{id}/end': ofCover({}),
  'POST /covers/{id}/hold': ofCover({}),
  'POST /covers/{id}/resume': ofCover({}),
  'GET /regions/{id}/fairness': { id: () => 'world', missing: 'no-region' },
  'GET /accounts/{id}/scorecard': ofAccount,
  'GET /accounts/{id}/outlook': ofAccount,
  'GET /findings/{id}': ofFinding(),
  'POST /findings/{id}/acknowledge': ofFinding({ until: '2026-12-24', reason: 'Seen to.' }),
  'GET /regions/{id}/scorecard': { id: () => 'world', missing: 'no-region' },
  'GET /teams/{id}/scorecard': { id: () => 'team', missing: 'no-team' },
  'GET /loops/{id}/comments': { id: () => handoff },
  'POST /loops/{id}/comments': ofHandoff({ text: 'One more thing.' }),
  'GET /loops/{id}/notices': { id: () => handoff },
  'GET /notices/{id}/explain': { id: () => notice },
  'DELETE /webhooks/{id}': ofWebhook(),
  'POST /webhooks/{id}/rotate': ofWebhook({}),
  'GET /webhooks/{id}/deliveries': ofWebhook(),
  'GET /holiday-reviews/{id}': ofReview(),
  'POST /holiday-reviews/{id}/confirm': ofReview({}),
  'POST /holiday-reviews/{id}/correct': ofReview({ movedTo: null }),
};

/** Holidays are nobody's secret. */
const open = ['GET /regions/{id}/holidays'];

async function answerTo(name: string, as: typeof partner, id: string): Promise<Answer> {
  const [method = '', path = ''] = name.split(' ');
  const { body, text, type, query = '', headers = {} } = operations[name] ?? {};
  const address =
    path
      .replace('{id}', id)
      .replace('{absence}', 'an-absence')
      .replace('{item}', anItem)
      .replace('{attachment}', anItem) + query;
  return world.ask(address, {
    method,
    as,
    body,
    ...(text !== undefined && { text }),
    headers: { ...(type !== undefined && { 'content-type': type }), ...headers },
  });
}

test('every operation on one thing is asked about here', () => {
  const { paths = {} } = apiDocument(world.app, '0');
  const documented = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const onOne = documented.filter((name) => name.includes('{id}') && !open.includes(name));
  expect(Object.keys(operations).toSorted()).toEqual(onOne.toSorted());
});

describe('what somebody may not see is to them what does not exist, byte for byte:', () => {
  test.each(Object.entries(operations))('%s', async (name, { id, missing, status = 404 }) => {
    const unseen = await answerTo(name, partner, id());
    const unknown = await answerTo(name, partner, missing ?? randomUUID());
    expect([unseen.status, unknown.status]).toEqual([status, status]);
    expect(unseen.problem.code).toBe(codes[status]);
    expect(unseen.text).toBe(unknown.text);
    expect(unseen.headers.get('etag')).toBeNull();
  });

  test.each(Object.keys(operations).filter((name) => name.includes('/handoffs')))(
    '%s, for a colleague',
    async (name) => {
      expect((await answerTo(name, colleague, handoff)).status).toBe(404);
    },
  );

  test('people in the body of a request', async () => {
    const slot = (of: string) =>
      world.ask('/slots', {
        method: 'POST',
        as: partner,
        body: { people: [of], ...instants, minutes: 30 },
      });
    const unseen = await slot(berlin.lead);
    expect([unseen.status, unseen.problem.code]).toEqual([422, 'person.unknown']);
    const unknown = await slot('no-person');
    expect(unseen.text.replaceAll(berlin.lead, 'no-person')).toBe(unknown.text);
  });

  test('an account in the body of a request', async () => {
    const preview = (of: string) =>
      world.ask('/handoffs/preview', { method: 'POST', as: partner, body: offer(of, partner) });
    const unseen = await preview(account);
    expect([unseen.status, unseen.problem.code]).toEqual([422, 'handoff.account_unknown']);
    expect(unseen.text).toBe((await preview('no-account')).text);
  });

  test('items of lists', async () => {
    const itemsOf = async (path: string, as = partner) =>
      ((await world.ask(path, { as })).json as { items: unknown[] }).items;
    const lists = ['/handoffs', '/tasks', '/accounts', `/tasks?person=${tokyo.lead}`];
    for (const path of lists) expect([path, await itemsOf(path)]).toEqual([path, []]);
    expect(await itemsOf('/people')).toMatchObject([{ id: partner }]);
    expect(await itemsOf('/handoffs', colleague)).toEqual([]);
  });
});

test('nothing of it happened', async () => {
  const { db } = world;
  const steps = await db.selectFrom('transition').select('command_type').execute();
  expect(steps).toEqual([{ command_type: 'offer' }]);
  expect(await db.selectFrom('absence').select('id').execute()).toEqual([]);
  expect(await db.selectFrom('calendar_feed').selectAll().execute()).toEqual([]);
});

test('who owned an account is told to colleagues for any instant, with its offset', async () => {
  const at = async (instant: string) => {
    const answer = await world.ask(`/accounts/${account}?at=${encodeURIComponent(instant)}`, {
      as: colleague,
    });
    return (answer.json as { custodian: { id: string } | null }).custodian?.id ?? null;
  };
  const accept = { method: 'POST', as: tokyo.lead, body: readBack } as const;
  expect((await world.ask(`/handoffs/${handoff}/accept`, accept)).status).toBe(200);
  world.clock.moveTo(world.clock.now() + 3_600_000); // 11:00 in Berlin
  const confirm = { method: 'POST', as: berlin.lead, body: {} } as const;
  expect((await world.ask(`/handoffs/${handoff}/confirm`, confirm)).status).toBe(200);
  world.clock.moveTo(world.clock.now() + 3_600_000);
  expect(await at('2026-11-23T10:59:59.999+01:00')).toBe(berlin.lead);
  expect(await at('2026-11-23T11:00:00+01:00')).toBe(tokyo.lead);
  expect(await at('2026-11-23T19:00:00+09:00')).toBe(tokyo.lead);
  expect(await at('2026-11-20T00:00:00Z')).toBeNull();
});

test('what was read or settled carries the revision that it shows', async () => {
  const read = await world.ask(`/handoffs/${handoff}`, { as: operator });
  const { revision } = read.json as { revision: number };
  expect(read.headers.get('etag')).toBe(`"${revision}"`);
});
