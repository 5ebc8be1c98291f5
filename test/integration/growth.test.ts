/** What Postgres reckons of growth is what the rules say. */
import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openGapsOf } from '../../db/competency-gaps.ts';
import { keepRatings, ratingsOf } from '../../db/competency-ratings.ts';
import { insertContent } from '../../db/contents.ts';
import { findTargets } from '../../db/target-profiles.ts';
import type { ContentId, RegionId } from '../../domain/id.ts';
import { competencies } from '../../domain/people/competency.ts';
import { competencyLevels, type CompetencyLevel } from '../../domain/people/competency-level.ts';
import { type ProfileLine, targetsOf } from '../../domain/people/target-profile.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
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
    ['advanced', { text: 'seen at work: advanced' }],
    ['beginner', { text: 'seen at work: beginner' }],
  ]);
});
