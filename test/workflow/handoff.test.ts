import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadActor } from '../../db/actors.ts';
import { countHandoffs } from '../../db/scorecard.ts';
import { present } from '../../domain/assert.ts';
import { account } from '../support/handoff-organisation.ts';
import { berlin, custodian, handoffWorld, inbox, offers, tokyo } from '../support/handoff-story.ts';
import { refusal } from '../support/refusal.ts';
import { transitions } from '../support/toy/errand-story.ts';
import type { World } from '../support/world.ts';

const hour = 3_600_000;
const day = 24 * hour;
let world: World;
beforeEach(async () => {
  world = await handoffWorld();
});
afterEach(() => world.stop());

/** What the account's card counts of the last month, as Berlin's lead may see it. */
async function card() {
  const { db } = world.database;
  const at = world.clock.now();
  const month = { from: at - 30 * day, until: at + 1 };
  const actor = present(await loadActor(db, berlin.lead, at), 'the lead');
  const counting = {
    actor,
    kind: 'account',
    id: account,
    period: month,
    history: month,
    at,
  } as const;
  const { handoffs, bounced, acceptMedian, confirmed, firstTime } = await countHandoffs(
    db,
    counting,
  );
  return { handoffs, bounced, acceptMedian, confirmed, firstTime };
}

const types = async (id: Parameters<typeof transitions>[1]): Promise<string[]> =>
  (await transitions(world, id)).map((row) => row.command_type);

test('an account moves when the giver confirms what the receiver read back, and not before', async () => {
  const handoff = await offers(world);
  expect(await inbox(world, tokyo.lead)).toEqual(['handoff.read_back']);
  await handoff.readsBack(tokyo.lead);
  expect(await custodian(world)).toBe(berlin.lead);
  expect(await inbox(world, tokyo.lead)).toEqual([]);
  expect(await inbox(world, berlin.lead)).toEqual(['handoff.confirm']);
  await handoff.confirms(berlin.lead);
  expect(await custodian(world)).toBe(tokyo.lead);
  expect(await inbox(world, berlin.lead)).toEqual([]);
  const history = await world.client.workflow.getHandle(handoff.workflowId).fetchHistory();
  expect(history.events?.length).toBeLessThanOrEqual(24);
  expect(await transitions(world, handoff.id)).toHaveLength(3);
});

test('a handoff nobody accepts returns to the manager of the giver, never to nobody, and is counted as bounced', async () => {
  const handoff = await offers(world, { allowanceMinutes: 240 });
  await world.advance(14 * day);
  expect(await types(handoff.id)).toEqual([
    'offer',
    'remind',
    'remind',
    'passOn',
    'remind',
    'remind',
    'passOn',
    'remind',
    'remind',
    'bounce',
  ]);
  expect(await custodian(world)).toBe(berlin.manager);
  expect(await card()).toMatchObject({ handoffs: 1, bounced: 1, acceptMedian: null });
});

test('whoever declines is not asked again, and the next is asked at once', async () => {
  const handoff = await offers(world);
  await handoff.declines(tokyo.lead);
  await world.advance(1_000);
  expect(await inbox(world, tokyo.lead)).toEqual([]);
  expect(await inbox(world, tokyo.backup)).toEqual(['handoff.read_back']);
  await handoff.declines(tokyo.backup);
  await world.advance(1_000);
  await handoff.declines(tokyo.manager);
  await world.advance(1_000);
  expect(await custodian(world)).toBe(berlin.manager);
});

test('while a question is open the clock of the one who asked stands still, on the account’s card too', async () => {
  const handoff = await offers(world, { allowanceMinutes: 960 });
  await handoff.asks(tokyo.lead);
  expect(await inbox(world, berlin.lead)).toEqual(['handoff.answer']);
  expect(await refusal(handoff.readsBack(tokyo.lead))).toBe('handoff.question_open');
  await world.advance(day);
  await handoff.answers(berlin.lead);
  expect(await inbox(world, tokyo.lead)).toEqual(['handoff.read_back']);
  await handoff.readsBack(tokyo.lead);
  await handoff.confirms(berlin.manager);
  expect(await custodian(world)).toBe(tokyo.lead);
  expect(await card()).toEqual({
    handoffs: 1,
    bounced: 0,
    acceptMedian: 0, // asked after work, answered after work: nothing of theirs was worked meanwhile
    confirmed: 1,
    firstTime: 1,
  });
});

test('a question nobody answers lapses, and the handoff goes on', async () => {
  const handoff = await offers(world, { allowanceMinutes: 240 });
  await handoff.asks(tokyo.lead);
  await world.advance(8 * hour);
  expect(await types(handoff.id)).toEqual(['offer', 'ask', 'remind', 'remind', 'lapseQuestion']);
  expect(await inbox(world, tokyo.lead)).toEqual(['handoff.read_back']);
});

test('a read-back that nobody confirms reaches the manager of the giver', async () => {
  const handoff = await offers(world, { allowanceMinutes: 240 });
  await handoff.readsBack(tokyo.lead);
  await world.advance(day);
  expect(await inbox(world, berlin.manager)).toEqual(['handoff.confirm']);
  expect(await inbox(world, berlin.lead)).toEqual(['handoff.confirm']);
  await handoff.confirms(berlin.manager);
  expect(await custodian(world)).toBe(tokyo.lead);
});

test('each step is refused to everyone but the one it waits for', async () => {
  const handoff = await offers(world);
  expect(await refusal(handoff.readsBack(tokyo.backup))).toBe('handoff.not_receiver');
  expect(await refusal(handoff.confirms(berlin.lead))).toBe('handoff.not_read_back');
  await handoff.readsBack(tokyo.lead);
  expect(await refusal(handoff.confirms(tokyo.lead))).toBe('handoff.not_giver');
  expect(await refusal(handoff.confirms(tokyo.manager))).toBe('handoff.not_giver');
  expect(await custodian(world)).toBe(berlin.lead);
});

test('an account is in at most one open handoff, and only its custodian gives it away', async () => {
  await offers(world);
  expect(await refusal(offers(world, { to: tokyo.backup }))).toBe('handoff.account_in_handoff');
  const two = await handoffWorld();
  expect(await refusal(offers(two, { giver: tokyo.backup }))).toBe('handoff.not_custodian');
  await two.stop();
});

test('a reassigned handoff begins anew with the new receiver', async () => {
  const handoff = await offers(world);
  await handoff.send({ type: 'reassign', actor: berlin.lead, to: tokyo.backup });
  expect(await inbox(world, tokyo.lead)).toEqual([]);
  expect(await inbox(world, tokyo.backup)).toEqual(['handoff.read_back']);
  await handoff.readsBack(tokyo.backup);
  expect(
    await refusal(handoff.send({ type: 'reassign', actor: berlin.lead, to: tokyo.lead })),
  ).toBe('handoff.too_late_to_reassign');
});
