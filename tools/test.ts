/**
 * `verify`: format, lint, types, dead code, and the tests that need no server, in under a minute.
 * Without a word: all of that and every other test. The last line is the count of real results.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { root, runInGroup } from './run-in-group.ts';

const reportFile = path.join(root, '.tmp', 'test-report.json');
const pureProjects = ['unit', 'property', 'architecture', 'contract', 'replay'];
const suiteMinutesMax = 30;
const checkMinutesMax = 5;

interface Check {
  readonly name: string;
  readonly command: readonly string[];
  readonly remedy: string;
}

const checks: readonly Check[] = [
  { name: 'format', command: ['oxfmt', '--check'], remedy: 'npx oxfmt' },
  { name: 'lint', command: ['oxlint'], remedy: 'see above' },
  { name: 'types', command: ['tsc', '-p', '.'], remedy: 'see above' },
  { name: 'dead code', command: ['knip', '--no-progress'], remedy: 'remove what nothing uses' },
];

const reportSchema = z.object({
  success: z.boolean(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(
    z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) }),
  ),
});

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

async function runChecks(): Promise<number> {
  const ended = await Promise.all(checks.map(runCheck));
  return ended.filter((isFine) => !isFine).length;
}

async function runCheck({ name, command, remedy }: Check): Promise<boolean> {
  const startedAt = performance.now();
  const { code, output } = await runInGroup(command, {
    minutesMax: checkMinutesMax,
    says: 'kept',
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  if (code === 0) console.log(`${name}: fine (${seconds} s)`);
  else console.log(`${output}\n${name}: not fine (${seconds} s); ${remedy}`);
  return code === 0;
}

/** A file that cannot even be loaded reports no test: it counts as one that failed. */
function readCounts(): Counts {
  let report: z.infer<typeof reportSchema>;
  try {
    report = reportSchema.parse(JSON.parse(readFileSync(reportFile, 'utf8')));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const unloadable = report.testResults.filter(
    (file) =>
      file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloadable.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

const [mode, ...rest] = process.argv.slice(2);
const isFast = mode === 'verify';
const given = isFast ? rest : process.argv.slice(2);
mkdirSync(path.dirname(reportFile), { recursive: true });
rmSync(reportFile, { force: true });

const failedChecks = await runChecks();
const suite = await runInGroup(
  [
    'vitest',
    'run',
    ...(isFast ? pureProjects.flatMap((name) => ['--project', name]) : []),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportFile}`,
    ...given,
  ],
  { minutesMax: suiteMinutesMax, says: 'shown' },
);
const counts = readCounts();
const failed = counts.failed + failedChecks;
/** Something outside any test went wrong, such as an unhandled rejection: never a green line. */
const unexplained = suite.code !== 0 && failed === 0 ? 1 : 0;
const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
console.log(`${counts.passed} passed, ${failed + unexplained} failed${skipped}`);
process.exit(failed + unexplained === 0 && counts.passed > 0 ? 0 : 1);
