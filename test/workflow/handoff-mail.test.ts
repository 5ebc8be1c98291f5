import { afterAll, beforeAll, expect, test } from 'vitest';
import { startMailSink, type MailSink } from '../../bin/embedded/mail-sink.ts';
import { createEmailChannel } from '../../channels/email/email.ts';
import type { Channel } from '../../channels/channel.ts';
import { custodian, handoffWorld, offers, berlin, tokyo, write } from '../support/handoff-story.ts';
import type { World } from '../support/world.ts';

const day = 86_400_000;
let sink: MailSink;
let email: Channel;
let world: World;
beforeAll(async () => {
  sink = await startMailSink({ smtpPort: 0, pagePort: 0 });
  email = createEmailChannel({
    smtpUrl: sink.smtpUrl,
    from: { name: 'Meridian', address: 'meridian@example.test' },
  });
  world = await handoffWorld({ channels: { email } });
});
afterAll(async () => {
  await world.stop();
  email.close();
  await sink.stop();
});

const mailTo = (id: string) =>
  sink.messages().filter((mail) => mail.to[0] === `${id}@example.test`);

test('the receiver hears of a handoff in their own language and in their own working time', async () => {
  const handoff = await offers(world, { allowanceMinutes: 960 }); // Monday 09:00 UTC: 18:00 in Tokyo
  await world.advance(1_000);
  expect(mailTo(tokyo.lead)).toEqual([]);
  await world.advance(day);
  const [first] = mailTo(tokyo.lead);
  expect(first?.language).toBe('ja');
  expect(first?.text).toContain('St. Hedwig Clinics');
  expect(first?.text).toContain(`http://meridian.test/tasks/${handoff.id}`);
  expect(first?.html).toContain('lang="ja"');
  const sent = await world.database.db
    .selectFrom('notice')
    .select('send_at')
    .where('key', '=', 'handoff.offered')
    .executeTakeFirstOrThrow();
  expect(new Date(sent.send_at).toISOString().slice(11, 16)).toBe('00:00'); // 09:00 in Tokyo
  await handoff.readsBack(tokyo.lead);
  await handoff.confirms(berlin.lead);
  await world.advance(2 * day);
  expect(await custodian(world)).toBe(tokyo.lead);
  expect(mailTo(berlin.lead).map((mail) => mail.language)).toContain('de');
});

test('no mail is sent twice, and none that its own step has made pointless', async () => {
  const { db } = world.database;
  const rows = await db.selectFrom('notice').select(['id', 'status', 'key']).execute();
  const sent = rows.filter((row) => row.status === 'sent');
  expect(sink.messages()).toHaveLength(sent.length);
  const ids = sink.messages().map((mail) => mail.messageId);
  expect(new Set(ids).size).toBe(ids.length);
  const cancelled = rows.filter((row) => row.status === 'cancelled').map((row) => row.key);
  expect(cancelled.every((key) => key === 'handoff.read_back' || key === 'handoff.reminder')).toBe(
    true,
  );
});

test('a mail server that is away for a while delays the mail and not the handoff', async () => {
  const { createDeliver } = await import('../../activities/deliver.ts');
  const { db } = world.database;
  const away = createEmailChannel({
    smtpUrl: 'smtp://127.0.0.1:9',
    from: { name: 'M', address: 'm@example.test' },
  });
  const notice = await db
    .selectFrom('notice')
    .selectAll()
    .where('status', '=', 'sent')
    .where('task_id', 'is', null) // asks for nothing that has been settled since
    .limit(1)
    .executeTakeFirstOrThrow();
  // Urgent, so that it goes out whatever the hour of the story is.
  await db
    .updateTable('notice')
    .set({ status: 'planned', urgency: 'now' })
    .where('id', '=', notice.id)
    .execute();
  const parts = { db, clock: world.clock, publicUrl: 'http://meridian.test' };
  const delivery = { noticeId: notice.id, revision: 1 };
  await expect(createDeliver({ ...parts, channels: { email: away } })(delivery)).rejects.toThrow(
    'ESOCKET',
  );
  sink.clear();
  const deliver = createDeliver({ ...parts, channels: { email } });
  const outcomes = await Promise.all([deliver(delivery), deliver(delivery)]);
  expect(outcomes.sort()).toEqual(['passed', 'sent']);
  expect(sink.messages().map((mail) => mail.messageId)).toEqual([`<${notice.id}.1@example.test>`]);
  away.close();
});

interface CallEntry {
  readonly startsAt: number;
  readonly minutes: number;
}

/** Of both zones in winter. */
const offsets: Readonly<Record<string, string>> = {
  'Asia/Tokyo': '+09:00',
  'Europe/Berlin': '+01:00',
};

/** Calendar entries with an end, as they lie in a mail. */
function callsIn(raw: string): readonly CallEntry[] {
  const files = [...raw.matchAll(/text\/calendar[\s\S]*?\r\n\r\n([A-Za-z0-9+/=\r\n]+)/g)];
  return files.flatMap(([, base64 = '']) => {
    const [, event = ''] = Buffer.from(base64, 'base64').toString().split('BEGIN:VEVENT');
    const [from, until] = ['DTSTART', 'DTEND'].map((name) => instantOf(event, name));
    return from && until ? [{ startsAt: from, minutes: (until - from) / 60_000 }] : [];
  });
}

function instantOf(event: string, name: string): number | null {
  const line = new RegExp(`${name};TZID=([\\w/]+):(\\d{4})(\\d\\d)(\\d\\d)T(\\d\\d)(\\d\\d)`);
  const [, zone = '', ...wall] = line.exec(event) ?? [];
  if (wall.length === 0) return null;
  const [year, month, date, hour, minute] = wall;
  return Date.parse(`${year}-${month}-${date}T${hour}:${minute}:00${offsets[zone]}`);
}

test('who do not understand each other in two letters get one time to talk, each on both clocks and for the calendar', async () => {
  sink.clear();
  const handoff = await offers(world, { giver: tokyo.lead, to: berlin.lead });
  for (const _time of ['first', 'second']) {
    await handoff.readsBack(berlin.lead);
    const content = await write(world, tokyo.lead, 'handoff.reason');
    await handoff.send({ type: 'sendBack', actor: tokyo.lead, content });
  }
  const sentBackAt = world.clock.now();
  await world.advance(3 * day);
  const calls = [tokyo.lead, berlin.lead].flatMap((person) =>
    mailTo(person).flatMap((mail) => callsIn(mail.raw.toString())),
  );
  const [{ startsAt } = { startsAt: 0 }] = calls;
  expect(calls).toEqual([
    { startsAt, minutes: 30 },
    { startsAt, minutes: 30 },
  ]);
  expect(startsAt).toBeGreaterThan(sentBackAt);
  const told = mailTo(berlin.lead)
    .map(({ text }) => text)
    .join();
  expect(told).toContain('Gespräch mit');
  expect(told).toMatch(/Japanische Normalzeit|Tokyo lead|tokyo-lead/);
  const { status } = await world.database.db
    .selectFrom('handoff')
    .select('status')
    .where('id', '=', handoff.id)
    .executeTakeFirstOrThrow();
  expect([status, await custodian(world)]).toEqual(['offered', tokyo.lead]);
});
