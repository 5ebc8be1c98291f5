import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createDeliver } from '../../activities/deliver.ts';
import { createRemoveUnusedTexts } from '../../activities/unused-texts.ts';
import { createEmailChannel } from '../../channels/email/email.ts';
import { replyAddress } from '../../channels/email/reply-token.ts';
import type { LoopId, NoticeId, PersonId } from '../../domain/id.ts';
import { type MailSink, startMailSink } from '../../bin/embedded/mail-sink.ts';
import { apiWorld, type ApiWorld, offer } from '../support/api.ts';
import { account, berlin, tokyo } from '../support/handoff-organisation.ts';
import { givenNotice } from '../support/notices.ts';

const intake = 'a secret of the test that nobody guesses';
const proofSecret = 'what proves whose mail it was';
const replies = { address: 'reply@replies.test', secret: 'another secret of the same test' };
const sender = { name: 'Meridian', address: 'meridian@example.test' };
/** Whether the receiving server checks senders is the test's to say. */
const taken: { checkedBy?: string } & typeof replies & { sender: typeof sender } = {
  ...replies,
  sender,
};
const reader = { loop: '' as LoopId, person: tokyo.lead };
const own = 'Their buyer is away until Monday.';

let world: ApiWorld;
let sink: MailSink;
const started: NoticeId[] = [];
beforeAll(async () => {
  sink = await startMailSink({ smtpPort: 0, pagePort: 0 });
  world = await apiWorld(() => ({
    mailIntakeSecret: intake,
    mailProofSecret: proofSecret,
    replies: taken,
    startDeliveries: (ids) => void started.push(...ids),
  }));
  const body = offer(account, tokyo.lead);
  const made = await world.ask('/handoffs', { method: 'POST', as: berlin.lead, body });
  reader.loop = (made.json as { id: LoopId }).id;
});
afterAll(async () => {
  await sink.stop();
  await world.drop();
});
beforeEach(async () => {
  started.length = 0;
  await world.db.deleteFrom('held_reply').execute();
});

async function receive(raw: string | Buffer): Promise<readonly string[]> {
  const body = raw.toString();
  const webhook = new Webhook(Buffer.from(intake), { format: 'raw' });
  const at = new Date();
  const headers = {
    'webhook-id': 'mail-1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': webhook.sign('mail-1', at, body),
  };
  const answer = await world.app.request('/mail/inbound', { method: 'POST', body, headers });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { outcomes: readonly string[] }).outcomes;
}

let mails = 0;
/** An answer of the Tokyo lead to the offer, as their mail program sends it. */
function mail(change: Readonly<Record<string, string | null>> = {}, text = own): string {
  const headers = {
    From: `Aiko Tanaka <${tokyo.lead}@example.test>`,
    To: `Meridian <${replyAddress(replies, reader)}>`,
    Subject: 'Re: A handoff for you',
    'Message-ID': `<answer-${++mails}@mail.test>`,
    'Content-Type': 'text/plain; charset=utf-8',
    ...change,
  };
  const lines = Object.entries(headers).filter(([, value]) => value !== null);
  return [...lines.map(([name, value]) => `${name}: ${value}`), '', text].join('\r\n');
}

const comments = async () =>
  (await world.db.selectFrom('comment').select(['author_id', 'source']).execute()).length;
const held = () => world.db.selectFrom('held_reply').selectAll().execute();
const toldOf = async (key: string): Promise<readonly PersonId[]> => {
  const rows = await world.db
    .selectFrom('notice')
    .select('recipient_id')
    .where('key', '=', key)
    .where('status', '=', 'planned')
    .execute();
  return rows.map((row) => row.recipient_id as PersonId);
};
/** So that the next one is the first of its hour. */
const anHourLater = () => world.clock.moveTo(world.clock.now() + 3_600_001);

test('an answer to a mail that was really sent is a comment, once however often it comes, and the others are told at once', async () => {
  const { db, clock } = world;
  const email = createEmailChannel({ smtpUrl: sink.smtpUrl, from: sender, proofSecret });
  const deliver = createDeliver({
    db,
    clock,
    channels: { email },
    publicUrl: 'https://meridian.test',
    replies,
  });
  const params = { account: { account }, person: { person: berlin.lead } };
  const given = { to: tokyo.lead, key: 'handoff.declined', params, sendAt: clock.now() };
  const id = await givenNotice(db, reader.loop, { ...given, urgency: 'now' });
  await deliver({ noticeId: id, revision: 1 });
  email.close();
  const [sent] = sink.messages();
  const answered = sent?.raw.toString() ?? '';
  const [, to = ''] = /^Reply-To:\s+(\S+)/im.exec(answered) ?? [];
  expect(sent?.text).toContain('このメールに返信すると');
  const raw = mail(
    { To: to },
    `${own}\r\n\r\n${sender.name} <${sender.address}> wrote:\r\n> it\r\n`,
  );
  expect(await receive(raw)).toEqual(['commented']);
  expect(await receive(raw)).toEqual(['commented']);
  const { items } = (await world.ask(`/loops/${reader.loop}/comments`, { as: berlin.lead }))
    .json as { items: readonly object[] };
  expect(items).toMatchObject([{ author: { id: tokyo.lead }, source: 'mail', text: own }]);
  expect(await toldOf('message.comment')).toEqual([berlin.lead]);
  expect(started.length).toBeGreaterThan(0);
});

test('an answer from another address is held back, and whose message it answers is told once an hour', async () => {
  const before = await comments();
  const other = { From: 'Eve <eve@example.test>' };
  expect(await receive(mail(other))).toEqual(['held']);
  expect(await receive(mail(other))).toEqual(['held']);
  expect(await held()).toMatchObject(
    ['other_sender', 'other_sender'].map((reason) => ({
      reason,
      person_id: tokyo.lead,
      loop_id: reader.loop,
      sender: 'eve@example.test',
      words: own,
    })),
  );
  expect(await toldOf('message.reply')).toEqual([tokyo.lead]);
  expect(await comments()).toBe(before);
  const page = await world.ask(`/loops/${reader.loop}/notices`, { as: tokyo.lead });
  expect(page.text).not.toContain('eve@');
});

const headers = (lines: Readonly<Record<string, string | null>>) => lines;
test.for([
  ['two senders', headers({ From: `<${tokyo.lead}@example.test>, <eve@example.test>` })],
  ['no sender', headers({ From: null })],
  ['a sender only by name', headers({ From: `"${tokyo.lead}@example.test" <eve@example.test>` })],
] as const)('an answer that names %s is no comment', async ([, change]) => {
  const before = await comments();
  expect(await receive(mail(change))).toEqual(['held']);
  expect(await comments()).toBe(before);
});

test('an address of somebody else, of another loop or of another secret proves nothing', async () => {
  const before = await comments();
  const { loop } = reader;
  const wrong = [
    replyAddress(replies, { loop, person: 'new-york-lead' as PersonId }),
    replyAddress(replies, { loop: crypto.randomUUID() as LoopId, person: tokyo.lead }),
    replyAddress({ ...replies, secret: 'a secret that is not ours' }, reader),
    replies.address,
    `reply+${'z'.repeat(50)}@replies.test`,
    replyAddress(replies, reader).replace('replies.test', 'example.test'),
  ];
  for (const To of wrong) expect([To, await receive(mail({ To }))]).toEqual([To, ['unknown']]);
  expect([await comments(), await held()]).toEqual([before, []]);
});

test('an answer that only says which message it answers is held back', async () => {
  anHourLater();
  const { db } = world;
  const [row] = await db
    .selectFrom('notice')
    .select('message_id')
    .where('rendered', 'is not', null)
    .execute();
  const naming = (id: string) =>
    receive(mail({ To: sender.address, 'In-Reply-To': `<${id}@example.test>` }));
  expect(await naming(`${row?.message_id}`)).toEqual(['unknown']);
  expect(await held()).toEqual([]);
  const messageId = sink.messages()[0]?.messageId?.replace(/^<|@.*$/g, '') ?? '';
  expect(await naming(messageId)).toEqual(['held']);
  expect(await held()).toMatchObject([{ reason: 'unproven', person_id: tokyo.lead }]);
});

test('whoever may not see the loop any more says nothing there, and is told nothing', async () => {
  anHourLater();
  const { db, clock } = world;
  const left = (at: number | null) =>
    db.updateTable('person').set({ left_at: at }).where('id', '=', tokyo.lead).execute();
  await left(clock.now());
  const told = await toldOf('message.reply');
  expect(await receive(mail())).toEqual(['held']);
  expect(await held()).toMatchObject([{ reason: 'not_seen' }]);
  expect(await toldOf('message.reply')).toEqual(told);
  await left(null);
});

test.for([
  ['an absence note', headers({ 'Auto-Submitted': 'auto-replied' })],
  ['an absence note of older kind', headers({ Precedence: 'bulk' })],
  ['a mail of ours that came back', headers({ 'Auto-Submitted': 'auto-generated' })],
  ['a mail from nobody', headers({ 'Return-Path': '<>' })],
  ['a mail of a mail server', headers({ From: '<MAILER-DAEMON@example.test>' })],
  [
    'a receipt',
    headers({
      'Content-Type': 'multipart/report; report-type=disposition-notification; boundary="b"',
    }),
  ],
] as const)('%s is no comment, and nobody is written to because of it', async ([, change]) => {
  anHourLater();
  const before = [await comments(), await held(), await toldOf('message.reply')];
  expect(await receive(mail(change))).toEqual(['automatic']);
  expect([await comments(), await held(), await toldOf('message.reply')]).toEqual(before);
  expect(started).toEqual([]);
});

test('where the receiving server checks who a mail is from, an answer that it did not confirm is held', async () => {
  anHourLater();
  taken.checkedBy = 'mx.replies.test';
  const found = (result: string) => `Authentication-Results: mx.replies.test; ${result}\r\n`;
  const outcomes = [
    await receive(`${found('dmarc=pass')}${mail()}`),
    await receive(`${found('dmarc=fail')}${mail()}`),
    await receive(mail({}, 'a\r\n'.repeat(750_000))),
  ];
  delete taken.checkedBy;
  expect(outcomes).toEqual([['commented'], ['held'], ['held']]);
  expect((await held()).map(({ reason }) => reason)).toEqual(Array(2).fill('unauthenticated'));
});

const invitationAnswer = (comment: string) => ({
  change: headers({ 'Content-Type': 'multipart/mixed; boundary="b"' }),
  text: [
    '--b',
    'Content-Type: text/plain',
    '',
    own,
    '--b',
    'Content-Type: text/calendar; method=REPLY',
    '',
    'BEGIN:VCALENDAR',
    'METHOD:REPLY',
    ...(comment === '' ? [] : [`COMMENT;LANGUAGE=en:${comment}`]),
    'END:VCALENDAR',
    '--b--',
  ].join('\r\n'),
});

test.for([
  ['went through a list', { change: headers({ 'List-Id': '<all.example.test>' }), text: own }],
  ['went through a group', { change: headers({ Precedence: 'list' }), text: own }],
  [
    'wants no answer by a machine',
    { change: headers({ 'X-Auto-Response-Suppress': 'All' }), text: own },
  ],
  ['answers an invitation with words', invitationAnswer('I am late')],
] as const)(
  'an answer that %s is held for its author, and dropped where it proves nothing',
  async ([, sent]) => {
    anHourLater();
    const before = await comments();
    expect(await receive(mail(sent.change, sent.text))).toEqual(['held']);
    expect(await held()).toMatchObject([{ reason: 'unsure', person_id: tokyo.lead }]);
    expect(await toldOf('message.reply')).toEqual([tokyo.lead]);
    const stranger = { ...sent.change, To: sender.address };
    expect(await receive(mail(stranger, sent.text))).toEqual(['automatic']);
    expect(await held()).toHaveLength(1);
    expect(await comments()).toBe(before);
  },
);

test('accepting an invitation without a word is no reply', async () => {
  const { change, text } = invitationAnswer('');
  expect(await receive(mail(change, text))).toEqual(['automatic']);
});

test.for([
  ['only quotes', () => mail({}, '> it'), 'empty'],
  ['is longer than a comment may be', () => mail({}, 'a'.repeat(4_001)), 'too_long'],
  ['is too large', () => mail({}, 'a\r\n'.repeat(750_000)), 'too_large'],
  ['has too many parts', () => mail({}, 'Content-Type: text/plain\r\n'.repeat(60)), 'too_large'],
] as const)('an answer that %s is held back, and its author is told why', async ([, raw, why]) => {
  anHourLater();
  expect(await receive(raw())).toEqual(['held']);
  expect(await held()).toMatchObject([{ reason: why, person_id: tokyo.lead }]);
  const { params } = await world.db
    .selectFrom('notice')
    .select('params')
    .where('key', '=', 'message.reply')
    .where('status', '=', 'planned')
    .executeTakeFirstOrThrow();
  expect(params).toEqual({ reason: { term: `message.reply_reason.${why}` } });
});

test('words that came with files or as HTML alone are a comment, and the files are said to be left out', async () => {
  anHourLater();
  const before = await comments();
  const parts = [
    '--b',
    'Content-Type: text/html; charset=utf-8',
    '',
    '<p>One <b>word</b></p><script>x()</script><blockquote>it</blockquote>',
    '--b',
    'Content-Type: application/pdf',
    'Content-Disposition: attachment; filename="../../plan.pdf"',
    '',
    '%PDF',
    '--b--',
  ].join('\r\n');
  const raw = mail({ 'Content-Type': 'multipart/mixed; boundary="b"' }, parts);
  expect(await receive(raw)).toEqual(['commented']);
  expect(await comments()).toBe(before + 1);
  const { items } = (await world.ask(`/loops/${reader.loop}/comments`, { as: berlin.lead }))
    .json as { items: readonly { readonly text: string }[] };
  expect(items.at(-1)?.text).toBe('One word');
  expect(await toldOf('message.reply_files')).toEqual([tokyo.lead]);
});

test('of too many answers within an hour the rest is held, and of too many held ones nothing is kept', async () => {
  anHourLater();
  const outcomes: string[] = [];
  for (let sent = 0; sent < 42; sent++) outcomes.push(...(await receive(mail())));
  expect(outcomes).toEqual(
    ['commented', 'held', 'dropped'].flatMap((one, index) =>
      Array.from({ length: [20, 20, 2][index] ?? 0 }, () => one),
    ),
  );
  const metrics = await (await world.app.request('/metrics')).text();
  expect(metrics).toMatch(/meridian_mail_intake_total\{outcome="dropped"\} 2/);
});

test('what was held is shown to whose message it answers alone, who adds it as a comment of theirs, once, or discards it', async () => {
  const list = (as: PersonId) => world.ask('/me/held-replies', { as });
  const items = async (as: PersonId) => ((await list(as)).json as { items: object[] }).items;
  const settle = (as: PersonId, path: string, method = 'POST') =>
    world.ask(`/me/held-replies/${path}`, { method, as, ...(method === 'POST' && { body: {} }) });
  expect(await receive(mail({ From: 'eve@elsewhere.test' }, '<img onerror> {{x}}'))).toEqual([
    'held',
  ]);
  expect(await receive(mail({}, ''))).toEqual(['held']);
  const [first, second] = (await items(tokyo.lead)) as { id: string; isUsable: boolean }[];
  const [empty, usable] = first?.isUsable ? [second, first] : [first, second];
  expect(usable).toMatchObject({
    loop: reader.loop,
    reason: 'other_sender',
    sender: 'eve@elsewhere.test',
    words: '<img onerror> {{x}}',
  });
  expect(await items(berlin.lead)).toEqual([]);
  for (const path of [`${usable?.id}/release`, 'none/release', `${crypto.randomUUID()}/release`]) {
    expect((await settle(berlin.lead, path)).status).toBeGreaterThanOrEqual(400);
  }
  expect((await settle(berlin.lead, `${usable?.id}`, 'DELETE')).status).toBe(404);
  const before = await comments();
  const added = await settle(tokyo.lead, `${usable?.id}/release`);
  expect([added.status, added.json]).toMatchObject([
    200,
    { author: { id: tokyo.lead }, source: 'mail', text: '<img onerror> {{x}}' },
  ]);
  expect((await settle(tokyo.lead, `${usable?.id}/release`)).status).toBe(404);
  expect(await comments()).toBe(before + 1);
  const refused = await settle(tokyo.lead, `${empty?.id}/release`);
  expect([refused.status, refused.json]).toMatchObject([409, { code: 'reply.no_words' }]);
  expect((await settle(tokyo.lead, `${empty?.id}`, 'DELETE')).json).toEqual({ items: [] });
  expect(await held()).toEqual([]);
});

test('what answers a loop that somebody may not see any more is not shown to them', async () => {
  const id = crypto.randomUUID();
  const row = { id, loop_id: reader.loop, person_id: 'london-lead', at: world.clock.now() };
  await world.db
    .insertInto('held_reply')
    .values({ ...row, reason: 'not_seen', words: own })
    .execute();
  const { json } = await world.ask('/me/held-replies', { as: 'london-lead' as PersonId });
  expect(json).toEqual({ items: [] });
  const released = await world.ask(`/me/held-replies/${id}/release`, {
    method: 'POST',
    as: 'london-lead' as PersonId,
    body: {},
  });
  expect(released.status).toBe(404);
});

test('what was held is forgotten after a month', async () => {
  await receive(mail({ From: 'Eve <eve@example.test>' }));
  const later = { now: () => world.clock.now() + 31 * 86_400_000 };
  expect(await held()).toHaveLength(1);
  await createRemoveUnusedTexts({ db: world.db, clock: later })();
  expect(await held()).toEqual([]);
});
