import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Change } from '../../domain/change/change.ts';
import {
  acceptance,
  account,
  admin,
  berlin,
  type ChangeStory,
  changeStory,
  dealer,
  dissolve,
  lost,
  merge,
  partnerEnds,
  policy,
  region,
  tokyo,
} from '../support/change-story.ts';
import { offer } from '../support/api.ts';
import { lackingIn } from '../support/catalogue.ts';
import { directoryFacts, movesBetween } from '../support/directory-moves.ts';
import { givenAccount, operator } from '../support/handoff-organisation.ts';
import type { AccountId } from '../../domain/id.ts';

const dayMs = 86_400_000;
let story: ChangeStory;
const freshStory = (): void => {
  beforeAll(async () => {
    story = await changeStory();
  });
  afterAll(() => story.drop());
};

const firstOf = '2026-12-01';
const arrives = (day: string) => story.clock.moveTo(Date.parse(`${day}T00:00:00Z`));
const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);
const tomorrow = () => dayOf(story.clock.now() + dayMs);

const notices = () =>
  story.db
    .selectFrom('notice')
    .select(['id', 'recipient_id', 'key', 'params'])
    .where('key', 'like', 'change.%')
    .orderBy('send_at')
    .execute();
type Told = Awaited<ReturnType<typeof notices>>;
const toldSince = async (before: Told): Promise<Told> =>
  (await notices()).filter(({ id }) => !before.some((one) => one.id === id));
const toldAs = (told: { recipient_id: string; key: string }) => `${told.recipient_id} ${told.key}`;

async function touchedLoops(change: string): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT l.loop_id AS id FROM calendar_change_loop l
    JOIN directory_change c ON c.calendar_change_id = l.change_id WHERE c.id = ${change} ORDER BY 1`.execute(
    story.db,
  );
  return rows.map(({ id }) => id);
}

/** Of an office and a policy, what was and is there says what moved; the rest says it plainly. */
const comparable = (move: { what: string; id: string; from: string | null; to: string | null }) =>
  ['office', 'delegation.ends', 'policy', 'person.leaves', 'account.closes'].includes(move.what)
    ? `${move.what} ${move.id}`
    : `${move.what} ${move.id} ${move.from} ${move.to}`;

/** One after the other, each a day later, on what the ones before have left. */
const inTurn: readonly (readonly [what: string, change: Change, moves: number])[] = [
  ['a policy has another value', acceptance, 1],
  ['a clearance is lost in one of the countries of an account', lost(['DE']), 0],
  ['a clearance is lost in the last of them', lost(['JP']), 2],
  ['a team is dissolved and its people leave', partnerEnds, 6],
  ['regions merge, and offices end', { ...merge, offices: 'end' }, 16],
  ['regions merge, and offices move', { ...merge, region: region('iberia') }, 2],
  ['a team is dissolved into another', dissolve, 11],
  ['an account closes', { kind: 'account_closed', account, into: null }, 1],
];

describe('one change after the other', () => {
  freshStory();

  test('a change of each kind does on its day exactly what was previewed', async () => {
    await story.offered();
    await sql`INSERT INTO person_role VALUES ('tokyo-lead', 'compliance', 'iberia')`.execute(
      story.db,
    );
    const theirs = { id: 'dealers' as AccountId, owner: dealer.lead, since: story.clock.now() };
    await givenAccount(story.db, theirs);
    for (const [index, [what, change, moves]] of inTurn.entries()) {
      const day = `2026-12-0${index + 1}`;
      const { plan } = await story.previewed(change, day);
      const { id, at } = await story.scheduled(change, day);
      const [before, toldBefore] = [await directoryFacts(story.db), await notices()];
      story.clock.moveTo(Date.parse(at));
      expect([what, await story.applyDue()]).toEqual([what, { applied: 1, refused: 0 }]);
      const seen = movesBetween(before, await directoryFacts(story.db));
      expect([what, plan?.moves.length]).toEqual([what, moves]);
      expect([what, ...seen.map(comparable).toSorted()]).toEqual([
        what,
        ...(plan?.moves.map(comparable).toSorted() ?? []),
      ]);
      const told = await toldSince(toldBefore);
      const heirs = plan?.moves.filter((move) => move.what === 'account.owner') ?? [];
      expect([what, ...told.map(toldAs).toSorted()]).toEqual([
        what,
        ...[
          ...(plan?.told.map(({ person, key }) => `${person} ${key}`) ?? []),
          ...heirs.map(({ to }) => `${to} change.account_left`),
        ].toSorted(),
      ]);
      expect([what, ...(await touchedLoops(id))]).toEqual([
        what,
        ...(plan?.loops.map((loop) => loop.id) ?? []),
      ]);
      const { json } = await story.ask(`/changes/${id}`, { as: admin });
      expect(json).toMatchObject({ status: 'applied', plan: { moves: plan?.moves } });
      const lacking = told.flatMap(({ key, params }) =>
        ['subject', 'body'].flatMap((part) => lackingIn(`${key}.${part}`, params as never)),
      );
      expect(lacking).toEqual([]);
    }
  });
});

describe('a day comes', () => {
  freshStory();

  test('an account that keeps a country keeps the product until the last one is lost', async () => {
    const products = async () =>
      (
        await story.db
          .selectFrom('account')
          .select('products')
          .where('id', '=', account)
          .executeTakeFirstOrThrow()
      ).products;
    await story.scheduled(lost(['DE']), '2026-11-23');
    await story.applyDue();
    expect(await products()).toEqual(['stent']);
    story.clock.moveTo(story.clock.now() + dayMs);
    await story.scheduled(lost(['JP']), '2026-11-24');
    await story.applyDue();
    expect(await products()).toEqual([]);
  });
  test('a product without its clearance is a red flag in what is written from then on', async () => {
    const packet = { ...offer(account, tokyo.lead), summary: 'They ask for a second stent.' };
    const before = await story.post('/handoffs/preview', packet, berlin.lead);
    expect(before.json).toMatchObject({ redFlags: [] });
    await sql`UPDATE region SET country = 'DE' WHERE id = 'world'`.execute(story.db);
    const again = await story.post('/handoffs/preview', packet, berlin.lead);
    expect(again.json).toMatchObject({ redFlags: [{ code: 'off_label', place: 'summary' }] });
  });

  test('it counts from the first minute of the day where it is, and not a moment earlier', async () => {
    const paris = { ...merge, region: region('europe'), into: region('iberia') };
    const { at } = await story.scheduled(paris, firstOf);
    expect(at).toBe('2026-11-30T23:00:00.000Z');
    story.clock.moveTo(Date.parse(at) - 1);
    expect(await story.applyDue()).toEqual({ applied: 0, refused: 0 });
    story.clock.moveTo(Date.parse(at));
    expect(await story.applyDue()).toEqual({ applied: 1, refused: 0 });
  });

  test('the directory of before can be asked for, day by day, without names', async () => {
    await story.scheduled({ ...merge, into: region('iberia') }, firstOf);
    arrives(firstOf);
    await story.applyDue();
    const placeOn = async (day: string) => {
      const answer = await story.ask(`/directory/as-of?noun=person&day=${day}`, { as: operator });
      const { items } = answer.json as { items: { id: string; value: Record<string, unknown> }[] };
      return items.find(({ id }) => id === berlin.lead)?.value;
    };
    expect(await placeOn('2026-11-30')).toMatchObject({ region_id: 'world' });
    expect(await placeOn('2026-12-01')).toMatchObject({ region_id: 'iberia' });
    expect(Object.keys((await placeOn('2026-11-30')) ?? {})).not.toContain('name');
    expect(Object.keys((await placeOn('2026-12-01')) ?? {})).not.toContain('email');
  });

  test('once it has been made: a region merges once', async () => {
    expect((await story.schedule(merge, '2026-12-02')).problem.code).toBe('change.gone');
    expect(
      (
        await story.schedule(
          { ...merge, region: region('iberia'), into: region('europe') },
          '2026-12-02',
        )
      ).problem.code,
    ).toBe('change.gone');
  });
});

describe('a change is settled once', () => {
  freshStory();

  test('a change settles once, however many make it at the same moment', async () => {
    const { id } = await story.scheduled(partnerEnds, tomorrow());
    const before = await notices();
    story.clock.moveTo(story.clock.now() + dayMs);
    const outcomes = await Promise.all([1, 2, 3].map(() => story.apply(id)));
    expect(outcomes.filter((outcome) => outcome !== null)).toEqual(['applied']);
    expect(await notices()).toHaveLength(before.length + 2);
  });

  test('of a change that is cancelled while it is made, exactly one wins', async () => {
    const cancelled: boolean[] = [];
    for (const round of Array.from({ length: 12 }, (_, index) => index)) {
      const { id } = await story.scheduled(
        policy('alert.minutes', round + 1),
        `2026-12-${10 + round}`,
      );
      const cancel = () => story.post(`/changes/${id}/cancel`, {});
      const apply = () => story.apply(id);
      const [a, b] = round % 2 === 0 ? [cancel(), apply()] : [apply(), cancel()];
      const answers = await Promise.all([a, b]);
      const answer = answers.find((one) => typeof one === 'object' && one !== null);
      const outcome = answers.find((one) => typeof one === 'string' || one === null);
      const isCancelled = (answer as { status: number }).status === 200;
      expect([isCancelled, outcome]).toEqual(isCancelled ? [true, null] : [false, 'applied']);
      expect(await story.statusOf(id)).toBe(isCancelled ? 'cancelled' : 'applied');
      cancelled.push(isCancelled);
    }
    expect(cancelled).toHaveLength(12);
  });

  test('a change that was settled is never written again', async () => {
    const { id } = await story.scheduled(acceptance, tomorrow());
    await story.post(`/changes/${id}/cancel`, {});
    const again = sql`UPDATE directory_change SET status = 'scheduled' WHERE id = ${id}`;
    await expect(again.execute(story.db)).rejects.toThrow('is settled');
    story.clock.moveTo(story.clock.now() + dayMs);
    expect(await story.applyDue()).toEqual({ applied: 0, refused: 0 });
  });

  test('repeats a request plans one change, and cancels it once', async () => {
    const body = { from: firstOf, change: policy('alert.minutes') };
    const answers = await Promise.all(
      [1, 2].map(() => story.post('/changes', body, admin, 'same-key-1')),
    );
    expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThan(0);
    const { id } = await story.db
      .selectFrom('directory_change')
      .select('id')
      .where('status', '=', 'scheduled')
      .executeTakeFirstOrThrow();
    expect((await story.post(`/changes/${id}/cancel`, {})).status).toBe(200);
    expect((await story.post(`/changes/${id}/cancel`, {})).status).toBe(200);
    expect((await story.ask('/changes', { as: admin })).json).toMatchObject({
      items: expect.arrayContaining([
        expect.objectContaining({ id, status: 'cancelled', cancelledBy: admin }),
      ]),
    });
    const unknown = '00000000-0000-4000-8000-000000000000';
    expect((await story.post(`/changes/${unknown}/cancel`, {})).status).toBe(404);
  });
  test('whom a change concerns is told when it is planned and when it is called off, with its day', async () => {
    const { plan } = await story.previewed(merge, firstOf);
    const before = await notices();
    const { id } = await story.scheduled(merge, firstOf);
    const planned = await toldSince(before);
    const others = plan?.told.map(({ person }) => person).filter((person) => person !== admin);
    expect(planned.map(toldAs).toSorted()).toEqual(others?.map((one) => `${one} change.planned`));
    expect(planned.length).toBeGreaterThan(3);
    const [first] = planned;
    expect(first?.params).toMatchObject({
      day: { day: firstOf },
      person: { person: admin },
      change: { sentence: 'change.what.region_merged', params: { into: { region: 'europe' } } },
    });
    const left = planned[0]?.recipient_id ?? '';
    await sql`UPDATE person SET left_at = now() WHERE id = ${left}`.execute(story.db);
    await Promise.all([1, 2].map(() => story.post(`/changes/${id}/cancel`, {})));
    const called = await toldSince([...before, ...planned]);
    expect(called.map(toldAs).toSorted()).toEqual(
      others?.filter((one) => one !== left).map((one) => `${one} change.called_off`),
    );
    await sql`UPDATE person SET left_at = NULL WHERE id = ${left}`.execute(story.db);
    const lacking = [first, called[0]].flatMap((one) =>
      ['subject', 'body'].flatMap((part) =>
        lackingIn(`${one?.key}.${part}`, (one?.params ?? {}) as never),
      ),
    );
    expect(lacking).toEqual([]);
  });

  test('an account confirmed to somebody while it becomes part of another is in the end that one’s owner’s', async () => {
    const since = story.clock.now() - 1_000;
    for (const round of [0, 1, 2, 3]) {
      const [part, into] = [`part-${round}`, `into-${round}`] as AccountId[];
      await givenAccount(story.db, { id: part!, owner: berlin.lead, since });
      await givenAccount(story.db, { id: into!, owner: tokyo.backup, since });
      const handoff = await story.offered({ account: part! });
      const content = await story.write('handoff.synthesis', tokyo.lead);
      await handoff.does({ type: 'readBack', actor: tokyo.lead, content });
      const change: Change = { kind: 'account_closed', account: part!, into: into! };
      const { id } = await story.scheduled(change, dayOf(story.clock.now()));
      const confirm = () => handoff.does({ type: 'confirm', actor: berlin.lead });
      const apply = () => story.apply(id);
      const [answers] = await Promise.all(
        round % 2 === 0 ? [confirm(), apply()] : [apply(), confirm()],
      );
      expect(['recorded', 'applied', 'account.closed']).toContain(answers);
      // Whatever came first: a change that had to give way is made with the next run.
      await apply();
      expect(await story.statusOf(id)).toBe('applied');
      const owners = await sql<{ account_id: string; owner_id: string }>`
        SELECT account_id, owner_id FROM custody
        WHERE account_id IN (${part}, ${into}) AND upper_inf(period)`.execute(story.db);
      expect(owners.rows.map((row) => row.owner_id)).toEqual([tokyo.backup, tokyo.backup]);
      expect(await handoff.does({ type: 'confirm', actor: berlin.lead })).not.toBe('recorded');
    }
  });

  test('what is made today is told once, when it is made', async () => {
    const before = await notices();
    await story.scheduled(policy('alert.minutes'), dayOf(story.clock.now()));
    expect(await toldSince(before)).toEqual([]);
    await story.applyDue();
    const told = (await toldSince(before)).map(({ key }) => key);
    expect(new Set(told)).toEqual(new Set(['change.policy_changed_everywhere']));
  });

  test('what cannot be made any more on its day changes nothing, and whoever planned it is told', async () => {
    const { id } = await story.scheduled(dissolve, firstOf);
    await sql`UPDATE team SET dissolved_at = now() WHERE id = 'other'`.execute(story.db);
    const before = await directoryFacts(story.db);
    const toldBefore = await notices();
    arrives(firstOf);
    expect(await story.applyDue()).toEqual({ applied: 0, refused: 1 });
    expect(movesBetween(before, await directoryFacts(story.db))).toEqual([]);
    const told = (await toldSince(toldBefore)).map(toldAs);
    expect(told.filter((one) => one.endsWith('change.refused'))).toEqual(['admin change.refused']);
    // Whoever heard that it is planned hears that it is not made.
    const { told: planned } = await story.db
      .selectFrom('directory_change')
      .select('told')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    expect(planned.length).toBeGreaterThan(3);
    expect(told.filter((one) => one.endsWith('change.called_off')).toSorted()).toEqual(
      planned.map((person) => `${person} change.called_off`).toSorted(),
    );
    const { json } = await story.ask(`/changes/${id}`, { as: admin });
    expect(json).toMatchObject({ status: 'refused', refusals: [{ code: 'change.gone' }] });
    expect(await story.applyDue()).toEqual({ applied: 0, refused: 0 });
  });
});
