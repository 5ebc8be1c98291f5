import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { isPublic, postSafely, type Resolve } from '../../../channels/safe-request.ts';

const open: Server[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

async function serving(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  open.push(server);
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', () => done());
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}
const body = new TextEncoder().encode('{}');
const post = (url: string, more: object = {}) => postSafely({ url, body, headers: {}, ...more });
const local = (url: string, more: object = {}) => post(url, { isPrivateAllowed: true, ...more });
const names = (...addresses: readonly string[]): Resolve => {
  return (_host, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
};

describe('an address of our own network is refused, however it is written', () => {
  test.for([
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://10.1.2.3/',
    'https://100.64.0.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://192.168.0.1/',
    'https://0.0.0.0/',
    'https://224.0.0.1/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::127.0.0.1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[fe80::1]/',
    'https://[fd00::1]/',
  ])('%s', async (url) => {
    expect(await post(url)).toEqual({ outcome: 'refused', code: 'private_address' });
  });

  test('also as one of several that a name stands for', async () => {
    const resolve = names('93.184.216.34', '127.0.0.1');
    const answer = await post('https://hooks.example.test/', { resolve });
    expect(answer).toEqual({ outcome: 'refused', code: 'private_address' });
  });

  test('and a name that changes its mind is asked once, by the connection itself', async () => {
    let reached = 0;
    const url = new URL(await serving(() => undefined));
    open.at(-1)!.on('connection', () => (reached += 1));
    let asked = 0;
    const resolve: Resolve = (host, done) => {
      asked += 1;
      names(asked === 1 ? '93.184.216.34' : '127.0.0.1')(host, done);
    };
    const rebinding = `https://rebind.example.test:${url.port}/`;
    expect(await post(rebinding, { resolve, timeoutMs: 200 })).toMatchObject({ outcome: 'failed' });
    expect({ asked, reached }).toEqual({ asked: 1, reached: 0 });
  });
});

test.for([
  ['ftp://example.test/', 'not_https'],
  ['http://example.test/', 'not_https'],
  ['https://me:secret@example.test/', 'credentials'],
  ['no url', 'url_invalid'],
] as const)('%s is refused as %s, without its words', async ([url, code]) => {
  expect(await local(url === 'http://example.test/' ? 'ftp://x/' : url)).toMatchObject({
    outcome: 'refused',
  });
  expect(await post(url)).toEqual({ outcome: 'refused', code });
});

test('what is answered is told by its status, and a redirect is not followed', async () => {
  let asked = 0;
  const url = await serving((_request, response) => {
    asked += 1;
    response.writeHead(asked === 1 ? 302 : 503, { location: '/hook', 'retry-after': '7' }).end();
  });
  expect(await local(url)).toEqual({ outcome: 'answered', status: 302, retryAfterMs: 7_000 });
  expect(await local(url)).toMatchObject({ status: 503 });
  expect(asked).toBe(2);
});

test('an answer without an end is cut off, and one that never comes is given up', async () => {
  let sent = 0;
  const endless = await serving((_request, response) => {
    const more = (): void => {
      if (response.destroyed) return;
      sent += 65_536;
      response.write(Buffer.alloc(65_536), more);
    };
    more();
  });
  expect(await local(endless)).toMatchObject({ outcome: 'answered', status: 200 });
  expect(sent).toBeLessThan(10_000_000);
  const silent = await serving(() => undefined);
  expect(await local(silent, { timeoutMs: 200 })).toEqual({ outcome: 'failed', code: 'timeout' });
});

test('a name that nobody has is a failure with a code', async () => {
  const resolve: Resolve = (_host, done) =>
    done(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }));
  const answer = await post('https://nobody.example.test/', { resolve });
  expect(answer).toEqual({ outcome: 'failed', code: 'ENOTFOUND' });
});

test('an answer that would change the protocol is an answer like any other', async () => {
  const url = await serving((request) => {
    const lines = ['HTTP/1.1 101 Switching Protocols', 'connection: upgrade', 'upgrade: x', '', ''];
    request.socket.end(lines.join('\r\n'));
  });
  expect(await local(url)).toEqual({ outcome: 'answered', status: 101, retryAfterMs: null });
});

test('nobody there is a failure with a code and no address', async () => {
  expect(await local('http://127.0.0.1:1/secret')).toEqual({
    outcome: 'failed',
    code: 'ECONNREFUSED',
  });
});

test.for(['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946'])('%s is public', (address) => {
  expect(isPublic(address)).toBe(true);
});
