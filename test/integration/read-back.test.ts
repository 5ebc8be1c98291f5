import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Handoff } from '../../api/handoffs/present.ts';
import { handoffAnswer } from '../../api/handoffs/schema.ts';
import { erasePerson } from '../../db/erase-person.ts';
import type { PersonId } from '../../domain/id.ts';
import { type ApiWorld, apiWorld, offer } from '../support/api.ts';
import { berlin, givenAccount, tokyo } from '../support/handoff-organisation.ts';
import { readBack } from '../support/read-back.ts';

let world: ApiWorld;
let id: string;
let accounts = 0;
const { account: _account, receiver: _receiver, ...packet } = offer('any', tokyo.lead);
const reason = { text: 'The price is that of October.' };

beforeAll(async () => {
  world = await apiWorld();
});
afterAll(() => world.drop());
beforeEach(async () => {
  const account = `account-${++accounts}`;
  const since = world.clock.now() - 1_000;
  await givenAccount(world.db, { id: account as never, owner: berlin.lead, since });
  const body = offer(account, tokyo.lead);
  const made = await world.ask('/handoffs', { method: 'POST', as: berlin.lead, body });
  ({ id } = made.json as Handoff);
});

const asked = (as: PersonId, verb: string, body: unknown) =>
  world.ask(`/handoffs/${id}/${verb}`, { method: 'POST', as, body });
const taken = async (as: PersonId, verb: string, body: unknown): Promise<Handoff> => {
  const { status, json } = await asked(as, verb, body);
  expect([verb, status]).toEqual([verb, 200]);
  return json as Handoff;
};
const refused = async (as: PersonId, verb: string, body: unknown): Promise<string> =>
  (await asked(as, verb, body)).problem.code;

describe('a packet', () => {
  test('is revised with every version kept, and what was read back is read back again', async () => {
    await taken(tokyo.lead, 'accept', readBack);
    const summary = 'Two deliveries are on their way.';
    const newer = { ...packet, severity: 'urgent', summary };
    const revised = await taken(berlin.lead, 'revise', newer);
    expect(handoffAnswer.safeParse(revised).error).toBeUndefined();
    expect(revised).toMatchObject({
      status: 'offered',
      severity: 'urgent',
      synthesis: null,
      packet: { summary },
      waitsFor: { id: tokyo.lead },
    });
    expect(revised.revisions).toMatchObject([
      { revision: 1, by: { id: berlin.lead }, changed: [], packet: { summary: packet.summary } },
      { revision: 2, by: { id: berlin.lead }, changed: ['severity', 'summary'] },
    ]);
    const again = await taken(tokyo.lead, 'accept', readBack);
    expect(again).toMatchObject({ readBacks: 2, synthesis: { isSameSeverity: false } });
    const done = await taken(berlin.lead, 'confirm', {});
    expect(done).toMatchObject({ status: 'transferred', isFirstTime: true });
  });

  test('is not revised by its receiver, nor with actions of somebody unknown', async () => {
    expect(await refused(tokyo.lead, 'revise', packet)).toBe('handoff.not_giver');
    const actions = [{ ...packet.actions[0], owner: 'nobody' }];
    expect(await refused(berlin.lead, 'revise', { ...packet, actions })).toBe('person.unknown');
  });
});

describe('a read-back', () => {
  const kept = () =>
    world.db
      .selectFrom('handoff')
      .select(['read_backs', 'first_time', 'accepted_at'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow();

  test('that is sent back is counted, and its time is that of the one that stands', async () => {
    await taken(tokyo.lead, 'accept', readBack);
    expect(await kept()).toMatchObject({ read_backs: 1, first_time: null });
    const back = await taken(berlin.lead, 'send-back', reason);
    expect(back).toMatchObject({
      status: 'offered',
      synthesis: null,
      waitsFor: { id: tokyo.lead },
    });
    expect(await kept()).toMatchObject({ accepted_at: null });
    world.clock.moveTo(world.clock.now() + 60_000);
    const at = world.clock.now();
    await taken(tokyo.lead, 'accept', readBack);
    world.clock.moveTo(at + 60_000);
    await taken(berlin.lead, 'confirm', {});
    expect(await kept()).toEqual({ read_backs: 2, first_time: false, accepted_at: at });
  });

  test('goes back twice at most, and the account stays with the giver all the while', async () => {
    for (const _time of ['first', 'second']) {
      await taken(tokyo.lead, 'accept', readBack);
      await taken(berlin.lead, 'send-back', reason);
    }
    await taken(tokyo.lead, 'accept', readBack);
    expect(await refused(berlin.lead, 'send-back', reason)).toBe('handoff.too_many_send_backs');
    const owners = await world.db
      .selectFrom('custody')
      .select('owner_id')
      .where('account_id', '=', `account-${accounts}`)
      .execute();
    expect(owners).toEqual([{ owner_id: berlin.lead }]);
  });

  test.each([
    ['without a severity', { ...readBack, severity: undefined }],
    ['with a severity of its own', { ...readBack, severity: 'dire' }],
    ['without a first action', { ...readBack, firstAction: '  ' }],
    ['without a contingency', { ...readBack, contingency: undefined }],
    ['of words alone', { text: 'All clear.' }],
    ['with more than it has parts', { ...readBack, owner: berlin.lead }],
    ['of half a letter', { ...readBack, firstAction: '\uD83D' }],
  ])('is not taken %s', async (_how, body) => {
    expect(await refused(tokyo.lead, 'accept', body)).toBe('request.invalid');
    expect(await kept()).toMatchObject({ read_backs: 0 });
  });

  test('in any language and script is kept as it was written', async () => {
    const said = {
      ...readBack,
      firstAction: '金曜日までに見積書を送る',
      contingency: 'إذا تأخر التسليم',
    };
    expect((await taken(tokyo.lead, 'accept', said)).synthesis).toMatchObject(said);
  });
});

test('a handoff that is over tells of who has left by their name, until that is erased', async () => {
  await taken(tokyo.lead, 'accept', readBack);
  await taken(berlin.lead, 'confirm', {});
  const { db, clock } = world;
  const left = db.updateTable('person').set({ left_at: clock.now() });
  await left.where('id', '=', tokyo.lead).execute();
  const read = async () => (await world.ask(`/handoffs/${id}`, { as: berlin.lead })).json;
  const name = `Name of ${tokyo.lead}`;
  const told = (await read()) as Handoff;
  expect(told.receiver).toEqual({ id: tokyo.lead, name });
  expect(told.timeline.filter(({ sentence }) => sentence.includes(name)).length).toBeGreaterThan(1);
  await erasePerson(db, { person: tokyo.lead, isWithTexts: false, at: clock.now() });
  const after = (await read()) as Handoff;
  expect(after.receiver).toEqual({ id: tokyo.lead, name: tokyo.lead });
  expect(JSON.stringify(after)).not.toContain(name);
  expect(after.timeline).toHaveLength(told.timeline.length);
});
