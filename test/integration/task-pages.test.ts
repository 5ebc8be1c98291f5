/** Every kind of task: its page says what is asked, and has exactly the steps that answer it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PersonId } from '../../domain/id.ts';
import { type PlainTaskKind, taskName } from '../../domain/task-kind.ts';
import { phraseHtml, recipientFor } from '../../locales/render.ts';
import { berlin } from '../support/handoff-organisation.ts';
import {
  choicesIn,
  type OpenedTask,
  stepOf,
  type TaskStage,
  taskStage,
} from '../support/task-stage.ts';
import { taskWays } from '../support/task-ways.ts';

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

type OneWay = (typeof taskWays)['assignment.rate_goals'][number];

const logged = () =>
  stage.world.db.selectFrom('red_flag').select(['code', 'acknowledged_by']).execute();

const alarmIn = (page: string): string =>
  /role="alert"[^]*?<\/(?:div|section)>/.exec(page)?.[0] ?? '';
