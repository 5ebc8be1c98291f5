import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve, type Served } from '../../api/serve.ts';
import { type ApiWorld, apiWorld, offer } from '../support/api.ts';
import { account, berlin, tokyo } from '../support/handoff-organisation.ts';
import { until } from '../support/until.ts';

let world: ApiWorld;
let served: Served;
let token: string;
beforeAll(async () => {
  world = await apiWorld(() => ({ proxiesInFront: 1, limits: { person: rate, address: rate } }));
  const limits = { headersMs: 300, requestMs: 600, checkEveryMs: 50 };
  served = await serve({ app: world.app, host: '127.0.0.1', port: 0, limits });
  token = await world.tokens.of(`subject-of-${berlin.lead}`);
});
afterAll(async () => {
  await served.stop();
  await world.drop();
});
const rate = { burstMax: 20, perMinute: 60 };

/** What comes back on a connection until the other side closes it. */
function talk(text: string, more = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(served.url).port), '127.0.0.1');
    let answer = '';
    const dripping = setInterval(() => more && socket.writable && socket.write(more), 40);
    socket.on('data', (bytes) => {
      answer += bytes.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(dripping);
      resolve(answer);
    });
    socket.setTimeout(5_000, () => reject(new Error('nobody closed the connection')));
    socket.write(text);
  });
}

const line = 'POST /handoffs HTTP/1.1\r\nHost: meridian.test\r\n';
const json = 'Content-Type: application/json\r\n';
const rows: readonly [string, string, string, string][] = [
  ['that says nothing', '', '', '408'],
  ['whose headers trickle in without an end', line, 'X: 1\r\n', '408'],
  ['whose body trickles in without an end', `${line}Content-Length: 9999\r\n\r\n`, 'x', '401|408'],
  ['with 20 kB of headers', `${line}X: ${'a'.repeat(20_000)}\r\n\r\n`, '', '431'],
  ['with an address of 20 kB', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n\r\n`, '', '431'],
  ['that does not speak HTTP', 'EHLO meridian.test\r\n\r\n', '', '400'],
  [
    'that states two lengths',
    `${line}${json}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    '',
    '400',
  ],
  [
    'that states two different lengths',
    `${line}${json}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
    '',
    '400',
  ],
];

test.each(rows)('a connection %s is told so and closed', async (_name, text, more, status) => {
  expect(await talk(text, more)).toMatch(new RegExp(`^HTTP/1.1 (?:${status})`));
  expect((await fetch(`${served.url}/livez`)).status).toBe(200);
});

test('a body that never ends, of somebody who may send it, is given up', async () => {
  const headers = `${line}${json}Authorization: Bearer ${token}\r\nIdempotency-Key: ${randomUUID()}\r\n`;
  const answer = await talk(`${headers}Content-Length: 9999\r\n\r\n{`, ' ');
  expect(answer).toMatch(/^HTTP\/1.1 408/);
});

test('who hangs up before the answer finds it under the same key', async () => {
  const key = randomUUID();
  const ask = (hangUp = new AbortController()): Promise<Response> =>
    fetch(`${served.url}/handoffs`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      },
      body: JSON.stringify(offer(account, tokyo.lead)),
      signal: hangUp.signal,
    });
  const hangUp = new AbortController();
  const first = ask(hangUp).catch(() => null);
  const claims = world.db.selectFrom('idempotency').select('key').where('key', '=', key);
  await until('the request is under way', async () => (await claims.execute()).length > 0);
  hangUp.abort();
  await first;
  let answer = new Response();
  await until('the first request has ended', async () => {
    answer = await ask();
    return answer.status !== 409;
  });
  expect(answer.status).toBe(201);
  const made = world.db.selectFrom('handoff').select('id').where('account_id', '=', account);
  expect(await made.execute()).toHaveLength(1);
});

test('behind a proxy nobody gets more by claiming to be others', async () => {
  const ask = async (forwarded: string): Promise<number> =>
    (await fetch(`${served.url}/docs`, { headers: { 'x-forwarded-for': forwarded } })).status;
  const mine = (claimed: number) => ask(`198.51.100.${claimed}, 203.0.113.9`);
  for (let request = 0; request < rate.burstMax; request++) {
    expect(await mine(request)).toBe(200);
  }
  expect(await mine(100)).toBe(429);
  expect(await ask('203.0.113.10')).toBe(200);
});
