import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { actionAnswer, actionsAnswer } from '../../api/accounts/schema.ts';
import { reownItemsOfLeavers } from '../../db/action-items.ts';
import { removeUnusedContents } from '../../db/contents.ts';
import type { PersonId } from '../../domain/id.ts';
import { openActionsMax } from '../../domain/handoff/action-items.ts';
import { type ApiWorld, apiWorld, offer } from '../support/api.ts';
import { berlin, givenAccount, tokyo } from '../support/handoff-organisation.ts';
import { person } from '../support/people.ts';
import { readBack } from '../support/read-back.ts';

interface Item {
  readonly id: string;
  readonly text: string;
  readonly owner: { readonly id: string };
  readonly isOpen: boolean;
  readonly isLate: boolean;
  readonly change: string;
}

let world: ApiWorld;
let account: string;
let accounts = 0;
const london = person('london-lead');
const due = '2026-11-27T17:00:00+09:00';

beforeAll(async () => {
  world = await apiWorld();
  const here = world.db.selectFrom('person').innerJoin('team', 'team.id', 'person.team_id');
  const team = await here
    .selectAll('team')
    .where('person.id', '=', berlin.lead)
    .executeTakeFirstOrThrow();
  await world.db
    .insertInto('team')
    .values({ ...team, id: 'elsewhere' })
    .execute();
  const others = world.db.updateTable('person').set({ team_id: 'elsewhere' });
  await others.where('id', 'in', [london, tokyo.lead, tokyo.backup]).execute();
});
afterAll(() => world.drop());
beforeEach(async () => {
  account = `account-${++accounts}`;
  const since = world.clock.now() - 1_000;
  await givenAccount(world.db, { id: account as never, owner: berlin.lead, since });
});

const post = (path: string, as: PersonId, body: unknown = {}, key: string = randomUUID()) =>
  world.ask(path, { method: 'POST', as, body, key });

async function items(as: PersonId = berlin.lead, query = ''): Promise<readonly Item[]> {
  const { status, json } = await world.ask(`/accounts/${account}/actions${query}`, { as });
  expect([status, actionsAnswer.safeParse(json).error]).toEqual([200, undefined]);
  return (json as { items: readonly Item[] }).items;
}

/** `Call the clinic: tokyo-lead, open` */
const lines = (found: readonly Item[]): readonly string[] =>
  found.map(
    ({ text, owner, isOpen, isLate }) =>
      `${text}: ${owner.id}, ${isOpen ? 'open' : 'closed'}${isLate ? ', late' : ''}`,
  );

async function added(as: PersonId, changes: object = {}): Promise<Item> {
  const body = { text: 'Send the quote', dueAt: due, ...changes };
  const { status, json } = await post(`/accounts/${account}/actions`, as, body);
  expect([status, actionAnswer.safeParse(json).error]).toEqual([201, undefined]);
  return json as Item;
}

const change = (item: Item, verb: string, as: PersonId, body: unknown = {}) =>
  post(`/accounts/${account}/actions/${item.id}/${verb}`, as, body);
const codeOf = async (answer: ReturnType<typeof post>): Promise<string> =>
  (await answer).problem.code;

/** With one action each for the giver, the receiver and a third person. */
const packetActions = [berlin.lead, tokyo.lead, london].map((owner) => ({
  text: `For ${owner}`,
  owner,
  dueAt: due,
}));

async function offered(changes: object = {}): Promise<string> {
  const body = { ...offer(account, tokyo.lead), actions: packetActions, ...changes };
  const { json } = await post('/handoffs', berlin.lead, body);
  return (json as { id: string }).id;
}

async function handedOver(id: string): Promise<void> {
  expect((await post(`/handoffs/${id}/accept`, tokyo.lead, readBack)).status).toBe(200);
  expect((await post(`/handoffs/${id}/confirm`, berlin.lead)).status).toBe(200);
}

describe('an item', () => {
  test('is the custodian’s unless said otherwise, due on the clocks of customer and owner', async () => {
    const sites = [{ name: 'Boston', zone: 'America/New_York' }];
    const here = world.db.updateTable('account').where('id', '=', account);
    await here.set({ sites }).execute();
    expect(await added(berlin.lead)).toMatchObject({
      owner: { id: berlin.lead },
      isOpen: true,
      isLate: false,
      handoff: null,
      dueAt: '2026-11-27T08:00:00.000Z',
      local: {
        site: '2026-11-27T03:00-05:00[America/New_York]',
        owner: '2026-11-27T09:00+01:00[Europe/Berlin]',
      },
    });
    expect(await added(berlin.lead, { owner: tokyo.lead })).toMatchObject({
      owner: { id: tokyo.lead },
      local: {
        site: '2026-11-27T03:00-05:00[America/New_York]',
        owner: '2026-11-27T17:00+09:00[Asia/Tokyo]',
      },
    });
  });

  test('is of somebody who is there, or it is not entered', async () => {
    const path = `/accounts/${account}/actions`;
    const body = { text: 'Call', dueAt: due };
    const unknown = post(path, berlin.lead, { ...body, owner: 'nobody' });
    expect(await codeOf(unknown)).toBe('person.unknown');
    const leaving = world.db.updateTable('person').where('id', '=', london);
    await leaving.set({ left_at: world.clock.now() }).execute();
    expect(await codeOf(post(path, berlin.lead, { ...body, owner: london }))).toBe('person.left');
    await leaving.set({ left_at: null }).execute();
    expect(await items()).toEqual([]);
  });

  test('repeated under its key is one item, and a change repeated is one change', async () => {
    const key = randomUUID();
    const body = { text: 'Call', dueAt: due };
    const first = await post(`/accounts/${account}/actions`, berlin.lead, body, key);
    await world.db.deleteFrom('idempotency').execute(); // the answer was lost
    const again = await post(`/accounts/${account}/actions`, berlin.lead, body, key);
    expect(again.json).toEqual(first.json);
    const path = `/accounts/${account}/actions/${(first.json as Item).id}/done`;
    const done = await post(path, berlin.lead, {}, key);
    await world.db.deleteFrom('idempotency').execute();
    expect((await post(path, berlin.lead, {}, key)).json).toEqual(done.json);
    expect(lines(await items())).toEqual([`Call: ${berlin.lead}, closed`]);
  });

  test('is done, reopened and assigned by its owner, the custodian or their managers, and by nobody else', async () => {
    const item = await added(berlin.lead, { owner: tokyo.lead });
    expect((await change(item, 'done', tokyo.lead)).status).toBe(200);
    expect(await codeOf(change(item, 'done', tokyo.lead))).toBe('action.not_open');
    expect(await codeOf(change(item, 'assign', berlin.lead, { to: tokyo.lead }))).toBe(
      'action.not_open',
    );
    expect((await change(item, 'reopen', berlin.manager)).status).toBe(200);
    expect(await codeOf(change(item, 'reopen', berlin.lead))).toBe('action.still_open');
    const to = tokyo.backup;
    expect((await change(item, 'assign', berlin.lead, { to })).json).toMatchObject({
      owner: { id: to },
      change: 'assigned',
    });
    expect(await codeOf(change(item, 'assign', berlin.lead, { to }))).toBe('action.already_theirs');
    for (const stranger of [london, tokyo.lead]) {
      expect(await codeOf(change(item, 'done', stranger))).toBe('request.not_found');
    }
    expect(await codeOf(change(item, 'assign', berlin.lead, { to: 'nobody' }))).toBe(
      'person.unknown',
    );
  });

  test('changed by two at once is changed once', async () => {
    const item = await added(berlin.lead);
    const answers = await Promise.all(
      [berlin.lead, berlin.manager, berlin.lead].map((as) => change(item, 'done', as)),
    );
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409, 409]);
  });

  test('is shown to its owner, and the account’s other items are not', async () => {
    await added(berlin.lead, { owner: london });
    await added(berlin.lead, { text: 'Not for London' });
    expect(lines(await items(london))).toEqual([`Send the quote: ${london}, open`]);
    expect(await items(tokyo.backup)).toEqual([]);
    expect((await items(berlin.manager)).length).toBe(2);
  });

  test('once written cannot be changed or removed, and its text is kept as long as it is', async () => {
    const { id } = await added(berlin.lead);
    for (const table of ['action_item', 'action_item_event'] as const) {
      await expect(world.db.deleteFrom(table).execute()).rejects.toThrow('only ever added');
    }
    const later = world.db.updateTable('action_item').set({ due_at: world.clock.now() });
    await expect(later.execute()).rejects.toThrow('only ever added');
    const theirs = world.db.updateTable('action_item_event').set({ owner_id: tokyo.lead });
    await expect(theirs.execute()).rejects.toThrow('only ever added');
    const nobodys = world.db.insertInto('action_item_event').values({
      item_id: id,
      sequence: 2,
      type: 'assigned',
      owner_id: null as never,
      is_open: true,
      at: world.clock.now(),
    });
    await expect(nobodys.execute()).rejects.toThrow('owner_id');
    const before = world.clock.now() + 86_400_000;
    await removeUnusedContents(world.db, { before, limit: 1_000 });
    expect(lines(await items())).toEqual([`Send the quote: ${berlin.lead}, open`]);
  });

  test.each([
    ['of nothing', { text: '  ' }],
    ['too long', { text: 'a'.repeat(501) }],
    ['of half a letter', { text: '\uD83D' }],
    ['due at no time', { dueAt: 'soon' }],
    ['due in a thousand years', { dueAt: '3026-01-01T00:00:00Z' }],
    ['with an account in it', { account: 'another' }],
  ])('%s is refused', async (_what, changes) => {
    const body = { text: 'Call', dueAt: due, ...changes };
    expect(await codeOf(post(`/accounts/${account}/actions`, berlin.lead, body))).toBe(
      'request.invalid',
    );
  });

  test('of another account is not found here', async () => {
    const item = await added(berlin.lead);
    account = `account-${++accounts}`;
    const since = world.clock.now() - 1_000;
    await givenAccount(world.db, { id: account as never, owner: berlin.lead, since });
    expect(await codeOf(change(item, 'done', berlin.lead))).toBe('request.not_found');
  });

  test('too many are refused before they are written', async () => {
    const id = () => randomUUID();
    const content = await world.write('account.action', berlin.lead);
    const { insertActionItems } = await import('../../db/action-items.ts');
    const many = Array.from({ length: openActionsMax }, () => ({
      id: id(),
      account: account as never,
      content,
      dueAt: world.clock.now(),
      owner: berlin.lead,
      handoff: null,
      isLate: false,
    }));
    await insertActionItems(world.db, many, { by: berlin.lead, at: world.clock.now() });
    const body = { text: 'One more', dueAt: due };
    const more = post(`/accounts/${account}/actions`, berlin.lead, body);
    expect(await codeOf(more)).toBe('action.too_many');
  });
});

describe('a handoff', () => {
  test('enters the actions of its packet when it is offered, and what is open already not twice', async () => {
    await added(berlin.lead, { text: `For ${berlin.lead}` });
    await offered();
    expect(lines(await items())).toEqual(
      expect.arrayContaining(packetActions.map(({ text, owner }) => `${text}: ${owner}, open`)),
    );
    expect((await items()).length).toBe(3);
  });

  test('moves what is open of the giver with custody, and nothing that is done or a third person’s', async () => {
    const done = await added(berlin.lead, { text: 'Done before' });
    await change(done, 'done', berlin.lead);
    await added(berlin.lead, { text: 'Older' });
    await handedOver(await offered());
    expect(lines(await items(tokyo.lead)).toSorted()).toEqual(
      [
        `Done before: ${berlin.lead}, closed`,
        `For ${berlin.lead}: ${tokyo.lead}, open`,
        `For ${london}: ${london}, open`,
        `For ${tokyo.lead}: ${tokyo.lead}, open`,
        `Older: ${tokyo.lead}, open`,
      ].toSorted(),
    );
    const moved = (await items(tokyo.lead)).filter(({ change: type }) => type === 'moved');
    expect(moved.length).toBe(2);
  });

  test('that is open has what is added go to who owns the account then, marked late for both', async () => {
    const id = await offered();
    const body = { text: 'They called', dueAt: due };
    const given = post(`/accounts/${account}/actions`, berlin.lead, { ...body, owner: tokyo.lead });
    expect(await codeOf(given)).toBe('action.late_owner');
    expect(await added(tokyo.lead, { text: 'They called' })).toMatchObject({
      owner: { id: berlin.lead },
      isLate: true,
      handoff: id,
    });
    for (const as of [berlin.lead, tokyo.lead]) {
      const { json } = await world.ask(`/handoffs/${id}`, { as });
      expect(json).toMatchObject({ lateActions: [{ text: 'They called', isOpen: true }] });
    }
    await handedOver(id);
    const late = (await items(tokyo.lead)).filter(({ isLate }) => isLate);
    expect(lines(late)).toEqual([`They called: ${tokyo.lead}, open, late`]);
  });

  test('revised drops what the packet has no longer and enters what it has more', async () => {
    const id = await offered();
    const { account: _account, receiver: _receiver, ...packet } = offer(account, tokyo.lead);
    const actions = [packetActions[1], { text: 'New', owner: tokyo.lead, dueAt: due }];
    await added(berlin.lead, { text: 'Late' });
    const revised = await post(`/handoffs/${id}/revise`, berlin.lead, { ...packet, actions });
    expect(revised.status).toBe(200);
    expect(lines(await items(berlin.lead, '?open=true')).toSorted()).toEqual(
      [
        `For ${tokyo.lead}: ${tokyo.lead}, open`,
        `Late: ${berlin.lead}, open, late`,
        `New: ${tokyo.lead}, open`,
      ].toSorted(),
    );
    const dropped = (await items()).filter((item) => item.change === 'dropped');
    expect(dropped.map(({ text }) => text).toSorted()).toEqual(
      [`For ${berlin.lead}`, `For ${london}`].toSorted(),
    );
  });
});

test('when an owner leaves, what is open or is opened again goes to the custodian, or to who is above them', async () => {
  await added(berlin.lead, { owner: london });
  await added(berlin.lead, { text: 'Own' });
  const done = await added(berlin.lead, { text: 'Again', owner: london });
  await change(done, 'done', london);
  const leave = (id: PersonId, at: number | null) =>
    world.db.updateTable('person').set({ left_at: at }).where('id', '=', id).execute();
  await leave(london, world.clock.now());
  await reownItemsOfLeavers(world.db, world.clock.now());
  expect(lines(await items())).toContain(`Send the quote: ${berlin.lead}, open`);
  expect(lines(await items())).toContain(`Again: ${london}, closed`);
  const again = await change(done, 'reopen', berlin.lead);
  expect(again.json).toMatchObject({ owner: { id: berlin.lead }, isOpen: true });
  await leave(berlin.lead, world.clock.now());
  await reownItemsOfLeavers(world.db, world.clock.now());
  expect(await reownItemsOfLeavers(world.db, world.clock.now())).toBe(0);
  expect(lines(await items(berlin.manager)).toSorted()).toEqual([
    `Again: ${berlin.manager}, open`,
    `Own: ${berlin.manager}, open`,
    `Send the quote: ${berlin.manager}, open`,
  ]);
  await leave(london, null);
  await leave(berlin.lead, null);
});
