/** Who looks after a practice: what is called back alone, who verifies it, what is said. */
import { expect, test } from 'vitest';
import { createDeliver } from '../../activities/deliver.ts';
import { createTellRecalls } from '../../activities/practice/tell-recalls.ts';
import { listUnreached, tellUnreached } from '../../api/practices/unreached.ts';
import { createPromptMarkets } from '../../activities/exchange/prompt-markets.ts';
import { loadActor } from '../../db/actors.ts';
import { insertContent } from '../../db/contents.ts';
import { countMarkets } from '../../db/exchange-balance.ts';
import { sourceHashes } from '../../db/practice-hashes.ts';
import { followUnreached } from '../../db/practice-unreached.ts';
import { practiceFacts } from '../../db/practices.ts';
import { reachOf } from '../../db/practice-list.ts';
import { lastVerdict, reportsOf, saidOf } from '../../db/practice-verdicts.ts';
import { onlyReceives } from '../../domain/exchange/balance.ts';
import { practiceContents, practiceLimits } from '../../domain/exchange/practice.ts';
import { tellWithinHours } from '../../domain/exchange/unreached.ts';
import type { ContentId, PersonId, RegionId } from '../../domain/id.ts';
import type { PracticeCommand, Terms } from '../../domain/practice/state.ts';
import { quarterAt } from '../../domain/scorecard/quarter.ts';
import { munich, rio } from '../support/exchange-people.ts';
import { german, portuguese, refusalOf } from '../support/practice-story.ts';
import {
  clock,
  database,
  delivers,
  given,
  messages,
  recallStage,
  withdraws,
  written,
} from '../support/recall-stage.ts';

recallStage();

test('a translation that another has replaced is called back from all who read it, once, by those cleared for it', async () => {
  const practice = await given();
  const sourceHash = practice.state.terms!.hashes.text;
  const approved = async (text: object) => {
    const body = { id: crypto.randomUUID() as ContentId, author: munich.translator };
    const kind = practiceContents.translation;
    await insertContent(database.db, { ...body, kind, body: text, at: clock.now() });
    const about = { locale: 'de', content: body.id, sourceHash } as const;
    const steps: PracticeCommand[] = [
      { type: 'translate', actor: munich.translator, ...about },
      { type: 'approveTranslation', actor: munich.officer, ...about, countries: ['DE'] },
    ];
    for (const command of steps) expect(await practice.does(command)).toBe('recorded');
    return body.id;
  };
  const wrong = await approved(german);
  for (const reader of [munich.seller, munich.partner]) await delivers(practice, reader);
  const right = await approved({ ...german, title: 'Nachsorge in 30 Tagen mit CardioFlow' });
  // One of them reads the better one on the very same way, and does not see what has changed.
  await delivers(practice, munich.seller);
  const note = await written('note', { text: 'The dose is wrong.' });
  const about = { type: 'refuseTranslation', locale: 'de', note, severity: 'safety' } as const;
  const calls = (actor: PersonId, content: ContentId) =>
    practice.does({ ...about, actor, content });
  expect(await calls(munich.translator, wrong)).toBe('practice.not_cleared');
  expect(await calls(munich.seller, wrong)).toBe('practice.not_cleared');
  expect(await calls(munich.officer, note)).toBe('practice.source_changed');
  expect(await calls(munich.officer, wrong)).toBe('recorded');
  expect(await messages(practice)).toMatchObject(
    [munich.partner, munich.seller].map((person_id) => ({
      person_id,
      key: 'practice.recall_mistranslated',
      locale: 'de',
      params: { title: { title: wrong } },
    })),
  );
  expect(await calls(munich.officer, wrong)).toBe('practice.source_changed');
  expect(await delivers(practice, munich.seller)).toMatchObject({ content: right });
});

test('only who is cleared there is named expert; an author who is not named is as if another were, and verifies nothing', async () => {
  const { db } = database;
  const practice = await given({ isAuthorHidden: true });
  const names = (person: PersonId) =>
    practice.does({ type: 'nameExpert', actor: munich.officer, country: 'DE', person });
  expect(await names(munich.seller)).toBe('practice.expert_not_cleared');
  // Who is not cleared is refused whether they wrote it or not.
  expect(await names(rio.author)).toBe('practice.expert_not_cleared');
  await db
    .insertInto('person_role')
    .values({ person_id: rio.author, role: 'clinical-reviewer', region_id: 'dach' })
    .execute();
  const open = await given();
  const named = { type: 'nameExpert', actor: munich.officer, country: 'DE' } as const;
  expect(await open.does({ ...named, person: rio.author })).toBe('practice.expert_not_cleared');
  expect(await names(rio.author)).toBe('recorded');
  await practice.replans();
  expect(practice.moments.find(({ command }) => command.type === 'handOn')?.at).toBeGreaterThan(
    clock.now() + 100 * 86_400_000,
  );
  const verify = { type: 'verify', country: 'DE', version: 1, isValid: true, note: null } as const;
  expect(await practice.does({ ...verify, actor: rio.author })).toBe('practice.own_review');
  await db.deleteFrom('person_role').where('person_id', '=', rio.author).execute();
});

test('somebody says so many things of a practice at most', async () => {
  const practice = await given();
  const says = async () => {
    const last = await lastVerdict(database.db, { practice: practice.id, person: munich.seller });
    const before = last && { verdict: last.verdict, country: last.country, at: last.at };
    clock.moveTo(clock.now() + 1_000);
    const said = { verdict: 'tried', region: 'dach' as RegionId, country: 'DE' } as const;
    return practice.does({ type: 'judge', actor: munich.seller, ...said, content: null, before });
  };
  expect(await says()).toBe('recorded');
  await database.db
    .updateTable('practice_verdict')
    .set({ number: practiceLimits.verdictsPerPersonMax - 1 })
    .where('practice_id', '=', practice.id)
    .execute();
  expect([await says(), await says()]).toEqual(['recorded', 'practice.too_many_verdicts']);
});

const goesOn = () => createTellRecalls({ db: database.db, clock })();
const asks = async (id: PersonId) => ({
  actor: (await loadActor(database.db, id, clock.now()))!,
});

test('whom a recall about patients does not reach somebody named tells in person, the next where they do not, until one says so', async () => {
  const { db } = database;
  const practice = await given();
  for (const reader of [munich.seller, munich.partner, munich.manager]) {
    await delivers(practice, reader);
  }
  expect(await withdraws(practice)).toBe('recorded');
  const noWay = createDeliver({ db, clock, channels: {}, publicUrl: '' });
  const fails = async (key: string, to: PersonId) => {
    const { id: noticeId, revision } = await db
      .selectFrom('notice')
      .select(['id', 'revision'])
      .where('key', '=', key)
      .where('recipient_id', '=', to)
      .where('status', '=', 'planned')
      .executeTakeFirstOrThrow();
    return noWay({ noticeId, revision });
  };
  const asked = async (by: PersonId) =>
    (await listUnreached({ db }, await asks(by))).items.map(({ person, title }) => [
      person.id,
      title,
    ]);
  const seller = [[munich.seller, 'Retorno em 30 dias com o CardioFlow']];
  expect(await fails('practice.recall_withdrawn', munich.seller)).toBe('failed');
  expect(await Promise.all([goesOn(), goesOn()])).toContainEqual({ told: 0, asked: 1 });
  expect(await goesOn()).toEqual({ told: 0, asked: 0 });
  expect(await asked(munich.manager)).toEqual(seller);
  expect(await asked(munich.officer)).toEqual([]);
  // Nobody reaches the manager either: the next is asked at once, and after some hours one more.
  expect(await fails('practice.unreached', munich.manager)).toBe('failed');
  await goesOn();
  expect(await asked(munich.officer)).toEqual(seller);
  expect(await asked(munich.manager)).toEqual(seller);
  const next = async () => (clock.moveTo(clock.now() + tellWithinHours * 3_600_000), goesOn());
  expect(await next()).toMatchObject({ asked: 0 });

  const [item] = (await listUnreached({ db }, await asks(munich.officer))).items;
  const says = async (by: PersonId) =>
    refusalOf(tellUnreached({ db, clock }, { ...(await asks(by)), input: { id: item!.id } }));
  expect(await says(munich.partner)).toBe('request.not_found');
  expect([await says(munich.officer), await says(munich.manager)]).toEqual([
    'accepted',
    'accepted',
  ]);
  expect([await asked(munich.manager), await asked(munich.officer)]).toEqual([[], []]);
  const reach = await reachOf(db, { id: practice.id, after: '', limit: 9 });
  expect(reach.flatMap(({ recalls }) => recalls.map(({ inPerson }) => inPerson))).toMatchObject([
    null,
    null,
    {
      asked: [{ id: munich.manager }, { id: munich.officer }],
      toldBy: { id: munich.officer },
    },
  ]);
  // What is about no patient asks nobody.
  const other = await given();
  await delivers(other, munich.seller);
  const note = await written('note', { text: 'Out of date.' });
  const ends = { type: 'withdraw', actor: munich.officer, severity: 'important', note } as const;
  expect(await other.does(ends)).toBe('recorded');
  expect(await fails('practice.recall_withdrawn', munich.seller)).toBe('failed');
  expect(await goesOn()).toEqual({ told: 0, asked: 0 });
});

test('whom nobody is left to be asked for keeps nobody else from being told', async () => {
  const { db } = database;
  const practice = await given();
  for (const reader of [munich.seller, munich.partner]) await delivers(practice, reader);
  expect(await withdraws(practice)).toBe('recorded');
  const isLost = (person: PersonId) =>
    db
      .updateTable('notice')
      .set({ status: 'failed', settled_at: clock.now() })
      .where('loop_id', '=', practice.id)
      .where('key', '=', 'practice.recall_withdrawn')
      .where('recipient_id', '=', person)
      .execute();
  const oneAtATime = async () => (await followUnreached(db, clock.now(), 1)).asked;
  await isLost(munich.seller);
  while ((await oneAtATime()) > 0) clock.moveTo(clock.now() + tellWithinHours * 3_600_000);
  clock.moveTo(clock.now() + tellWithinHours * 3_600_000);
  await isLost(munich.partner);
  expect([await oneAtATime(), await oneAtATime()]).toContain(1);
});

test('a policy holds from the first minute of its day in the region, for what is verified there', async () => {
  const { db } = database;
  const practice = await given();
  const key = 'exchange.verificationDays';
  const begins = { key, region_id: 'japan', valid_from: '2031-06-02', value: 30 };
  await db.insertInto('policy').values(begins).execute();
  const days = (at: string) =>
    db
      .transaction()
      .execute(
        async (tx) => (await practiceFacts(tx, practice.state, Date.parse(at))).verificationDays,
      );
  expect(await days('2031-06-01T14:59:59Z')).toMatchObject({ JP: 180 });
  expect(await days('2031-06-01T15:00:00Z')).toMatchObject({ JP: 30, DE: 180 });
});

test('what was said of an earlier text ranks nothing and is told to no reader, and holds where only the audience is another', async () => {
  const { db } = database;
  const practice = await given({ isForPartners: false });
  const said = { verdict: 'worked', region: 'dach' as RegionId, country: 'DE' } as const;
  const judges = { type: 'judge', actor: munich.seller, ...said, content: null } as const;
  await practice.does({ ...judges, before: null });
  const counts = async () => (await reportsOf(db, [practice.id])).get(practice.id) ?? [];
  const ofText = async () => (await saidOf(db, practice.id)).map(({ isOfText }) => isOfText);
  const revises = (more: Partial<Terms>) =>
    practice.does({
      type: 'revise',
      actor: rio.author,
      terms: { ...practice.state.terms!, ...more },
      correction: null,
    });
  expect([await counts(), await ofText()]).toMatchObject([[{ count: 1 }], [true]]);
  expect(await revises({ isForPartners: true })).toBe('recorded');
  expect(practice.state.version).toBe(2);
  expect([await counts(), await ofText()]).toMatchObject([[{ count: 1 }], [true]]);
  const text = { ...portuguese, result: 'O retorno subiu de 50 % para 80 %.' };
  const hashes = sourceHashes(text, 'pt-BR');
  expect(await revises({ content: await written('source', text), hashes })).toBe('recorded');
  expect([await counts(), await ofText()]).toEqual([[], [false]]);
});

test('a market that only receives is led to nobody who is not named, and one that gives is asked for nothing', async () => {
  const { db } = database;
  const quarterMs = 100 * 86_400_000;
  clock.moveTo(clock.now() + 2 * quarterMs);
  const quarter = quarterAt(clock.now(), 'Europe/Berlin');
  const practices = [];
  for (let count = 0; count < 3; count++) practices.push(await given({ isAuthorHidden: true }));
  for (const practice of practices) await delivers(practice, munich.seller);
  const market = async (region = 'dach') => {
    const asked = { region: region as RegionId, zone: 'Europe/Berlin' };
    return (await countMarkets(db, [asked], quarter))[0]!;
  };
  const received = await market();
  expect(received).toMatchObject({ people: 6, gave: 0, received: 3, coach: null });
  expect(await market('brazil')).toMatchObject({ gave: 3, received: 0 });
  const others = [{}, { gave: 1 }, { received: 2 }, { people: 4 }];
  expect(others.map((other) => onlyReceives({ ...received, ...other }))).toEqual([
    true,
    false,
    false,
    false,
  ]);
  await createPromptMarkets({ db, clock: { now: () => clock.now() + quarterMs } })();
  const asked = await db
    .selectFrom('notice')
    .select(['recipient_id', 'key', 'params'])
    .where('key', 'like', 'exchange.%')
    .execute();
  const params = { region: { region: 'dach' }, received: 3 };
  const key = 'exchange.only_receives';
  expect(asked).toEqual([{ recipient_id: munich.manager, key, params }]);
  const shows = db.updateTable('practice').set({ is_author_hidden: false });
  await shows.where('id', '=', practices[0]!.id).execute();
  expect(await market()).toMatchObject({ coach: rio.author });
});
