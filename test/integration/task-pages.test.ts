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

const alarmIn = (page: string): string =>
  /role="alert"[^]*?<\/(?:div|section)>/.exec(page)?.[0] ?? '';
