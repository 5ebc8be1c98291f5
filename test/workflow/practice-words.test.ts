/** The words of a practice: what is locked, what is warned of, and what is too much of it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { draftPractice } from '../../activities/draft-practice.ts';
import { practiceOperations } from '../../api/practices/routes.ts';
import { loadActor } from '../../db/actors.ts';
import { lockedTerms, replaceTerms } from '../../db/glossary.ts';
import { insertOpenings } from '../../db/openings.ts';
import { practiceLimits } from '../../domain/exchange/practice.ts';
import type { PersonId } from '../../domain/id.ts';
import { munich, osaka, rio } from '../support/exchange-people.ts';
import {
  drafts,
  german,
  japanese,
  practiceOf,
  practiceParts,
  practiceWorld,
  refusalOf,
  terms,
} from '../support/practice-story.ts';
import { served, type ServedWorld } from '../support/served-world.ts';
import type { World } from '../support/world.ts';

let world: World;
let site: ServedWorld;
beforeAll(async () => {
  world = await practiceWorld();
  site = await served(world);
});
afterAll(() => world.stop());

test('a practice for a country in which nobody works is refused by its name, drafted or changed', async () => {
  expect(await refusalOf(drafts(world, { countries: ['DE', 'XX'] }))).toBe(
    'practice.country_unknown',
  );
  const practice = await drafts(world, { countries: ['DE'] });
  const changed = { ...terms({ countries: ['XX'] }) };
  expect(await refusalOf(practice.does(rio.author, 'revise', changed))).toBe(
    'practice.country_unknown',
  );
  await practice.does(rio.author, 'withdraw', { severity: 'information', text: 'Told enough.' });
});

test('words of the glossary hold for a source when it is submitted, and one that was translated keeps a translation from being approved', async () => {
  const { db } = world.database;
  const locks = (forms: Readonly<Record<string, string>>) =>
    db
      .transaction()
      .execute((tx) =>
        replaceTerms(tx, [
          { id: 'cardioflow', kind: 'device', forms, by: munich.officer, at: world.clock.now() },
        ]),
      );
  const practice = await drafts(world, { countries: ['JP'] });
  // Before anything is reviewed, its source says what its language says.
  await locks({ '*': 'CardioFlow', 'pt-BR': 'CardioFluxo' });
  expect(await refusalOf(practice.does(rio.author, 'submit', {}))).toBe('practice.glossary_form');
  await locks({ '*': 'CardioFlow' });
  await practice.does(rio.author, 'submit', {});
  // Nor is it changed into what its language does not say.
  const changed = terms({ countries: ['JP'], action: 'Ligamos 2 dias antes: CardioFlow.' });
  await locks({ '*': 'CardioFlow', 'pt-BR': 'CardioFluxo' });
  expect(await refusalOf(practice.does(rio.author, 'revise', changed))).toBe(
    'practice.glossary_form',
  );
  await locks({ '*': 'CardioFlow' });
  const before = (await practice.reads(osaka.doctor)).work?.translations;
  expect(before).toMatchObject([{ locale: 'ja', status: 'missing', text: null }]);
  await practice.does(munich.translator, 'translate', { locale: 'ja', version: 1, ...japanese });
  const { work } = await practice.reads(osaka.doctor);
  const approval = {
    locale: 'ja',
    version: 1,
    content: work?.translations[0]?.content ?? '',
  };
  await locks({ '*': 'CardioFlow', ja: 'カーディオフロー' });
  expect((await practice.reads(osaka.doctor)).work?.translations[0]?.differences).toEqual([
    { code: 'term', part: 'title', expected: 'カーディオフロー' },
  ]);
  const approves = () => refusalOf(practice.does(osaka.doctor, 'approveTranslation', approval));
  expect(await approves()).toBe('practice.translation_differs');
  await locks({ '*': 'CardioFlow' });
  expect(await approves()).toBe('accepted');
  await db.transaction().execute((tx) => replaceTerms(tx, []));
  await practice.does(rio.author, 'withdraw', { severity: 'information', text: 'Told enough.' });
});

test('what the rules warn of is named before a practice leaves its author, who changes it or says it all the same', async () => {
  const flagged = 'Pagamos honorários ao médico.';
  const practice = await drafts(world, { countries: ['DE'], evidence: flagged });
  const preview = await practice.previews(rio.author);
  expect(preview.redFlags).toMatchObject([{ place: 'evidence' }]);
  expect(await refusalOf(practice.does(rio.author, 'submit', {}))).toBe('practice.red_flags');
  const acknowledgedFlags = preview.redFlags.map(({ code, place }) => `${code}:${place}`);
  await practice.does(rio.author, 'submit', { acknowledgedFlags });
  const { work } = await practice.reads(munich.doctor);
  expect(work?.clearances).toMatchObject([{ country: 'DE', clinical: 'open' }]);
  // What is under review is read by others: a change of it is warned of like a submission.
  const other = terms({ countries: ['DE'], evidence: 'Pagamos honorários a outro médico.' });
  const revises = (acknowledged: string[] = []) =>
    practice.does(rio.author, 'revise', { ...other, acknowledgedFlags: acknowledged });
  expect(await refusalOf(revises())).toBe('practice.red_flags');
  expect((await practice.reads(rio.author)).version).toBe(1);
  expect(await refusalOf(revises(acknowledgedFlags))).toBe('accepted');
  const withdrawal = { severity: 'information', text: 'Told enough.' } as const;
  await practice.does(rio.author, 'withdraw', withdrawal);
});

test('text without end, and bodies without end, are refused by their names', async () => {
  const body = { ...terms(), roles: undefined };
  const long = (part: object) => site.ask(rio.author, '/practices', { ...body, ...part });
  const half = 'x'.repeat(300_000);
  for (const part of ['title', 'result', 'evidence']) {
    const { status, json } = await long({ [part]: half });
    expect([413, 422]).toContain(status);
    expect(JSON.stringify(json).length).toBeLessThan(2_000);
  }
  const steps = {
    judge: { verdict: 'worked', text: half },
    withdraw: { severity: 'safety', text: half },
    translate: { locale: 'de', version: 1, title: half },
    revise: { ...body, correction: { severity: 'safety', text: half } },
    verify: { country: 'DE', version: 1, isValid: false, note: half },
  };
  for (const [step, sent] of Object.entries(steps)) {
    const told = await site.ask(rio.author, `/practices/${crypto.randomUUID()}/${step}`, sent);
    expect([413, 422]).toContain(told.status);
  }
  const over = 'x'.repeat(practiceLimits.partLengthMax + 1);
  expect(await long({ result: over })).toMatchObject({
    status: 422,
    json: { code: 'request.invalid', errors: [{ path: 'body.result' }] },
  });
  const tags = '<b onclick=alert()>&amp;</b>\u0000'.slice(0, -1);
  const { status, json } = await long({ result: tags });
  expect([status, json['text']]).toMatchObject([201, { result: tags }]);
});

test('words are locked by those who answer for them alone, each in some form, and the whole list is replaced', async () => {
  const { db } = world.database;
  const writes = async (by: PersonId, items: object[]) => {
    const actor = (await loadActor(db, by, world.clock.now()))!;
    const input = { items } as never;
    return refusalOf(practiceOperations.writeGlossary.run(practiceParts(world), { actor, input }));
  };
  const device = { id: 'cardioflow', kind: 'device', forms: { '*': 'CardioFlow' } };
  for (const by of [rio.author, munich.seller, munich.partner, munich.manager, munich.doctor]) {
    expect(await writes(by, [device])).toBe('authority.forbidden');
  }
  // Offices of one region lock nothing: the words are everybody's.
  expect(await writes(munich.officer, [device])).toBe('authority.forbidden');
  expect(await lockedTerms(db)).toEqual([]);
  for (const role of ['learning-lead', 'compliance', 'admin']) {
    await db.insertInto('person_role').values({ person_id: rio.manager, role }).execute();
    const [unit, empty] = [
      { id: role, kind: 'unit', forms: { '*': 'Fr' } },
      { ...device, forms: {} },
    ];
    expect(await writes(rio.manager, [device, empty])).toBe('practice.glossary_form_missing');
    expect(await writes(rio.manager, [device, unit])).toBe('accepted');
    expect((await lockedTerms(db)).map(({ id }) => id).toSorted()).toEqual(
      ['cardioflow', role].toSorted(),
    );
    await db.deleteFrom('person_role').where('person_id', '=', rio.manager).execute();
  }
  expect(await writes(rio.manager, [])).toBe('authority.forbidden');
  await db.transaction().execute((tx) => replaceTerms(tx, []));
});

test('whoever proposes a translation reads what became of theirs and why, and nothing else of the work on it', async () => {
  const { db } = world.database;
  const practice = await drafts(world, { isAuthorHidden: true });
  await practice.isCleared();
  const proposes = () =>
    practice.does(munich.partner, 'translate', { ...german, locale: 'de', version: 1 });
  const proposed = await proposes();
  expect(proposed).toMatchObject({
    work: null,
    myTranslations: [{ locale: 'de', status: 'proposed', reason: null }],
  });
  const inWork = (await practice.reads(munich.doctor)).work?.translations;
  const content = inWork?.find(({ locale }) => locale === 'de')?.content ?? '';
  const refusal = { locale: 'de', content, note: 'Nicht die Worte der <b>Zulassung</b>.' };
  await practice.does(munich.doctor, 'refuseTranslation', refusal);
  const told = await db
    .selectFrom('notice')
    .select('recipient_id')
    .where('loop_id', '=', practice.id)
    .where('key', '=', 'practice.translation_refused')
    .execute();
  expect(told).toEqual([{ recipient_id: munich.partner }]);
  await proposes();
  const mine = (await practice.reads(munich.partner)).myTranslations;
  expect(mine).toEqual([
    { locale: 'de', status: 'proposed', reason: null },
    { locale: 'de', status: 'refused', reason: refusal.note },
  ]);
  const page = await (await site.browser(munich.partner)).see(`/tasks/${practice.id}`);
  expect(page).toContain('Nicht die Worte der &lt;b&gt;Zulassung&lt;/b&gt;.');
  expect((await practice.reads(munich.seller)).myTranslations).toEqual([]);
  expect(await refusalOf(practice.reach(munich.partner))).toBe('request.not_found');
  const { status } = await site.ask(munich.partner, `/loops/${practice.id}/comments`);
  expect(status).toBe(404);
  await practice.does(rio.author, 'withdraw', { severity: 'information', text: 'Told enough.' });
});

test('a lesson that a step of another loop gives is a draft of whoever learned it, once, and nobody else’s', async () => {
  const { db } = world.database;
  const giving = await drafts(world, {}, rio.author);
  const lesson = {
    by: giving.id,
    at: world.clock.now(),
    author: osaka.seller,
    kind: 'failure',
    competency: 'clinical-fluency',
    text: '早く尋ねるべきだった。三日待った。',
  } as const;
  const opening = await db.transaction().execute(async (tx) => {
    const given = await draftPractice(tx, lesson);
    await insertOpenings(tx, { by: giving.id, at: lesson.at, openings: [given] });
    return draftPractice(tx, lesson);
  });
  await world.advance(1);
  const lessonDraft = practiceOf(world, opening.id);
  expect(await lessonDraft.reads(osaka.seller)).toMatchObject({
    status: 'draft',
    title: '早く尋ねるべきだった。三日待った。',
    text: { result: '早く尋ねるべきだった。三日待った。' },
    isMine: true,
    work: { isAuthorHidden: true },
  });
  const told = db.selectFrom('notice').select(['key', 'recipient_id']);
  expect(await told.where('loop_id', '=', opening.id).execute()).toEqual([
    { key: 'practice.lesson', recipient_id: osaka.seller },
  ]);
  expect(await refusalOf(lessonDraft.reads(osaka.manager))).toBe('request.not_found');
  expect(await refusalOf(lessonDraft.does(osaka.seller, 'submit', {}))).toBe('practice.no_scope');
  const elsewhere = { ...terms({ ...japanese, locale: 'ja', countries: ['XX'], notes: {} }) };
  expect(await refusalOf(lessonDraft.does(osaka.seller, 'revise', elsewhere))).toBe(
    'practice.country_unknown',
  );
});
