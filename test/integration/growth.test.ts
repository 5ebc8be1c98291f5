/** What Postgres reckons of growth is what the rules say. */
import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadActors } from '../../db/actors.ts';
import { openGapsOf } from '../../db/competency-gaps.ts';
import { keepRatings, ratingsOf } from '../../db/competency-ratings.ts';
import { insertContent } from '../../db/contents.ts';
import { currentMap } from '../../db/competency-map.ts';
import { asksOf, keepAsk } from '../../db/feedback.ts';
import { erasePerson } from '../../db/erase-person.ts';
import { listTasks } from '../../db/tasks.ts';
import { findTargets } from '../../db/target-profiles.ts';
import { findGaps, ratersToAsk, regionsToAudit } from '../../db/skill-audits.ts';
import { roundRules } from '../../domain/feedback-round/decide.ts';
import type { ContentId, LoopId, PersonId, RegionId } from '../../domain/id.ts';
import { competencies } from '../../domain/people/competency.ts';
import { gapsOf, type Levels } from '../../domain/people/competency-gap.ts';
import { competencyLevels, type CompetencyLevel } from '../../domain/people/competency-level.ts';
import { type ProfileLine, targetsOf } from '../../domain/people/target-profile.ts';
import { wholeMap } from '../support/competency-map.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { put } from '../support/directory-file.ts';
import { importStory } from '../support/import-story.ts';
import { givenPeople, person } from '../support/people.ts';
import { openInRecord, takeInRecord } from '../support/open-in-record.ts';
import { untilSomebodyWaits } from '../support/lock.ts';
import { proofSeed, proofSize } from '../support/proof.ts';

let database: TestDatabase;
const zone = 'Europe/Berlin';
const lead = person('munich-lead');
const manager = person('munich-manager');
const roles = ['account-lead', 'duty'] as const;

const levelsOfAny = fc.dictionary(
  fc.constantFrom(...competencies.slice(0, 4)),
  fc.constantFrom(...competencyLevels),
) as fc.Arbitrary<Levels>;

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
  await fc.assert(property, { numRuns: proofSize(25, 1_000), seed: proofSeed });
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

test('whoever stands in a circle rates the other, and nobody is left to rate themselves', async () => {
  const other = await testDatabase();
  try {
    const { db } = other;
    const [one, two, owner] = ['one', 'two', 'owner'].map(person) as [PersonId, PersonId, PersonId];
    await givenPeople(db, [
      { id: owner, zone },
      { id: one, zone, manager: two },
      { id: two, zone, manager: one },
    ]);
    const target = { role: 'member', valid_from: '2020-01-01', level: 'advanced' };
    await db
      .insertInto('target_profile')
      .values({ ...target, competency: 'clinical-fluency' })
      .execute();
    const place = { region: 'world' as RegionId, owner, day: '2027-01-11' };
    // The owner stands above nobody and below nobody: nobody rates them.
    expect(await ratersToAsk(db, place)).toEqual([
      { person: one, people: 1 },
      { person: two, people: 1 },
    ]);
    await db.updateTable('person').set({ left_at: 1 }).where('id', '=', two).execute();
    expect(await ratersToAsk(db, place)).toEqual([{ person: owner, people: 1 }]);
  } finally {
    await other.drop();
  }
});

test('of three rounds that ask the same person at once two are heard, and the third waits', async () => {
  const other = await testDatabase();
  const watch = postgres(other.url, { max: 1, onnotice: () => undefined });
  try {
    const { db } = other;
    const at = Date.UTC(2027, 0, 11, 9);
    const stage = { db, clock: { now: () => at } };
    const [boss, ...others] = ['boss', 'one', 'two', 'three', 'a', 'b', 'c'].map(person);
    const actor = boss as PersonId;
    const subjects = others.slice(0, 3);
    const nominees = others.slice(3).map((who) => ({ person: who, group: 'peers' as const }));
    await givenPeople(db, [
      { id: actor, zone },
      ...others.map((id) => ({ id, zone, manager: actor })),
    ]);
    const rounds: LoopId[] = [];
    for (const subject of subjects) {
      const closesAt = at + 20 * 86_400_000;
      const start = { type: 'start', actor, subject, manager: actor, closesAt } as const;
      const id = await openInRecord(stage, roundRules, start);
      await takeInRecord(stage, roundRules, id, { type: 'nominate', actor: subject, nominees });
      await takeInRecord(stage, roundRules, id, { type: 'release', actor, nominees });
      rounds.push(id);
    }
    const ask = { type: 'ask', person: nominees[0]!.person } as const;
    const heard = await Promise.all(rounds.map((id) => takeInRecord(stage, roundRules, id, ask)));
    expect(heard.filter((code) => code === null)).toHaveLength(2);
    expect(heard).toContain('loop.stale_plan');
    const kept = await db.selectFrom('feedback_ask').select('person_id').execute();
    expect(kept).toHaveLength(2);
    // Each looks only once the other is done: neither asks by what was so before.
    const who = nominees[1]!.person;
    const turns: number[] = [];
    let next: Promise<void> | undefined;
    await db.transaction().execute(async (tx) => {
      await asksOf(tx, who);
      next = db.transaction().execute(async (later) => {
        turns.push((await asksOf(later, who)).length);
      });
      await untilSomebodyWaits(watch);
      await keepAsk(tx, { round: rounds[0]!, person: who, at });
    });
    await next;
    expect(turns).toEqual([1]);
  } finally {
    await watch.end();
    await other.drop();
  }
});

test('of a round nobody above those who are asked, and no office, reads who has yet to answer, and no webhook tells of it', async () => {
  const other = await testDatabase();
  try {
    const { db } = other;
    const at = Date.UTC(2027, 0, 11, 9);
    const stage = { db, clock: { now: () => at } };
    const [boss, subject, office, a, b, c] = ['boss', 'one', 'office', 'a', 'b', 'c'].map(
      person,
    ) as [PersonId, PersonId, PersonId, PersonId, PersonId, PersonId];
    const nominees = [a, b, c].map((who) => ({ person: who, group: 'peers' as const }));
    await givenPeople(db, [
      { id: boss, zone },
      { id: office, zone, roles: ['admin', 'operator', 'regional-manager'] },
      ...[subject, a, b, c].map((id) => ({ id, zone, manager: boss })),
    ]);
    await db
      .insertInto('webhook_endpoint')
      .values({
        id: randomUUID(),
        url: 'https://hooks.example.test/',
        secret: 'whsec_c2VjcmV0',
        event_types: [],
        owner_id: boss,
        created_at: at,
      })
      .execute();
    const closesAt = at + 20 * 86_400_000;
    const start = { type: 'start', actor: boss, subject, manager: boss, closesAt } as const;
    const id = await openInRecord(stage, roundRules, start);
    await takeInRecord(stage, roundRules, id, { type: 'nominate', actor: subject, nominees });
    await takeInRecord(stage, roundRules, id, { type: 'release', actor: boss, nominees });
    const kindsFor = async (who: PersonId, people?: readonly PersonId[]) => {
      const actor = (await loadActors(db, [who], at)).get(who)!;
      const rows = await listTasks(db, actor, { after: null, limit: 100, people });
      return rows.map(({ kind, person: asked }) => `${asked.id} ${kind}`);
    };
    for (const who of [a, b]) {
      expect(await takeInRecord(stage, roundRules, id, { type: 'ask', person: who })).toBeNull();
    }
    expect(await takeInRecord(stage, roundRules, id, { type: 'decline', actor: a })).toBeNull();
    expect(await kindsFor(b)).toEqual([`${b} feedback.give`]);
    for (const who of [boss, office, subject]) {
      expect([who, await kindsFor(who), await kindsFor(who, [b])]).toEqual([who, [], []]);
    }
    const told = await db.selectFrom('webhook_delivery').select('body').execute();
    expect(told.length).toBeGreaterThan(2);
    expect(told.filter(({ body }) => body.includes('declined'))).toEqual([]);
  } finally {
    await other.drop();
  }
});

test('the gaps that Postgres finds are those of the rule, and what is none any more is closed', async () => {
  const { db } = database;
  const property = fc.asyncProperty(levelsOfAny, levelsOfAny, async (targets, rated) => {
    const id = randomUUID() as LoopId;
    await db.transaction().execute(async (tx) => {
      await tx.deleteFrom('competency_rating').execute();
      await tx.insertInto('loop_instance').values({ id, loop: 'skillAudit' }).execute();
      await tx
        .insertInto('skill_audit')
        .values({
          id,
          region_id: 'world',
          quarter: '2027-Q1',
          owner_id: manager,
          map_version: 1,
          status: 'cancelled',
          people: 1,
          closes_at: 1,
          opened_at: 1,
        })
        .execute();
      await tx
        .insertInto('skill_audit_subject')
        .values({ audit_id: id, person_id: lead, team_id: 'team', rater_id: manager, targets })
        .execute();
      const sheet = randomUUID() as ContentId;
      const text = {
        id: sheet,
        author: manager,
        kind: 'rating.sheet',
        body: { ratings: [] },
        at: 1,
      };
      await insertContent(tx, text);
      const given = {
        person: lead,
        by: manager,
        at: 1,
        evidence: sheet,
        mapVersion: 1,
        loop: null,
      };
      // Of two at the same instant the one with the higher id counts, wherever it is looked for.
      const [lower, higher] = ['0', 'f'].map((digit) => (id: string) => digit + id.slice(1));
      const ratings = Object.entries(rated).flatMap(([competency, level]) => {
        const one = { ...given, competency, evidenceKind: 'observation' as const };
        return [
          { ...one, id: higher!(randomUUID()), level },
          { ...one, id: lower!(randomUUID()), level: 'intermediate' as const },
        ];
      });
      await keepRatings(tx, ratings.toReversed());
      await findGaps(tx, id, 2);
    });
    const found = (await openGapsOf(db, lead)).map(({ competency, level, target }) => ({
      competency,
      level,
      target,
    }));
    expect(found).toEqual(gapsOf(targets, rated));
    const latest = (await ratingsOf(db, lead)).filter((_one, index) => index % 2 === 0);
    const counting = latest.map(({ competency, level }) => [competency, level]);
    expect(Object.fromEntries(counting)).toEqual(rated);
  });
  await fc.assert(property, { numRuns: proofSize(20, 1_000), seed: proofSeed });
});

test('whoever is erased takes what shows their ratings with them, and what they attained', async () => {
  const { db } = database;
  await db.deleteFrom('competency_rating').execute();
  await db
    .insertInto('quota_attainment')
    .values({ person_id: lead, quarter: '2026-Q4', percent: 90 })
    .execute();
  const evidence = randomUUID() as ContentId;
  const body = { text: 'seen at work' };
  await insertContent(db, { id: evidence, author: manager, kind: 'rating.sheet', body, at: 1 });
  const rating = { person: lead, competency: 'clinical-fluency', by: manager, at: 9, evidence };
  const rest = { evidenceKind: 'observation', mapVersion: 1, loop: null } as const;
  await db
    .transaction()
    .execute((tx) =>
      keepRatings(tx, [{ id: randomUUID(), level: 'beginner', ...rating, ...rest }]),
    );
  await db.updateTable('person').set({ left_at: 10 }).where('id', '=', lead).execute();
  await erasePerson(db, { person: lead, isWithTexts: true, at: 11 });
  expect(await ratingsOf(db, lead)).toMatchObject([{ level: 'beginner', evidence: null }]);
  expect(await db.selectFrom('quota_attainment').selectAll().execute()).toEqual([]);
});

test('a quarter begins with an audit where the policy asks for it, once, and not again once called off', async () => {
  const { db } = database;
  const policy = { key: 'growth.auditDays', valid_from: '2026-01-01', value: 30 as unknown };
  expect(await regionsToAudit(db, '2027-01-04')).toEqual([]);
  await db.insertInto('policy').values(policy).execute();
  // Cancelled by the tests before: it is not begun again.
  expect(await regionsToAudit(db, '2027-01-04')).toMatchObject([
    { id: 'world', days: 30, owner: manager, audited: expect.arrayContaining(['2027-Q1']) },
  ]);
});
