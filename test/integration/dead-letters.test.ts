import { spawnSync } from 'node:child_process';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createDeliver } from '../../activities/deliver.ts';
import { unstartedNotices } from '../../db/notices.ts';
import type { NoticeId } from '../../domain/id.ts';
import { type MailStage, mailStage } from '../support/mail-stage.ts';
import { noticeRow } from '../support/notices.ts';

let stage: MailStage;
beforeAll(async () => {
  stage = await mailStage(Date.now() - 1_000);
});
afterAll(() => stage.stop());

const notices = (...words: readonly string[]) => {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['bin/notices.ts', ...words], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], DATABASE_URL: stage.url },
    timeout: 20_000,
  });
  return { status, said: stdout + stderr };
};

const deliver = (noticeId: NoticeId, revision: number) => {
  const { db, email } = stage;
  const parts = { db, clock: { now: Date.now }, channels: { email }, publicUrl: 'https://a.test' };
  return createDeliver(parts)({ noticeId, revision });
};

let id: NoticeId;
beforeEach(async () => {
  await stage.forget();
  await stage.mailTo('refuse-550@example.test');
  id = await stage.given({ asks: true, urgency: 'now' });
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
  await stage.mailTo('tokyo-lead@example.test');
  expect(notices('retry', id).said).toBe(`${id}: is sent again within five minutes\n`);
  const found = await unstartedNotices(stage.db, { now: Date.now(), horizonMs: 0, limit: 9 });
  expect(found).toMatchObject([{ id, revision: 2 }]);
  expect(await deliver(id, 2)).toBe('sent');
  const [mail] = stage.sink.messages();
  expect(mail).toMatchObject({
    to: ['tokyo-lead@example.test'],
    messageId: `<${id}.2@example.test>`,
  });
  expect(notices('retry', id).said).toBe(`${id}: is no message that failed\n`);
});

test('one that is dropped is never sent, and neither is one whose task was settled meanwhile', async () => {
  expect(notices('drop', id).said).toBe(`${id}: will not be sent\n`);
  expect(await noticeRow(stage.db, id)).toMatchObject({
    status: 'cancelled',
    reason: 'dropped',
  });
  expect(notices('show').said).toBe('0 could not be delivered\n');
  expect(notices('retry', '--all').said).toBe('');
});

test('of more than one call takes the rest is said, not left out', async () => {
  await sql`
    INSERT INTO notice (id, recipient_id, key, params, urgency, channel, send_at, status, reason,
      message_id, settled_at)
    SELECT gen_random_uuid(), recipient_id, key, params, urgency, channel, send_at, status, reason,
      message_id, settled_at
    FROM notice, generate_series(1, 1000) WHERE id = ${id}`.execute(stage.db);
  const lines = notices('retry', '--all').said.trim().split('\n');
  expect([lines.length, lines.at(-1)]).toEqual([1_001, 'There are more: say it again.']);
  expect(notices('show').said).toContain('1 could not be delivered');
});

test.for(['', 'retry', 'drop --all', 'retry x;DROP', 'burn all'])(
  'what the command does not know it says in a sentence: “%s”',
  (words) => {
    const { status, said } = notices(...words.split(' '));
    expect([status, said.trim().split('\n').length]).toEqual([1, 1]);
    expect(said).not.toContain('    at ');
  },
);
