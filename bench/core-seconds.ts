/** Seconds of a core that this process and a Postgres have used so far: also where others use it too. */
import { readdirSync, readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { present } from '../domain/assert.ts';
import type { Query } from '../db/client.ts';

/** USER_HZ of Linux: `/proc` counts in hundredths of a second. */
const ticksPerSecond = 100;

export interface CoreSeconds {
  readonly own: number;
  readonly postgres: number;
}

/** Linux only: `/proc` says it of each backend. */
export async function coreSeconds(query: Query): Promise<CoreSeconds> {
  const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(query);
  const postmaster = statOf(present(rows[0], 'the backend').pid)?.parent;
  const { user, system } = process.cpuUsage();
  const ticks = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statOf(Number(name)))
    .reduce((sum, stat) => sum + (stat?.parent === postmaster ? (stat?.ticks ?? 0) : 0), 0);
  return { own: (user + system) / 1e6, postgres: ticks / ticksPerSecond };
}

/** Null for one that has ended meanwhile. */
function statOf(pid: number): { readonly parent: number; readonly ticks: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // After the name, which may hold spaces: state, parent and so on; user and system time are 14 and 15.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) };
  } catch {
    return null;
  }
}
