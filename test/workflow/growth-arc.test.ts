/**
 * How somebody grows, as one story on the real server: a gap found by an audit, a plan, money granted in São Paulo,
 * an exchange of Munich and Bengaluru, a lesson read in five languages, and the review that shows it.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PersonId } from '../../domain/id.ts';
import { growthArc, type GrowthArc, lessonTexts } from '../support/growth-arc.ts';
import {
  bengaluru,
  boston,
  competency,
  munich,
  reviewers,
  saoPaulo,
  tokyo,
} from '../support/growth-people.ts';
import { account } from '../support/handoff-organisation.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
let arc: GrowthArc;
/** Paths of what the story has begun so far. */
const paths = { plan: '', money: '', exchange: '', practice: '', review: '' };

beforeAll(async () => {
  arc = await growthArc();
  await arc.collects();
});
afterAll(() => arc.stop());

const heard = (who: PersonId): readonly string[] => arc.heard(who);
/** Alone or with others in one mail. */
const like = (pattern: RegExp) => expect.arrayContaining([expect.stringMatching(pattern)]);

test('a skill audit finds what is missing and tells it to those alone who may know, asked in their language', async () => {
  const { does, ask, reads, tasks, world } = arc;
  const given = { region: 'dach', closesOn: arc.dayAfter(20) };
  const audit = `/skill-audits/${String((await does(munich.teacher, '/skill-audits', given))['id'])}`;
  await world.advance(minute);
  expect(heard(munich.manager)).toEqual([
    expect.stringMatching(/^de: Bitte bewerten Sie Ihre Leute/),
  ]);
  expect(await tasks(munich.manager)).toEqual(['skillAudit.rate_people']);
  for (const [person, level] of [
    [munich.learner, 'intermediate'],
    [munich.colleague, 'advanced'],
  ]) {
    const seen = {
      competency,
      level,
      evidenceKind: 'observation',
      text: 'In two calls with Pune.',
    };
    await does(munich.manager, `${audit}/rate`, { person, ratings: [seen] });
  }
  expect(await reads(munich.teacher, audit)).toMatchObject({ status: 'closed' });
  const gaps = async (who: PersonId) => (await ask(who, `${audit}/gaps`)).json['items'] ?? [];
  const found = [{ person: { id: munich.learner }, competency, level: 'intermediate' }];
  for (const who of [munich.manager, munich.learner, munich.teacher]) {
    expect(await gaps(who)).toMatchObject(found);
  }
  for (const who of [munich.colleague, saoPaulo.director]) expect(await gaps(who)).toEqual([]);
  expect(await tasks(munich.manager)).toEqual([]);
});

test('a development plan makes that gap its goal, counts once both agree, and asks for money and for work', async () => {
  const { does, reads, tasks, world, etagOf } = arc;
  const terms = { lastDay: arc.dayAfter(80), reviewDays: 30, coach: bengaluru.seller };
  const started = await does(munich.manager, '/development-plans', {
    subject: munich.learner,
    terms,
  });
  paths.plan = `/development-plans/${String(started['id'])}`;
  expect(started['pending']).toMatchObject({
    terms: { goals: [{ competency, from: 'intermediate', to: 'advanced' }] },
  });
  await world.advance(minute);
  expect(heard(munich.learner)).toEqual(like(/^de: [^]*Entwicklungsplan lesen und zustimmen/));
  expect(await tasks(munich.learner)).toEqual(['plan.agree']);
  await does(munich.learner, `${paths.plan}/agree`, {}, await etagOf(munich.learner, paths.plan));
  expect(await reads(munich.manager, paths.plan)).toMatchObject({ status: 'running' });
  expect(await tasks(munich.learner)).toEqual(['plan.find_money', 'plan.find_work']);
  await world.advance(day);
  expect(heard(bengaluru.seller)).toEqual([expect.stringMatching(/^hi: /)]);
});

test('its money is asked of Munich and then of São Paulo, heard of there in the morning, and granted', async () => {
  const { does, ask, reads, tasks, world } = arc;
  const opening = { region: 'dach', year: new Date(world.clock.now()).getUTCFullYear() };
  const line = await does(munich.controller, '/budget-lines', {
    ...opening,
    purpose: 'development',
    currency: 'EUR',
  });
  const funded = { to: '10000.00', reason: 'The plan of the year.' };
  await does(munich.controller, `/budget-lines/${String(line['id'])}/allocate`, funded);
  const asked = await does(munich.learner, '/budget-requests', {
    purpose: 'development',
    kind: 'course',
    title: 'Working with India',
    why: 'To close the gap.',
    plan: paths.plan.split('/').at(-1),
    currency: 'EUR',
    costs: { fee: '900.00' },
    instalments: [{ due: arc.dayAfter(5), amount: '900.00' }],
    ends: arc.dayAfter(30),
    involvesProfessionals: false,
  });
  paths.money = `/budget-requests/${String(asked['id'])}`;
  await world.advance(minute);
  expect(await tasks(munich.learner)).toEqual(['plan.find_work']);
  expect(await tasks(munich.manager)).toEqual(['budgetRequest.decide']);
  expect((await ask(saoPaulo.director, `${paths.money}/approve`, {})).status).not.toBe(200);
  await does(munich.manager, `${paths.money}/approve`, {});
  // Six in the morning there, and nobody is disturbed before nine.
  const nine = Date.parse(`${arc.dayAfter(0)}T12:00:00Z`);
  await world.advanceTo(nine - minute);
  expect(await tasks(saoPaulo.director)).toEqual(['budgetRequest.decide']);
  expect(heard(saoPaulo.director)).toEqual([]);
  await world.advanceTo(nine + minute);
  expect(heard(saoPaulo.director)).toEqual([expect.stringMatching(/^pt-BR: /)]);
  await does(saoPaulo.director, `${paths.money}/approve`, {});
  expect(await reads(munich.learner, paths.money)).toMatchObject({ status: 'approved' });
  await world.advance(day);
  expect(heard(munich.learner)).toEqual(like(/^de: [^]*Antrag [^]*genehmigt[^]*900,00/));
});

test('a virtual exchange of Munich and Bengaluru serves it, signed by three who are trained for each other', async () => {
  const { does, reads, tasks, world, etagOf, codeOf } = arc;
  const terms = {
    firstDay: arc.dayAfter(19),
    lastDay: arc.dayAfter(37),
    weeklyHours: 8,
    overlapHours: 3,
    goals: [{ competency, level: 'advanced' }],
    accounts: [account],
    homeManager: munich.manager,
    hostManager: bengaluru.manager,
  };
  const work = { kind: 'virtual', hostRegion: 'india', terms };
  const planned = await does(munich.learner, `${paths.plan}/assign`, work);
  expect(planned['missing']).toEqual([]);
  const links = planned['links'] as { loop: string; need: string }[];
  const exchange = links.find(({ need }) => need === 'onTheJob')?.loop;
  paths.exchange = `/assignments/${exchange}`;
  await world.advance(day);
  expect(await tasks(bengaluru.manager)).toEqual(['assignment.sign']);
  expect(heard(bengaluru.manager)).toEqual([expect.stringMatching(/^hi: /)]);
  const three = [munich.learner, munich.manager, bengaluru.manager];
  const signs = async (who: PersonId) =>
    codeOf(who, `${paths.exchange}/sign`, {}, await etagOf(who, paths.exchange));
  expect(await signs(munich.learner)).toBe('assignment.training_missing');
  for (const who of three) {
    await does(munich.teacher, `/people/${who}/trainings`, {
      regions: ['dach', 'india'],
      completedOn: arc.dayAfter(-1),
      expiresOn: arc.dayAfter(700),
    });
  }
  for (const who of three) expect(await signs(who)).toBeUndefined();
  expect(await reads(munich.learner, paths.exchange)).toMatchObject({
    status: 'agreed',
    gates: [],
  });
});

test('two weeks ahead a colleague is asked for the accounts, and has them from the first day of the exchange', async () => {
  const { does, reads, tasks, world, custodian } = arc;
  await world.advance(5 * day);
  const { items } = await reads(munich.colleague, `/accounts/${account}/covers`);
  const cover = `/covers/${(items as { id: string }[])[0]?.id}`;
  expect(await tasks(munich.colleague)).toEqual(['cover.take']);
  expect(heard(munich.colleague)).toEqual(like(/^de: [^]*vertreten[^]*St. Hedwig/));
  await does(munich.colleague, `${cover}/take`, {});
  await world.advance(11 * day);
  expect(await custodian(account)).toBe(munich.learner);
  await world.advance(3 * day);
  expect(await reads(munich.learner, paths.exchange)).toMatchObject({ status: 'running' });
  expect(await custodian(account)).toBe(munich.colleague);
});

test('the two meet in hours that both work, and each week says what was worked together', async () => {
  const { does, reads, world } = arc;
  const meeting = await does(bengaluru.manager, `${paths.exchange}/meetings`, { minutes: 60 });
  for (const timeZone of ['Europe/Berlin', 'Asia/Kolkata']) {
    const wall = new Intl.DateTimeFormat('de', { timeZone, timeStyle: 'short' });
    const [from = '', until = ''] = ['from', 'until'].map((end) =>
      wall.format(Date.parse(String(meeting[end]))),
    );
    expect([timeZone, from >= '09:00', until <= '17:00']).toEqual([timeZone, true, true]);
  }
  await world.advanceTo(Date.parse(String(meeting['until'])));
  const worked = { minutes: 240, overlapMinutes: 150 };
  const today = arc.dayAfter(0);
  await does(munich.learner, `${paths.exchange}/hours`, { day: today, ...worked });
  const { weeks, meetings } = await reads(munich.manager, paths.exchange);
  expect(meetings).toEqual([meeting]);
  expect(weeks).toMatchObject([
    { ...worked, sentence: expect.stringContaining('davon 2,5 von 3 Std. gemeinsam') },
  ]);
});

test('on its last day the accounts come back, with what was noted meanwhile', async () => {
  const { does, reads, tasks, world, custodian } = arc;
  const { terms } = (await reads(munich.learner, paths.exchange)) as never as {
    terms: { firstDay: string; lastDay: string };
  };
  await world.advanceTo(Date.parse(terms.lastDay) + 9 * hour);
  expect(await tasks(munich.colleague)).toEqual(['cover.hand_back']);
  const { items } = await reads(munich.colleague, `/accounts/${account}/covers`);
  const cover = `/covers/${(items as { id: string }[])[0]?.id}`;
  await does(munich.colleague, `${cover}/hand-back`, { text: 'The order of Monday is open.' });
  expect(await custodian(account)).toBe(munich.colleague);
  await world.advance(day);
  const next = new Date(Date.parse(terms.lastDay) + day).toISOString().slice(0, 10);
  expect((await arc.heldBy(account)).slice(1)).toEqual([
    [munich.colleague, `${terms.firstDay} 00:00`],
    [munich.learner, `${next} 00:00`],
  ]);
  expect(await reads(munich.learner, cover)).toMatchObject({
    status: 'returned',
    handBack: 'The order of Monday is open.',
  });
  expect(await reads(munich.learner, paths.exchange)).toMatchObject({ status: 'closing' });
  await world.advance(3 * day);
  expect(heard(munich.learner)).toEqual(like(/^de: [^]*St. Hedwig[^]*zurück/));
});

test('what was learned becomes a draft of its own, read abroad once each country has cleared it', async () => {
  const { does, ask, reads, tasks, world } = arc;
  await does(munich.learner, `${paths.exchange}/lesson`, {
    kind: 'win',
    text: lessonTexts.de.result,
  });
  await world.advance(hour);
  const letter = heard(munich.learner).find((one) => one.includes('Danke für Ihre Lehre')) ?? '';
  expect(letter).toMatch(/^de: /);
  paths.practice = `/practices/${/Ihre Lehre[^]*?tasks\/([0-9a-f-]{36})/.exec(letter)?.[1]}`;
  expect((await ask(munich.colleague, paths.practice)).status).toBe(404);
  await does(munich.learner, `${paths.practice}/revise`, {
    ...lessonTexts.de,
    kind: 'win',
    competency,
    locale: 'de',
    countries: reviewers.map(({ country }) => country),
    products: ['stent'],
  });
  await does(munich.learner, `${paths.practice}/submit`, {});
  await world.advance(day);
  expect(heard(tokyo.doctor)).toEqual([expect.stringMatching(/^ja: /)]);
  expect((await ask(tokyo.seller, paths.practice)).status).toBe(404);
  for (const { country, clinical, compliance } of reviewers) {
    for (const [who, kind] of [
      [clinical, 'clinical'],
      [compliance, 'compliance'],
    ] as const) {
      const review = { kind, country, product: 'stent', version: 2, isApproved: true };
      await does(who, `${paths.practice}/review`, review);
    }
    expect([country, await tasks(clinical)]).toEqual([country, []]);
  }
  // Whoever reads it now is told of it in no digest.
  expect(await reads(tokyo.manager, paths.practice)).toMatchObject({
    status: 'published',
    locale: 'de',
    isFallback: true,
  });
});

test('translated by one and approved by another who knows the law there, its digest comes in five languages', async () => {
  const { does, ask, reads, world, codeOf } = arc;
  for (const [locale, approver] of [
    ['hi', bengaluru.doctor],
    ['pt-BR', saoPaulo.doctor],
    ['ja', tokyo.doctor],
    ['en', boston.doctor],
  ] as const) {
    const text = { locale, version: 2, ...lessonTexts[locale] };
    await does(munich.teacher, `${paths.practice}/translate`, text);
    const { work } = (await reads(approver, paths.practice)) as never as {
      work: { translations: { locale: string; content: string }[] };
    };
    const content = work.translations.find((one) => one.locale === locale)?.content ?? '';
    const approval = { locale, content, version: 2 };
    expect(await codeOf(munich.teacher, `${paths.practice}/approve-translation`, approval)).toBe(
      'practice.own_review',
    );
    await does(approver, `${paths.practice}/approve-translation`, approval);
  }
  await arc.collects();
  const today = world.clock.now() - (world.clock.now() % day);
  const thursday = today + ((11 - new Date(today).getUTCDay()) % 7 || 7) * day;
  // Nine in Tokyo, Bengaluru, Munich, São Paulo and Boston, or soon after.
  for (const at of [0, 4, 8, 12, 14]) {
    await world.advanceTo(thursday + at * hour + 120_000);
    await arc.collects();
    await world.advance(1_000);
  }
  for (const [who, locale] of [
    [munich.colleague, 'de'],
    [bengaluru.seller, 'hi'],
    [saoPaulo.seller, 'pt-BR'],
    [tokyo.seller, 'ja'],
    [boston.seller, 'en'],
  ] as const) {
    const { title } = lessonTexts[locale];
    expect([who, heard(who)]).toEqual([who, like(new RegExp(`^${locale}: [^]*${title}`))]);
    expect([who, (await ask(who, `${paths.practice}/judge`, { verdict: 'tried' })).status]).toEqual(
      [who, 200],
    );
  }
});

test('the rating is raised with what shows it, and closes the gap and with it the plan', async () => {
  const { does, reads, tasks, world, codeOf } = arc;
  for (const who of [munich.learner, bengaluru.manager]) {
    await does(who, `${paths.exchange}/feedback`, { text: 'I would do it again.' });
  }
  expect(await codeOf(munich.manager, `${paths.plan}/close`, closing)).toBe('plan.no_work');
  const ratings = [{ competency, level: 'advanced' }];
  const text = 'Led four calls with Bengaluru alone.';
  await does(munich.manager, `${paths.exchange}/rate`, { ratings, text });
  expect(await reads(munich.learner, paths.exchange)).toMatchObject({ status: 'closed' });
  await world.advance(1_000);
  const grown = await reads(munich.learner, `/people/${munich.learner}/competencies`);
  expect(grown['gaps']).toEqual([]);
  const items = grown['items'] as { competency: string }[];
  expect(items.find((one) => one.competency === competency)).toMatchObject({
    level: 'advanced',
    history: expect.arrayContaining([
      expect.objectContaining({ level: 'advanced', evidence: text, evidenceKind: 'assignment' }),
    ]),
  });
  await does(munich.manager, `${paths.plan}/close`, closing);
  expect(await reads(munich.learner, paths.plan)).toMatchObject({ status: 'closed' });
  const proof = { instalment: 0, amount: '900.00', text: 'Invoice 17' };
  await does(munich.learner, `${paths.money}/close`, { text: 'Three days in Pune.', proof });
  await world.advance(day);
  expect(heard(munich.learner)).toEqual(like(/^de: [^]*Entwicklungsplan [^\n]*abgeschlossen/));
  expect(await tasks(munich.learner)).toEqual([]);
});

const closing = { ratings: [], evidence: 'assignment', text: 'The exchange with Bengaluru.' };

test('its schedule convenes the review of the quarter, which shows money, hours, the gap that closed and the plan', async () => {
  await arc.world.advanceTo(arc.quarter.until + 15 * hour);
  await arc.convenes();
  const review = (await arc.reviewsOf(munich.manager)).find(({ team }) => team === null);
  paths.review = `/quarterly-reviews/${review?.id}`;
  expect(review).toMatchObject({ region: { id: 'dach' }, status: 'proposed' });
  const said = await arc.agendaOf(munich.manager, paths.review);
  expect(said('money')).toEqual([
    'development: 900,00 EUR ausgegeben und 0,00 EUR reserviert von 10.000,00 EUR',
  ]);
  expect(said('assignments')).toEqual([
    'Einsätze mit diesem Markt im Quartal: 1',
    'Stunden für andere: 4',
    'Stunden anderer hier: 0',
  ]);
  expect(said('growth')).toEqual([
    'Am Ende offene Lücken: 0',
    'Im Quartal geschlossene Lücken: 1',
    'Mit Beleg gestiegene Bewertungen: 1',
    'Entwicklungspläne im Quartal: 1',
    'Davon stehen still: 0',
  ]);
  expect(said('exchange')[0]).toBe('Veröffentlichte Praxisbeispiele seiner Leute: 1.');
  const page = await (await arc.browser(munich.teacher)).see(`/tasks/${review?.id}`);
  expect(page).toContain('Im Quartal geschlossene Lücken: 1');
});

test('the review meets, what is agreed there is a task of whoever does it, and it ends once that is done', async () => {
  const { does, reads, tasks, world } = arc;
  const review = await reads(munich.teacher, paths.review);
  await arc.callsOffAllBut(paths.review);
  await world.advance(3 * day);
  expect(heard(munich.teacher)).toEqual(
    like(/^de: [^]*Quartalsgespräch, bitte den Termin bestätigen/),
  );
  for (const who of [munich.manager, munich.teacher]) {
    await does(who, `${paths.review}/confirm`, {});
  }
  await world.advanceTo(Date.parse(String(review['until'])));
  expect(await tasks(munich.manager)).toEqual(['quarter.conclude']);
  const agreed = { owner: munich.learner, day: arc.dayAfter(10), text: 'Teach it to Tokyo.' };
  await does(munich.manager, `${paths.review}/agree`, agreed);
  await does(munich.manager, `${paths.review}/conclude`, {});
  expect(await tasks(munich.learner)).toEqual(['quarter.act/1']);
  await world.advance(day);
  expect(heard(munich.learner)).toEqual(
    like(/^de: [^]*Aus dem Quartalsgespräch ist etwas für Sie/),
  );
  await does(munich.learner, `${paths.review}/finish`, { number: 1, text: 'Taught.' });
  expect(await tasks(munich.learner)).toEqual([]);
  expect(await reads(munich.manager, paths.review)).toMatchObject({ status: 'closed' });
});
