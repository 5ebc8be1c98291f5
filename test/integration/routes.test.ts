import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createDeliver } from '../../activities/deliver.ts';
import { createProviderWatch } from '../../activities/provider-watch.ts';
import { startMailSink, type MailSink } from '../../bin/embedded/mail-sink.ts';
import type { Channel } from '../../channels/channel.ts';
import { createEmailChannel } from '../../channels/email/email.ts';
import { noticeEvents } from '../../db/notice-events.ts';
import type { NoticeId } from '../../domain/id.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { account, berlin, givenHandoffPeople, tokyo } from '../support/handoff-organisation.ts';
import { givenLoop, givenNotice, noticeRow, type GivenNotice } from '../support/notices.ts';
import { storyClock } from '../support/story-clock.ts';

const startsAt = Date.parse('2027-03-01T10:00:00+09:00');
const minute = 60_000;
const allowed = (...names: readonly string[]) => sql`${JSON.stringify(names)}::text::jsonb`;

let database: TestDatabase;
let sink: MailSink;
/** Two ways to one sink, as two channels; and one whose server is not there. */
let channels: Readonly<Record<'email' | 'slack', Channel>>;
let away: Channel;
beforeAll(async () => {
  database = await testDatabase();
  const { db } = database;
  await givenHandoffPeople(db, startsAt);
  await db
    .insertInto('policy')
    .values({
      key: 'message.channels',
      region_id: null,
      valid_from: '2027-01-01',
      value: allowed('email', 'slack'),
    })
    .execute();
  await db
    .insertInto('contact')
    .values({ person_id: tokyo.lead, channel: 'slack', address: 'chat@example.test' })
    .execute();
  sink = await startMailSink({ smtpPort: 0, pagePort: 0 });
  const from = { name: 'Meridian', address: 'meridian@example.test' };
  const open = () => createEmailChannel({ smtpUrl: sink.smtpUrl, from });
  channels = { email: open(), slack: open() };
  away = createEmailChannel({ smtpUrl: 'smtp://127.0.0.1:1', from });
});
const mailTo = (address: string) =>
  database.db.updateTable('person').set({ email: address }).where('id', '=', tokyo.lead).execute();
afterEach(async () => {
  const { db } = database;
  sink.clear();
  await db.deleteFrom('notice_event').execute();
  await db.deleteFrom('notice').execute();
  await db.deleteFrom('channel_pause').execute();
  await db.deleteFrom('channel_off').execute();
  await mailTo('tokyo-lead@example.test');
});
afterAll(async () => {
  for (const channel of [...Object.values(channels), away]) channel.close();
  await sink.stop();
  await database.drop();
});

async function given(notice: Partial<GivenNotice> = {}): Promise<NoticeId> {
  const { db } = database;
  return givenNotice(db, await givenLoop(db), {
    to: tokyo.lead,
    key: 'handoff.declined',
    params: { account: { account }, person: { person: berlin.lead } },
    urgency: 'working',
    sendAt: startsAt,
    ...notice,
  });
}

function story(over: Partial<Record<'email' | 'slack', Channel>> = {}) {
  const { db } = database;
  const clock = storyClock(startsAt);
  const paused: string[] = [];
  const providers = createProviderWatch({ db, clock, onPause: (one) => paused.push(one.channel) });
  const publicUrl = 'https://meridian.test';
  const deliver = createDeliver({
    db,
    clock,
    channels: { ...channels, ...over },
    publicUrl,
    providers,
  });
  return {
    clock,
    paused,
    deliver: (noticeId: NoticeId, revision = 1) => deliver({ noticeId, revision }),
  };
}
const recipients = () => sink.messages().flatMap(({ to }) => to);

test('a channel that refuses for good gives way to the next, at once, and the timeline says so', async () => {
  await mailTo('refuse-550@example.test');
  const id = await given();
  expect(await story().deliver(id)).toBe('sent');
  expect(recipients()).toEqual(['chat@example.test']);
  expect(await noticeRow(database.db, id)).toMatchObject({
    channel: 'slack',
    status: 'sent',
    revision: 2,
  });
  const events = (await noticeEvents(database.db, [id])).get(id);
  expect(events?.map(({ what, channel }) => [what, channel])).toEqual([
    ['rerouted', 'email'],
    ['sent', 'slack'],
  ]);
});

test('when the last one refuses it fails, having tried each once', async () => {
  await mailTo('refuse-550@example.test');
  const { db } = database;
  await db.updateTable('contact').set({ address: 'refuse-553@example.test' }).execute();
  const id = await given();
  expect(await story().deliver(id)).toBe('failed');
  expect(await noticeRow(db, id)).toMatchObject({ status: 'failed', reason: 'channel_failed' });
  await db.updateTable('contact').set({ address: 'chat@example.test' }).execute();
});

test('an address that is known to reach nobody is not written to, until it is another', async () => {
  const { db } = database;
  await db
    .insertInto('channel_off')
    .values({
      person_id: tokyo.lead,
      channel: 'email',
      reason: 'bounced',
      address_hash: new Uint8Array(
        await crypto.subtle.digest('SHA-256', new TextEncoder().encode('tokyo-lead@example.test')),
      ),
      since: startsAt,
    })
    .execute();
  expect(await story().deliver(await given())).toBe('sent');
  await mailTo('moved@example.test');
  expect(await story().deliver(await given({ urgency: 'now' }))).toBe('sent');
  expect(recipients()).toEqual(['chat@example.test', 'moved@example.test']);
});

test('a burst of failures rests the provider, is told once, and costs waiting messages no tries', async () => {
  const { deliver, paused, clock } = story({ email: away });
  const ids = await Promise.all(
    Array.from({ length: 5 }, () => given({ urgency: 'now', to: berlin.lead })),
  );
  for (const id of ids) await expect(deliver(id)).rejects.toThrow();
  expect(paused).toEqual(['email']);
  const waiting = await given();
  expect(await deliver(waiting)).toBe('postponed');
  expect(await noticeRow(database.db, waiting)).toMatchObject({
    reason: 'paused',
    attempts: 0,
    send_at: startsAt + 5 * minute,
  });
  const urgent = await given({ urgency: 'now' });
  expect(await deliver(urgent)).toBe('sent');
  expect(recipients()).toEqual(['chat@example.test']);
  clock.moveTo(startsAt + 5 * minute);
  expect(await story().deliver(waiting, 2)).toBe('passed');
  const later = story();
  later.clock.moveTo(startsAt + 5 * minute);
  expect(await later.deliver(waiting, 2)).toBe('sent');
});

test('whoever no channel reaches is named, and holds up nobody', async () => {
  const id = await given();
  const { db } = database;
  await db
    .updateTable('policy')
    .set({ value: allowed('teams') })
    .execute();
  expect(await story().deliver(id)).toBe('failed');
  expect(await noticeRow(db, id)).toMatchObject({ status: 'failed', reason: 'no_channel' });
  await db
    .updateTable('policy')
    .set({ value: allowed('email', 'slack') })
    .execute();
});
