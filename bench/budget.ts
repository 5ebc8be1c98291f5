/**
 * What recording a request for money costs, what one hot line costs, and a complete flow beside a
 * plain state machine in SQL and DBOS on the same Postgres. `--keep` writes docs/bench/budget.md.
 * It ends with 1 where what is asked for is missed.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { reserve } from '../db/budget-ledger.ts';
import { type Database, openDatabase } from '../db/client.ts';
import { givenLine } from '../test/support/budget-organisation.ts';
import { fund } from '../test/support/budget-storm.ts';
import { patience } from '../test/support/patience.ts';
import { isReached, ratios, spread, verdict } from './budget-figures.ts';
import {
  type Act,
  at,
  inParallel,
  rate,
  recordOf,
  requesters,
  type Submission,
  submission,
  today,
} from './budget-flow.ts';
import { measureProduct } from './budget-product.ts';
import { type BudgetStage, startBudgetStage, type Statement } from './budget-stage.ts';

const rounds = 5;
const perRound = 48;
const linesSpread = 1_000;
const linesAtOnce = 8;
const ratiosAsked = { record: 0.4, hot: 0.12 } as const;

interface Script {
  readonly sent: readonly Statement[];
  /** Ids of what is there already. */
  readonly kept: ReadonlySet<string>;
}

const requestOf = ({ command }: Submission): string =>
  command?.type === 'submit' ? command.request : '';

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** The same statements for another request: what is its own gets ids of its own. */
function replayed({ sent, kept }: Script = { sent: [], kept: new Set() }): readonly Statement[] {
  const other = new Map<string, string>();
  const renamed = (value: unknown): unknown => {
    if (typeof value === 'string') {
      return value.replaceAll(uuid, (id) => {
        if (kept.has(id)) return id;
        if (!other.has(id)) other.set(id, randomUUID());
        return other.get(id) ?? id;
      });
    }
    if (Array.isArray(value)) return value.map(renamed);
    return value;
  };
  return sent.map(({ text, parameters }) => ({ text, parameters: parameters.map(renamed) }));
}

async function send({ raw }: BudgetStage, statements: readonly Statement[]): Promise<void> {
  await raw.begin(async (tx) => {
    for (const { text, parameters } of statements) {
      await tx.unsafe(text, parameters as never[], { prepare: true });
    }
  });
}

async function recordAgainstItself(stage: BudgetStage) {
  const record = recordOf(stage.db);
  const lines = await stage.db.selectFrom('budget_line').select('id').execute();
  const known = new Set(lines.map(({ id }) => id));
  const scripts: Script[] = [];
  for (const nth of requesters.keys()) {
    const one = await submission(stage.db, nth);
    const all = await stage.captured((db) => recordOf(db)(one));
    const sent = all.filter(({ text }) => !/^(?:begin|commit)\b/i.test(text));
    scripts.push({ kept: new Set([...known, requestOf(one)]), sent });
  }
  const [script] = scripts;
  const measured = {
    product: [] as number[],
    raw: [] as number[],
    statements: script?.sent.length ?? 0,
  };
  for (let round = -1; round < rounds; round++) {
    const ours = await Promise.all(
      Array.from({ length: perRound }, (_, nth) => submission(stage.db, nth)),
    );
    const theirs = ours.map((_, nth) => replayed(scripts[nth % scripts.length]));
    const product = () =>
      rate(
        ours.map((one) => async () => {
          const answer = await record(one);
          if (!('transitions' in answer)) throw new Error(JSON.stringify(answer));
        }),
      );
    const bare = () => rate(theirs.map((one) => () => send(stage, one)));
    const isFirst = round % 2 === 0;
    const [a, b] = isFirst ? [await product(), await bare()] : [await bare(), await product()];
    if (round < 0) continue;
    measured.product.push(isFirst ? a : b);
    measured.raw.push(isFirst ? b : a);
  }
  return measured;
}

/** What the driver sends: each transaction that was begun beyond those asked for was begun again. */
interface Sent {
  begun: number;
  rolledBack: number;
}

function countedDatabase(url: string): { readonly db: Database; readonly sent: Sent } {
  const sent: Sent = { begun: 0, rolledBack: 0 };
  const onQuery = (text: string): void => {
    if (/^begin\b/i.test(text)) sent.begun++;
    if (/^rollback\b/i.test(text)) sent.rolledBack++;
  };
  return { db: openDatabase({ url, ...patience, onQuery }), sent };
}

async function hotAgainstSpread({ db, url }: BudgetStage) {
  const year = new Date(at).getUTCFullYear();
  const to = 10n ** 12n;
  const lines: string[] = [];
  for (let index = 0; index < linesSpread; index += linesAtOnce) {
    const made = Array.from({ length: linesAtOnce }, (_, nth) =>
      givenLine(db, { year, at, purpose: `line-${index + nth}`, to }),
    );
    lines.push(...(await Promise.all(made)));
  }
  const [hot = ''] = lines;
  const counted = countedDatabase(url);
  let [asked, failed] = [0, 0];
  const reserving =
    (line: string): Act =>
    async () => {
      const one = { id: randomUUID(), line, asked: { minor: 1n, currency: 'EUR' }, at };
      asked++;
      const answer = await counted.db
        .transaction()
        .execute((tx) => reserve(tx, one))
        .catch((error: unknown) => ({ ok: false, error }));
      if (!answer.ok) failed++;
    };
  const of = (pick: (index: number) => string) =>
    rate(Array.from({ length: perRound * 4 }, (_, index) => reserving(pick(index))));
  const measured = { hot: [] as number[], spread: [] as number[] };
  for (let round = -1; round < rounds; round++) {
    const one = await of(() => hot);
    const many = await of((index) => lines[(index * 7) % lines.length] ?? hot);
    if (round < 0) continue;
    measured.hot.push(one);
    measured.spread.push(many);
  }
  await counted.db.destroy();
  const { begun, rolledBack } = counted.sent;
  return { ...measured, asked, failed, retried: begun - asked, rolledBack };
}

const load = loadavg()[0]?.toFixed(1);
const stage = await startBudgetStage(at);
await fund(stage.db, 10n ** 12n, at);
const record = await recordAgainstItself(stage);
process.stderr.write('recorded\n');
const hot = await hotAgainstSpread(stage);
process.stderr.write('reserved\n');
await stage.stop();
const product = await measureProduct(rounds);
const { of } = product;
const toRaw = ratios(record.product, record.raw);
const toSpread = ratios(hot.hot, hot.spread);
const { version: dbosVersion } = JSON.parse(
  readFileSync('node_modules/@dbos-inc/dbos-sdk/package.json', 'utf8'),
) as { readonly version: string };
const page = `# Money

\`npm run bench:budget -- --keep\` writes this page. The recording transaction of a submission (reserve, projection, tasks, messages,
audit) is ${record.statements} statements; beside it the same statements, with ids of their own, straight through postgres.js on as many
connections; six people ask, since what one person asks for is reckoned together, one after another. One line that everybody reserves
from is measured beside ${linesSpread} lines. Ratios are taken round by round.

${today}, ${cpus()[0]?.model.trim() ?? 'unknown'} × ${cpus().length}, load ${load} before, ${loadavg()[0]?.toFixed(1)} after; node ${process.versions.node},
${product.versions}, on disk on the same machine; ${inParallel} at once, n = ${rounds} rounds after one to warm up.

| what | median | least | most |
|---|---|---|---|
| submissions recorded a second (${perRound} a round) | ${spread(record.product)} |
| their statements alone a second | ${spread(record.raw)} |
| recorded to their statements (${verdict(toRaw, ratiosAsked.record)}) | ${spread(toRaw, 2)} |
| reservations a second, one line (${perRound * 4} a round) | ${spread(hot.hot)} |
| reservations a second, ${linesSpread} lines | ${spread(hot.spread)} |
| one line to ${linesSpread} (${verdict(toSpread, ratiosAsked.hot)}) | ${spread(toSpread, 2)} |

Of ${hot.asked} reservations ${hot.failed} failed or were refused, ${hot.retried} transactions were begun again and ${hot.rolledBack} rolled back, counted by what
the driver sent (asked for: 0, 0 and 0).

## The whole product

An API and two workers in processes of their own, as \`npm run api\` and \`npm run worker\` start them, share the machine with Postgres,
Temporal and whoever asks; ${product.perRound} of each a round, in turn. A complete flow is submitted, approved and closed out: through the
record alone; through Temporal, by updates as the API sends them; over HTTP, which also reads the request before it is decided. Beside them, on
the same Postgres, a state machine in plain SQL (one row, one reservation, one audit row a step, one transaction each) and the same three steps
as transactions of a DBOS workflow (${dbosVersion}); neither plans deadlines, working time, messages or authority.
Through Temporal it is 20 events of history, and two for each reminder that is waited for: \`test/workflow/budget-request.test.ts\` counts them.
Over HTTP ${product.repeats} of all requests had to be sent again.

| a second | median | least | most |
|---|---|---|---|
| submissions recorded | ${spread(of.record, 1)} |
| \`POST /budget-requests\`, end to end | ${spread(of.posts, 1)} |
| complete flows, recorded | ${spread(of.recorded, 1)} |
| complete flows, through Temporal | ${spread(of.temporal, 1)} |
| complete flows, over HTTP | ${spread(of.http, 1)} |
| complete flows, plain SQL | ${spread(of.plain, 1)} |
| complete flows, DBOS | ${spread(of.dbos, 1)} |
`;
process.stdout.write(page);
if (process.argv.includes('--keep')) {
  mkdirSync('docs/bench', { recursive: true });
  writeFileSync('docs/bench/budget.md', page);
}
const missed = [
  ...(isReached(toRaw, ratiosAsked.record) ? [] : ['recorded to their statements']),
  ...(isReached(toSpread, ratiosAsked.hot) ? [] : [`one line to ${linesSpread}`]),
  ...(hot.failed + hot.retried + hot.rolledBack === 0 ? [] : ['no failure and no retry']),
];
if (missed.length > 0) process.stderr.write(`Missed: ${missed.join(', ')}.\n`);
process.exit(missed.length > 0 ? 1 : 0);
