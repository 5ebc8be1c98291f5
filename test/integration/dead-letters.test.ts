import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createDeliver } from '../../activities/deliver.ts';
import { startMailSink, type MailSink } from '../../bin/embedded/mail-sink.ts';
import { createEmailChannel } from '../../channels/email/email.ts';
import type { Channel } from '../../channels/channel.ts';
import { unstartedNotices } from '../../db/notices.ts';
import type { NoticeId } from '../../domain/id.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { account, berlin, givenHandoffPeople, tokyo } from '../support/handoff-organisation.ts';
import { givenLoop, givenNotice, noticeRow } from '../support/notices.ts';

let database: TestDatabase;
let sink: MailSink;
let email: Channel;
beforeAll(async () => {
  database = await testDatabase();
  await givenHandoffPeople(database.db, Date.now());
  sink = await startMailSink({ smtpPort: 0, pagePort: 0 });
  const from = { name: 'Meridian', address: 'meridian@example.test' };
  email = createEmailChannel({ smtpUrl: sink.smtpUrl, from });
});
afterAll(async () => {
  email.close();
  await sink.stop();
  await database.drop();
});

const notices = (...words: readonly string[]) => {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['bin/notices.ts', ...words], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], DATABASE_URL: database.url },
    timeout: 20_000,
  });
  return { status, said: stdout + stderr };
};

const deliver = (noticeId: NoticeId, revision: number) =>
  createDeliver({
    db: database.db,
    clock: { now: Date.now },
    channels: { email },
    publicUrl: 'https://meridian.test',
  })({ noticeId, revision });

const mailTo = (address: string) =>
  database.db.updateTable('person').set({ email: address }).where('id', '=', tokyo.lead).execute();

let id: NoticeId;
beforeEach(async () => {
  const { db } = database;
  await db.deleteFrom('notice_event').execute();
  await db.deleteFrom('notice').execute();
  sink.clear();
  await mailTo('refuse-550@example.test');
  id = await givenNotice(db, await givenLoop(db), {
    to: tokyo.lead,
    key: 'handoff.declined',
    params: { account: { account }, person: { person: berlin.lead } },
    sendAt: Date.now() - 1_000,
    asks: true,
  });
  await deliver(id, 1); // and is refused for good
});

test('what could not be delivered is shown with its reason, by ids alone', () => {
  const { status, said } = notices('show');
  expect(status).toBe(0);
  expect(said).toContain(
    `${id} handoff.declined to tokyo-lead by email: channel_failed after 1 try`,
  );
  expect(said).not.toContain('@');
  expect(said).not.toContain('Name of');
});

test('one that is tried again goes to the address of today, as a message of its own', async () => {
  await mailTo('tokyo-lead@example.test');
  expect(notices('retry', id).said).toBe(`${id}: is sent again within five minutes\n`);
  const found = await unstartedNotices(database.db, { now: Date.now(), horizonMs: 0, limit: 9 });
  expect(found).toMatchObject([{ id, revision: 2 }]);
  expect(await deliver(id, 2)).toBe('sent');
  const [mail] = sink.messages();
  expect(mail).toMatchObject({
    to: ['tokyo-lead@example.test'],
    messageId: `<${id}.2@example.test>`,
  });
  expect(notices('retry', id).said).toBe(`${id}: is no message that failed\n`);
});

test('one that is dropped is never sent, and neither is one whose task was settled meanwhile', async () => {
  expect(notices('drop', id).said).toBe(`${id}: will not be sent\n`);
  expect(await noticeRow(database.db, id)).toMatchObject({
    status: 'cancelled',
    reason: 'dropped',
  });
  expect(notices('show').said).toBe('0 could not be delivered\n');
  expect(notices('retry', '--all').said).toBe('');
});

test.for(['', 'retry', 'drop --all', 'retry x;DROP', 'burn all'])(
  'what the command does not know it says in a sentence: “%s”',
  (words) => {
    const { status, said } = notices(...words.split(' '));
    expect([status, said.trim().split('\n').length]).toEqual([1, 1]);
    expect(said).not.toContain('    at ');
  },
);
