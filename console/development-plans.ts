/** Development plans as pages: those one works on or looks after, and the form that proposes one. */
import { html } from 'hono/html';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { previewPlan, type Preview } from '../api/development-plans/preview-plan.ts';
import type { PlanSummary } from '../api/development-plans/present.ts';
import { listPlans } from '../api/development-plans/read-plan.ts';
import { startBody } from '../api/development-plans/schema.ts';
import { startPlan } from '../api/development-plans/start-plan.ts';
import { listPeople } from '../api/directory/list-people.ts';
import { derivedId } from '../db/derived-id.ts';
import { taskPath } from '../locales/links.ts';
import { sayPlan as say } from './development-plan-forms.ts';
import { planField, planLabelOf, planTermsFields, planTermsIn } from './development-plan-terms.ts';
import { courseTold } from './course-told.ts';
import { type Html, instant, nameOf, type Reader, say as sayPage } from './html.ts';
import { bodyOf, readForm } from './loop-form.ts';
import { choiceButtons, type SignedIn } from './loop-page.ts';
import { wayTo } from './navigation.ts';
import { peopleSuggested, peopleSuggestions } from './people-suggested.ts';
import type { Kept } from './read-back.ts';
import { alarm, type Refused, unlessRefused } from './refused.ts';
import type { ShownPage, SitePage } from './site-page.ts';
import type { TaskPageParts } from './task-pages.ts';

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

const startIn = (fields: Kept) => ({
  subject: (fields['subject'] ?? '').trim(),
  terms: planTermsIn(fields),
});

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
      ${refused ? alarm(refused.problem, planLabelOf(reader)) : ''}
      ${preview ? courseTold(reader, '', { ...preview, hint: say(reader, 'course_hint') }) : ''}
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

const form = (reader: Reader, kept: Kept, isPreviewed: boolean): Html =>
  html`<form method="post" action="${wayTo('plans')}" class="step">
    <h2>${say(reader, 'new')}</h2>
    <input type="hidden" name="key" value="${randomUUID()}" />
    ${planField(reader, { name: 'subject', label: 'whom', kept, more: html`list="people" required` })}
    ${planTermsFields(reader, kept, say(reader, 'goals_hint'))}
    ${choiceButtons([
      { choice: 'preview', label: sayPage(reader, 'placement.preview'), isQuiet: isPreviewed },
      { choice: 'start', label: say(reader, 'choice.start'), isQuiet: !isPreviewed },
    ])}
  </form>`;
