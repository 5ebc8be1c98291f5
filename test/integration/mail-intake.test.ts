import { createHash } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { provenId } from '../../channels/email/message-id.ts';
import { noticeOfMail } from '../../db/channel-off.ts';
import { retryDeadLetter } from '../../db/dead-letters.ts';
import { loadPreferences } from '../../db/preferences.ts';
import { findRoutes } from '../../db/routes.ts';
import type { NoticeId } from '../../domain/id.ts';
import { apiWorld, type ApiWorld } from '../support/api.ts';
import { account, berlin, tokyo } from '../support/handoff-organisation.ts';
import { type GivenNotice, givenLoop, givenNotice, noticeRow } from '../support/notices.ts';

const secret = 'a secret of the test that nobody guesses';
const proofSecret = 'what proves whose mail it was';
const address = `${tokyo.lead}@example.test`;

let world: ApiWorld;
let notice: NoticeId;
let messageId: string;
const started: NoticeId[] = [];
beforeAll(async () => {
  world = await apiWorld(() => ({
    mailIntakeSecret: secret,
    mailProofSecret: proofSecret,
    startDeliveries: (ids) => void started.push(...ids),
  }));
  const { db, clock } = world;
  notice = await givenNotice(db, await givenLoop(db), {
    to: tokyo.lead,
    key: 'handoff.declined',
    params: { account: { account }, person: { person: berlin.lead } },
    sendAt: clock.now(),
  });
  messageId = provenId(proofSecret, `${notice}.1`);
  await db
    .updateTable('notice')
    .set({ status: 'sent', rendered: new Uint8Array([1]) })
    .where('id', '=', notice)
    .execute();
});
afterAll(() => world.drop());

function post(path: string, body: string, by = secret): Promise<Response> {
  const webhook = new Webhook(Buffer.from(by), { format: 'raw' });
  const at = new Date();
  return Promise.resolve(
    world.app.request(path, {
      method: 'POST',
      body,
      headers: {
        'webhook-id': 'report-1',
        'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
        'webhook-signature': webhook.sign('report-1', at, body),
      },
    }),
  );
}
const report = async (change: object = {}): Promise<readonly string[]> => {
  const one = { messageId: `<${messageId}@example.test>`, address, kind: 'permanent', ...change };
  const answer = await post('/mail/bounces', JSON.stringify({ reports: [one] }));
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { outcomes: readonly string[] }).outcomes;
};
const bounced = (id: string, to: string, status = '5.1.1'): string =>
  [
    'From: MAILER-DAEMON@example.test',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    'MIME-Version: 1.0',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'It could not be delivered.',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.test',
    '',
    `Final-Recipient: rfc822; ${to}`,
    'Action: failed',
    `Status: ${status}`,
    '',
    '--b',
    'Content-Type: text/rfc822-headers',
    '',
    `Message-ID: <${id}@example.test>`,
    '',
    '--b--',
    '',
  ].join('\r\n');
const offs = () => world.db.selectFrom('channel_off').selectAll().execute();
const told = () =>
  world.db
    .selectFrom('notice')
    .select(['recipient_id', 'params'])
    .where('key', '=', 'message.channel_off')
    .execute();

test('nobody without the secret is heard, and where there is none nothing listens', async () => {
  const body = JSON.stringify({ reports: [{ messageId, address, kind: 'permanent' }] });
  for (const path of ['/mail/bounces', '/mail/inbound']) {
    expect((await post(path, body, 'another secret that is quite long')).status).toBe(404);
    expect((await world.app.request(path, { method: 'POST', body })).status).toBe(404);
  }
  const deaf = await apiWorld();
  expect((await deaf.app.request('/mail/bounces', { method: 'POST', body })).status).toBe(404);
  await deaf.drop();
  expect(await offs()).toEqual([]);
});

test('what is no message of ours, or is still tried, changes nothing', async () => {
  expect(await report({ messageId: '<forged.1@example.test>' })).toEqual(['unknown']);
  expect(await report({ kind: 'temporary' })).toEqual(['known']);
  expect(await offs()).toEqual([]);
});

test('a report of whoever never had the mail turns off nothing and ends no digests, though they know its message', async () => {
  const { db } = world;
  const { loop_id: loop } = await noticeRow(db, notice);
  const parties = [tokyo.lead, berlin.lead].map((person_id) => ({ loop_id: `${loop}`, person_id }));
  await db.insertInto('loop_party').values(parties).execute();
  const { json } = await world.ask(`/loops/${loop}/notices`, { as: berlin.lead });
  expect((json as { items: unknown }).items).toMatchObject([{ id: notice }]);
  for (const forged of [
    `${notice}.1`,
    `${notice}.1.1`,
    `${notice}.999`,
    `${notice}.1.${'0'.repeat(25)}`,
    provenId('another secret', `${notice}.1`),
    messageId.replace('.1.', '.2.'),
    messageId.toUpperCase(),
    provenId(proofSecret, `${notice}.999`),
  ]) {
    const named = { messageId: `<${forged}@example.test>` };
    expect([forged, await report(named)]).toEqual([forged, ['unknown']]);
    const complained = await report({ ...named, kind: 'complaint' });
    expect([forged, complained]).toEqual([forged, ['unknown']]);
    const mailed = await (await post('/mail/inbound', bounced(forged, address))).json();
    expect([forged, mailed]).toEqual([forged, { outcomes: ['unknown'] }]);
  }
  expect(await offs()).toEqual([]);
  expect((await loadPreferences(db, [tokyo.lead])).get(tokyo.lead)?.digest).toBeNull();
});

const steps = async (id = notice) => {
  const rows = await world.db
    .selectFrom('notice_event')
    .select(['what', 'reason'])
    .where('notice_id', '=', id)
    .orderBy('number')
    .execute();
  return rows.map(({ what, reason }) => [what, reason]);
};

test('what could not be delivered for now stays a fact of its message, told once', async () => {
  await report({ kind: 'temporary' });
  expect((await steps()).filter(([what]) => what === 'returned')).toEqual([
    ['returned', 'returned'],
  ]);
  const { json } = await world.ask(`/notices/${notice}/explain`, { as: tokyo.lead });
  expect(json).toMatchObject({ why: expect.stringContaining('サーバー') });
});

test('mail that comes back for good turns the address off, and the manager is told once', async () => {
  expect(await report()).toEqual(['turned_off']);
  expect(await report()).toEqual(['known']);
  expect(await offs()).toMatchObject([
    { person_id: tokyo.lead, channel: 'email', reason: 'bounced' },
  ]);
  expect(await told()).toEqual([
    { recipient_id: tokyo.manager, params: { person: { person: tokyo.lead } } },
  ]);
});

test('the message that came back is planned anew, once for each time that it was sent', async () => {
  const { db } = world;
  expect((await steps()).at(-1)).toEqual(['returned', 'returned_for_good']);
  const planned = await db
    .selectFrom('notice')
    .select(['status', 'revision', 'rendered', 'attempts'])
    .where('id', '=', notice)
    .executeTakeFirstOrThrow();
  expect(planned).toEqual({ status: 'planned', revision: 2, rendered: null, attempts: 0 });
  expect(started).toContain(notice);
  const before = await steps();
  expect(await report()).toEqual(['known']);
  expect(await steps()).toEqual(before);
});

/** To the Berlin lead, as it was mailed. */
async function mailed(given: Partial<GivenNotice> = {}): Promise<NoticeId> {
  const { db, clock } = world;
  const sendAt = clock.now();
  const usual = { to: berlin.lead, key: 'handoff.declined', params: {}, sendAt };
  const id = await givenNotice(db, await givenLoop(db), { ...usual, ...given });
  await db
    .updateTable('notice')
    .set({ status: 'sent', rendered: new Uint8Array([1]) })
    .where('id', '=', id)
    .execute();
  return id;
}
const idIn = (id: NoticeId) => provenId(proofSecret, `${id}.1`);

test.for(['5.2.2', '5.7.1', '5.0.0', '5.4.4', '4.4.7'])(
  'a mail given up with %s goes out by the next channel, and the same way is not taken for it again',
  async (status) => {
    const { db, clock } = world;
    const id = await mailed();
    const raw = bounced(idIn(id), `${berlin.lead}@example.test`, status);
    expect(await (await post('/mail/inbound', raw)).json()).toEqual({ outcomes: ['known'] });
    expect(await steps(id)).toContainEqual(['returned', 'returned_refused']);
    expect(await noticeRow(db, id)).toMatchObject({ status: 'planned', revision: 2 });
    expect(started).toContain(id);
    const routes = (notice: NoticeId | null) =>
      findRoutes(db, { person: berlin.lead, notice, now: clock.now(), day: '2027-01-01' });
    expect([(await routes(id))?.failed, (await routes(null))?.off]).toEqual([['email'], []]);
    await db
      .updateTable('notice')
      .set({ status: 'failed', settled_at: clock.now() })
      .where('id', '=', id)
      .execute();
    expect(await retryDeadLetter(db, { id, at: clock.now() })).toBe(true);
    expect((await routes(id))?.failed).toEqual([]);
  },
);

const hashOf = (text: string) => new Uint8Array(createHash('sha256').update(text).digest());

test('what comes back from an address that its reader has no more goes to the new one, also what goes by mail alone', async () => {
  const { db, clock } = world;
  const told = async (only_channel: string | null): Promise<NoticeId> => {
    const id = await mailed();
    const address_hash = hashOf('before@example.test');
    const entry = { loop: id, kind: 'call', sequence: 1, time: { from: 1 } };
    const sent = { address_hash, only_channel, entry, may_have_arrived: true };
    await db.updateTable('notice').set(sent).where('id', '=', id).execute();
    return id;
  };
  for (const id of [await told(null), await told('email')]) {
    const raw = bounced(idIn(id), 'before@example.test');
    expect(await (await post('/mail/inbound', raw)).json()).toEqual({ outcomes: ['known'] });
    expect(await steps(id)).toEqual([['returned', 'returned_moved']]);
    const at = { person: berlin.lead, notice: id, now: clock.now(), day: '2027-01-01' };
    expect((await findRoutes(db, at))?.failed).toEqual([]);
    const planned = { status: 'planned', revision: 2, entry: null, may_have_arrived: false };
    expect(await noticeRow(db, id)).toMatchObject(planned);
  }
  expect((await offs()).map(({ person_id }) => person_id)).not.toContain(berlin.lead);
});

test('what is settled is not sent anew, and a forwarded mailbox that refuses is not written to for ever', async () => {
  const { db, clock } = world;
  const forwarded = { address: 'elsewhere@example.test' };
  const settled = await mailed({ asks: true });
  await db.updateTable('task').set({ closed_sequence: 2 }).execute();
  const entry = { loop: settled, kind: 'deadline', sequence: 1, time: { from: 1 } };
  await db.updateTable('notice').set({ entry }).where('id', '=', settled).execute();
  expect(await report({ ...forwarded, messageId: idIn(settled) })).toEqual(['known']);
  expect(await steps(settled)).toContainEqual(['returned', 'returned']);
  // Nor is anything withdrawn from a calendar that it never reached.
  expect(await noticeRow(db, settled)).toMatchObject({ status: 'sent', entry: null });
  // What is tried once more may bring it there yet.
  for (const status of ['planned', 'sending']) {
    const tried = await mailed();
    await db.updateTable('notice').set({ entry, status }).where('id', '=', tried).execute();
    expect(await report({ ...forwarded, messageId: idIn(tried) })).toEqual(['known']);
    expect(await noticeRow(db, tried)).toMatchObject({ status, entry });
  }
  const id = await mailed();
  expect(await report({ ...forwarded, messageId: idIn(id) })).toEqual(['known']);
  expect(await steps(id)).toContainEqual(['returned', 'returned_refused']);
  const asked = { person: berlin.lead, notice: id, now: clock.now(), day: '2027-01-01' };
  expect((await findRoutes(db, asked))?.failed).toEqual(['email']);
});

test('what went by every way is undeliverable when its mail comes back and no other way is left, and not before', async () => {
  const { db } = world;
  const id = await mailed();
  const only = (one: NoticeId, only_channel: string) =>
    db.updateTable('notice').set({ only_channel }).where('id', '=', one).execute();
  await only(id, 'email');
  const { loop_id } = await noticeRow(db, id);
  const other = await givenNotice(db, `${loop_id}`, {
    to: berlin.lead,
    key: 'handoff.declined',
    params: {},
    sendAt: world.clock.now(),
    channel: 'slack',
  });
  await only(other, 'slack');
  const refused = { messageId: idIn(id), address: `${berlin.lead}@example.test`, kind: 'refused' };
  expect(await report(refused)).toEqual(['known']);
  expect((await noticeRow(db, id)).status).toBe('sent');
  await db.updateTable('notice').set({ status: 'failed' }).where('id', '=', other).execute();
  expect(await report(refused)).toEqual(['known']);
  expect(await noticeRow(db, id)).toMatchObject({ status: 'failed', reason: 'channel_failed' });
  expect((await steps(id)).map(([what]) => what)).toEqual(['returned', 'failed']);
});

test('a delivery report as a mail says the same, and another address is tried again', async () => {
  const { db } = world;
  await db
    .updateTable('person')
    .set({ email: 'new@example.test' })
    .where('id', '=', tokyo.lead)
    .execute();
  const raw = bounced(messageId, 'new@example.test');
  const answer = await post('/mail/inbound', raw);
  expect(await answer.json()).toEqual({ outcomes: ['turned_off'] });
  expect(await told()).toHaveLength(2);
});

test('a complaint ends digests, and what asks something still arrives', async () => {
  const before = await offs();
  expect(await report({ kind: 'complaint' })).toEqual(['digests_ended']);
  expect(await report({ kind: 'complaint' })).toEqual(['known']);
  const said = (await loadPreferences(world.db, [tokyo.lead])).get(tokyo.lead);
  expect(said?.digest?.every).toBe('never');
  expect(await offs()).toEqual(before);
  const told = await noticeOfMail(world.db, `${notice}.1`);
  expect(told).toMatchObject({ notice, recipient: tokyo.lead });
});

test('a complaint as a mail (ARF) is the same, but one that takes it back is none', async () => {
  const { db } = world;
  const arf = (kind: string) =>
    [
      'From: feedback@example.test',
      'Content-Type: multipart/report; report-type=feedback-report; boundary="b"',
      'MIME-Version: 1.0',
      '',
      '--b',
      'Content-Type: text/plain',
      '',
      'Somebody complained.',
      '--b',
      'Content-Type: message/feedback-report',
      '',
      `Feedback-Type: ${kind}`,
      'User-Agent: test/1',
      'Version: 1',
      '',
      '--b',
      'Content-Type: message/rfc822',
      '',
      `Message-ID: <${messageId}@example.test>`,
      'Subject: it',
      '',
      'it',
      '--b--',
      '',
    ].join('\r\n');
  const outcomes = async (kind: string) =>
    ((await (await post('/mail/inbound', arf(kind))).json()) as { outcomes: unknown }).outcomes;
  await db.updateTable('preference').set({ digest_every: 'week' }).execute();
  expect(await outcomes('not-spam')).toEqual(['unknown']);
  expect(await outcomes('abuse')).toEqual(['digests_ended']);
  expect(await outcomes('abuse')).toEqual(['known']);
  const metrics = await (await world.app.request('/metrics')).text();
  expect(metrics).toMatch(/meridian_mail_intake_total\{outcome="unknown"\} \d/);
});
