/** Quarterly reviews on the real server: convened once, at a fair hour, and followed until all is done. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scheduleQuarters } from '../../bin/maintenance-schedule.ts';
import { meetingId } from '../../channels/email/thread.ts';
import type { PersonId, RegionId, TeamId } from '../../domain/id.ts';
import { convene, reviewId } from '../../db/quarterly-reviews.ts';
import { host } from '../support/assignment-story.ts';
import { fieldsOf } from '../support/browser.ts';
import { berlin, tokyo } from '../support/handoff-organisation.ts';
import { leaveBehind } from '../support/leave-behind.ts';
import { tasksOf, toldOf } from '../support/loop-asks.ts';
import { person } from '../support/people.ts';
import {
  chair,
  givenPartner,
  lastQuarter,
  opensQuarters,
  other,
  quarterWorld,
} from '../support/quarter-story.ts';
import { served, type ServedWorld, type Told } from '../support/served-world.ts';
import { undone } from '../support/undone.ts';
import { until } from '../support/until.ts';
import { skip, type World } from '../support/world.ts';

const day = 86_400_000;
const partner = person('partner-lead');
let world: World;
let stage: ServedWorld;
let ask: ServedWorld['ask'];
/** What a preview told of the review of the partner’s team, which nobody is going to answer. */
let foretold: readonly string[];

beforeAll(async () => {
  const openQuarters = () => opensQuarters(world);
  world = await quarterWorld({ activities: (all) => ({ ...all, openQuarters }) });
  await givenPartner(world.database.db, 'partners' as TeamId, partner);
  stage = await served(world);
  ({ ask } = stage);
});
afterAll(() => world.stop());

/** Of Japan, as the schedule convenes it. */
async function convenes(): Promise<string> {
  await opensQuarters(world);
  return reviewId({ region: host, team: null, quarter: lastQuarter(world) });
}

const codeOf = ({ json }: Told): unknown => json['code'];

const tasks = (id: string) => tasksOf(world, id);
const told = (id: string, key: string) => toldOf(world, id, `quarterlyReview.${key}`);

const dayAfter = (days: number): string =>
  new Date(world.clock.now() + days * day).toISOString().slice(0, 10);

const sentencesIn = (told: unknown): readonly string[] =>
  (told as { sentence: string }[]).map(({ sentence }) => sentence);

test('a review is seen before it is convened, by whoever may convene it, and nothing of that is kept', async () => {
  const asked = { region: host, team: 'partners', quarter: lastQuarter(world) };
  const preview = await ask(chair, '/quarterly-reviews/preview', asked);
  expect([preview.status, preview.json]).toMatchObject([
    200,
    { chair: { id: chair }, participants: [{ id: chair }, { id: partner }] },
  ]);
  foretold = sentencesIn(preview.json['course']);
  expect(foretold.length).toBeGreaterThan(10);
  const browser = await stage.browser(chair);
  const page = await browser.see('/reviews');
  const form = { ...fieldsOf(page, '/reviews'), ...asked };
  const seen = await browser.send('/reviews', { ...form, choice: 'preview' });
  const shown = await seen.text();
  expect([seen.status, foretold.every((sentence) => shown.includes(sentence))]).toEqual([
    200,
    true,
  ]);
  const early = await browser.send('/reviews', { ...form, choice: 'open', quarter: '2099-Q1' });
  expect(early.status).toBe(409);
  // Whoever convenes none has no form, is not told whose team is where, and is refused all the same.
  for (const who of [partner, berlin.lead]) {
    const theirs = await stage.browser(who);
    expect([who, await theirs.see('/reviews')]).toEqual([
      who,
      expect.not.stringContaining('<select'),
    ]);
    expect((await ask(who, '/quarterly-reviews/preview', asked)).status).toBe(403);
    const key = { ...form, key: randomUUID(), choice: 'open' };
    expect([who, (await theirs.send('/reviews', key)).status]).toEqual([who, 403]);
  }
  const { rows } = await sql`SELECT FROM quarterly_review`.execute(world.database.db);
  expect(rows).toEqual([]);
});

test('each region and each partner’s team has one review of a quarter, however often it is looked for', async () => {
  const quarter = lastQuarter(world);
  await Promise.all([opensQuarters(world), opensQuarters(world)]);
  await opensQuarters(world);
  const { rows } = await sql<{ region: string; team: string | null; n: number }>`
    SELECT region_id AS region, team_id AS team, count(*)::int AS n FROM quarterly_review
    GROUP BY 1, 2 ORDER BY 1, 2 NULLS FIRST`.execute(world.database.db);
  expect(rows).toEqual([
    { region: host, team: null, n: 1 },
    { region: host, team: 'partners', n: 1 },
    { region: 'world', team: null, n: 1 },
  ]);
  const byForm = await (
    await stage.browser(chair)
  ).send('/reviews', {
    key: randomUUID(),
    choice: 'open',
    region: host,
    team: '',
    quarter,
  });
  expect([byForm.status, byForm.headers.get('location')]).toEqual([
    303,
    `/tasks/${reviewId({ region: host, team: null, quarter })}`,
  ]);
  const again = await ask(chair, '/quarterly-reviews', { region: host, quarter });
  expect([again.status, again.json['id']]).toEqual([
    201,
    reviewId({ region: host, team: null, quarter }),
  ]);
  const early = { region: host, quarter: `${Number(quarter.slice(0, 4)) + 1}-Q4` };
  expect(codeOf(await ask(chair, '/quarterly-reviews', early))).toBe('quarter.not_over');
  expect(codeOf(await ask(berlin.lead, '/quarterly-reviews', { region: host, quarter }))).not.toBe(
    undefined,
  );
});

test('whoever looks after learning everywhere takes part wherever they are, and in no review of partners', async () => {
  const { db } = world.database;
  await undone(db, async (tx) => {
    const role = { person_id: berlin.lead, role: 'learning-lead', region_id: null };
    await tx.insertInto('person_role').values(role).execute();
    const invited = async (team: TeamId | null) =>
      (await convene(tx, { region: host, team, quarter: '2026-Q1' }, world.clock.now()))
        ?.participants;
    expect(await invited(null)).toContain(berlin.lead);
    expect(await invited('partners' as TeamId)).not.toContain(berlin.lead);
  });
});

test('its schedule starts it each quarter, and what was missed too long ago is not caught up with', async () => {
  await scheduleQuarters(world.client, world.taskQueue);
  await scheduleQuarters(world.client, world.taskQueue);
  const handle = world.client.schedule.getHandle(`quarters:${world.taskQueue}`);
  const { spec, policies, info } = await handle.describe();
  await handle.delete();
  const months = info.nextActionTimes.slice(0, 4).map((at) => at.getUTCMonth() % 3);
  expect([months, info.nextActionTimes[0]?.getUTCDate()]).toEqual([[0, 0, 0, 0], 1]);
  expect(spec.calendars).toHaveLength(1);
  expect(policies.catchupWindow).toBe(30 * day);
});

test('a region that nobody manages on that day is looked at again each day, and one that became part of another has none', async () => {
  const { client, taskQueue, database } = world;
  const north = { region: 'north' as RegionId, team: null, quarter: lastQuarter(world) };
  const set = (values: { manager_id: string } | { merged_into: string; merged_at: number }) =>
    database.db.updateTable('region').set(values).where('id', '=', 'north').execute();
  const gone = person('gone');
  await sql`INSERT INTO person (id, name, email, region_id, team_id, zone, left_at)
    SELECT ${gone}, 'Gone', 'gone@example.test', region_id, team_id, zone, now()
    FROM person WHERE id = ${chair}`.execute(database.db);
  await sql`INSERT INTO region (id, name, locale, zone, manager_id, week_id)
    SELECT 'north', 'North', 'en', zone, ${gone}, week_id FROM region WHERE id = ${host}`.execute(
    database.db,
  );
  const run = await client.workflow.start('quarters', { workflowId: 'late', taskQueue, args: [] });
  const hasLooked = async () =>
    (await run.fetchHistory()).events?.some((event) => event.timerStartedEventAttributes) === true;
  await until('the first look is over', hasLooked);
  const path = `/quarterly-reviews/${reviewId(north)}`;
  await set({ manager_id: chair });
  expect((await ask(chair, path)).status).toBe(404);
  await skip(client, 'late', day + 60_000);
  await run.result();
  expect((await ask(chair, path)).json).toMatchObject({ status: 'proposed', chair: { id: chair } });
  expect(await opensQuarters(world)).toEqual({ opened: 0, waiting: 0 });
  await ask(chair, `${path}/cancel`, {});
  await set({ merged_into: host, merged_at: world.clock.now() });
  const former = { region: 'north', quarter: '2026-Q1' };
  expect(codeOf(await ask(chair, '/quarterly-reviews', former))).toBe('assignment.region_unknown');
});

test('the pack has a figure with its sentence from every loop, and nothing of fewer than five people', async () => {
  const id = await convenes();
  const review = await ask(chair, `/quarterly-reviews/${id}`);
  const agenda = review.json['agenda'] as {
    section: string;
    figures: { value: number | null; sentence: string }[];
  }[];
  expect(agenda.map(({ section }) => section)).toEqual([
    'handoffs',
    'exchange',
    'money',
    'assignments',
    'growth',
    'carried',
  ]);
  for (const { section, figures } of agenda) {
    for (const { sentence } of figures) {
      expect([section, sentence.length > 5]).toEqual([section, true]);
    }
  }
  // Three work in Japan.
  const few = agenda.filter(({ section }) => section === 'growth' || section === 'assignments');
  expect(few.flatMap(({ figures }) => figures.map(({ value }) => value))).toEqual([null, null]);
  // What is shown stays what it was when the review began.
  await sql`INSERT INTO competency_gap (id, person_id, competency, target, found_at)
    VALUES (gen_random_uuid(), ${other}, 'clinical-fluency', 'advanced', '2020-01-01')`.execute(
    world.database.db,
  );
  expect((await ask(chair, `/quarterly-reviews/${id}`)).json['agenda']).toEqual(agenda);
});

test('a partner reads the review of their team alone, and of it no money, no gaps and no assignments', async () => {
  const quarter = lastQuarter(world);
  const own = reviewId({ region: host, team: null, quarter });
  const theirs = reviewId({ region: host, team: 'partners' as TeamId, quarter });
  expect((await ask(partner, `/quarterly-reviews/${own}`)).status).toBe(404);
  const seen = await ask(partner, `/quarterly-reviews/${theirs}`);
  const sections = (seen.json['agenda'] as { section: string }[]).map(({ section }) => section);
  expect(sections).toEqual(['handoffs', 'exchange', 'carried']);
  const listed = await ask(partner, '/quarterly-reviews');
  expect((listed.json['items'] as { id: string }[]).map((one) => one.id)).toEqual([theirs]);
  for (const who of [berlin.lead, person('operator')]) {
    expect([who, (await ask(who, `/quarterly-reviews/${own}`)).status]).toEqual([who, 404]);
  }
});

test('a moved meeting is confirmed anew by all, and costs in the ledger only what it asks at last', async () => {
  const id = await convenes();
  const path = `/quarterly-reviews/${id}`;
  const proposed = (await ask(chair, path)).json;
  expect(await tasks(id)).toEqual(
    [`${other} quarter.attend`, `${chair} quarter.attend`].toSorted(),
  );
  await ask(chair, `${path}/confirm`, {});
  const night = new Date(world.clock.now() + 8 * day).toISOString().slice(0, 10);
  // Two in the night in Tokyo.
  const moved = await ask(other, `${path}/move`, { from: `${night}T17:00:00.000Z` });
  expect(moved.json['participants']).toMatchObject([
    { hasConfirmed: false },
    { hasConfirmed: true },
  ]);
  const ledger = async () =>
    (
      await sql<{
        n: number;
      }>`SELECT count(*)::int AS n FROM asked_outside WHERE loop_id = ${id}`.execute(
        world.database.db,
      )
    ).rows[0]?.n;
  expect(await ledger()).toBe(2);
  const fair = await ask(chair, `${path}/move`, {});
  expect([fair.status, await ledger()]).toEqual([200, 0]);
  expect(Date.parse(String(fair.json['from']))).toBeGreaterThan(
    Date.parse(String(proposed['from'])),
  );
  expect(codeOf(await ask(chair, `${path}/move`, { from: '2020-01-01T09:00:00.000Z' }))).toBe(
    'quarter.slot_past',
  );
  const why = (await ask(other, `${path}/explain`)).json;
  expect(why).toEqual({
    status: 'proposed',
    sentences: [
      expect.stringContaining(`Name of ${other}`),
      expect.stringContaining(': 2'),
      ...[1, 2].map(() => expect.any(String)),
    ],
  });
  expect((await ask(berlin.lead, `${path}/explain`)).status).toBe(404);
  // The entry that the mails bring, on the clock of whoever loads it; a page gives it to its session.
  const file = async (who: PersonId) => (await stage.read(who, `${path}/meeting.ics`)).text();
  const ics = await file(other);
  expect(ics).toContain(`UID:${meetingId(id, other)}`);
  const { sequence: told } = await world.database.db
    .selectFrom('notice')
    .select(({ fn }) => fn.max('sequence').as('sequence'))
    .where('loop_id', '=', id)
    .executeTakeFirstOrThrow();
  // Neither is older than the other: a later message moves what was loaded, too.
  expect(/^SEQUENCE:(\d+)/m.exec(ics)?.[1]).toBe(String(told));
  const wall = new Date(Date.parse(String(fair.json['from'])) + 9 * 3_600_000).toISOString();
  expect(ics).toContain(`DTSTART;TZID=Asia/Tokyo:${wall.slice(0, 19).replaceAll(/[-:]/g, '')}`);
  const theirs = await stage.browser(other);
  expect(await theirs.see(`/tasks/${id}`)).toContain(`href="/tasks/${id}/meeting.ics"`);
  expect(await theirs.see(`/tasks/${id}/meeting.ics`)).toBe(ics);
  expect(await file(chair)).not.toContain(meetingId(id, other));
  for (const who of [berlin.lead, partner]) {
    expect(JSON.parse(await file(who))).toMatchObject({ code: 'request.not_found' });
    expect(await (await stage.browser(who)).see(`/tasks/${id}/meeting.ics`)).not.toContain(
      'VEVENT',
    );
  }
  const { rows } = await sql<{ params: object }>`
    SELECT params FROM notice WHERE loop_id = ${id} AND key = 'quarterlyReview.moved'
    ORDER BY sequence DESC LIMIT 1`.execute(world.database.db);
  expect(rows[0]?.params).toMatchObject({
    meetsAt: { instant: Date.parse(String(fair.json['from'])) },
    meetsUntil: { instant: Date.parse(String(fair.json['until'])) },
  });
});

test('what is agreed becomes a task with an owner and a day, is told when overdue, and closes the review when done', async () => {
  const quarter = lastQuarter(world);
  const id = await convenes();
  const path = `/quarterly-reviews/${id}`;
  await leaveBehind(world, [reviewId({ region: 'world' as RegionId, team: null, quarter })]);
  await ask(other, `${path}/confirm`, {});
  const early = { owner: other, day: dayAfter(30), text: 'Call Berlin first.' };
  expect(codeOf(await ask(chair, `${path}/agree`, early))).toBe('quarter.not_met');
  await world.advance(22 * day);
  expect(await tasks(id)).toEqual([`${chair} quarter.conclude`]);
  await world.advance(7 * day);
  expect(await told(id, 'conclude_reminder')).toEqual([chair]);
  const agreed = { owner: tokyo.lead, day: dayAfter(10), text: 'Call Berlin first.' };
  const added = await ask(chair, `${path}/agree`, agreed);
  expect(added.json['actions']).toMatchObject([{ text: agreed.text, owner: { id: tokyo.lead } }]);
  expect(codeOf(await ask(chair, `${path}/agree`, { ...agreed, day: '2020-01-01' }))).toBe(
    'quarter.due_day',
  );
  expect(codeOf(await ask(other, `${path}/conclude`, {}))).toBe('quarter.not_chair');
  await ask(chair, `${path}/conclude`, {});
  expect(codeOf(await ask(chair, `${path}/agree`, agreed))).toBe('quarter.concluded');
  expect(await tasks(id)).toEqual([`${tokyo.lead} quarter.act/1`]);
  await world.advance(13 * day);
  expect(await told(id, 'action_overdue')).toEqual([tokyo.lead]);
  expect(await told(id, 'action_overdue_for')).toEqual([chair]);
  const done = { number: 1, text: 'Called.' };
  expect(codeOf(await ask(other, `${path}/finish`, done))).toBe('quarter.not_owner');
  const finished = await ask(tokyo.lead, `${path}/finish`, done);
  expect(finished.json['status']).toBe('closed');
});

test('what nobody confirms is proposed anew, a few times and not for ever', async () => {
  const quarter = lastQuarter(world);
  const id = reviewId({ region: host, team: 'partners' as TeamId, quarter });
  await world.advance(110 * day);
  const { rows } = await sql<{ status: string; moves: number }>`
    SELECT q.status, (i.state->'state'->>'number')::int AS moves
    FROM quarterly_review q JOIN loop_instance i ON i.id = q.id WHERE q.id = ${id}`.execute(
    world.database.db,
  );
  expect(rows).toEqual([{ status: 'lapsed', moves: 5 }]);
  const path = `/quarterly-reviews/${id}`;
  expect(sentencesIn((await ask(chair, path)).json['timeline'])).toEqual(foretold);
  // What did not come about leads nobody to a meeting.
  expect((await stage.read(chair, `${path}/meeting.ics`)).status).toBe(409);
  expect(await (await stage.browser(chair)).see(`/tasks/${id}`)).not.toContain('.ics');
});
