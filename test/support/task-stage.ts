/** Where tasks of every kind are opened and answered on their pages: rules and record, without Temporal. */
import { randomUUID } from 'node:crypto';
import { loops } from '../../activities/loops.ts';
import { createRecord } from '../../activities/record.ts';
import { insertContent } from '../../db/contents.ts';
import type { AccountId, ContentId, LoopId, PersonId } from '../../domain/id.ts';
import type { Command, LoopRules } from '../../domain/loop.ts';
import { taskPath } from '../../locales/links.ts';
import type { PlainTaskKind } from '../../domain/task-kind.ts';
import type { ApiWorld } from './api.ts';
import { givenTraining, givenTwoRegions, host } from './assignment-story.ts';
import { type Browser, testBrowser, type Visited } from './browser.ts';
import { givenAskable } from './budget-asked.ts';
import { berlin, givenAccount, tokyo } from './handoff-organisation.ts';
import { pagesWorld } from './pages.ts';
import { recordedLoop, type RecordedLoop } from './recorded-loop.ts';

export type Fields = Readonly<Record<string, string>>;

export interface OpenedTask {
  readonly id: LoopId;
  readonly person: PersonId;
}

/** A button of a task's part of its page, pressed once its form is filled in. */
export interface SentChoice {
  readonly choice: string;
  readonly step: string;
  readonly fields: Fields;
}

const appUrl = 'https://meridian.test';

/** Berlin and Tokyo, with whoever decides on money, practices and learning there. */
async function givenOffices({ db }: ApiWorld): Promise<void> {
  await givenTwoRegions(db);
  await givenTraining(db, tokyo.lead);
  await db.updateTable('region').set({ country: 'JP' }).where('id', '=', host).execute();
  const office = (id: PersonId, role: string) => ({ person_id: id, role, region_id: host });
  await db
    .insertInto('person_role')
    .values([office(tokyo.lead, 'clinical-reviewer'), office(tokyo.backup, 'compliance')])
    .execute();
  const profile = { role: 'account-lead', valid_from: '2020-01-01', level: 'advanced' } as const;
  await db
    .insertInto('target_profile')
    .values({ ...profile, competency: 'clinical-fluency' })
    .execute();
  await db
    .insertInto('person_role')
    .values({ person_id: berlin.lead, role: 'account-lead' })
    .execute();
  const approver = { approver: berlin.manager };
  await db
    .insertInto('policy')
    .values({
      key: 'budget.exception',
      region_id: null,
      valid_from: '2026-01-01',
      value: approver,
    })
    .execute();
}

/** The part of a page that holds the forms of one task. */
export function stepOf(page: string, title: string): string {
  const sections = page.split('<section class="step"').slice(1);
  const its = sections.filter((one) => one.slice(0, one.indexOf('</h2>')).includes(title));
  return its.map((one) => one.slice(0, one.indexOf('</section>'))).join('\n');
}

/** What the buttons of its forms say; '' where a form has a button that says nothing. */
export const choicesIn = (step: string): readonly string[] =>
  [...step.matchAll(/<button([^>]*)>/g)].map(
    ([, said = '']) => /value="([^"]*)"/.exec(said)?.[1] ?? '',
  );

/** The hidden fields of the form that offers the choice. */
function hiddenOf(step: string, choice: string): Fields {
  const forms = step.split('<form').slice(1);
  const form = forms.find((one) => choicesIn(one).includes(choice)) ?? '';
  const found = [
    ...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g),
    // Of what is to be chosen, the first.
    ...form.matchAll(/<select[^>]* name="([^"]+)"[^>]*>\s*<option[^>]* value="([^"]+)"/g),
  ];
  return Object.fromEntries(found.map(([, name = '', value = '']) => [name, value]));
}

export type TaskStage = Awaited<ReturnType<typeof taskStage>>;

export async function taskStage() {
  const directors = ['berlin-director', 'new-york-lead', 'london-lead'] as PersonId[];
  const people = [...Object.values(berlin), ...Object.values(tokyo), ...directors];
  const pages = await pagesWorld({ appUrl, people });
  const { world } = pages;
  const { db, clock } = world;
  await givenAskable(world);
  await givenOffices(world);
  const record = createRecord({ db, clock, loops, startDeliveries: () => undefined });
  const browsers = new Map<PersonId, Browser>();
  let opened = 0;
  let quarters = 0;

  async function browserOf(person: PersonId): Promise<Browser> {
    const known = browsers.get(person);
    if (known) return known;
    const browser = testBrowser(world.app, appUrl);
    const provider = await browser.visit('/auth/sign-in');
    await browser.visit(provider.url, { person });
    browsers.set(person, browser);
    return browser;
  }

  return {
    world,
    stop: () => pages.stop(),
    /** Counts up, for whatever may be once. */
    next: (): number => ++opened,
    /** Of the past, each once. */
    quarter: (): string => `20${String(10 + Math.floor(quarters / 4))}-Q${(quarters++ % 4) + 1}`,
    async account(owner: PersonId): Promise<AccountId> {
      const id = `account-${++opened}` as AccountId;
      await givenAccount(db, { id, owner, since: clock.now() - 1_000 });
      return id;
    },
    async write(kind: string, author: PersonId, body: object = { text: kind }): Promise<ContentId> {
      const id = randomUUID() as ContentId;
      await insertContent(db, { id, author, kind, body, at: clock.now() });
      return id;
    },
    /** A loop whose steps are also taken by the pages. */
    loop<State, Act extends Command, Event extends { readonly type: string }>(
      rules: LoopRules<State, Act, Event>,
      id?: LoopId,
    ): RecordedLoop<State, Act> {
      const made = recordedLoop({ record, clock }, rules, id);
      world.adopt(made);
      return made;
    },
    visit: async ({ id, person }: OpenedTask): Promise<Visited> =>
      (await browserOf(person)).visit(taskPath(id)),
    async sends(
      { id, person }: OpenedTask,
      { choice, step, fields }: SentChoice,
    ): Promise<Visited> {
      const said: Fields = choice === '' ? {} : { choice };
      const form = { ...hiddenOf(step, choice), ...fields, ...said };
      return (await browserOf(person)).visit(taskPath(id), form);
    },
    async openKinds({ id, person }: OpenedTask): Promise<readonly string[]> {
      const rows = await db
        .selectFrom('task')
        .select('kind')
        .where('loop_id', '=', id)
        .where('person_id', '=', person)
        .where('closed_at', 'is', null)
        .execute();
      return rows.map(({ kind }) => kind);
    },
    async stepsOf({ id }: OpenedTask): Promise<number> {
      const counted = db.selectFrom('transition').select((eb) => eb.fn.countAll<bigint>().as('n'));
      return Number((await counted.where('loop_id', '=', id).executeTakeFirstOrThrow()).n);
    },
  };
}

/** It is recorded, or the story ends. */
export async function must(answer: Promise<string>): Promise<void> {
  const said = await answer;
  if (said !== 'recorded') throw new Error(said);
}

/** What the clock does next of that name, without waiting for it. */
export async function fires<State, Act extends Command>(
  loop: RecordedLoop<State, Act>,
  type: string,
): Promise<void> {
  const due = loop.moments.find(({ command }) => command.type === type);
  if (!due) throw new Error(`${type} is none of ${loop.moments.map(({ id }) => id).join()}`);
  await must(loop.does(due.command as Act));
}

export interface TaskWay {
  open(stage: TaskStage): Promise<OpenedTask>;
  /** Each button, and what its form is filled with. */
  readonly choices: Readonly<Record<string, Fields>>;
  /** Those that are a step on the way, and leave the task open. */
  readonly staysOpen?: readonly string[];
}

/** Takes a step on the page of a task that was opened before. */
export async function after(
  stage: TaskStage,
  kind: PlainTaskKind,
  choice: string,
  [way]: readonly TaskWay[],
): Promise<LoopId> {
  const task = await way!.open(stage);
  const { text } = await stage.visit(task);
  const fields = way!.choices[choice] ?? {};
  const { status } = await stage.sends(task, { choice, step: text, fields });
  if (status !== 200) throw new Error(`${kind} ${choice}: ${status}`);
  return task.id;
}

export const posted = async (
  { world }: TaskStage,
  path: string,
  as: PersonId,
  body: object,
): Promise<LoopId> => {
  world.clock.moveTo(world.clock.now() + 1_000);
  const { status, text, json } = await world.ask(path, { method: 'POST', as, body });
  if (status >= 300) throw new Error(`${path}: ${text}`);
  return (json as { id: LoopId }).id;
};
