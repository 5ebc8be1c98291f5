import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDeliver } from '../../activities/deliver.ts';
import { createEmailChannel } from '../../channels/email/email.ts';
import { apiWorld, type ApiWorld } from '../support/api.ts';
import { givenNotice } from '../support/notices.ts';
import { account, berlin, tokyo } from '../support/handoff-organisation.ts';
import type { NoticeId, PersonId } from '../../domain/id.ts';

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
});
afterAll(() => world.drop());

interface Listed {
  readonly items: readonly {
    readonly id: NoticeId;
    readonly status: string;
    readonly why: string;
  }[];
}
interface Explained {
  readonly status: string;
  readonly why: string;
  readonly events: readonly {
    readonly what: string;
    readonly localAt: string;
    readonly why: string;
  }[];
}

const explained = async (id: NoticeId, as: PersonId): Promise<Explained> =>
  (await world.ask(`/notices/${id}/explain`, { as })).json as Explained;

test('a message that waits says why and until when, to each in their own language and on their own clock', async () => {
  // An evening in Tokyo before a holiday that nobody has confirmed.
  const { db, clock } = world;
  const evening = Date.parse('2026-11-30T20:00:00+09:00');
  clock.moveTo(evening);
  await db
    .insertInto('holiday')
    .values({
      region_id: 'world',
      day: '2026-12-01',
      kind: 'off',
      name: 'Founders’ day',
      source: 'House rule',
      status: 'provisional',
    })
    .execute();
  await db.updateTable('calendar_revision').set({ revision: 2 }).execute();
  const { id: loop } = await world.offered();
  const listed = (await world.ask(`/loops/${loop}/notices`, { as: berlin.lead })).json as Listed;
  expect(listed.items).toMatchObject([{ status: 'planned' }]);
  const [notice] = listed.items;
  const id = notice!.id;
  const german = await explained(id, berlin.lead);
  expect(german.why).toContain('ein noch nicht bestätigter Feiertag');
  expect(german.why).toContain('Name of tokyo-lead');
  const japanese = await explained(id, tokyo.lead);
  expect(japanese.why).toContain('未確定の祝日');
  expect(japanese.why).toContain('2026年12月2日');
  expect(japanese.events).toMatchObject([
    { what: 'planned', localAt: '2026-11-30T20:00+09:00[Asia/Tokyo]' },
  ]);
  await db.updateTable('holiday').set({ status: 'confirmed' }).execute();
  expect((await explained(id, berlin.lead)).why).toContain('ein bestätigter Feiertag');
});

test('who may see neither the loop nor the message is told that there is none', async () => {
  const { items } = (
    await world.ask(`/loops/${(await anyLoop()) ?? ''}/notices`, { as: berlin.lead })
  ).json as Listed;
  const id = items[0]!.id;
  const stranger = 'new-york-lead' as PersonId;
  for (const path of [`/notices/${id}/explain`, `/loops/${await anyLoop()}/notices`]) {
    expect((await world.ask(path, { as: stranger })).status).toBe(404);
  }
  const unknown = '00000000-0000-4000-8000-000000000000';
  expect((await world.ask(`/notices/${unknown}/explain`, { as: berlin.lead })).status).toBe(404);
});

test('what became of it is told in order to its end', async () => {
  const { db, clock } = world;
  const [row] = await db.selectFrom('notice').select(['id', 'send_at', 'revision']).execute();
  const { id, send_at: sendAt, revision } = row!;
  clock.moveTo(sendAt);
  const email = createEmailChannel({
    smtpUrl: 'smtp://127.0.0.1:1',
    from: { name: 'Meridian', address: 'meridian@example.test' },
  });
  await db.updateTable('person').set({ email: 'a@b, c@d' }).where('id', '=', tokyo.lead).execute();
  const channels = { email };
  const deliver = createDeliver({ db, clock, channels, publicUrl: 'https://meridian.test' });
  expect(await deliver({ noticeId: id, revision })).toBe('failed');
  email.close();
  const { events } = await explained(id as NoticeId, tokyo.lead);
  expect(events.map(({ what }) => what)).toEqual(['planned', 'failed']);
});

const anyLoop = async (): Promise<string | null> =>
  (await world.db.selectFrom('notice').select('loop_id').executeTakeFirstOrThrow()).loop_id;

let more = 0;
/** Another message of the handoff that is open since the first test, the latest of its list. */
async function another(key: string): Promise<{ readonly id: NoticeId; readonly loop: string }> {
  const { db, clock } = world;
  const { id: loop } = await db.selectFrom('handoff').select('id').executeTakeFirstOrThrow();
  const params = { account: { account }, person: { person: berlin.lead } };
  const sendAt = clock.now() + 1_000_000_000 + more++;
  const given = { to: tokyo.lead, key, params, sendAt };
  return { id: await givenNotice(db, loop, given), loop };
}

test('a message that nobody has tried yet is listed under the channel that is open now', async () => {
  const { db } = world;
  const { loop } = await another('handoff.declined');
  const channelOf = async (): Promise<string | undefined> => {
    const { json } = await world.ask(`/loops/${loop}/notices`, { as: berlin.lead });
    return (json as { items: readonly { channel: string }[] }).items[0]?.channel;
  };
  expect(await channelOf()).toBe('email');
  const channel = 'slack';
  await db
    .insertInto('contact')
    .values({ person_id: tokyo.lead, channel, address: 'https://hooks.slack.com/services/x' })
    .execute();
  expect(await channelOf(), 'the region does not permit it').toBe('email');
  const value = sql`${JSON.stringify([channel, 'email'])}::text::jsonb`;
  await db
    .insertInto('policy')
    .values({ key: 'message.channels', region_id: null, valid_from: '2026-01-01', value })
    .execute();
  expect(await channelOf()).toBe(channel);
});

test('in which language a message was written, and whose choice that was, is told once it is written', async () => {
  const { db, clock } = world;
  await db.updateTable('person').set({ locale: 'tlh' }).where('id', '=', tokyo.lead).execute();
  const { id, loop } = await another('handoff.withdrawn');
  const notice = async (): Promise<{ id: NoticeId; written: unknown }> => {
    const { json } = await world.ask(`/loops/${loop}/notices`, { as: berlin.lead });
    return (json as { items: readonly { id: NoticeId; written: unknown }[] }).items[0]!;
  };
  expect(await notice()).toMatchObject({ id, written: null });
  const nowhere = {
    name: 'slack',
    compose: async () => new Uint8Array([1]),
    close: () => undefined,
  };
  const slack = { ...nowhere, send: async () => ({ outcome: 'sent' }) as const };
  await db
    .updateTable('notice')
    .set({ urgency: 'now', send_at: clock.now() })
    .where('id', '=', id)
    .execute();
  const parts = { db, clock, channels: { slack }, publicUrl: 'https://meridian.test' };
  expect(await createDeliver(parts)({ noticeId: id, revision: 1 })).toBe('sent');
  const { regionLocale } = await db
    .selectFrom('region')
    .select('locale as regionLocale')
    .executeTakeFirstOrThrow();
  const { json } = await world.ask(`/notices/${id}/explain`, { as: berlin.lead });
  expect((json as { written: unknown }).written).toMatchObject({
    locale: regionLocale,
    from: 'region',
    why: expect.stringContaining('Sprache der Region'),
  });
});
