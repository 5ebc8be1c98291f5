/** The folder that outlives a run: one run at a time holds it; its secrets are made up once. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { commandLine } from '../embedded/server-process.ts';
import { StartProblem } from '../embedded/start-problem.ts';

const secretsSchema = z.object({ session: z.string(), client: z.string(), database: z.string() });
export type Secrets = z.infer<typeof secretsSchema>;

const secretsFile = (directory: string): string => path.join(directory, 'secrets.json');
const lockFile = (directory: string): string => path.join(directory, 'lock');

/** Returns how to let go of it. A lock whose process is gone is taken over. */
export function holdDirectory(directory: string): () => void {
  // Passable for the user that Postgres runs as; what is secret inside is closed by itself.
  mkdirSync(directory, { recursive: true, mode: 0o711 });
  const lock = lockFile(directory);
  const holder = Number(readOrEmpty(lock));
  if (holder > 0 && holder !== process.pid && commandLine(holder).includes('start.ts')) {
    throw new StartProblem(
      'already_running',
      `Meridian already runs here as process ${holder}: stop that one, or choose another folder with MERIDIAN_DATA_DIRECTORY.`,
    );
  }
  writeFileSync(lock, String(process.pid));
  return () => rmSync(lock, { force: true });
}

export function keepSecrets(directory: string): Secrets {
  const kept = readOrEmpty(secretsFile(directory));
  if (kept !== '') return secretsSchema.parse(JSON.parse(kept));
  const made = () => randomBytes(32).toString('base64url');
  const secrets = { session: made(), client: made(), database: made() };
  writeFileSync(secretsFile(directory), JSON.stringify(secrets), { mode: 0o600 });
  return secrets;
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
