/** Rounds of feedback on the real server: asked a few at a time, and answered by nobody that could be named. */
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { recordCalendarChange } from '../../db/calendar-changes.ts';
import type { LoopId, PersonId } from '../../domain/id.ts';
import {
  answers,
  answersOf,
  beginsRound,
  feedbackWorld,
  manager,
  naming,
  nominees,
  peers,
  report,
  startsRound,
  subject,
} from '../support/feedback-story.ts';
import { dumpOf, everythingSeen, listens, seenBy, toldOutside } from '../support/told-nowhere.ts';
import { leaveBehind } from '../support/leave-behind.ts';
import { tasksOf } from '../support/loop-asks.ts';
import { person } from '../support/people.ts';
import { served, type ServedWorld } from '../support/served-world.ts';
import type { World } from '../support/world.ts';

const day = 86_400_000;
let world: World;
let stage: ServedWorld;
let ask: ServedWorld['ask'];
const logged: string[] = [];
/** A round that more than one test tells of. */
let goesOn = '';

beforeAll(async () => {
  world = await feedbackWorld();
  stage = await served(world, (line) => logged.push(line));
  ({ ask } = stage);
  await listens(world.database.db, manager);
});
afterAll(() => world.stop());
// So that nobody has been asked too much before.
beforeEach(() => world.advance(15 * day));
// About one person there is one at a time.
afterEach(async () => {
  const { db } = world.database;
  const open = db.selectFrom('feedback_round').select('id').where('closed_at', 'is', null);
  for (const one of await open.execute())
    if (one.id !== goesOn) await ask(manager, `/feedback-rounds/${one.id}/cancel`, {});
});

const tasks = (id: string) => tasksOf(world, id);

const dayAfter = (days: number): string =>
  new Date(world.clock.now() + days * day).toISOString().slice(0, 10);

const begins = (about = subject): Promise<string> =>
  beginsRound(ask, { subject: about, closesOn: dayAfter(20) });

/** Named, settled, and a day later: everybody has been asked. */
async function asksEverybody() {
  const id = await begins();
  const path = `/feedback-rounds/${id}`;
  await ask(subject, `${path}/nominate`, { nominees });
  await ask(manager, `${path}/release`, { nominees });
  await world.advance(day);
  return { id, path };
}

const words = 'Sie fragt zuerst, wie andere arbeiten.';

/** The round that the first three tests tell of, and whom it asks. */
let [id, path, page] = ['', '', ''];
const coach = person('coach');
const settled = [...nominees.slice(1), { person: coach, group: 'peers' as const }];
const raters = [manager, ...peers.slice(1, 3), coach, report];

test('by its pages a round is begun, named, changed by the manager and answered', async () => {
  const begun = await stage.sends(manager, '/rounds', { subject, closesOn: dayAfter(20) });
  page = String(begun.headers.get('location'));
  expect([begun.status, page]).toEqual([303, expect.stringMatching(/^\/tasks\//)]);
  id = page.slice('/tasks/'.length);
  path = `/feedback-rounds/${id}`;
  expect(await tasks(id)).toEqual([`${subject} feedback.nominate`]);
  const tooMany = { ...naming(nominees), 'person-5': subject };
  const sends = async (who: PersonId, fields: Record<string, string>, formOf = who) =>
    (await stage.sends(who, page, fields, formOf)).status;
  expect(await sends(subject, { ...tooMany, choice: 'nominate' })).toBe(422);
  expect(await sends(subject, { ...naming(nominees), choice: 'nominate' })).toBe(303);
  // What was named stands in the manager's form, with room for more; one is exchanged.
  const form = await (await stage.browser(manager)).see(page);
  for (const { person: named } of nominees) expect(form).toContain(`value="${named}"`);
  const released = { ...naming(settled), choice: 'release' };
  expect(await sends(subject, released, manager)).toBe(403);
  expect(await sends(manager, released)).toBe(303);
  goesOn = id;
  await world.advance(day);
  expect(await tasks(id)).toHaveLength(6);
  expect((await ask(peers[0] as PersonId, path)).status).toBe(404);

  // Each is asked in their own language.
  const asked = async (who: PersonId) => (await stage.browser(who)).see(page);
  expect(await asked(manager)).toMatch(/lang="ar"[^]*<legend>الإلمام السريري/);
  expect(await asked(subject)).toMatch(/lang="de"[^]*<legend>Klinische Sprachfähigkeit/);
  const own = { choice: 'answer', 'level-cross-border-teamwork': 'advanced' };
  expect(await sends(subject, { ...own, 'comment-clinical-fluency': 'No.' })).toBe(422);
  expect(await sends(subject, own)).toBe(303);
  await ask(manager, `${path}/answer`, answersOf('beginner'));
});

test('differencing: of what anybody reads before and after an answer nothing is another, by any address, list, export, page, webhook or figure, whatever office they hold', async () => {
  const { db } = world.database;
  // One reader with every office there is, who also decides for the manager and for somebody who answers.
  const stranger = person('stranger');
  const period = `[${new Date(world.clock.now()).toISOString()},)`;
  for (const principal of [manager, report]) {
    await db
      .insertInto('delegation')
      .values({ id: principal, principal_id: principal, delegate_id: stranger, period })
      .execute();
  }
  for (const role of ['clinical-reviewer', 'account-lead', 'duty'] as const) {
    await db.insertInto('person_role').values({ person_id: stranger, role }).execute();
  }
  // Whatever office somebody holds: of what they read an answer changes nothing, its ETag neither.
  const looks = () =>
    everythingSeen(stage, {
      clock: world.clock,
      people: [person('stranger'), manager, subject],
      ids: [id, report],
      queries: ['/tasks?person=all', ...raters.map((who) => `/tasks?person=${who}`)],
      pages: [page, '/', '/rounds'],
    });
  const before = await looks();
  const { webhooks } = await toldOutside(stage, db, id);
  expect(before.filter(([, told]) => !told.startsWith('429')).length).toBeGreaterThan(450);
  for (const who of raters.slice(1)) {
    const comment = who === peers[1] ? words : undefined;
    const told = await ask(who, `${path}/answer`, answersOf('beginner', comment));
    expect([who, told.status, told.json['mine']]).toMatchObject([who, 200, { status: 'answered' }]);
  }
  const after = await looks();
  const changed = after.filter(([, told], at) => told !== before[at]?.[1] || told.includes(words));
  expect(changed).toEqual([]);
  const outside = await toldOutside(stage, db, id);
  expect([webhooks.length > 0, outside.webhooks]).toEqual([true, webhooks]);
  expect(raters.filter((who) => outside.metrics.includes(who))).toEqual([]);
  await db.deleteFrom('delegation').execute();
  const codeOf = async (who: PersonId, way: string, body?: object) =>
    (await ask(who, `${path}/${way}`, body)).json['code'];
  expect(await codeOf(manager, 'report')).toBe('feedback.still_open');
  expect(await codeOf(report, 'answer', answersOf('advanced'))).toBe('feedback.already_answered');
  expect(logged.filter((line) => line.includes(words))).toEqual([]);
});

test('once it is closed a round is told in words of all together, and the next tells no more beside it', async () => {
  goesOn = '';
  const told = await ask(subject, `${path}/report`);
  expect(told.json).toMatchObject({ asked: 5, answered: 5 });
  const [, teamwork] = told.json['items'] as Record<string, unknown>[];
  // Of five: the manager and the one report are too few, so that all are one group.
  expect(teamwork).toMatchObject({
    competency: 'cross-border-teamwork',
    own: 'advanced',
    others: 1,
    view: 'blindSpot',
    groups: [{ group: 'others', answers: 5, comments: [words] }],
    seen: expect.stringMatching(/Einsteiger.*5/),
    sees: expect.stringContaining('Sie sehen sich'),
    sentence: expect.stringMatching(/Sie schätzen sich höher.*blinder Fleck/),
  });
  const theirs = await (await stage.browser(subject)).see(page);
  for (const key of ['seen', 'sees', 'sentence']) expect(theirs).toContain(teamwork?.[key]);
  // To the manager it is said of somebody else, and in their own language.
  const managers = (await ask(manager, `${path}/report`)).json['items'] as (typeof told.json)[];
  expect(managers[1]?.['sentence']).toMatch(/Name of munich-lead.*نقطة عمياء/);
  // Whoever answered knows one of the answers: no office lets them read the others.
  expect((await ask(coach, `${path}/report`)).status).toBe(404);
  expect((await ask(coach, path)).status).toBe(200);
  // Beside this one, another that differs in one of them would tell what each of the two says.
  const next = await begins();
  const releases = async (people: readonly object[]) =>
    (await ask(manager, `/feedback-rounds/${next}/release`, { nominees: people })).json['code'];
  await ask(subject, `/feedback-rounds/${next}/nominate`, { nominees });
  expect([await releases(nominees), await releases(settled)]).toEqual([
    'feedback.too_alike',
    undefined,
  ]);
  const halfAYear = sql`UPDATE feedback_round SET closed_at = closed_at - interval '180 days'`;
  await halfAYear.execute(world.database.db);
});

test('the list of rounds holds what each may read, and nothing else', async () => {
  const { id, path } = await asksEverybody();
  const everybody = [
    subject,
    manager,
    report,
    ...peers,
    ...['director', 'coach', 'stranger'].map(person),
  ];
  for (const who of everybody) {
    const { items } = (await ask(who, '/feedback-rounds')).json as never as {
      items: { id: string }[];
    };
    const isListed = items.some((one) => one.id === id);
    expect([who, isListed]).toEqual([who, (await ask(who, path)).status === 200]);
    const comments = (await ask(who, `/loops/${id}/comments`)).status;
    expect([who, comments]).toEqual([who, isListed ? 200 : 404]);
  }
  expect((await stage.sends(report, `/tasks/${id}`, { choice: 'cancel' })).status).toBe(403);
  for (const choice of ['hold', 'resume', 'cancel']) {
    expect([choice, (await stage.sends(manager, `/tasks/${id}`, { choice })).status]).toEqual([
      choice,
      303,
    ]);
  }
});

test('small groups: who leaves on the way is waited for no longer, and of too few nothing is shown or kept, however late one comes', async () => {
  const { db } = world.database;
  const { id, path } = await asksEverybody();
  const [paris, tokyo, delhi] = peers as [PersonId, PersonId, PersonId];
  // Two beside the manager, of whom one leaves after and one before they answer.
  for (const who of [subject, manager, paris, delhi]) {
    expect((await ask(who, `${path}/answer`, answersOf('beginner', words))).status).toBe(200);
  }
  const left = async (people: readonly PersonId[], at: number | null): Promise<void> =>
    db.transaction().execute(async (tx) => {
      await tx.updateTable('person').set({ left_at: at }).where('id', 'in', people).execute();
      const change = { reason: 'directory', people, at: world.clock.now() } as const;
      await recordCalendarChange(tx, change);
    });
  await left([paris, tokyo], world.clock.now());
  await world.advance(60_000);
  expect(await tasks(id)).toEqual([`${report} feedback.give`]);
  await world.advance(21 * day);
  const before = await seenBy(stage, [subject], [`${path}/report`]);
  expect(before[0]?.[1]).toContain('"groups":[]');
  expect(before[0]?.[1]).not.toContain(words);
  const kept = await sql`SELECT DISTINCT shown_as FROM feedback_answer
    WHERE round_id = ${id}`.execute(db);
  expect(kept.rows).toEqual([{ shown_as: 'self' }]);
  // The one that would have made it three comes too late: it is kept nowhere, and changes nothing.
  const late = await ask(report, `${path}/answer`, answersOf('advanced', 'the third'));
  expect([late.status, late.json['code']]).toEqual([409, 'loop.closed']);
  expect(await seenBy(stage, [subject], [`${path}/report`])).toEqual(before);
  expect((await sql`SELECT FROM feedback_staged`.execute(db)).rows).toEqual([]);
  await left([paris, tokyo], null);
});

test('error texts and logs: an answer that cannot be taken leaves nothing behind, and neither its problem nor the log says what was in it', async () => {
  const { id, path } = await asksEverybody();
  const secret = 'nobody but me knows of Osaka';
  const given = { competency: 'clinical-fluency', level: 'advanced', comment: secret };
  const hostile = {
    'a letter that no database keeps': [{ ...given, comment: `${secret}\u0000` }],
    'half of a letter': [{ ...given, comment: `${secret}\uD800` }],
    'too many words': [{ ...given, comment: secret.repeat(100) }],
    'a competency that there is not': [{ ...given, competency: 'osaka' }],
    'one competency twice': [given, given],
    'a level that there is not': [{ ...given, level: secret }],
    'no answer at all': [],
  };
  for (const [what, answers] of Object.entries(hostile)) {
    const told = await ask(report, `${path}/answer`, { answers });
    const said = JSON.stringify(told);
    expect([what, told.status < 500, said.includes(secret)]).toEqual([what, true, false]);
  }
  const fields = { choice: 'answer', 'level-clinical-fluency': 'advanced' };
  const nul = { ...fields, 'comment-clinical-fluency': `${secret}\u0000` };
  expect((await stage.sends(report, `/tasks/${id}`, nul)).status).toBe(422);
  const rows = await sql`SELECT FROM feedback_answer WHERE round_id = ${id}
    UNION ALL SELECT FROM feedback_staged`.execute(world.database.db);
  expect(rows.rows).toEqual([]);
  expect(await tasks(id)).toContain(`${report} feedback.give`);
  expect(logged.length).toBeGreaterThan(50);
  expect(logged.filter((line) => line.includes(secret))).toEqual([]);
  // Of whoever answers the log has neither name nor address, but only which operation was asked.
  expect(logged.filter((line) => line.includes(report) || line.includes(id))).toEqual([]);
});

test('timing: nothing that is kept tells who answered what, no row, no order, no transaction, no history', async () => {
  const round = await startsRound(world);
  await round.nominates();
  await round.releases();
  await world.advance(day);
  const secret = 'only I could have written this';
  await round.answers(peers[0] as PersonId, answers(1, secret));
  for (const who of [manager, ...peers.slice(1, 3), report]) await round.answers(who, answers(3));

  const { db } = world.database;
  const rows = await sql<{ pseudonym: string; place: string; written: string }>`
    SELECT pseudonym, ctid::text AS place, xmin::text AS written FROM feedback_answer
    WHERE round_id = ${round.id} ORDER BY ctid`.execute(db);
  expect(rows.rows).toHaveLength(10);
  // All of one transaction, placed by a random name: neither says which came first.
  expect(new Set(rows.rows.map(({ written }) => written)).size).toBe(1);
  const placed = rows.rows.map(({ pseudonym }) => pseudonym);
  expect(placed).toEqual(placed.toSorted());
  const staged = await sql`SELECT FROM feedback_staged`.execute(db);
  expect(staged.rows).toEqual([]);

  const holding = (await dumpOf(db)).flatMap(({ table, row }) =>
    row.includes(secret) ? [table] : [],
  );
  expect(holding).toEqual(['feedback_answer']);
  const columns = await sql<{ name: string }>`
    SELECT column_name AS name FROM information_schema.columns
    WHERE table_name = 'feedback_answer' ORDER BY ordinal_position`.execute(db);
  expect(columns.rows.map(({ name }) => name)).toEqual([
    'pseudonym',
    'round_id',
    'shown_as',
    'competency',
    'rank',
    'comment',
  ]);
  const history = await world.client.workflow.getHandle(round.workflowId).fetchHistory();
  expect(JSON.stringify(history)).not.toContain(
    Buffer.from(secret).toString('base64').slice(4, 24),
  );
});

test('a request that is repeated is one answer, and its hash is kept beside nobody', async () => {
  const { id, path } = await asksEverybody();
  const key = { 'idempotency-key': 'the-same-answer-once' };
  const [one, two] = await Promise.all(
    [1, 2].map(() => ask(report, `${path}/answer`, answersOf('advanced', words), key)),
  );
  expect([one?.status, two?.status]).toContain(200);
  const other = await ask(report, `${path}/answer`, answersOf('beginner', 'others'), key);
  expect(other.status).toBe(200);
  const kept = await sql`SELECT FROM feedback_answer WHERE round_id = ${id}`.execute(
    world.database.db,
  );
  expect(kept.rows).toHaveLength(2);
  const hashes = await sql`SELECT DISTINCT body_hash FROM idempotency
    WHERE route = ${`${path}/answer`}`.execute(world.database.db);
  expect(hashes.rows).toHaveLength(1);
});

test('who is only asked reads neither whom else nor the report; offices read nothing at all', async () => {
  const { id, path } = await asksEverybody();
  const seen = await ask(report, path);
  expect(seen.json).toMatchObject({ nominees: null, timeline: [], mine: { group: 'reports' } });
  expect((await ask(report, `${path}/report`)).status).toBe(404);
  for (const other of ['stranger', 'lyon-peer'].map(person)) {
    expect([other, (await ask(other, path)).status]).toEqual([other, 404]);
    expect([other, (await ask(other, `${path}/report`)).status]).toEqual([other, 404]);
    const answered = await ask(other, `${path}/answer`, answersOf('advanced'));
    expect([other, answered.status]).toEqual([other, 404]);
  }
  const { json } = await ask(person('stranger'), `/loops/${id}/notices`);
  expect(json['items'] ?? []).toEqual([]);
  expect((await ask(person('coach'), path)).status).toBe(200);
});

test('whom nobody names in time the manager names, and a round with too few to be shown is not released', async () => {
  const id = await begins();
  const path = `/feedback-rounds/${id}`;
  await world.advance(7 * day);
  expect(await tasks(id)).toEqual([`${manager} feedback.release`]);
  const codeOf = async (list: readonly object[]) =>
    (await ask(manager, `${path}/release`, { nominees: list })).json['code'];
  const [first] = nominees;
  expect(await codeOf([first as object])).toBe('feedback.too_few');
  expect(await codeOf([...nominees, first as object])).toBe('feedback.named_twice');
  expect(await codeOf([...nominees, { person: subject, group: 'peers' }])).toBe(
    'feedback.subject_named',
  );
  expect(await codeOf([...nominees, { person: manager, group: 'peers' }])).toBe(
    'feedback.manager_named',
  );
  expect(await codeOf([...nominees, { person: 'nobody', group: 'peers' }])).toBe('person.unknown');
  const again = await ask(manager, '/feedback-rounds', { subject, closesOn: dayAfter(20) });
  expect(again).toMatchObject({ status: 409, json: { code: 'feedback.already_open' } });
});

test('nobody is asked for a third answer in a fortnight, whoever asks', async () => {
  const about = [subject, peers[3] as PersonId, person('coach')];
  const rounds = [];
  for (const one of about) {
    const round = await startsRound(world, one);
    await round.nominates();
    await round.releases();
    rounds.push(round);
  }
  await world.advance(day);
  const askedOf = async (id: LoopId): Promise<boolean> =>
    (await tasks(id)).includes(`${peers[2]} feedback.give`);
  expect(await Promise.all(rounds.map(({ id }) => askedOf(id)))).toEqual([true, true, false]);
  await leaveBehind(
    world,
    rounds.slice(0, 2).map(({ id }) => id),
  );
  await world.advance(14 * day);
  expect(await askedOf(rounds[2]?.id as LoopId)).toBe(true);
});
