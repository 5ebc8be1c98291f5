import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loops } from '../../activities/loops.ts';
import { createRecord } from '../../activities/record.ts';
import { loadActors } from '../../db/actors.ts';
import { enterHours, lendingBetween } from '../../db/lending.ts';
import { assignmentRules } from '../../domain/assignment/decide.ts';
import { present } from '../../domain/assert.ts';
import type { PersonId, RegionId } from '../../domain/id.ts';
import {
  givenTraining,
  givenTwoRegions,
  host,
  proposalOf,
  termsFor,
} from '../support/assignment-story.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { berlin, givenHandoffPeople, tokyo } from '../support/handoff-organisation.ts';
import { person } from '../support/people.ts';
import { recordedLoop } from '../support/recorded-loop.ts';
import { storyClock } from '../support/story-clock.ts';

const now = Date.parse('2027-03-01T09:00:00Z');
const pacific = 'pacific' as RegionId;

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await givenHandoffPeople(database.db, now);
  await givenTwoRegions(database.db);
});
afterAll(() => database.drop());

test('where a region is merged into another, that one counts: its manager signs, what was learned counts, and the guest reads on', async () => {
  const { db } = database;
  const clock = storyClock(now);
  const record = createRecord({ db, clock, loops, startDeliveries: () => undefined });
  const virtual = recordedLoop({ record, clock }, assignmentRules);
  const asked = { terms: { accounts: [] } } as const;
  expect(await virtual.does(proposalOf({ clock }, asked))).toBe('recorded');
  await sql`INSERT INTO region (id, name, locale, zone, manager_id, week_id)
    SELECT v.id, v.id, 'en', 'Asia/Tokyo', v.manager, 'late'
    FROM (VALUES ('asia', ${tokyo.lead}), ('pacific', ${tokyo.backup})) v (id, manager)`.execute(
    db,
  );
  // Into one that is merged itself: whatever it has become by now counts.
  await sql`UPDATE region SET merged_into = CASE id WHEN 'asia' THEN 'pacific' ELSE 'asia' END,
    merged_at = now() WHERE id IN ('asia', ${host})`.execute(db);
  await sql`UPDATE person SET region_id = 'pacific' WHERE region_id = ${host}`.execute(db);
  const terms = termsFor({ clock }, { accounts: [] });
  const other = { ...terms, weeklyHours: 7 };
  const changes = (host: PersonId, actor: PersonId = berlin.manager) =>
    virtual.does({ type: 'change', actor, terms: { ...other, host } });
  expect(await changes(person('london-lead'))).toBe('assignment.not_signer');
  // Whoever manages the other region by now steers it and signs for it.
  await givenTraining(db, tokyo.backup);
  expect(await changes(tokyo.backup, tokyo.backup)).toBe('recorded');
  for (const actor of [berlin.lead, berlin.manager]) {
    expect(await virtual.does({ type: 'sign', actor })).toBe('recorded');
  }
  expect(await changes(tokyo.manager)).toBe('recorded');
  for (const actor of [berlin.lead, berlin.manager, tokyo.manager]) {
    expect(await virtual.does({ type: 'sign', actor })).toBe('recorded');
  }
  expect(virtual.state.status).toBe('agreed');

  await sql`INSERT INTO host_access (assignment_id, person_id, region_id, period)
    VALUES (${virtual.id}, ${berlin.lead}, ${host}, tstzrange(${clock.now()}::timestamptz, ${clock.now() + 1}::timestamptz))`.execute(
    db,
  );
  const guest = present(
    (await loadActors(db, [berlin.lead], clock.now())).get(berlin.lead),
    'the guest',
  );
  expect(guest.grants).toContainEqual({ role: 'guest', region: pacific });
  const worked = { day: '2027-03-29', minutes: 90, overlapMinutes: 0, by: berlin.lead, at: 0 };
  await enterHours(db, { assignment: virtual.id, ...worked });
  const lent = await lendingBetween(db, { firstDay: worked.day, lastDay: worked.day });
  expect([lent.has(host), lent.get(pacific)]).toEqual([
    false,
    { lentMinutes: 0, borrowedMinutes: 90 },
  ]);
});
