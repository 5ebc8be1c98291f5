/** Access tokens (RFC 9068): only what the provider signed, for us, and still good. */
import { createHash } from 'node:crypto';
import { createRemoteJWKSet, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { problem, Refusal } from '../domain/problem.ts';

export type VerifyToken = (token: string) => Promise<{ readonly subject: string }>;

export interface TokenRules {
  readonly issuer: string;
  readonly audience: string;
}

const keptMsMax = 60_000;
const keptMax = 5_000;
const tokenLengthMax = 8_192;

/** The provider may start after us: its keys are looked up with the first token. */
export function remoteKeys(issuer: string): JWTVerifyGetKey {
  let keys: Promise<JWTVerifyGetKey> | undefined;
  const discover = async (): Promise<JWTVerifyGetKey> => {
    const answer = await fetch(`${issuer}/.well-known/openid-configuration`);
    if (!answer.ok) throw new Refusal(problem('request.unavailable'));
    const { jwks_uri: uri } = (await answer.json()) as { jwks_uri: string };
    return createRemoteJWKSet(new URL(uri));
  };
  return async (header, token) => {
    keys ??= discover();
    try {
      return await (
        await keys
      )(header, token);
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) keys = undefined;
      throw error;
    }
  };
}

export function createVerifyToken(keys: JWTVerifyGetKey, rules: TokenRules): VerifyToken {
  const kept = new Map<string, { readonly subject: string; readonly until: number }>();
  return async (token) => {
    if (token.length > tokenLengthMax) throw new Refusal(problem('identity.token_invalid'));
    const hash = createHash('sha256').update(token).digest('base64url');
    const known = kept.get(hash);
    if (known && known.until > Date.now()) return known;
    const { payload } = await verify(token, keys, rules);
    const until = Math.min((payload.exp ?? 0) * 1000, Date.now() + keptMsMax);
    const verified = { subject: payload.sub ?? '', until };
    if (kept.size >= keptMax) kept.clear();
    kept.set(hash, verified);
    return verified;
  };
}

async function verify(token: string, keys: JWTVerifyGetKey, { issuer, audience }: TokenRules) {
  try {
    return await jwtVerify(token, keys, {
      issuer,
      audience,
      typ: 'at+jwt',
      algorithms: ['RS256', 'ES256'],
      requiredClaims: ['sub', 'exp'],
    });
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new Refusal(problem('identity.token_expired'));
    if (error instanceof errors.JOSEError) throw new Refusal(problem('identity.token_invalid'));
    throw new Refusal(problem('request.unavailable'));
  }
}
