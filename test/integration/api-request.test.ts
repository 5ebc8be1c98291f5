import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { serve, type Served } from '../../api/serve.ts';
import { type ApiWorld, apiWorld, offer, publicUrl } from '../support/api.ts';
import { account, berlin, givenAccount, operator, tokyo } from '../support/handoff-organisation.ts';
import { givenLoop, givenNotice } from '../support/notices.ts';
import { readBack } from '../support/read-back.ts';

let world: ApiWorld;
let accounts = 0;
let body: ReturnType<typeof offer>;
beforeAll(async () => {
  world = await apiWorld();
});
afterAll(() => world.drop());
beforeEach(async () => {
  const id = `account-${++accounts}`;
  const since = world.clock.now() - 1_000;
  await givenAccount(world.db, { id: id as never, owner: berlin.lead, since });
  body = offer(id, tokyo.lead);
});

const post = { method: 'POST', as: berlin.lead } as const;
const told = async (asking: Parameters<ApiWorld['ask']>[1], path = '/handoffs') => {
  const { status, problem } = await world.ask(path, asking);
  return [status, problem.code];
};
const handoffsNow = async (): Promise<number> =>
  (await world.db.selectFrom('handoff').select('id').execute()).length;

describe('what cannot be read is refused, and nothing happens:', () => {
  const large = `{"summary":"${'a'.repeat(30_000_000)}"}`;
  const rows: readonly [string, Parameters<ApiWorld['ask']>[1], [number, string]][] = [
    ['half a JSON', { text: '{"account":' }, [400, 'request.malformed_json']],
    ['no body', { text: '' }, [400, 'request.malformed_json']],
    ['30 MB', { text: large }, [413, 'request.body_too_large']],
    [
      'a large body of no stated length',
      { text: large, headers: { 'transfer-encoding': 'chunked' } },
      [413, 'request.body_too_large'],
    ],
    ['100,000 nested lists', { text: '['.repeat(100_000) }, [400, 'request.too_deep']],
    [
      'brackets in a text are no depth',
      { text: JSON.stringify({ account: '[{'.repeat(100) }) },
      [422, 'request.invalid'],
    ],
    [
      'a form',
      { text: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      [415, 'request.media_type'],
    ],
    ['no media type', { text: '{}', headers: { 'content-type': '' } }, [415, 'request.media_type']],
    ['a list', { body: [] }, [422, 'request.invalid']],
  ];
  test.each(rows)('%s', async (_name, asking, expected) => {
    const before = await handoffsNow();
    expect(await told({ ...post, ...asking })).toEqual(expected);
    expect(await handoffsNow()).toBe(before);
  });

  test('every place that breaks a rule is named', async () => {
    const wrong = { ...body, severity: 'huge', actions: [{ text: '', owner: 'x', dueAt: 'noon' }] };
    const { problem } = await world.ask('/handoffs', { ...post, body: wrong });
    expect(problem.errors?.map(({ path }) => path)).toEqual([
      'body.severity',
      'body.actions[0].text',
      'body.actions[0].dueAt',
    ]);
  });

  test('a field that is not known is named too, and so is one of the address', async () => {
    const { problem } = await world.ask('/handoffs', { ...post, body: { ...body, extra: 1 } });
    expect(problem.errors).toMatchObject([{ path: 'body.extra', code: 'unknown_field' }]);
    const page = await world.ask('/handoffs?limit=9999', { as: berlin.lead });
    expect(page.problem.errors).toMatchObject([{ path: 'query.limit' }]);
    const read = await world.ask('/handoffs/not-an-id', { as: berlin.lead });
    expect(read.problem.errors).toMatchObject([{ path: 'path.id' }]);
  });

  test.each(['garbage', 'WzEsMl0', 'W251bGwsbnVsbF0', 'WzEsIngiXQ'])(
    'the cursor %s',
    async (cursor) => {
      for (const path of ['/handoffs', '/tasks', '/people']) {
        const answer = await world.ask(`${path}?cursor=${cursor}`, { as: berlin.lead });
        expect([path, answer.status, answer.problem.code]).toEqual([
          path,
          400,
          'request.cursor_invalid',
        ]);
      }
    },
  );
});

describe('what is not there', () => {
  test('is not found by an unknown address, without a token too', async () => {
    expect(await told({ as: berlin.lead }, '/handoff')).toEqual([404, 'request.not_found']);
    expect(await told({}, '/nothing/at/all')).toEqual([404, 'request.not_found']);
  });

  test('another method says which there are', async () => {
    const answer = await world.ask('/handoffs', { method: 'DELETE', as: berlin.lead });
    expect([answer.status, answer.problem.code]).toEqual([405, 'request.method_not_allowed']);
    expect(answer.headers.get('allow')?.split(', ').toSorted()).toEqual(['GET', 'POST']);
  });

  test('and what one may not see answer alike, byte for byte', async () => {
    const made = await world.ask('/handoffs', { ...post, body });
    const { id } = made.json as { id: string };
    const unseen = await world.ask(`/handoffs/${id}`, { as: 'london-lead' as never });
    const missing = await world.ask('/handoffs/0190a0a0-0000-7000-8000-000000000000', {
      as: 'london-lead' as never,
    });
    expect([unseen.status, unseen.text]).toEqual([404, missing.text]);
  });
});

describe('a problem', () => {
  test('is a problem document that names its code and where it is explained', async () => {
    const answer = await world.ask('/handoffs', { as: berlin.lead, method: 'PUT' });
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.problem).toMatchObject({
      type: `${publicUrl}/docs/problems#request.method_not_allowed`,
      status: 405,
      code: 'request.method_not_allowed',
    });
  });

  test('of nobody expected tells an id, and the log what it was without a word of anybody', async () => {
    const secret = 'St. Hedwig pays late';
    const clumsy = await apiWorld(() => ({
      loops: {
        start: () => Promise.reject(new TypeError(secret)),
        send: () => Promise.reject(new TypeError(secret)),
        isReachable: async () => false,
      },
    }));
    const answer = await clumsy.ask('/handoffs', { ...post, body: offer(account, tokyo.lead) });
    const requestId = answer.headers.get('request-id');
    expect([answer.status, answer.problem.code]).toEqual([500, 'request.internal']);
    expect(answer.problem.detail).toContain(requestId);
    expect(clumsy.lines).toContainEqual(expect.objectContaining({ requestId, name: 'TypeError' }));
    const log = JSON.stringify(clumsy.lines);
    for (const text of [secret, 'contract is signed', berlin.lead, 'subject-of', account]) {
      expect(log).not.toContain(text);
      expect(answer.text).not.toContain(secret);
    }
    const ready = await clumsy.ask('/readyz');
    expect([ready.status, ready.json]).toEqual([503, { database: true, temporal: false }]);
    await clumsy.drop();
  });
});

describe('the revision one decided upon', () => {
  test('travels as an ETag and comes back as If-Match', async () => {
    const made = await world.ask('/handoffs', { ...post, body });
    const { id } = made.json as { id: string };
    const etag = made.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"\d+"$/);
    const accept = (header: string) =>
      world.ask(`/handoffs/${id}/accept`, {
        method: 'POST',
        as: tokyo.lead,
        body: readBack,
        headers: { 'if-match': header },
      });
    for (const header of ['3', 'W/"3"', '*', '"three"', '"1", "2"', '']) {
      const answer = await accept(header);
      expect([header, answer.status]).toEqual([header, 400]);
      expect(answer.problem.code).toBe('request.if_match_invalid');
    }
    const stale = await accept('"99"');
    expect([stale.status, stale.problem.code]).toEqual([412, 'request.revision_stale']);
    const accepted = await accept(etag);
    expect(accepted.status).toBe(200);
    expect(accepted.headers.get('etag')).not.toBe(etag);
  });
});

describe('over a real connection', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve({ app: world.app, host: '127.0.0.1', port: 0 });
  });
  afterAll(() => served.stop());

  test('30 MB are refused before they have arrived', async () => {
    const token = await world.tokens.of(`subject-of-${berlin.lead}`);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const large = 'a'.repeat(30_000_000);
    const answer = await fetch(`${served.url}/handoffs`, { method: 'POST', headers, body: large });
    expect(answer.status).toBe(413);
    expect((await fetch(`${served.url}/livez`)).status).toBe(200);
  });

  test('a browser may show an answer and do nothing else with it', async () => {
    const { headers } = await fetch(`${served.url}/livez`);
    const policy = headers.get('content-security-policy') ?? '';
    for (const rule of ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"]) {
      expect(policy).toContain(rule);
    }
    expect(policy).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
  });
});

test('the log names operations and never who asked for what', async () => {
  await world.ask('/handoffs?account=secret-account', { as: berlin.lead });
  const lines = JSON.stringify(world.lines);
  expect(lines).toContain('"operation":"/handoffs"');
  expect(lines).not.toContain('secret-account');
  expect(lines).not.toContain('Bearer');
});

test('metrics count by operation, whatever addresses are tried', async () => {
  await world.ask('/handoffs/guess-1');
  await world.ask('/guess-2');
  const { text } = await world.ask('/metrics');
  expect(text).toMatch(/meridian_http_answers_total\{operation="\/handoffs\/\{id\}"/);
  expect(text).not.toContain('guess');
});

test('whoever watches the numbers sees a provider that rests, as long as it does, and what could not be delivered', async () => {
  const { db, clock } = world;
  const numbers = async (laterMs: number) => {
    clock.moveTo(clock.now() + laterMs);
    const { text } = await world.ask('/metrics');
    const of = (name: string) => new RegExp(`^meridian_${name} (\\d+)$`, 'm').exec(text)?.[1];
    return [of('paused_channels'), of('dead_letters')];
  };
  const minute = 60_000;
  expect(await numbers(minute)).toEqual(['0', '0']);
  const pause = {
    channel: 'email',
    until: clock.now() + 2 * minute,
    reason: '451',
    since: clock.now(),
  };
  await db.insertInto('channel_pause').values(pause).execute();
  const failed = { to: tokyo.lead, key: 'handoff.held', params: {}, sendAt: clock.now() };
  const id = await givenNotice(db, await givenLoop(db), failed);
  const end = { status: 'failed', reason: 'gave_up', settled_at: clock.now() };
  await db.updateTable('notice').set(end).where('id', '=', id).execute();
  expect(await numbers(minute)).toEqual(['1', '1']);
  expect(await numbers(minute)).toEqual(['0', '1']);
});

test('open tasks are one’s own, or those one may see', async () => {
  const made = await world.ask('/handoffs', { ...post, body });
  const { id: loopId } = made.json as { id: string };
  const tasksOf = async (as: typeof operator, query = '') => {
    const answer = await world.ask(`/tasks${query}`, { as });
    return (answer.json as { items: { loopId: string; kind: string }[] }).items.filter(
      (task) => task.loopId === loopId,
    );
  };
  expect(await tasksOf(tokyo.lead)).toMatchObject([{ kind: 'handoff.read_back' }]);
  expect(await tasksOf(operator)).toEqual([]);
  expect(await tasksOf(operator, '?person=all')).toHaveLength(1);
  expect(await tasksOf(berlin.lead, '?person=tokyo-lead')).toEqual([]);
});

test('who asks too often is told when to ask again, and nobody else is slowed', async () => {
  const slow = await apiWorld(() => ({
    limits: {
      person: { burstMax: 3, perMinute: 60 },
      address: { burstMax: 1_000, perMinute: 6_000 },
    },
  }));
  const ask = (as: typeof operator) => slow.ask('/tasks', { as });
  for (let requests = 0; requests < 3; requests++) {
    expect((await ask(berlin.lead)).status).toBe(200);
  }
  const limited = await ask(berlin.lead);
  expect([limited.status, limited.problem.code]).toEqual([429, 'request.limited']);
  const seconds = Number(limited.headers.get('retry-after'));
  expect(seconds).toBe(1);
  expect((await ask(tokyo.lead)).status).toBe(200);
  slow.clock.moveTo(slow.clock.now() + seconds * 1_000);
  expect((await ask(berlin.lead)).status).toBe(200);
  await slow.drop();
});
