/** A practice's story on the real server, in virtual time: each guarantee of its loop once. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { wordsOf } from '../../activities/compose-notice.ts';
import { createProposeTranslations } from '../../activities/practice/propose-translations.ts';
import { comment } from '../../api/comments/write-comment.ts';
import { loadActor } from '../../db/actors.ts';
import type { BundledNotice } from '../../db/bundles.ts';
import { listNotices } from '../../db/notice-list.ts';
import { practiceContents } from '../../domain/exchange/practice.ts';
import type { PersonId } from '../../domain/id.ts';
import { recipientFor } from '../../locales/render.ts';
import { boston, munich, osaka, rio } from '../support/exchange-people.ts';
import { inbox } from '../support/handoff-story.ts';
import {
  drafts,
  german,
  japanese,
  portuguese,
  practiceWorld,
  type PracticeStory,
  refusalIn,
  refusalOf,
  terms,
} from '../support/practice-story.ts';
import type { World } from '../support/world.ts';

const day = 86_400_000;
let world: World;
beforeAll(async () => {
  world = await practiceWorld();
});
afterAll(() => world.stop());

const told = async ({ id }: PracticeStory, key: string) => {
  const rows = await world.database.db
    .selectFrom('notice')
    .select(['recipient_id', 'locale', 'urgency'])
    .where('loop_id', '=', id)
    .where('key', '=', key)
    .orderBy('recipient_id')
    .execute();
  return rows.map(({ recipient_id: person, locale, urgency }) => ({ person, locale, urgency }));
};

const nothingSaid = { sentences: [{ text: null }, { text: null }] };
const ends = { severity: 'safety', text: 'The valve may stick.' } as const;

test('cleared in Germany and Japan but not in the United States, tried, failed, and called back from exactly those who had it', async () => {
  const practice = await drafts(world);
  expect(await refusalOf(practice.reads(munich.doctor))).toBe('request.not_found');
  await practice.isCleared();
  await practice.isTranslated('de', munich.doctor);

  const inMunich = await practice.reads(munich.seller);
  expect(inMunich).toMatchObject({ locale: 'de', isFallback: false, work: null });
  expect(inMunich.text?.title).toBe('Nachsorge nach 30 Tagen mit CardioFlow');
  expect(await practice.reads(munich.partner)).toMatchObject({ locale: 'de' });
  // What anybody proposes waits beside what is approved, and nobody reads it.
  const junk = { ...german, version: 1, locale: 'de', title: 'Unsinn mit 30 CardioFlow' };
  await practice.does(munich.partner, 'translate', junk);
  expect((await practice.reads(munich.seller)).text?.title).toBe(german.title);
  const texts = (await practice.reads(rio.author)).work?.translations;
  expect(texts?.map(({ locale, status }) => `${locale} ${status}`)).toEqual([
    'de proposed',
    'de approved',
    'en missing',
    'ja missing',
  ]);
  const inOsaka = await practice.reads(osaka.seller);
  expect(inOsaka).toMatchObject({ locale: 'pt-BR', isFallback: true });
  expect(await refusalOf(practice.reads(boston.seller))).toBe('request.not_found');
  expect(await refusalOf(practice.does(boston.seller, 'judge', { verdict: 'worked' }))).toBe(
    'request.not_found',
  );

  await practice.does(munich.seller, 'judge', { verdict: 'worked', text: 'In 3 Kliniken.' });
  const judged = await practice.does(osaka.seller, 'judge', { verdict: 'failed' });
  expect(judged.reports).toMatchObject({ counts: { worked: 1, failed: 1 }, points: -37 });
  const { sentences } = (await practice.reads(rio.author)).reports;
  expect(sentences.map(({ region, text }) => `${region.id}: ${text}`).toSorted()).toEqual([
    'dach: In 3 Kliniken.',
    'japan: null',
  ]);
  // What nobody has reviewed leaves to no reader, who proposed a translation neither.
  for (const reader of [osaka.seller, munich.partner, munich.seller])
    expect(await practice.reads(reader)).toMatchObject({ work: null, reports: nothingSaid });

  await practice.does(munich.officer, 'withdraw', ends);
  expect(await told(practice, 'practice.recall_withdrawn')).toEqual([
    { person: munich.doctor, locale: 'pt-BR', urgency: 'now' },
    { person: munich.partner, locale: 'de', urgency: 'now' },
    { person: munich.seller, locale: 'de', urgency: 'now' },
    { person: munich.translator, locale: 'pt-BR', urgency: 'now' },
    { person: osaka.seller, locale: 'pt-BR', urgency: 'now' },
  ]);
  const toOsaka = await world.database.db
    .selectFrom('notice')
    .select(['id', 'loop_id as loopId', 'key', 'params', 'locale'])
    .where('loop_id', '=', practice.id)
    .where('recipient_id', '=', osaka.seller)
    .where('key', '=', 'practice.recall_withdrawn')
    .executeTakeFirstOrThrow();
  const recipient = recipientFor({ locale: 'ja', zone: 'Asia/Tokyo' });
  const words = await wordsOf(world.database.db, [toOsaka as BundledNotice], {
    recipient,
    publicUrl: '',
  });
  expect(words.rendered.subject).toBe('Não use mais: Retorno em 30 dias com o CardioFlow');
  const reach = await practice.reach(munich.officer);
  expect(reach.recalls).toMatchObject([{ kind: 'withdrawn', severity: 'safety', recipients: 5 }]);
  expect(reach.items.map(({ person, isPartner }) => [person.id, isPartner])).toEqual([
    [munich.doctor, false],
    [munich.partner, true],
    [munich.seller, false],
    [munich.translator, false],
    [osaka.seller, false],
  ]);
  expect(reach.items.map(({ recalls }) => recalls.length)).toEqual([1, 1, 1, 1, 1]);
  expect(await practice.reads(munich.seller)).toMatchObject({ status: 'withdrawn', text: null });
  expect(await refusalOf(practice.reads(osaka.other))).toBe('request.not_found');
  expect(await refusalOf(practice.reach(munich.seller))).toBe('request.not_found');
});

test('a review by whoever is not cleared, by the author, or of a text that has changed is refused', async () => {
  const practice = await drafts(world);
  const of = { kind: 'clinical', country: 'DE', product: 'stent', isApproved: true } as const;
  const review = (by: PersonId, given: object = {}) =>
    refusalOf(practice.does(by, 'review', { ...of, version: 1, ...given }));
  await practice.does(rio.author, 'submit', {});
  expect(await review(munich.officer)).toBe('practice.not_cleared');
  expect(await review(osaka.doctor)).toBe('practice.not_cleared');
  expect(await review(rio.author)).toBe('practice.own_review');
  expect(await review(munich.doctor, { isApproved: false })).toBe('practice.reason_missing');
  await practice.does(rio.author, 'revise', { ...terms({ title: 'Outro título' }) });
  expect(await review(munich.doctor)).toBe('practice.source_changed');
  expect(await review(munich.doctor, { version: 2 })).toBe('accepted');
  expect(await review(munich.doctor, { version: 2 })).toBe('practice.not_under_review');
  // Whoever loses the office loses it at once.
  const roles = world.database.db.deleteFrom('person_role');
  await roles.where('person_id', '=', munich.officer).execute();
  expect(await review(munich.officer, { kind: 'compliance', version: 2 })).not.toBe('accepted');
  await world.database.db
    .insertInto('person_role')
    .values({ person_id: munich.officer, role: 'compliance', region_id: 'dach' })
    .execute();
  await practice.does(rio.author, 'withdraw', ends);
});

test('a translation is approved by another, of the text of now, with its numbers, or not at all', async () => {
  const practice = await drafts(world, { countries: ['JP'] });
  await practice.does(rio.author, 'submit', {});
  const translate = (text: object, version = 1) =>
    practice.does(munich.translator, 'translate', {
      locale: 'ja',
      version,
      ...japanese,
      ...text,
    });
  const contentOf = async () =>
    (await practice.reads(osaka.doctor)).work?.translations[0]?.content ?? '';
  const approve = async (by: PersonId, content: string, version = 1) =>
    refusalOf(practice.does(by, 'approveTranslation', { locale: 'ja', content, version }));
  await translate({ result: '再診率は58%に上がった。' });
  const wrong = await contentOf();
  const approval = { locale: 'ja', content: wrong, version: 1 };
  const refused = practice.does(osaka.doctor, 'approveTranslation', approval);
  // The part by the word on its reader's page.
  expect(await refusalIn('ja', refused)).toMatch(/^practice\.translation_differs: .*結果/);
  await translate({});
  expect(await approve(osaka.doctor, wrong)).toBe('practice.source_changed');
  const right = await contentOf();
  expect(await approve(munich.translator, right)).toBe('practice.own_review');
  expect(await approve(munich.doctor, right)).not.toBe('accepted');
  await practice.does(rio.author, 'revise', { ...terms({ countries: ['JP'], title: 'Mudou' }) });
  expect(await approve(osaka.doctor, right)).toBe('practice.source_changed');
  expect(await approve(osaka.doctor, right, 2)).toBe('practice.source_changed');
  await practice.does(rio.author, 'withdraw', ends);
});

test('a machine proposes once where it is switched on, and only people make a text of what it says', async () => {
  const { db } = world.database;
  await sql`INSERT INTO policy (key, region_id, valid_from, value)
    VALUES ('exchange.machineTranslation', 'japan', '2026-01-01', 'true')`.execute(db);
  const asked: string[] = [];
  const proposer = (answer: object) => ({
    name: 'machine',
    propose(given: { readonly to: string }) {
      asked.push(given.to);
      return Promise.resolve({ ...japanese, ...answer });
    },
  });
  const proposes = (answer: object = {}) =>
    createProposeTranslations({ db, clock: world.clock, proposer: proposer(answer) })();
  const practice = await drafts(world, { countries: ['JP', 'DE'] });
  await practice.does(rio.author, 'submit', {});
  const offline = createProposeTranslations({ db, clock: world.clock });
  expect(await offline()).toEqual({ proposed: 0 });
  // Neither what is too long nor what leaves a part out is a text.
  await practice.does(rio.author, 'revise', { ...terms({ countries: ['JP', 'DE'], title: 'A' }) });
  expect(await proposes({ result: 'あ'.repeat(2_001) })).toEqual({ proposed: 0 });
  await practice.does(rio.author, 'revise', { ...terms({ countries: ['JP', 'DE'], title: 'B' }) });
  const both = await Promise.all([proposes(), proposes()]);
  expect(both.reduce((sum, { proposed }) => sum + proposed, 0)).toBe(1);
  expect(await proposes()).toEqual({ proposed: 0 });
  expect(new Set(asked)).toEqual(new Set(['ja']));
  await world.advance(1);
  // Of either of them: whoever has less to do.
  const open = [await inbox(world, osaka.doctor), await inbox(world, osaka.second)].flat();
  expect(open).toContain('practice.check_translation/ja');

  const textOf = async () => (await practice.reads(osaka.doctor)).work?.translations[0];
  const machines = await textOf();
  expect(machines).toMatchObject({ locale: 'ja', status: 'machine', text: japanese });
  const approves = async (by: PersonId) =>
    refusalOf(
      practice.does(by, 'approveTranslation', {
        locale: 'ja',
        content: (await textOf())?.content ?? '',
        version: 3,
      }),
    );
  expect(await approves(osaka.doctor)).toBe('practice.machine_text');
  const better = { ...japanese, title: 'ステント後の再診' };
  await practice.does(osaka.doctor, 'translate', { locale: 'ja', version: 3, ...better });
  expect(await textOf()).toMatchObject({ status: 'proposed', machine: japanese });
  expect(await approves(osaka.doctor)).toBe('practice.own_review');
  expect(await approves(osaka.second)).toBe('accepted');
  const outcomes = await db
    .selectFrom('translation_outcome')
    .select(['region_id', 'began_with', 'outcome'])
    .where('practice_id', '=', practice.id)
    .execute();
  expect(outcomes).toEqual([{ region_id: 'japan', began_with: 'machine', outcome: 'edited' }]);
  await practice.does(rio.author, 'withdraw', ends);
});

test('silence is reminded of, passed on to the next who is cleared, and at last told to whoever manages the region, as was previewed', async () => {
  const practice = await drafts(world, { countries: ['JP', 'US'] });
  const { course } = await practice.previews(rio.author);
  await practice.does(rio.author, 'submit', {});
  await world.advance(1);
  expect(await inbox(world, osaka.doctor)).toContain('practice.clinical_review/JP/stent');
  expect(await inbox(world, osaka.officer)).toContain('practice.compliance_review/JP/stent');
  expect(await told(practice, 'practice.nobody')).toMatchObject([{ person: boston.manager }]);
  await world.advance(10 * day);
  expect(await told(practice, 'practice.reminder')).not.toEqual([]);
  expect(await inbox(world, osaka.second)).toContain('practice.clinical_review/JP/stent');
  expect(await inbox(world, osaka.doctor)).toEqual([]);
  await world.advance(14 * day);
  const late = await told(practice, 'practice.late');
  expect(new Set(late.map(({ person }) => person))).toEqual(new Set([osaka.manager]));
  const { rows: happened } = await sql<{ at: number }>`
    SELECT t.at FROM transition t, jsonb_array_elements(t.events) e
    WHERE t.loop_id = ${practice.id} AND e->>'type' <> 'drafted' ORDER BY t.sequence`.execute(
    world.database.db,
  );
  const minutes = (at: number): number => Math.round(at / 60_000);
  expect(new Set(course.map(({ at }) => minutes(Date.parse(at))))).toEqual(
    new Set(happened.map(({ at }) => minutes(at))),
  );
  await practice.does(rio.author, 'withdraw', ends);
});

test('an expert verifies it at its interval, hands the duty on by leaving, and nobody reads it once that is late', async () => {
  await world.database.db
    .insertInto('policy')
    .values({
      key: 'exchange.verificationDays',
      region_id: 'japan',
      valid_from: '2026-01-01',
      value: 30,
    })
    .execute();
  const practice = await drafts(world, { countries: ['JP'] });
  await practice.does(rio.author, 'submit', {});
  await world.advance(1);
  await practice.approves(osaka.doctor, 'clinical', 'JP');
  await practice.approves(osaka.officer, 'compliance', 'JP');
  await world.advance(31 * day);
  expect(await inbox(world, osaka.doctor)).toEqual(['practice.verify/JP']);
  const verify = { country: 'JP', version: 1, isValid: true } as const;
  expect(await refusalOf(practice.does(osaka.second, 'verify', verify))).toBe(
    'practice.not_expert',
  );
  await practice.does(osaka.doctor, 'verify', verify);
  const left = world.database.db.updateTable('person').where('id', '=', osaka.doctor);
  await left.set({ left_at: world.clock.now() }).execute();
  await world.advance(31 * day);
  expect(await inbox(world, osaka.second)).toEqual(['practice.verify/JP']);
  expect(await practice.reads(osaka.seller)).toMatchObject({ status: 'published' });
  await world.advance(21 * day);
  expect(await refusalOf(practice.reads(osaka.seller))).toBe('request.not_found');
  expect(await practice.isStaleFor(osaka.second)).toBe(true);
  await practice.does(osaka.second, 'verify', verify);
  expect(await practice.isStaleFor(osaka.second)).toBe(false);
  expect(await practice.reads(osaka.seller)).toMatchObject({ status: 'published' });
  await world.database.db
    .updateTable('person')
    .set({ left_at: null })
    .where('id', '=', osaka.doctor)
    .execute();
  await practice.does(rio.author, 'withdraw', ends);
});

test('failures reported from a country open its clinical review again there, and the gate closes', async () => {
  const practice = await drafts(world);
  await practice.isCleared();
  await practice.does(osaka.seller, 'judge', { verdict: 'failed' });
  await practice.does(osaka.seller, 'judge', { verdict: 'failed', text: 'Twice.' });
  expect(await practice.reads(osaka.other)).toMatchObject({ status: 'published' });
  const answer = await practice.does(osaka.other, 'judge', { verdict: 'failed' });
  expect(answer).toMatchObject({ status: 'published', text: null });
  expect(await refusalOf(practice.reads(osaka.seller))).toBe('request.not_found');
  expect(await practice.reads(munich.seller)).toMatchObject({ status: 'published' });
  await world.advance(1);
  const clearances = (await practice.reads(osaka.doctor)).work?.clearances;
  expect(
    clearances?.filter(({ clinical }) => clinical === 'open').map(({ country }) => country),
  ).toEqual(['JP', 'US']);
  await practice.does(rio.author, 'withdraw', ends);
});

test('whoever is not named is named nowhere: not to readers, reviewers or a manager, nor by messages', async () => {
  const practice = await drafts(world, { isAuthorHidden: true });
  await practice.isCleared();
  const name = `Name of ${rio.author}`;
  for (const reader of [munich.doctor, munich.seller]) {
    const seen = await practice.reads(reader);
    expect(seen.author).toBeNull();
    expect(JSON.stringify(seen)).not.toContain(rio.author);
  }
  expect((await practice.reads(rio.author)).author).toMatchObject({ name });
  expect(await refusalOf(practice.reads(rio.manager))).toBe('request.not_found');
  expect(JSON.stringify(await practice.reach(munich.officer))).not.toContain(rio.author);
  const { database, clock } = world;
  await practice.does(munich.seller, 'judge', { verdict: 'tried' });
  // What a report says goes to its author; of their messages nobody else learns, who decides for them neither.
  expect(await told(practice, 'practice.judged')).toMatchObject([{ person: rio.author }]);
  const officer = (await loadActor(database.db, munich.officer, clock.now()))!;
  for (const one of [officer, { ...officer, principals: [rio.author] }]) {
    const asked = { loop: practice.id, after: null, limit: 100 };
    const seen = (await listNotices(database.db, one, asked)) ?? [];
    expect(seen.map(({ to }) => to.id)).toContain(munich.officer);
    expect(JSON.stringify(seen)).not.toContain(rio.author);
  }
  const actor = (await loadActor(database.db, rio.author, clock.now()))!;
  const said = { actor, commandId: 'said', input: { id: practice.id, text: 'It is mine.' } };
  expect(await refusalOf(comment({ db: database.db, clock }, said, 'api'))).toBe(
    'practice.author_hidden',
  );
  await practice.does(rio.author, 'withdraw', ends);
});

test('a correction tells those who had the text of before, and they read the new one once it is cleared', async () => {
  const practice = await drafts(world);
  await practice.isCleared();
  await practice.reads(munich.seller);
  await practice.does(munich.seller, 'judge', { verdict: 'worked', text: 'Of before.' });
  await practice.does(rio.author, 'revise', {
    ...terms({ ...portuguese, result: 'O retorno subiu de 50 % para 58 %.' }),
    correction: { severity: 'important', text: 'A number was wrong.' },
  });
  expect(await told(practice, 'practice.recall_corrected')).toMatchObject([
    { person: munich.seller, locale: 'pt-BR', urgency: 'working' },
  ]);
  expect(await refusalOf(practice.reads(munich.seller))).toBe('request.not_found');
  await practice.approves(munich.doctor, 'clinical', 'DE');
  await practice.approves(munich.officer, 'compliance', 'DE');
  const corrected = await practice.reads(munich.seller);
  expect(corrected.text?.result).toContain('58');
  // What was said of the text of before is for those who look after it, and said to be.
  expect(corrected.reports).toMatchObject({ counts: { worked: 0 }, sentences: [] });
  const { sentences } = (await practice.reads(rio.author)).reports;
  expect(sentences).toMatchObject([{ text: 'Of before.', isOfText: false }]);
  const texts = await world.database.db
    .selectFrom('practice_delivery')
    .innerJoin('content', 'content.id', 'practice_delivery.content_id')
    .select('content.kind')
    .where('practice_id', '=', practice.id)
    .execute();
  expect(texts.map(({ kind }) => kind)).toEqual([practiceContents.source, practiceContents.source]);
  await practice.does(rio.author, 'withdraw', ends);
});
