/** An OpenID provider for development, at which one chooses a person of the demo organisation. */
import { createServer, type Server } from 'node:http';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { raw } from 'hono/html';
import { type Configuration, errors, Provider, type ResourceServer } from 'oidc-provider';
import { type IdentityKeys, keepKeys } from './identity-keys.ts';
import { choosePersonPage, type DemoPerson, failedPage, signOutPage } from './identity-pages.ts';
import { memoryStore } from './identity-store.ts';
import { portInUse } from './server-process.ts';
import { StartProblem } from './start-problem.ts';

/** A token for a named person without any sign-in: the reason why this never runs in production. */
export const personGrant = 'urn:meridian:person';
const apiScope = 'api';
const lifetimeSeconds = { token: 60 * 60, session: 24 * 60 * 60 } as const;

export interface IdentityProviderOptions {
  readonly port: number;
  /** Asked each time, since the directory may change while this runs. */
  readonly people: () => Promise<readonly DemoPerson[]>;
  /** Where people come back to after signing in and out. */
  readonly appUrl: string;
  readonly keyDirectory: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** An absolute URI: what access tokens are for. */
  readonly audience: string;
}

export interface IdentityProvider {
  readonly issuer: string;
  stop(): Promise<void>;
}

export async function startIdentityProvider(
  options: IdentityProviderOptions,
): Promise<IdentityProvider> {
  if (process.env['NODE_ENV'] === 'production') {
    throw new StartProblem(
      'configuration',
      'The demo identity provider lets anyone be anyone, so it does not run in production: set OIDC_ISSUER to a real provider.',
    );
  }
  const issuer = `http://localhost:${options.port}`;
  const provider = new Provider(issuer, configure(options, await keepKeys(options.keyDirectory)));
  registerPersonGrant(provider, options);
  const pages = getRequestListener(signInPages(provider, options).fetch);
  const protocol = provider.callback();
  const server = createServer((request, response) => {
    const isPage = request.url?.startsWith('/interaction/') ?? false;
    void (isPage ? pages(request, response) : protocol(request, response));
  });
  await listen(server, options.port);
  return {
    issuer,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** `localhost` and not an address: the issuer's name decides what the browser connects to. */
function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE';
      reject(isTaken ? portInUse(port, 'sign-in', 'MERIDIAN_IDENTITY_PORT') : error);
    });
    server.listen(port, 'localhost', resolve);
  });
}

const apiOf = (audience: string): ResourceServer => ({
  scope: apiScope,
  audience,
  accessTokenTTL: lifetimeSeconds.token,
  accessTokenFormat: 'jwt',
  jwt: { sign: { alg: 'RS256' } },
});

function configure(options: IdentityProviderOptions, keys: IdentityKeys): Configuration {
  const { audience, appUrl, people } = options;
  return {
    adapter: memoryStore,
    jwks: { keys: [keys.signing] as never },
    cookies: {
      keys: [keys.cookies],
      // Cookies ignore ports: without names of their own they would meet the product's.
      names: {
        session: 'demo_idp_session',
        interaction: 'demo_idp_interaction',
        resume: 'demo_idp_resume',
      },
    },
    clients: [
      {
        client_id: options.clientId,
        client_secret: options.clientSecret,
        redirect_uris: [`${appUrl}/auth/callback`],
        post_logout_redirect_uris: [`${appUrl}/`],
        grant_types: ['authorization_code', personGrant],
        response_types: ['code'],
      },
    ],
    scopes: ['openid', 'profile'],
    claims: { openid: ['sub'], profile: ['name'] },
    conformIdTokenClaims: false,
    findAccount: async (_context, subject) => {
      const person = (await people()).find(({ id }) => id === subject);
      return (
        person && { accountId: person.id, claims: () => ({ sub: person.id, name: person.name }) }
      );
    },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    loadExistingGrant: (context) => grantEverything(context.oidc, audience),
    pkce: { required: () => true },
    ttl: {
      AccessToken: lifetimeSeconds.token,
      IdToken: lifetimeSeconds.token,
      Interaction: lifetimeSeconds.token,
      Session: lifetimeSeconds.session,
      Grant: lifetimeSeconds.session,
    },
    renderError: async (context, out) => {
      context.type = 'html';
      context.body = String(await failedPage(`${out.error}: ${out.error_description ?? ''}`));
    },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: async (context, form) => {
          context.body = String(await signOutPage(raw(form)));
        },
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        getResourceServerInfo: (_context, resource) => {
          if (resource !== audience) throw new errors.InvalidTarget();
          return apiOf(audience);
        },
      },
    },
  };
}

/** The only client is our own, so nobody is asked for consent. */
async function grantEverything(
  oidc: Parameters<NonNullable<Configuration['loadExistingGrant']>>[0]['oidc'],
  audience: string,
): Promise<InstanceType<Provider['Grant']> | undefined> {
  const { client, session, provider } = oidc;
  const accountId = session?.accountId;
  if (!client || accountId === undefined) return undefined;
  const grant = new provider.Grant({ clientId: client.clientId, accountId });
  grant.addOIDCScope('openid profile');
  grant.addResourceScope(audience, apiScope);
  await grant.save();
  return grant;
}

function registerPersonGrant(
  provider: Provider,
  { people, audience }: IdentityProviderOptions,
): void {
  provider.registerGrantType<{ person?: string }>(
    personGrant,
    async (context) => {
      const { client, params } = context.oidc;
      const person = (await people()).find(({ id }) => id === params.person);
      if (!person) throw new errors.InvalidGrant('nobody of the demo organisation has this id');
      const grant = new provider.Grant({ clientId: client.clientId, accountId: person.id });
      grant.addResourceScope(audience, apiScope);
      const token = new provider.AccessToken({
        client,
        accountId: person.id,
        grantId: await grant.save(),
        gty: personGrant,
        scope: apiScope,
      });
      token.resourceServer = new provider.ResourceServer(audience, apiOf(audience));
      const value = await token.save();
      context.body = { access_token: value, token_type: 'Bearer', expires_in: token.expiration };
    },
    ['person'],
  );
}

function signInPages(
  provider: Provider,
  { people, appUrl }: IdentityProviderOptions,
): Hono<{ Bindings: HttpBindings }> {
  const pages = new Hono<{ Bindings: HttpBindings }>();
  pages.use(async (context, next) => {
    await next();
    context.header(
      'content-security-policy',
      // The answer to the form redirects to the product, which the browser holds to form-action.
      `default-src 'none'; style-src 'unsafe-inline'; form-action 'self' ${appUrl}; frame-ancestors 'none'`,
    );
    context.header('cache-control', 'no-store');
  });
  pages.get('/interaction/:uid', async ({ env, html }) => {
    const { uid } = await provider.interactionDetails(env.incoming, env.outgoing);
    return html(choosePersonPage(uid, await people()));
  });
  pages.post('/interaction/:uid', async ({ env, req, html, redirect }) => {
    const { person } = await req.parseBody();
    const known = (await people()).some(({ id }) => id === person);
    if (typeof person !== 'string' || !known) {
      return html(failedPage('Nobody of the demo organisation has this id.'), 400);
    }
    const result = { login: { accountId: person } };
    const next = await provider.interactionResult(env.incoming, env.outgoing, result, {
      mergeWithLastSubmission: false,
    });
    return redirect(next, 303);
  });
  pages.onError((error, { html }) => {
    if (!(error instanceof errors.SessionNotFound)) throw error;
    return html(failedPage('This sign-in has expired: go back and start again.'), 400);
  });
  return pages;
}
