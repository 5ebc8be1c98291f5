import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeUnusedContents } from '../../db/contents.ts';
import { type ApiWorld, apiWorld, offer } from '../support/api.ts';
import { account, berlin, tokyo } from '../support/handoff-organisation.ts';
import { person } from '../support/people.ts';

let world: ApiWorld;
let path: string;
let handoff: string;
beforeAll(async () => {
  world = await apiWorld();
  const given = { method: 'POST', as: berlin.lead, body: offer(account, tokyo.lead) };
  const { id } = (await world.ask('/handoffs', given)).json as { readonly id: string };
  handoff = `/handoffs/${id}`;
  path = `/loops/${id}/comments`;
});
afterAll(() => world.drop());

const say = (text: string, key = crypto.randomUUID() as string) =>
  world.ask(path, { method: 'POST', as: tokyo.lead, body: { text }, key });

interface Timeline {
  readonly timeline: readonly { readonly type: string; readonly text: string | null }[];
}

test('a comment is in the timeline once, however often it is sent, and the others are told without its words', async () => {
  const key = crypto.randomUUID();
  const first = await say('Their buyer is away until Monday.', key);
  expect(first.status).toBe(200);
  const again = await say('Their buyer is away until Monday.', key);
  expect(again.json).toEqual(first.json);
  const { timeline } = (await world.ask(handoff, { as: berlin.lead })).json as Timeline;
  expect(timeline.filter(({ type }) => type === 'commented')).toMatchObject([
    { text: 'Their buyer is away until Monday.', sequence: 0 },
  ]);
  const notices = await world.db
    .selectFrom('notice')
    .select(['recipient_id', 'params', 'status'])
    .where('key', '=', 'message.comment')
    .execute();
  expect(notices).toEqual([
    { recipient_id: berlin.lead, params: { person: { person: tokyo.lead } }, status: 'planned' },
  ]);
});

test('whoever may not see the loop neither reads nor writes there', async () => {
  const stranger = { as: person('new-york-lead') };
  expect((await world.ask(path, stranger)).status).toBe(404);
  const written = await world.ask(path, { ...stranger, method: 'POST', body: { text: 'Hello' } });
  expect(written.status).toBe(404);
});

test('late words are appended to a loop that is over', async () => {
  const before = (await world.ask(path, { as: tokyo.lead })).json as { items: unknown[] };
  await world.db.updateTable('loop_instance').set({ closed_at: world.clock.now() }).execute();
  expect((await say('Thank you all.')).status).toBe(200);
  const after = (await world.ask(path, { as: tokyo.lead })).json as { items: unknown[] };
  expect(after.items.length).toBe(before.items.length + 1);
});

test('the words of a comment are not taken for texts that nothing refers to', async () => {
  await removeUnusedContents(world.db, { before: world.clock.now() + 1, limit: 1_000 });
  const { items } = (await world.ask(path, { as: tokyo.lead })).json as {
    items: readonly { readonly text: string | null }[];
  };
  expect(items.every(({ text }) => text !== null)).toBe(true);
});
