import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { createApp } from '../../api/app.ts';
import { createLoopGateway, type LoopGateway } from '../../api/loop-gateway.ts';
import { openDatabase, type Database } from '../../db/client.ts';
import type { AccountId } from '../../domain/id.ts';
import { offer } from '../support/api.ts';
import { type Gate, openGate } from '../support/gate.ts';
import { givenAccount } from '../support/handoff-organisation.ts';
import { berlin, handoffWorld, tokyo } from '../support/handoff-story.ts';
import { issuer, testTokens } from '../support/tokens.ts';
import { until } from '../support/until.ts';
import type { World } from '../support/world.ts';

/** The worker keeps its own connections: only the API stands behind the gates. */
let world: World;
let postgres: Gate;
let temporal: Gate;
let db: Database;
let connection: Connection;
let loops: LoopGateway;
/** Gives up before Postgres does. */
let hasty: ReturnType<typeof createApp>;
/** Leaves it to the gateway to give up on Temporal, however busy the machine is. */
let patient: ReturnType<typeof createApp>;
let app: ReturnType<typeof createApp>;
let token: string;
/** Runs once the loop has answered, and before the API does. */
let afterLoop: () => void = () => undefined;

beforeAll(async () => {
  world = await handoffWorld({ startsAt: Date.now() });
  const { url } = world.database;
  const people = await world.database.db.selectFrom('person').select('id').execute();
  await world.database.db
    .insertInto('identity')
    .values(people.map(({ id }) => ({ issuer, subject: id, person_id: id })))
    .execute();
  postgres = await openGate({ host: '127.0.0.1', port: Number(new URL(url).port) });
  const [host = '', port] = inject('stack').temporalAddress.split(':');
  temporal = await openGate({ host, port: Number(port) });
  const behind = new URL(url);
  behind.port = String(postgres.port);
  db = openDatabase({ url: behind.href, connectionsMax: 4 });
  connection = Connection.lazy({ address: `127.0.0.1:${temporal.port}` });
  const client = new Client({ connection });
  loops = createLoopGateway({ client, db, taskQueue: world.taskQueue, answerTimeoutMs: 1_500 });
  const tokens = await testTokens(world.clock);
  token = await tokens.of(berlin.lead);
  const parts: Omit<Parameters<typeof createApp>[0], 'answerTimeoutMs'> = {
    db,
    loops: {
      ...loops,
      async start(opening) {
        const receipt = await loops.start(opening);
        afterLoop();
        return receipt;
      },
    },
    clock: world.clock,
    verifyToken: tokens.verifyToken,
    issuer,
    publicUrl: 'http://meridian.test',
    log: pino({ level: 'silent' }),
  };
  hasty = createApp({ ...parts, answerTimeoutMs: 4_500 });
  patient = createApp({ ...parts, answerTimeoutMs: 45_000 });
});
afterAll(async () => {
  await connection.close();
  await Promise.all([postgres.close(), temporal.close()]);
  await db.destroy();
  await world.stop();
});

let account: AccountId;
let key: string;
beforeEach(async () => {
  app = hasty;
  afterLoop = () => undefined;
  postgres.mend();
  temporal.mend();
  account = `account-${randomUUID()}` as AccountId;
  key = randomUUID();
  const since = world.clock.now() - 1_000;
  await givenAccount(world.database.db, { id: account, owner: berlin.lead, since });
});

interface Told {
  readonly status: number;
  readonly code: string | undefined;
  readonly title: string | undefined;
  readonly retryAfter: string | null;
}

const start = (): Promise<Told> => post('/handoffs', offer(account, tokyo.lead));

async function post(path: string, body: object): Promise<Told> {
  const response = await app.request(path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': key,
      'accept-language': 'de',
    },
    body: JSON.stringify(body),
  });
  const { code, title } = (await response.json()) as { code?: string; title?: string };
  return { status: response.status, code, title, retryAfter: response.headers.get('retry-after') };
}

const away = {
  status: 503,
  code: 'request.unavailable',
  title: expect.stringContaining('nicht') as string,
  retryAfter: '2',
};
const late = {
  ...away,
  code: 'request.timeout',
  title: expect.stringContaining('zu lange') as string,
};
const handoffs = () =>
  world.database.db.selectFrom('handoff').select('id').where('account_id', '=', account).execute();
const statusOf = async (path: string): Promise<number> => (await app.request(path)).status;

describe('without Postgres', () => {
  test('a request is told to come again, and the same key works when it is back', async () => {
    postgres.cut();
    expect(await start()).toEqual(away);
    expect([await statusOf('/livez'), await statusOf('/readyz')]).toEqual([200, 503]);
    postgres.mend();
    expect((await start()).status).toBe(201);
    expect(await handoffs()).toHaveLength(1);
  });

  test('metrics still answer, and show nothing of before', async () => {
    const read = async (): Promise<string> => {
      world.clock.moveTo(world.clock.now() + 5_000);
      return (await app.request('/metrics')).text();
    };
    await start();
    expect(await read()).toMatch(/^meridian_open_loops\{loop="handoff"\} [1-9]/m);
    postgres.cut();
    const text = await read();
    expect(text).toContain('meridian_database_reachable 0');
    expect(text).not.toContain('meridian_open_loops{');
  });

  test('that accepts and never answers, a request is told so in time, and the same key works', async () => {
    postgres.stall();
    expect(await start()).toEqual(late);
    expect(await handoffs()).toHaveLength(0);
    postgres.mend();
    await until('Postgres is reached again', async () => (await start()).status === 201);
    expect(await handoffs()).toHaveLength(1);
  });

  test('that goes away once the handoff is opened, the same key is answered at once', async () => {
    afterLoop = () => postgres.cut();
    expect(await start()).toEqual(away);
    postgres.mend();
    afterLoop = () => undefined;
    expect((await start()).status).toBe(201);
    expect(await handoffs()).toHaveLength(1);
  });
});

describe('without Temporal', () => {
  beforeEach(() => {
    app = patient;
  });

  test('a request is told to come again, and the same key works when it is back', async () => {
    temporal.cut();
    expect(await start()).toMatchObject({ status: 503, retryAfter: '2' });
    expect(await statusOf('/readyz')).toBe(503);
    expect(await handoffs()).toHaveLength(0);
    temporal.mend();
    await until('Temporal is reached again', () => loops.isReachable());
    expect((await start()).status).toBe(201);
    expect(await handoffs()).toHaveLength(1);
  });

  test('that accepts and never answers, a request is told so in time, and the same key works', async () => {
    await loops.isReachable();
    temporal.stall();
    expect(await start()).toEqual(away);
    expect(await handoffs()).toHaveLength(0);
    temporal.mend();
    await until('Temporal is reached again', () => loops.isReachable());
    expect((await start()).status).toBe(201);
    expect(await handoffs()).toHaveLength(1);
  });

  test('whose answer is lost, what committed is told as committed', async () => {
    await loops.isReachable();
    temporal.mute();
    expect((await start()).status).toBe(201);
    expect(await handoffs()).toHaveLength(1);
  });
});

describe('without a worker', () => {
  test('a request is told that it takes too long, and the same key works when one runs', async () => {
    await world.stopWorker();
    expect([await start(), await start()]).toEqual([late, late]);
    expect(await handoffs()).toHaveLength(0);
    await world.startWorker();
    expect((await start()).status).toBe(201);
    expect(await handoffs()).toHaveLength(1);
  });

  test('a step waits for one in the same way, and is taken once', async () => {
    expect((await start()).status).toBe(201);
    const [handoff] = await handoffs();
    const id = handoff?.id ?? '';
    const withdraw = () => post(`/handoffs/${id}/withdraw`, { text: 'Not yet.' });
    key = randomUUID();
    await world.stopWorker();
    expect(await withdraw()).toEqual(late);
    await world.startWorker();
    expect((await withdraw()).status).toBe(200);
    const steps = world.database.db.selectFrom('transition').select('command_type');
    const taken = await steps.where('loop_id', '=', id).orderBy('sequence').execute();
    expect(taken.map(({ command_type: type }) => type)).toEqual(['offer', 'withdraw']);
  });
});
