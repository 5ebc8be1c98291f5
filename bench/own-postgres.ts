/** A migrated Postgres on disk of a bench's own, and the processor time that it has taken. */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startPostgres } from '../bin/embedded/postgres.ts';
import { migrate } from '../db/migrate.ts';
import { freePort } from '../test/support/free-port.ts';

/** Of Linux, for which this is read from /proc. */
const ticksPerSecond = 100;

export interface OwnPostgres {
  readonly url: string;
  /** Of all its processes so far, in seconds; null where the system does not tell. */
  cpuSeconds(): number | null;
  stop(): Promise<void>;
}

export async function startOwnPostgres(name: string): Promise<OwnPostgres> {
  const directory = mkdtempSync(path.join(tmpdir(), `meridian-${name}-`));
  chmodSync(directory, 0o755); // Postgres may run as another user
  const data = path.join(directory, 'postgres');
  const postgres = await startPostgres({
    directory: data,
    port: await freePort(),
    persistent: true,
    durable: true,
  });
  await migrate(postgres.url);
  return {
    url: postgres.url,
    cpuSeconds: () => cpuOf(data),
    async stop() {
      postgres.kill();
      await postgres.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function cpuOf(data: string): number | null {
  try {
    const found = readdirSync(data, { recursive: true, encoding: 'utf8' }).find((file) =>
      file.endsWith('postmaster.pid'),
    );
    const [pid] = readFileSync(path.join(data, found ?? ''), 'utf8').split('\n');
    const times = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        const fields = statOf(name);
        const isOurs = fields !== null && (name === pid || fields[1] === pid);
        // Of the parent, also those of its processes that have ended.
        const ended = name === pid ? Number(fields?.[13]) + Number(fields?.[14]) : 0;
        return isOurs ? [Number(fields[11]) + Number(fields[12]) + ended] : [];
      });
    return times.reduce((sum, ticks) => sum + ticks, 0) / ticksPerSecond;
  } catch {
    return null;
  }
}

/** From the state of the process on: its name may hold spaces. */
function statOf(pid: string): readonly string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null; // it ended meanwhile
  }
}
