import { afterAll, beforeAll, expect, test } from 'vitest';
import { randomUUID } from 'node:crypto';
import { enterAbsence, removeAbsence } from '../../db/absences.ts';
import { coverFacts } from '../../db/covers.ts';
import type { CoverState } from '../../domain/cover/state.ts';
import type { Holdable } from '../../domain/hold.ts';
import type { PersonId } from '../../domain/id.ts';
import { asksForCover, type Cover } from '../support/cover-story.ts';
import { delegates } from '../support/delegation-story.ts';
import { person } from '../support/people.ts';
import { berlin, custodian, handoffWorld, inbox, offers, tokyo } from '../support/handoff-story.ts';
import { refusal } from '../support/refusal.ts';
import type { World } from '../support/world.ts';

const day = 86_400_000;
let world: World;
beforeAll(async () => {
  world = await handoffWorld();
});
afterAll(() => world.stop());

const told = async ({ id }: Cover) => {
  const rows = await world.database.db
    .selectFrom('notice')
    .select(['key', 'recipient_id'])
    .where('loop_id', '=', id)
    .orderBy('sequence')
    .orderBy('key')
    .execute();
  return rows.map((row) => `${row.key} ${row.recipient_id}`).toSorted();
};

const statusOf = async ({ id }: Cover) =>
  (
    await world.database.db
      .selectFrom('cover')
      .select('status')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
  ).status;

/** Whether another cover is planned to begin as this one ends. */
const isFollowed = async ({ id }: Cover) => {
  const { db } = world.database;
  const loop = db.selectFrom('loop_instance').select('state').where('id', '=', id);
  const { state } = await loop.executeTakeFirstOrThrow();
  const held = state as Holdable<CoverState>;
  const at = world.clock.now();
  const facts = await db.transaction().execute((tx) => coverFacts(tx, held.state, id, at));
  return facts.isFollowed;
};

const dayAfter = (days: number) =>
  new Date(world.clock.now() + days * day).toISOString().slice(0, 10);

/** Answers how to take it back. */
async function isAbsent(who: PersonId, first: number, last: number) {
  const at = world.clock.now();
  const [id, firstDay, lastDay] = [randomUUID(), dayAfter(first), dayAfter(last)];
  const days = { firstDay, lastDay, fromMinute: null, untilMinute: null };
  await enterAbsence(world.database.db, { id, person: who, by: who, ...days, at });
  return () => removeAbsence(world.database.db, { id, person: who, at: world.clock.now() });
}

// First: beyond two weeks from now the kernel's own re-plan would come before the record's answer.
test('an account that was handed over meanwhile stays where it went', async () => {
  const cover = await asksForCover(world);
  await cover.takes(tokyo.backup);
  const handoff = await offers(world, { to: tokyo.lead });
  await handoff.readsBack(tokyo.lead);
  await handoff.confirms(berlin.lead);
  await world.advance(8 * day);
  expect(await custodian(world)).toBe(tokyo.lead);
  expect(await statusOf(cover)).toBe('overtaken');
  const back = await offers(world, { giver: tokyo.lead, to: berlin.lead });
  await back.readsBack(berlin.lead);
  await back.confirms(tokyo.lead);
});

test('one cover ends where the next begins, and the account goes from the one to the other', async () => {
  const from = world.clock.now() + 4 * day;
  const first = await asksForCover(world, { from, until: from + day });
  const second = await asksForCover(world, { from: from + day, until: from + 2 * day });
  await first.takes(tokyo.lead);
  await second.takes(tokyo.backup);
  expect(await isFollowed(first)).toBe(true);
  await world.advance(5 * day);
  expect(await custodian(world)).toBe(tokyo.backup);
  expect(await statusOf(first)).toBe('returned');
  expect(await statusOf(second)).toBe('running');
  // The owner has it for no time between them, and whoever had it is not told that they have it again.
  expect(await told(first)).not.toContain(`cover.returned ${berlin.lead}`);
  expect(await told(first)).toContain(`cover.ended_followed ${tokyo.lead}`);
  const third = await asksForCover(world, { from: from + 2 * day, until: from + 3 * day });
  await third.takes(tokyo.backup);
  await world.advance(day);
  expect(await custodian(world)).toBe(tokyo.backup);
  expect(await statusOf(second)).toBe('returned');
  await world.advance(day);
  expect(await custodian(world)).toBe(berlin.lead);
});

test('whoever has their account back until the next cover is taken is told so', async () => {
  const from = world.clock.now() + 4 * day;
  const first = await asksForCover(world, { from, until: from + day });
  await first.takes(tokyo.lead);
  await world.advanceTo(from + day - 60_000);
  // Asked this late, others have a while to take it, and the owner has the account meanwhile.
  const second = await asksForCover(world, { from: from + day, until: from + 3 * day });
  expect(await isFollowed(first)).toBe(false);
  await world.advance(2 * 60_000);
  expect(await custodian(world)).toBe(berlin.lead);
  expect(await statusOf(second)).toBe('asked');
  expect(await told(first)).toEqual(
    expect.arrayContaining([`cover.returned ${berlin.lead}`, `cover.ended ${tokyo.lead}`]),
  );
  await second.send({ type: 'withdraw', actor: berlin.lead });
});

test('a cover whose account is handed on ends at once, asks nothing more and bars no other', async () => {
  const now = world.clock.now();
  const cover = await asksForCover(world, { from: now + day, until: now + 30 * day });
  const later = await asksForCover(world, { from: now + 40 * day, until: now + 41 * day });
  await cover.takes(tokyo.lead);
  await world.advance(day);
  const handoff = await offers(world, { giver: tokyo.lead, to: tokyo.backup });
  await handoff.readsBack(tokyo.backup);
  await handoff.confirms(tokyo.lead);
  await world.advance(1);
  expect(await statusOf(cover)).toBe('overtaken');
  expect(await statusOf(later)).toBe('overtaken');
  expect(await told(cover)).toContain(`cover.overtaken ${tokyo.lead}`);
  expect(await inbox(world, tokyo.lead)).toEqual([]);
  const next = await asksForCover(world, {
    actor: tokyo.backup,
    owner: tokyo.backup,
    candidates: [tokyo.lead],
  });
  await next.send({ type: 'withdraw', actor: tokyo.backup });
  const back = await offers(world, { giver: tokyo.backup, to: berlin.lead });
  await back.readsBack(berlin.lead);
  await back.confirms(tokyo.backup);
});

test('of two who take a cover in one instant exactly one has it, and the others are asked for nothing any more', async () => {
  const cover = await asksForCover(world);
  expect(await inbox(world, tokyo.lead)).toEqual(['cover.take']);
  expect(await inbox(world, tokyo.backup)).toEqual(['cover.take']);
  const answers = await Promise.all([
    refusal(cover.takes(tokyo.lead)),
    refusal(cover.takes(tokyo.backup)),
  ]);
  expect(answers.toSorted()).toEqual(['accepted', 'cover.taken']);
  expect(await inbox(world, tokyo.lead)).toEqual([]);
  expect(await inbox(world, tokyo.backup)).toEqual([]);
  expect(await custodian(world)).toBe(berlin.lead);
  await cover.send({ type: 'withdraw', actor: berlin.lead });
  expect(await statusOf(cover)).toBe('withdrawn');
});

test('the account moves for the window alone, and what happened comes back with it', async () => {
  const cover = await asksForCover(world);
  await cover.takes(tokyo.lead);
  await world.advance(4 * day);
  expect(await custodian(world)).toBe(tokyo.lead);
  expect(await inbox(world, tokyo.lead)).toEqual(['cover.hand_back']);
  await cover.handsBack(tokyo.lead);
  expect(await inbox(world, tokyo.lead)).toEqual([]);
  await world.advance(3 * day);
  expect(await custodian(world)).toBe(berlin.lead);
  expect(await told(cover)).toEqual([
    `cover.asked ${tokyo.backup}`,
    `cover.asked ${tokyo.lead}`,
    `cover.begun ${tokyo.lead}`,
    `cover.begun_owner ${berlin.lead}`,
    `cover.ended ${tokyo.lead}`,
    `cover.returned ${berlin.lead}`,
    `cover.taken ${berlin.lead}`,
    `cover.yours ${tokyo.lead}`,
  ]);
});

test('when everybody refuses it comes to the manager at once, who holds it when nobody has taken it', async () => {
  const cover = await asksForCover(world);
  await cover.refuses(tokyo.lead);
  await cover.refuses(tokyo.backup);
  await world.advance(1);
  expect(await inbox(world, berlin.manager)).toEqual(['cover.take']);
  await world.advance(4 * day);
  expect(await custodian(world)).toBe(berlin.manager);
  await world.advance(3 * day);
  expect(await custodian(world)).toBe(berlin.lead);
});

test('silence is reminded of, comes to the manager a working day before, and never leaves the account alone', async () => {
  const cover = await asksForCover(world);
  await world.advance(4 * day);
  expect(await custodian(world)).toBe(berlin.manager);
  expect(await told(cover)).toContain(`cover.reminder ${tokyo.lead}`);
  expect(await told(cover)).toContain(`cover.nobody ${berlin.manager}`);
  await cover.send({ type: 'endEarly', actor: berlin.manager });
  expect(await custodian(world)).toBe(berlin.lead);
});

test('where the owner is the manager too, whoever is above them holds it', async () => {
  const cover = await asksForCover(world, { manager: berlin.lead });
  await world.advance(4 * day);
  expect(await custodian(world)).toBe(berlin.manager);
  await cover.send({ type: 'endEarly', actor: berlin.lead });
  expect(await custodian(world)).toBe(berlin.lead);
});

test('whoever took it may give it back before it begins, and the others are asked again', async () => {
  const cover = await asksForCover(world);
  await cover.takes(tokyo.lead);
  await cover.refuses(tokyo.lead);
  expect(await inbox(world, tokyo.backup)).toEqual(['cover.take']);
  expect(await inbox(world, tokyo.lead)).toEqual([]);
  await cover.send({ type: 'withdraw', actor: berlin.lead });
});

test('whoever is to cover falls ill, and others are asked again; whoever covers, and the manager holds it', async () => {
  const cover = await asksForCover(world);
  await cover.takes(tokyo.lead);
  const isBack = await isAbsent(tokyo.lead, 4, 6);
  await world.advance(1);
  expect(await inbox(world, tokyo.backup)).toEqual(['cover.take']);
  expect(await refusal(cover.takes(tokyo.lead))).toBe('cover.not_asked');
  const again = [
    `relieved ${tokyo.lead}`,
    `sought_again ${berlin.lead}`,
    `reopened ${tokyo.backup}`,
  ];
  expect(await told(cover)).toEqual(
    expect.arrayContaining(again.map((letter) => `cover.${letter}`)),
  );
  await cover.takes(tokyo.backup);
  await world.advance(4 * day);
  expect(await custodian(world)).toBe(tokyo.backup);
  const isBackToo = await isAbsent(tokyo.backup, 1, 2);
  await world.advance(day);
  expect(await custodian(world)).toBe(berlin.manager);
  expect(await inbox(world, tokyo.backup)).toEqual([]);
  expect(await inbox(world, berlin.manager)).toEqual(['cover.hand_back']);
  const moved = [tokyo.backup, berlin.lead, berlin.manager].map((to, index) =>
    index === 0 ? `cover.relieved ${to}` : `cover.replaced_away ${to}`,
  );
  expect(await told(cover)).toEqual(expect.arrayContaining(moved));
  await cover.send({ type: 'endEarly', actor: berlin.lead });
  await isBack();
  await isBackToo();
});

test('a cover that has begun already is asked of others for a while, and never falls to a manager on leave', async () => {
  const isBack = await isAbsent(berlin.manager, -1, 5);
  const now = world.clock.now();
  const first = await asksForCover(world, { from: now - day, until: now + day });
  await world.advance(60_000);
  expect(await custodian(world)).toBe(berlin.lead);
  await first.takes(tokyo.lead);
  await world.advance(1);
  expect(await custodian(world)).toBe(tokyo.lead);
  await first.send({ type: 'endEarly', actor: berlin.lead });
  const second = await asksForCover(world, { from: now - day, until: now + 4 * day });
  await world.advance(2 * day);
  expect(await custodian(world)).toBe(person('berlin-director'));
  await second.send({ type: 'endEarly', actor: berlin.lead });
  await isBack();
});

test('while the manager is away whoever decides for them is asked and holds it, before anybody above and whoever decides for those', async () => {
  const isBack = await isAbsent(berlin.manager, 0, 6);
  const now = world.clock.now();
  const standIn = await delegates(world, { from: now, until: now + 6 * day });
  const cover = await asksForCover(world, { from: now + 2 * day, until: now + 4 * day });
  await cover.refuses(tokyo.lead);
  await cover.refuses(tokyo.backup);
  await world.advance(1);
  expect(await told(cover)).toContain(`cover.nobody ${tokyo.manager}`);
  expect(await inbox(world, tokyo.manager)).toEqual(['cover.take']);
  await world.advance(2 * day);
  expect(await custodian(world)).toBe(tokyo.manager);
  await cover.send({ type: 'endEarly', actor: berlin.lead });
  await standIn.ends(berlin.manager);
  // Nobody decides for the manager then; whoever is above is away too, and has said who does.
  const director = person('berlin-director');
  const isBackToo = await isAbsent(director, 0, 6);
  const later = world.clock.now();
  const above = { actor: director, principal: director, delegate: tokyo.manager };
  const forDirector = await delegates(world, { ...above, from: later, until: later + 6 * day });
  const second = await asksForCover(world, { from: later, until: later + day });
  await second.refuses(tokyo.lead);
  await second.refuses(tokyo.backup);
  await world.advance(1);
  expect(await custodian(world)).toBe(tokyo.manager);
  await second.send({ type: 'endEarly', actor: berlin.lead });
  await forDirector.ends(director);
  await isBackToo();
  await isBack();
});

test('who may take it is judged again when it is taken: products, absence and team', async () => {
  const cover = await asksForCover(world);
  const { db } = world.database;
  const isNow = (changed: { products?: string[]; team_id?: string }) =>
    db.updateTable('person').set(changed).where('id', '=', tokyo.lead).execute();
  await isNow({ products: ['pump'] });
  expect(await refusal(cover.takes(tokyo.lead))).toBe('cover.not_cleared');
  await isNow({ products: ['stent'] });
  const isBack = await isAbsent(tokyo.lead, 4, 5);
  expect(await refusal(cover.takes(tokyo.lead))).toBe('cover.away');
  await isBack();
  const partner = { id: 'partner', name: 'Partner', kind: 'partner', region_id: 'world' };
  await db.insertInto('team').values(partner).execute();
  await isNow({ team_id: 'partner' });
  expect(await refusal(cover.takes(tokyo.lead))).toBe('cover.not_asked');
  await isNow({ products: [], team_id: 'team' });
  expect(await refusal(cover.takes(tokyo.lead))).toBe('accepted');
  await cover.send({ type: 'withdraw', actor: berlin.lead });
});

test('a window that is over, too long, one’s own cover and a second one at the same time are refused', async () => {
  const now = world.clock.now();
  const asked = (given: object) => refusal(asksForCover(world, given));
  expect(await asked({ from: now - 2 * day, until: now - day })).toBe('cover.window_past');
  expect(await asked({ from: now + 2 * day, until: now + day })).toBe('cover.window_past');
  expect(await asked({ from: now, until: now + 91 * day })).toBe('cover.window_too_long');
  expect(await asked({ actor: tokyo.lead, owner: tokyo.lead, candidates: [] })).toBe(
    'handoff.not_custodian',
  );
  const cover = await asksForCover(world);
  expect(await asked({})).toBe('cover.overlaps');
  expect(await refusal(cover.takes(berlin.lead))).toBe('cover.own');
  expect(await refusal(cover.takes(tokyo.manager))).toBe('cover.not_asked');
  expect(await refusal(cover.handsBack(tokyo.lead))).toBe('cover.not_running');
  expect(await refusal(cover.send({ type: 'withdraw', actor: tokyo.backup }))).toBe(
    'authority.forbidden',
  );
  await cover.send({ type: 'withdraw', actor: berlin.lead });
});
