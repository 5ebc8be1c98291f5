/** Development plans on the real server: what serves them, what stands still, and what closes them. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { LoopId, PersonId } from '../../domain/id.ts';
import { assignmentOf, host, termsFor as assignmentTerms } from '../support/assignment-story.ts';
import { fieldsOf } from '../support/browser.ts';
import { budgetOf } from '../support/budget-story.ts';
import { tokyo } from '../support/handoff-organisation.ts';
import { write } from '../support/handoff-story.ts';
import { leaveBehind } from '../support/leave-behind.ts';
import { tasksOf, toldOf } from '../support/loop-asks.ts';
import { person } from '../support/people.ts';
import { coach, competency, gap, manager, planWorld, subject } from '../support/plan-story.ts';
import { served, type ServedWorld, type Told } from '../support/served-world.ts';
import { until } from '../support/until.ts';
import type { World } from '../support/world.ts';

const day = 86_400_000;
/** However long it lives. */
const runEventsMax = 40;
let world: World;
let ask: ServedWorld['ask'];
let browser: ServedWorld['browser'];

beforeAll(async () => {
  world = await planWorld();
  ({ ask, browser } = await served(world));
});
afterAll(() => world.stop());
// A person has one at a time.
afterEach(async () => {
  const { items } = (await ask(subject, '/development-plans')).json as never as {
    items: { id: string; closedAt: string | null }[];
  };
  for (const { id, closedAt } of items) {
    if (closedAt === null) await ask(subject, `/development-plans/${id}/cancel`, {});
  }
  await leaveBehind(world);
});

const dayAfter = (days: number): string =>
  new Date(world.clock.now() + days * day).toISOString().slice(0, 10);

const tasks = (id: string) => tasksOf(world, id);
const told = (id: string, key: string) => toldOf(world, id, `developmentPlan.${key}`);

const codeOf = ({ json }: Told): unknown => json['code'];

async function starts(given: object = {}): Promise<Told> {
  const terms = { lastDay: dayAfter(150), reviewDays: 10, coach, ...given };
  return ask(manager, '/development-plans', { subject, terms });
}

async function agreed(given: object = {}): Promise<string> {
  const started = await starts(given);
  expect([started.status, codeOf(started)]).toEqual([201, undefined]);
  const path = `/development-plans/${String(started.json['id'])}`;
  const etag = { 'if-match': `"${String(started.json['revision'])}"` };
  expect((await ask(subject, `${path}/agree`, {}, etag)).json['status']).toBe('running');
  return path;
}

const money = (plan: string) => ({
  purpose: 'development',
  kind: 'course',
  title: 'Working with Japan',
  why: 'To close the gap.',
  plan,
  currency: 'EUR',
  costs: { fee: '900.00' },
  instalments: [{ due: dayAfter(5), amount: '900.00' }],
  ends: dayAfter(30),
  involvesProfessionals: false,
});

const idOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const work = () => {
  const {
    home: homeManager,
    host: hostManager,
    goals,
    ...terms
  } = assignmentTerms(world, {
    firstDay: dayAfter(9),
    lastDay: dayAfter(11),
    accounts: [],
  });
  return {
    kind: 'virtual',
    hostRegion: host,
    terms: { ...terms, goals, homeManager, hostManager },
  };
};

test('what a preview tells of a plan in which nobody does anything is what then happens', async () => {
  const terms = { lastDay: dayAfter(16), reviewDays: 5 };
  const preview = await ask(manager, '/development-plans/preview', { subject, terms });
  expect(preview.status).toBe(200);
  const foretold = (preview.json['course'] as { at: string; sentence: string }[]).map(
    ({ sentence }) => sentence,
  );
  const path = await agreed({ ...terms, coach: undefined });
  await world.advance(45 * day);
  const { timeline } = (await ask(manager, path)).json as never as {
    timeline: { sentence: string }[];
  };
  expect(timeline.map(({ sentence }) => sentence)).toEqual(foretold);
  const handle = world.client.workflow.getHandle(`developmentPlan:${idOf(path)}`);
  const { events } = await handle.fetchHistory();
  expect(events?.length).toBeLessThanOrEqual(runEventsMax);
});

test('a plan takes its goals from open gaps, and counts once both have agreed to what they have read', async () => {
  const started = await starts();
  const { id, revision, missing, pending } = started.json as Record<string, never>;
  expect(pending).toMatchObject({
    agreed: ['manager'],
    terms: { goals: [{ competency, from: null, to: 'advanced', gap }] },
  });
  expect(missing).toEqual(['formal', 'onTheJob']);
  const path = `/development-plans/${String(id)}`;
  expect(codeOf(await ask(subject, `${path}/agree`, {}))).toBe('plan.revision_missing');
  const etag = { 'if-match': `"${String(revision)}"` };
  expect(codeOf(await ask(manager, `${path}/agree`, {}, etag))).toBe('plan.already_done');
  expect(codeOf(await ask(coach, `${path}/agree`, {}, etag))).toBe('plan.not_party');
  const other = { terms: { lastDay: dayAfter(100), reviewDays: 20 } };
  await ask(manager, `${path}/change`, other);
  expect(codeOf(await ask(subject, `${path}/agree`, {}, etag))).toBe('request.revision_stale');
  expect(codeOf(await starts())).toBe('plan.already_open');
  await world.advance(12 * day);
  expect((await ask(subject, path)).json['status']).toBe('lapsed');
});

test('money that is refused and work that is cancelled are looked for anew, and their owner hears of it', async () => {
  const path = await agreed();
  const id = idOf(path);
  expect(await tasks(id)).toEqual([`${subject} plan.find_money`, `${subject} plan.find_work`]);
  const request = await ask(subject, '/budget-requests', money(id));
  expect([request.status, codeOf(request)]).toEqual([201, undefined]);
  const planned = await ask(subject, `${path}/assign`, work());
  expect([planned.status, planned.json['missing']]).toEqual([200, ['formal']]);
  await world.advance(1_000);
  expect(await tasks(id)).toEqual([]);

  const [assignment] = (planned.json['links'] as { loop: string; need: string }[]).filter(
    ({ need }) => need === 'onTheJob',
  );
  await budgetOf(world, request.json['id'] as LoopId, subject).says('reject', manager);
  await ask(manager, `/assignments/${assignment?.loop}/cancel`, {});
  await world.advance(1_000);
  expect(await tasks(id)).toEqual([`${subject} plan.find_money`, `${subject} plan.find_work`]);
  expect(await told(id, 'money_reopened')).toEqual([subject]);
  expect(await told(id, 'work_reopened')).toEqual([subject]);
  const again = { loop: request.json['id'] };
  expect(codeOf(await ask(subject, `${path}/link`, again))).toBe('plan.link_failed');
  const other = person('london-lead');
  expect(codeOf(await ask(other, '/budget-requests', money(id)))).toBe('plan.not_theirs');
});

test('it closes with money granted, work done and a new rating with evidence, which closes the gap', async () => {
  const beside = { competency: 'clinical-fluency', to: 'beginner' };
  const path = await agreed({ reviewDays: 5, goals: [{ competency, to: 'advanced' }, beside] });
  const id = idOf(path);
  const shown = 'Two calls without a question.';
  const close = (by: PersonId, ratings: readonly object[] = [], text = shown) =>
    ask(by, `${path}/close`, { ratings, evidence: 'result', text });
  expect(codeOf(await close(manager))).toBe('plan.no_money');
  const request = await ask(subject, '/budget-requests', money(id));
  await world.advance(1_000);
  expect(codeOf(await close(manager))).toBe('plan.no_work');
  const { links } = (await ask(subject, `${path}/assign`, work())).json as never as {
    links: { loop: LoopId; need: string }[];
  };
  const loop = links.find(({ need }) => need === 'onTheJob')?.loop as LoopId;
  expect(codeOf(await close(manager))).toBe('plan.no_money');
  await budgetOf(world, request.json['id'] as LoopId, subject).approves(manager);
  expect(codeOf(await close(manager))).toBe('plan.no_work');

  const assignment = assignmentOf(world, loop);
  await assignment.isSignedByAll();
  const since = await sql<{ n: number }>`SELECT count(*)::int AS n FROM coaching
    WHERE loop_id = ${id} AND coach_id = ${coach} AND ended_at IS NULL`.execute(world.database.db);
  expect(since.rows[0]?.n).toBe(1);
  await world.advance(10 * day);
  expect(await tasks(id)).toEqual([`${subject} plan.report`]);
  await ask(subject, `${path}/review`, { text: 'I have read how Tokyo works.' });
  expect(await tasks(id)).toEqual([`${coach} plan.coach`]);
  await world.advance(10 * day);
  expect(await told(id, 'coach_reminder')).toEqual([coach]);
  await ask(coach, `${path}/coach`, { text: 'Ask more.' });
  await assignment.answers('giveFeedback', subject);
  expect(codeOf(await close(manager))).toBe('plan.no_work');
  await assignment.answers('giveFeedback', tokyo.manager);
  const lesson = await write(world, subject, 'assignment.lesson');
  await assignment.send({ type: 'giveLesson', actor: subject, lesson: 'win', content: lesson });
  const ratings = [{ competency, level: 'intermediate' }] as const;
  const content = await write(world, manager, 'assignment.evidence');
  await assignment.send({ type: 'rate', actor: manager, ratings, content });
  await world.advance(1_000);

  expect(codeOf(await close(subject))).toBe('plan.not_manager');
  const wrong = [{ competency: 'data-storytelling', level: 'advanced' }];
  expect(codeOf(await close(manager, wrong))).toBe('plan.no_such_goal');
  // The assignment has rated one of the two goals, and nobody the other.
  expect(codeOf(await close(manager))).toBe('plan.goal_unrated');
  const all = [
    { competency, level: 'advanced' },
    { competency: beside.competency, level: 'beginner' },
  ];
  expect(codeOf(await close(manager, all, ' '))).toBe('request.invalid');
  const done = await close(manager, all);
  expect([done.status, done.json['status']]).toEqual([200, 'closed']);
  const { rows } = await sql<{ level: string; map: number; closed: boolean }>`
    SELECT r.level, r.map_version AS map, g.closed_at IS NOT NULL AS closed
    FROM competency_rating r JOIN competency_gap g USING (competency)
    WHERE r.loop_id = ${id} AND g.id = ${gap}`.execute(world.database.db);
  expect(rows).toEqual([{ level: 'advanced', map: 1, closed: true }]);
  const left = await sql`SELECT FROM coaching WHERE loop_id = ${id} AND ended_at IS NULL`.execute(
    world.database.db,
  );
  expect(left.rows).toEqual([]);
  await sql`UPDATE competency_gap SET closed_at = NULL WHERE id = ${gap}`.execute(
    world.database.db,
  );
  await sql`DELETE FROM competency_rating WHERE person_id = ${subject}`.execute(world.database.db);
});

test('where nothing happens for fifteen working days it stands still, is seen to, and goes on with the next step', async () => {
  const path = await agreed({ reviewDays: 60 });
  const id = idOf(path);
  await world.advance(20 * day);
  expect((await ask(manager, path)).json['stalledAt']).toBeNull();
  await world.advance(2 * day);
  expect((await ask(manager, path)).json['stalledAt']).not.toBeNull();
  expect(await told(id, 'stalled')).toEqual([subject, manager, coach].toSorted());
  const listed = await ask(manager, '/development-plans?stalled=true');
  expect((listed.json['items'] as { id: string }[]).map((one) => one.id)).toEqual([id]);
  const planned = await ask(subject, `${path}/assign`, work());
  expect(planned.json['stalledAt']).toBeNull();
  const [link] = planned.json['links'] as { loop: LoopId }[];
  // What somebody does in what serves it counts as well.
  await world.advance(4 * day);
  const loop = link?.loop as LoopId;
  await assignmentOf(world, loop).send({ type: 'sign', actor: manager });
  await world.advance(18 * day);
  expect((await ask(manager, path)).json['stalledAt']).toBeNull();
  const why = await ask(subject, `${path}/explain`);
  expect(why.json['sentences']).toContainEqual(expect.stringContaining('Einsatz'));
});

test('whoever leads the person takes the plan over, a coach who leaves is lost, and who leaves ends it', async () => {
  const { db } = world.database;
  const path = await agreed();
  const id = idOf(path);
  const set = async (who: PersonId, values: { left_at?: number | null; manager_id?: string }) => {
    await db.updateTable('person').set(values).where('id', '=', who).execute();
    await sql`UPDATE calendar_revision SET revision = revision + 1 WHERE person_id = ${who}`.execute(
      db,
    );
    const head = db.selectFrom('loop_instance').select('sequence').where('id', '=', id);
    const { sequence } = await head.executeTakeFirstOrThrow();
    const handle = world.client.workflow.getHandle(`developmentPlan:${id}`);
    await handle.signal('calendarsChanged');
    await until('the plan has been made anew, and followed', async () => {
      const { sequence: now } = await head.executeTakeFirstOrThrow();
      return now > sequence + 1;
    });
  };
  await set(subject, { manager_id: 'berlin-director' });
  expect((await ask(subject, path)).json['manager']).toMatchObject({ id: 'berlin-director' });
  expect(await told(id, 'manager_replaced')).toEqual(['berlin-director', subject]);
  expect((await ask(manager, path)).status).toBe(200);
  await set(coach, { left_at: world.clock.now() });
  expect((await ask(subject, path)).json['coach']).toBeNull();
  await db.updateTable('person').set({ left_at: null }).where('id', '=', coach).execute();
  await set(subject, { left_at: world.clock.now() });
  const back = { left_at: null, manager_id: manager };
  await db.updateTable('person').set(back).where('id', '=', subject).execute();
  expect((await ask(subject, path)).json['status']).toBe('cancelled');
});

test('a plan is read by whoever works on it and by no other office, and its version of the map stays', async () => {
  const { db } = world.database;
  const path = await agreed();
  const id = idOf(path);
  for (const who of [subject, manager, coach]) {
    expect([who, (await ask(who, path)).status]).toEqual([who, 200]);
    const seen = await (await browser(who)).see(`/tasks/${id}`);
    expect(seen).toContain(who === subject ? 'Entwicklungsplan' : 'lang="');
  }
  for (const who of ['operator', 'tokyo-lead', 'london-lead'].map(person)) {
    expect([who, (await ask(who, path)).status]).toEqual([who, 404]);
    expect([who, (await ask(who, `${path}/cancel`, {})).status]).toEqual([who, 404]);
    const heard = await ask(who, `/loops/${id}/notices`);
    expect([who, heard.json['items'] ?? []]).toEqual([who, []]);
    expect([who, (await ask(who, `/loops/${id}/comments`)).status]).toEqual([who, 404]);
  }
  await db
    .insertInto('competency_map')
    .values({ valid_from: dayAfter(-1) })
    .execute();
  expect((await ask(subject, path)).json['mapVersion']).toBe(1);
  await ask(manager, `${path}/cancel`, {});
  expect((await starts()).json['mapVersion']).toBe(2);
});

test('other terms and an assignment are proposed by forms of its pages, once, and by nobody who may not', async () => {
  const path = await agreed();
  const id = idOf(path);
  const mine = await browser(subject);
  const page = await mine.see(`/tasks/${id}`);
  for (const way of ['terms', 'assign']) expect(page).toContain(`href="/plans/${id}/${way}"`);
  expect(page).toContain(`/budgets/ask?plan=${id}`);

  const form = await mine.see(`/plans/${id}/terms`);
  // Filled in with what counts now: whoever changes one thing leaves the others as they are.
  expect(form).toContain(`name="lastDay" value="${dayAfter(150)}"`);
  const terms = {
    ...fieldsOf(form, `/plans/${id}/terms`),
    lastDay: dayAfter(200),
    reviewDays: '15',
    coach: '',
    [`to-${competency}`]: 'intermediate',
  };
  const broken = await mine.send(`/plans/${id}/terms`, { ...terms, lastDay: '<b>soon</b>' });
  expect([broken.status, await broken.text()]).toEqual([422, expect.stringContaining('&lt;b&gt;')]);
  const sends = async (): Promise<readonly unknown[]> => {
    const { status, headers } = await mine.send(`/plans/${id}/terms`, terms);
    return [status, headers.get('location')];
  };
  expect(await sends()).toEqual([303, `/tasks/${id}`]);
  expect(await sends()).toEqual([303, `/tasks/${id}`]);
  const changed = (await ask(subject, path)).json as Record<string, never>;
  expect(changed['pending']).toMatchObject({
    agreed: ['subject'],
    terms: { lastDay: dayAfter(200), reviewDays: 15, goals: [{ to: 'intermediate' }] },
  });
  expect(changed['terms']).toMatchObject({ lastDay: dayAfter(150) });

  const assign = await mine.see(`/plans/${id}/assign`);
  expect(assign).toMatch(new RegExp(`value="${competency}"\\s+selected`));
  const { terms: wanted, ...rest } = work();
  const proposal = {
    ...rest,
    ...fieldsOf(assign, `/plans/${id}/assign`),
    ...Object.fromEntries(
      Object.entries(wanted).flatMap(([name, value]) =>
        typeof value === 'object' ? [] : [[name, String(value)]],
      ),
    ),
    'competency-0': competency,
    'level-0': 'advanced',
    choice: 'send',
  };
  const statusOf = async (who: PersonId, way: string, fields: Record<string, string>) =>
    (await (await browser(who)).send(`/plans/${id}/${way}`, fields)).status;
  // The coach reads it, and neither changes nor serves it; whoever does not read it finds nothing.
  expect(await (await browser(coach)).see(`/tasks/${id}`)).not.toContain(`/plans/${id}/`);
  expect(await statusOf(coach, 'terms', { ...terms, revision: '9' })).not.toBe(303);
  expect(await statusOf(coach, 'assign', proposal)).toBe(403);
  expect(await statusOf(person('operator'), 'assign', proposal)).toBe(404);
  const assignments = async (): Promise<number> =>
    (
      await sql<{ n: number }>`SELECT count(*)::int AS n FROM plan_link l
        JOIN assignment a ON a.id = l.loop_id WHERE l.plan_id = ${id}`.execute(world.database.db)
    ).rows[0]?.n ?? 0;
  const all = async () =>
    (await sql<{ n: number }>`SELECT count(*)::int AS n FROM assignment`.execute(world.database.db))
      .rows[0]?.n;
  const before = await all();
  const shown = await mine.send(`/plans/${id}/assign`, { ...proposal, choice: 'preview' });
  expect([shown.status, await shown.text()]).toEqual([
    200,
    expect.stringMatching(/gleichzeitig; verlangt.*Er hat begonnen\..*Er endete\./s),
  ]);
  expect(await all()).toBe(before);
  expect(await statusOf(subject, 'assign', proposal)).toBe(303);
  expect(await statusOf(subject, 'assign', proposal)).toBe(303);
  expect([await assignments(), await all()]).toEqual([1, Number(before) + 1]);
  await ask(manager, `${path}/cancel`, {});
  expect((await mine.see(`/tasks/${id}`)).includes(`/plans/${id}/`)).toBe(false);
  expect(await statusOf(subject, 'assign', { ...proposal, key: randomUUID() })).toBe(409);
  expect(await all()).toBe(Number(before) + 1);
});
