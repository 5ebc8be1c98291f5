/** What a hostile reader of the database makes of a round: every table, the chain of the audit, and what is left of too few. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loops } from '../../activities/loops.ts';
import { createRecord } from '../../activities/record.ts';
import { verifyAudit } from '../../db/audit.ts';
import { type Answer, stageAnswers } from '../../db/feedback.ts';
import { roundRules } from '../../domain/feedback-round/decide.ts';
import type { PersonId } from '../../domain/id.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { answers } from '../support/feedback-story.ts';
import { givenPeople, person } from '../support/people.ts';
import { recordedLoop } from '../support/recorded-loop.ts';
import { storyClock } from '../support/story-clock.ts';
import { dumpOf, withoutNames } from '../support/told-nowhere.ts';

const day = 86_400_000;
const words = 'Sie fragt zuerst, wie andere arbeiten.';
const manager = person('boss');
const subject = person('one');
const peers = ['a', 'b', 'c', 'd'].map(person);
// A Monday, at nine.
const clock = storyClock(Date.UTC(2027, 0, 11, 9));
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  const zone = 'Etc/UTC';
  await givenPeople(database.db, [
    { id: manager, zone },
    ...[subject, ...peers].map((id) => ({ id, zone, manager })),
  ]);
});
afterAll(() => database.drop());

type Said = readonly (readonly [who: PersonId, given: readonly Answer[]])[];

/** Everybody has been asked; in four weeks, when nobody has been asked too much. */
async function asked() {
  const { db } = database;
  clock.moveTo(clock.now() + 28 * day);
  const record = createRecord({ db, clock, loops, startDeliveries: () => undefined });
  const round = recordedLoop({ record, clock }, roundRules);
  const nominees = peers.map((one) => ({ person: one, group: 'peers' as const }));
  const closesAt = clock.now() + 21 * day;
  const steps = [
    { type: 'start', actor: manager, subject, manager, closesAt },
    { type: 'nominate', actor: subject, nominees },
    { type: 'release', actor: manager, nominees },
    ...[subject, manager, ...peers].map((who) => ({ type: 'ask', person: who }) as const),
  ] as const;
  for (const step of steps) expect(await round.does(step)).toBe('recorded');
  const hears = async (said: Said): Promise<void> => {
    for (const [actor, given] of said) {
      const ticket = randomUUID();
      await stageAnswers(db, { ticket, round: round.id, answers: given });
      expect(await round.does({ type: 'answer', actor, ticket })).toBe('recorded');
    }
  };
  const kept = async () =>
    (await sql`SELECT FROM feedback_answer WHERE round_id = ${round.id}`.execute(db)).rows.length;
  const ends = async (): Promise<void> => {
    clock.moveTo(closesAt);
    expect(await round.does({ type: 'close' })).toBe('recorded');
  };
  return { round, hears, kept, ends };
}

const [a, b, c] = peers as [PersonId, PersonId, PersonId];

test('audit chain: what an answer leaves in the record is that somebody answered, and it holds whatever they said', async () => {
  const { db } = database;
  const { round, hears, ends } = await asked();
  await hears([
    [a, answers(1, words)],
    [b, answers(3)],
  ]);
  const { rows } = await sql<{ actor: string; events: object; contents: string[]; state: object }>`
    SELECT actor_id AS actor, events, contents, state->'state' AS state FROM transition
    WHERE loop_id = ${round.id} AND command_type = 'answer' ORDER BY sequence`.execute(db);
  expect(rows.map(({ actor, events, contents }) => ({ actor, events, contents }))).toEqual(
    [a, b].map((actor) => ({ actor, events: [{ type: 'answered', by: actor }], contents: [] })),
  );
  // A state says of each rater what it says of the other.
  const raterIn = (state: object, who: PersonId) => {
    const { raters } = state as { raters: { person: string; askedAt: number }[] };
    return { ...raters.find(({ person: one }) => one === who), person: null, askedAt: 0 };
  };
  expect(raterIn(rows[1]!.state, a)).toEqual(raterIn(rows[1]!.state, b));
  // Of the answers it holds nothing: it fits with and without them.
  const fits = async () => (await verifyAudit(db)).firstBreak;
  expect(await fits()).toBeNull();
  await ends();
  await sql`DELETE FROM feedback_answer`.execute(db);
  expect(await fits()).toBeNull();
});

test('a dump of every table is the same of two rounds in which two of those who answer said what the other does', async () => {
  const { db } = database;
  const dumps: (readonly string[])[] = [];
  for (const [first, second] of [
    [answers(1, words), answers(3)],
    [answers(3), answers(1, words)],
  ] as const) {
    const { hears, ends } = await asked();
    const before = new Set((await dumpOf(db)).map(({ table, row }) => `${table} ${row}`));
    await hears([
      [a, first],
      [b, second],
      [c, answers(2)],
    ]);
    const kept = (await dumpOf(db)).filter(({ table, row }) => !before.has(`${table} ${row}`));
    const named = kept.filter(({ table }) => table === 'feedback_answer');
    const elsewhere = kept.filter(({ table }) => table !== 'feedback_answer');
    expect([named.length, elsewhere.length > 5]).toEqual([6, true]);
    // No other table leads to a row of them, or holds a word of it.
    const pseudonyms = named.map(({ row }) => String(JSON.parse(row).pseudonym));
    const leads = elsewhere.filter(({ row }) =>
      [words, ...pseudonyms].some((one) => row.includes(one)),
    );
    expect(leads).toEqual([]);
    dumps.push(withoutNames(kept));
    await ends();
  }
  expect(dumps[0]).toEqual(dumps[1]);
});

test('small groups: what so few said that nothing is shown of it goes with the round, since the record tells who they were', async () => {
  const few = await asked();
  await few.hears([
    [manager, answers(3)],
    [a, answers(1, words)],
    [b, answers(2)],
  ]);
  expect(await few.kept()).toBe(6);
  await few.ends();
  expect(await few.kept()).toBe(0);

  const three = [a, b, c].map((who) => [who, answers(2)] as const);
  const ended = await asked();
  await ended.hears(three);
  expect(await ended.round.does({ type: 'cancel', actor: manager })).toBe('recorded');
  expect(await ended.kept()).toBe(0);

  const enough = await asked();
  await enough.hears(three);
  await enough.ends();
  expect(await enough.kept()).toBe(6);
});
