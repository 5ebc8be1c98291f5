/** The servers of a run that nobody else provides, each begun as early as it can be. */
import path from 'node:path';
import { openDatabase } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import type { Config } from '../config.ts';
import { startPostgres } from '../embedded/postgres.ts';
import { startTemporal } from '../embedded/temporal.ts';
import { temporalCli } from '../temporal-cli.mjs';
import type { Secrets } from './data-directory.ts';
import { demoAudience, demoClientId, type Embedded } from './environment.ts';
import { type Running, together } from './running.ts';
import type { StartSettings } from './settings.ts';

export interface ServerOrder {
  readonly settings: StartSettings;
  readonly embedded: Embedded;
  readonly secrets: Secrets;
  readonly config: Config;
  readonly running: Running;
}

export async function startServers(order: ServerOrder): Promise<void> {
  await together([startDatabase(order), provideTemporal(order), provideMail(order)]);
}

async function provideTemporal({ settings, embedded, running }: ServerOrder): Promise<void> {
  if (!embedded.temporal) return;
  const { directory, ports } = settings;
  const temporal = await startTemporal({
    binary: process.env['TEMPORAL_CLI_PATH'] ?? temporalCli,
    port: ports.temporal,
    databaseFile: path.join(directory, 'temporal.db'),
  });
  running.add('servers', temporal);
  running.demandGoingOn();
}

async function provideMail({ settings, embedded, running }: ServerOrder): Promise<void> {
  if (!embedded.mail) return;
  const { smtp: smtpPort, mailPage: pagePort } = settings.ports;
  const { startMailSink } = await import('../embedded/mail-sink.ts');
  running.add('servers', await startMailSink({ smtpPort, pagePort }));
}

/** With its tables, its people, and the sign-in that offers them. */
async function startDatabase(order: ServerOrder): Promise<void> {
  const { settings, embedded, config, running } = order;
  if (embedded.postgres) await startOwnPostgres(order);
  const { url } = config.database;
  running.demandGoingOn();
  await migrate(url);
  const db = openDatabase({ url, connectionsMax: 2, applicationName: 'meridian-start' });
  running.add('product', { stop: () => db.destroy() });
  running.demandGoingOn();
  const { provideOrganisation, signInPeople } = await import('./organisation.ts');
  if (embedded.postgres) await provideOrganisation(db);
  if (embedded.identity) {
    const { startIdentityProvider } = await import('../embedded/identity-provider.ts');
    const { issuer, clientSecret } = config.identity;
    const provider = await startIdentityProvider({
      port: settings.ports.identity,
      people: () => signInPeople(db, issuer),
      appUrl: config.site.publicUrl,
      keyDirectory: path.join(settings.directory, 'identity'),
      clientId: demoClientId,
      clientSecret,
      audience: demoAudience,
    });
    running.add('product', provider);
  }
}

async function startOwnPostgres({ settings, secrets, running }: ServerOrder): Promise<void> {
  const postgres = await startPostgres({
    directory: path.join(settings.directory, 'postgres'),
    port: settings.ports.postgres,
    password: secrets.database,
    persistent: true,
  });
  running.add('servers', postgres);
}
