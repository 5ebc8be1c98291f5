/** What Postgres reckons of growth is what the rules say. */
import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openGapsOf } from '../../db/competency-gaps.ts';
import { keepRatings, ratingsOf } from '../../db/competency-ratings.ts';
import { insertContent } from '../../db/contents.ts';
import { currentMap } from '../../db/competency-map.ts';
import { findTargets } from '../../db/target-profiles.ts';
import type { ContentId, RegionId } from '../../domain/id.ts';
import { competencies } from '../../domain/people/competency.ts';
import { competencyLevels, type CompetencyLevel } from '../../domain/people/competency-level.ts';
import { type ProfileLine, targetsOf } from '../../domain/people/target-profile.ts';
import { wholeMap } from '../support/competency-map.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { put } from '../support/directory-file.ts';
import { importStory } from '../support/import-story.ts';
import { givenPeople, person } from '../support/people.ts';
import { proofSize } from '../support/proof.ts';

let database: TestDatabase;
const zone = 'Europe/Berlin';
const lead = person('munich-lead');
const manager = person('munich-manager');
const roles = ['account-lead', 'duty'] as const;

beforeAll(async () => {
  database = await testDatabase();
  await givenPeople(database.db, [
    { id: manager, zone },
    { id: lead, zone, manager, roles: [...roles] },
  ]);
});
afterAll(() => database.drop());

test('the targets of somebody are those of the rule, whatever profiles there are', async () => {
  const { db } = database;
  const { region_id: home } = await db
    .selectFrom('person')
    .select('region_id')
    .where('id', '=', lead)
    .executeTakeFirstOrThrow();
  const line = fc.record({
    role: fc.constantFrom<ProfileLine['role']>('member', 'account-lead', 'duty', 'compliance'),
    region: fc.constantFrom(null, home as RegionId),
    validFrom: fc.constantFrom('2026-01-01', '2026-07-01', '2027-01-01'),
    competency: fc.constantFrom(...competencies.slice(0, 3)),
    level: fc.constantFrom(...competencyLevels),
  });
  const profiles = fc.uniqueArray(line, {
    maxLength: 25,
    selector: (one) => Object.values({ ...one, level: '' }).join(),
  });
  const property = fc.asyncProperty(profiles, async (lines) => {
    await db.deleteFrom('target_profile').execute();
    const rows = lines.map(({ region, validFrom, ...rest }) => ({
      ...rest,
      region_id: region,
      valid_from: validFrom,
    }));
    if (rows.length > 0) await db.insertInto('target_profile').values(rows).execute();
    for (const day of ['2025-12-31', '2026-06-30', '2026-07-01', '2027-03-01']) {
      const expected = targetsOf(lines, { roles, region: home as RegionId, day });
      expect(await findTargets(db, { person: lead, day })).toEqual(expected);
    }
  });
  await fc.assert(property, { numRuns: proofSize(25, 1_000) });
});

test('a rating that reaches the target closes the gap; one that does not is what the gap says', async () => {
  const { db } = database;
  const gap = { id: randomUUID(), person_id: lead, found_at: 1 };
  await db
    .insertInto('competency_gap')
    .values({ ...gap, competency: 'clinical-fluency', level: null, target: 'intermediate' })
    .execute();
  let at = 0;
  const rate = async (level: CompetencyLevel): Promise<void> => {
    const evidence = randomUUID() as ContentId;
    at += 86_400_000;
    const body = { text: `seen at work: ${level}` };
    await insertContent(db, { id: evidence, author: manager, kind: 'rating.evidence', body, at });
    const rating = {
      id: randomUUID(),
      person: lead,
      competency: 'clinical-fluency',
      level,
      by: manager,
      at,
      evidence,
      evidenceKind: 'observation' as const,
      mapVersion: 1,
      loop: null,
    };
    await db.transaction().execute((tx) => keepRatings(tx, [rating]));
  };
  await rate('beginner');
  expect(await openGapsOf(db, lead)).toMatchObject([{ level: 'beginner', target: 'intermediate' }]);
  await rate('advanced');
  expect(await openGapsOf(db, lead)).toEqual([]);
  expect((await ratingsOf(db, lead)).map(({ level, evidence }) => [level, evidence])).toEqual([
    ['advanced', 'seen at work: advanced'],
    ['beginner', 'seen at work: beginner'],
  ]);
});

test('a version of the map written anew is another one, and the former is there for what goes by it', async () => {
  const story = await importStory(Date.UTC(2026, 10, 23));
  try {
    const imports = async (descriptors: readonly object[] | undefined): Promise<unknown> => {
      story.clock.at += 60_000;
      const answer = await story.importFile((file) => put(file, { descriptors }));
      return answer.ok ? answer.changes.descriptors : answer.errors;
    };
    const nothing = { added: 0, changed: 0, removed: 0 };
    const current = (day: string): Promise<number> => currentMap(story.db, day);
    expect(await current('2027-06-01')).toBe(1);
    expect(await imports(wholeMap('2027-01-01', 'first'))).toEqual({ ...nothing, added: 1 });
    const first = await current('2027-06-01');
    expect([await current('2026-12-31'), first > 1]).toEqual([1, true]);
    expect(await imports(wholeMap('2027-01-01', 'first'))).toEqual(nothing);
    expect(await imports(undefined)).toEqual(nothing);
    // One text too few: nothing of the file is imported.
    expect(await imports(wholeMap('2027-01-01', 'spoiled').slice(1))).toMatchObject([
      { code: 'descriptor_missing' },
    ]);
    expect(await current('2027-06-01')).toBe(first);
    expect(await imports(wholeMap('2027-01-01', 'second'))).toEqual({ ...nothing, changed: 1 });
    expect(await current('2027-06-01')).toBeGreaterThan(first);
    const kept = await story.sql`SELECT text FROM competency_descriptor
      WHERE map_version = ${first} AND text LIKE 'first%'`;
    expect(kept).toHaveLength(27);
    await expect(story.sql`UPDATE competency_descriptor SET text = 'x'`).rejects.toThrow();
    expect(await imports([])).toEqual({ ...nothing, removed: 1 });
    expect(await current('2027-06-01')).toBe(1);
  } finally {
    await story.drop();
  }
});
