import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { coverOperations } from '../../api/covers/routes.ts';
import { createLoopGateway } from '../../api/loop-gateway.ts';
import { handoffParts } from '../../api/register.ts';
import { rotationOperations } from '../../api/rotations/operations.ts';
import { settleCover, showCover } from '../../console/cover.ts';
import type { Refused } from '../../console/refused.ts';
import { loadActor } from '../../db/actors.ts';
import { present } from '../../domain/assert.ts';
import type { AccountId, PersonId } from '../../domain/id.ts';
import { Refusal } from '../../domain/problem.ts';
import { taskPath } from '../../locales/links.ts';
import { fieldsOf } from '../support/browser.ts';
import { account, givenAccount, operator } from '../support/handoff-organisation.ts';
import { berlin, handoffWorld, tokyo } from '../support/handoff-story.ts';
import { readers } from '../support/readers.ts';
import type { World } from '../support/world.ts';

const day = 86_400_000;
let world: World;
let parts: Parameters<typeof coverOperations.read.run>[0];
beforeAll(async () => {
  world = await handoffWorld();
  const { client, clock, taskQueue, database } = world;
  const loops = createLoopGateway({ client, db: database.db, taskQueue });
  const { tell } = handoffParts({ db: database.db, clock, loops });
  parts = { db: database.db, clock, loops, tell };
});
afterAll(() => world.stop());

const asks = async <Input>(id: PersonId, input: Input, commandId: string = randomUUID()) => ({
  actor: present(await loadActor(world.database.db, id, world.clock.now()), 'who asks'),
  input,
  commandId,
});

const iso = (at: number) => new Date(at).toISOString();

async function refused(act: Promise<unknown>) {
  try {
    await act;
  } catch (error) {
    if (error instanceof Refusal) return error.problem;
    throw error;
  }
  return null;
}

const flagsLogged = (kind: string) =>
  world.database.db
    .selectFrom('red_flag')
    .innerJoin('content', 'content.id', 'content_id')
    .select(['code', 'place', 'acknowledged_by'])
    .where('kind', 'like', kind)
    .execute();

test('a request asks whoever fits, with reasons they can read; a repeat asks nobody twice', async () => {
  const { db } = world.database;
  const staff = { id: 'staff', name: 'Staff', kind: 'own', region_id: 'world' };
  await db.insertInto('team').values(staff).execute();
  // Holds nothing but the office of an operator: no account is asked of them.
  await db.updateTable('person').set({ team_id: 'staff' }).where('id', '=', operator).execute();
  const from = world.clock.now() + 2 * day;
  const input = { account, from: iso(from), until: iso(from + day), note: 'The tender closes.' };
  const asked = await asks(berlin.lead, input, 'once');
  const cover = await coverOperations.request.run(parts, asked);
  expect(await coverOperations.request.run(parts, asked)).toEqual(cover);
  expect(cover).toMatchObject({
    status: 'asked',
    owner: { id: berlin.lead },
    note: 'The tender closes.',
    timeline: [{ sentence: expect.stringContaining('Vertretung') }],
  });
  const names = cover.candidates.map(({ person }) => person.id);
  expect(names).toContain(tokyo.lead);
  expect(names).not.toContain(berlin.lead);
  expect(names).not.toContain(operator);
  for (const { reasons } of cover.candidates) expect(reasons.length).toBeGreaterThan(0);
  const listed = await coverOperations.list.run(parts, await asks(berlin.lead, { id: account }));
  expect(listed.items.map(({ id }) => id)).toEqual([cover.id]);

  const { id } = cover;
  const taken = await coverOperations.take.run(parts, await asks(tokyo.lead, { id }));
  expect(taken.taker?.id).toBe(tokyo.lead);
  const late = await refused(coverOperations.take.run(parts, await asks(tokyo.backup, { id })));
  expect(late).toEqual({ code: 'cover.taken', params: { person: `Name of ${tokyo.lead}` } });
  await coverOperations.withdraw.run(parts, await asks(berlin.lead, { id }));
});

test('what happened is for the owner and who covered, and what was asked of somebody for them alone', async () => {
  const { db } = world.database;
  const from = world.clock.now() + 2 * day;
  const note = 'They asked for a cash payment.';
  const input = { account, from: iso(from), until: iso(from + day) };
  const request = await asks(berlin.lead, { ...input, note });
  const before = await coverOperations.request.run(parts, request);
  const { id } = before;
  await db
    .insertInto('asked_outside')
    .values({
      loop_id: id,
      sequence: 0,
      kind: 'handoff.read_back',
      person_id: tokyo.lead,
      at: world.clock.now(),
      outside_minutes: 30,
      rest_minutes: 0,
      points: 30,
    })
    .execute();
  await coverOperations.withdraw.run(parts, await asks(berlin.lead, { id }));
  const cover = await coverOperations.request.run(parts, await asks(berlin.lead, input));
  const reasonsFor = async (reader: PersonId) =>
    (await coverOperations.read.run(parts, await asks(reader, { id: cover.id }))).candidates
      .flatMap(({ person, reasons }) => (person.id === tokyo.lead ? reasons : []))
      .join(' ');
  expect(await reasonsFor(tokyo.lead)).toContain('30');
  expect(await reasonsFor(tokyo.backup)).not.toContain('30');
  expect(await reasonsFor(berlin.lead)).not.toContain('30');

  const step = { id: cover.id };
  await coverOperations.take.run(parts, await asks(tokyo.lead, step));
  await world.advance(2 * day);
  const said = { ...step, text: 'Won, without the cash payment.' };
  await coverOperations.handBack.run(parts, await asks(tokyo.lead, said));
  const handBackFor = async (reader: PersonId) =>
    (await coverOperations.read.run(parts, await asks(reader, step))).handBack;
  expect(await handBackFor(berlin.lead)).toBe(said.text);
  expect(await handBackFor(tokyo.lead)).toBe(said.text);
  expect(await handBackFor(berlin.manager)).toBe(said.text);
  expect(await handBackFor(tokyo.backup)).toBeNull();
  const flag = { code: 'payment', place: 'text', acknowledged_by: null };
  expect(await flagsLogged('cover.%')).toEqual([flag, flag]);
  await coverOperations.end.run(parts, await asks(berlin.lead, step));
});

test('a manager asks on behalf of an owner, who is told, and nobody else who does not stand over them', async () => {
  const from = world.clock.now() + 2 * day;
  const input = { account, from: iso(from), until: iso(from + day) };
  const asked = await asks(tokyo.lead, input);
  const problem = await refused(coverOperations.request.run(parts, asked));
  expect(problem?.code).toBe('authority.forbidden');
  const longer = { ...input, until: iso(from + 7 * day) };
  const byManager = await coverOperations.request.run(parts, await asks(berlin.manager, longer));
  expect(byManager).toMatchObject({
    owner: { id: berlin.lead },
    asker: { id: berlin.manager },
    status: 'asked',
  });
  const { id } = byManager;
  const { person } = present(byManager.candidates[0], 'whoever is asked first');
  await coverOperations.take.run(parts, await asks(person.id as PersonId, { id }));
  const told = await world.database.db
    .selectFrom('notice')
    .select(['recipient_id', 'key'])
    .where('loop_id', '=', id)
    .where('key', 'in', ['cover.opened', 'cover.taken'])
    .execute();
  expect(told.map(({ recipient_id, key }) => `${recipient_id} ${key}`).toSorted()).toEqual([
    `${berlin.lead} cover.opened`,
    `${berlin.lead} cover.taken`,
    `${berlin.manager} cover.taken`,
  ]);
  await coverOperations.withdraw.run(parts, await asks(berlin.manager, { id }));
});

test('a rotation shows the hand-overs of the next week before any of them', async () => {
  const members = [berlin.lead, tokyo.lead];
  const first = { severity: 'routine', summary: 'Weekly calls.', situation: '' } as const;
  const input = { account, members, teams: [], leadMinutes: 60, ...first };
  // What it writes every handoff of it offers: what the rules warn of is named before, and logged.
  const flagged = { ...input, situation: 'They want it off-label.' };
  const starts = async (more: object = {}) =>
    rotationOperations.start.run(parts, await asks(berlin.lead, { ...flagged, ...more }));
  expect((await refused(starts()))?.code).toBe('handoff.red_flags');
  expect(await flagsLogged('handoff.packet')).toEqual([]);
  const rotation = await starts({ acknowledgedFlags: ['off_label:situation'] });
  expect(await flagsLogged('handoff.packet')).toEqual([
    { code: 'off_label', place: 'situation', acknowledged_by: berlin.lead },
  ]);
  expect(rotation.plan.length).toBeGreaterThan(5);
  expect(rotation.plan[0]).toMatchObject({ to: { id: tokyo.lead }, meets: false });
  const { day: shown } = rotation;
  expect(shown?.lanes.map(({ person, zone }) => [person.id, zone])).toEqual([
    [berlin.lead, 'Europe/Berlin'],
    [tokyo.lead, 'Asia/Tokyo'],
  ]);
  const spans = (shown?.lanes ?? []).flatMap(({ held }) => held);
  const covered = spans.reduce(
    (sum, { from, until }) => sum + Date.parse(until) - Date.parse(from),
    0,
  );
  expect(covered).toBe(day);
  const { id } = rotation;
  const changes = await asks(berlin.lead, {
    id,
    members: [berlin.lead, 'no-one'],
    teams: [],
    leadMinutes: 60,
  });
  const problem = await refused(rotationOperations.change.run(parts, changes));
  expect(problem).toEqual({ code: 'person.unknown', params: { person: 'no-one' } });
  // A team is whoever is there of it, looks after accounts and is trained: after those named, nobody twice.
  const { db } = world.database;
  const trained = db.updateTable('person').where('id', '=', tokyo.backup);
  await trained.set({ products: ['pump'] }).execute();
  const turns = async (teams: string[], named = [tokyo.lead]) =>
    rotationOperations.change.run(
      parts,
      await asks(berlin.lead, { id, members: named, teams, leadMinutes: 60 }),
    );
  const whole = await turns(['team']);
  const there = await db.selectFrom('person').select('id').where('left_at', 'is', null).execute();
  const apart = ['operator', tokyo.backup, tokyo.lead] as string[];
  const others = there.map((one) => one.id).filter((one) => !apart.includes(one));
  expect(whole.members.map((one) => one.id)).toEqual([tokyo.lead, ...others.toSorted()]);
  await trained.set({ products: [] }).execute();
  expect((await refused(turns(['nowhere'])))?.code).toBe('rotation.team_empty');
  // A partner learns of nobody whom they do not see by naming a team: to them there is nobody in it.
  const partner = 'partner' as PersonId;
  const partners = { id: 'partners', name: 'Partners', kind: 'partner', region_id: 'world' };
  await db.insertInto('team').values(partners).execute();
  const row = await db.selectFrom('person').selectAll().where('id', '=', tokyo.backup).execute();
  const one = {
    ...present(row[0], 'a person'),
    id: partner,
    team_id: partners.id,
    email: 'p@x.test',
  };
  await db
    .insertInto('person')
    .values({ ...one, manager_id: null })
    .execute();
  await db.insertInto('calendar_revision').values({ person_id: partner }).execute();
  const own = 'partner-account' as AccountId;
  await givenAccount(db, { id: own, owner: partner, since: world.clock.now() - day });
  const seen = await asks(partner, { ...input, account: own, members: [partner], teams: ['team'] });
  expect((await refused(rotationOperations.start.run(parts, seen)))?.code).toBe(
    'rotation.team_empty',
  );
  const ended = await rotationOperations.end.run(parts, await asks(berlin.lead, { id }));
  expect([ended.closedAt !== null, ended.plan]).toEqual([true, []]);
});

test('whoever takes a cover in a swap by its form asks its owner alone, for an account of their own', async () => {
  const own = 'tokyo-account' as AccountId;
  const { db } = world.database;
  await givenAccount(db, { id: own, owner: tokyo.lead, since: world.clock.now() - day });
  const from = world.clock.now() + 30 * day;
  const window = { from: iso(from), until: iso(from + 4 * day) };
  const request = await asks(berlin.lead, { account, ...window });
  const { id } = await coverOperations.request.run(parts, request);
  const reader = { actor: (await asks(tokyo.lead, {})).actor, recipient: readers.tokyo };
  const page = async (refused: Refused | null = null) =>
    String(await (await showCover(parts, reader, { id, refused })).body);
  const offered = /<option[^>]*value="(tokyo-account|st-hedwig)"/g;
  const shown = await page();
  expect([...shown.matchAll(offered)].map(([, option]) => option)).toEqual([own]);
  const wall = (at: number) => iso(at + 9 * 3_600_000).slice(0, 16); // in Tokyo
  const swap = async (typed: Readonly<Record<string, string>>) => {
    const form = { ...fieldsOf(await page(), taskPath(id)), ...typed, choice: 'take' };
    const where = { covers: parts, publicUrl: 'http://meridian.test', ...reader };
    return settleCover(where, { id, form });
  };
  const later = { 'return-from': wall(from + 7 * day), 'return-until': wall(from + 8 * day) };
  const foreign = await swap({ 'return-account': account, ...later });
  expect(foreign?.problem.code).toBe('handoff.not_custodian');
  const undated = await swap({ 'return-account': own, 'return-from': 'soon' });
  expect(undated?.problem.errors?.map(({ path }) => path)).toEqual([
    'form.inReturn.from',
    'form.inReturn.until',
  ]);
  const kept = await page(undated);
  expect(kept).toContain('<details open');
  expect(kept).toContain('value="soon"');
  const promised = { account: own, from: iso(from + 7 * day), until: iso(from + 8 * day) };
  const barring = await coverOperations.request.run(parts, await asks(tokyo.lead, promised));
  expect((await swap({ 'return-account': own, ...later }))?.problem.code).toBe('cover.overlaps');
  await coverOperations.withdraw.run(parts, await asks(tokyo.lead, { id: barring.id }));
  expect(await swap({ 'return-account': own, ...later })).toBeNull();
  const taken = await coverOperations.read.run(parts, await asks(tokyo.lead, { id }));
  expect(taken).toMatchObject({ status: 'taken', taker: { id: tokyo.lead } });
  await world.advance(60_000); // whatever a step began is begun by then
  const { items } = await coverOperations.list.run(parts, await asks(tokyo.lead, { id: own }));
  const other = present(
    items.find(({ status }) => status === 'asked'),
    'the other cover',
  );
  expect([other.from, other.until]).toEqual([iso(from + 7 * day), iso(from + 8 * day)]);
  expect(other).toMatchObject({ owner: { id: tokyo.lead }, status: 'asked' });
  const read = await coverOperations.read.run(parts, await asks(berlin.lead, { id: other.id }));
  expect(read.candidates).toMatchObject([
    { person: { id: berlin.lead }, reasons: ['Im Gegenzug vertritt diese Person Sie.'] },
  ]);
  const back = await coverOperations.take.run(parts, await asks(berlin.lead, { id: other.id }));
  expect(back).toMatchObject({ status: 'taken', taker: { id: berlin.lead } });
});

test('a swap whose window is covered by the time it is asked for is told to both who agreed on it', async () => {
  const own = 'tokyo-account' as AccountId;
  const from = world.clock.now() + 20 * day;
  const [window, later] = [from, from + 2 * day].map((at) => ({
    from: iso(at),
    until: iso(at + day),
  })) as [{ from: string; until: string }, { from: string; until: string }];
  const request = await asks(berlin.lead, { account, ...window });
  const { id } = await coverOperations.request.run(parts, request);
  const { db } = world.database;
  const inReturn = { account: own, ...later };
  await coverOperations.take.run(parts, await asks(tokyo.lead, { id, inReturn }));
  const quicker = await coverOperations.request.run(
    parts,
    await asks(tokyo.lead, { account: own, ...later }),
  );
  await world.advance(60_000);
  const told = await db
    .selectFrom('notice')
    .select(['recipient_id', 'key'])
    .where('loop_id', '=', id)
    .where('key', 'like', 'cover.return_%')
    .orderBy('key')
    .execute();
  expect(told).toEqual([
    { recipient_id: berlin.lead, key: 'cover.return_not_asked' },
    { recipient_id: tokyo.lead, key: 'cover.return_refused' },
  ]);
  await coverOperations.withdraw.run(parts, await asks(tokyo.lead, { id: quicker.id }));
});
