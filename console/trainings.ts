/** Cultural trainings of somebody: read by them, recorded by whoever looks after learning there. */
import { html } from 'hono/html';
import { trainingBody, trainingOperations } from '../api/trainings/training-operations.ts';
import { loadActors } from '../db/actors.ts';
import { derivedId } from '../db/derived-id.ts';
import { findPerson } from '../db/people.ts';
import { may } from '../domain/authority.ts';
import type { PersonId } from '../domain/id.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { choiceField, field } from './fields.ts';
import { formPage, pageForm } from './form-page.ts';
import { type Html, nameOf, type Reader, say } from './html.ts';
import { bodyOf, readForm } from './loop-form.ts';
import { trainingsPath } from './navigation.ts';
import { regionsShown } from './placements.ts';
import type { Kept } from './read-back.ts';
import { labelsOf, unlessRefused } from './refused.ts';
import type { SitePage } from './site-page.ts';

const labels = {
  regions: 'training.one_region',
  completedOn: 'training.completed_on',
  expiresOn: 'training.expires_on',
} as const;

export const trainingsPage: SitePage = {
  route: trainingsPath(':person'),
  async show(parts, reader, { params, refused }) {
    const { db, clock } = parts.assignments;
    const { actor } = reader;
    const id = (params['person'] ?? '') as PersonId;
    const { items } = await trainingOperations.list.run(parts.assignments, {
      actor,
      input: { id },
    });
    const found = await findPerson(db, actor, id);
    const person = (await loadActors(db, [id], clock.now())).get(id);
    if (!found || !person) throw new Refusal(problem('request.not_found'));
    const regions = await regionsShown(parts, reader);
    const title = html`${say(reader, 'training.title')}: ${nameOf(found)}`;
    const listed = told(reader, items, regions);
    if (!may(actor, 'training.record', person)) {
      return {
        title,
        body: html`<h1>${title}</h1>
          ${listed}`,
      };
    }
    return formPage(parts, reader, {
      title,
      above: listed,
      action: trainingsPath(id),
      fields: fields(reader, regions, refused?.fields ?? {}),
      send: say(reader, 'training.record'),
      refused,
      labelOf: labelsOf((key) => say(reader, key), labels),
    });
  },
  async send({ assignments, publicUrl }, reader, { params, form }) {
    const { actor } = reader;
    const id = params['person'] ?? '';
    const { key, ...kept } = readForm(pageForm, form);
    const commandId = derivedId('form', actor.id, trainingsPath(id), key);
    const sent = { ...reader, publicUrl, text: '', fields: kept };
    const refused = await unlessRefused(sent, async () => {
      const { one = '', other = '', completedOn, expiresOn } = kept;
      const body = bodyOf(trainingBody, { regions: [one, other], completedOn, expiresOn });
      const asked = { actor, commandId, input: { id, ...body } };
      await trainingOperations.record.run(assignments, asked);
    });
    return refused ?? trainingsPath(id);
  },
};

type Named = { readonly id: string; readonly name: string };
type Trainings = Awaited<ReturnType<typeof trainingOperations.list.run>>['items'];

function told(reader: Reader, items: Trainings, regions: readonly Named[]): Html {
  const nameIn = (id: string): Html => nameOf(regions.find((one) => one.id === id) ?? { name: id });
  if (items.length === 0) return html`<p>${say(reader, 'training.none')}</p>`;
  return html`<ul class="list">
    ${items.map(
      ({ regions: both, completedOn, expiresOn }) =>
        html`<li>
          ${nameIn(both[0] ?? '')} · ${nameIn(both[1] ?? '')}<br />
          <span class="muted"
            >${say(reader, 'assignment.days_from_to', {
              firstDay: { day: completedOn },
              lastDay: { day: expiresOn },
            })}</span
          >
        </li>`,
    )}
  </ul>`;
}

const fields = (reader: Reader, regions: readonly Named[], kept: Kept): Html => {
  const options = regions.map((region) => [region.id, nameOf(region)] as const);
  const side = (name: string, label: string): Html =>
    choiceField(reader, {
      name,
      label,
      kept,
      none: say(reader, 'please_choose'),
      options,
      more: html`required`,
    });
  const day = (name: 'completedOn' | 'expiresOn'): Html =>
    field(reader, { name, label: labels[name], kept, more: html`type="date" required` });
  return html`${side('one', labels.regions)} ${side('other', 'training.other_region')}
  ${day('completedOn')} ${day('expiresOn')}`;
};
