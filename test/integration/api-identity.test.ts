import { exportSPKI, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiWorld, apiWorld } from '../support/api.ts';
import { berlin, tokyo } from '../support/handoff-organisation.ts';
import type { TokenChanges } from '../support/tokens.ts';

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
});
afterAll(() => world.drop());

const subject = `subject-of-${berlin.lead}`;
const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const codeWith = async (token: string): Promise<string> => {
  const answer = await world.ask('/handoffs', { token });
  expect(answer.status).toBe(401);
  expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
  return answer.problem.code;
};
const codeOf = async (changes: TokenChanges): Promise<string> =>
  codeWith(await world.tokens.of(subject, changes));

test('a token of the provider for us is who one is', async () => {
  const answer = await world.ask('/handoffs', { token: await world.tokens.of(subject) });
  expect(answer.status).toBe(200);
});

test('without a token nobody is known', async () => {
  const answer = await world.ask('/handoffs');
  expect([answer.status, answer.problem.code]).toEqual([401, 'identity.missing']);
  expect(answer.headers.get('www-authenticate')).toBe('Bearer');
});

describe('a forged token is refused:', () => {
  test('signed with another key', async () => {
    const { privateKey } = await generateKeyPair('RS256');
    expect(await codeOf({ key: privateKey })).toBe('identity.token_invalid');
  });

  test('not signed at all', async () => {
    const whole = await world.tokens.of(subject);
    const payload = whole.split('.')[1] ?? '';
    const header = base64({ alg: 'none', typ: 'at+jwt' });
    expect(await codeWith(`${header}.${payload}.`)).toBe('identity.token_invalid');
  });

  test('signed with the public key as if it were a secret', async () => {
    const key = new TextEncoder().encode(await exportSPKI(world.tokens.publicKey));
    expect(await codeOf({ key, header: { alg: 'HS256' } })).toBe('identity.token_invalid');
  });

  test('for another audience', async () => {
    const claims = { aud: 'https://other.test' };
    expect(await codeOf({ claims })).toBe('identity.token_invalid');
  });

  test('of another provider', async () => {
    expect(await codeOf({ claims: { iss: 'https://evil.test' } })).toBe('identity.token_invalid');
  });

  test('an identity token, which says who signed in but grants nothing', async () => {
    expect(await codeOf({ header: { typ: 'JWT' } })).toBe('identity.token_invalid');
  });

  test('changed after signing', async () => {
    const [header, , signature] = (await world.tokens.of(subject)).split('.');
    const payload = base64({ sub: `subject-of-${tokyo.lead}` });
    expect(await codeWith(`${header}.${payload}.${signature}`)).toBe('identity.token_invalid');
  });

  test('not a token', async () => {
    expect(await codeWith('not-a-token')).toBe('identity.token_invalid');
    expect(await codeWith('a'.repeat(20_000))).toBe('identity.token_invalid');
  });

  test('with nothing after which it ends', async () => {
    expect(await codeOf({ claims: { exp: undefined as never } })).toBe('identity.token_invalid');
  });
});

test('an expired token says so, also when it was good a moment ago', async () => {
  const exp = Math.floor(world.clock.now() / 1_000) + 10;
  const token = await world.tokens.of(subject, { claims: { exp } });
  expect((await world.ask('/handoffs', { token })).status).toBe(200);
  world.clock.moveTo(world.clock.now() + 11_000);
  expect(await codeWith(token)).toBe('identity.token_expired');
});

test('a subject nobody of the directory is linked to is nobody', async () => {
  expect(await codeWith(await world.tokens.of('stranger'))).toBe('identity.unknown_person');
});

test('who has left is refused at once, with a token that is still good', async () => {
  const token = await world.tokens.of(`subject-of-${tokyo.backup}`);
  expect((await world.ask('/handoffs', { token })).status).toBe(200);
  await world.db
    .updateTable('person')
    .set({ left_at: world.clock.now() })
    .where('id', '=', tokyo.backup)
    .execute();
  expect(await codeWith(token)).toBe('identity.left');
});

test('no operation answers a stranger, by whatever method or spelling of its address', async () => {
  const document = (await world.ask('/openapi.json')).json as {
    paths: Record<string, Record<string, { readonly security?: readonly unknown[] }>>;
  };
  const signed: string[] = [];
  for (const [path, methods] of Object.entries(document.paths)) {
    const address = path.replace(/\{\w+\}/g, '0190a0a0-0000-7000-8000-000000000000');
    // What nobody signs in to is signed instead, and not there for whoever cannot.
    const isSigned = Object.values(methods).every(({ security }) => security?.length === 0);
    if (isSigned) signed.push(path);
    const status = isSigned ? 404 : 401;
    for (const method of Object.keys(methods)) {
      const answer = await world.app.request(address, { method: method.toUpperCase() });
      expect([method, path, answer.status]).toEqual([method, path, status]);
    }
    expect([status, 405]).toContain((await world.app.request(address, { method: 'HEAD' })).status);
    for (const spelling of [`/${address}`, `${address}/`, address.toUpperCase()]) {
      expect((await world.app.request(spelling)).status).toBeGreaterThanOrEqual(400);
    }
  }
  expect(signed).toEqual(['/mail/bounces', '/mail/inbound']);
});
