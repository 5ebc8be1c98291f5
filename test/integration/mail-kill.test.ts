import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { settleTasks } from '../../db/loops.ts';
import type { LoopId, NoticeId, PersonId } from '../../domain/id.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { startFlakySink, type FlakySink } from '../support/flaky-sink.ts';
import { account, berlin, givenAccount } from '../support/handoff-organisation.ts';
import type { MailerOrder } from '../support/mailer-process.ts';
import { givenNotice } from '../support/notices.ts';
import { givenPeople } from '../support/people.ts';
import { proofSeed, proofSize, randomFrom, reportProof } from '../support/proof.ts';

const notices = proofSize(120, 2_000);
const kills = proofSize(5, 50);
/** Longer than a claim holds: whoever comes after a death finds it run out. */
const afterDeathMs = 200_000;
const random = randomFrom(proofSeed);

let database: TestDatabase;
let sink: FlakySink;
beforeAll(async () => {
  database = await testDatabase();
  sink = await startFlakySink({ lostBefore: 0.05, lostAfter: 0.05, random });
});
afterAll(async () => {
  await sink.stop();
  await database.drop();
});

interface Given {
  readonly id: NoticeId;
  readonly loopId: LoopId;
}

/** Each to somebody of their own, and for an open task of a loop of its own. */
async function given(): Promise<readonly Given[]> {
  const { db } = database;
  const locales = ['de', 'ja', 'ar', 'en'];
  const people = Array.from({ length: notices }, (_, index) => ({
    id: `reader-${index}`,
    zone: 'Europe/Berlin',
    locale: locales[index % locales.length] ?? 'en',
  }));
  await givenPeople(db, [{ id: berlin.lead, zone: 'Europe/Berlin' }, ...people]);
  await givenAccount(db, { id: account, owner: berlin.lead, since: Date.now() - 1_000 });
  const loops = people.map(() => ({ id: randomUUID(), loop: 'handoff' }));
  await db.insertInto('loop_instance').values(loops).execute();
  const params = { account: { account }, person: { person: berlin.lead } };
  return Promise.all(
    people.map(async (reader, index): Promise<Given> => {
      const loopId = loops[index]?.id as LoopId;
      const to = reader.id as PersonId;
      const key = 'handoff.passed_on';
      const sendAt = Date.now() - 1_000;
      const id = await givenNotice(db, loopId, { to, key, params, sendAt, asks: true });
      return { id, loopId };
    }),
  );
}

/** As a step that settles the task does; whether the message was still untouched, under its lock. */
const settled = ({ id, loopId }: Given): Promise<boolean> =>
  database.db.transaction().execute(async (tx) => {
    const found = await tx
      .selectFrom('notice')
      .select(['status', 'attempts'])
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirstOrThrow();
    await settleTasks(tx, { id: loopId, sequence: 2, at: Date.now(), tasks: [] });
    return found.status === 'planned' && found.attempts === 0;
  });

const script = fileURLToPath(new URL('../support/mailer-process.ts', import.meta.url));

async function startMailer(order: MailerOrder) {
  const child = spawn(process.execPath, [script, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const died = once(child, 'exit');
  await once(child.stdout, 'data');
  return { died, kill: () => child.kill('SIGKILL') };
}

/** Whatever a dead worker had claimed: it may have been taken without its being told. */
const claimedIds = async (): Promise<readonly string[]> => {
  const rows = await database.db
    .selectFrom('notice')
    .select('id')
    .where('status', '=', 'sending')
    .execute();
  return rows.map(({ id }) => id);
};

const noticeOf = (messageId: string): string => messageId.slice(1).split('.')[0] ?? '';

test(
  'of mails under way while workers die and connections break, none is lost, none sent that was cancelled, and only what nobody could know of twice, byte for byte',
  { timeout: proofSize(60_000, 1_800_000) },
  async () => {
    reportProof('mails under kills', notices);
    const all = await given();
    const databaseUrl = database.url;
    const doubtful = new Set<string>();
    const cancelled: NoticeId[] = [];
    const share = Math.floor((notices * 0.8) / (kills + 1));
    for (let death = 0; death < kills; death++) {
      const aheadMs = death * afterDeathMs;
      const mailer = await startMailer({ databaseUrl, smtpUrl: sink.smtpUrl, aheadMs });
      const taking = sink.takes(1 + Math.floor(random() * share));
      for (let step = 0; step < 3; step++) {
        const one = all[Math.floor(random() * all.length)];
        if (one && (await settled(one))) cancelled.push(one.id);
      }
      await taking;
      mailer.kill();
      await mailer.died;
      for (const id of await claimedIds()) doubtful.add(id);
    }
    const aheadMs = kills * afterDeathMs;
    const last = await startMailer({ databaseUrl, smtpUrl: sink.smtpUrl, aheadMs });
    expect(await last.died).toEqual([0, null]);

    const rows = await database.db.selectFrom('notice').select(['id', 'status']).execute();
    const taken = Map.groupBy(sink.taken, ({ messageId }) => noticeOf(messageId));
    const sentIds = rows.filter(({ status }) => status === 'sent').map(({ id }) => id);
    expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(['sent', 'cancelled']));
    expect(sentIds.filter((id) => !taken.has(id))).toEqual([]);
    expect(cancelled.length).toBeGreaterThan(0);
    expect(cancelled.filter((id) => taken.has(id))).toEqual([]);
    const twice = [...taken].filter(([id, copies]) => {
      const isExplained = doubtful.has(id) || copies.slice(0, -1).every((copy) => copy.isUntold);
      return !isExplained;
    });
    expect(twice).toEqual([]);
    const other = [...taken].filter(([, [first, ...more]]) =>
      more.some(({ raw }) => !first?.raw.equals(raw)),
    );
    expect(other).toEqual([]);
  },
);
