/** What a digest tells, what counts as received of it, and what comes of a digest that cannot be made. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Channel } from '../../channels/channel.ts';
import { lockDigests } from '../../db/digests.ts';
import { recordDelivery } from '../../db/practice-deliveries.ts';
import { recall } from '../../db/practice-recalls.ts';
import type { PersonId } from '../../domain/id.ts';
import { readingMinutes } from '../../locales/reading.ts';
import { givenPractice } from '../support/markets.ts';
import { digestStage, type DigestStage, unknownFate, refusal } from '../support/digest-stage.ts';

let stage: DigestStage;
beforeAll(async () => {
  stage = await digestStage();
  await stage.collect(); // whoever is new is planned
});
afterAll(() => stage.stop());

test('a text whose approval has gone is not sent again, and whoever may have had it is told of it', async () => {
  const { db } = stage.database;
  const practice = await givenPractice(db, {
    author: 'ana',
    publishedAt: stage.clock.now(),
    countries: ['US'],
    locale: 'pt-BR',
    text: { title: 'Duas vezes por dia' },
    translations: { en: { title: 'Ten times a day' } },
  });
  stage.goTo('2027-04-01T13:04:00Z');
  await stage.collect();
  const due = stage.planned;
  await expect(
    stage.deliverAll({ ...stage.email, send: () => Promise.resolve(unknownFate) }),
  ).rejects.toThrow('down');
  const { status } = await db
    .updateTable('practice_translation')
    .set({ status: 'proposed', approved_at: null, approved_for: [] })
    .where('practice_id', '=', practice)
    .returning('status')
    .executeTakeFirstOrThrow();
  expect(status).toBe('proposed');
  stage.planned = due;
  expect(await stage.deliverAll()).toEqual(['sent']);
  expect(stage.mailsTo('john').at(-1)?.text).toContain('Duas vezes por dia');
  expect(stage.mailsTo('john').at(-1)?.text).not.toContain('Ten times a day');
  const had = (await stage.deliveries('john')).filter((one) => one.practice === practice);
  expect(had.map(({ locale }) => locale).toSorted()).toEqual(['en', 'pt-BR']);
});

test('what was clearly refused has reached nobody, and is recalled from nobody until it goes out', async () => {
  const { db } = stage.database;
  const practice = await givenPractice(db, {
    author: 'ana',
    publishedAt: stage.clock.now(),
    countries: ['US'],
  });
  const called = { kind: 'withdrawn', severity: 'safety', beforeVersion: 2 } as const;
  const told = () =>
    db.transaction().execute(async (tx) => {
      const notices = await recall(tx, { id: practice, at: stage.clock.now(), ...called });
      await tx
        .deleteFrom('practice_recall_recipient')
        .where('practice_id', '=', practice)
        .execute();
      await tx.deleteFrom('practice_recall').where('practice_id', '=', practice).execute();
      return notices.length;
    });
  stage.goTo('2027-04-15T13:04:00Z');
  await stage.collect();
  const due = stage.planned;
  await expect(
    stage.deliverAll({ ...stage.email, send: () => Promise.resolve(refusal) }),
  ).rejects.toThrow('450');
  expect(await told()).toBe(0);
  stage.planned = due;
  expect(await stage.deliverAll()).toEqual(['sent']);
  expect(await told()).toBe(1);
});

test('who read one text in two languages is told in that of the last time', async () => {
  const { db } = stage.database;
  const practice = await givenPractice(db, {
    author: 'ana',
    publishedAt: stage.clock.now(),
    countries: ['US'],
    locale: 'pt-BR',
    translations: { en: {}, de: {} },
  });
  const person = 'john' as PersonId;
  for (const [minutes, locale] of ['en', 'de', 'en'].entries()) {
    await db.updateTable('person').set({ locale }).where('id', '=', person).execute();
    const at = stage.clock.now() + minutes * 60_000;
    await db
      .transaction()
      .execute((tx) => recordDelivery(tx, { practice, person, via: 'page', at }));
  }
  const called = { kind: 'withdrawn', severity: 'safety', beforeVersion: 2 } as const;
  const [notice] = await db
    .transaction()
    .execute((tx) => recall(tx, { id: practice, at: stage.clock.now(), ...called }));
  const { locale } = await db
    .selectFrom('notice')
    .select('locale')
    .where('id', '=', notice!)
    .executeTakeFirstOrThrow();
  expect(locale).toBe('en');
});

test('what limits a practice is read before what was done, and an item takes two minutes whatever it holds', async () => {
  const { db } = stage.database;
  const long = 'They counted every stent twice and wrote it down. '.repeat(200);
  const given = { author: 'ana', publishedAt: stage.clock.now(), countries: ['US'] };
  await givenPractice(db, {
    ...given,
    text: { action: long, indication: 'Not for children.' },
    notes: { US: 'By cardiologists alone.', DE: 'Not for this reader.' },
  });
  await givenPractice(db, { ...given, text: { indication: long, action: 'Cut with the rest.' } });
  stage.goTo('2027-04-22T13:04:00Z');
  await stage.collect();
  await stage.deliverAll();
  const text = stage.mailsTo('john').at(-1)?.text ?? '';
  expect(text).toMatch(
    /Not for children\.[^a-z]+By cardiologists alone\.[^a-z]+The theatre team[^]*counted every stent/u,
  );
  expect(text).not.toContain('Not for this reader.');
  expect(text).not.toContain('Cut with the rest.');
  const [, ...items] = text.split('\n\n\n');
  expect(items).toHaveLength(2);
  const words = items.map((item) => item.split('\n\n').filter((one) => one.includes('stent')));
  for (const told of words) expect(readingMinutes(told.join(' '), 'en')).toBeGreaterThan(1.5);
  for (const told of words) expect(readingMinutes(told.join(' '), 'en')).toBeLessThanOrEqual(2);
});

test('whoever is just being planned is planned again with what was said meanwhile', async () => {
  const { db } = stage.database;
  const replans = () =>
    db.selectFrom('digest_replan').selectAll().where('person_id', '=', 'anna').execute();
  await stage.collect();
  await db.transaction().execute(async (tx) => {
    expect(await lockDigests(tx, 'anna' as PersonId)).toBe(true);
    await stage.wishes('anna', { every: 'day', weekday: 1, minute: 660 });
    expect(await stage.collect()).toMatchObject({ planned: 0, hasMore: false });
  });
  expect(await replans()).toHaveLength(1);
  expect(await stage.collect()).toMatchObject({ planned: 1 });
  expect(await replans()).toEqual([]);
});

test('one whose digest cannot be made keeps nobody from theirs, and the tick fails for all to see', async () => {
  const { db } = stage.database;
  await sql`CREATE FUNCTION refuse_digest() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'poisoned'; END $$`.execute(db);
  await sql`CREATE TRIGGER refuse_digest BEFORE INSERT OR UPDATE ON digest_plan FOR EACH ROW
    WHEN (NEW.person_id = 'anna') EXECUTE FUNCTION refuse_digest()`.execute(db);
  for (const person of ['anna', 'kenji']) {
    await stage.wishes(person, { every: 'week', weekday: 4, minute: 555 });
  }
  await expect(stage.collect()).rejects.toThrow('the digests of 1 people could not be made');
  const left = await db.selectFrom('digest_replan').select('person_id').execute();
  expect(left.map((row) => row.person_id)).toEqual(['anna']);
  await sql`DROP FUNCTION refuse_digest CASCADE`.execute(db);
  expect(await stage.collect()).toMatchObject({ planned: 1 });
});

test('a digest that may have arrived at an address its reader has no more goes to the new one, and names no other', async () => {
  const { db } = stage.database;
  const publishedAt = stage.clock.now();
  await givenPractice(db, { author: 'ana', publishedAt, countries: ['US'] });
  const livesAt = (email: string) =>
    db.updateTable('person').set({ email }).where('id', '=', 'john').execute();
  stage.goTo('2027-07-15T13:04:00Z');
  await stage.collect();
  const due = stage.planned;
  const send: Channel['send'] = async () => unknownFate;
  await expect(stage.deliverAll({ ...stage.email, send })).rejects.toThrow('down');
  await livesAt('john-now@example.test');
  stage.planned = due;
  expect(await stage.deliverAll()).toEqual(['sent']);
  const raws = stage.mailsTo('john-now').map(({ raw }) => raw.toString());
  expect(raws.map((raw) => raw.includes('john@example.test'))).toEqual([false]);
  await livesAt('john@example.test');
});

test('a digest that goes where others may read it tells that it is ready, and of no practice; what is in it counts as received', async () => {
  const { db } = stage.database;
  const publishedAt = stage.clock.now();
  const told = { author: 'ana', publishedAt, countries: ['US'], text: { title: 'Warm it first' } };
  const practice = await givenPractice(db, told);
  stage.goTo('2027-07-29T13:04:00Z');
  await stage.collect();
  expect(await stage.deliverAll({ ...stage.email, isRoom: true })).toEqual(['sent']);
  const { text = '', html = '', raw } = stage.mailsTo('john').at(-1) ?? {};
  expect(text).toContain('names and details are left out');
  expect(`${text}${html}${raw?.toString()}`).not.toContain('Warm it first');
  expect((await stage.deliveries('john')).map((one) => one.practice)).toContain(practice);
});

test('what somebody works on now and what they have yet to learn come first and say so, and five at most with how many more', async () => {
  const { db } = stage.database;
  const given = { author: 'ana', countries: ['US'], publishedAt: stage.clock.now() };
  const others = [1, 2, 3, 4, 5];
  await givenPractice(db, { ...given, publishedAt: 2, text: { title: 'For open work' } });
  const competency = 'partner-management';
  const learned = { ...given, competency, product: 'pump', text: { title: 'For a gap' } };
  await givenPractice(db, { ...learned, publishedAt: 1 });
  for (const nth of others) {
    await givenPractice(db, { ...given, product: 'pump', text: { title: `Other ${nth}` } });
  }
  const clinic = { id: 'clinic', name: 'Clinic', team_id: 'america-own', products: ['stent'] };
  await db.transaction().execute(async (tx) => {
    const sites = [{ name: 'Site', zone: 'UTC' }];
    await tx
      .insertInto('account')
      .values({ ...clinic, countries: ['US'], sites })
      .execute();
    const custody = { account_id: 'clinic', owner_id: 'ana', period: '[2027-01-01,)' };
    await tx.insertInto('custody').values(custody).execute();
  });
  const handoff = { id: randomUUID(), loop: 'handoff', account_id: 'clinic' };
  await db.insertInto('loop_instance').values(handoff).execute();
  await db.insertInto('loop_party').values({ loop_id: handoff.id, person_id: 'john' }).execute();
  const gap = { id: randomUUID(), person_id: 'john', competency, target: 'advanced' };
  await db
    .insertInto('competency_gap')
    .values({ ...gap, found_at: stage.clock.now() })
    .execute();
  stage.goTo('2027-08-05T13:04:00Z');
  await stage.collect();
  expect(await stage.deliverAll()).toEqual(['sent']);
  const text = (stage.mailsTo('john').at(-1)?.text ?? '').replace(/[\u2068\u2069]/g, '');
  expect(text).toMatch(
    /For open work[^]*with Clinic, which you are working on[^]*For a gap[^]*you are developing/,
  );
  expect(text.match(/Other \d/g)).toHaveLength(3);
  expect(text).toContain('Others that fit you, for another time: 2');
  // What found no place comes with the next.
  stage.goTo('2027-08-12T13:04:00Z');
  await stage.collect();
  await stage.deliverAll();
  const next = stage.mailsTo('john').at(-1)?.text ?? '';
  expect([next.match(/Other \d/g)?.length, next.includes('for another time')]).toEqual([2, false]);
});
