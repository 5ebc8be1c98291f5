/** Every kind of task: its page says what is asked, and has exactly the steps that answer it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PersonId } from '../../domain/id.ts';
import { type PlainTaskKind, taskName } from '../../domain/task-kind.ts';
import { phraseHtml, recipientFor } from '../../locales/render.ts';
import { berlin, tokyo } from '../support/handoff-organisation.ts';
import {
  choicesIn,
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

/** What is asked, in the language of whoever is asked. */
const titleOf = (kind: string, person: PersonId): string => {
  const city = person.split('-')[0] ?? '';
  const locale = person === berlin.lead ? 'de' : city === 'tokyo' ? 'ja' : 'en';
  const reader = recipientFor({ locale, zone: 'Etc/UTC' });
  return phraseHtml(`page.task.${taskName(kind)}`, {}, reader);
};
const isOpen = async (task: OpenedTask, kind: string): Promise<boolean> =>
  (await stage.openKinds(task)).some((one) => one.split('/')[0] === kind);

const partsOf = (page: string) => ({
  facts: /<dl class="facts">\s*<dt>/.test(page),
  timeline: /<(?:ol|ul) class="timeline">\s*<li>/.test(page),
});

const ways = Object.entries(taskWays).flatMap(([kind, each]) =>
  each.map((way) => [kind as PlainTaskKind, Object.keys(way.choices).join(', '), way] as const),
);

test.for(ways)('%s: %s', async ([kind, , way]) => {
  const { choices, staysOpen = [] } = way;
  for (const [choice, fields] of Object.entries(choices)) {
    const task = await way.open(stage);
    expect(await isOpen(task, kind)).toBe(true);
    const page = await stage.visit(task);
    expect(page.status).toBe(200);
    expect(partsOf(page.text)).toEqual({ facts: true, timeline: true });
    const step = stepOf(page.text, titleOf(kind, task.person));
    expect(choicesIn(step).toSorted()).toEqual(Object.keys(choices).toSorted());
    const answer = await stage.sends(task, { choice, step, fields });
    expect([choice, answer.status, alarmIn(answer.text)]).toEqual([choice, 200, '']);
    expect([choice, await isOpen(task, kind)]).toEqual([choice, staysOpen.includes(choice)]);
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

type OneWay = (typeof taskWays)['assignment.rate_goals'][number];

const logged = () =>
  stage.world.db.selectFrom('red_flag').select(['code', 'acknowledged_by']).execute();

const alarmIn = (page: string): string =>
  /role="alert"[^]*?<\/(?:div|section)>/.exec(page)?.[0] ?? '';
