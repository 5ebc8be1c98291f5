/**
 * How fast the working-time engine answers. Absolute figures hold on the machine they are printed
 * for; the ratio to the calibration of the same round compares machines. `--keep` writes the result
 * to docs/bench/time.md.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { type WorkingClock, openCalendar } from '../domain/time/working-time.ts';
import { windowMs, zones } from '../domain/time/zone.ts';
import { line, machine, measured, proofOfWork, tableHead } from './rounds.ts';
import { calendar, dayMs, from } from './time-calendars.ts';
import { comparedWithPeers } from './time-peers.ts';
import { build, hot, scattered, together } from './time-questions.ts';

/** Each zone once: nothing is known of it yet. */
function zoneYears(): string {
  const names = Intl.supportedValuesOf('timeZone').slice(0, 200);
  const each = names
    .map((name) => {
      const start = performance.now();
      zones.segments(name, 40 * windowMs, 41 * windowMs);
      return ((performance.now() - start) / 2) * 1_000;
    })
    .toSorted((a, b) => a - b);
  const [best = Number.NaN, median = Number.NaN] = [each[0], each[names.length >> 1]];
  const cells = ['a zone-year nobody has asked about', '≤ 400 µs', `${median.toFixed(0)} µs`];
  return `| ${[...cells, `${best.toFixed(0)} µs`, '', median <= 400 ? 'yes' : 'no'].join(' | ')} |`;
}

function memory(): string {
  const script = new URL('./time-memory.ts', import.meta.url).pathname;
  const child = spawnSync(process.execPath, ['--expose-gc', script], { encoding: 'utf8' });
  const { bytes } = JSON.parse(child.stdout) as { bytes: number };
  return (
    `2,000 calendars of two intervals a day over two years take ${(bytes / 1e6).toFixed(0)} MB ` +
    '(asked for: at most 64 MB), measured after a collection, in a process of their own.'
  );
}

const fewAndMany = (): readonly WorkingClock[] => {
  const clocks = Array.from({ length: 2_000 }, (_, n) => openCalendar(calendar(n)));
  for (const clock of clocks) clock.between(from - 330 * dayMs, from + 365 * dayMs);
  return clocks;
};

const introduction = `# Working time, measured

\`npm run bench:time -- --keep\` writes this page. A ratio is how many answers come in the time that the
calibration (one step of xorshift) takes: it compares machines. A busy machine shows in a median far
from the best round.`;

const before = machine();
const lines = [
  zoneYears(),
  ...measured(hot(openCalendar(calendar(0)))).map(line),
  ...measured(scattered(fewAndMany())).slice(1).map(line),
  ...measured([build, ...together()])
    .slice(1)
    .map(line),
];
const page = `${introduction}

${before}

${tableHead}
${lines.join('\n')}

${memory()}

## Beside the packages of npm

Each case in a process of its own, whose zone is that of the case, stopped after five seconds. The
ends were worked by hand. \`luxon-business-days\` knows days only, and is asked for as many as the
hours fill.

${comparedWithPeers()}
`;
process.stdout.write(`${page}\n${proofOfWork()}\n`);
if (process.argv.includes('--keep')) {
  mkdirSync('docs/bench', { recursive: true });
  writeFileSync('docs/bench/time.md', page);
}
