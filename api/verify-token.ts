/** Access tokens (RFC 9068): only what the provider signed, for us, and still good. */
import { createHash } from 'node:crypto';
import { createRemoteJWKSet, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import type { Instant } from '../domain/loop.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { boundedCache } from '../domain/time/bounded-cache.ts';

export interface VerifiedToken {
  readonly subject: string;
}
export type VerifyToken = (token: string) => Promise<VerifiedToken>;

export interface TokenRules {
  readonly issuer: string;
  readonly audience: string;
}

/** Checking a signature costs as much as a query. */
const keptMsMax = 60_000;
const keptMax = 5_000;
const tokenLengthMax = 8_192;
const discoveryTimeoutMs = 5_000;

const discoverySchema = z.object({ issuer: z.string(), jwks_uri: z.url() });

/** The provider may start after us, so its keys are looked up with the first token. */
export function remoteKeys(issuer: string): JWTVerifyGetKey {
  let keys: Promise<JWTVerifyGetKey> | undefined;
  const discover = async (): Promise<JWTVerifyGetKey> => {
    const answer = await fetch(`${issuer}/.well-known/openid-configuration`, {
      signal: AbortSignal.timeout(discoveryTimeoutMs),
      redirect: 'error',
    });
    const found = discoverySchema.parse(await answer.json());
    if (found.issuer !== issuer) throw new Error('the provider calls itself by another name');
    return createRemoteJWKSet(new URL(found.jwks_uri), { timeoutDuration: discoveryTimeoutMs });
  };
  return async (header, token) => {
    keys ??= discover();
    const found = await keys.catch((error: unknown) => {
      keys = undefined;
      throw error;
    });
    return found(header, token);
  };
}

export function createVerifyToken(
  keys: JWTVerifyGetKey,
  rules: TokenRules,
  clock: { now(): Instant },
): VerifyToken {
  const kept = boundedCache<VerifiedToken & { readonly until: Instant }>(keptMax);
  return async (token) => {
    if (token.length > tokenLengthMax) throw new Refusal(problem('identity.token_invalid'));
    const hash = createHash('sha256').update(token).digest('base64url');
    const now = clock.now();
    const known = kept.get(hash);
    if (known && known.until > now) return known;
    const { subject, expiresAt } = await verify(token, keys, rules, now);
    kept.set(hash, { subject, until: Math.min(expiresAt, now + keptMsMax) });
    return { subject };
  };
}

/** Of the token. Whatever else goes wrong is the provider's keys being out of reach. */
const faults: readonly string[] = [
  errors.JOSEAlgNotAllowed.code,
  errors.JOSENotSupported.code,
  errors.JWKSMultipleMatchingKeys.code,
  errors.JWKSNoMatchingKey.code,
  errors.JWSInvalid.code,
  errors.JWSSignatureVerificationFailed.code,
  errors.JWTClaimValidationFailed.code,
  errors.JWTInvalid.code,
];

async function verify(
  token: string,
  keys: JWTVerifyGetKey,
  { issuer, audience }: TokenRules,
  now: Instant,
): Promise<{ readonly subject: string; readonly expiresAt: Instant }> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience,
      typ: 'at+jwt',
      algorithms: ['RS256', 'ES256'],
      requiredClaims: ['sub', 'exp'],
      currentDate: new Date(now),
    });
    return { subject: payload.sub ?? '', expiresAt: (payload.exp ?? 0) * 1_000 };
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new Refusal(problem('identity.token_expired'));
    const isFault = error instanceof errors.JOSEError && faults.includes(error.code);
    throw new Refusal(problem(isFault ? 'identity.token_invalid' : 'request.unavailable'));
  }
}
