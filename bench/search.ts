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
import type { Reader } from '../domain/exchange/gate.ts';
import type { PersonId } from '../domain/id.ts';
import { randomFrom } from '../test/support/proof.ts';
import { startSearchApi } from './search-http.ts';
import { locales, readers, startSearchStage, stopWords, wordOf } from './search-stage.ts';

const practices = 20_000;
const searches = 4_000;
const wordsMost = 3;
const pageOf = 25;
const atOnce = 16;
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
const api = await startSearchApi(stage);
const random = randomFrom(2);

type Asking = (reader: Reader, q: string) => Promise<unknown>;

/** All that a request does beside HTTP: who looks, the search, the gate and the titles. */
const operation: Asking = async (reader, q) => {
  const actor = present(await loadActor(stage.db, reader.id, Date.now()), 'who looks');
  await findPractices(stage, { actor, input: { q, limit: pageOf } });
};
const overHttp: Asking = (reader, q) => api.search(reader.id, q, pageOf);

async function look(ask: Asking): Promise<number> {
  const reader = present(looking[Math.floor(random() * looking.length)], 'a reader');
  const vocabulary = present(stage.vocabularies.get(reader.locale), 'a vocabulary');
  const count = 1 + Math.floor(random() * wordsMost);
  const words = Array.from({ length: count }, () => wordOf(vocabulary, random, stopWords));
  const startedAt = performance.now();
  await ask(reader, words.join(' '));
  return performance.now() - startedAt;
}

async function clients(ask: Asking, count: number, each: number): Promise<readonly number[]> {
  const client = async (): Promise<readonly number[]> => {
    const took: number[] = [];
    for (let search = 0; search < each; search++) took.push(await look(ask));
    return took;
  };
  return (await Promise.all(Array.from({ length: count }, client))).flat();
}

const ways = [
  ['the operation', operation],
  ['over HTTP', overHttp],
] as const;
for (const [, ask] of ways) await clients(ask, atOnce, 50);
const load = loadavg()[0]?.toFixed(1);
interface Row {
  readonly way: string;
  readonly count: number;
  readonly took: readonly number[];
  /** Of Postgres and of this process, in milliseconds a search. */
  readonly postgres: number | null;
  readonly node: number;
}
const rows: Row[] = [];
for (const [way, ask] of ways) {
  for (const count of [1, atOnce]) {
    const [before, own] = [stage.cpuSeconds(), process.cpuUsage()];
    const took = await clients(ask, count, searches / count);
    const [after, { user, system }] = [stage.cpuSeconds(), process.cpuUsage(own)];
    const postgres =
      before === null || after === null ? null : ((after - before) / took.length) * 1_000;
    rows.push({ way, count, took, postgres, node: (user + system) / 1_000 / took.length });
  }
}
await api.stop();
await stage.stop();

const row = ({ way, count, took, postgres, node }: Row): string => {
  const cells = [0.5, 0.9, 0.99, 1].map((at) => share(took, at).toFixed(1));
  const cpu = [postgres?.toFixed(2) ?? '–', node.toFixed(2)];
  return `| ${[way, count, took.length, ...cells, ...cpu].join(' | ')} |`;
};
const told = rows
  .filter(({ count }) => count === atOnce)
  .map(({ way, took }) => {
    const p99 = share(took, 0.99);
    return `- ${way}: ${p99.toFixed(0)} ms, ${reached(p99 <= millisecondsAsked)}`;
  });
const page = `# Searching practices

\`npm run bench:search -- --keep\` writes this page. ${practices} practices in ${locales.length} languages each, of some hundred words as unevenly frequent as
those of a language, in Postgres on disk. Each search is of one to three words, none of the ${stopWords} most frequent, which
dictionaries leave out; it is told the first ${pageOf} with their titles, through the gate, in the reader's language, their region's and English.
Whoever asks asks again as soon as they are answered, for ${searches} searches in all.

- **The operation**: all that a request does beside HTTP: who looks with their offices and delegations, what they may read, the search, the gate
  and the titles. Nothing is kept from one search to the next but the plans of Postgres.
- **Over HTTP**: the same through the API on a socket, with its token, its limits and its answer as JSON, read by clients in the same process.

${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model.trim() ?? 'unknown'} × ${cpus().length} for Postgres, the API and its clients together, load ${load} before; node ${process.versions.node}, Postgres 18.4.

| | at once | searches | median ms | p90 | p99 | most | ms of processor a search: Postgres | Node |
|---|---|---|---|---|---|---|---|---|
${rows.map(row).join('\n')}

One in a hundred takes longer, ${atOnce} at once (asked for: ≤ ${millisecondsAsked} ms), than:

${told.join('\n')}
`;
process.stdout.write(page);
if (process.argv.includes('--keep')) {
  mkdirSync('docs/bench', { recursive: true });
  writeFileSync('docs/bench/search.md', page);
}
process.exit(0);
