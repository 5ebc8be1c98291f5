/** Signing in and out: `/auth/sign-in`, the provider's way back, and `/auth/sign-out`. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import { deleteCookie, getSignedCookie, setSignedCookie } from 'hono/cookie';
import { z } from 'zod';
import { loadActor } from '../../db/actors.ts';
import { personOf } from '../../db/identities.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { ApiEnvironment } from '../environment.ts';
import { localPath } from './local-path.ts';
import { callbackPath, type Provider } from './provider.ts';
import { fromOurPages } from './same-origin.ts';
import { cookieOf, type SessionParts, type Sessions } from './session.ts';

export interface SignInParts extends SessionParts {
  readonly issuer: string;
  readonly provider: Provider;
  readonly sessions: Sessions;
  /** Signs the cookie of a sign-in under way. */
  readonly secret: string;
}

const transactionSchema = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  to: z.string(),
});

/** How long somebody may take at the provider. */
const transactionSeconds = 600;

export function registerSignIn(app: OpenAPIHono<ApiEnvironment>, parts: SignInParts): void {
  const { provider, sessions, secret, db, clock, issuer, publicUrl } = parts;
  const cookie = cookieOf(publicUrl, 'meridian_sign_in');

  app.get('/auth/sign-in', async (c) => {
    const { url, transaction } = await provider.begin();
    const kept = JSON.stringify({ ...transaction, to: localPath(c.req.query('to')) });
    const value = Buffer.from(kept).toString('base64url');
    const options = { ...cookie.options, maxAge: transactionSeconds };
    await setSignedCookie(c, cookie.name, value, secret, options);
    return c.redirect(url.href, 302);
  });

  app.get(callbackPath, async (c) => {
    const value = await getSignedCookie(c, secret, cookie.name);
    deleteCookie(c, cookie.name, cookie.options);
    // Without it somebody else may have begun this sign-in, so it is begun anew.
    if (!value) return c.redirect('/auth/sign-in', 302);
    const kept: unknown = JSON.parse(Buffer.from(value, 'base64url').toString('utf8'));
    const { to, ...transaction } = transactionSchema.parse(kept);
    const signedIn = await provider.finish(new URL(c.req.url).search, transaction);
    if (!signedIn) throw new Refusal(problem('identity.token_invalid'));
    const person = await personOf(db, { issuer, subject: signedIn.subject });
    if (person === null) throw new Refusal(problem('identity.unknown_person'));
    const actor = await loadActor(db, person, clock.now());
    if (!actor?.isActive) throw new Refusal(problem('identity.left'));
    await sessions.open(c, person, signedIn);
    return c.redirect(to, 302);
  });

  app.post('/auth/sign-out', async (c) => {
    fromOurPages(c, publicUrl);
    const idToken = await sessions.end(c);
    const url = idToken === null ? null : await provider.signOutUrl(idToken).catch(() => null);
    return c.redirect(url?.href ?? '/', 303);
  });
}
