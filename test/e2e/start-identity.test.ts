import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type IdentityProvider,
  personGrant,
  startIdentityProvider,
} from '../../bin/embedded/identity-provider.ts';
import { StartProblem } from '../../bin/embedded/start-problem.ts';
import { freePort } from '../support/free-port.ts';

const keyDirectory = mkdtempSync(path.join(tmpdir(), 'meridian-identity-'));
const audience = 'urn:meridian:api';
const appUrl = 'http://localhost:3000';
const basic = `Basic ${btoa('meridian:secret')}`;
let provider: IdentityProvider;

async function start(): Promise<IdentityProvider> {
  return startIdentityProvider({
    port: await freePort(),
    people: () => Promise.resolve([{ id: 'tokyo-lead', name: 'Aiko <Tanaka>' }]),
    appUrl,
    keyDirectory,
    clientId: 'meridian',
    clientSecret: 'secret',
    audience,
  });
}
beforeAll(async () => {
  provider = await start();
});
afterAll(async () => {
  await provider.stop();
  rmSync(keyDirectory, { recursive: true });
});

const ask = (issuer: string, form: Record<string, string>): Promise<Response> =>
  fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: basic },
    body: new URLSearchParams(form),
  });

async function tokenFor(person: string): Promise<string> {
  const answer = await ask(provider.issuer, { grant_type: personGrant, person });
  return ((await answer.json()) as { access_token: string }).access_token;
}

const verify = (token: string, keysOf: string): ReturnType<typeof jwtVerify> =>
  jwtVerify(token, createRemoteJWKSet(new URL(`${keysOf}/jwks`)), {
    audience,
    typ: 'at+jwt',
    algorithms: ['RS256'],
  });

test('a named person of the demo organisation gets an access token for the API', async () => {
  const { payload } = await verify(await tokenFor('tokyo-lead'), provider.issuer);
  expect(payload).toMatchObject({ sub: 'tokyo-lead', iss: provider.issuer });
});

test('nobody else gets one', async () => {
  const answer = await ask(provider.issuer, { grant_type: personGrant, person: 'somebody' });
  expect(answer.status).toBe(400);
});

test('tokens are still good after a restart, since the keys are kept', async () => {
  const token = await tokenFor('tokyo-lead');
  const again = await start();
  try {
    await expect(verify(token, again.issuer)).resolves.toBeDefined();
  } finally {
    await again.stop();
  }
});

test('choosing a person on the page signs that person in', async () => {
  const cookies = new Map<string, string>();
  const visit = async (url: string, form?: Record<string, string>): Promise<Response> => {
    const answer = await fetch(new URL(url, provider.issuer), {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (name !== undefined) cookies.set(name, value ?? '');
    }
    return answer;
  };
  const next = (answer: Response): string => answer.headers.get('location') ?? '';
  const verifier = 'v'.repeat(50);
  const request = new URLSearchParams({
    client_id: 'meridian',
    response_type: 'code',
    scope: 'openid profile',
    redirect_uri: `${appUrl}/auth/callback`,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const pageUrl = next(await visit(`/auth?${request.toString()}`));
  expect(await (await visit(pageUrl)).text()).toContain('Aiko &lt;Tanaka&gt;');
  expect((await visit(pageUrl, { person: 'somebody' })).status).toBe(400);
  const back = next(await visit(next(await visit(pageUrl, { person: 'tokyo-lead' }))));
  expect(back).toMatch(`${appUrl}/auth/callback?code=`);
  const answer = await ask(provider.issuer, {
    grant_type: 'authorization_code',
    code: new URL(back).searchParams.get('code') ?? '',
    redirect_uri: `${appUrl}/auth/callback`,
    code_verifier: verifier,
  });
  const tokens = (await answer.json()) as { access_token: string };
  expect((await verify(tokens.access_token, provider.issuer)).payload.sub).toBe('tokyo-lead');
});

test('it refuses to run in production', async () => {
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    await expect(start()).rejects.toBeInstanceOf(StartProblem);
  } finally {
    process.env['NODE_ENV'] = before;
  }
});
