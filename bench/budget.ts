/**
 * What recording a request for money costs, what one hot line costs, and a complete flow beside a
 * plain state machine in SQL and DBOS on the same Postgres. `--keep` writes docs/bench/budget.md.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { loops } from '../activities/loops.ts';
import { createRecord } from '../activities/record.ts';
import { reserve } from '../db/budget-ledger.ts';
import { changeAllocation } from '../db/budget-lines.ts';
import { prepareBudget } from '../db/budget-submissions.ts';
import { insertContent } from '../db/contents.ts';
import type { Database } from '../db/client.ts';
import { present } from '../domain/assert.ts';
import { budgetRules } from '../domain/budget/decide.ts';
import { type BudgetCommand, type BudgetEvent, openSeats } from '../domain/budget/state.ts';
import { holdable } from '../domain/hold.ts';
import type { ContentId, LoopId } from '../domain/id.ts';
import type { Proposal } from '../domain/loop.ts';
import { givenLine, who } from '../test/support/budget-organisation.ts';
import { askedFor } from '../test/support/budget-story.ts';
import { type BudgetStage, startBudgetStage, type Statement } from './budget-stage.ts';
import { startDbosPeer } from './budget-peers.ts';
import { plainFlow, preparePlain } from './budget-plain.ts';

const inParallel = 8;
const rounds = 5;
const perRound = 48;
const flowsPerRound = 24;
const linesSpread = 1_000;
const linesAtOnce = 8;
const ratiosAsked = { record: 0.4, hot: 0.12 } as const;
const at = Date.now();
const today = new Date(at).toISOString().slice(0, 10);

type Act = () => Promise<unknown>;

/** Acts a second, so many at once; `acts` is emptied. */
async function rate(acts: Act[]): Promise<number> {
  const count = acts.length;
  const startedAt = performance.now();
  const runner = async (): Promise<void> => {
    for (let act = acts.pop(); act; act = acts.pop()) await act();
  };
  await Promise.all(Array.from({ length: inParallel }, runner));
  return (count / (performance.now() - startedAt)) * 1_000;
}

const rules = holdable(budgetRules);
const startDeliveries = () => undefined;
const recordOf = (db: Database) =>
  createRecord({ db, clock: { now: Date.now }, loops, startDeliveries });

type Submission = Proposal<BudgetCommand, BudgetEvent>;

/** What one person asks for is reckoned together, one after another: so several ask. */
const requesters = [who.requester, who.report, who.stranger, who.learning, who.officer, who.lead];

/** Prepared before it is measured, as the API does before the step is taken. */
async function submission({ db }: BudgetStage, nth: number): Promise<Submission> {
  const requester = requesters[nth % requesters.length] ?? who.requester;
  const asked = askedFor(at, { requester, instalments: [{ due: today, minor: '100' }] });
  const prepared = await db.transaction().execute((tx) => prepareBudget(tx, asked, at));
  if (!prepared.ok) throw new Error(prepared.problem.code);
  const request = randomUUID() as ContentId;
  const body = { text: 'A course.' };
  await insertContent(db, { id: request, author: requester, kind: 'budget.request', body, at });
  const command: BudgetCommand = {
    type: 'submit',
    actor: requester,
    ...prepared.submission,
    request,
  };
  const decision = rules.decide(rules.initial, command, at);
  if (!decision.ok) throw new Error(decision.problem.code);
  return {
    loop: 'budgetRequest',
    id: randomUUID() as LoopId,
    commandId: 'open',
    sequence: 0,
    at,
    command,
    events: decision.events as readonly BudgetEvent[],
  };
}

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
    const one = await submission(stage, nth);
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
      Array.from({ length: perRound }, (_, nth) => submission(stage, nth)),
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

async function hotAgainstSpread({ db }: BudgetStage) {
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
  let refused = 0;
  const reserving =
    (line: string): Act =>
    async () => {
      const asked = { minor: 1n, currency: 'EUR' };
      const id = randomUUID();
      const answer = await db.transaction().execute((tx) => reserve(tx, { id, line, asked, at }));
      if (!answer.ok) refused++;
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
  return { ...measured, refused };
}

/** Submitted, approved and closed out, through the record as the workflow calls it. */
async function recordedFlow(stage: BudgetStage, record: ReturnType<typeof recordOf>, nth: number) {
  const first = await submission(stage, nth);
  const actor = present(first.command?.actor, 'who asks');
  let [held, sequence] = [rules.initial, 0];
  const step = async (commandId: string, command: BudgetCommand): Promise<void> => {
    const decision = rules.decide(held, command, at);
    if (!decision.ok) throw new Error(decision.problem.code);
    const proposal = { loop: 'budgetRequest', id: first.id, commandId, sequence, at, command };
    const answer = await record({ ...proposal, events: decision.events });
    if (!('transitions' in answer)) throw new Error(JSON.stringify(answer));
    for (const stored of answer.transitions) {
      held = stored.state as typeof held;
      sequence = stored.sequence + 1;
    }
  };
  const words = async (kind: string): Promise<ContentId> => {
    const id = randomUUID() as ContentId;
    const body = { text: kind };
    await insertContent(stage.db, { id, author: actor, kind, body, at });
    return id;
  };
  await step('open', present(first.command, 'what is asked'));
  for (let [seat] = openSeats(held.state); seat; [seat] = openSeats(held.state)) {
    await step(`approve-${seat.person}`, { type: 'approve', actor: seat.person });
  }
  const proof = { instalment: 0, minor: '100', content: await words('budget.prove') };
  const content = await words('budget.outcome');
  await step('close', { type: 'closeOut', actor, content, lesson: null, proof });
}

async function flowsBeside(stage: BudgetStage) {
  const record = recordOf(stage.db);
  await preparePlain(stage.raw);
  const dbos = await startDbosPeer(stage.url);
  let count = 0;
  const kinds = {
    product: () => recordedFlow(stage, record, count++),
    plain: () => plainFlow(stage.raw),
    dbos: () => dbos.flow(),
  } as const;
  const measured = { product: [] as number[], plain: [] as number[], dbos: [] as number[] };
  const names = Object.keys(kinds) as (keyof typeof kinds)[];
  for (let round = -1; round < rounds; round++) {
    for (const [index] of names.entries()) {
      const name = names[(index + Math.max(0, round)) % names.length] ?? 'product';
      const found = await rate(Array.from({ length: flowsPerRound }, () => kinds[name]));
      if (round >= 0) measured[name].push(found);
    }
  }
  await dbos.stop();
  return measured;
}

const sorted = (values: readonly number[]): readonly number[] => values.toSorted((a, b) => a - b);
const middle = (values: readonly number[]): number =>
  sorted(values)[values.length >> 1] ?? Number.NaN;
const spread = (values: readonly number[], digits = 0): string =>
  [middle(values), Math.min(...values), Math.max(...values)]
    .map((value) => value.toFixed(digits))
    .join(' | ');
const ratios = (ours: readonly number[], theirs: readonly number[]): readonly number[] =>
  ours.map((value, round) => value / (theirs[round] ?? Number.NaN));
const verdict = (values: readonly number[], least: number): string =>
  `asked for: ≥ ${least}, ${middle(values) >= least ? 'reached' : 'not reached'}`;

const load = loadavg()[0]?.toFixed(1);
const stage = await startBudgetStage(at);
const { id: line } = await stage.db
  .selectFrom('budget_line')
  .select('id')
  .where('fiscal_year', '=', new Date(at).getUTCFullYear())
  .executeTakeFirstOrThrow();
const change = { id: randomUUID(), line, to: 10n ** 12n, author: who.director, at };
await stage.db
  .transaction()
  .execute((tx) => changeAllocation(tx, { ...change, reason: 'The bench.' }));
const record = await recordAgainstItself(stage);
process.stderr.write('recorded\n');
const hot = await hotAgainstSpread(stage);
process.stderr.write('reserved\n');
const flows = await flowsBeside(stage);
await stage.stop();
const toRaw = ratios(record.product, record.raw);
const toSpread = ratios(hot.hot, hot.spread);
const page = `# Money

\`npm run bench:budget -- --keep\` writes this page. The recording transaction of a submission (reserve, projection, tasks, messages,
audit) is ${record.statements} statements; beside it the same statements, with ids of their own, straight through postgres.js on as many
connections; six people ask, since what one person asks for is reckoned together, one after another. One line that everybody reserves
from is measured beside ${linesSpread} lines. A complete flow is submitted, approved and closed out: ours through the record, without Temporal; beside it a state machine in plain SQL (one row, one reservation, one audit
row a step, one transaction each) and the same three steps as transactions of a DBOS workflow, which does not plan deadlines, working time,
messages or authority either. Ratios are taken round by round.

${today}, ${cpus()[0]?.model.trim() ?? 'unknown'} × ${cpus().length}, load ${load} before; node ${process.versions.node}, Postgres ${stage.version}
on disk on the same machine; ${inParallel} at once, ${rounds} rounds after one to warm up.

| what | median | least | most |
|---|---|---|---|
| submissions recorded a second | ${spread(record.product)} |
| their statements alone a second | ${spread(record.raw)} |
| recorded to their statements (${verdict(toRaw, ratiosAsked.record)}) | ${spread(toRaw, 2)} |
| reservations a second, one line | ${spread(hot.hot)} |
| reservations a second, ${linesSpread} lines | ${spread(hot.spread)} |
| one line to ${linesSpread} (${verdict(toSpread, ratiosAsked.hot)}; ${hot.refused} refused, nothing is retried) | ${spread(toSpread, 2)} |
| flows a second, recorded | ${spread(flows.product)} |
| flows a second, plain SQL | ${spread(flows.plain)} |
| flows a second, DBOS | ${spread(flows.dbos)} |
`;
process.stdout.write(page);
if (process.argv.includes('--keep')) {
  mkdirSync('docs/bench', { recursive: true });
  writeFileSync('docs/bench/budget.md', page);
}
process.exit(0);
