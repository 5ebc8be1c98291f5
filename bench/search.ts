/**
 * How soon a practice is found by its words, by many who look at once. `--keep` writes the result to
 * docs/bench/search.md.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { findPractices } from '../api/exchange/search-practices.ts';
import { loadActor } from '../db/actors.ts';
import { loadReaders } from '../db/practice-gate.ts';
import { present } from '../domain/assert.ts';
import type { PersonId } from '../domain/id.ts';
import { randomFrom } from '../test/support/proof.ts';
import { locales, readers, startSearchStage, stopWords, wordOf } from './search-stage.ts';

const practices = 20_000;
const searches = 4_000;
const wordsMost = 3;
const pageOf = 25;
const millisecondsAsked = 50;

const share = (numbers: readonly number[], at: number): number =>
  numbers.toSorted((a, b) => a - b)[Math.round((numbers.length - 1) * at)] ?? Number.NaN;
const reached = (is: boolean): string => (is ? 'reached' : 'not reached');

const stage = await startSearchStage(practices);
const found = await loadReaders(
  stage.db,
  readers.map(({ id }) => id as PersonId),
);
const looking = [...found.values()];
const random = randomFrom(2);

async function look(): Promise<number> {
  const reader = present(looking[Math.floor(random() * looking.length)], 'a reader');
  const vocabulary = present(stage.vocabularies.get(reader.locale), 'a vocabulary');
  const count = 1 + Math.floor(random() * wordsMost);
  const words = Array.from({ length: count }, () => wordOf(vocabulary, random, stopWords));
  const startedAt = performance.now();
  // All that a request does beside HTTP: who looks, the search, the gate and the titles.
  const actor = present(await loadActor(stage.db, reader.id, Date.now()), 'who looks');
  const input = { q: words.join(' '), limit: pageOf };
  await findPractices(stage, { actor, input });
  return performance.now() - startedAt;
}

async function clients(count: number, each: number): Promise<readonly number[]> {
  const client = async (): Promise<readonly number[]> => {
    const took: number[] = [];
    for (let search = 0; search < each; search++) took.push(await look());
    return took;
  };
  return (await Promise.all(Array.from({ length: count }, client))).flat();
}

await clients(16, 25);
const load = loadavg()[0]?.toFixed(1);
const rows: {
  readonly count: number;
  readonly took: readonly number[];
  readonly cpu: number | null;
}[] = [];
for (const count of [1, 16]) {
  const before = stage.cpuSeconds();
  const took = await clients(count, searches / count);
  const after = stage.cpuSeconds();
  const cpu = before === null || after === null ? null : ((after - before) / took.length) * 1_000;
  rows.push({ count, took, cpu });
}
await stage.stop();

const row = ({ count, took, cpu }: (typeof rows)[number]): string => {
  const cells = [0.5, 0.9, 0.99, 1].map((at) => share(took, at).toFixed(1));
  return `| ${[count, took.length, ...cells, cpu?.toFixed(2) ?? '–'].join(' | ')} |`;
};
const p99 = share(rows.at(-1)?.took ?? [], 0.99);
const page = `# Searching practices

\`npm run bench:search -- --keep\` writes this page. ${practices} practices in ${locales.length} languages each, of some hundred words as unevenly frequent as
those of a language, in Postgres on disk. Each search is of one to three words, none of the ${stopWords} most frequent, which
dictionaries leave out; it is told the first ${pageOf} with their titles, through the gate, in the reader's language, their region's and English:
all that a request does beside HTTP, also who looks.

${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model.trim() ?? 'unknown'} × ${cpus().length}, load ${load} before; node ${process.versions.node}, Postgres 18.4 on the same machine.

| at once | searches | median ms | p90 | p99 | most | ms of Postgres's processor a search |
|---|---|---|---|---|---|---|
${rows.map(row).join('\n')}

With 16 at once, one in a hundred takes longer than ${p99.toFixed(0)} ms (asked for: ≤ ${millisecondsAsked}, ${reached(p99 <= millisecondsAsked)}).
`;
process.stdout.write(page);
if (process.argv.includes('--keep')) {
  mkdirSync('docs/bench', { recursive: true });
  writeFileSync('docs/bench/search.md', page);
}
process.exit(0);
