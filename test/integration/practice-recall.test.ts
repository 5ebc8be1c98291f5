/** A practice that is called back while it is being read: whoever had it is told, at once, and nobody gets it after. */
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { applyChange } from '../../db/apply-change.ts';
import { readableTexts } from '../../db/practice-deliveries.ts';
import { sourceHashes } from '../../db/practice-hashes.ts';
import { recallsOf } from '../../db/practice-list.ts';
import { recall, recallBatchMax, tellRecalls } from '../../db/practice-recalls.ts';
import type { PersonId } from '../../domain/id.ts';
import type { PracticeCommand, Terms } from '../../domain/practice/state.ts';
import { boston, munich, osaka, rio } from '../support/exchange-people.ts';
import { german, portuguese } from '../support/practice-story.ts';
import {
  clock,
  database,
  delivers,
  given,
  messages,
  type Practice,
  recalled,
  recallStage,
  started,
  termsOf,
  withdraws,
  written,
} from '../support/recall-stage.ts';

recallStage();

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

const everybody = [
  munich.seller,
  munich.partner,
  munich.doctor,
  osaka.seller,
  osaka.other,
  boston.seller,
];

/** Whoever had it and may not read it now, by the rows of deliveries and by what they would be delivered. */
async function lostIt({ id }: Practice): Promise<readonly PersonId[]> {
  const rows = await database.db
    .selectFrom('practice_delivery')
    .select('person_id')
    .distinct()
    .where('practice_id', '=', id)
    .orderBy('person_id')
    .execute();
  const people = rows.map((row) => row.person_id as PersonId);
  const readable = await Promise.all(
    people.map(async (person) => (await readableTexts(database.db, person, [id])).has(id)),
  );
  return people.filter((_, index) => !readable[index]);
}

const narrower: readonly [string, Partial<Terms>, readonly PersonId[]][] = [
  ['a country', { countries: ['JP'] }, [munich.doctor, munich.partner, munich.seller]],
  ['partners', { isForPartners: false }, [munich.partner]],
  [
    'roles',
    { roles: ['clinical-reviewer'] },
    [munich.partner, munich.seller, osaka.other, osaka.seller],
  ],
];

test.each(narrower)(
  'whoever had what is no longer for them is told, and nobody who may still read it: without %s',
  async (_, fewer, people) => {
    for (const severity of ['safety', null] as const) {
      const practice = await given();
      for (const reader of everybody) await delivers(practice, reader);
      const note = await written('note', { text: 'Not in this clinic.' });
      const revised = await practice.does({
        type: 'revise',
        actor: rio.author,
        terms: { ...practice.state.terms!, ...fewer },
        correction: severity && { severity, note },
      });
      expect(revised).toBe('recorded');
      expect(await lostIt(practice)).toEqual(people);
      const told = await messages(practice);
      expect(told.map((row) => row.person_id)).toEqual(people);
      const urgency = severity === 'safety' ? 'now' : 'working';
      for (const row of told) {
        expect(row).toMatchObject({
          key: 'practice.recall_narrowed',
          severity: severity ?? 'information',
          urgency,
          locale: 'pt-BR',
        });
      }
    }
  },
);

test('whoever a corrected text is no longer for is not told to wait for the new one', async () => {
  const practice = await given();
  for (const reader of [munich.seller, osaka.seller]) await delivers(practice, reader);
  const text = { ...portuguese, result: 'O retorno subiu de 50 % para 80 %.' };
  const more = {
    countries: ['JP'],
    content: await written('source', text),
    hashes: sourceHashes(text, 'pt-BR'),
  };
  const note = await written('note', { text: 'It was 80.' });
  const terms = await termsOf(more);
  const correction = { severity: 'important', note } as const;
  expect(await practice.does({ type: 'revise', actor: rio.author, terms, correction })).toBe(
    'recorded',
  );
  expect((await messages(practice)).map(({ person_id, key }) => [person_id, key])).toEqual([
    [munich.seller, 'practice.recall_narrowed'],
    [osaka.seller, 'practice.recall_corrected'],
  ]);
});

test('a translation that was wrong is called back by itself, from whoever read it and in its language', async () => {
  const practice = await given();
  await delivers(practice, munich.doctor);
  const content = await written('translation', german);
  const sourceHash = practice.state.terms!.hashes.text;
  const about = { locale: 'de', content, sourceHash } as const;
  const note = await written('note', { text: 'The dose is wrong.' });
  const steps: PracticeCommand[] = [
    { type: 'translate', actor: munich.translator, ...about },
    { type: 'approveTranslation', actor: munich.officer, ...about, countries: ['DE'] },
  ];
  for (const command of steps) expect(await practice.does(command)).toBe('recorded');
  for (const reader of [munich.seller, munich.partner, osaka.seller]) {
    await delivers(practice, reader);
  }
  const refuse = { type: 'refuseTranslation', actor: munich.officer, locale: 'de', content, note };
  expect(await practice.does(refuse as PracticeCommand)).toBe('practice.severity_missing');
  expect(await practice.does({ ...refuse, severity: 'safety' } as PracticeCommand)).toBe(
    'recorded',
  );
  expect(await messages(practice)).toMatchObject(
    [munich.partner, munich.seller].map((person_id) => ({
      person_id,
      key: 'practice.recall_mistranslated',
      urgency: 'now',
      locale: 'de',
      params: { title: { title: content } },
    })),
  );
  expect(await delivers(practice, munich.seller)).toMatchObject({ locale: 'pt-BR' });
});

test('a product that loses its clearance is told to whoever had something on it there, and to each once', async () => {
  const { db } = database;
  const [practice, unread] = [await given(), await given()];
  for (const reader of everybody) await delivers(practice, reader);
  await db
    .updateTable('account')
    .set({ countries: ['DE', 'JP'] })
    .execute();
  const loses = async (number: number, countries: readonly string[]) => {
    const id = `00000000-0000-4000-9000-00000000000${number}`;
    const change = { kind: 'clearance_lost', product: 'stent', countries };
    const asked = { scheduled_by: rio.manager, scheduled_at: 0, from_day: '2026-11-01', at: 0 };
    await db
      .insertInto('directory_change')
      .values({ id, kind: 'clearance_lost', change, ...asked })
      .execute();
    expect(await applyChange(db, { id, at: clock.now() })).toBe('applied');
    await tellRecalls(db, clock.now());
  };
  const inGermany = [munich.doctor, munich.partner, munich.seller];
  await loses(1, ['DE']);
  expect(await lostIt(practice)).toEqual(inGermany);
  expect(await messages(practice)).toMatchObject(
    inGermany.map((person_id) => ({
      person_id,
      key: 'practice.recall_uncleared',
      params: { product: 'stent', country: { country: 'DE' } },
    })),
  );
  await loses(2, []);
  expect((await messages(practice)).map(({ person_id }) => person_id)).toEqual([
    ...inGermany,
    osaka.other,
    osaka.seller,
  ]);
  expect(await lostIt(practice)).toEqual([...inGermany, osaka.other, osaka.seller]);
  expect(await messages(unread)).toEqual([]);
});
