/** What a quarterly review counts and when it is proposed, from what Postgres holds. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertContent } from '../../db/contents.ts';
import { insertAsked } from '../../db/fairness.ts';
import { countPack } from '../../db/quarterly-pack.ts';
import { convene, reviewed } from '../../db/quarterly-reviews.ts';
import type { ContentId, LoopId, PersonId, RegionId, TeamId } from '../../domain/id.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { account, givenAccount } from '../support/handoff-organisation.ts';
import { givenPractice } from '../support/markets.ts';
import { givenPeople } from '../support/people.ts';
import { undone } from '../support/undone.ts';

const day = 86_400_000;
const ends = Date.parse('2027-04-01T00:00:00Z');
const begins = Date.parse('2027-01-01T00:00:00Z');
const region = 'world' as RegionId;
const people = ['ana', 'ben', 'cleo', 'dan', 'eve', 'fay'] as PersonId[];
const [one, two, three, four, , fay] = people as [
  PersonId,
  PersonId,
  PersonId,
  PersonId,
  PersonId,
  PersonId,
];
const partners = people.map((id) => `partner-of-${id}` as PersonId);
const zone = 'Etc/UTC';
const asked = { kind: 'region' as const, region, team: null, quarter: '2027-Q1', zone, at: ends };
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await givenPeople(
    database.db,
    people.map((id) => ({ id, zone })),
  );
});
afterAll(() => database.drop());

test('the gaps of whoever left before the quarter ended are counted no more; a region that has become part of another has no review', async () => {
  await undone(database.db, async (tx) => {
    for (const person of people) {
      await sql`INSERT INTO competency_gap (id, person_id, competency, target, found_at)
        VALUES (${randomUUID()}, ${person}, 'clinical-fluency', 'advanced', ${ends - 1_000}::timestamptz)`.execute(
        tx,
      );
    }
    const gaps = async (): Promise<unknown> => {
      const figures = await countPack(tx, asked);
      return figures.find(({ sentence }) => sentence.key.endsWith('open_gaps'))?.value;
    };
    expect(await gaps()).toBe(6);
    const leaves = (at: number) =>
      tx.updateTable('person').set({ left_at: at }).where('id', '=', 'fay').execute();
    await leaves(ends + 1_000);
    expect(await gaps()).toBe(6);
    await leaves(ends - 500);
    expect(await gaps()).toBe(5);

    const regions = async () => (await reviewed(tx)).map((one) => one.region);
    await sql`INSERT INTO region (id, name, locale, zone, manager_id, week_id)
      SELECT 'north', 'North', 'en', 'Etc/UTC', manager_id, week_id FROM region`.execute(tx);
    expect(await regions()).toContain('north');
    await sql`UPDATE region SET merged_into = 'world', merged_at = now() WHERE id = 'north'`.execute(
      tx,
    );
    expect(await regions()).not.toContain('north');
  });
});

test('handoffs of a pack are those that the scorecard counts of the region, or of the partner’s team, in that quarter', async () => {
  const { db } = database;
  const team = 'partners' as TeamId;
  await givenAccount(db, { id: account, owner: one, since: begins - 200 * day });
  await undone(db, async (tx) => {
    const packet = randomUUID() as ContentId;
    const text = { id: packet, author: one, kind: 'handoff.packet', body: {}, at: begins };
    await insertContent(tx, text);
    await sql`INSERT INTO team (id, name, kind, region_id)
      VALUES (${team}, 'Partners', 'partner', ${region})`.execute(tx);
    await sql`INSERT INTO person (id, name, email, zone, region_id, team_id)
      SELECT id, id, id || '@example.test', 'Etc/UTC', ${region}, ${team}
      FROM unnest(${partners}::text[]) id`.execute(tx);
    const offers = async (receiver: PersonId, at: number, minutes: number | null) => {
      const id = randomUUID();
      const closed = { closed_at: at + day };
      const loop = { id, loop: 'handoff', account_id: account, ...closed };
      await tx.insertInto('loop_instance').values(loop).execute();
      const read = { accepted_by: receiver, accept_minutes: minutes, first_time: minutes === 30 };
      await tx
        .insertInto('handoff')
        .values({
          id,
          account_id: account,
          giver_id: one,
          receiver_id: receiver,
          status: minutes === null ? 'bounced' : 'transferred',
          severity: 'routine',
          packet_id: packet,
          offered_at: at,
          ...(minutes !== null && read),
          ...closed,
        })
        .execute();
    };
    for (const person of people) await offers(person, begins, 30);
    await offers(two, ends - 1_000, null);
    await offers(three, ends - day, 90);
    for (const at of [begins - 1_000, ends]) await offers(four, at, 999);
    for (const person of partners) await offers(person, begins + day, 60);
    const handoffs = async (of: Partial<Parameters<typeof countPack>[1]>) =>
      (await countPack(tx, { ...asked, ...of }))
        .filter(({ section }) => section === 'handoffs')
        .map(({ value }) => value);
    // Offered, bounced, minutes until they were read back, clear the first time, and overdue.
    expect(await handoffs({})).toEqual([8, 1, 30, 6 / 7, 0]);
    expect(await handoffs({ kind: 'partner', team })).toEqual([6, 0, 60, 0, 0]);
  });
});

test('a partner’s pack says how many practices reached the team in that quarter, and how many it tried', async () => {
  await undone(database.db, async (tx) => {
    const team = 'partners' as TeamId;
    await sql`INSERT INTO team (id, name, kind, region_id)
      VALUES (${team}, 'Partners', 'partner', ${region})`.execute(tx);
    await sql`UPDATE person SET team_id = ${team} WHERE id <> 'fay'`.execute(tx);
    const reaches = async (given: readonly (readonly [who: PersonId, at: number])[]) => {
      const of = { author: fay, publishedAt: begins, countries: ['DE'], isForPartners: true };
      const id = await givenPractice(tx, of);
      for (const [person, at] of given) {
        await sql`INSERT INTO practice_delivery (practice_id, person_id, version, locale, via, at, last_at, content_id)
          SELECT id, ${person}, 1, 'en', 'digest', ${at}::timestamptz, ${at}::timestamptz, content_id
          FROM practice WHERE id = ${id}`.execute(tx);
      }
      return id;
    };
    const tried = await reaches([
      [one, begins],
      [two, ends - 1_000],
    ]);
    await reaches([[three, begins + day]]);
    const later = await reaches([
      [four, ends],
      [one, begins - 1_000],
    ]);
    await reaches([[fay, begins + day]]);
    for (const [practice, person, at] of [
      [tried, one, begins + day],
      [tried, two, begins + day],
      [later, four, ends],
    ] as const) {
      await sql`INSERT INTO practice_verdict (practice_id, person_id, region_id, country, verdict, version, number, at)
        VALUES (${practice}, ${person}, ${region}, 'DE', 'tried', 1, 1, ${at}::timestamptz)`.execute(
        tx,
      );
    }
    const pack = await countPack(tx, { ...asked, kind: 'partner', team });
    const ofTeam = pack.filter(({ section }) => section === 'exchange');
    expect(ofTeam.map(({ sentence: { key }, value }) => [key.split('.').at(-1), value])).toEqual([
      ['received', 2],
      ['tried', 1],
    ]);
  });
});

test('a review is proposed at the hour that costs least, and spares whoever has been asked most outside their hours', async () => {
  await undone(database.db, async (tx) => {
    // Nine to five in Tokyo and at Greenwich have not a minute in common.
    await tx.updateTable('person').set({ zone: 'Asia/Tokyo' }).where('id', '=', one).execute();
    await tx.updateTable('person').set({ manager_id: two }).where('id', '=', three).execute();
    const id = randomUUID() as LoopId;
    await tx.insertInto('loop_instance').values({ id, loop: 'handoff' }).execute();
    const borne = async (person: PersonId, points: number) => {
      const asking = { person, loop: id, sequence: 0, kind: 'handoff.read_back' };
      const at = { at: ends - day, until: ends - day / 2 };
      await insertAsked(tx, [{ ...asking, ...at, outsideMinutes: 60, restMinutes: 0, points }]);
      const convened = await convene(tx, { region, team: null, quarter: '2027-Q1' }, ends);
      const hour = new Date(convened?.slot.from ?? 0).getUTCHours();
      return [convened?.participants, hour < 8 ? 'day in Tokyo' : hour < 17 ? 'day here' : hour];
    };
    expect(await borne(one, 10_000)).toEqual([[one, two], 'day in Tokyo']);
    expect(await borne(two, 50_000)).toEqual([[one, two], 'day here']);
  });
});
