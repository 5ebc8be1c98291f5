/** A practice that is called back while it is being read: whoever had it is told, at once, and nobody gets it after. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loops } from '../../activities/loops.ts';
import { createRecord } from '../../activities/record.ts';
import { insertContent } from '../../db/contents.ts';
import { recordDelivery } from '../../db/practice-deliveries.ts';
import { sourceHashes } from '../../db/practice-hashes.ts';
import { recallsOf } from '../../db/practice-list.ts';
import { recall, recallBatchMax, tellRecalls } from '../../db/practice-recalls.ts';
import { practiceContents } from '../../domain/exchange/practice.ts';
import type { ContentId, NoticeId, PersonId } from '../../domain/id.ts';
import { practiceRules } from '../../domain/practice/decide.ts';
import type { PracticeCommand } from '../../domain/practice/state.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { givenExchangePeople, munich, osaka, rio } from '../support/exchange-people.ts';
import { portuguese } from '../support/practice-story.ts';
import { recordedLoop } from '../support/recorded-loop.ts';
import { nextMonday, storyClock } from '../support/story-clock.ts';

const clock = storyClock(nextMonday() + 9 * 3_600_000);
const started: NoticeId[] = [];
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await givenExchangePeople(database.db, clock.now());
});
afterAll(() => database.drop());

let number = 0;
async function written(kind: keyof typeof practiceContents, body: object): Promise<ContentId> {
  const id = `00000000-0000-4000-8000-${String(++number).padStart(12, '0')}` as ContentId;
  const row = { id, author: rio.author, kind: practiceContents[kind], body, at: clock.now() };
  await insertContent(database.db, row);
  return id;
}

/** Cleared in Germany and Japan. */
async function given() {
  const record = createRecord({
    db: database.db,
    clock,
    loops,
    startDeliveries: (ids) => void started.push(...ids),
  });
  const practice = recordedLoop({ record, clock }, practiceRules);
  const steps: PracticeCommand[] = [
    {
      type: 'draft',
      actor: rio.author,
      author: rio.author,
      terms: {
        kind: 'win',
        competency: 'clinical-fluency',
        isAuthorHidden: false,
        locale: 'pt-BR',
        countries: ['DE', 'JP'],
        products: ['stent'],
        roles: [],
        isForPartners: true,
        content: await written('source', portuguese),
        hashes: sourceHashes(portuguese, 'pt-BR'),
      },
    },
    { type: 'submit', actor: rio.author },
    ...[
      { country: 'DE', ...munich },
      { country: 'JP', ...osaka },
    ].flatMap(({ country, doctor, officer }): PracticeCommand[] =>
      (['clinical', 'compliance'] as const).map((kind) => ({
        type: 'review',
        actor: kind === 'clinical' ? doctor : officer,
        kind,
        country,
        product: 'stent',
        isApproved: true,
        version: 1,
        note: null,
      })),
    ),
  ];
  for (const command of steps) expect(await practice.does(command)).toBe('recorded');
  return practice;
}

type Practice = Awaited<ReturnType<typeof given>>;

const withdraws = async (practice: Practice): Promise<string> =>
  practice.does({
    type: 'withdraw',
    actor: munich.officer,
    severity: 'safety',
    note: await written('note', { text: 'The valve may stick.' }),
  });

const delivers = ({ id }: Practice, person: PersonId) =>
  database.db
    .transaction()
    .execute((tx) => recordDelivery(tx, { practice: id, person, via: 'page', at: clock.now() }));

const recalled = async ({ id }: Practice) => {
  const rows = await database.db
    .selectFrom('practice_recall_recipient')
    .select(['person_id', 'notice_id'])
    .where('practice_id', '=', id)
    .orderBy('person_id')
    .execute();
  return rows.map((row) => ({ person: row.person_id, notice: row.notice_id }));
};

test('a recall is on its way with the commit that withdraws, and not with the next sweep', async () => {
  const practice = await given();
  expect(await delivers(practice, munich.partner)).not.toBeNull();
  expect(await delivers(practice, osaka.seller)).not.toBeNull();
  started.length = 0;
  expect(await withdraws(practice)).toBe('recorded');
  const told = await recalled(practice);
  expect(told.map(({ person }) => person)).toEqual([munich.partner, osaka.seller]);
  expect(started).toEqual(expect.arrayContaining(told.map(({ notice }) => notice)));
});

test('a withdrawal ends however many it has to tell, and each of them is told once, whoever goes on with it', async () => {
  const { db } = database;
  const practice = await given();
  const readers = recallBatchMax * 2 + 100;
  await delivers(practice, munich.seller);
  await sql`INSERT INTO person SELECT (jsonb_populate_record(p, jsonb_build_object(
      'id', 'reader-' || n, 'email', 'reader-' || n || '@example.com'))).*
    FROM person p, generate_series(1, ${readers}::int) n WHERE p.id = ${munich.seller}`.execute(db);
  await sql`INSERT INTO practice_delivery SELECT (jsonb_populate_record(d, jsonb_build_object(
      'person_id', 'reader-' || n))).*
    FROM practice_delivery d, generate_series(1, ${readers}::int) n
    WHERE d.practice_id = ${practice.id}`.execute(db);
  expect(await withdraws(practice)).toBe('recorded');
  expect(await recalled(practice)).toHaveLength(recallBatchMax);
  expect(await recallsOf(db, practice.id)).toMatchObject([{ toldAllAt: null }]);
  await Promise.all([tellRecalls(db, clock.now()), tellRecalls(db, clock.now())]);
  const told = await recalled(practice);
  expect(new Set(told.map(({ notice }) => notice)).size).toBe(readers + 1);
  expect(told).toHaveLength(readers + 1);
  expect(await recallsOf(db, practice.id)).toMatchObject([
    { recipients: readers + 1, toldAllAt: clock.now() },
  ]);
  expect(await tellRecalls(db, clock.now())).toEqual({ told: 0 });
});

test('of deliveries under way while it is withdrawn, each was there and is told, or is none', async () => {
  const readers = [munich.seller, munich.partner, munich.doctor, osaka.seller, osaka.other];
  for (let round = 0; round < 12; round++) {
    const practice = await given();
    const order = round % readers.length;
    const deliveries = readers.map((reader) => () => delivers(practice, reader));
    const acts = [
      ...deliveries.slice(0, order),
      () => withdraws(practice),
      ...deliveries.slice(order),
    ];
    const answers = await Promise.all(acts.map((act) => act()));
    const read = readers.filter((_, index) => answers[index < order ? index : index + 1] !== null);
    const told = (await recalled(practice)).map(({ person }) => person);
    expect(told.toSorted()).toEqual(read.toSorted());
    expect(await delivers(practice, munich.seller)).toBeNull();
  }
});

test('a correction is told to whoever had a text of before, in the language that they read it in last, and to nobody who has only the new one', async () => {
  const { db } = database;
  const practice = await given();
  await delivers(practice, munich.seller);
  const content = await written('translation', { ...portuguese, title: 'Nachsorge' });
  const had = (person: PersonId, version: number, locale: string) =>
    db
      .insertInto('practice_delivery')
      .values({
        practice_id: practice.id,
        person_id: person,
        version,
        locale,
        via: 'digest',
        at: clock.now() + 1_000,
        last_at: clock.now() + 1_000,
        content_id: content,
      })
      .execute();
  await had(munich.seller, 1, 'fr');
  await had(osaka.seller, 2, 'ja');
  const called = { kind: 'corrected', severity: 'important', beforeVersion: 2 } as const;
  const [notice, ...more] = await db
    .transaction()
    .execute((tx) => recall(tx, { id: practice.id, at: clock.now(), ...called }));
  expect(more).toEqual([]);
  expect(
    await db
      .selectFrom('notice')
      .select(['recipient_id', 'locale', 'params'])
      .where('id', '=', notice!)
      .execute(),
  ).toMatchObject([
    { recipient_id: munich.seller, locale: 'fr', params: { title: { title: content } } },
  ]);
});
