import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOfferUnused } from '../../../activities/budget/offer-unused.ts';
import { createDeliver } from '../../../activities/deliver.ts';
import type { Channel, Letter } from '../../../channels/channel.ts';
import { reserve } from '../../../db/budget-ledger.ts';
import { openBudgetLine, changeAllocation } from '../../../db/budget-lines.ts';
import { offeredIn } from '../../../db/budget-offers.ts';
import { offersAt } from '../../../domain/budget/unused.ts';
import { fiscalYear, type FiscalRegion } from '../../../domain/budget/fiscal-year.ts';
import type { PersonId, RegionId } from '../../../domain/id.ts';
import { type ApiWorld } from '../../support/api.ts';
import { type Browser, testBrowser } from '../../support/browser.ts';
import { berlin, tokyo } from '../../support/handoff-organisation.ts';
import { pagesWorld, type PagesWorld } from '../../support/pages.ts';
import { loadRegionCalendar } from '../../../db/calendars.ts';

const appUrl = 'https://meridian.test';
const japan = 'japan' as RegionId;
const fiscal: FiscalRegion = { zone: 'Asia/Tokyo', fiscalStartMonth: 4 };
const year = fiscalYear(2026, fiscal);
const policyDays = 5;
let opens: number;
let pages: PagesWorld;
let world: ApiWorld;

beforeAll(async () => {
  const people = [tokyo.lead, tokyo.manager, tokyo.backup, berlin.lead];
  pages = await pagesWorld({ appUrl, people });
  ({ world } = pages);
  const { db } = world;
  await db
    .insertInto('region')
    .values({
      id: japan,
      name: 'Japan',
      locale: 'ja',
      zone: fiscal.zone,
      manager_id: tokyo.manager,
      week_id: 'office',
      fiscal_start_month: fiscal.fiscalStartMonth,
    })
    .execute();
  await db
    .updateTable('person')
    .set({ region_id: japan })
    .where('id', 'in', [tokyo.lead, tokyo.manager, tokyo.backup])
    .execute();
  await db
    .insertInto('policy')
    .values({
      key: 'budget.unused',
      region_id: japan,
      valid_from: '2020-01-01',
      value: { workingDays: policyDays, floor: '10000' },
    })
    .execute();
  opens = offersAt(await loadRegionCalendar(db, japan), year.until, policyDays);
});
afterAll(() => pages.stop());

let purposes = 0;
async function lineWith(yen: bigint): Promise<string> {
  const purpose = `leadership-${++purposes}`;
  const line = { region: japan, year, purpose, isRingFenced: false, currency: 'JPY' };
  return world.db.transaction().execute(async (tx) => {
    const opened = await openBudgetLine(tx, line);
    if (!opened.ok) throw new Error(opened.problem.code);
    const { id } = opened;
    const change = { id: randomUUID(), line: id, to: yen, author: berlin.manager, at: year.from };
    await changeAllocation(tx, { ...change, reason: 'The plan of the year.' });
    return id;
  });
}

const takes = (line: string, minor: bigint, at: number) =>
  world.db
    .transaction()
    .execute((tx) =>
      reserve(tx, { id: randomUUID(), line, asked: { minor, currency: 'JPY' }, at }),
    );

const offerAt = (at: number) => createOfferUnused({ db: world.db, clock: { now: () => at } })();

async function gapOf(person: PersonId, competency: string, level: string | null, target: string) {
  await world.db
    .insertInto('competency_gap')
    .values({ id: randomUUID(), person_id: person, competency, level, target, found_at: year.from })
    .execute();
}

const toldOf = async (line: string) => {
  const rows = await world.db
    .selectFrom('budget_offer_person as o')
    .innerJoin('notice as n', 'n.id', 'o.notice_id')
    .select(['n.id', 'n.recipient_id as to', 'n.key', 'n.params'])
    .where('o.line_id', '=', line)
    .orderBy('n.recipient_id')
    .execute();
  return rows;
};
const whoOf = async (line: string) => (await toldOf(line)).map(({ to, key }) => [to, key]);

async function signedIn(who: PersonId): Promise<Browser> {
  const browser = testBrowser(world.app, appUrl);
  const provider = await browser.visit('/auth/sign-in');
  await browser.visit(provider.url, { person: who });
  return browser;
}

test('unused money is offered once, on the clock of its region, however often and by however many it is looked at', async () => {
  const line = await lineWith(50_000n);
  expect(new Date(opens)).toEqual(new Date('2027-03-24T15:00Z'));
  expect(await offerAt(opens - 1)).toEqual({ offered: 0 });
  const looked = await Promise.all([offerAt(opens), offerAt(opens), offerAt(opens)]);
  expect(looked.reduce((sum, { offered }) => sum + offered, 0)).toBe(1);
  expect(await offerAt(year.until - 1)).toEqual({ offered: 0 });
  // Nobody has a gap and nobody leads learning there: its manager, and once.
  expect(await whoOf(line)).toEqual([[tokyo.manager, 'budgetLine.unused_office']]);
});

test('money that is taken meanwhile is not offered, and what comes back in time is', async () => {
  const line = await lineWith(50_000n);
  const kept = await takes(line, 45_000n, opens);
  expect(kept).toMatchObject({ ok: true });
  expect(await offerAt(opens)).toEqual({ offered: 0 });
  await world.db.transaction().execute((tx) =>
    changeAllocation(tx, {
      id: randomUUID(),
      line,
      to: 60_000n,
      author: berlin.manager,
      reason: 'More came.',
      at: opens,
    }),
  );
  expect(await offerAt(opens + 1)).toEqual({ offered: 1 });
  const { available } = await world.db
    .selectFrom('budget_offer')
    .select('available')
    .where('line_id', '=', line)
    .executeTakeFirstOrThrow();
  expect(available).toBe(15_000n);
  const over = await lineWith(50_000n);
  expect(await offerAt(year.until)).toEqual({ offered: 0 });
  await takes(over, 50_000n, opens);
  // Somebody takes it while it is looked at: whoever is second sees what the first left.
  const last = await lineWith(50_000n);
  const [taken, { offered }] = await Promise.all([takes(last, 50_000n, opens), offerAt(opens)]);
  expect(taken).toMatchObject({ ok: true });
  expect(await whoOf(last)).toHaveLength(offered);
});

test('before offices it is offered to those who have a gap there and have not left, each in a message without names that leads to the line', async () => {
  await world.db
    .insertInto('person_role')
    .values({ person_id: tokyo.backup, role: 'learning-lead', region_id: japan })
    .execute();
  const first = await lineWith(50_000n);
  expect(await offerAt(opens)).toEqual({ offered: 1 });
  expect(await whoOf(first)).toEqual([[tokyo.backup, 'budgetLine.unused_office']]);

  await gapOf(tokyo.lead, 'data-storytelling', 'beginner', 'advanced');
  await gapOf(tokyo.manager, 'clinical-fluency', null, 'beginner');
  await gapOf(berlin.lead, 'clinical-fluency', null, 'advanced');
  await world.db
    .updateTable('person')
    .set({ left_at: opens - 1 })
    .where('id', '=', tokyo.manager)
    .execute();
  const line = await lineWith(50_000n);
  expect(await offerAt(opens)).toEqual({ offered: 1 });
  expect(await whoOf(line)).toEqual([[tokyo.lead, 'budgetLine.unused_developing']]);

  const [told] = await toldOf(line);
  const letters: Letter[] = [];
  const email: Channel = {
    name: 'email',
    compose: (letter) => {
      letters.push(letter);
      return Promise.resolve(new Uint8Array());
    },
    send: () => Promise.resolve({ outcome: 'sent' }),
    close: () => undefined,
  };
  const monday = Date.parse('2027-03-29T03:00Z');
  const parts = { db: world.db, channels: { email }, publicUrl: appUrl };
  const deliver = createDeliver({ ...parts, clock: { now: () => monday } });
  await deliver({ noticeId: told!.id, revision: 1 });
  const [letter] = letters;
  expect(letter?.link).toBe(`${appUrl}/budgets/${line}`);
  const text = JSON.stringify(letter?.rendered);
  expect(text).toContain('leadership-');
  expect(text).not.toMatch(/Name of|tokyo-|berlin-|50[,.]?000/);
});

async function planOf(person: PersonId, target: string): Promise<string> {
  const id = randomUUID();
  await world.db.insertInto('loop_instance').values({ id, loop: 'developmentPlan' }).execute();
  await world.db
    .insertInto('development_plan')
    .values({
      id,
      subject_id: person,
      manager_id: berlin.manager,
      status: 'running',
      map_version: 1,
      last_day: '2027-06-30',
      started_at: year.from,
    })
    .execute();
  const goal = { plan_id: id, competency: 'clinical-fluency', to_level: target };
  await world.db.insertInto('plan_goal').values(goal).execute();
  return id;
}

test('whoever has an open plan is offered it before those with a gap alone, also for a goal that is no gap', async () => {
  const plan = await planOf(tokyo.backup, 'beginner');
  const first = await lineWith(50_000n);
  await offerAt(opens);
  expect(await whoOf(first)).toEqual([
    [tokyo.backup, 'budgetLine.unused_developing'],
    [tokyo.lead, 'budgetLine.unused_developing'],
  ]);
  const asked = await offeredIn(world.db, japan);
  expect(asked.map(({ person }) => person)).toEqual([tokyo.backup, tokyo.lead]);
  await world.db
    .updateTable('development_plan')
    .set({ closed_at: opens })
    .where('id', '=', plan)
    .execute();
  const line = await lineWith(50_000n);
  await offerAt(opens);
  expect(await whoOf(line)).toEqual([[tokyo.lead, 'budgetLine.unused_developing']]);
});

test('whoever was offered it reads what it is for and how to ask, never its figures; to others it is nothing', async () => {
  const line = await lineWith(50_000n);
  await offerAt(opens);
  const path = `/budget-lines/${line}/offer`;
  const mine = await world.ask(path, { as: tokyo.lead });
  expect(mine.status).toBe(200);
  expect(mine.json).toMatchObject({ id: line, until: '2027-03-31T15:00:00.000Z', closedAt: null });
  expect(mine.text).not.toContain('50000');
  expect((await world.ask(`/budget-lines/${line}`, { as: tokyo.lead })).status).toBe(404);
  expect((await world.ask(path, { as: berlin.lead })).status).toBe(404);
  expect((await world.ask(`/budget-lines/${randomUUID()}/offer`, { as: tokyo.lead })).status).toBe(
    404,
  );
  const page = await (await signedIn(tokyo.lead)).visit(`/budgets/${line}`);
  expect([page.status, page.text.includes('予算申請を提出してください')]).toEqual([200, true]);
  expect(page.text).not.toMatch(/50[,.]?000/);
  const office = await (await signedIn(tokyo.backup)).visit(`/budgets/${line}`);
  expect(office.text).toContain('年度末の前に案内済み');
  expect(office.text).toContain('50,000');
  expect((await (await signedIn(berlin.lead)).visit(`/budgets/${line}`)).status).toBe(404);
});
