/** Temporal and Postgres, of this file's own and with all they know on disk, lose their power. */
import { Client, Connection } from '@temporalio/client';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startMailSink, type MailSink } from '../../bin/embedded/mail-sink.ts';
import { startPostgres, type EmbeddedPostgres } from '../../bin/embedded/postgres.ts';
import { startTemporal, type EmbeddedTemporal } from '../../bin/embedded/temporal.ts';
import { provenId } from '../../channels/email/message-id.ts';
import { verifyAudit } from '../../db/audit.ts';
import { openDatabase, type Database } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import { present } from '../../domain/assert.ts';
import type { AccountId } from '../../domain/id.ts';
import { freePort } from '../support/free-port.ts';
import { givenAccount, givenDaysOff, givenHandoffPeople } from '../support/handoff-organisation.ts';
import {
  berlin,
  custodian,
  inbox,
  offers,
  tokyo,
  type Handoff,
  type HandoffStage,
} from '../support/handoff-story.ts';
import { sessionSecret, startProductWorker } from '../support/product-process.ts';
import {
  type ProductStage,
  productStorm,
  type ProductStormReport,
  startProductOn,
  unharmed,
} from '../support/product-storm.ts';
import { temporalBinary } from '../support/temporal-binary.ts';
import { commandsOf } from '../support/toy/errand-story.ts';
import { until } from '../support/until.ts';
import { bundleFile, startWorkerProcess } from '../support/worker-child.ts';
import { scratchDirectory } from '../support/scratch.ts';

/** A claim of an API that was killed is taken over after half a minute. */
const patience = { withinMs: 90_000 };
const taskQueue = 'restarted';
let directory: string;
let ports: { readonly postgres: number; readonly temporal: number; readonly smtp: number };
let postgres: EmbeddedPostgres;
let temporal: EmbeddedTemporal;
/** Away until a test has it started. */
let sink: MailSink | undefined;
let worker: Awaited<ReturnType<typeof startProductWorker>>;
let db: Database;
let connection: Connection;
let stage: HandoffStage;

let storm: { readonly stage: ProductStage; readonly report: Promise<ProductStormReport> };
/** Waits for Postgres to be killed and back. */
let restarted: (() => void) | null = null;

async function serversStart(): Promise<void> {
  [postgres, temporal] = await Promise.all([
    startPostgres({
      directory: path.join(directory, 'postgres'),
      port: ports.postgres,
      persistent: true,
      durable: true,
    }),
    startTemporal({
      binary: temporalBinary(),
      port: ports.temporal,
      databaseFile: path.join(directory, 'temporal.db'),
    }),
  ]);
}

/** As if the power went, and came back. */
async function serversRestart(): Promise<void> {
  postgres.kill();
  temporal.kill();
  await serversStart();
  restarted?.();
  restarted = null;
}

/**
 * Beside the tests of this file, in a database of its own of the same Postgres and with the Temporal of
 * all: the whole product, of which an API and a worker are killed while its Postgres is by those tests.
 */
async function stormBegins(): Promise<typeof storm> {
  const url = new URL(postgres.url);
  url.pathname = '/storm';
  await sql`CREATE DATABASE storm`.execute(db);
  await migrate(url.href);
  const stage = await startProductOn({
    databaseUrl: url.href,
    temporalAddress: inject('stack').temporalAddress,
    killPostgres: () => new Promise((resolve) => (restarted = resolve)),
  });
  const inTurn = ['api', 'worker 1', 'postgres'] as const;
  const random = () => 0.5;
  const report = productStorm(stage, { requests: 15, kills: inTurn.length, inTurn, random });
  report.catch(() => undefined); // told by its own test
  return { stage, report };
}

beforeAll(async () => {
  directory = scratchDirectory('restart');
  ports = { postgres: await freePort(), temporal: await freePort(), smtp: await freePort() };
  await serversStart();
  await migrate(postgres.url);
  db = openDatabase({ url: postgres.url });
  await givenHandoffPeople(db, Date.now());
  await givenDaysOff(db, Date.now());
  connection = await Connection.connect({ address: temporal.address });
  const client = new Client({ connection });
  stage = {
    client,
    clock: { now: Date.now, moveTo: () => undefined },
    taskQueue,
    database: { db },
  };
  worker = await startProductWorker({
    databaseUrl: postgres.url,
    temporalAddress: temporal.address,
    taskQueue,
    smtpUrl: `smtp://127.0.0.1:${ports.smtp}`,
  });
  storm = await stormBegins();
});
afterAll(async () => {
  await storm.stage.stop();
  await worker.kill();
  await connection.close();
  await db.destroy();
  postgres.kill();
  temporal.kill();
  await Promise.all([sink?.stop(), postgres.stop(), temporal.stop()]);
  rmSync(directory, { recursive: true, force: true });
});

const notices = ({ id }: Handoff) =>
  db
    .selectFrom('notice')
    .select(['key', 'recipient_id', 'urgency', 'status', 'attempts', 'message_id'])
    .where('loop_id', '=', id)
    .orderBy('key')
    .orderBy('recipient_id')
    .execute();

const sentNow = async (handoff: Handoff) =>
  (await notices(handoff)).filter(({ urgency }) => urgency === 'now');

const allSent = (handoff: Handoff, count: number): Promise<void> =>
  until(`${count} messages are sent`, async () => {
    const rows = await sentNow(handoff);
    return rows.length === count && rows.every(({ status }) => status === 'sent');
  });

const byText = (a: string, b: string): number => a.localeCompare(b);

test(
  'an open handoff goes on after Temporal and Postgres were killed, and every mail is sent once',
  { timeout: 90_000 },
  async () => {
    // Urgent: mails to whom it asks go out whatever the hour is. The mail server is away at first.
    const handoff = await offers(stage, { severity: 'urgent' });
    await until('the first mail was tried', async () => {
      const [offered] = await notices(handoff);
      return offered?.status === 'planned' && offered.attempts > 0;
    });
    await serversRestart();
    const arrived = await startMailSink({ smtpPort: ports.smtp, pagePort: 0 });
    sink = arrived;
    await allSent(handoff, 1);
    expect(await inbox(stage, tokyo.lead)).toEqual(['handoff.read_back']);

    await handoff.declines(tokyo.lead);
    await allSent(handoff, 2);
    await serversRestart();
    expect(await custodian(stage)).toBe(berlin.lead);
    await handoff.send({ type: 'reassign', actor: berlin.lead, to: tokyo.manager });
    await allSent(handoff, 3);
    await handoff.readsBack(tokyo.manager);
    await handoff.confirms(berlin.lead);
    expect(await custodian(stage)).toBe(tokyo.manager);

    expect(await commandsOf(stage, handoff.id)).toEqual([
      'offer',
      'decline',
      'passOn',
      'reassign',
      'readBack',
      'confirm',
    ]);
    const rows = await sentNow(handoff);
    expect(rows.map((row) => [row.key, row.recipient_id])).toEqual([
      ['handoff.escalated', tokyo.backup],
      ['handoff.offered', tokyo.lead],
      ['handoff.reassigned', tokyo.manager],
    ]);
    await until('nothing more is on its way', async () => {
      const { count } = await stage.client.activity.count('ExecutionStatus = "Running"');
      return count === 0;
    });
    const mails = arrived.messages().map((mail) => `${mail.to[0]} ${mail.messageId}`);
    const recorded = rows.map(
      ({ recipient_id: to, message_id: id }) =>
        `${to}@example.test <${provenId(sessionSecret, present(id, 'its id'))}@example.test>`,
    );
    expect(mails.toSorted(byText)).toEqual(recorded.toSorted(byText));
    expect((await verifyAudit(db)).firstBreak).toBeNull();
  },
);

test(
  'a worker killed after a commit, with both servers before Temporal heard of it: the step is done once',
  { timeout: 90_000 },
  async () => {
    const account = 'another-account' as AccountId;
    await givenAccount(db, { id: account, owner: berlin.lead, since: Date.now() - 1_000 });
    const order = {
      address: temporal.address,
      databaseUrl: postgres.url,
      taskQueue: 'killed',
      codePath: await bundleFile('workflows/index.ts'),
    };
    const first = await startWorkerProcess(order);
    const handoff = await offers({ ...stage, taskQueue: order.taskQueue }, { account });
    await handoff.readsBack(tokyo.lead);
    await first.hangAfter({ [handoff.id]: 'confirm' });
    const confirmed = handoff.confirms(berlin.lead);
    await until('the confirmation is recorded', async () => {
      return (await commandsOf(stage, handoff.id)).length === 3;
    });
    await Promise.all([first.kill(), serversRestart()]);
    const next = await startWorkerProcess(order);
    expect(await confirmed).toEqual({ id: handoff.id, sequence: 3 });
    await next.kill();
    expect(await commandsOf(stage, handoff.id)).toEqual(['offer', 'readBack', 'confirm']);
    const owners = await db
      .selectFrom('custody')
      .select('owner_id')
      .where('account_id', '=', account)
      .orderBy('period')
      .execute();
    expect(owners.map(({ owner_id }) => owner_id)).toEqual([berlin.lead, tokyo.lead]);
    expect((await verifyAudit(db)).firstBreak).toBeNull();
  },
);

test(
  'a storm of requests beside them loses, doubles and overspends nothing while API, worker and Postgres are killed',
  { timeout: 120_000 },
  async () => {
    const isTurn = until('Postgres is to be killed', () => restarted !== null, patience);
    await Promise.race([isTurn, storm.report]);
    if (restarted !== null) await serversRestart();
    const report = await storm.report;
    expect(report).toMatchObject({
      ...unharmed,
      killed: { postgres: 1, api: 1, 'worker 1': 1 },
    });
    expect(report.kept).toBeGreaterThanOrEqual(7);
  },
);
