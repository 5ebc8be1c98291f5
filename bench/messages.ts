/**
 * How fast messages go out: stored, rendered for their reader and sent, beside bare nodemailer to the
 * same sink, round by round. `--keep` writes the result to docs/bench/messages.md.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { createTransport } from 'nodemailer';
import { recipientFor, render } from '../locales/render.ts';
import { atOnce, connections, from, inTurn, locales, startMessageStage } from './message-stage.ts';
import { line, measured, tableHead } from './rounds.ts';

const messagesPerRound = 300;
const rounds = 9;
const ratioAsked = 0.4;
const growthAsked = 11;
const megabytesAsked = 300;
const rendersAsked = 5_000;

const readers = locales.map((locale) => recipientFor({ locale, zone: 'Europe/Berlin' }));
const values = {
  account: 'St. Hedwig Clinics',
  giver: 'Anna Weber',
  severity: { term: 'handoff.severity.urgent' },
  dueAt: { instant: 1_800_000_000_000, alsoZone: 'Asia/Tokyo', alsoName: 'Anna Weber' },
};
const rendering = {
  name: '`render` of an offered handoff, three languages in turn, two clocks',
  n: 3_000,
  target: { perSecond: rendersAsked },
  run(n: number) {
    let length = 0;
    for (let i = 0; i < n; i++) {
      length += render('handoff.offered', values, readers[i % readers.length]!).html.length;
    }
    return length;
  },
};

const at = (numbers: readonly number[], share: number): number =>
  numbers.toSorted((a, b) => a - b)[Math.round((numbers.length - 1) * share)] ?? Number.NaN;
const spread = (numbers: readonly number[], digits: number): string =>
  [0.5, 0, 1].map((share) => at(numbers, share).toFixed(digits)).join(' | ');

const load = loadavg()[0]?.toFixed(1);
const [, rendered] = measured([rendering]);
const stage = await startMessageStage(messagesPerRound * 10);
const bare = createTransport({ url: stage.smtpUrl, pool: true, maxConnections: connections });

const timed = async (run: () => Promise<void>): Promise<number> => {
  const startedAt = performance.now();
  await run();
  return (performance.now() - startedAt) / 1_000;
};
/** The same words to the same readers: what is sent without anything of ours around it. */
const bareMails = (count: number): Promise<void> =>
  inTurn(
    Array.from({ length: count }, (_, index) => () => {
      const { subject, text, html } = texts[index % texts.length]!;
      return bare.sendMail({ from, to: `reader-${index}@example.test`, subject, text, html });
    }),
  );
const texts = readers.map((reader) => render('handoff.offered', values, reader));

const ours: number[] = [];
const theirs: number[] = [];
const many: number[] = [];
await stage.sendAll(messagesPerRound);
await bareMails(messagesPerRound);
for (let round = 0; round < rounds; round++) {
  process.stderr.write(`round ${round + 1} of ${rounds}\n`);
  const one = async (): Promise<void> => {
    ours.push(await timed(() => stage.sendAll(messagesPerRound)));
  };
  if (round % 2 === 0) await one();
  theirs.push(await timed(() => bareMails(messagesPerRound)));
  if (round % 2 === 1) await one();
  if (round < 3) many.push(await timed(() => stage.sendAll(messagesPerRound * 10)));
}
bare.close();
await stage.stop();
const script = fileURLToPath(new URL('message-memory.ts', import.meta.url));
// As `npm run worker` is started.
const { stdout } = spawnSync(process.execPath, ['--max-semi-space-size=8', script], {
  encoding: 'utf8',
});
const { messages, megabytes } = JSON.parse(stdout) as { messages: number; megabytes: number };

const rate = (seconds: readonly number[]): readonly number[] =>
  seconds.map((one) => messagesPerRound / one);
const ratios = ours.map((one, round) => (theirs[round] ?? Number.NaN) / one);
const growth = at(many, 0.5) / at(ours, 0.5);
const reached = (isReached: boolean): string => (isReached ? 'reached' : 'not reached');
const page = `# Messages a second

\`npm run bench:messages -- --keep\` writes this page. A message is stored, claimed, rendered for its
reader, frozen, sent over SMTP and settled, each in Postgres on disk; beside it, in turn, nodemailer
sends the same words to the same sink and keeps nothing. Ratios are taken round by round.

${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model.trim() ?? 'unknown'} × ${cpus().length}, load ${load} before; node ${process.versions.node},
Postgres 18.4 on the same machine; ${atOnce} at once over ${connections} connections, ${messagesPerRound} messages a round, ${rounds} rounds of each after one to warm up.

| what | median | least | most |
|---|---|---|---|
| messages a second | ${spread(rate(ours), 0)} |
| bare nodemailer, mails a second | ${spread(rate(theirs), 0)} |
| ratio (asked for: ≥ ${ratioAsked}, ${reached(at(ratios, 0.5) >= ratioAsked)}) | ${spread(ratios, 2)} |

Ten times the readers take ${growth.toFixed(1)} times as long (asked for: ≤ ${growthAsked}, ${reached(growth <= growthAsked)}; n = ${many.length}).
A process that has sent ${messages} messages has used ${megabytes} MB at most (asked for: ≤ ${megabytesAsked}, ${reached(megabytes <= megabytesAsked)}).

${tableHead}
${rendered ? line(rendered) : ''}
`;
process.stdout.write(page);
if (process.argv.includes('--keep')) {
  mkdirSync('docs/bench', { recursive: true });
  writeFileSync('docs/bench/messages.md', page);
}
