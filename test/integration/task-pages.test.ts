/**
 * Every kind of task: its page says what is asked, in the language and on the clock of whoever is asked, and
 * has exactly the steps that answer it, each taken once and upon what was read.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PersonId } from '../../domain/id.ts';
import { isOwnView, type PlainTaskKind, taskName } from '../../domain/task-kind.ts';
import { phraseHtml, recipientFor } from '../../locales/render.ts';
import { berlin, tokyo } from '../support/handoff-organisation.ts';
import {
  choicesIn,
  type Fields,
  type OpenedTask,
  stepOf,
  type TaskStage,
  taskStage,
} from '../support/task-stage.ts';
import { taskWays } from '../support/task-ways.ts';
import { nominees } from '../support/task-ways-growth.ts';

let stage: TaskStage;
beforeAll(async () => {
  stage = await taskStage();
});
afterAll(() => stage.stop());

const zones = {
  berlin: 'Europe/Berlin',
  tokyo: 'Asia/Tokyo',
  london: 'Europe/London',
  new: 'America/New_York',
} as const;
const readerOf = (person: PersonId) => {
  const [city = ''] = person.split('-');
  const locale = person === berlin.lead ? 'de' : city === 'tokyo' ? 'ja' : 'en';
  return recipientFor({ locale, zone: zones[city as keyof typeof zones] });
};
/** What is asked, in the language of whoever is asked. */
const titleOf = (kind: string, person: PersonId): string =>
  phraseHtml(`page.task.${taskName(kind)}`, {}, readerOf(person));
const isOpen = async (task: OpenedTask, kind: string): Promise<boolean> =>
  (await stage.openKinds(task)).some((one) => one.split('/')[0] === kind);

/** Of its loop alone: what was told of it comes after, in a list of its own. */
function partsOf(page: string, person: PersonId) {
  const reader = readerOf(person);
  const say = (key: string): string => `<h2>${phraseHtml(`page.${key}`, {}, reader)}</h2>`;
  const [own = ''] = page.split(say('messages_told'));
  const [, timeline = ''] = own.split(say('timeline'));
  const times = [...page.matchAll(/<time datetime="([^"]+T[^"]+)">(.*?)<\/time>/gs)];
  const isTheirs = ([, iso = '', said]: readonly string[]): boolean =>
    said === phraseHtml('page.at', { at: { instant: Date.parse(iso) } }, reader);
  return {
    language: page.includes(`<html lang="${reader.locale}" dir="ltr">`),
    facts: /<dl class="facts">\s*<dt>/.test(own),
    timeline: /^\s*<(?:ol|ul) class="timeline">\s*<li>/.test(timeline),
    times: times.length > 0,
    ofOthers: times.filter((time) => !isTheirs(time)),
  };
}
const whole = { language: true, facts: true, timeline: true, times: true, ofOthers: [] };

/**
 * As somebody sends it who read what is no more so. Others decide upon the same practice meanwhile: of it
 * the version counts, or the words that were read. Of an audit, nobody else rates the same person.
 */
function former(kind: PlainTaskKind, choice: string): Fields | null {
  if (kind === 'skillAudit.rate_people') return null;
  if (!kind.startsWith('practice.')) return { revision: '99' };
  return choice === 'refuseTranslation' ? { content: randomUUID() } : { version: '99' };
}

const ways = Object.entries(taskWays).flatMap(([kind, each]) =>
  each.map((way) => [kind as PlainTaskKind, Object.keys(way.choices).join(', '), way] as const),
);

test.for(ways)('%s: %s', async ([kind, , way]) => {
  const { choices, staysOpen = [] } = way;
  for (const [index, [choice, fields]] of Object.entries(choices).entries()) {
    const task = await way.open(stage);
    expect(await isOpen(task, kind)).toBe(true);
    const page = await stage.visit(task);
    expect(page.status).toBe(200);
    // What others said and did is nothing for whoever gives a view of their own.
    expect(partsOf(page.text, task.person)).toEqual({ ...whole, timeline: !isOwnView(kind) });
    const step = stepOf(page.text, titleOf(kind, task.person));
    expect(choicesIn(step).toSorted()).toEqual(Object.keys(choices).toSorted());
    const stale = former(kind, choice);
    const late = { ...fields, ...stale, key: randomUUID() };
    const refused = stale && (await stage.sends(task, { choice, step, fields: late }));
    const refusal = stale && 'revision' in stale ? 412 : 409;
    expect([choice, refused?.status ?? null]).toEqual([choice, stale && refusal]);
    const before = await stage.stepsOf(task);
    const sent = { choice, step, fields };
    const answer = await stage.sends(task, sent);
    expect([choice, answer.status, alarmIn(answer.text)]).toEqual([choice, 200, '']);
    expect([choice, await isOpen(task, kind)]).toEqual([choice, staysOpen.includes(choice)]);
    // All forms of a page are made to commands in one place.
    const again = index === 0 ? await stage.sends(task, sent) : answer;
    expect([choice, again.status, alarmIn(again.text)]).toEqual([choice, 200, '']);
    expect([choice, await stage.stepsOf(task)]).toEqual([choice, before + 1]);
  }
});

test.for(['assignment.rate_goals', 'plan.close'] as const)(
  '%s: what the rules warn of in what shows a rating is named, and kept with who says it all the same',
  async (kind) => {
    // What has been reached is no goal any more.
    await stage.world.db.deleteFrom('competency_rating').execute();
    const [{ open, choices }] = taskWays[kind] as readonly [OneWay];
    const task = await open(stage);
    const [[choice, given]] = Object.entries(choices) as [[string, Record<string, string>]];
    const fields = { ...given, text: 'Sold it off-label, twice.' };
    const title = titleOf(kind, task.person);
    const step = stepOf((await stage.visit(task)).text, title);
    const refused = await stage.sends(task, { choice, step, fields });
    expect([refused.status, await logged()]).toEqual([422, []]);
    const again = stepOf(refused.text, title);
    expect(again).toMatch(/value="advanced"\s+selected/);
    const box = 'flag off_label:text';
    expect(again).toContain(`name="${box}"`);
    const meant = await stage.sends(task, { choice, step, fields: { ...fields, [box]: 'yes' } });
    expect([meant.status, await isOpen(task, kind)]).toEqual([200, false]);
    expect(await logged()).toEqual([{ code: 'off_label', acknowledged_by: task.person }]);
    await stage.world.db.deleteFrom('red_flag').execute();
  },
);

const london = 'london-lead' as PersonId;
/** Of whom a step is asked, and how somebody in their place takes it; an audit is rated in nobody's place. */
const inPlaceOf = [
  ['assignment.sign', berlin.lead, '/assignments', 'sign', {}],
  ['plan.agree', berlin.lead, '/development-plans', 'agree', {}],
  ['feedback.release', tokyo.manager, '/feedback-rounds', 'release', { nominees }],
  ['quarter.act', tokyo.backup, '/quarterly-reviews', 'finish', { number: 1 }],
  ['skillAudit.rate_people', berlin.manager, '/skill-audits', 'cancel', {}],
] as const;

test.for(inPlaceOf)(
  '%s: whoever is asked in the place of %s sees and takes it while that holds, and neither before nor after',
  async ([kind, principal, path, verb, given]) => {
    const { db, clock, ask } = stage.world;
    await db.deleteFrom('competency_rating').execute();
    const [{ open }] = taskWays[kind] as readonly [OneWay];
    const { id, person } = await open(stage);
    expect(person).toBe(principal);
    const at = `${path}/${id}`;
    const reads = async () => (await ask(at, { as: london })).status;
    const takes = async () => {
      const headers: Record<string, string> = ['agree', 'sign'].includes(verb)
        ? { 'if-match': '"1"' }
        : {};
      const body = { ...given, onBehalfOf: principal };
      const { status, problem } = await ask(`${at}/${verb}`, {
        method: 'POST',
        as: london,
        body,
        headers,
      });
      return problem.code ?? status;
    };
    expect([await reads(), await takes()]).toEqual([404, 'request.not_found']);
    const people = { principal_id: principal, delegate_id: london };
    const period = `[${new Date(clock.now()).toISOString()},)`;
    await db
      .insertInto('delegation')
      .values({ id: kind, ...people, period })
      .execute();
    const isJudgment = kind === 'skillAudit.rate_people';
    const taken = isJudgment ? [404, 'request.not_found'] : [200, 200];
    expect([await reads(), await takes()]).toEqual(taken);
    await db.deleteFrom('delegation').execute();
    expect([await reads(), await takes()]).toEqual([404, 'request.not_found']);
  },
);

test('what was told of a task, and why it waits, is on its page, as its reader reads it', async () => {
  const [{ open }] = taskWays['handoff.read_back'] as readonly [OneWay];
  // An evening of its reader.
  stage.world.clock.moveTo(stage.world.clock.now() + 3 * 3_600_000);
  const task = await open(stage);
  const { json } = await stage.world.ask(`/loops/${task.id}/notices`, { as: task.person });
  const [{ why } = { why: '' }] = (json as { items: readonly { readonly why: string }[] }).items;
  expect(why).toContain('勤務時間外');
  const heading = phraseHtml('page.messages_told', {}, readerOf(task.person));
  const [, told = ''] = (await stage.visit(task)).text.split(`<h2>${heading}</h2>`);
  expect(told).toContain(why);
});

type OneWay = (typeof taskWays)['assignment.rate_goals'][number];

const logged = () =>
  stage.world.db.selectFrom('red_flag').select(['code', 'acknowledged_by']).execute();

const alarmIn = (page: string): string =>
  /role="alert"[^]*?<\/(?:div|section)>/.exec(page)?.[0] ?? '';
