import { StartProblem } from './embedded/start-problem.ts';

/** What went wrong on the way to the database, in a sentence that says what to do. */
export function failureSentence(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'It failed.';
  const code = 'code' in thrown ? String(thrown.code) : '';
  if (thrown instanceof StartProblem) return thrown.message;
  if (code === 'ENOENT')
    return `There is no such file: ${String((thrown as { path?: string }).path)}`;
  if (code === '42P01') return 'This database has no tables yet: run npm run migrate first.';
  if (/^(?:E[A-Z]+|CONNECT|57P|28|3D000)/.test(code)) {
    return `Postgres cannot be reached (${code}): check DATABASE_URL and that it is running.`;
  }
  return thrown.message;
}
