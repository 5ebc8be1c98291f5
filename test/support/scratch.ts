import { chmodSync, mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Where Linux keeps files in memory (POSIX `shm_open`). */
const memoryFolder = '/dev/shm';
const memoryBytesMin = 3 * 1024 ** 3;

/**
 * A folder for the servers of a test, in memory where there is enough of it: a database is a thousand
 * small files made and removed, and a disk's journal falls behind after some dozens (20 ms become a
 * second). A killed process loses nothing there; only a power cut would, and no test cuts the power.
 */
export function scratchDirectory(name: string): string {
  const directory = mkdtempSync(path.join(scratchFolder(), `meridian-${name}-`));
  chmodSync(directory, 0o755); // Postgres may run as another user
  return directory;
}

function scratchFolder(): string {
  try {
    const { bavail, bsize } = statfsSync(memoryFolder);
    return bavail * bsize >= memoryBytesMin ? memoryFolder : tmpdir();
  } catch {
    return tmpdir();
  }
}
