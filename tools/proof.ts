/**
 * `npm run proof`: every test that has a full size, at that size, with a seed that is printed and can
 * be given again (MERIDIAN_SEED). `npm run proof -- time/ kill` runs those whose path holds one of the
 * words. The result is kept in docs/proof/latest.md, that of some proofs alone under their words.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { closureOf, files } from '../test/architecture/source.ts';
import { root, runInGroup } from './run-in-group.ts';

const reportFile = path.join(root, '.tmp', 'proof-report.json');
const minutesMax = 60;
const sizeFile = 'test/support/proof.ts';

const words = process.argv.slice(2);
const resultName = words.join('-').replaceAll(/[^a-z0-9-]/g, '') || 'latest';
const resultFile = path.join(root, 'docs', 'proof', `${resultName}.md`);
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

function result(report: z.infer<typeof reportSchema>, said: string, seconds: number): string {
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

/** A run that was ended early leaves none, and then the last whole result stays what it is. */
function readReport(): z.infer<typeof reportSchema> | null {
  if (!existsSync(reportFile)) return null;
  return reportSchema.parse(JSON.parse(readFileSync(reportFile, 'utf8')));
}

console.log(`${proofs.length} proofs, seed ${seed}, at most ${minutesMax} minutes.`);
mkdirSync(path.dirname(reportFile), { recursive: true });
rmSync(reportFile, { force: true });
const startedAt = performance.now();
const ended = await runInGroup(
  [
    'vitest',
    'run',
    ...proofs,
    `--testTimeout=${minutesMax * 60_000}`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportFile}`,
  ],
  {
    minutesMax,
    says: 'both',
    environment: { ...process.env, MERIDIAN_PROOF: '1', MERIDIAN_SEED: seed },
  },
);
const report = readReport();
if (report === null) {
  console.error('It was ended before its last test: nothing is kept.');
  process.exit(1);
}
writeFileSync(resultFile, result(report, ended.output, (performance.now() - startedAt) / 1_000));
console.log(`Kept in ${path.relative(root, resultFile)}.`);
process.exit(ended.code);
