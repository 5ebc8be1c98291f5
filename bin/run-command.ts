/** How every command of ours fails: one sentence for what a person can mend, a trace for a bug. */
import { diskFull } from './embedded/server-process.ts';
import { StartProblem } from './embedded/start-problem.ts';

export async function runCommand(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    process.exitCode = 1;
    console.error(explain(error));
  }
}

export function explain(error: unknown): unknown {
  if (error instanceof StartProblem) return error.message;
  const { code, path, message } = error as { code?: string; path?: string; message?: string };
  if (code === 'ENOSPC') return diskFull(path ?? 'the data').message;
  if (code === 'ECONNREFUSED' || code === 'CONNECT_TIMEOUT') {
    return `Postgres does not answer (${message ?? code}): check DATABASE_URL and that it is running.`;
  }
  return error;
}
