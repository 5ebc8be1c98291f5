/** Offers and stays on site, over HTTP and on pages, as they are served. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { enterHours } from '../../db/lending.ts';
import type { LoopId, PersonId } from '../../domain/id.ts';
import { assignmentWorld, dayAfter, home, host, termsFor } from '../support/assignment-story.ts';
import { fieldsOf } from '../support/browser.ts';
import { berlin, tokyo } from '../support/handoff-organisation.ts';
import { inbox } from '../support/handoff-story.ts';
import { person } from '../support/people.ts';
import { served, type ServedWorld } from '../support/served-world.ts';
import type { World } from '../support/world.ts';

const dayMs = 86_400_000;
const london = person('london-lead');
let world: World;
let server: ServedWorld;
beforeAll(async () => {
  world = await assignmentWorld();
  const { db } = world.database;
  await db.updateTable('person').set({ locale: 'en' }).execute();
  await db.updateTable('region').set({ country: 'FR' }).where('id', '=', host).execute();
  server = await served(world);
});
afterAll(() => world.stop());

type Fields = Readonly<Record<string, string>>;

/** Sends the form of that page as its reader would, and says where it leads. */
async function sends(who: PersonId, page: string, fields: Fields, more: Fields = {}) {
  const browser = await server.browser(who);
  const hidden = fieldsOf(await browser.see(page), page);
  const answer = await browser.send(page, { ...hidden, ...fields, ...more });
  return {
    status: answer.status,
    to: answer.headers.get('location') ?? '',
    text: await answer.text(),
    hidden,
    again: async () => (await browser.send(page, { ...hidden, ...fields })).headers.get('location'),
  };
}

const toldOf = (key: string) =>
  world.database.db
    .selectFrom('notice')
    .select('recipient_id as to')
    .where('key', '=', key)
    .orderBy('to')
    .execute();

const draft = () => ({
  title: 'Learn with Tokyo',
  kind: 'virtual',
  description: 'Calls across two zones.',
  prerequisites: 'Has sold a stent before.',
  hostRegion: host as string,
  hostManager: tokyo.manager as string,
  [`home-${home}`]: 'yes',
  firstDay: dayAfter(world, 28),
  lastDay: dayAfter(world, 87),
  weeklyHours: '8',
  overlapHours: '3',
  'competency-0': 'cross-border-teamwork',
  'level-0': 'advanced',
  'language-en': 'yes',
  'language-ja': 'yes',
});

/** By the gaps, languages and hours that are kept of people; whoever looks begins nothing by it. */
async function isSuggestedFor(path: string): Promise<void> {
  const { db } = world.database;
  const begun = async () =>
    (
      await sql`SELECT (SELECT count(*) FROM loop_instance) AS loops, (SELECT count(*) FROM notice) AS notices,
        (SELECT count(*) FROM assignment) AS assignments`.execute(db)
    ).rows;
  const reasons = async (): Promise<string> => {
    const before = await begun();
    const { json } = await server.ask(berlin.manager, `${path}/suggestions`);
    expect(await begun()).toEqual(before);
    const items = json['items'] as { person: { id: string }; reasons: readonly string[] }[];
    return items.find(({ person: { id } }) => id === berlin.lead)?.reasons.join(' ') ?? '';
  };
  expect(await reasons()).toMatch(/^Works \S+ h a week [^]*Speaks a language/);
  const gap = { id: randomUUID(), person_id: berlin.lead, found_at: 1, target: 'advanced' };
  const competency = 'cross-border-teamwork';
  await db
    .insertInto('competency_gap')
    .values({ ...gap, competency })
    .execute();
  const hours = async (from: string, to: string, minutes: number): Promise<string> => {
    const id = randomUUID();
    await db.insertInto('loop_instance').values({ id, loop: 'assignment' }).execute();
    await sql`INSERT INTO assignment (id, kind, status, participant_id, home_manager_id,
        host_manager_id, home_region_id, host_region_id, days, weekly_hours, overlap_hours,
        is_binding, proposed_at)
      VALUES (${id}, 'virtual', 'closed', ${london}, ${berlin.manager}, ${tokyo.manager}, ${from}, ${to},
        '[2026-01-01,2026-02-01)', 8, 2, false, now())`.execute(db);
    const entry = { day: dayAfter(world, -1), minutes, overlapMinutes: 0, by: london, at: 0 };
    await enterHours(db, { assignment: id as LoopId, ...entry });
    return id;
  };
  const kept = [await hours(host, home, 600)];
  expect(await reasons()).toMatch(/^Closes gaps: \S+ of [^]*borrowed \S*10\S* h more than it lent/);
  kept.push(await hours(home, host, 660));
  expect(await reasons()).not.toContain('borrowed');
  for (const table of ['assignment_hours', 'assignment', 'loop_instance'] as const) {
    const column = table === 'assignment_hours' ? 'assignment_id' : 'id';
    await sql`DELETE FROM ${sql.table(table)} WHERE ${sql.ref(column)} = ANY (${kept}::uuid[])`.execute(
      db,
    );
  }
}

test('an offer goes by pages from a draft over interest to terms that all three sign, each step by whom it is for', async () => {
  const refused = await sends(tokyo.lead, '/placements/draft', draft(), { hostManager: 'nobody' });
  expect([refused.status, refused.text.includes('value="Learn with Tokyo"')]).toEqual([422, true]);
  const drafted = await sends(tokyo.lead, '/placements/draft', draft());
  const offer = drafted.to;
  expect(offer).toMatch(/^\/placements\/[0-9a-f-]{36}$/);
  expect(await drafted.again()).toBe(offer);
  const xx = await sends(tokyo.lead, '/placements/draft', draft(), { 'language-xx': 'yes' });
  expect([xx.status, xx.to]).toEqual([422, '']);

  const read = async (who: PersonId, page: string) => (await server.browser(who)).see(page);
  expect(await read(berlin.lead, offer)).not.toContain('Learn with Tokyo');
  expect(await read(berlin.lead, '/placements?status=draft')).not.toContain(offer);
  expect(await read(tokyo.manager, '/placements?status=draft')).toContain(offer);
  // However many others have drafted since, which its host may read as well.
  await sql`INSERT INTO opportunity SELECT (jsonb_populate_record(o, jsonb_build_object(
      'id', gen_random_uuid(), 'host_manager_id', ${tokyo.backup}::text,
      'drafted_at', o.drafted_at + n * interval '1 second'))).*
    FROM opportunity o, generate_series(1, 60) n`.execute(world.database.db);
  // It is on the first page of its host, and of nobody else, until it is published.
  const isOnFirst = async (who: PersonId) => (await read(who, '/')).includes(offer);
  expect([await isOnFirst(tokyo.manager), await isOnFirst(tokyo.lead)]).toEqual([true, false]);
  const path = `/opportunities${offer.slice('/placements'.length)}`;
  expect((await server.ask(tokyo.lead, `${path}/publish`, {})).status).toBe(403);
  expect((await server.ask(berlin.lead, `${path}/interest`, {})).status).toBe(404);
  await sends(tokyo.manager, offer, { choice: 'publish' });
  expect(await isOnFirst(tokyo.manager)).toBe(false);
  expect(await read(berlin.lead, '/placements?mine=yes&kind=virtual')).toContain(
    'Why it would suit you',
  );
  expect(await read(berlin.lead, '/placements?kind=onsite')).not.toContain(offer);
  expect(await read(tokyo.lead, '/placements?mine=yes')).not.toContain(offer);

  await sends(berlin.lead, offer, { choice: 'interest' });
  await sends(berlin.lead, offer, { choice: 'interest' });
  const told = [{ to: berlin.manager }, { to: tokyo.manager }];
  expect(await toldOf('assignment.interested')).toEqual(told);
  expect((await server.ask(tokyo.lead, `${path}/interest`, {})).status).toBe(403);
  const interested = async (who: PersonId) =>
    ((await server.ask(who, path)).json['interested'] as unknown[]).length;
  expect([await interested(tokyo.manager), await interested(berlin.manager)]).toEqual([1, 1]);
  expect([await interested(london), await interested(tokyo.lead)]).toEqual([0, 0]);

  expect(await read(berlin.lead, offer)).toContain('Has sold a stent before.');
  await isSuggestedFor(path);

  const form = `${offer}/propose`;
  const fields = {
    firstDay: dayAfter(world, 28),
    lastDay: dayAfter(world, 87),
    weeklyHours: '8',
    overlapHours: '3',
    homeManager: berlin.manager as string,
    hostManager: tokyo.manager as string,
    choice: 'send',
  };
  // Its course is shown first, in the reader's words; what was filled in stays, and nothing is proposed.
  const foreseen = await sends(berlin.lead, form, fields, { choice: 'preview' });
  expect([foreseen.status, foreseen.to]).toEqual([200, '']);
  expect(foreseen.text).toMatch(/It began\..*It ended\./s);
  expect(foreseen.text).toContain(`value="${fields.lastDay}"`);
  expect(await read(berlin.manager, '/placements')).not.toContain('proposed');
  const past = await sends(berlin.lead, form, fields, { lastDay: dayAfter(world, 20) });
  expect([past.status, past.text.includes('It ends before it begins')]).toEqual([422, true]);
  const proposed = await sends(berlin.lead, form, fields);
  expect(proposed.to).toMatch(/^\/tasks\//);
  expect(await proposed.again()).toBe(proposed.to);
  for (const who of [berlin.lead, berlin.manager, tokyo.manager]) {
    await sends(who, proposed.to, { choice: 'sign' });
  }
  expect(await read(berlin.manager, '/placements')).toContain('Signed by all three');
  const change = `/placements/terms/${proposed.to.split('/').at(-1) ?? ''}`;
  const longer = {
    ...fields,
    lastDay: dayAfter(world, 95),
    'competency-0': 'cross-border-teamwork',
  };
  // What other terms would come to is shown first: whose training ends, how many hours are shared.
  const other = { ...longer, 'level-0': 'advanced' };
  const hours = { weeklyHours: '40', overlapHours: '40' };
  const asked = await sends(berlin.manager, change, { ...other, ...hours, choice: 'preview' });
  expect([asked.status, asked.text]).toEqual([
    200,
    expect.stringMatching(/work only [\d.]+ h.*ended/s),
  ]);
  expect(asked.text).toContain(`name="lastDay" value="${longer.lastDay}"`);
  expect(await inbox(world, tokyo.manager)).toEqual([]);
  await sends(berlin.manager, change, other);
  expect(await inbox(world, tokyo.manager)).toEqual(['assignment.sign']);
  // Seen again since, what was foreseen is still sent for the terms that it was made of.
  const [revision = '', lastDay] = [asked.hidden['revision'], dayAfter(world, 96)];
  const late = { ...other, lastDay, revision };
  const foreseenLate = await sends(berlin.manager, change, { ...late, choice: 'preview' });
  expect(foreseenLate.text).toContain(`name="revision" value="${revision}"`);
  expect((await sends(berlin.manager, change, late)).status).toBe(412);
  expect(await read(london, change)).not.toContain(dayAfter(world, 95));
  await sends(berlin.lead, proposed.to, { choice: 'cancel' });
  await sends(berlin.lead, offer, { choice: 'withdrawInterest' });
  expect(await interested(tokyo.manager)).toBe(0);
  await sends(tokyo.manager, offer, { choice: 'close' });
  expect((await server.ask(berlin.lead, `${path}/interest`, {})).status).toBe(409);
});

test('a training is recorded on a page of whoever it is for, by whoever looks after learning, once, and read there by nobody else', async () => {
  const { db } = world.database;
  const role = { person_id: tokyo.backup, role: 'learning-lead' } as const;
  await db.insertInto('person_role').values(role).execute();
  const page = `/trainings/${london}`;
  const [completedOn, expiresOn] = [dayAfter(world, -1), dayAfter(world, 800)];
  const fields = { one: home as string, other: host as string, completedOn, expiresOn };
  const backwards = await sends(tokyo.backup, page, fields, { expiresOn: '2020-01-01' });
  expect([backwards.status, backwards.text.includes(`value="${completedOn}"`)]).toEqual([
    422,
    true,
  ]);
  const recorded = await sends(tokyo.backup, page, fields);
  expect([recorded.to, await recorded.again()]).toEqual([page, page]);
  // A paragraph holds no list: whoever reads with a screen reader would find an empty one after it.
  expect(await (await server.browser(tokyo.backup)).see(page)).not.toMatch(/<p>\s*<ul/);
  const browser = await server.browser(london);
  const mine = await browser.see(page);
  expect(mine.match(/<bdi>Japan<\/bdi>/g)).toHaveLength(1);
  expect(mine).not.toContain('<form method="post" action="/trainings');
  expect(await browser.see('/competencies')).toContain(`href="${page}"`);
  expect((await sends(london, page, { ...fields, key: randomUUID() })).status).toBe(403);
  expect(await (await server.browser(berlin.lead)).see(page)).not.toContain('Japan');
  await db.deleteFrom('person_role').where('person_id', '=', tokyo.backup).execute();
});

/** Days of the year 2027 and those before it, walked one by one and looked back over. */
function mostDays(
  stays: readonly (readonly [string, string])[],
  [first, last]: readonly [string, string],
) {
  const spent = new Set<number>();
  const number = (day: string): number => Date.parse(day) / dayMs;
  for (const [from, to] of [...stays, [first, last] as const]) {
    for (let day = number(from); day <= number(to); day++) spent.add(day);
  }
  let most = 0;
  for (let day = number(first); day <= number(last); day++) {
    const window = Array.from({ length: 180 }, (_none, back) => day - back);
    most = Math.max(most, window.filter((one) => spent.has(one)).length);
  }
  return most;
}

test('a stay on site is signed once its days are counted, for its participant alone, and asks who sends them what rules ask', async () => {
  const { home: homeManager, host: hostManager, ...terms } = termsFor(world, { days: 60 });
  const body = {
    kind: 'onsite',
    participant: berlin.lead,
    hostRegion: host,
    terms: { ...terms, accounts: [], homeManager, hostManager },
  };
  const made = await server.ask(berlin.lead, '/assignments', body);
  const path = `/assignments/${String(made.json['id'])}`;
  const sign = (who: PersonId) =>
    server.ask(who, `${path}/sign`, {}, { 'if-match': `"${String(made.json['revision'])}"` });
  const early = await sign(berlin.manager);
  expect([early.status, early.json['type']]).toEqual([
    409,
    expect.stringContaining('assignment.mobility_open'),
  ]);
  const stays = [
    [dayAfter(world, -60), dayAfter(world, -20)],
    [dayAfter(world, -25), dayAfter(world, -15)],
  ] as const;
  const said = stays.map(([firstDay, lastDay]) => ({ firstDay, lastDay }));
  const backwards = { duty: 'mobility', stays: [{ firstDay: stays[0][1], lastDay: stays[0][0] }] };
  expect((await server.ask(berlin.lead, `${path}/duty`, backwards)).status).toBe(422);
  const others = await server.ask(berlin.manager, `${path}/duty`, { duty: 'mobility' });
  expect(others.status).toBe(403);
  await server.ask(berlin.lead, `${path}/duty`, { duty: 'mobility', stays: said });
  const most = mostDays(stays, [terms.firstDay, terms.lastDay]);
  expect(most).toBeGreaterThan(90);
  const mobility = async (who: PersonId) => (await server.ask(who, path)).json['mobility'];
  expect(await mobility(berlin.lead)).toContain(`at most ${most}.`);
  expect([await mobility(berlin.manager), await mobility(tokyo.manager)]).toEqual([null, null]);

  expect(await inbox(world, berlin.manager)).toEqual(['assignment.sign']);
  const again = async () => ({
    'if-match': `"${String((await server.ask(berlin.lead, path)).json['revision'])}"`,
  });
  for (const who of [berlin.lead, berlin.manager, tokyo.manager]) {
    expect((await server.ask(who, `${path}/sign`, {}, await again())).status).toBe(200);
  }
  expect((await inbox(world, berlin.manager)).toSorted()).toEqual([
    'assignment.insurance',
    'assignment.posted_worker',
  ]);
  const { duties } = (await server.ask(berlin.manager, path)).json as {
    duties: { duty: string; isDone: boolean; links: string[] }[];
  };
  expect(duties.map(({ duty, isDone }) => [duty, isDone])).toEqual([
    ['mobility', true],
    ['posted_worker', false],
    ['insurance', false],
  ]);
  for (const { links } of duties) expect(links[0]).toMatch(/^https:\/\/([a-z-]+\.)*europa\.eu\//);
  for (const duty of ['posted_worker', 'insurance']) {
    await server.ask(berlin.manager, `${path}/duty`, { duty });
  }
  expect(await inbox(world, berlin.manager)).toEqual([]);
  await server.ask(berlin.manager, `${path}/cancel`, {}, { 'idempotency-key': randomUUID() });
});

test('what a preview tells of an assignment in which nobody does anything is what then happens, and it explains itself on the way', async () => {
  const days = { firstDay: dayAfter(world, 1), lastDay: dayAfter(world, 70), accounts: [] };
  const { home: homeManager, host: hostManager, ...terms } = termsFor(world, days);
  const body = {
    kind: 'virtual',
    participant: berlin.lead,
    hostRegion: host,
    terms: { ...terms, homeManager, hostManager },
  };
  type Told = readonly { readonly at: string; readonly sentence: string }[];
  const minutely = (told: Told) => told.map(({ at, sentence }) => [at.slice(0, 16), sentence]);
  const preview = await server.ask(berlin.lead, '/assignments/preview', body);
  const before = preview.json as never as { from: string; course: Told };
  expect(preview.json['gates']).toEqual([]);
  expect(preview.json['together']).toMatch(/^Participant and host work \d/);
  expect(preview.status).toBe(200);
  const backwards = { ...body, terms: { ...body.terms, lastDay: dayAfter(world, 0) } };
  const refused = await server.ask(berlin.lead, '/assignments/preview', backwards);
  expect(refused.json['type']).toMatch(/assignment.end_before_start$/);
  expect((await server.ask(tokyo.lead, '/assignments/preview', body)).status).toBe(403);

  const made = await server.ask(berlin.lead, '/assignments', body);
  const path = `/assignments/${String(made.json['id'])}`;
  const explained = async () =>
    (await server.ask(berlin.lead, `${path}/explain`)).json['sentences'] as readonly string[];
  const about = (word: string) => expect.arrayContaining([expect.stringContaining(word)]);
  expect(await explained()).toEqual(about('to sign'));
  const revision = { 'if-match': `"${String(made.json['revision'])}"` };
  for (const who of [berlin.lead, berlin.manager, tokyo.manager]) {
    await server.ask(who, `${path}/sign`, {}, revision);
  }
  expect(await explained()).toEqual(about('It begins by itself'));
  await world.advanceTo(Date.parse(before.from) + 60_000);
  expect(await explained()).toEqual(about('If nobody meets'));
  const page = await (await server.browser(berlin.lead)).see(path.replace('assignments', 'tasks'));
  expect(page).toContain('It ends by itself');
  await world.advanceTo(Date.parse(before.course.at(-1)!.at) + 60_000);
  const { timeline } = (await server.ask(berlin.lead, path)).json as never as { timeline: Told };
  expect(minutely(timeline)).toEqual(minutely(before.course));
  expect(await explained()).toEqual(about('for the lesson of'));
});
