import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noticeOfMail } from '../../db/channel-off.ts';
import { loadPreferences } from '../../db/preferences.ts';
import type { NoticeId } from '../../domain/id.ts';
import { apiWorld, type ApiWorld } from '../support/api.ts';
import { account, berlin, tokyo } from '../support/handoff-organisation.ts';
import { givenLoop, givenNotice } from '../support/notices.ts';

const secret = 'a secret of the test that nobody guesses';
const address = `${tokyo.lead}@example.test`;

let world: ApiWorld;
let notice: NoticeId;
let messageId: string;
beforeAll(async () => {
  world = await apiWorld(() => ({ mailIntakeSecret: secret }));
  const { db, clock } = world;
  notice = await givenNotice(db, await givenLoop(db), {
    to: tokyo.lead,
    key: 'handoff.declined',
    params: { account: { account }, person: { person: berlin.lead } },
    sendAt: clock.now(),
  });
  messageId = `${notice}.1`;
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

test('what is no message of ours, or no address of theirs, changes nothing', async () => {
  expect(await report({ messageId: '<forged.1@example.test>' })).toEqual(['unknown']);
  expect(await report({ address: 'old@example.test' })).toEqual(['known']);
  expect(await report({ kind: 'temporary' })).toEqual(['known']);
  expect(await offs()).toEqual([]);
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

test('a delivery report as a mail says the same, and another address is tried again', async () => {
  const { db } = world;
  await db
    .updateTable('person')
    .set({ email: 'new@example.test' })
    .where('id', '=', tokyo.lead)
    .execute();
  const lines = [
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
    'Final-Recipient: rfc822; new@example.test',
    'Action: failed',
    'Status: 5.1.1',
    '',
    '--b',
    'Content-Type: text/rfc822-headers',
    '',
    `Message-ID: <${messageId}@example.test>`,
    '',
    '--b--',
    '',
  ];
  const answer = await post('/mail/inbound', lines.join('\r\n'));
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
  expect(await noticeOfMail(world.db, messageId)).toEqual({ notice, recipient: tokyo.lead });
});
