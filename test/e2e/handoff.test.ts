import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../../api/app.ts';
import { createLoopGateway } from '../../api/loop-gateway.ts';
import { startMailSink, type MailSink } from '../../bin/embedded/mail-sink.ts';
import type { Channel } from '../../channels/channel.ts';
import { createEmailChannel } from '../../channels/email/email.ts';
import { offer } from '../support/api.ts';
import { berlin, custodian, handoffWorld, tokyo } from '../support/handoff-story.ts';
import { givenAccount } from '../support/handoff-organisation.ts';
import { issuer, testTokens, type TestTokens } from '../support/tokens.ts';
import type { World } from '../support/world.ts';
import { readBack } from '../support/read-back.ts';

const hour = 3_600_000;
let sink: MailSink;
let email: Channel;
let world: World;
let tokens: TestTokens;
let app: ReturnType<typeof createApp>;

beforeAll(async () => {
  sink = await startMailSink({ smtpPort: 0, pagePort: 0 });
  email = createEmailChannel({
    smtpUrl: sink.smtpUrl,
    from: { name: 'Meridian', address: 'meridian@example.test' },
  });
  world = await handoffWorld({ channels: { email } });
  const { db } = world.database;
  const people = await db.selectFrom('person').select('id').execute();
  await db
    .insertInto('identity')
    .values(people.map(({ id }) => ({ issuer, subject: id, person_id: id })))
    .execute();
  tokens = await testTokens(world.clock);
  app = createApp({
    db,
    loops: createLoopGateway({ client: world.client, db, taskQueue: world.taskQueue }),
    clock: world.clock,
    verifyToken: tokens.verifyToken,
    issuer,
    publicUrl: 'http://meridian.test',
    log: pino({ level: 'silent' }),
  });
});
afterAll(async () => {
  await world.stop();
  email.close();
  await sink.stop();
});

interface Answer {
  readonly status: number;
  readonly body: { readonly id: string; readonly status: string; readonly code?: string };
}

async function post(as: string, path: string, body: unknown, headers = {}): Promise<Answer> {
  const response = await app.request(path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await tokens.of(as)}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
      ...headers,
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

test('an account moves over HTTP, Temporal, Postgres and SMTP, and each hears of it in their own language', async () => {
  const offered = await post(berlin.lead, '/handoffs', offer('st-hedwig', tokyo.lead));
  expect(offered).toMatchObject({ status: 201, body: { status: 'offered' } });
  const { id } = offered.body;
  await world.advance(16 * hour); // Tuesday 10:00 in Tokyo
  const mail = sink.messages().find(({ to }) => to[0] === `${tokyo.lead}@example.test`);
  expect(mail?.language).toBe('ja');
  expect(mail?.subject).toContain('復唱');
  expect(mail?.text).toContain(`/tasks/${id}`);

  const stranger = await post('london-lead', `/handoffs/${id}/accept`, readBack);
  expect(stranger.status).toBe(404);
  const early = await post(berlin.lead, `/handoffs/${id}/confirm`, {});
  expect(early).toMatchObject({ status: 409, body: { code: 'handoff.not_read_back' } });
  const stale = { 'if-match': '"7"' };
  const old = await post(tokyo.lead, `/handoffs/${id}/accept`, readBack, stale);
  expect(old).toMatchObject({ status: 412, body: { code: 'request.revision_stale' } });

  const accepted = await post(tokyo.lead, `/handoffs/${id}/accept`, readBack);
  expect(accepted).toMatchObject({ status: 200, body: { status: 'readBack' } });
  expect(await custodian(world)).toBe(berlin.lead);
  const confirmed = await post(berlin.lead, `/handoffs/${id}/confirm`, {});
  expect(confirmed).toMatchObject({ status: 200, body: { status: 'transferred' } });
  expect(await custodian(world)).toBe(tokyo.lead);

  const late = await post(berlin.lead, `/handoffs/${id}/withdraw`, { text: 'too late' });
  expect(late).toMatchObject({ status: 409, body: { code: 'loop.closed' } });
  await world.advance(24 * hour);
  const german = sink.messages().filter(({ to }) => to[0] === `${berlin.lead}@example.test`);
  expect(german.map(({ subject }) => subject).join()).toContain('Verantwortung');
});

test('of two who decide upon the same revision at once one settles it, and the other is told', async () => {
  await givenAccount(world.database.db, {
    id: 'raced' as never,
    owner: berlin.lead,
    since: world.clock.now() - hour,
  });
  const offered = await post(berlin.lead, '/handoffs', offer('raced', tokyo.lead));
  const { id } = offered.body;
  const seen = { 'if-match': '"1"' };
  const answers = await Promise.all([
    post(tokyo.lead, `/handoffs/${id}/ask`, { text: 'By when?' }, seen),
    post(berlin.lead, `/handoffs/${id}/hold`, {}, seen),
    post(tokyo.lead, `/handoffs/${id}/accept`, readBack, seen),
    post(berlin.lead, `/handoffs/${id}/reassign`, { to: tokyo.backup }, seen),
  ]);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  // Whoever the quicker one has relieved of the step may not take it any more: 403.
  for (const { status } of answers) expect([200, 403, 409, 412]).toContain(status);
  const steps = world.database.db.selectFrom('transition').select('sequence');
  expect(await steps.where('loop_id', '=', id).execute()).toHaveLength(2);
});
