/** The address that ends somebody's digests and can do nothing else (RFC 8058). */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { PersonId } from '../../domain/id.ts';

const tokenLengthMax = 200;

const signed = (secret: string, person: string): Buffer =>
  createHmac('sha256', secret).update(`unsubscribe/${person}`).digest();

/** The same for the same person, so that a repeated mail is byte for byte the same. */
export const unsubscribeToken = (secret: string, person: PersonId): string =>
  `${person}.${signed(secret, person).toString('base64url')}`;

/** Whose it is; null for what this product never gave out. */
export function unsubscribing(secret: string, token: string): PersonId | null {
  const [, person, signature] =
    /^([a-z0-9-]{1,63})\.([\w-]{43})$/.exec(token.slice(0, tokenLengthMax)) ?? [];
  if (person === undefined || signature === undefined) return null;
  const given = Buffer.from(signature, 'base64url');
  const own = signed(secret, person);
  return given.length === own.length && timingSafeEqual(given, own) ? (person as PersonId) : null;
}

export const unsubscribePath = (token: string): string => `/unsubscribe/${token}`;
