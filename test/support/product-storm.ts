/** The whole product under a storm of requests for money: its processes and Postgres are killed. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { startMailSink } from '../../bin/embedded/mail-sink.ts';
import { startPostgres } from '../../bin/embedded/postgres.ts';
import { startTemporal } from '../../bin/embedded/temporal.ts';
import { sql } from 'kysely';
import { verifyAudit } from '../../db/audit.ts';
import { type Database, openDatabase } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import type { LoopId } from '../../domain/id.ts';
import { budgetWorkflowId } from '../../workflows/budget/id.ts';
import { givenBudgetPeople, who } from './budget-organisation.ts';
import { fund, type Heard, type StormReport, stormReport } from './budget-storm.ts';
import { patience } from './patience.ts';
import { freePort } from './free-port.ts';
import { type ProductProcess, startProductApi, startProductWorker } from './product-process.ts';
import { stormAsker } from './product-storm-asker.ts';
import { temporalBinary } from './temporal-binary.ts';
import { type TestTokens, testTokens } from './tokens.ts';
import { scratchDirectory } from './scratch.ts';

export interface ProductStormOptions {
  readonly requests: number;
  readonly kills: number;
  /** Killed in turn; all of them, where nothing is said. */
  readonly inTurn?: readonly Victim[];
  random(): number;
}

export interface ProductStormReport extends StormReport {
  /** By what was killed. */
  readonly killed: Readonly<Record<Victim, number>>;
  /** Refused, and there all the same. */
  readonly contradicted: number;
  /** Open in Postgres, without a workflow that runs. */
  readonly stranded: number;
  readonly firstBreak: unknown;
}

/** Of a report: what no storm may do, however long it is. */
export const unharmed = {
  lost: 0,
  doubled: 0,
  overspent: 0n,
  untold: 0,
  differences: 0,
  contradicted: 0,
  stranded: 0,
  firstBreak: null,
} as const satisfies Partial<ProductStormReport>;

export const victims = ['postgres', 'api', 'worker 1', 'worker 2'] as const;
export type Victim = (typeof victims)[number];

export interface ProductStage {
  readonly db: Database;
  readonly client: Client;
  readonly tokens: TestTokens;
  readonly url: string;
  readonly databaseUrl: string;
  readonly taskQueue: string;
  readonly versions: string;
  /** Returns once it runs again. */
  kill(victim: Victim): Promise<void>;
  stop(): Promise<void>;
}

const inParallel = 24;
const amount = '100.00';
const minor = 100_00n;
const startsMax = 20;

/** As whatever watches over processes in production would: what ends is started again. */
async function keptUp(start: () => Promise<ProductProcess>) {
  async function startUntilReady(): Promise<ProductProcess> {
    for (let starts = 1; ; starts++) {
      try {
        return await start();
      } catch (error) {
        if (starts === startsMax) throw error;
      }
    }
  }
  let running = await startUntilReady();
  return {
    async killed(): Promise<void> {
      await running.kill();
      running = await startUntilReady();
    },
    stop: () => running.kill(),
  };
}

/** The keys of an identity provider that tokens are signed with: all that the API asks it for. */
async function startIssuer() {
  let keySet: unknown;
  const server = createServer((request, response) => {
    const isKeys = request.url === '/keys';
    const answer = isKeys ? keySet : { issuer: url, jwks_uri: `${url}/keys` };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((done) => {
    server.listen(0, 'localhost', () => done());
  });
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const tokens = await testTokens({ now: Date.now }, url);
  keySet = tokens.keySet;
  return {
    url,
    tokens,
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** On servers of its own, with all they know on disk. */
export async function startProduct(): Promise<ProductStage> {
  const directory = scratchDirectory('storm');
  const postgresOptions = {
    directory: path.join(directory, 'postgres'),
    port: await freePort(),
    persistent: true,
    durable: true,
  };
  const databaseFile = path.join(directory, 'temporal.db');
  const [started, temporal] = await Promise.all([
    startPostgres(postgresOptions),
    startTemporal({ binary: temporalBinary(), port: await freePort(), databaseFile }),
  ]);
  let postgres = started;
  await migrate(postgres.url);
  const stage = await startProductOn({
    databaseUrl: postgres.url,
    temporalAddress: temporal.address,
    async killPostgres() {
      postgres.kill();
      postgres = await startPostgres(postgresOptions);
    },
  });
  return {
    ...stage,
    async stop() {
      await stage.stop();
      postgres.kill();
      temporal.kill();
      await Promise.all([postgres.stop(), temporal.stop()]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export interface StormServers {
  /** Of a migrated, empty database. */
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  /** Returns once it runs again. */
  killPostgres(): Promise<void>;
}

/** An API and two workers, each a process, on servers that are there. */
export async function startProductOn({
  databaseUrl,
  temporalAddress,
  killPostgres,
}: StormServers): Promise<ProductStage> {
  const [sink, provider] = await Promise.all([
    startMailSink({ smtpPort: 0, pagePort: 0 }),
    startIssuer(),
  ]);
  const db = openDatabase({ url: databaseUrl, ...patience });
  await givenBudgetPeople(db, Date.now());
  await signUp(db, provider.url);
  const port = await freePort();
  const taskQueue = `storm-${randomUUID()}`;
  const order = { databaseUrl, temporalAddress, taskQueue };
  const worker = () => startProductWorker({ ...order, smtpUrl: sink.smtpUrl });
  const first = await keptUp(worker);
  const [second, api] = await Promise.all([
    keptUp(worker),
    keptUp(() => startProductApi({ ...order, issuer: provider.url, port })),
  ]);
  const connection = await Connection.connect({ address: temporalAddress });
  const client = new Client({ connection });
  const kept = { api, 'worker 1': first, 'worker 2': second };
  return {
    db,
    client,
    tokens: provider.tokens,
    url: `http://127.0.0.1:${port}`,
    databaseUrl,
    taskQueue,
    versions: await versionsOf(db, connection),
    kill: (victim) => (victim === 'postgres' ? killPostgres() : kept[victim].killed()),
    async stop() {
      await Promise.all(Object.values(kept).map((one) => one.stop()));
      for await (const { scheduleId } of client.schedule.list()) {
        if (scheduleId.endsWith(taskQueue)) await client.schedule.getHandle(scheduleId).delete();
      }
      await Promise.all([connection.close(), db.destroy(), sink.stop(), provider.stop()]);
    },
  };
}

async function versionsOf(db: Database, connection: Connection): Promise<string> {
  const { serverVersion } = await connection.workflowService.getSystemInfo({});
  const { rows } = await sql<{
    version: string;
  }>`SELECT current_setting('server_version') AS version`.execute(db);
  return `Temporal ${serverVersion} (development server), Postgres ${rows[0]?.version}`;
}

async function signUp(db: Database, issuer: string): Promise<void> {
  const people = await db.selectFrom('person').select('id').execute();
  await db
    .insertInto('identity')
    .values(people.map(({ id }) => ({ issuer, subject: id, person_id: id })))
    .execute();
}

/** What one person asks for is reckoned together, one after another: so several ask. */
const requesters = [who.requester, who.report, who.stranger, who.learning, who.officer, who.lead];

/** Money is there for half of the requests. */
export async function productStorm(
  stage: ProductStage,
  { requests, kills, inTurn = victims, random }: ProductStormOptions,
): Promise<ProductStormReport> {
  const { db } = stage;
  const to = (BigInt(requests) * minor) / 2n;
  await fund(db, to, Date.now());
  const heard = { kept: new Set<number>(), decided: new Set<number>() } satisfies Heard;
  const refused = new Set<number>();
  const asker = stormAsker(stage);
  let [next, ended, doubled, deaths] = [0, 0, 0, 0];
  // However fast the machine: nobody asks further ahead than so many deaths allow.
  const isTooEarly = (index: number): boolean => index > ((deaths + 2) * requests) / kills;
  const walk = async (): Promise<void> => {
    for (let index = next++; index < requests; index = next++) {
      while (isTooEarly(index)) await pause(5);
      const requester = requesters[index % requesters.length] ?? who.requester;
      const asked = await asker.submits({ index, requester, amount });
      doubled += asked.isDoubled ? 1 : 0;
      if (asked.id === null) refused.add(index);
      else {
        heard.kept.add(index);
        await asker.decides(asked.id, { index, requester, amount });
        heard.decided.add(index);
      }
      ended++;
    }
  };
  const killed = { postgres: 0, api: 0, 'worker 1': 0, 'worker 2': 0 };
  const isOver = (): boolean => ended >= requests;
  const killing = async (): Promise<void> => {
    for (; deaths < kills; deaths++) {
      // Each death lets so many ask that twice as many answers as are waited for are to come.
      const due = asker.answers() + Math.ceil((random() * (requests / kills)) / 2);
      while (asker.answers() < due && !isOver()) await pause(5);
      const victim = inTurn[deaths % inTurn.length] ?? 'api';
      await stage.kill(victim);
      killed[victim]++;
    }
  };
  await Promise.all([killing(), ...Array.from({ length: inParallel }, walk)]);
  const report = await stormReport(db, heard, to);
  return {
    ...report,
    doubled: report.doubled + doubled,
    killed,
    contradicted: await thereOf(db, refused),
    stranded: await strandedLoops(stage),
    firstBreak: (await verifyAudit(db)).firstBreak,
  };
}

async function thereOf(db: Database, refused: ReadonlySet<number>): Promise<number> {
  const rows = await db.selectFrom('budget_request').select('gap_id').execute();
  return rows.filter(({ gap_id: gap }) => refused.has(Number(gap?.slice('storm-'.length)))).length;
}

async function strandedLoops({ db, client }: ProductStage): Promise<number> {
  const open = await db
    .selectFrom('loop_instance')
    .select('id')
    .where('loop', '=', 'budgetRequest')
    .where('closed_at', 'is', null)
    .execute();
  const running = await Promise.all(
    open.map(async ({ id }) => {
      const workflowId = budgetWorkflowId(id as LoopId);
      const { status } = await client.workflow.getHandle(workflowId).describe();
      return status.name === 'RUNNING';
    }),
  );
  return running.filter((isRunning) => !isRunning).length;
}
