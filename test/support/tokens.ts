/** Access tokens signed with a key of the test's own, as the organisation's identity provider would. */
import {
  createLocalJWKSet,
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  type JSONWebKeySet,
  type JWTPayload,
  SignJWT,
} from 'jose';
import type { VerifyToken } from '../../api/verify-token.ts';
import { createVerifyToken } from '../../api/verify-token.ts';

export const issuer = 'https://identity.test';
export const audience = 'https://meridian.test/api';

export interface TokenChanges {
  readonly claims?: JWTPayload;
  readonly header?: Readonly<Record<string, string>>;
  readonly key?: CryptoKey | Uint8Array;
}

export interface TestTokens {
  readonly verifyToken: VerifyToken;
  /** The provider's public key, as anybody can read it. */
  readonly publicKey: CryptoKey;
  /** What the provider publishes. */
  readonly keySet: JSONWebKeySet;
  of(subject: string, changes?: TokenChanges): Promise<string>;
}

const lifetimeMs = 3_600_000;

export async function testTokens(
  clock: { now(): number },
  from: string = issuer,
): Promise<TestTokens> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  const keySet = { keys: [jwk] };
  const keys = createLocalJWKSet(keySet);
  const seconds = (ms: number): number => Math.floor(ms / 1_000);
  return {
    publicKey,
    keySet,
    verifyToken: createVerifyToken(keys, { issuer: from, audience }, clock),
    of: (subject, { claims = {}, header = {}, key = privateKey } = {}) =>
      new SignJWT({
        iss: from,
        aud: audience,
        sub: subject,
        iat: seconds(clock.now()),
        exp: seconds(clock.now() + lifetimeMs),
        ...claims,
      })
        .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: 'one', ...header })
        .sign(key),
  };
}
