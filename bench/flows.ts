/**
 * How many complete handoffs a second (offer, read back, confirm), 16 at once, beside the least that a
 * durable flow of three steps can be, in turn on the same servers. `--keep` writes the result to
 * docs/bench/flows.md.
 */
import { WithStartWorkflowOperation } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import type { AccountId } from '../domain/id.ts';
import { givenAccount } from '../test/support/handoff-organisation.ts';
import { berlin, offers, tokyo } from '../test/support/handoff-story.ts';
import { startFlowStage, type FlowStage } from './flow-stage.ts';
import { takePeerStep } from './peer/workflow.ts';

const inParallel = 16;
const flowsPerRound = 64;
const rounds = 7;
const ratioAsked = 0.6;

type Flow = () => Promise<void>;

interface Latencies {
  readonly offer: number[];
  readonly accept: number[];
}

async function timed<T>(into: number[], act: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const answer = await act();
  into.push(performance.now() - startedAt);
  return answer;
}

async function handoff(stage: FlowStage, account: AccountId, into: Latencies): Promise<void> {
  const offered = await timed(into.offer, () => offers(stage, { account }));
  await timed(into.accept, () => offered.readsBack(tokyo.lead));
  await offered.confirms(berlin.lead);
}

/** One account each: a handoff holds its account. */
async function handoffsOf(stage: FlowStage, into: Latencies): Promise<Flow[]> {
  const since = Date.now() - 1_000;
  const accounts = Array.from({ length: flowsPerRound }, () => randomUUID() as string as AccountId);
  for (const id of accounts) await givenAccount(stage.db, { id, owner: berlin.lead, since });
  return accounts.map((account) => () => handoff(stage, account, into));
}

/** What a clean handoff tells at its three steps: offered; read back; transferred, to both. */
const messagesOfHandoff = [1, 1, 2] as const;
const noMessages = [0, 0, 0] as const;
type Messages = readonly [number, number, number];

async function peerFlow({ client, peerQueue }: FlowStage, messages: Messages): Promise<void> {
  const workflowId = `peer:${randomUUID()}`;
  await client.workflow.executeUpdateWithStart(takePeerStep, {
    args: [{ step: 1, messages: messages[0] }],
    startWorkflowOperation: new WithStartWorkflowOperation('peer', {
      workflowId,
      taskQueue: peerQueue,
      args: [workflowId],
      workflowIdConflictPolicy: 'USE_EXISTING',
    }),
  });
  const handle = client.workflow.getHandle(workflowId);
  await handle.executeUpdate(takePeerStep, { args: [{ step: 2, messages: messages[1] }] });
  await handle.executeUpdate(takePeerStep, { args: [{ step: 3, messages: messages[2] }] });
}

const peersOf = (stage: FlowStage, messages: Messages): Flow[] =>
  Array.from({ length: flowsPerRound }, () => () => peerFlow(stage, messages));

/** Flows a second; `flows` is emptied. */
async function rate(flows: Flow[]): Promise<number> {
  const count = flows.length;
  const startedAt = performance.now();
  const runner = async (): Promise<void> => {
    for (let flow = flows.pop(); flow; flow = flows.pop()) await flow();
  };
  await Promise.all(Array.from({ length: inParallel }, runner));
  return (count / (performance.now() - startedAt)) * 1_000;
}

interface Measured {
  readonly handoffs: number[];
  readonly bare: number[];
  readonly telling: number[];
}

/** Whoever comes first in a round finds the servers quieter: that falls on each in turn. */
async function measure(stage: FlowStage, latencies: Latencies): Promise<Measured> {
  const measured: Measured = { handoffs: [], bare: [], telling: [] };
  const kinds = [
    async (into: Latencies) => measured.handoffs.push(await rate(await handoffsOf(stage, into))),
    async () => measured.bare.push(await rate(peersOf(stage, noMessages))),
    async () => measured.telling.push(await rate(peersOf(stage, messagesOfHandoff))),
  ] as const;
  for (const kind of kinds) await kind({ offer: [], accept: [] }); // to warm up
  for (const rates of Object.values(measured) as number[][]) rates.length = 0;
  for (let round = 0; round < rounds; round++) {
    process.stderr.write(`round ${round + 1} of ${rounds}\n`);
    for (const [index] of kinds.entries()) {
      await kinds[(round + index) % kinds.length]?.(latencies);
    }
  }
  return measured;
}

const at = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[
    Math.min(values.length - 1, Math.floor(values.length * share))
  ] ?? Number.NaN;
const spread = (values: readonly number[], digits = 1): string =>
  [0.5, 0, 1].map((share) => at(values, share).toFixed(digits)).join(' | ');
const latency = (name: string, values: readonly number[]): string =>
  `| ${name} | ${at(values, 0.5).toFixed(0)} ms | ${at(values, 0.99).toFixed(0)} ms |`;

async function messagesSent({ db }: FlowStage): Promise<string> {
  const { all, sent } = await db
    .selectFrom('notice')
    .select((eb) => [
      eb.fn.countAll<bigint>().as('all'),
      eb.fn.countAll<bigint>().filterWhere('status', '=', 'sent').as('sent'),
    ])
    .executeTakeFirstOrThrow();
  return `${sent} of ${all} messages came due and were sent meanwhile`;
}

const load = loadavg()[0]?.toFixed(1);
const stage = await startFlowStage();
const latencies: Latencies = { offer: [], accept: [] };
const { handoffs, bare, telling } = await measure(stage, latencies);
const sent = await messagesSent(stage);
await stage.stop();

const toPeer = (peers: readonly number[]): readonly number[] =>
  handoffs.map((ours, round) => ours / (peers[round] ?? Number.NaN));
const reached = at(toPeer(bare), 0.5) >= ratioAsked ? 'reached' : 'not reached';
const page = `# Flows a second

\`npm run bench:flows -- --keep\` writes this page. A complete handoff (offer, read back, confirm) is three
transactions, each with its step, projection, tasks, messages and audit; its four messages wait in
Postgres until the last hour before their reader works. Beside it, in turn: the least flow of the same three updates, each
writing one row in a local activity, alone and with four messages that wait in Temporal. Commands go straight to
Temporal, without HTTP. Ratios are taken round by round; rates and latencies are those of the machine
and of what else it did.

${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model.trim() ?? 'unknown'} × ${cpus().length}, load ${load} before; node ${process.versions.node},
${stage.versions}, both on disk on the same machine;
${inParallel} at once, ${flowsPerRound} flows a round, ${rounds} rounds of each after one to warm up;
${sent}.

| what | median | least | most |
|---|---|---|---|
| complete handoffs a second | ${spread(handoffs)} |
| least flows a second | ${spread(bare)} |
| least flows with messages a second | ${spread(telling)} |
| handoffs to least flows (asked for: ≥ ${ratioAsked}, ${reached}) | ${spread(toPeer(bare), 2)} |
| handoffs to least flows with messages | ${spread(toPeer(telling), 2)} |

| latency, n = ${latencies.offer.length} | p50 | p99 |
|---|---|---|
${latency('offer', latencies.offer)}
${latency('accept', latencies.accept)}
`;
process.stdout.write(page);
if (process.argv.includes('--keep')) {
  mkdirSync('docs/bench', { recursive: true });
  writeFileSync('docs/bench/flows.md', page);
}
