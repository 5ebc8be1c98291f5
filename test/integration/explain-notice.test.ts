import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDeliver } from '../../activities/deliver.ts';
import { createEmailChannel } from '../../channels/email/email.ts';
import { apiWorld, type ApiWorld } from '../support/api.ts';
import { berlin, tokyo } from '../support/handoff-organisation.ts';
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
