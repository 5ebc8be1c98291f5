/** A budget request over HTTP and on its page: what is refused, who reads it, and each form. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LoopId } from '../../domain/id.ts';
import { locales } from '../../locales/catalogue.ts';
import { fieldsOf } from '../support/browser.ts';
import { givenLine, givenPolicy, purpose, who } from '../support/budget-organisation.ts';
import { budgetWorld, dayOf } from '../support/budget-story.ts';
import { worldFileWithout } from '../support/directory-file.ts';
import { served, type ServedWorld } from '../support/served-world.ts';
import type { World } from '../support/world.ts';
import { budgetWorkflowId } from '../../workflows/budget/id.ts';

const day = 86_400_000;
let world: World;
let front: ServedWorld;

beforeAll(async () => {
  world = await budgetWorld();
  front = await served(world);
});
afterAll(() => world.stop());

const inDays = (days: number): string => dayOf(world.clock.now() + days * day);

/** Of one amount in one instalment, unless the story says otherwise. */
const body = (amount = '1200.00', given: object = {}) => ({
  purpose,
  kind: 'course',
  title: 'Negotiating with clinics',
  why: 'The next tender is the largest of the year.',
  currency: 'EUR',
  costs: { fee: amount },
  instalments: [{ due: inDays(1), amount }],
  ends: inDays(20),
  involvesProfessionals: false,
  ...given,
});

const submit = (given: object = body(), as = who.requester) =>
  front.ask(as, '/budget-requests', given);

test.for([
  ['negative', '-5.00', {}, 422, 'money.signed'],
  ['nothing', '0.00', {}, 422, 'money.not_positive'],
  ['2^63', '92233720368547758.08', {}, 422, 'money.too_large'],
  ['half a cent', '1.005', {}, 422, 'money.digits'],
  ['half a yen', '0.5', { currency: 'JPY' }, 422, 'money.digits'],
  ['full-width digits', '１２００', {}, 422, 'money.malformed'],
  ['an unknown currency', '5.00', { currency: 'XYZ' }, 422, 'money.currency_unknown'],
  ['a currency without a rate', '5.00', { currency: 'CHF' }, 409, 'money.rate_missing'],
  ['a number', 1200, {}, 422, 'request.invalid'],
  ['costs of another sum', '5.00', { costs: { fee: '6.00' } }, 422, 'budget.costs_differ'],
  ['an unknown purpose', '5.00', { purpose: 'parties' }, 422, 'budget.line_unknown'],
  ['more than there is', '10000.01', {}, 409, 'budget.not_available'],
  ['an exception nobody grants', '5.00', { exception: true }, 409, 'budget.no_exception_approver'],
] as const)('%s is refused by its name', async ([, amount, given, status, code]) => {
  const answer = await submit(body(amount as string, given));
  expect([answer.status, answer.json['code']]).toEqual([status, code]);
});

test('a day that is past, a rate that is too old and a line for leaders alone are refused', async () => {
  const { db } = world.database;
  const now = world.clock.now();
  const past = await submit(body('5.00', { instalments: [{ due: inDays(-1), amount: '5.00' }] }));
  expect(past.json['code']).toBe('budget.day_past');
  await db
    .insertInto('exchange_rate')
    .values({
      currency: 'GBP',
      day: inDays(-40),
      units_per_euro: '0.86',
      source: 'ecb',
      imported_at: now,
    })
    .execute();
  expect((await submit(body('5.00', { currency: 'GBP' }))).json['code']).toBe('money.rate_old');
  const year = new Date(now).getUTCFullYear();
  await givenLine(db, { year, at: now, purpose: 'leaders', isRingFenced: true });
  const conference = body('5.00', { purpose: 'leaders', kind: 'conference' });
  expect((await submit(conference)).json['code']).toBe('budget.ring_fenced');
  expect((await submit(body('5.00', { purpose: 'leaders' }))).status).toBe(201);
});

test('each instalment is kept on the line of the fiscal year it is due in, as its region counts', async () => {
  const { db } = world.database;
  const year = new Date(world.clock.now()).getUTCFullYear();
  // Where the requester's region is, the new year begins nine hours before that of UTC.
  await db.updateTable('region').set({ zone: 'Asia/Tokyo' }).execute();
  const instalments = [
    { due: `${year}-12-31`, amount: '10.00' },
    { due: `${year + 1}-01-01`, amount: '20.00' },
  ];
  const made = await submit(
    body('', { costs: { fee: '25.00', tax: '5.00' }, instalments, ends: `${year + 1}-02-01` }),
  );
  expect(made.status).toBe(201);
  const rows = await db
    .selectFrom('budget_instalment as i')
    .innerJoin('budget_line as l', 'l.id', 'i.line_id')
    .select(['l.fiscal_year as year', 'i.amount'])
    .where('i.request_id', '=', String(made.json['id']))
    .orderBy('i.position')
    .execute();
  expect(rows).toEqual([
    { year, amount: 1_000n },
    { year: year + 1, amount: 2_000n },
  ]);
  await db.updateTable('region').set({ zone: 'Etc/UTC' }).execute();
});

test('a preview names who would decide and what silence leads to, and keeps nothing', async () => {
  const before = await front.ask(who.requester, '/budget-requests');
  const preview = await front.ask(
    who.requester,
    '/budget-requests/preview',
    body('1200.00', { involvesProfessionals: true }),
  );
  expect(preview.json).toMatchObject({
    isSplit: false,
    inLine: '1200.00',
    steps: [
      { name: 'manager', needs: 1, people: [{ person: { id: who.lead }, why: 'named' }] },
      { name: 'compliance', people: [{ person: { id: who.officer } }] },
    ],
  });
  const silence = preview.json['silence'] as { sentence: string }[];
  expect(silence.length).toBe(4);
  expect(silence.at(-1)?.sentence).toContain('Niemand');
  const { db } = world.database;
  const layers = [{ steps: [{ name: 'office', asked: [{ person: who.report }] }] }];
  await givenPolicy(db, 'budget.route', { layers });
  const upward = await front.ask(who.requester, '/budget-requests/preview', body());
  expect(upward.json['steps']).toMatchObject([
    {
      people: [{ person: { id: who.lead }, why: 'upward' }],
      leftOut: [{ person: { id: who.report }, why: 'reports_to_requester' }],
      notAsked: [expect.stringContaining('Name of report')],
    },
  ]);
  await db.deleteFrom('policy').where('key', '=', 'budget.route').execute();
  expect(await front.ask(who.requester, '/budget-requests')).toEqual(before);
});

test('a repeat of the same key submits once; whoever decides upon an older revision is told', async () => {
  const key = { 'idempotency-key': randomUUID() };
  const first = await front.ask(who.requester, '/budget-requests', body(), key);
  expect(first.status).toBe(201);
  const again = await front.ask(who.requester, '/budget-requests', body(), key);
  expect(again.json['id']).toBe(first.json['id']);
  const path = `/budget-requests/${String(first.json['id'])}`;
  expect((await front.ask(who.stranger, path)).status).toBe(404);
  expect((await front.ask(who.stranger, `${path}/approve`, {})).status).toBe(404);
  await front.ask(who.lead, `${path}/ask`, { text: 'Why now?' });
  const stale = await front.ask(who.lead, `${path}/approve`, {}, { 'if-match': '"1"' });
  expect(stale.status).toBe(412);
  const explained = await front.ask(who.requester, `${path}/explain`);
  expect(String(explained.json['sentences'])).toContain('Antwort');
  const read = await front.ask(who.lead, path);
  expect(read.json).toMatchObject({
    status: 'questioned',
    why: 'The next tender is the largest of the year.',
    asked: '1200.00',
  });
  const said = (read.json['timeline'] as { text: string | null }[]).map(({ text }) => text);
  expect(said).toContain('Why now?');
  await front.ask(who.requester, `${path}/withdraw`, {});
  const late = await front.ask(who.lead, `${path}/approve`, {});
  expect([late.status, late.json['code']]).toEqual([409, 'loop.closed']);
  const workflowId = budgetWorkflowId(String(first.json['id']) as LoopId);
  expect(await passedThrough(workflowId)).toMatch(/"withdraw"/);
  expect(await passedThrough(workflowId)).not.toMatch(
    /Negotiating|tender|Why now|1200\.00|Name of/,
  );
});

/** Everything that Temporal holds of a loop, read. */
async function passedThrough(workflowId: string): Promise<string> {
  const history = await world.client.workflow.getHandle(workflowId).fetchHistory();
  const texts: string[] = [];
  JSON.stringify(history, (key, value: unknown) => {
    if (key === 'data') texts.push(Buffer.from(String(value), 'base64').toString());
    return value;
  });
  return texts.join('\n');
}

test('whoever decides second is told who was quicker, and when, on their own clock', async () => {
  const { db } = world.database;
  const asked = [{ person: who.lead }, { person: who.treasurer }];
  await givenPolicy(db, 'budget.route', { layers: [{ steps: [{ name: 'either', asked }] }] });
  for (const verb of ['approve', 'reject']) {
    const { json } = await submit();
    const path = `/budget-requests/${String(json['id'])}`;
    await front.ask(
      who.treasurer,
      `${path}/${verb}`,
      verb === 'reject' ? { text: 'Not now.' } : {},
    );
    const late = await front.ask(who.lead, `${path}/approve`, {});
    expect([late.status, late.json['code']]).toEqual([409, 'budget.decided']);
    expect(late.json['detail']).toMatch(/Name of treasurer.*\d{1,2}:\d\d/);
    if (verb === 'reject') continue;
    await front.ask(who.requester, `${path}/withdraw`, {});
    const later = await front.ask(who.lead, `${path}/approve`, {});
    expect([later.status, later.json['code']]).toEqual([409, 'loop.closed']);
  }
  await db.deleteFrom('policy').where('key', '=', 'budget.route').execute();
});

test('a file is taken for what it is, named so that it can do no harm, and only ever saved', async () => {
  const { json } = await submit();
  const path = `/budget-requests/${String(json['id'])}`;
  const base64 = (text: string) => Buffer.from(text, 'latin1').toString('base64');
  const attach = (name: string, content: string, as = who.requester) =>
    front.ask(as, `${path}/attachments`, { name, content });
  const html = await attach('offer.pdf', base64('<script>alert(1)</script>'));
  expect([html.status, html.json['code']]).toEqual([422, 'budget.attachment_type']);
  expect((await attach('offer.pdf', 'not base64!')).status).toBe(422);
  expect((await attach('offer.pdf', base64('%PDF-1.7'), who.lead)).status).toBe(201);
  expect((await attach('offer.pdf', base64('%PDF-1.7'), who.stranger)).status).toBe(404);
  const name = '../../etc/"pass\r\nwd\u202E.html';
  const made = await attach(name, base64('%PDF-1.7 offer'));
  expect(made.json).toMatchObject({
    name: '_pass_wd_.pdf',
    mediaType: 'application/pdf',
    size: 14,
  });
  const file = `${path}/attachments/${String(made.json['id'])}`;
  const headers = { authorization: `Bearer ${await front.tokens.of(who.lead)}` };
  const got = await front.app.request(file, { headers });
  expect(await got.text()).toBe('%PDF-1.7 offer');
  expect(got.headers.get('content-disposition')).toMatch(/^attachment; filename="_pass_wd_\.pdf"/);
  expect(got.headers.get('x-content-type-options')).toBe('nosniff');
  expect((await front.ask(who.stranger, file)).status).toBe(404);
  for (let count = 2; count < 10; count++) await attach('more.pdf', base64(`%PDF-${count}`));
  const full = await attach('more.pdf', base64('%PDF-x'));
  expect([full.status, full.json['code']]).toEqual([409, 'budget.too_many_attachments']);
  const large = await attach('large.pdf', base64(`%PDF-${'x'.repeat(5 * 1024 * 1024)}`));
  expect([large.status, large.json['code']]).toEqual([422, 'request.invalid']);
  await front.ask(who.requester, `${path}/withdraw`, {});
  const passed = await passedThrough(budgetWorkflowId(String(json['id']) as LoopId));
  expect(passed).toMatch(/"withdraw"/);
  expect(passed).not.toMatch(/%PDF|JVBERi|_pass_wd_|offer\.pdf/);
});

test('each step is a form of the page, and opening it changes nothing', async () => {
  const { json } = await submit(body('1200.00', { why: '<b>why</b>', serviceMonths: 24 }));
  expect(json).toMatchObject({ serviceMonths: 24 });
  const task = `/tasks/${String(json['id'])}`;
  const lead = await front.browser(who.lead);
  const requester = await front.browser(who.requester);
  const shown = await lead.see(task);
  expect(shown).toContain('1.200,00');
  expect(shown).toContain('&lt;b&gt;why&lt;/b&gt;');
  expect(shown).toMatch(/Monate:\s*(?:<[^>]*>)*24/);
  const before = await front.ask(who.lead, `/budget-requests/${String(json['id'])}`);
  await lead.see(task);
  expect(await front.ask(who.lead, `/budget-requests/${String(json['id'])}`)).toEqual(before);
  const send = async (by: typeof lead, choice: string, fields = {}) =>
    by.send(task, { ...fieldsOf(await by.see(task), task), ...fields, choice });
  expect((await send(lead, 'ask', { text: 'Why now?' })).status).toBe(303);
  expect((await send(requester, 'answer', { text: 'It begins soon.' })).status).toBe(303);
  const wrong = await send(lead, 'approve', { amount0: '1.300' });
  expect([wrong.status, (await wrong.text()).includes('value="1.300"')]).toEqual([422, true]);
  // As it is written in German.
  expect((await send(lead, 'approve', { amount0: '900,00' })).status).toBe(303);
  const beyond = { amount: '950,00', text: 'Dearer by far.', exception: 'yes' };
  const nobody = await send(requester, 'raise', beyond);
  expect([nobody.status, await nobody.text()]).toEqual([
    409,
    expect.stringMatching(/name="exception"\s+value="yes"\s+checked/),
  ]);
  expect((await send(requester, 'raise', { amount: '960,00', text: 'Dearer.' })).status).toBe(303);
  const { json: raised } = await front.ask(who.lead, `/budget-requests/${String(json['id'])}`);
  expect(raised['raise']).toEqual({ instalment: 0, amount: '960.00', total: '960.00' });
  expect(await lead.see(task)).toMatch(/Höherer Betrag beantragt(?:<[^>]*>|[^<])*960,00/);
  expect((await send(lead, 'reject', { text: 'As approved.' })).status).toBe(303);
  expect((await send(requester, 'prove', { amount: '900.00', text: 'Receipt 4711' })).status).toBe(
    303,
  );
  const learned = { text: 'It went well.', lesson: 'Ask early.', lessonKind: 'win' };
  expect((await send(requester, 'close', learned)).status).toBe(303);
  const { json: closed } = await front.ask(who.lead, `/budget-requests/${String(json['id'])}`);
  expect(closed).toMatchObject({ status: 'completed', outcome: learned.text });
  const words = (closed['timeline'] as { text: string | null }[]).map(({ text }) => text);
  expect(words).toEqual(expect.arrayContaining(['As approved.', 'Receipt 4711', learned.text]));
  const offer = await world.database.db
    .selectFrom('lesson_offer')
    .select(['status', 'author_id', 'practice_id'])
    .where('request_id', '=', String(json['id']))
    .executeTakeFirstOrThrow();
  expect(offer).toMatchObject({ status: 'taken', author_id: who.requester });
  const opening = await world.database.db
    .selectFrom('loop_opening')
    .select(['loop', 'command'])
    .where('id', '=', offer.practice_id)
    .executeTakeFirstOrThrow();
  const drafted = { type: 'draft', author: who.requester, openedBy: json['id'] };
  const terms = { kind: 'win', isAuthorHidden: true, countries: [] };
  expect(opening).toMatchObject({ loop: 'practice', command: { ...drafted, terms } });
});

test('how requests were decided is told to whoever sees the money, from the decisions alone, and of five people at least', async () => {
  const { db } = world.database;
  const asked = [
    ...[who.requester, who.report, who.stranger, who.learning, who.lead].map((as) => ({ as })),
    ...[who.requester, who.report].map((as) => ({ as, involvesProfessionals: true })),
  ];
  for (const [index, { as, ...given }] of asked.entries()) {
    const { json } = await submit(body('10.00', given), as);
    const path = `/budget-requests/${String(json['id'])}`;
    for (;;) {
      const { json: now } = await front.ask(as, path);
      const steps = now['steps'] as { isCurrent: boolean; seats: { person: { id: never } }[] }[];
      const seat = steps.find(({ isCurrent }) => isCurrent)?.seats[0]?.person.id;
      if (seat === undefined) break;
      const [verb, words] = index === 2 ? ['reject', { text: 'No.' }] : ['approve', {}];
      expect((await front.ask(seat, `${path}/${verb}`, words)).status).toBe(200);
    }
    await front.ask(as, `${path}/withdraw`, {});
  }
  const rows = await db
    .selectFrom('budget_decision as d')
    .innerJoin('budget_request as r', 'r.id', 'd.request_id')
    .select(['d.step', 'd.kind', 'd.waited_minutes as waited', 'r.requester_id as by'])
    .where('d.kind', '<>', 'asked')
    .execute();
  const approved = rows.filter(({ kind }) => kind !== 'rejected').length;
  const waited = rows.map(({ waited: minutes }) => minutes).toSorted((a, b) => a - b);
  const { json } = await front.ask(who.learning, '/regions/world/approvals');
  const [all, ...levels] = json['decided'] as { level: string | null; decided: number }[];
  expect(all).toEqual({
    level: null,
    decided: rows.length,
    approvedPercent: Math.round((approved / rows.length) * 100),
    medianWaitedMinutes: waited[waited.length >> 1],
  });
  for (const { level, decided } of levels) {
    const of = rows.filter(({ step }) => step === level);
    expect([decided, new Set(of.map(({ by }) => by)).size >= 5]).toEqual([of.length, true]);
  }
  const shown = await (await front.browser(who.learning)).see('/budgets/approvals/world');
  expect(shown).toContain(`<span>${rows.length}</span>`);
  expect((await front.ask(who.requester, '/regions/world/approvals')).status).toBe(404);
});

test('the page is read in every language, with nothing of it missing', async () => {
  const { db } = world.database;
  const { json } = await submit();
  const lead = await front.browser(who.lead);
  for (const locale of locales) {
    await db.updateTable('person').set({ locale }).where('id', '=', who.lead).execute();
    const page = await lead.see(`/tasks/${String(json['id'])}`);
    expect(page).toContain(`lang="${locale}"`);
    expect(page).not.toMatch(/budget\.|budgetRequest\.|\{\{|undefined|\[object/);
  }
});

test('approvers whom a new directory leaves out are followed at once by whoever stands above them, and what they decided stays', async () => {
  const { db } = world.database;
  const asked = (person: string) => ({ name: person, asked: [{ person }] });
  const layers = [{ steps: [asked(who.lead), asked(who.treasurer)] }];
  await givenPolicy(db, 'budget.route', { layers });
  await db.insertInto('person_role').values({ person_id: who.director, role: 'admin' }).execute();
  const { json } = await submit(body('20.00'));
  const path = `/budget-requests/${String(json['id'])}`;
  expect((await front.ask(who.lead, `${path}/approve`, {})).status).toBe(200);
  const replaced = await front.app.request('/directory', {
    method: 'PUT',
    headers: {
      authorization: `Bearer ${await front.tokens.of(who.director)}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    body: JSON.stringify(await worldFileWithout(db, [who.lead, who.treasurer])),
  });
  expect([replaced.status, await replaced.text()]).toEqual([200, expect.any(String)]);
  expect((await front.ask(who.treasurer, `${path}/approve`, {})).status).toBe(401);
  await world.advance(1);
  const now = await front.ask(who.requester, path);
  expect(now.json['steps']).toMatchObject([
    { seats: [{ person: { id: who.lead }, decidedBy: { id: who.lead } }] },
    { seats: [{ person: { id: who.director }, insteadOf: { id: who.treasurer } }] },
  ]);
  const granted = await front.ask(who.director, `${path}/approve`, {});
  expect([granted.status, granted.json['status']]).toEqual([200, 'approved']);
});
