/** A database with readers in three languages, a sink, and messages to send through both. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDeliver } from '../activities/deliver.ts';
import { startPostgres } from '../bin/embedded/postgres.ts';
import { createEmailChannel } from '../channels/email/email.ts';
import { openDatabase, type Database } from '../db/client.ts';
import { insertNotices } from '../db/loops.ts';
import { migrate } from '../db/migrate.ts';
import type { LoopId, NoticeId, PersonId } from '../domain/id.ts';
import { freePort } from '../test/support/free-port.ts';
import { account, berlin, givenAccount } from '../test/support/handoff-organisation.ts';
import { givenPeople } from '../test/support/people.ts';

export const locales = ['de', 'ja', 'ar'] as const;
/** As many as a worker has under way: 100, where nothing else is said. */
export const atOnce = 100;
export const connections = 5;
export const from = { name: 'Meridian', address: 'meridian@example.test' };
const key = 'handoff.passed_on' as const;

export interface MessageStage {
  readonly smtpUrl: string;
  /** Plans and stores so many messages, each for another reader, then delivers every one. */
  sendAll(count: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startSink() {
  const script = fileURLToPath(new URL('peer/sink.ts', import.meta.url));
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  const died = once(child, 'exit');
  return {
    smtpUrl: `smtp://127.0.0.1:${port.toString().trim()}`,
    async stop() {
      child.stdin.end();
      await died;
    },
  };
}

/** So many at once, whatever there is to do. */
export async function inTurn(jobs: readonly (() => Promise<unknown>)[]): Promise<void> {
  const left = jobs.values();
  const runner = async (): Promise<void> => {
    for (const job of left) await job();
  };
  await Promise.all(Array.from({ length: atOnce }, runner));
}

async function plan(db: Database, count: number): Promise<readonly NoticeId[]> {
  const loopId = randomUUID() as LoopId;
  await db.insertInto('loop_instance').values({ id: loopId, loop: 'handoff' }).execute();
  const notices = Array.from({ length: count }, (_, index) => ({
    id: randomUUID() as NoticeId,
    to: `reader-${index}` as PersonId,
    key,
    params: { account: { account }, person: { person: berlin.lead } },
    urgency: 'now' as const,
    channel: 'email',
    asks: null,
    sendAt: Date.now() - 1_000,
    reason: null,
    reasonParams: {},
  }));
  await db
    .transaction()
    .execute((tx) => insertNotices(tx, { id: loopId, sequence: 1, at: Date.now(), notices }));
  return notices.map(({ id }) => id);
}

export async function startMessageStage(readers: number): Promise<MessageStage> {
  const directory = mkdtempSync(path.join(tmpdir(), 'meridian-messages-'));
  chmodSync(directory, 0o755); // Postgres may run as another user
  const [postgres, sink] = await Promise.all([
    startPostgres({
      directory: path.join(directory, 'postgres'),
      port: await freePort(),
      persistent: true,
      durable: true,
    }),
    startSink(),
  ]);
  await migrate(postgres.url);
  const db = openDatabase({ url: postgres.url });
  const people = Array.from({ length: readers }, (_, index) => ({
    id: `reader-${index}`,
    zone: 'Europe/Berlin',
    locale: locales[index % locales.length] ?? 'en',
  }));
  await givenPeople(db, [{ id: berlin.lead, zone: 'Europe/Berlin' }, ...people]);
  await givenAccount(db, { id: account, owner: berlin.lead, since: Date.now() - 1_000 });
  const email = createEmailChannel({ smtpUrl: sink.smtpUrl, from });
  const deliver = createDeliver({
    db,
    clock: { now: Date.now },
    channels: { email },
    publicUrl: 'https://meridian.test',
  });
  return {
    smtpUrl: sink.smtpUrl,
    async sendAll(count) {
      const ids = await plan(db, count);
      await inTurn(
        ids.map((noticeId) => async () => {
          const outcome = await deliver({ noticeId, revision: 1 });
          if (outcome !== 'sent') throw new Error(`a message was ${outcome}`);
        }),
      );
    },
    async stop() {
      email.close();
      await db.destroy();
      postgres.kill();
      await Promise.all([postgres.stop(), sink.stop()]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
