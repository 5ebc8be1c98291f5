/** The cookie of a signed-in browser. */
import { createHash, randomBytes } from 'node:crypto';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { Database } from '../../db/client.ts';
import { endSession, openSession, sessionPerson } from '../../db/sessions.ts';
import type { PersonId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';
import type { SignedIn } from './provider.ts';

/** A working day; after it one signs in again, which the provider may do without asking. */
const lifetimeMs = 12 * 3_600_000;
const tokenBytes = 32;

export interface SessionParts {
  readonly db: Database;
  readonly clock: { now(): Instant };
  readonly publicUrl: string;
}

export interface Sessions {
  open(c: Context, person: PersonId, signedIn: SignedIn): Promise<void>;
  /** Null for a browser that is not signed in, and for somebody who has left. */
  personOf(c: Context): Promise<PersonId | null>;
  /** The provider's token of the session that ended; null when there was none. */
  end(c: Context): Promise<string | null>;
}

const hashOf = (token: string): Uint8Array => createHash('sha256').update(token).digest();

/** `__Host-`: a browser takes it over https alone, and from nobody but this very host. */
export const cookieOf = (publicUrl: string, name: string) => {
  const isSecure = publicUrl.startsWith('https:');
  return {
    name: isSecure ? `__Host-${name}` : name,
    // Lax: whoever comes by a link in a message is still signed in.
    options: { path: '/', httpOnly: true, secure: isSecure, sameSite: 'Lax' },
  } as const;
};

export function createSessions({ db, clock, publicUrl }: SessionParts): Sessions {
  const cookie = cookieOf(publicUrl, 'meridian_session');
  return {
    async open(c, person, { idToken }) {
      const token = randomBytes(tokenBytes).toString('base64url');
      const at = clock.now();
      const expiresAt = at + lifetimeMs;
      await openSession(db, { tokenHash: hashOf(token), person, idToken, at, expiresAt });
      setCookie(c, cookie.name, token, { ...cookie.options, maxAge: lifetimeMs / 1_000 });
    },
    async personOf(c) {
      const token = getCookie(c, cookie.name);
      return token === undefined ? null : sessionPerson(db, hashOf(token), clock.now());
    },
    async end(c) {
      const token = getCookie(c, cookie.name);
      deleteCookie(c, cookie.name, cookie.options);
      return token === undefined ? null : endSession(db, hashOf(token));
    },
  };
}
