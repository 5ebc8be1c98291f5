/** What is under way when its account closes: between the closing and what the clock makes of it. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { loops } from '../../activities/loops.ts';
import { createRecord } from '../../activities/record.ts';
import { uncoveredAbsences } from '../../db/cover-absences.ts';
import { findAhead } from '../../db/look-ahead.ts';
import { currentWait } from '../../domain/handoff/decide.ts';
import { coverRules } from '../../domain/cover/decide.ts';
import type { CoverCommand } from '../../domain/cover/state.ts';
import type { AccountId, PersonId } from '../../domain/id.ts';
import { berlin, givenAccount, tokyo } from '../support/handoff-organisation.ts';
import { handoffRecorder } from '../support/handoff-recorder.ts';
import { recordedLoop } from '../support/recorded-loop.ts';

const dayMs = 86_400_000;
let recorder: Awaited<ReturnType<typeof handoffRecorder>>;
beforeAll(async () => {
  recorder = await handoffRecorder();
});
afterAll(() => recorder.drop());

/** Each test has an account of its own, and one that it may become part of. */
let account: AccountId;
let whole: AccountId;
let tests = 0;
beforeEach(async () => {
  tests++;
  [account, whole] = [`part-${tests}`, `whole-${tests}`] as [AccountId, AccountId];
  const since = recorder.clock.now() - dayMs;
  await givenAccount(recorder.db, { id: account, owner: berlin.lead, since });
});

/** As the closing writes it, before any loop has heard of it. */
async function closes(into: AccountId | null = null): Promise<void> {
  const closed = { closed_at: recorder.clock.now(), merged_into: into };
  await recorder.db.updateTable('account').set(closed).where('id', '=', account).execute();
}

async function ownerOf(id: AccountId): Promise<string | undefined> {
  const row = await recorder.db
    .selectFrom('custody')
    .select('owner_id')
    .where('account_id', '=', id)
    .where((eb) => eb.fn<boolean>('upper_inf', ['period']), '=', true)
    .executeTakeFirst();
  return row?.owner_id;
}

/** Three days from now on, asked of Tokyo by Berlin's lead. */
async function coverAsked(actor: PersonId = berlin.lead) {
  const { db, clock } = recorder;
  const record = createRecord({ db, clock, loops, startDeliveries: () => undefined });
  const cover = recordedLoop({ record, clock }, coverRules);
  const asked = await cover.does({
    type: 'request',
    actor,
    account,
    owner: berlin.lead,
    manager: berlin.manager,
    reason: 'asked',
    candidates: [tokyo.lead, tokyo.backup],
    note: null,
    absence: null,
    from: clock.now() + 1,
    until: clock.now() + 3 * dayMs,
  });
  expect(asked).toBe('recorded');
  const tasks = () =>
    db
      .selectFrom('task')
      .select(['kind', 'person_id'])
      .where('loop_id', '=', cover.id)
      .where('closed_sequence', 'is', null)
      .execute();
  const told = async (): Promise<readonly string[]> => {
    const rows = await db
      .selectFrom('notice')
      .select(['recipient_id', 'key'])
      .where('loop_id', '=', cover.id)
      .where('key', 'like', 'cover.account%')
      .execute();
    return rows.map(({ recipient_id, key }) => `${recipient_id} ${key}`).toSorted();
  };
  return { cover, tasks, told };
}

/** Taken by Tokyo's lead and begun. */
async function coverRunning(actor?: PersonId) {
  const asked = await coverAsked(actor);
  expect(await asked.cover.does({ type: 'take', actor: tokyo.lead })).toBe('recorded');
  expect(await asked.cover.fires()).toBe('recorded');
  expect(await ownerOf(account)).toBe(tokyo.lead);
  return asked;
}

const does = (cover: Awaited<ReturnType<typeof coverAsked>>['cover'], command: CoverCommand) =>
  cover.does(command);

async function givenWhole(owner: PersonId): Promise<void> {
  await givenAccount(recorder.db, { id: whole, owner, since: recorder.clock.now() - dayMs });
}

test('a confirmation that comes after its account has closed is refused, and moves nothing', async () => {
  const handoff = await recorder.offered({ account });
  const content = await recorder.write('handoff.synthesis', tokyo.lead);
  expect(await handoff.does({ type: 'readBack', actor: tokyo.lead, content })).toBe('recorded');
  await closes();
  expect(await handoff.does({ type: 'confirm', actor: berlin.lead })).toBe('account.closed');
  expect(await ownerOf(account)).toBe(berlin.lead);
  await handoff.replans();
  expect(await handoff.fires()).toBe('recorded');
  expect(handoff.state.status).toBe('dropped');
});

/** A handoff of the account to Tokyo's backup, and a cover by its lead that begins meanwhile. */
async function overtakenHandoff() {
  const { cover, handoff } = {
    ...(await coverAsked()),
    handoff: await recorder.offered({ account, receiver: tokyo.backup }),
  };
  const content = await recorder.write('handoff.synthesis', tokyo.backup);
  await handoff.does({ type: 'readBack', actor: tokyo.backup, content });
  expect(await cover.does({ type: 'take', actor: tokyo.lead })).toBe('recorded');
  expect(await cover.fires()).toBe('recorded');
  return handoff;
}

test('a handoff confirms and bounces only what its giver still has: whoever covers meanwhile keeps it, and all three are told', async () => {
  const handoff = await overtakenHandoff();
  expect(await handoff.does({ type: 'confirm', actor: berlin.lead })).toBe('handoff.not_custodian');
  const { person, since } = currentWait(handoff.state);
  const bounce = { type: 'bounce', person, since, to: berlin.manager } as const;
  expect(await handoff.does(bounce)).toBe('loop.stale_plan');
  expect(await ownerOf(account)).toBe(tokyo.lead);
  const openings = await recorder.db
    .selectFrom('loop_opening')
    .select('command')
    .where('target_id', '=', handoff.id)
    .execute();
  expect(openings).toHaveLength(1);
  expect(await handoff.does(openings[0]?.command as never)).toBe('recorded');
  expect(handoff.state).toMatchObject({
    status: 'dropped',
    custodian: null,
    elsewhere: tokyo.lead,
  });
  expect(await ownerOf(account)).toBe(tokyo.lead);
  const told = await recorder.db
    .selectFrom('notice')
    .select('recipient_id')
    .where('loop_id', '=', handoff.id)
    .where('key', '=', 'handoff.overtaken')
    .execute();
  expect(told.map(({ recipient_id: id }) => id).toSorted()).toEqual(
    [berlin.lead, tokyo.backup, tokyo.lead].toSorted(),
  );
});

test('a handoff that was told nothing ends by itself once its account is somebody else’s', async () => {
  const handoff = await overtakenHandoff();
  await handoff.replans();
  expect(await handoff.fires()).toBe('recorded');
  expect(handoff.state).toMatchObject({ status: 'dropped', elsewhere: tokyo.lead });
});

test('a running cover ends with its account: it is the owner’s again, nobody is asked for a hand-back, and owner, asker and taker are told', async () => {
  const { cover, tasks, told } = await coverRunning(berlin.manager);
  expect(await tasks()).toEqual([{ kind: 'cover.hand_back', person_id: tokyo.lead }]);
  await closes();
  await cover.replans();
  expect(await cover.fires()).toBe('recorded');
  expect(cover.state.status).toBe('accountClosed');
  expect(await ownerOf(account)).toBe(berlin.lead);
  expect([await tasks(), cover.moments]).toEqual([[], []]);
  expect(await told()).toEqual([
    `${berlin.lead} cover.account_closed_returned`,
    `${berlin.manager} cover.account_closed_returned`,
    `${tokyo.lead} cover.account_closed_returned`,
  ]);
});

test('a running cover of an account that becomes part of another moves nothing: its owner is the other one’s', async () => {
  // The worst case: who covers is who owns the other, so that a return would look right.
  await givenWhole(tokyo.lead);
  const { cover, tasks, told } = await coverRunning();
  await closes(whole);
  expect(await does(cover, { type: 'endEarly', actor: berlin.lead })).toBe('account.closed');
  const replaced = await does(cover, { type: 'replace', person: tokyo.lead, to: berlin.manager });
  expect(replaced).toBe('loop.stale_plan');
  await cover.replans();
  expect(await cover.fires()).toBe('recorded');
  expect(cover.state.status).toBe('accountClosed');
  expect([await ownerOf(account), await ownerOf(whole)]).toEqual([tokyo.lead, tokyo.lead]);
  expect(await tasks()).toEqual([]);
  expect(await told()).toEqual([
    `${berlin.lead} cover.account_merged`,
    `${tokyo.lead} cover.account_merged`,
  ]);
});

test('a cover of a closed account can be taken by nobody, and begins for nobody', async () => {
  const { cover, tasks, told } = await coverAsked();
  await closes();
  expect(await does(cover, { type: 'take', actor: tokyo.lead })).toBe('account.closed');
  expect(await does(cover, { type: 'begin', to: berlin.manager })).toBe('loop.stale_plan');
  await cover.replans();
  expect(await tasks()).toEqual([]);
  expect(await cover.fires()).toBe('recorded');
  expect([cover.state.status, await ownerOf(account)]).toEqual(['accountClosed', berlin.lead]);
  expect(await told()).toEqual([`${berlin.lead} cover.account_closed`]);
});

test('the clock ends a cover with its account only while the account is closed, and only as planned', async () => {
  const { cover } = await coverRunning();
  const close = { type: 'close', to: berlin.lead, into: null } as const;
  expect(await does(cover, close)).toBe('loop.stale_plan');
  await closes();
  expect(await does(cover, { ...close, to: tokyo.backup })).toBe('loop.stale_plan');
  expect(await does(cover, { ...close, to: null })).toBe('loop.stale_plan');
  expect(await does(cover, { ...close, to: null, into: whole })).toBe('loop.stale_plan');
  expect(await does(cover, { type: 'end', to: berlin.lead })).toBe('loop.stale_plan');
  expect(await ownerOf(account)).toBe(tokyo.lead);
  expect(await does(cover, close)).toBe('recorded');
});

test('whoever is away is asked for no cover of an account that has closed', async () => {
  const { db, clock } = recorder;
  const day = (days: number) => new Date(clock.now() + days * dayMs).toISOString().slice(0, 10);
  await db
    .insertInto('absence')
    .values({ id: 'leave', person_id: berlin.lead, first_day: day(3), last_day: day(5) })
    .execute();
  const wanted = async () =>
    (await uncoveredAbsences(db, { today: day(0), until: day(14), limit: 50 })).map(
      (one) => one.account,
    );
  expect(await wanted()).toContain(account);
  await closes();
  expect(await wanted()).not.toContain(account);
});

test('of an account that is part of another nothing is looked ahead for, while the other is', async () => {
  const { db, clock } = recorder;
  await givenWhole(berlin.lead);
  await db
    .updateTable('person')
    .set({ left_at: clock.now() })
    .where('id', '=', berlin.lead)
    .execute();
  const found = async () =>
    (await findAhead(db, { accounts: [account, whole], now: clock.now() })).map(
      (finding) => finding.account,
    );
  expect(new Set(await found())).toEqual(new Set([account, whole]));
  await closes(whole);
  expect(new Set(await found())).toEqual(new Set([whole]));
});
