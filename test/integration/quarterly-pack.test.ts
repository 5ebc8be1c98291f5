/** What a quarterly review counts, from what Postgres holds. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { countPack } from '../../db/quarterly-pack.ts';
import { reviewed } from '../../db/quarterly-reviews.ts';
import type { PersonId, RegionId } from '../../domain/id.ts';
import { testDatabase } from '../support/database.ts';
import { givenPeople } from '../support/people.ts';
import { undone } from '../support/undone.ts';

const ends = Date.parse('2027-04-01T00:00:00Z');
const region = 'world' as RegionId;
const people = ['ana', 'ben', 'cleo', 'dan', 'eve', 'fay'] as PersonId[];

test('the gaps of whoever left before the quarter ended are counted no more; a region that has become part of another has no review', async () => {
  const database = await testDatabase();
  const { db } = database;
  const zone = 'Etc/UTC';
  await givenPeople(
    db,
    people.map((id) => ({ id, zone })),
  );
  await undone(db, async (tx) => {
    for (const person of people) {
      await sql`INSERT INTO competency_gap (id, person_id, competency, target, found_at)
        VALUES (${randomUUID()}, ${person}, 'clinical-fluency', 'advanced', ${ends - 1_000}::timestamptz)`.execute(
        tx,
      );
    }
    const asked = { kind: 'region' as const, region, team: null, quarter: '2027-Q1', zone };
    const gaps = async (): Promise<unknown> => {
      const figures = await countPack(tx, { ...asked, at: ends });
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
  await database.drop();
});
