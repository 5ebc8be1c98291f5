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

async function peerFlow({ client, peerQueue }: FlowStage): Promise<void> {
  const workflowId = `peer:${randomUUID()}`;
  await client.workflow.executeUpdateWithStart(takePeerStep, {
    args: [1],
    startWorkflowOperation: new WithStartWorkflowOperation('peer', {
      workflowId,
      taskQueue: peerQueue,
      args: [workflowId],
      workflowIdConflictPolicy: 'USE_EXISTING',
    }),
  });
  const handle = client.workflow.getHandle(workflowId);
  await handle.executeUpdate(takePeerStep, { args: [2] });
  await handle.executeUpdate(takePeerStep, { args: [3] });
}

/** Flows a second; `flows` is emptied. */
async function rate(flows: (() => Promise<void>)[]): Promise<number> {
  const count = flows.length;
  const startedAt = performance.now();
  const runner = async (): Promise<void> => {
    for (let flow = flows.pop(); flow; flow = flows.pop()) await flow();
  };
  await Promise.all(Array.from({ length: inParallel }, runner));
  return (count / (performance.now() - startedAt)) * 1_000;
}

/** One account each: a handoff holds its account. */
async function handoffsOf(stage: FlowStage, into: Latencies): Promise<(() => Promise<void>)[]> {
  const since = Date.now() - 1_000;
  const accounts = Array.from({ length: flowsPerRound }, () => randomUUID() as string as AccountId);
  for (const id of accounts) await givenAccount(stage.db, { id, owner: berlin.lead, since });
  return accounts.map((account) => () => handoff(stage, account, into));
}

const peersOf = (stage: FlowStage): (() => Promise<void>)[] =>
  Array.from({ length: flowsPerRound }, () => () => peerFlow(stage));

const at = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[
    Math.min(values.length - 1, Math.floor(values.length * share))
  ] ?? Number.NaN;
const spread = (values: readonly number[], digits = 1): string =>
  [0.5, 0, 1].map((share) => at(values, share).toFixed(digits)).join(' | ');
const latency = (name: string, values: readonly number[]): string =>
  `| ${name} | ${at(values, 0.5).toFixed(0)} ms | ${at(values, 0.99).toFixed(0)} ms |`;

const load = loadavg()[0]?.toFixed(1);
const stage = await startFlowStage();
const latencies: Latencies = { offer: [], accept: [] };
const [handoffs, peers]: [number[], number[]] = [[], []];
const oneHandoffRound = async (into: Latencies): Promise<number> =>
  rate(await handoffsOf(stage, into));
const warming = [await oneHandoffRound({ offer: [], accept: [] }), await rate(peersOf(stage))];
for (let round = 0; round < rounds; round++) {
  process.stderr.write(`round ${round + 1} of ${rounds}\n`);
  // Whoever goes first finds the servers quieter: that falls on either in turn.
  if (round % 2 === 0) handoffs.push(await oneHandoffRound(latencies));
  peers.push(await rate(peersOf(stage)));
  if (round % 2 === 1) handoffs.push(await oneHandoffRound(latencies));
}
await stage.stop();

const ratios = handoffs.map((ours, round) => ours / (peers[round] ?? Number.NaN));
const reached = at(ratios, 0.5) >= ratioAsked ? 'reached' : 'not reached';
const page = `# Flows a second

\`npm run bench:flows -- --keep\` writes this page. A complete handoff (offer, read back, confirm) is three
transactions, each with its step, projection, tasks, messages and audit, and its messages wait in
Temporal. Beside it, in turn: a flow of the same three updates, each writing one row in a local activity.
Commands go straight to Temporal, without HTTP. The ratio is taken round by round; rates and latencies
are those of the machine and of what else it did.

${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model.trim() ?? 'unknown'} × ${cpus().length}, load ${load} before; node ${process.versions.node},
${stage.versions}, both on disk on the same machine;
${inParallel} at once, ${flowsPerRound} flows a round, ${rounds} rounds of each after one to warm up.

| what | median | least | most |
|---|---|---|---|
| complete handoffs a second | ${spread(handoffs)} |
| least flows a second | ${spread(peers)} |
| ratio (asked for: ≥ ${ratioAsked}, ${reached}) | ${spread(ratios, 2)} |

| latency, n = ${latencies.offer.length} | p50 | p99 |
|---|---|---|
${latency('offer', latencies.offer)}
${latency('accept', latencies.accept)}
`;
process.stdout.write(
  `${page}\nto warm up: ${warming.map((value) => value.toFixed(1)).join(', ')}\n`,
);
if (process.argv.includes('--keep')) {
  mkdirSync('docs/bench', { recursive: true });
  writeFileSync('docs/bench/flows.md', page);
}
