/**
 * What a digest costs: a day of people in forty zones, composed at their hours and sent to a sink, tick by
 * tick. `--keep` writes the result to docs/bench/digests.md.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { verdictsMost } from './digest-work.ts';
import { type DayMeasured, measureDay, zones } from './digest-stage.ts';

const sizes = [1_000, 10_000] as const;
const millisecondsAsked = 10;
const growthAsked = 11;
const idleAsked = 20;

const share = (numbers: readonly number[], at: number): number =>
  numbers.toSorted((a, b) => a - b)[Math.round((numbers.length - 1) * at)] ?? Number.NaN;
const reached = (is: boolean): string => (is ? 'reached' : 'not reached');

const load = loadavg()[0]?.toFixed(1);
const days: DayMeasured[] = [];
for (const size of sizes) {
  days.push(await measureDay(size));
  process.stderr.write(`${size} people: ${JSON.stringify({ ...days.at(-1), idle: [] })}\n`);
}
const [small, large] = days as [DayMeasured, DayMeasured];

const each = ({ digests, own }: DayMeasured): number => (own / digests) * 1_000;
const row = (day: DayMeasured): string => {
  const idle = [0.5, 0.99, 1].map((at) => share(day.idle, at).toFixed(1));
  const theirs = day.postgres === null ? '–' : ((day.postgres / day.digests) * 1_000).toFixed(1);
  const cells = [day.digests, day.seconds.toFixed(0), each(day).toFixed(1), theirs, day.megabytes];
  return `| ${[...cells, day.idle.length, ...idle].join(' | ')} |`;
};
const growth = large.own / small.own / (large.digests / small.digests / 10);
const idle = share(large.idle, 0.5);

const page = `# Digests

\`npm run bench:digests -- --keep\` writes this page. People in ${zones.length} zones want a digest every working day at nine;
a day goes by in ticks of five minutes. At each, whoever is due is collected, their digest composed of practices in
three languages, planned, checked again, rendered, frozen and sent over SMTP to a sink, all in Postgres on disk.
Each reader has a handoff open and two competency gaps, every fifth owns an account, and ${verdictsMost} people say of each practice how it went.
A tick is idle when nobody is due and nobody is to be planned anew.

${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model.trim() ?? 'unknown'} × ${cpus().length}, load ${load} before; node ${process.versions.node}, Postgres 18.4 on the same machine.

| digests | s | ms of this process's processor a digest | of Postgres's | MB at most | idle ticks | median ms | p99 | most |
|---|---|---|---|---|---|---|---|---|
${days.map(row).join('\n')}

A digest takes ${each(large).toFixed(1)} ms of one core (asked for: ≤ ${millisecondsAsked}, ${reached(each(large) <= millisecondsAsked)}), beside what Postgres takes. Ten times the people
take ${growth.toFixed(1)} times the time (asked for: ≤ ${growthAsked}, ${reached(growth <= growthAsked)}). An idle tick takes ${idle.toFixed(1)} ms in the median (asked for: ≤ ${idleAsked},
${reached(idle <= idleAsked)}); \`test/workflow/digest-tick.test.ts\` counts that it costs Temporal three actions.
`;
process.stdout.write(page);
if (process.argv.includes('--keep')) {
  mkdirSync('docs/bench', { recursive: true });
  writeFileSync('docs/bench/digests.md', page);
}
