/** Development plans as pages: those one works on or looks after, and the form that proposes one. */
import { html, raw } from 'hono/html';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { previewPlan, type Preview } from '../api/development-plans/preview-plan.ts';
import type { PlanSummary } from '../api/development-plans/present.ts';
import { listPlans } from '../api/development-plans/read-plan.ts';
import { startBody } from '../api/development-plans/schema.ts';
import { startPlan } from '../api/development-plans/start-plan.ts';
import { listPeople } from '../api/directory/list-people.ts';
import { derivedId } from '../db/derived-id.ts';
import { reviewDaysByDefault } from '../domain/development-plan/state.ts';
import { competencies } from '../domain/people/competency.ts';
import { competencyLevels } from '../domain/people/competency-level.ts';
import { taskPath } from '../locales/links.ts';
import { phraseHtml } from '../locales/render.ts';
import { sayPlan as say } from './development-plan-forms.ts';
import { type Html, instant, nameOf, type Reader, say as sayPage } from './html.ts';
import { bodyOf, readForm } from './loop-form.ts';
import { choiceButtons, type SignedIn } from './loop-page.ts';
import { wayTo } from './navigation.ts';
import { peopleSuggested, peopleSuggestions } from './people-suggested.ts';
import { alarm, type Refused, unlessRefused } from './refused.ts';
import type { ShownPage, SitePage } from './site-page.ts';
import type { TaskPageParts } from './task-pages.ts';

type Kept = Readonly<Record<string, string>>;

const shownMax = 50;

export const plansPage: SitePage = {
  route: wayTo('plans'),
  show: (parts, reader, { refused, query }) => {
    const subject = query['subject'] ?? reader.actor.id;
    const kept = refused?.fields ?? { subject };
    return shown(parts, reader, { kept, refused, preview: null });
  },
  async send(parts, reader, { form }) {
    const { plans, publicUrl } = parts;
    const { actor } = reader;
    const { key, choice, ...fields } = readForm(formShape, form);
    const commandId = derivedId('form', actor.id, 'development plan', key);
    let preview: Preview | null = null;
    let begun = '';
    const sent = { ...reader, publicUrl, text: '', fields };
    const refused = await unlessRefused(sent, async () => {
      const command = { actor, commandId, input: bodyOf(startBody, startIn(fields)) };
      if (choice === 'preview') preview = await previewPlan(plans, command);
      else begun = (await startPlan(plans, command)).id;
    });
    if (refused !== null) return refused;
    if (choice === 'start') return taskPath(begun);
    return shown(parts, reader, { kept: fields, refused: null, preview });
  },
};

const formShape = z
  .object({ key: z.uuid(), choice: z.enum(['preview', 'start']) })
  .catchall(z.string())
  .refine((fields) => Object.keys(fields).length <= 30);

/** Where no goal is chosen, those of the gaps are. */
function startIn(fields: Kept) {
  const of = (name: string): string => (fields[name] ?? '').trim();
  const goals = competencies.flatMap((competency) => {
    const to = of(`to-${competency}`);
    return to === '' ? [] : [{ competency, to }];
  });
  const days = of('reviewDays');
  return {
    subject: of('subject'),
    terms: {
      ...(goals.length > 0 && { goals }),
      lastDay: of('lastDay'),
      ...(days !== '' && { reviewDays: /^\d{1,4}$/.test(days) ? Number(days) : days }),
      ...(of('coach') !== '' && { coach: of('coach') }),
    },
  };
}

interface Filled {
  readonly kept: Kept;
  readonly refused: Refused | null;
  /** What would become of it, once it was asked. */
  readonly preview: Preview | null;
}

async function shown(
  { plans, handoffs }: TaskPageParts,
  reader: SignedIn,
  { kept, refused, preview }: Filled,
): Promise<ShownPage> {
  const { actor } = reader;
  const all = { limit: shownMax, cursor: undefined, stalled: undefined };
  const [{ items }, people] = await Promise.all([
    listPlans(plans, { actor, input: all }),
    listPeople(handoffs, { actor, input: { limit: peopleSuggested } }),
  ]);
  const title = say(reader, 'plans');
  return {
    title,
    body: html`<h1>${title}</h1>
      ${refused ? alarm(refused.problem) : ''} ${preview ? course(reader, preview) : ''}
      ${
        items.length === 0
          ? html`<p class="muted">${say(reader, 'none')}</p>`
          : html`<ul class="list">
              ${items.map((plan) => item(reader, plan))}
            </ul>`
      }
      ${peopleSuggestions(people.items)} ${form(reader, kept, preview !== null)}`,
  };
}

const item = (reader: Reader, { id, subject, status, stalledAt }: PlanSummary): Html =>
  html`<li>
    <a href="${taskPath(id)}">${nameOf(subject)}</a>
    <br /><span class="muted">${say(reader, `status_of.${status}`)}</span>
    ${
      stalledAt === null
        ? ''
        : html`<br /><strong class="alarm">${say(reader, 'stands_still')}</strong>
            ${instant(reader, stalledAt)}`
    }
  </li>`;

const course = (reader: Reader, { course: steps }: Preview): Html =>
  html`<section class="step">
    <h2>${say(reader, 'course')}</h2>
    <p class="muted">${say(reader, 'course_hint')}</p>
    <ol class="timeline">
      ${steps.map(
        ({ at, sentence }) =>
          html`<li>${sentence}<br /><span class="muted">${instant(reader, at)}</span></li>`,
      )}
    </ol>
  </section>`;

interface Field {
  readonly name: string;
  /** Of the texts, where it is another word. */
  readonly label?: string;
  readonly kept: Kept;
  readonly more?: Html | string;
}

const field = (reader: Reader, { name, label = name, kept, more = '' }: Field): Html =>
  html`<label for="${name}">${say(reader, `field.${label}`)}</label>
    <input id="${name}" name="${name}" value="${kept[name] ?? ''}" autocomplete="off" ${more} />`;

const term = ({ recipient }: Reader, key: string): Html => raw(phraseHtml(key, {}, recipient));

const goal = (reader: Reader, competency: string, kept: Kept): Html =>
  html`<label for="to-${competency}">${term(reader, `competency.name.${competency}`)}</label>
    <select id="to-${competency}" name="to-${competency}">
      <option value="">${say(reader, 'no_goal')}</option>
      ${competencyLevels.map(
        (level) =>
          html`<option value="${level}" ${kept[`to-${competency}`] === level ? html`selected` : ''}>
            ${term(reader, `competency.level.${level}`)}
          </option>`,
      )}
    </select>`;

const form = (reader: Reader, kept: Kept, isPreviewed: boolean): Html =>
  html`<form method="post" action="${wayTo('plans')}" class="step">
    <h2>${say(reader, 'new')}</h2>
    <input type="hidden" name="key" value="${randomUUID()}" />
    ${field(reader, { name: 'subject', label: 'whom', kept, more: html`list="people" required` })}
    ${field(reader, { name: 'lastDay', kept, more: html`type="date" required` })}
    ${field(reader, {
      name: 'reviewDays',
      kept: { reviewDays: String(reviewDaysByDefault), ...kept },
      more: html`inputmode="numeric" dir="ltr" maxlength="2"`,
    })}
    ${field(reader, { name: 'coach', kept, more: html`list="people"` })}
    <fieldset>
      <legend>${say(reader, 'goals')}</legend>
      <p class="muted">${say(reader, 'goals_hint')}</p>
      ${competencies.map((competency) => goal(reader, competency, kept))}
    </fieldset>
    ${choiceButtons([
      { choice: 'preview', label: sayPage(reader, 'budget_ask.preview'), isQuiet: isPreviewed },
      { choice: 'start', label: say(reader, 'choice.start'), isQuiet: !isPreviewed },
    ])}
  </form>`;
