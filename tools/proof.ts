/**
 * `npm run proof`: every test that has a full size, at that size, with a seed that is printed and can
 * be given again (MERIDIAN_SEED). `npm run proof -- time/ kill` runs those whose path holds one of the
 * words. The result of a run is kept in docs/proof/latest.md.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { closureOf, files } from '../test/architecture/source.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const reportFile = path.join(root, '.tmp', 'proof-report.json');
const resultFile = path.join(root, 'docs', 'proof', 'latest.md');
const minutesMax = 60;
const sizeFile = 'test/support/proof.ts';

const words = process.argv.slice(2);
const seed = process.env['MERIDIAN_SEED'] ?? String(Date.now() % 2 ** 31);

/** A test has a full size when it, or its support, asks for one. */
const proofs = files
  .map((file) => file.path)
  .filter((file) => file.startsWith('test/') && file.endsWith('.test.ts'))
  .filter((file) => closureOf(file).some((reached) => reached.path === sizeFile))
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)));
if (proofs.length === 0) {
  console.error(`No proof has one of these words in its path: ${words.join(', ')}.`);
  process.exit(2);
}

const reportSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      startTime: z.number(),
      endTime: z.number(),
      assertionResults: z.array(z.object({ status: z.string() })),
    }),
  ),
});

interface Ended {
  readonly code: number;
  readonly said: string;
}

/** In a group of its own, so that at the limit everything it started ends with it. */
function run(): Promise<Ended> {
  const child = spawn(
    path.join(root, 'node_modules', '.bin', 'vitest'),
    [
      'run',
      ...proofs,
      `--testTimeout=${minutesMax * 60_000}`,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${reportFile}`,
    ],
    {
      cwd: root,
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, MERIDIAN_PROOF: '1', MERIDIAN_SEED: seed },
    },
  );
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    process.stdout.write(chunk);
  });
  const limit = setTimeout(() => {
    console.error(`The proofs took longer than ${minutesMax} minutes and were ended.`);
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }, minutesMax * 60_000);
  return new Promise((resolve) => {
    child.once('close', (code) => {
      clearTimeout(limit);
      resolve({ code: code ?? 1, said });
    });
  });
}

function result({ said }: Ended, seconds: number): string {
  const report = reportSchema.parse(JSON.parse(readFileSync(reportFile, 'utf8')));
  const sizes = [...said.matchAll(/^proof: (.+): n = (\d+), seed = (\d+)$/gm)];
  const { node, tz = '', icu = '' } = process.versions;
  const tests = report.testResults
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, status, startTime, endTime, assertionResults }) => {
      const passed = assertionResults.filter((one) => one.status === 'passed').length;
      const file = path.relative(root, name).split(path.sep).join('/');
      return `| \`${file}\` | ${status} | ${passed} | ${Math.round((endTime - startTime) / 1_000)} |`;
    });
  return `${[
    '# The last proof',
    '',
    `${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model ?? 'unknown'} × ${cpus().length}, ` +
      `node ${node}, ICU ${icu}, tz ${tz}; seed ${seed}; ${Math.round(seconds)} s.`,
    words.length === 0
      ? 'Every proof, at its full size.'
      : `Only the proofs whose path holds ${words.map((word) => `"${word}"`).join(' or ')}, at their full size.`,
    `${report.numPassedTests} passed, ${report.numFailedTests} failed.`,
    '',
    '| what | n |',
    '|---|---|',
    ...sizes.map(([, what, n]) => `| ${what} | ${n} |`),
    '',
    '| tests | result | passed | seconds |',
    '|---|---|---|---|',
    ...tests,
  ].join('\n')}\n`;
}

console.log(`${proofs.length} proofs, seed ${seed}, at most ${minutesMax} minutes.`);
mkdirSync(path.dirname(reportFile), { recursive: true });
mkdirSync(path.dirname(resultFile), { recursive: true });
const startedAt = performance.now();
const ended = await run();
writeFileSync(resultFile, result(ended, (performance.now() - startedAt) / 1_000));
console.log(`Kept in ${path.relative(root, resultFile)}.`);
process.exit(ended.code);
