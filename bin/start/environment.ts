/** What the parts of a run are told: the person's own environment, completed by the embedded parts. */
import type { Environment } from '../config.ts';
import { postgresUrl } from '../embedded/postgres-url.ts';
import type { Secrets } from './data-directory.ts';
import type { StartSettings } from './settings.ts';

/** Which parts are ours to start; the others exist elsewhere. */
export interface Embedded {
  readonly postgres: boolean;
  readonly temporal: boolean;
  readonly identity: boolean;
  readonly mail: boolean;
}

export const demoClientId = 'meridian';
export const demoAudience = 'urn:meridian:api';

export function embeddedParts(environment: Environment): Embedded {
  const isSet = (name: string): boolean => Boolean(environment[name]?.trim());
  return {
    postgres: !isSet('DATABASE_URL') && !isSet('DATABASE_URL_FILE'),
    temporal: !isSet('TEMPORAL_ADDRESS') && !isSet('TEMPORAL_CONFIG_FILE'),
    identity: !isSet('OIDC_ISSUER'),
    mail: !isSet('SMTP_URL') && !isSet('SMTP_URL_FILE'),
  };
}

export function completeEnvironment(
  given: Environment,
  embedded: Embedded,
  { ports }: StartSettings,
  secrets: Secrets,
): Environment {
  const appUrl = `http://localhost:${ports.app}`;
  return {
    PUBLIC_URL: appUrl,
    PORT: String(ports.app),
    MAIL_FROM: 'Meridian <meridian@meridian.example>',
    ...(given['SESSION_SECRET_FILE'] ? {} : { SESSION_SECRET: secrets.session }),
    ...withoutEmpty(embedded.temporal ? withoutTemporal(given) : given),
    ...(embedded.postgres && {
      DATABASE_URL: postgresUrl(ports.postgres, secrets.database),
    }),
    ...(embedded.temporal && { TEMPORAL_ADDRESS: `127.0.0.1:${ports.temporal}` }),
    ...(embedded.mail && { SMTP_URL: `smtp://127.0.0.1:${ports.smtp}` }),
    ...(embedded.identity && {
      OIDC_ISSUER: `http://localhost:${ports.identity}`,
      OIDC_CLIENT_ID: demoClientId,
      OIDC_CLIENT_SECRET: secrets.client,
      OIDC_AUDIENCE: demoAudience,
    }),
  };
}

/** Keys and certificates for somebody's cloud are not for the server we start. */
const withoutTemporal = (given: Environment): Environment =>
  Object.fromEntries(Object.entries(given).filter(([name]) => !name.startsWith('TEMPORAL_')));

const withoutEmpty = (given: Environment): Environment =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value?.trim()));
