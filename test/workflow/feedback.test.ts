/** Rounds of feedback on the real server: asked a few at a time, and answered by nobody that could be named. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { LoopId, PersonId } from '../../domain/id.ts';
import {
  answers,
  feedbackWorld,
  manager,
  nominees,
  peers,
  report,
  startsRound,
  subject,
} from '../support/feedback-story.ts';
import { person } from '../support/people.ts';
import { served, type ServedWorld } from '../support/served-world.ts';
import type { World } from '../support/world.ts';

const day = 86_400_000;
let world: World;
let ask: ServedWorld['ask'];

beforeAll(async () => {
  world = await feedbackWorld();
  ({ ask } = await served(world));
});
afterAll(() => world.stop());
// So that nobody has been asked too much before.
beforeEach(() => world.advance(15 * day));

const tasks = async (id: string): Promise<readonly string[]> =>
  (
    await world.database.db
      .selectFrom('task')
      .select(['person_id', 'kind'])
      .where('loop_id', '=', id)
      .where('closed_at', 'is', null)
      .orderBy('person_id')
      .execute()
  ).map(({ person_id: who, kind }) => `${who} ${kind}`);

const dayAfter = (days: number): string =>
  new Date(world.clock.now() + days * day).toISOString().slice(0, 10);

async function begins(about = subject): Promise<string> {
  const started = await ask(manager, '/feedback-rounds', {
    subject: about,
    closesOn: dayAfter(20),
  });
  expect(started.status).toBe(201);
  return String(started.json['id']);
}

const words = 'Sie fragt zuerst, wie andere arbeiten.';
const answersOf = (level: string, comment?: string) => ({
  answers: [
    { competency: 'cross-border-teamwork', level, ...(comment && { comment }) },
    { competency: 'clinical-fluency', level },
  ],
});

test('who was named and settled is asked, and nothing is shown before the round is closed', async () => {
  const id = await begins();
  const path = `/feedback-rounds/${id}`;
  expect(await tasks(id)).toEqual([`${subject} feedback.nominate`]);
  const named = { nominees };
  expect((await ask(subject, `${path}/nominate`, named)).json['status']).toBe('reviewing');
  expect((await ask(manager, `${path}/release`, named)).json['status']).toBe('open');
  await world.advance(day);
  expect(await tasks(id)).toHaveLength(6);

  for (const who of [subject, manager, ...peers.slice(0, 3), report]) {
    const level = who === subject ? 'advanced' : 'beginner';
    const comment = who === peers[1] ? words : undefined;
    const told = await ask(who, `${path}/answer`, answersOf(level, comment));
    expect([who, told.status, told.json['mine']]).toMatchObject([who, 200, { status: 'answered' }]);
    const early = await ask(manager, `${path}/report`);
    expect([early.status, early.json['code']]).toEqual([409, 'feedback.still_open']);
  }
  const twice = await ask(report, `${path}/answer`, answersOf('advanced'));
  expect([twice.status, twice.json['code']]).toEqual([409, 'feedback.already_answered']);
  await world.advance(21 * day);

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
  });
  expect(String(teamwork?.['sentence'])).toContain('blinder Fleck');
});

test('nothing that is kept tells who answered what: no row, no order, no transaction, no history', async () => {
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

  const tables = await sql<{ name: string }>`
    SELECT table_name AS name FROM information_schema.tables
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`.execute(db);
  const holding: string[] = [];
  for (const { name } of tables.rows) {
    const found = await sql`SELECT FROM ${sql.table(name)} t
      WHERE t::text LIKE ${`%${secret}%`} LIMIT 1`.execute(db);
    if (found.rows.length > 0) holding.push(name);
  }
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
  await round.send({ type: 'cancel', actor: manager });
});

test('a request that is repeated is one answer, and its hash is kept beside nobody', async () => {
  const id = await begins();
  const path = `/feedback-rounds/${id}`;
  await ask(subject, `${path}/nominate`, { nominees });
  await ask(manager, `${path}/release`, { nominees });
  await world.advance(day);
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
  const hashes = await sql<{ n: number }>`
    SELECT count(DISTINCT body_hash)::int AS n FROM idempotency WHERE route = ${`${path}/answer`}`.execute(
    world.database.db,
  );
  expect(hashes.rows[0]?.n).toBe(1);
  await ask(manager, `${path}/cancel`, {});
});

test('who is only asked reads neither whom else nor the report; offices read nothing at all', async () => {
  const id = await begins();
  const path = `/feedback-rounds/${id}`;
  await ask(subject, `${path}/nominate`, { nominees });
  await ask(manager, `${path}/release`, { nominees });
  await world.advance(day);
  const seen = await ask(report, path);
  expect(seen.json).toMatchObject({ nominees: null, timeline: [], mine: { group: 'reports' } });
  expect((await ask(report, `${path}/report`)).status).toBe(404);
  for (const other of ['stranger', 'lyon-peer'].map(person)) {
    expect([other, (await ask(other, path)).status]).toEqual([other, 404]);
    expect([other, (await ask(other, `${path}/report`)).status]).toEqual([other, 404]);
    const answered = await ask(other, `${path}/answer`, answersOf('advanced'));
    expect([other, answered.status]).toEqual([other, 404]);
  }
  const told = await ask(person('stranger'), `/loops/${id}/notices`);
  expect(told.json['items'] ?? []).toEqual([]);
  expect((await ask(person('coach'), path)).status).toBe(200);
  await ask(manager, `${path}/cancel`, {});
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
  expect([again.status, again.json['code']]).toEqual([409, 'feedback.already_open']);
  await ask(manager, `${path}/cancel`, {});
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
  await world.advance(14 * day);
  expect(await askedOf(rounds[2]?.id as LoopId)).toBe(true);
  for (const round of rounds) await round.send({ type: 'cancel', actor: manager });
});
