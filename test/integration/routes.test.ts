import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createDeliver } from '../../activities/deliver.ts';
import { createProviderWatch } from '../../activities/provider-watch.ts';
import type { Channel, SendOutcome } from '../../channels/channel.ts';
import { createEmailChannel } from '../../channels/email/email.ts';
import { retryDeadLetter } from '../../db/dead-letters.ts';
import { noticeEvents } from '../../db/notice-events.ts';
import type { NoticeId } from '../../domain/id.ts';
import { berlin, tokyo } from '../support/handoff-organisation.ts';
import { denied, mailFrom, type MailStage, mailStage } from '../support/mail-stage.ts';
import { noticeRow } from '../support/notices.ts';
import { storyClock } from '../support/story-clock.ts';
import { until } from '../support/until.ts';

const startsAt = Date.parse('2027-03-01T10:00:00+09:00');
const minute = 60_000;
const allowed = (...names: readonly string[]) => sql`${JSON.stringify(names)}::text::jsonb`;

let stage: MailStage;
/** Two ways to one server, as two channels; and one whose server is not there. */
let channels: Readonly<Record<'email' | 'slack', Channel>>;
let away: Channel;
beforeAll(async () => {
  stage = await mailStage(startsAt);
  await stage.db
    .insertInto('policy')
    .values({
      key: 'message.channels',
      region_id: null,
      valid_from: '2027-01-01',
      value: allowed('email', 'slack'),
    })
    .execute();
  await stage.db
    .insertInto('contact')
    .values({ person_id: tokyo.lead, channel: 'slack', address: 'chat@example.test' })
    .execute();
  const { email, sink } = stage;
  channels = { email, slack: createEmailChannel({ smtpUrl: sink.smtpUrl, from: mailFrom }) };
  away = createEmailChannel({ smtpUrl: 'smtp://127.0.0.1:1', from: mailFrom });
});
afterEach(async () => {
  await stage.forget();
  await stage.db.deleteFrom('channel_pause').execute();
  await stage.db.deleteFrom('channel_off').execute();
  await stage.mailTo('tokyo-lead@example.test');
});
afterAll(async () => {
  for (const channel of [channels.slack, away]) channel.close();
  await stage.stop();
});

function story(over: Partial<Record<'email' | 'slack', Channel>> = {}) {
  const { db } = stage;
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
const recipients = () => stage.sink.messages().flatMap(({ to }) => to);

test('a channel that refuses for good gives way to the next, at once, and the timeline says so', async () => {
  await stage.mailTo('refuse-550@example.test');
  const id = await stage.given();
  expect(await story().deliver(id)).toBe('sent');
  expect(recipients()).toEqual(['chat@example.test']);
  expect(await noticeRow(stage.db, id)).toMatchObject({
    channel: 'slack',
    status: 'sent',
    revision: 2,
  });
  const events = (await noticeEvents(stage.db, [id])).get(id);
  expect(events?.map(({ what, channel }) => [what, channel])).toEqual([
    ['rerouted', 'email'],
    ['sent', 'slack'],
  ]);
});

test('when the last one refuses it fails, having tried each once', async () => {
  await stage.mailTo('refuse-550@example.test');
  const { db } = stage;
  await db.updateTable('contact').set({ address: 'refuse-553@example.test' }).execute();
  const id = await stage.given();
  expect(await story().deliver(id)).toBe('failed');
  expect(await noticeRow(db, id)).toMatchObject({ status: 'failed', reason: 'channel_failed' });
  await db.updateTable('contact').set({ address: 'chat@example.test' }).execute();
});

test('what an operator has sent again is tried by each way anew, also by one that failed before', async () => {
  const { db } = stage;
  await stage.mailTo('refuse-550@example.test');
  await db.updateTable('contact').set({ address: 'refuse-553@example.test' }).execute();
  const id = await stage.given();
  expect(await story().deliver(id)).toBe('failed');
  await stage.mailTo('mended@example.test');
  expect(await retryDeadLetter(db, { id, at: startsAt })).toBe(true);
  expect(await story().deliver(id, (await noticeRow(db, id)).revision)).toBe('sent');
  expect(recipients()).toEqual(['mended@example.test']);
  await db.updateTable('contact').set({ address: 'chat@example.test' }).execute();
});

/** Nobody, at that address of the Tokyo lead. */
async function mailReachesNobody(): Promise<void> {
  const { db } = stage;
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
}

test('an address that is known to reach nobody is not written to, until it is another', async () => {
  await mailReachesNobody();
  expect(await story().deliver(await stage.given())).toBe('sent');
  await stage.mailTo('moved@example.test');
  expect(await story().deliver(await stage.given({ urgency: 'now' }))).toBe('sent');
  expect(recipients()).toEqual(['chat@example.test', 'moved@example.test']);
});

test('bytes of a channel that is shut before they are sent again go by no other', async () => {
  const said: string[] = [];
  const slack: Channel = {
    ...channels.slack,
    compose: async ({ to }) => Buffer.from(`chat to ${to.address}`),
    send: async (bytes) => (said.push(Buffer.from(bytes).toString()), { outcome: 'sent' }),
  };
  const id = await stage.given();
  await expect(story({ email: away }).deliver(id)).rejects.toThrow();
  expect((await noticeRow(stage.db, id)).rendered).not.toBeNull();
  await mailReachesNobody();
  expect(await story({ slack }).deliver(id)).toBe('sent');
  expect(said).toEqual(['chat to chat@example.test']);
  const events = (await noticeEvents(stage.db, [id])).get(id);
  expect(events?.map(({ what, channel }) => [what, channel])).toEqual([
    ['rerouted', 'email'],
    ['sent', 'slack'],
  ]);
});

test.for([true, false])(
  'what a mail may have put into a calendar (%s) is known after it went by chat, and nothing else is',
  async (mayHaveArrived) => {
    const send: Channel['send'] = async () => ({ outcome: 'temporary', code: '-', mayHaveArrived });
    const dueAt = { instant: startsAt + 60 * minute };
    const id = await stage.given({ asks: true, params: { dueAt } });
    await expect(story({ email: { ...stage.email, send } }).deliver(id)).rejects.toThrow();
    const { entry } = await noticeRow(stage.db, id);
    expect(entry).toMatchObject({ kind: 'deadline' });
    await mailReachesNobody();
    expect(await story().deliver(id)).toBe('sent');
    expect((await noticeRow(stage.db, id)).entry).toEqual(mayHaveArrived ? entry : null);
  },
);

test('a sender that was overtaken by one that took another way settles nothing of it', async () => {
  const [reached, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const slow: Channel = {
    ...channels.email,
    send: async () => (reached.resolve(), await go.promise, { outcome: 'sent' }),
  };
  const refusing: Channel = {
    ...channels.email,
    send: async () => ({ outcome: 'permanent', code: '550' }),
  };
  const hanging: Channel = { ...channels.slack, send: () => new Promise(() => undefined) };
  const id = await stage.given();
  const first = story({ email: slow }).deliver(id);
  await reached.promise;
  const later = story({ email: refusing, slack: hanging });
  later.clock.moveTo(startsAt + 5 * minute);
  void later.deliver(id);
  await until('it goes by chat', async () => {
    const { revision, attempts, rendered } = await noticeRow(stage.db, id);
    return revision === 2 && attempts === 1 && rendered !== null;
  });
  go.resolve();
  expect(await first).toBe('passed');
  expect(await noticeRow(stage.db, id)).toMatchObject({ status: 'sending', channel: 'slack' });
});

const toldOff = (key: string) =>
  stage.db
    .selectFrom('notice')
    .select(['recipient_id', 'status'])
    .where('key', '=', key)
    .where('status', '=', 'planned')
    .execute();

test('an address that its server says reaches nobody turns mail off at once, and the manager is told, once', async () => {
  await stage.mailTo('gone@example.test');
  const { deliver } = story();
  expect(await deliver(await stage.given())).toBe('sent');
  expect(await deliver(await stage.given({ urgency: 'now' }))).toBe('sent');
  expect(recipients()).toEqual(['chat@example.test', 'chat@example.test']);
  expect(
    await stage.db.selectFrom('channel_off').select(['person_id', 'channel', 'reason']).execute(),
  ).toEqual([{ person_id: tokyo.lead, channel: 'email', reason: 'refused' }]);
  expect(await toldOff('message.channel_off')).toEqual([
    { recipient_id: tokyo.manager, status: 'planned' },
  ]);
});

test('a refusal that says nothing of the address leaves it on', async () => {
  await stage.mailTo('refuse-550@example.test');
  expect(await story().deliver(await stage.given())).toBe('sent');
  expect(await stage.db.selectFrom('channel_off').selectAll().execute()).toEqual([]);
});

test('a chat that is gone for good is tried once, and its reader is told by another way', async () => {
  const { db } = stage;
  let tries = 0;
  const gone: Channel = {
    ...channels.slack,
    send: () => (
      (tries += 1),
      Promise.resolve({ outcome: 'permanent', code: '404', isAddressGone: true } as const)
    ),
  };
  await db
    .insertInto('preference')
    .values({ person_id: tokyo.lead, channels: ['slack'], changed_at: startsAt })
    .execute();
  const { deliver } = story({ slack: gone });
  for (let sent = 0; sent < 2; sent++) {
    expect(await deliver(await stage.given({ urgency: 'now' }))).toBe('sent');
  }
  expect([tries, recipients()]).toEqual([1, Array(2).fill('tokyo-lead@example.test')]);
  expect(await toldOff('message.chat_off')).toEqual([
    { recipient_id: tokyo.lead, status: 'planned' },
  ]);
  await db.deleteFrom('preference').execute();
});

/** For five minutes. */
const rest = (...names: readonly string[]) =>
  stage.db
    .insertInto('channel_pause')
    .values(
      names.map((channel) => ({
        channel,
        until: startsAt + 5 * minute,
        reason: 'timeout',
        since: startsAt,
      })),
    )
    .execute();

test('what cannot wait is tried all the same where each way rests, and what that tells is known', async () => {
  await rest('email', 'slack');
  expect(await story().deliver(await stage.given())).toBe('postponed');
  expect(await story().deliver(await stage.given({ urgency: 'now' }))).toBe('sent');
  for (const email of [away, { ...stage.email, send: denied }]) {
    const { deliver, paused } = story({ email });
    for (const to of [berlin.lead, berlin.lead, berlin.manager, berlin.lead, tokyo.manager]) {
      await expect(deliver(await stage.given({ urgency: 'now', to }))).rejects.toThrow();
    }
    expect(paused).toEqual([]);
  }
});

test.for<[slack: string, outcome: SendOutcome, by: string]>([
  ['takes it', { outcome: 'sent' }, 'slack'],
  ['refuses it for good', { outcome: 'permanent', code: '404' }, 'email'],
])(
  'what cannot wait leaves a way that came to rest, and may come back to it: the other %s',
  async ([, outcome, by]) => {
    const id = await stage.given({ urgency: 'now' });
    await expect(story({ email: away }).deliver(id)).rejects.toThrow();
    await rest('email');
    const slack: Channel = { ...channels.slack, send: () => Promise.resolve(outcome) };
    expect(await story({ slack }).deliver(id)).toBe('sent');
    expect((await noticeRow(stage.db, id)).channel).toBe(by);
    const [first] = (await noticeEvents(stage.db, [id])).get(id) ?? [];
    expect(first).toMatchObject({ what: 'rerouted', channel: 'email', reason: 'provider_rests' });
  },
);

test('whoever no channel reaches is named, and holds up nobody', async () => {
  const id = await stage.given();
  const { db } = stage;
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
