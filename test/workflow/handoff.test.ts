import { afterEach, beforeEach, expect, test } from 'vitest';
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

test('a handoff nobody accepts returns to the manager of the giver, and never to nobody', async () => {
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

test('while a question is open the clock of the one who asked stands still', async () => {
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
