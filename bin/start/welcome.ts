/** What a person sees when everything runs. */
import type { Config } from '../config.ts';
import type { Embedded } from './environment.ts';
import type { StartSettings } from './settings.ts';

export interface WelcomeFacts {
  readonly config: Config;
  readonly settings: StartSettings;
  readonly embedded: Embedded;
  readonly startedInMs: number;
}

export function welcome({ config, settings, embedded, startedInMs }: WelcomeFacts): string {
  const database = new URL(config.database.url);
  const rows: readonly (readonly [string, string, string])[] = [
    ['Pages and API', config.site.publicUrl, 'sign in as anyone of the organisation'],
    [
      'API reference',
      `${config.site.publicUrl}/docs`,
      'its machine-readable twin is /openapi.json',
    ],
    ['Sign-in', config.identity.issuer, note(embedded.identity)],
    embedded.mail
      ? [
          'Mail',
          `http://localhost:${settings.ports.mailPage}`,
          'every mail sent; none leaves this machine',
        ]
      : ['Mail', new URL(config.mail.smtpUrl).host, note(false)],
    ['Temporal', config.temporal.address, note(embedded.temporal)],
    ['Postgres', database.host, note(embedded.postgres)],
    ['Data and logs', settings.directory, 'remove it to begin anew'],
  ];
  const nameWidth = Math.max(...rows.map(([name]) => name.length));
  const valueWidth = Math.max(...rows.map(([, value]) => value.length));
  return [
    '',
    `Meridian answers, ${(startedInMs / 1000).toFixed(1)} s after it was started.`,
    '',
    ...rows.map(([name, value, remark]) =>
      `  ${name.padEnd(nameWidth)}  ${value.padEnd(valueWidth)}  ${remark}`.trimEnd(),
    ),
    '',
    'A token for curl: npm run token -- PERSON',
    'Ctrl-C stops all of it; what is open goes on at the next start.',
    '',
  ].join('\n');
}

const note = (isEmbedded: boolean): string => (isEmbedded ? '' : 'yours');
