import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commitReservation, reserve } from '../../../db/budget-ledger.ts';
import { type Browser, fieldsOf, testBrowser } from '../../support/browser.ts';
import type { PersonId } from '../../../domain/id.ts';
import type { ApiWorld } from '../../support/api.ts';
import { berlin, tokyo } from '../../support/handoff-organisation.ts';
import { pagesWorld, type PagesWorld } from '../../support/pages.ts';

const appUrl = 'https://meridian.test';
const dayMs = 86_400_000;
let pages: PagesWorld;
let world: ApiWorld;
const admin = berlin.manager;
const reader = tokyo.manager;
const stranger = tokyo.lead;

beforeAll(async () => {
  pages = await pagesWorld({ appUrl, people: [admin, reader, stranger] });
  ({ world } = pages);
  await world.db
    .insertInto('person_role')
    .values([
      { person_id: admin, role: 'admin', region_id: 'world' },
      { person_id: reader, role: 'learning-lead', region_id: 'world' },
    ])
    .execute();
});
afterAll(() => pages.stop());

let purposes = 0;
/** Each at an instant of its own, as entries are told in their order. */
function post(path: string, as: PersonId, body: unknown, key: string = randomUUID()) {
  world.clock.moveTo(world.clock.now() + 1_000);
  return world.ask(path, { method: 'POST', as, body, key });
}
const newLine = (more: object = {}) => ({
  region: 'world',
  year: 2026,
  purpose: `leadership-${++purposes}`,
  currency: 'EUR',
  ...more,
});

interface Line {
  readonly id: string;
  readonly allocated: string;
  readonly reserved: string;
  readonly available: string;
  readonly closedAt: string | null;
  readonly entries: readonly {
    readonly at: string;
    readonly added: string;
    readonly author: { readonly id: string } | null;
    readonly reason: string | null;
  }[];
  readonly series: readonly { readonly allocated: string; readonly reserved: string }[];
}

async function lineWith(to: string, more: object = {}): Promise<Line> {
  const made = (await post('/budget-lines', admin, newLine(more))).json as Line;
  const reason = 'The plan of the year.';
  const funded = await post(`/budget-lines/${made.id}/allocate`, admin, { to, reason });
  expect(funded.status).toBe(200);
  return funded.json as Line;
}

const iso = () => new Date(world.clock.now()).toISOString();

const spends = (reservation: string, minor: bigint) =>
  world.db.transaction().execute((tx) =>
    commitReservation(tx, {
      reservation,
      amount: { minor, currency: 'EUR' },
      at: world.clock.now(),
    }),
  );

const keeps = (line: string, minor: bigint, id: string = randomUUID()) =>
  world.db.transaction().execute((tx) =>
    reserve(tx, {
      id,
      line,
      asked: { minor, currency: 'EUR' },
      at: world.clock.now(),
    }),
  );

test('what a line has is changed by entries with author and reason, never below what is used, and once', async () => {
  const line = await lineWith('1000.00');
  const planned = iso();
  await keeps(line.id, 40_000n);
  const bought = randomUUID();
  await keeps(line.id, 5_000n, bought);
  await spends(bought, 4_321n);
  const key = randomUUID();
  const raise = { to: '1500.00', reason: 'A second course.' };
  const raised = await post(`/budget-lines/${line.id}/allocate`, admin, raise, key);
  const more = iso();
  const again = await post(`/budget-lines/${line.id}/allocate`, admin, raise, key);
  expect(again.json).toEqual(raised.json);
  expect(raised.json).toMatchObject({ available: '1056.79', reserved: '400.00' });
  const said = (raised.json as Line).entries;
  expect(said.map(({ at, added, author, reason }) => [at, added, author?.id, reason])).toEqual([
    [more, '500.00', admin, 'A second course.'],
    [planned, '1000.00', admin, 'The plan of the year.'],
  ]);
  const low = await post(`/budget-lines/${line.id}/allocate`, admin, { to: '443.20', reason: 'x' });
  expect([low.status, low.problem.type]).toEqual([
    409,
    expect.stringContaining('budget.below_used'),
  ]);
  expect(low.problem.detail).toMatch(/400\.00.*\D43\.21/);
  const headers = { 'if-match': '"1"' };
  const stale = await world.ask(`/budget-lines/${line.id}/allocate`, {
    method: 'POST',
    as: admin,
    body: raise,
    headers,
  });
  expect(stale.status).toBe(412);
  const bad = { '1.005': 422, '-5': 422, '０': 422, '9223372036854775808': 422, '1e3': 422 };
  for (const [to, status] of Object.entries(bad)) {
    const answer = await post(`/budget-lines/${line.id}/allocate`, admin, { to, reason: 'x' });
    expect([to, answer.status]).toEqual([to, status]);
  }
  const { series } = raised.json as Line;
  expect(series.at(-1)).toMatchObject({ allocated: '1500.00', reserved: '400.00' });
});

test('a line is seen by the offices of its region, managed by its admin, and is nothing to others', async () => {
  const { id } = await lineWith('10.00');
  expect((await world.ask(`/budget-lines/${id}`, { as: reader })).status).toBe(200);
  expect((await world.ask(`/budget-lines/${id}`, { as: stranger })).status).toBe(404);
  const listed = await world.ask('/budget-lines', { as: stranger });
  expect(listed.json).toEqual({ items: [], next: null });
  const change = { to: '11.00', reason: 'x' };
  expect((await post(`/budget-lines/${id}/allocate`, reader, change)).status).toBe(403);
  expect((await post(`/budget-lines/${id}/allocate`, stranger, change)).status).toBe(404);
  expect((await post('/budget-lines', reader, newLine())).status).toBe(403);
  expect((await post('/budget-lines', stranger, newLine())).status).toBe(404);
  expect((await post('/budget-lines', admin, newLine({ currency: 'XYZ' }))).status).toBe(422);
  const twice = newLine();
  expect((await post('/budget-lines', admin, twice)).status).toBe(201);
  expect((await post('/budget-lines', admin, twice)).status).toBe(409);
});

test('what waits in a region, and how it is decided, is for whoever sees its money', async () => {
  const { json } = await world.ask('/regions/world/approvals', { as: reader });
  expect(json).toEqual({
    region: { id: 'world', name: 'World' },
    waiting: [],
    decided: [],
  });
  expect((await world.ask('/regions/world/approvals', { as: stranger })).status).toBe(404);
  expect((await world.ask('/regions/nowhere/approvals', { as: reader })).status).toBe(404);
});

test('a closed line keeps nothing more; carried over, the next year has what the policy lets go on', async () => {
  const purpose = `carried-${++purposes}`;
  const old = await lineWith('100.00', { purpose, year: 2025 });
  const without = await post(`/budget-lines/${old.id}/close`, admin, { carryOver: true });
  expect(without.problem.type).toContain('budget.no_next_line');
  const next = await lineWith('1.00', { purpose });
  await world.db
    .insertInto('policy')
    .values({ key: 'budget.carry_over', valid_from: '2020-01-01', value: { percent: 50 } })
    .execute();
  const closed = await post(`/budget-lines/${old.id}/close`, admin, { carryOver: true });
  expect((closed.json as Line).closedAt).not.toBeNull();
  const { json } = await world.ask(`/budget-lines/${next.id}`, { as: admin });
  expect(json).toMatchObject({ allocated: '51.00' });
  expect((json as Line).entries[0]).toMatchObject({ added: '50.00', reason: null });
  expect((await post(`/budget-lines/${old.id}/close`, admin, {})).status).toBe(409);
  const kept = await keeps(old.id, 1n);
  expect(kept).toMatchObject({ ok: false, problem: { code: 'budget.line_closed' } });
});

test('as a table it is text to every spreadsheet, and holds only what its reader may see', async () => {
  await lineWith('12.50');
  await world.db
    .updateTable('region')
    .set({ name: '=HYPERLINK("https://evil.test","x")' })
    .where('id', '=', 'world')
    .execute();
  const table = await world.ask('/budget-lines.csv?year=2026', { as: reader });
  expect(table.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(table.text).toContain(`"'=HYPERLINK(""https://evil.test"",""x"")",2026`);
  expect(table.text).toContain(',EUR,12.50,0.00,0.00,12.50,');
  const theirs = await world.ask('/budget-lines.csv', { as: stranger });
  expect(theirs.text.trim().split('\r\n')).toHaveLength(1);
  expect((await world.ask('/budget-lines.csv?year=x', { as: reader })).status).toBe(422);
  await world.db.updateTable('region').set({ name: 'World' }).where('id', '=', 'world').execute();
});

async function signedIn(who: PersonId): Promise<Browser> {
  const browser = testBrowser(world.app, appUrl);
  const provider = await browser.visit('/auth/sign-in');
  await browser.visit(provider.url, { person: who });
  return browser;
}

test('the page draws the line, says the same in words, and its form changes what is allocated once', async () => {
  const { id } = await lineWith('1000.00');
  await keeps(id, 25_000n);
  const browser = await signedIn(admin);
  const path = `/budgets/${id}`;
  expect((await browser.visit('/budgets')).text).toContain(`<a href="${path}">`);
  const { text } = await browser.visit(path);
  const drawing = text.slice(text.indexOf('<svg'), text.indexOf('</svg>'));
  expect(drawing).toMatch(/aria-label="[^"]*250\.00/);
  expect(drawing).not.toMatch(/style=|<script|NaN|undefined/);
  const fields = fieldsOf(text, path);
  const sent = { ...fields, to: '1200.00', reason: '<b>More</b>' };
  await browser.visit(path, sent);
  const after = await browser.visit(path, sent);
  expect(after.text).toContain('&lt;b&gt;More&lt;/b&gt;');
  const { json } = await world.ask(`/budget-lines/${id}`, { as: admin });
  expect((json as Line).entries).toHaveLength(2);
  const refused = await browser.visit(path, {
    ...fieldsOf(after.text, path),
    to: '1.00',
    reason: 'x',
  });
  expect([refused.status, refused.text.includes('250.00')]).toEqual([409, true]);
  const other = await signedIn(stranger);
  expect((await other.visit(path)).status).toBe(404);
});

/** What the corners of an area of a drawing stand for, in euros, where 1,000.00 are its whole height. */
function corners(drawing: string, name: string): readonly (readonly [x: number, euros: number])[] {
  const d = new RegExp(`class="${name}" d="M([^"Z]*)Z?"`).exec(
    drawing.replaceAll(/\s+/g, ' '),
  )?.[1];
  return (d ?? '').split('L').map((corner) => {
    const [x = 0, y = 0] = corner.split(',').map(Number);
    return [x, Math.round(((212 - y) / 178) * 100) * 10] as const;
  });
}

test('the drawing shows over the year what was there, kept and spent, and its label says what is left', async () => {
  const passes = (days: number) => world.clock.moveTo(world.clock.now() + days * dayMs);
  const { id } = await lineWith('1000.00');
  const reservation = randomUUID();
  passes(1);
  await keeps(id, 25_000n, reservation);
  passes(2);
  await spends(reservation, 20_000n);
  passes(1);
  const { text } = await (await signedIn(admin)).visit(`/budgets/${id}`);
  const drawing = text.slice(text.indexOf('<svg'), text.indexOf('</svg>'));
  const label = /aria-label="([^"]*)"/.exec(drawing)?.[1] ?? '';
  expect(label.match(/[\d,]+\.\d\d/g)).toEqual(['1,000.00', '0.00', '200.00', '800.00']);
  const euros = (name: string) => corners(drawing, name).map(([, one]) => one);
  expect(euros('allocated')).toEqual([1_000, 1_000, 1_000, 1_000, 1_000, 1_000]);
  expect(euros('committed')).toEqual([0, 0, 0, 0, 200, 200, 0, 0, 0, 0, 0, 0]);
  expect(euros('reserved')).toEqual([0, 0, 250, 250, 200, 200, 200, 200, 0, 0, 0, 0]);
  const top = corners(drawing, 'allocated').map(([x]) => x);
  expect(top).toEqual(top.toSorted((a, b) => a - b));
  // One day, two, and one of 365, on a drawing that is 704 wide.
  const days = [1, 3, 5].map((end) => Math.round(((top[end] ?? 0) - (top[end - 1] ?? 0)) / 1.93));
  expect(days).toEqual([1, 2, 1]);
});

test('each day of a line is one where its region is, and its first month too', async () => {
  const zoned = (zone: string) =>
    world.db.updateTable('region').set({ zone }).where('id', '=', 'world').execute();
  await zoned('Asia/Tokyo');
  const { id } = await lineWith('1000.00');
  const tomorrow = (Math.floor(world.clock.now() / dayMs) + 1) * dayMs;
  // In the last hour of a day in Tokyo, in the second of the next, and in its evening.
  for (const [nth, hours] of [14, 16, 34].entries()) {
    world.clock.moveTo(tomorrow + hours * 3_600_000);
    await keeps(id, BigInt(nth + 1) * 10_000n);
  }
  const { json } = await world.ask(`/budget-lines/${id}`, { as: admin });
  const { series } = json as Line;
  expect(series.map(({ reserved }) => reserved)).toEqual(['0.00', '100.00', '600.00']);
  const { text } = await (await signedIn(admin)).visit(`/budgets/${id}`);
  const drawing = text.slice(text.indexOf('<svg'), text.indexOf('</svg>'));
  expect(drawing.match(/\b(?:Dec|Jan|Apr|Jul|Oct) \d{4}/g)).toEqual(
    ['Jan', 'Apr', 'Jul', 'Oct'].map((month) => `${month} 2026`),
  );
  await zoned('Etc/UTC');
});

test('a line whose year is to come says in words when it begins and what it has, and draws nothing', async () => {
  const { id } = await lineWith('1000.00', { year: 2027 });
  const { text } = await (await signedIn(admin)).visit(`/budgets/${id}`);
  expect(text).not.toContain('<svg');
  expect(text).toMatch(/Its year begins on .*January 1, 2027.*1,000\.00.* is allocated already/s);
});

test('a line is opened, funded and closed on its page, which says before what it would do', async () => {
  const browser = await signedIn(admin);
  expect((await browser.visit('/budgets')).text).toContain('href="/budgets/new"');
  const fields = { region: 'world', year: '2025', purpose: 'old', currency: 'eur' };
  const fresh = async (path: string) => fieldsOf((await browser.visit(path)).text, path);
  const wrong = {
    ...(await fresh('/budgets/new')),
    ...fields,
    purpose: 'Old!',
    isRingFenced: 'no',
  };
  const refused = await browser.visit('/budgets/new', wrong);
  expect([refused.status, refused.text.includes('value="Old!"')]).toEqual([422, true]);
  const opened = await browser.visit('/budgets/new', { ...wrong, purpose: 'old' });
  const path = new URL(opened.url).pathname;
  const sends = async (more: object) => browser.visit(path, { ...(await fresh(path)), ...more });

  const funds = { to: '1000.00', reason: 'The plan.' };
  const previewed = await sends({ ...funds, choice: 'preview' });
  const would = (text: string) => /role="status".*/.exec(text)?.[0].match(/[\d,]+\.\d\d/g);
  expect(would(previewed.text)).toEqual(['1,000.00', '0.00', '0.00', '1,000.00']);
  expect(previewed.text).toContain('value="The plan."');
  expect(await figuresAt(path)).toMatchObject({ allocated: '0.00' });
  await sends({ ...funds, choice: 'save' });
  await keepsMore(path, 40_000n);
  for (const choice of ['preview', 'save']) {
    const low = await sends({ to: '399.99', reason: 'x', choice });
    expect([low.status, low.text.includes('400.00'), low.text.includes('0.00')]).toEqual([
      409,
      true,
      true,
    ]);
  }
  const bad = await sends({ to: '1.005', reason: 'x', choice: 'preview' });
  expect(bad.status).toBe(422);

  const early = await sends({ choice: 'previewClose', carryOver: 'yes' });
  expect([early.status, early.text.includes('role="alert"')]).toEqual([409, true]);
  await lineWith('1.00', { purpose: 'old', year: 2026 });
  const closing = await sends({ choice: 'previewClose', carryOver: 'yes' });
  expect(would(closing.text)).toEqual(['400.00', '600.00', '300.00']);
  expect(await figuresAt(path)).toMatchObject({ closedAt: null });
  const closed = await sends({ choice: 'close', carryOver: 'yes' });
  expect(closed.text).not.toContain('<form method="post" action="/budgets/');
  expect(await figuresAt(path)).toMatchObject({ allocated: '700.00', reserved: '400.00' });

  const other = await signedIn(reader);
  expect((await other.visit('/budgets')).text).not.toContain('/budgets/new');
  expect((await other.visit('/budgets/new')).status).toBe(404);
  const sent = { ...wrong, purpose: 'mine' };
  expect((await other.visit('/budgets/new', sent)).status).toBe(404);
});

const idOf = (path: string): string => path.split('/').at(-1) ?? '';
const figuresAt = async (path: string) =>
  (await world.ask(`/budget-lines/${idOf(path)}`, { as: admin })).json;
const keepsMore = (path: string, minor: bigint) => keeps(idOf(path), minor);
