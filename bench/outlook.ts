/**
 * How long the look-ahead takes: facts of all accounts from Postgres, in batches as it reads them, and
 * the rule over 90 days of each. `--keep` writes the result to docs/bench/outlook.md.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { accountsPerBatch } from '../activities/outlook/look-ahead.ts';
import { findAhead } from '../db/look-ahead.ts';
import { knownFindings } from '../db/outlook.ts';
import type { AccountId } from '../domain/id.ts';
import { present } from '../domain/assert.ts';
import { daysAhead } from '../domain/outlook/facts.ts';
import { findingKey } from '../domain/outlook/finding.ts';
import { coreSeconds } from './core-seconds.ts';
import { now, type OutlookStage, seed, startOutlookStage } from './outlook-stage.ts';

const sizes = [100, 1_000, 10_000] as const;
const rounds = { 100: 15, 1_000: 9, 10_000: 3 } as const;
const secondsAsked = 5;
/** An account of 10,000 beside one of 100. */
const growthAsked = 1.5;

let found = 0;

async function lookAtAll({ db }: OutlookStage, size: number): Promise<number> {
  const startedAt = performance.now();
  found = 0;
  for (let first = 0; first < size; first += accountsPerBatch) {
    const accounts = Array.from(
      { length: Math.min(accountsPerBatch, size - first) },
      (_, index) => `account-${first + index}` as AccountId,
    );
    const findings = await findAhead(db, { accounts, now });
    await knownFindings(db, { accounts, keys: findings.map(findingKey) });
    found += findings.length;
  }
  return (performance.now() - startedAt) / 1_000;
}

const share = (numbers: readonly number[], at: number): number =>
  numbers.toSorted((a, b) => a - b)[Math.round((numbers.length - 1) * at)] ?? Number.NaN;
const reached = (is: boolean): string => (is ? 'reached' : 'not reached');

const load = loadavg()[0]?.toFixed(1);
interface Measured {
  readonly size: number;
  readonly seconds: readonly number[];
  /** Seconds of a core in a round: of this process, and of Postgres. */
  readonly own: number;
  readonly postgres: number;
  readonly found: number;
}

const results: Measured[] = [];
for (const size of sizes) {
  const stage = await startOutlookStage(size);
  await lookAtAll(stage, size);
  const seconds: number[] = [];
  const before = await coreSeconds(stage.db);
  for (let round = 0; round < rounds[size]; round++) seconds.push(await lookAtAll(stage, size));
  const after = await coreSeconds(stage.db);
  const own = (after.own - before.own) / rounds[size];
  const postgres = (after.postgres - before.postgres) / rounds[size];
  results.push({ size, seconds, own, postgres, found });
  await stage.stop();
}

/** Seconds of a core for an account. */
const costOf = ({ own, postgres, size }: Measured): number => (own + postgres) / size;
const row = (measured: Measured): string => {
  const { size, seconds, own, postgres, found: findings } = measured;
  const each = (costOf(measured) * 1e6).toFixed(0);
  const cells = [0.5, 0, 1].map((at) => share(seconds, at).toFixed(2));
  const cores = [own, postgres].map((one) => one.toFixed(2));
  return `| ${[size, seconds.length, findings, ...cells, ...cores, each].join(' | ')} |`;
};
const of = (wanted: number): Measured =>
  present(
    results.find(({ size }) => size === wanted),
    'what was measured',
  );
const thousand = share(of(1_000).seconds, 0.5);
const growth = costOf(of(10_000)) / costOf(of(100));

const page = `# The look-ahead

\`npm run bench:outlook -- --keep\` writes this page. What ${daysAhead} days bring for every account: its facts and those of
its owner, backup and manager are read from Postgres on disk, ${accountsPerBatch} accounts with one set of statements, each with
calendars, absences and holidays of their own, then the rule looks at each. One batch after the other: the process
and Postgres take turns, so that one core is at work at a time. Opening the loops of what is new is not in it. Cost is counted in
seconds of a core that both have used, which says the same where others use the machine too.

${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model.trim() ?? 'unknown'} × ${cpus().length}, load ${load} before; node ${process.versions.node}, ICU ${process.versions.icu},
Postgres 18.4 on the same machine; seed ${seed}; each size after one round to warm up.

| accounts | n | findings | median s | least s | most s | core s of this process | of Postgres | core µs an account |
|---|---|---|---|---|---|---|---|---|
${results.map(row).join('\n')}

1,000 accounts take ${thousand.toFixed(2)} s (asked for: ≤ ${secondsAsked} s, ${reached(thousand <= secondsAsked)}). An account of 10,000 costs ${growth.toFixed(2)} times one of
100 (asked for: ≤ ${growthAsked}, ${reached(growth <= growthAsked)}).
`;
process.stdout.write(page);
if (process.argv.includes('--keep')) {
  mkdirSync('docs/bench', { recursive: true });
  writeFileSync('docs/bench/outlook.md', page);
}
