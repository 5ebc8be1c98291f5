import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Resolve } from '../../../channels/safe-request.ts';
import {
  isWebhookAddress,
  sendWebhook,
  type SignedPost,
  type WebhookOptions,
} from '../../../channels/webhook/send.ts';
import { type Receiver, receiver, status } from '../../support/receiver.ts';

const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`;
const [current, former, foreign] = [newSecret(), newSecret(), newSecret()];
const body = '{"type":"handoff.offered","data":{"id":"ü"}}';

let system: Receiver;
beforeAll(async () => {
  system = await receiver();
});
beforeEach(() => system.answers(status(204)));
afterAll(() => system.stop());

const post = (change: Partial<SignedPost> = {}, options: WebhookOptions = {}) =>
  sendWebhook(
    { id: 'one', url: system.url, body, secrets: [current], at: Date.now(), ...change },
    { isPrivateAllowed: true, ...options },
  );

/** By the library that receivers use. */
function isSignedBy(secret: string): boolean {
  const { headers, body: got } = system.told.at(-1)!;
  try {
    new Webhook(secret).verify(got, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
}

test('what is sent verifies by the library of Standard Webhooks, and by no other secret', async () => {
  expect(await post()).toEqual({ outcome: 'delivered' });
  expect([isSignedBy(current), isSignedBy(foreign)]).toEqual([true, false]);
  expect(system.told.at(-1)).toMatchObject({ body, headers: { 'webhook-id': 'one' } });
});

test('while a rotation lasts, whoever has one of the two secrets can verify it', async () => {
  await post({ secrets: [current, former] });
  expect([current, former, foreign].map(isSignedBy)).toEqual([true, true, false]);
});

test('a body or an id changed on its way verifies no more', async () => {
  await post();
  const { headers } = system.told.at(-1)!;
  const verify = (changed: object, text = body) =>
    new Webhook(current).verify(text, { ...headers, ...changed } as Record<string, string>);
  expect(() => verify({}, `${body} `)).toThrow('signature');
  expect(() => verify({ 'webhook-id': 'two' })).toThrow('signature');
});

describe('what is answered decides, and nothing is followed:', () => {
  test.for([
    [200, { outcome: 'delivered' }],
    [204, { outcome: 'delivered' }],
    [301, { outcome: 'failed', code: 'http_301', retryAfterMs: null }],
    [307, { outcome: 'failed', code: 'http_307', retryAfterMs: null }],
    [404, { outcome: 'failed', code: 'http_404', retryAfterMs: null }],
    [410, { outcome: 'gone', code: 'http_410' }],
    [500, { outcome: 'failed', code: 'http_500', retryAfterMs: null }],
    [503, { outcome: 'failed', code: 'http_503', retryAfterMs: 7_000 }],
  ] as const)('%s', async ([code, outcome]) => {
    const before = system.told.length;
    const wait = code === 503 && { 'retry-after': '7' };
    system.answers(status(code, { location: system.url, ...wait }));
    expect(await post()).toEqual(outcome);
    expect(system.told.length - before).toBe(1);
  });

  test('one that never comes is given up', async () => {
    system.answers(() => undefined);
    const answer = await post({}, { timeoutMs: 200 });
    expect(answer).toEqual({ outcome: 'failed', code: 'timeout', retryAfterMs: null });
  });

  test('of ten megabytes no more is read than the status needs', async () => {
    let isCut = false;
    const closed = new Promise<void>((done) => {
      system.answers((response) => {
        response.on('close', () => {
          isCut = !response.writableFinished;
          done();
        });
        response.end(Buffer.alloc(10_000_000));
      });
    });
    expect(await post()).toEqual({ outcome: 'delivered' });
    await closed;
    expect(isCut).toBe(true);
  });
});

describe('nothing is sent into our own network, however its address is written:', () => {
  const names = (...addresses: readonly string[]): Resolve => {
    return (_host, done) =>
      done(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
  };
  const refused = { outcome: 'failed', code: 'private_address', retryAfterMs: null };
  const strictly = { isPrivateAllowed: false };

  test.for([
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[fe80::1]/',
  ])('%s, neither when it is given nor when it is asked', async (url) => {
    expect(isWebhookAddress(url)).toBe(false);
    expect(await post({ url }, strictly)).toEqual(refused);
  });

  test('a name that leads there at the time of the request', async () => {
    const url = 'https://rebind.example.test/';
    expect(isWebhookAddress(url)).toBe(true);
    for (const address of ['127.0.0.1', '::ffff:10.0.0.1', '169.254.169.254']) {
      const resolve = names('93.184.216.34', address);
      expect(await post({ url }, { ...strictly, resolve })).toEqual(refused);
    }
  });
});

test.for([
  ['https://hooks.example.test/a?b=c', true],
  ['https://93.184.216.34/', true],
  ['http://hooks.example.test/', false],
  ['ftp://hooks.example.test/', false],
  ['https://me@hooks.example.test/', false],
  ['https://me:secret@hooks.example.test/', false],
  ['hooks.example.test', false],
] as const)('whether %s can be told anything: %s', ([url, can]) => {
  expect(isWebhookAddress(url)).toBe(can);
});
