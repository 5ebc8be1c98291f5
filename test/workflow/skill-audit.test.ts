/** Skill audits on the real server: asked of managers in their working time, closed with what is missing. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOpenAudits } from '../../activities/skill-audit/open-audits.ts';
import { recordCalendarChange } from '../../db/calendar-changes.ts';
import { insertContent } from '../../db/contents.ts';
import { findTargets } from '../../db/target-profiles.ts';
import type { ContentId, PersonId } from '../../domain/id.ts';
import { loopWorkflows } from '../../workflows/addresses.ts';
import {
  asked,
  auditWorld,
  director,
  lead,
  manager,
  munich,
  region,
  stranger,
  tokyo,
  tokyoLead,
} from '../support/audit-story.ts';
import { tasksOf } from '../support/loop-asks.ts';
import { served, type ServedWorld } from '../support/served-world.ts';
import type { World } from '../support/world.ts';

const day = 86_400_000;
let world: World;
let ask: ServedWorld['ask'];
let stage: ServedWorld;

beforeAll(async () => {
  world = await auditWorld();
  stage = await served(world);
  ({ ask } = stage);
});
afterAll(() => world.stop());

const dayAfter = (days: number): string =>
  new Date(world.clock.now() + days * day).toISOString().slice(0, 10);

const tasks = async (id: string): Promise<readonly string[]> =>
  (await tasksOf(world, id)).map((task) => task.split(' ')[0] ?? '');

const ratings = (level: string, keys: readonly string[] = asked, text = 'seen in the clinic') =>
  keys.map((competency) => ({ competency, level, evidenceKind: 'observation', text }));

async function begins(): Promise<string> {
  const opened = await ask(lead, '/skill-audits', { region, closesOn: dayAfter(20) });
  expect(opened.json).toMatchObject({ status: 'rating', region: { id: region } });
  return String(opened.json['id']);
}

const codeOf = async (
  who: PersonId,
  path: string,
  body?: object,
): Promise<readonly [number, unknown]> => {
  const told = await ask(who, path, body);
  return [told.status, told.json['code'] ?? null];
};

test('managers rate their people with evidence, and it closes with the gaps of each, told to those alone who may know', async () => {
  const { db } = world.database;
  // Only whoever leads learning there opens it, for managers that there are.
  const opens = (who: PersonId) => codeOf(who, '/skill-audits', { region, closesOn: dayAfter(20) });
  expect(await opens(manager)).toEqual([403, 'authority.forbidden']);
  // By its form too; what was chosen there stays where it is not taken.
  const short = { key: randomUUID(), region, closesOn: dayAfter(2) };
  const again = await (await (await stage.browser(lead)).send('/audits', short)).text();
  expect(again).toMatch(new RegExp(`value="${region}"\\s+selected[^]*value="${short.closesOn}"`));
  const id = await begins();
  const path = `/skill-audits/${id}`;
  expect(await opens(lead)).toEqual([409, 'skillAudit.already_open']);
  expect(await tasks(id)).toEqual([director, lead, manager, tokyoLead].toSorted());

  const [first, second] = munich as [PersonId, PersonId];
  const rate = (who: PersonId, about: PersonId, given: object[]) =>
    codeOf(who, `${path}/rate`, { person: about, ratings: given });
  // Each level of what nobody has rated yet, with its evidence, once, and of nobody else's people.
  expect(await rate(manager, first, ratings('advanced', asked.slice(1)))).toEqual([
    422,
    'skillAudit.unrated',
  ]);
  expect(await rate(manager, first, ratings('advanced', asked, '  '))).toEqual([
    422,
    'request.invalid',
  ]);
  expect(await rate(manager, first, [...ratings('advanced'), ...ratings('beginner')])).toEqual([
    422,
    'growth.competency_twice',
  ]);
  expect(await rate(manager, tokyo[0]!, ratings('advanced'))).toEqual([
    403,
    'skillAudit.not_asked',
  ]);
  expect(await rate(manager, manager, ratings('advanced'))).toEqual([403, 'skillAudit.own_rating']);
  expect(await rate(first, second, ratings('advanced'))).toEqual([403, 'skillAudit.not_asked']);
  expect(await rate(manager, first, ratings('beginner'))).toEqual([200, null]);
  expect(await rate(manager, first, ratings('advanced'))).toEqual([
    409,
    'skillAudit.already_settled',
  ]);

  // By the form of the page, twice and once more for somebody else's: it is one rating.
  const browser = await stage.browser(manager);
  const page = await browser.see(`/tasks/${id}`);
  const form = {
    key: /name="key" value="([^"]+)"/.exec(page)?.[1] ?? '',
    revision: /name="revision" value="(\d+)"/.exec(page)?.[1] ?? '',
    choice: 'rate',
    person: String(second),
    ...Object.fromEntries(
      asked.flatMap((key) => [
        [`level-${key}`, 'intermediate'],
        [`kind-${key}`, 'result'],
        [`text-${key}`, '<script>alert(1)</script>'],
      ]),
    ),
  };
  const sends = async (fields: Record<string, string>): Promise<number> =>
    (await browser.send(`/tasks/${id}`, fields)).status;
  const flagged = { ...form, [`text-${asked[0]}`]: 'sells it off-label' };
  const meant = { ...flagged, 'flag off_label:ratings[0].text': 'yes' };
  // What is warned of is called what the form calls it.
  const warned = await (await browser.send(`/tasks/${id}`, flagged)).text();
  expect(warned).not.toContain('<bdi>ratings[0].text</bdi>');
  expect(warned).toMatch(/<strong>الإلمام السريري<\/strong>: \S/);
  expect([await sends(flagged), await sends(meant), await sends(meant)]).toEqual([422, 303, 303]);
  expect(await sends({ ...form, key: randomUUID(), person: String(tokyo[0]) })).toBe(403);
  expect(await (await stage.browser(second)).see('/competencies')).toContain(
    '&lt;script&gt;alert(1)&lt;/script&gt;',
  );
  expect(page).toContain(`value="${munich[2]}"`);
  // Whoever is only rated reads nobody's name there.
  const ofSecond = await (await stage.browser(second)).see(`/tasks/${id}`);
  expect(ofSecond).toMatch(/<h1>[^<]*Skill audit/);
  expect(ofSecond).not.toMatch(/name="person"|Name of munich-3|name="choice"/);

  // By its page whoever leads it puts it on hold: nobody is asked for anything until it goes on.
  const steers = async (who: PersonId, choice: string) =>
    (await stage.sends(who, `/tasks/${id}`, { choice }, lead)).status;
  expect(await steers(lead, 'hold')).toBe(303);
  expect(await rate(manager, munich[2]!, ratings('intermediate'))).toEqual([409, 'loop.held']);
  expect(await (await stage.browser(manager)).see(`/tasks/${id}`)).not.toContain('name="person"');
  expect(await steers(manager, 'resume')).toBe(403);
  expect(await steers(lead, 'resume')).toBe(303);

  for (const who of munich.slice(2)) await rate(manager, who, ratings('intermediate'));
  for (const who of [lead, manager, tokyoLead, stranger]) {
    await rate(director, who, ratings('intermediate'));
  }
  expect(await tasks(id)).toEqual([lead, tokyoLead].toSorted());
  // Nothing is told before the end: who was rated when would tell of whom.
  expect(await codeOf(lead, `${path}/gaps`)).toEqual([409, 'skillAudit.still_open']);
  expect(await codeOf(lead, `${path}/heat-map`)).toEqual([409, 'skillAudit.still_open']);
  await rate(tokyoLead, tokyo[0]!, ratings('beginner'));
  await ask(tokyoLead, `${path}/skip`, { person: tokyo[1], reason: 'tooNew' });
  await rate(lead, director, ratings('advanced'));
  expect((await ask(lead, path)).json).toMatchObject({
    status: 'closed',
    progress: { people: 13, rated: 12, skipped: 1, raters: [] },
  });

  const gapsFor = async (who: PersonId): Promise<readonly string[]> => {
    const told = await ask(who, `${path}/gaps`);
    const items = (told.json['items'] ?? []) as { person: { id: string }; level: string | null }[];
    return items.map(({ person, level }) => `${person.id} ${level}`);
  };
  const ofFirst = [`${first} beginner`, `${first} beginner`];
  const ofTokyo = [`${tokyo[0]} beginner`, `${tokyo[0]} beginner`];
  const unrated = [`${tokyo[1]} null`, `${tokyo[1]} null`];
  expect(await gapsFor(lead)).toEqual([...ofFirst, ...ofTokyo, ...unrated]);
  expect(await gapsFor(manager)).toEqual(ofFirst);
  expect(await gapsFor(first)).toEqual(ofFirst);
  // Further above, and beside: nothing of it.
  expect(await gapsFor(director)).toEqual([]);
  expect(await gapsFor(second)).toEqual([]);
  for (const who of [stranger, director, second]) {
    expect([who, (await ask(who, `/people/${first}/competencies`)).status]).toEqual([who, 404]);
    const given = { ratings: ratings('advanced') };
    expect([who, (await ask(who, `/people/${first}/ratings`, given)).status]).toEqual([who, 404]);
  }
  // Whoever coaches them may know, for as long as they do.
  const coaching = { id: '00000000-0000-4000-8000-000000000001', person_id: first };
  await db
    .insertInto('coaching')
    .values({ ...coaching, coach_id: second, since: world.clock.now() })
    .execute();
  expect(await gapsFor(second)).toEqual(ofFirst);
  expect((await ask(second, `/people/${first}/competencies`)).status).toBe(200);
  await db.updateTable('coaching').set({ ended_at: world.clock.now() }).execute();
  expect(await gapsFor(second)).toEqual([]);

  // Every rating cites what shows it, to the person too.
  const growth = (await ask(first, `/people/${first}/competencies`)).json;
  const items = growth['items'] as { competency: string; history: object[] }[];
  expect(items.find(({ competency }) => competency === asked[0])?.history).toMatchObject([
    {
      level: 'beginner',
      evidence: 'seen in the clinic',
      evidenceKind: 'observation',
      mapVersion: 1,
    },
  ]);
  expect(growth['gaps']).toHaveLength(2);
  expect(await codeOf(first, `/people/${first}/ratings`, { ratings: ratings('advanced') })).toEqual(
    [403, 'growth.own_rating'],
  );
  // A better rating closes the gap; the audit stays as it was.
  await ask(manager, `/people/${first}/ratings`, { ratings: ratings('advanced', [asked[0]]) });
  const after = (await ask(first, `/people/${first}/competencies`)).json;
  expect(after['gaps']).toMatchObject([{ competency: asked[1] }]);
  expect(await gapsFor(first)).toEqual(ofFirst);

  // Eleven of one team, and one of another, who would be told apart: of teams nothing is shown.
  const map = (await ask(lead, `${path}/heat-map`)).json;
  expect(map['teams']).toEqual([]);
  expect(map['rows']).toMatchObject([
    { competency: asked[0], whole: { value: 17 }, teams: {}, former: [], trend: null },
    { competency: asked[1], whole: { value: 17 }, teams: {} },
  ]);
  for (const who of [manager, first, stranger]) {
    expect([who, (await ask(who, `${path}/heat-map`)).status]).toEqual([who, 404]);
  }
  // A name that a spreadsheet would obey is text there, and each has theirs alone, by whichever way.
  const tableOf = async (who: PersonId, name: string) =>
    (await stage.read(who, `${path}/${name}`)).text();
  const csvOf = (who: PersonId): Promise<string> => tableOf(who, 'gaps.csv');
  await db.updateTable('person').set({ name: '=1+1' }).where('id', '=', first).execute();
  const managers = await stage.browser(manager);
  expect(await managers.see(`/tasks/${id}`)).toContain(`href="/tasks/${id}/gaps.csv"`);
  expect(await managers.see(`/tasks/${id}/gaps.csv`)).toBe(await csvOf(manager));
  expect(await csvOf(manager)).toBe(
    `person,name,team,competency,level,target\r\n${asked
      .map((key) => `${first},'=1+1,Team,${key},beginner,intermediate\r\n`)
      .join('')}`,
  );
  expect((await csvOf(director)).trim().split('\n')).toHaveLength(1);
  // The map as a table hides what the map hides: of its teams nothing is told, by name neither.
  const leads = await stage.browser(lead);
  const drawn = new RegExp(`<svg[^]*class="step-\\d"[^]*</svg>[^]*"/tasks/${id}/heat-map.csv"`);
  expect(await leads.see(`/tasks/${id}`)).toMatch(drawn);
  const heat = await leads.see(`/tasks/${id}/heat-map.csv`);
  expect(heat).toBe(await tableOf(lead, 'heat-map.csv'));
  expect(heat.trim().split('\r\n')).toEqual([
    'quarter,competency,team,percent_below',
    ...asked.map((key) => `2026-Q4,${key},,17`),
  ]);
  for (const who of [manager, first, stranger]) {
    expect(await tableOf(who, 'heat-map.csv')).toContain('request.not_found');
    const theirs = await (await stage.browser(who)).see(`/tasks/${id}/heat-map.csv`);
    expect(theirs).not.toContain('percent_below');
  }
  const signedOut = await stage.app.request(`/tasks/${id}/gaps.csv`);
  expect([signedOut.status, signedOut.headers.get('location')]).toEqual([
    302,
    expect.stringContaining('sign-in'),
  ]);
  // Nothing of how good anybody is went through the engine.
  const kept = await sql<{ events: string }>`
    SELECT string_agg(events::text, '') AS events FROM transition WHERE loop_id = ${id}`.execute(
    db,
  );
  expect(kept.rows[0]?.events).not.toMatch(/beginner|advanced|clinic/);
  const history = await world.client.workflow.getHandle(`skillAudit:${id}`).fetchHistory();
  expect(JSON.stringify(history)).not.toContain(Buffer.from('"beginner"').toString('base64'));
});

test('whoever stays silent is reminded, then followed by who stands above them, and it closes by itself with what there is', async () => {
  await world.advanceTo(Date.UTC(2027, 0, 11, 9));
  // The policy asks for it: it begins with the quarter by itself, once.
  const { client, clock, taskQueue } = world;
  await world.database.db
    .insertInto('policy')
    .values({ key: 'growth.auditDays', valid_from: '2026-01-01', value: 20 })
    .execute();
  const address = { taskQueue, workflows: loopWorkflows };
  const openAudits = createOpenAudits({ db: world.database.db, client, clock, address });
  expect([await openAudits(), await openAudits()]).toEqual([{ opened: 1 }, { opened: 0 }]);
  const listed = (await ask(lead, '/skill-audits')).json['items'] as { id: string }[];
  const id = String(listed[0]?.id);
  const path = `/skill-audits/${id}`;
  const keysOf = async (who: PersonId) =>
    (
      await world.database.db
        .selectFrom('notice')
        .select('key')
        .where('loop_id', '=', id)
        .where('recipient_id', '=', who)
        .orderBy('sequence')
        .execute()
    ).map(({ key }) => key);
  // Somebody who leaves meanwhile is waited for no longer, and a version of the map that is replaced
  // meanwhile stays what this audit goes by.
  const { db } = world.database;
  await db
    .insertInto('competency_map')
    .values({ valid_from: '2027-01-01', content_hash: 'of another' })
    .execute();
  await db.updateTable('target_profile').set({ level: 'advanced' }).execute();
  await ask(tokyoLead, `${path}/rate`, { person: tokyo[0], ratings: ratings('intermediate') });
  await db.transaction().execute(async (tx) => {
    const left = { left_at: world.clock.now() };
    await tx.updateTable('person').set(left).where('id', '=', tokyo[1]!).execute();
    const change = { reason: 'directory', people: tokyo.slice(1), at: world.clock.now() } as const;
    await recordCalendarChange(tx, change);
  });
  await world.advance(60_000);
  expect(await tasks(id)).toEqual([director, lead, manager].toSorted());
  await world.advance(6 * day);
  expect(await keysOf(manager)).toEqual([
    'skillAudit.asked',
    'skillAudit.reminder',
    'skillAudit.reminder',
  ]);
  await world.advance(3 * day);
  expect(await keysOf(manager)).toContain('skillAudit.relieved');
  // The director takes over from the manager, and the lead from the director: nobody stands above him.
  const followed = (await ask(lead, path)).json;
  expect(followed['progress']).toMatchObject({ people: 12, rated: 1 });
  expect(await codeOf(manager, `${path}/rate`, { person: munich[0], ratings: [] })).toEqual([
    403,
    'skillAudit.not_asked',
  ]);
  await world.advance(21 * day);
  const ended = (await ask(lead, path)).json;
  expect(ended).toMatchObject({ status: 'closed', mapVersion: 1 });
  const targets = await sql<{ targets: object }>`
    SELECT DISTINCT targets FROM skill_audit_subject WHERE audit_id = ${id}`.execute(db);
  expect(targets.rows).toEqual([
    { targets: Object.fromEntries(asked.map((key) => [key, 'intermediate'])) },
  ]);
  expect(await findTargets(db, { person: lead, day: '2027-02-20' })).toEqual(
    Object.fromEntries(asked.map((key) => [key, 'advanced'])),
  );
  expect((await ask(tokyo[0]!, `${path}/gaps`)).json['items']).toEqual([]);
  // The former quarter stands beside it.
  const map = (await ask(lead, `${path}/heat-map`)).json;
  expect(map['rows']).toMatchObject([
    { former: [{ quarter: '2026-Q4', value: 17 }], trend: expect.stringContaining('2026-Q4') },
    {},
  ]);
});

test('whoever shared an experiment is named, won or lost, and quota is told to those alone who may know, and orders nothing', async () => {
  const { db } = world.database;
  const [one, two, hidden] = munich as [PersonId, PersonId, PersonId];
  const at = world.clock.now();
  const quarter = '2027-Q1';
  const body = { title: 'Call first', situation: '', action: '', result: '', notes: {} };
  for (const [author, kind, isHidden] of [
    [one, 'win', false],
    [two, 'failure', false],
    [two, 'win', false],
    [hidden, 'win', true],
  ] as const) {
    const [id, content] = [randomUUID(), randomUUID() as ContentId];
    await insertContent(db, { id: content, author, kind: 'practice.source', body, at });
    await db.insertInto('loop_instance').values({ id, loop: 'practice', closed_at: at }).execute();
    await db
      .insertInto('practice')
      .values({
        id,
        status: 'published',
        kind,
        competency: 'clinical-fluency',
        author_id: author,
        is_author_hidden: isHidden,
        source_locale: 'en',
        version: 1,
        content_id: content,
        source_hash: 'of the test',
        countries: ['DE'],
        products: ['stent'],
        roles: [],
        is_for_partners: false,
        drafted_at: at,
        published_at: at,
        changed_at: at,
      })
      .execute();
  }
  const quotas = [one, two].map((person_id, index) => ({
    person_id,
    quarter,
    percent: index === 0 ? 180 : 60,
  }));
  await db.insertInto('quota_attainment').values(quotas).execute();
  const told = async (who: PersonId) => {
    const { json } = await ask(who, `/regions/${region}/curiosity?period=${quarter}`);
    const items = json['items'] as { person: { id: string }; quota: number | null }[];
    return items.map(({ person, quota }) => `${person.id} ${quota}`);
  };
  expect(await told(manager)).toEqual([`${two} 60`, `${one} 180`]);
  expect(await told(two)).toEqual([`${two} 60`, `${one} null`]);
  expect(await told(lead)).toEqual([`${two} null`, `${one} null`]);
  await db.updateTable('quota_attainment').set({ percent: 5 }).execute();
  expect(await told(manager)).toEqual([`${two} 5`, `${one} 5`]);
});
