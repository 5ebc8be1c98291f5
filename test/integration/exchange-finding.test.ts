/** Practices are found, digests previewed and markets compared: by those who may, over HTTP and as pages. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eraseContent } from '../../db/contents.ts';
import { createPromptMarkets } from '../../activities/exchange/prompt-markets.ts';
import type { ContentId, LoopId, PersonId } from '../../domain/id.ts';
import { quarterAt } from '../../domain/scorecard/quarter.ts';
import { practicesPath, taskPath } from '../../locales/links.ts';
import { testBrowser } from '../support/browser.ts';
import { berlin, tokyo } from '../support/handoff-organisation.ts';
import { givenPractice, losesClearance } from '../support/markets.ts';
import { type PagesWorld, pagesWorld } from '../support/pages.ts';
import { person } from '../support/people.ts';

const appUrl = 'http://localhost:3997';
const hour = 3_600_000;
const day = 24 * hour;
let pages: PagesWorld;
const london = person('london-lead');

type Found = { items: { id: string; title: string; locale: string }[]; next: string | null };

const ask = (path: string, as: PersonId) => pages.world.ask(path, { as });
const found = async (query: string, as: PersonId = berlin.lead): Promise<Found> =>
  (await ask(`/practices?${query}`, as)).json as Found;
const titles = async (query: string, as?: PersonId) =>
  (await found(query, as)).items.map(({ title }) => title);
const q = (words: string): string => `q=${encodeURIComponent(words)}`;

beforeAll(async () => {
  pages = await pagesWorld({ appUrl, people: [berlin.lead, tokyo.lead] });
  const { db } = pages.world;
  await db.updateTable('region').set({ country: 'DE' }).execute();
  const other = { id: 'japan', name: 'Japan', locale: 'ja', zone: 'Asia/Tokyo', country: 'JP' };
  await db
    .insertInto('region')
    .values({ ...other, manager_id: tokyo.manager, week_id: 'office' })
    .execute();
  await db
    .updateTable('person')
    .set({ region_id: 'japan' })
    .where('id', 'in', [tokyo.lead, tokyo.backup, tokyo.manager])
    .execute();
});
afterAll(() => pages.stop());

let given = 0;
const practice = (more: Partial<Parameters<typeof givenPractice>[1]> = {}): Promise<LoopId> =>
  givenPractice(pages.world.db, {
    author: london,
    publishedAt: pages.world.clock.now() - 100 * hour + ++given * hour,
    countries: ['DE'],
    ...more,
  });

const sourceOf = async (id: LoopId): Promise<string> => {
  const rows = pages.world.db.selectFrom('practice').select('content_id').where('id', '=', id);
  return (await rows.executeTakeFirstOrThrow()).content_id;
};

test('words are found in the form they stand in, in the language they are read in', async () => {
  await practice({
    text: { title: 'Preparing the theatre' },
    translations: { de: { title: 'Vorbereitung der Operationssäle' } },
  });
  // By the dictionary of German, whatever case and ending was typed.
  expect(await titles(q('VORBEREITUNGEN operationssäle'))).toEqual([
    'Vorbereitung der Operationssäle',
  ]);
  expect(await titles(q('prepares theatres'))).toEqual(['Vorbereitung der Operationssäle']);
  expect(await titles(q('vorbereitung -operationssäle'))).toEqual([]);
  expect(await titles(`${q('vorbereitung')}&locale=en`)).toEqual([]);
});

test('what has the words in several languages, in its title or its text, is found once, titles first', async () => {
  const both = { situation: 'zweisprachig' };
  const inText = await practice({ text: both, translations: { de: both } });
  const inTitle = await practice({
    publishedAt: 0,
    text: { title: 'zweisprachig', situation: 'zweisprachig' },
    translations: { de: { title: 'anders', situation: 'zweisprachig' } },
  });
  const { items } = await found(q('zweisprachig'));
  expect(items.map(({ id }) => id)).toEqual([inTitle, inText]);
  const first = await found(`${q('zweisprachig')}&limit=1`);
  const second = await found(`${q('zweisprachig')}&limit=1&cursor=${first.next}`);
  expect([...first.items, ...second.items].map(({ id }) => id)).toEqual([inTitle, inText]);
  expect(second.next).toBeNull();
});

test('words of two letters are found in Japanese, Korean and Chinese, and one letter too', async () => {
  const ja = await practice({
    countries: ['JP'],
    text: { title: 'A list before surgery' },
    translations: { ja: { title: '手術前のチェックリスト（ステント）' } },
  });
  const ids = async (words: string) =>
    (await found(q(words), tokyo.lead)).items.map(({ id }) => id);
  expect(await ids('手術')).toEqual([ja]);
  expect(await ids('術')).toEqual([ja]);
  expect(await ids('ﾁｪｯｸ')).toEqual([ja]);
  expect(await ids('手術 ステント')).toEqual([ja]);
  expect(await ids('手前')).toEqual([]);
  for (const [locale, title, word] of [
    ['ko', '수술 전 점검표', '점검'],
    ['zh-Hans', '手术前的检查清单', '检查'],
  ] as const) {
    const id = await practice({ countries: ['JP'], translations: { [locale]: { title } } });
    const answer = await found(`${q(word)}&locale=${locale}`, tokyo.lead);
    expect(answer.items.map((item) => item.id)).toEqual([id]);
  }
});

test('nobody finds what is not cleared for them, nor by its words, nor after it was lost or erased', async () => {
  const { db, clock } = pages.world;
  // One's own is found as well, by its title.
  const id = await practice({ author: berlin.lead, text: { title: 'Secretword of the clinic' } });
  expect(await titles(q('secretword'))).toEqual(['Secretword of the clinic']);
  expect(await titles(q('secretword'), tokyo.lead)).toEqual([]);
  await losesClearance(db, id, 'DE');
  expect(await titles(q('secretword'))).toEqual([]);
  const translations = { de: { title: 'Anderswort der Klinik' } };
  const again = await practice({ text: { title: 'Otherword of the clinic' }, translations });
  expect(await titles(q('anderswort'))).toHaveLength(1);
  await eraseContent(db, (await sourceOf(again)) as ContentId, clock.now());
  expect([await titles(q('otherword')), await titles(q('anderswort'))]).toEqual([[], []]);
});

test('filters narrow it, and a cursor goes through all of them once, those with the word in their title first', async () => {
  for (let number = 0; number < 7; number++) {
    const text =
      number % 2 === 0 ? { title: `Zebrafish ${number}` } : { result: 'Zebrafish in the text' };
    await practice({
      text,
      kind: number % 3 === 0 ? 'failure' : 'win',
      competency: number === 2 ? 'sales-enablement' : 'clinical-fluency',
      product: number === 1 ? 'valve' : 'stent',
      countries: number === 4 ? ['DE', 'JP'] : ['DE'],
    });
  }
  const all: string[] = [];
  let cursor = '';
  for (let page = 0; page < 4; page++) {
    const answer = await found(`${q('zebrafish')}&limit=2${cursor}`);
    all.push(...answer.items.map(({ id, title }) => `${title} ${id}`));
    cursor = `&cursor=${answer.next}`;
    expect(answer.next === null).toBe(page === 3);
  }
  expect(new Set(all).size).toBe(7);
  expect(all.slice(0, 4).every((title) => title.startsWith('Zebrafish'))).toBe(true);
  expect(await titles(`${q('zebrafish')}&kind=failure`)).toHaveLength(3);
  expect(await titles(`${q('zebrafish')}&competency=sales-enablement`)).toHaveLength(1);
  expect(await titles(`${q('zebrafish')}&product=valve`)).toHaveLength(1);
  expect(await titles(`${q('zebrafish')}&country=JP`)).toHaveLength(1);
  expect(await titles('limit=100')).toHaveLength(10);
});

test.for([
  ['country=Germany', 422],
  ['kind=draw', 422],
  ['competency=golf', 422],
  [`q=${'x'.repeat(300)}`, 422],
  [`${q('a\u0000b')}&product=stent`, 422],
  ['cursor=nonsense', 400],
  [q(`' & | ! <-> :* "`), 200],
  [q('\u202e<script>alert(1)</script>'), 200],
  [q('手'.repeat(200)), 200],
  [q('the'), 200],
] as const)('whatever is asked is answered or refused by name: %s', async ([query, status]) => {
  expect((await ask(`/practices?${query}`, berlin.lead)).status).toBe(status);
});

test('a preview says what comes, when and why, and has no effect', async () => {
  const { db } = pages.world;
  const counts = async () =>
    Promise.all(
      (['digest', 'digest_plan', 'digest_item', 'practice_delivery', 'notice'] as const).map(
        async (table) => (await db.selectFrom(table).selectAll().execute()).length,
      ),
    );
  const before = await counts();
  const { status, json } = await ask(`/people/${berlin.lead}/digest-preview`, berlin.lead);
  expect([status, json]).toMatchObject([
    200,
    {
      wish: { every: 'week', weekday: 'thu', at: '09:00' },
      next: { localAt: expect.stringMatching(/T09:00.*\[Europe\/Berlin\]$/), moved: null },
      more: 5,
      hidden: 0,
      earlier: [],
    },
  ]);
  const { items } = json as { items: { reasons: { code: string; sentence: string }[] }[] };
  expect(items).toHaveLength(5);
  expect(items[0]?.reasons.map(({ code }) => code)).toEqual(['own_account', 'country']);
  expect(items[0]?.reasons[0]?.sentence).toContain('St. Hedwig Clinics');
  expect(await counts()).toEqual(before);
});

test('a preview is seen by the person and those above them, shows nobody what they may not read, and is not there for others', async () => {
  const path = `/people/${tokyo.lead}/digest-preview`;
  expect((await ask(path, tokyo.manager)).status).toBe(200);
  expect((await ask(path, london)).status).toBe(404);
  expect((await ask('/people/nobody/digest-preview', london)).status).toBe(404);
  const manager = pages.world.db.updateTable('person').where('id', '=', tokyo.manager);
  await manager.set({ region_id: 'world' }).execute();
  expect((await ask(path, tokyo.manager)).json).toMatchObject({ items: [{}], hidden: 3 });
  await manager.set({ region_id: 'japan' }).execute();
});

test('what an open assignment of theirs is about comes first, and what is to be verified is listed for who looks after it', async () => {
  const { db } = pages.world;
  const countries = ['DE', 'JP'];
  const about = await practice({ publishedAt: 0, competency: 'partner-management', countries });
  type Items = { items: { practice: string; reasons: { code: string }[] }[] };
  const first = async () => {
    const { json } = await ask(`/people/${berlin.lead}/digest-preview`, berlin.lead);
    return (json as Items).items.slice(0, 1).flatMap((one) => [one.practice, one.reasons[0]?.code]);
  };
  expect(await first()).not.toContain(about);
  const [id, terms] = [randomUUID(), { goals: [{ competency: 'partner-management' }] }];
  const state = { state: { participant: berlin.lead, terms }, heldSince: null };
  await db.insertInto('loop_instance').values({ id, loop: 'assignment', state }).execute();
  await db.insertInto('loop_party').values({ loop_id: id, person_id: berlin.lead }).execute();
  expect(await first()).toEqual([about, 'gap']);
  await db.updateTable('loop_instance').set({ closed_at: 1 }).where('id', '=', id).execute();
  expect(await first()).not.toContain(about);

  const duty = { country: 'DE', expert_id: london, verified_at: 0, due_at: 1, status: 'stale' };
  const due = { practice_id: about, ...duty };
  await db.insertInto('practice_duty').values(due).execute();
  const stale = async (as: PersonId) =>
    ((await ask('/practices/queue?queue=stale', as)).json as Found).items.map((one) => one.id);
  expect([await stale(tokyo.manager), await stale(berlin.lead)]).toEqual([[about], []]);
});

test('a market is told what it gave and received; one that only receives is asked once, with somebody who helps', async () => {
  const { db, clock } = pages.world;
  const at = clock.now() - 80 * day;
  const ids = await Promise.all([0, 1, 2].map(() => practice({ publishedAt: at })));
  for (const id of ids) {
    const row = { practice_id: id, person_id: tokyo.lead, version: 1, locale: 'en', via: 'digest' };
    const content_id = await sourceOf(id);
    await db
      .insertInto('practice_delivery')
      .values({ ...row, at, last_at: at, content_id })
      .execute();
  }
  const path = `/exchange/balance?period=${quarterAt(at, 'Etc/UTC')}`;
  type Balance = { markets: { region: { id: string }; isShown: boolean; prompt: object | null }[] };
  const japan = async () =>
    ((await ask(path, berlin.lead)).json as Balance).markets.find(
      (one) => one.region.id === 'japan',
    );
  // Three people: a number would be somebody's.
  expect(await japan()).toMatchObject({ isShown: false, prompt: null, received: { value: null } });
  const more = ['one', 'two', 'three'].map((id) => ({
    id: `japan-${id}`,
    name: id,
    email: `${id}@example.test`,
    zone: 'Asia/Tokyo',
    region_id: 'japan',
    team_id: 'team',
  }));
  await db.insertInto('person').values(more).execute();
  expect(await japan()).toMatchObject({
    isShown: true,
    gave: { value: 0 },
    received: { value: 3 },
    tried: { value: 0 },
    prompt: { coach: { id: london } },
  });
  const prompt = createPromptMarkets({ db, clock: { now: () => at + 85 * day } });
  const told = await Promise.all([prompt(), prompt()]);
  expect(told.reduce((sum, { prompted }) => sum + prompted, 0)).toBe(1);
  expect(await prompt()).toEqual({ prompted: 0 });
  const notices = await db
    .selectFrom('notice')
    .select(['recipient_id', 'key', 'params'])
    .where('key', 'like', 'exchange.%')
    .execute();
  expect(notices).toMatchObject([
    {
      recipient_id: tokyo.manager,
      key: 'exchange.only_receives_coach',
      params: { received: 3, coach: { person: london } },
    },
  ]);
});

test('whoever shared what they learned is recognised, won or lost, by name; whoever is not named only by themselves', async () => {
  const { db, clock } = pages.world;
  const later = clock.now() + 200 * day;
  const period = quarterAt(later, 'Etc/UTC');
  type Counts = { person: { id: string }; wins: object; failures: object }[];
  const counted = async (as: PersonId, query = '') =>
    ((await ask(`/exchange/recognition?period=${period}${query}`, as)).json as { items: Counts })
      .items;
  await practice({ publishedAt: later });
  await practice({ publishedAt: later, kind: 'failure' });
  await practice({ publishedAt: later, author: berlin.manager, kind: 'failure' });
  const hidden = await practice({ publishedAt: later, author: tokyo.lead });
  await db
    .updateTable('practice')
    .set({ is_author_hidden: true })
    .where('id', '=', hidden)
    .execute();

  const seen = await counted(tokyo.manager);
  expect(seen.map(({ person: { id }, wins, failures }) => [id, wins, failures])).toMatchObject([
    [berlin.manager, { value: 0 }, { value: 1 }],
    [london, { value: 1 }, { value: 1 }],
  ]);
  expect((await counted(tokyo.lead)).map(({ person: { id } }) => id)).toContain(tokyo.lead);
  expect(await counted(tokyo.manager, `&person=${tokyo.lead}`)).toEqual([]);
  const first = await ask(`/exchange/recognition?period=${period}&limit=1`, tokyo.manager);
  const { items, next } = first.json as { items: Counts; next: string };
  expect(items).toMatchObject([{ person: { id: berlin.manager } }]);
  expect(await counted(tokyo.manager, `&cursor=${next}`)).toMatchObject([
    { person: { id: london } },
  ]);
  expect((await ask('/exchange/recognition?period=2026', london)).status).toBe(422);
});

test('a machine’s translations stand beside what people did alone, and few people are not told of', async () => {
  const { db, clock } = pages.world;
  const at = clock.now();
  const id = await practice({});
  const began = { practice_id: id, locale: 'ja', began_at: at - 5 * hour, decided_at: at };
  const outcomes = ['unchanged', 'edited', 'edited', 'refused'].map((outcome, sequence) => ({
    ...began,
    sequence,
    outcome,
    began_with: 'machine',
  }));
  const alone = { ...began, sequence: 9, began_with: 'person', outcome: 'unchanged' };
  for (const region of ['japan', 'world']) {
    const rows = [...outcomes, alone].map((one, index) => ({
      ...one,
      sequence: index,
      region_id: region,
    }));
    const other = region === 'japan' ? id : await practice({});
    await db
      .insertInto('translation_outcome')
      .values(rows.map((row) => ({ ...row, practice_id: other })))
      .execute();
  }
  await sql`INSERT INTO policy (key, region_id, valid_from, value)
    VALUES ('exchange.machineTranslation', 'world', '2026-01-01', 'true')`.execute(db);
  const { json } = await ask('/exchange/translations', london);
  const { regions } = json as { regions: { region: { id: string }; isOn: boolean }[] };
  const of = (region: string) => regions.find((one) => one.region.id === region);
  const figures = {
    machineUnchanged: { value: 1 },
    machineEdited: { value: 2 },
    machineRefused: { value: 1 },
    machineHours: { value: 5 },
    personApproved: { value: 1 },
    personRefused: { value: 0 },
  };
  expect(of('japan')).toMatchObject({ isOn: false, ...figures });
  expect(of('world')).toMatchObject({ isOn: true, ...figures });
  await db.updateTable('person').set({ left_at: at }).where('id', 'like', 'japan-%').execute();
  const few = (await ask('/exchange/translations', london)).json as { regions: typeof regions };
  expect(few.regions.find(({ region }) => region.id === 'japan')).toMatchObject({
    machineEdited: { value: null },
    personApproved: { value: null },
  });
});

test('the pages say the same in the reader’s language, and what people wrote is shown and not obeyed', async () => {
  const id = await practice({ text: { title: '<img src=x onerror=alert(1)> & sunflower' } });
  const browser = testBrowser(pages.world.app, appUrl);
  const provider = await browser.visit('/auth/sign-in');
  await browser.visit(provider.url, { person: berlin.lead });
  const page = await browser.visit(`${practicesPath}?q=sunflower`);
  expect(page.status).toBe(200);
  expect(page.text).toContain(`href="${taskPath(id)}"`);
  expect(page.text).toContain('&lt;img src=x');
  expect(page.text).not.toContain('<img src=x');
  expect(page.text).toContain('<html lang="de"');
  expect((await browser.visit(`${practicesPath}?country=xx`)).status).toBe(422);
  const preview = await browser.visit(`/digests/${berlin.lead}`);
  expect(preview.text).toContain('Die nächste Übersicht');
  expect((await browser.visit(`/digests/${tokyo.lead}`)).status).toBe(404);
  const balance = await browser.visit('/markets');
  expect(balance.text).toContain('Was jeder Markt gibt');
  const shared = await browser.visit('/shared-lessons');
  expect(shared.text).toContain('Wer teilte, was er lernte');
  // What is counted the same way elsewhere is said to be, and led to.
  expect(shared.text).toContain('href="/curiosity">Dieselben Zahlen für eine Region');
  const region = await browser.visit('/curiosity');
  expect(region.text).toContain('href="/shared-lessons">Dieselben Zahlen für alle Märkte');
  expect((await browser.visit('/shared-lessons?cursor=x')).status).toBe(400);
  expect((await browser.visit('/library?q=%00')).status).toBe(422);
  const machines = await browser.visit('/translations');
  expect(machines.text).toContain('Übersetzungen: Maschinen und Menschen');
});
