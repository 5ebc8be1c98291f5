/** The organisation's identity provider, as the pages use it: authorization code with PKCE (RFC 7636). */
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  calculatePKCECodeChallenge,
  type Configuration,
  discovery,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { problem, Refusal } from '../../domain/problem.ts';

export interface ProviderOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly publicUrl: string;
}

/** What has to be the same when the browser comes back. */
export interface Transaction {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export interface SignedIn {
  readonly subject: string;
  readonly idToken: string;
}

export interface Provider {
  begin(): Promise<{ readonly url: URL; readonly transaction: Transaction }>;
  /** `query` as the provider sent the browser back with; null for anything but a sign-in. */
  finish(query: string, transaction: Transaction): Promise<SignedIn | null>;
  signOutUrl(idToken: string): Promise<URL>;
}

export const callbackPath = '/auth/callback';
const timeoutSeconds = 5;

export function createProvider(options: ProviderOptions): Provider {
  const { issuer, clientId, clientSecret, publicUrl } = options;
  const isLocal = issuer.startsWith('http:');
  let known: Promise<Configuration> | undefined;
  // The provider may start after us, so it is looked up with the first sign-in.
  const configuration = (): Promise<Configuration> =>
    (known ??= discovery(new URL(issuer), clientId, clientSecret, undefined, {
      timeout: timeoutSeconds,
      ...(isLocal && { execute: [allowInsecureRequests] }),
    }).catch(() => {
      known = undefined;
      throw new Refusal(problem('request.unavailable'));
    }));
  const callback = `${publicUrl}${callbackPath}`;
  return {
    async begin() {
      const transaction = {
        state: randomState(),
        nonce: randomNonce(),
        verifier: randomPKCECodeVerifier(),
      };
      const url = buildAuthorizationUrl(await configuration(), {
        redirect_uri: callback,
        scope: 'openid',
        state: transaction.state,
        nonce: transaction.nonce,
        code_challenge: await calculatePKCECodeChallenge(transaction.verifier),
        code_challenge_method: 'S256',
      });
      return { url, transaction };
    },
    async finish(query, { state, nonce, verifier }) {
      const found = await configuration();
      const tokens = await authorizationCodeGrant(found, new URL(`${callback}${query}`), {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      }).catch(() => null);
      const subject = tokens?.claims()?.sub;
      return tokens?.id_token && subject ? { subject, idToken: tokens.id_token } : null;
    },
    signOutUrl: async (idToken) =>
      buildEndSessionUrl(await configuration(), {
        id_token_hint: idToken,
        post_logout_redirect_uri: `${publicUrl}/`,
      }),
  };
}
