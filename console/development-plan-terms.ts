/** What the terms of a development plan are asked for by: where it is proposed, and where they are changed. */
import { html, raw } from 'hono/html';
import type { Plan } from '../api/development-plans/present.ts';
import { reviewDaysByDefault } from '../domain/development-plan/state.ts';
import { competencies } from '../domain/people/competency.ts';
import { competencyLevels } from '../domain/people/competency-level.ts';
import { phraseHtml } from '../locales/render.ts';
import { sayPlan as say } from './development-plan-forms.ts';
import type { Html, Reader } from './html.ts';
import type { Kept } from './read-back.ts';
import type { LabelOf } from './refused.ts';

interface Field {
  readonly name: string;
  /** Of the texts, where it is another word. */
  readonly label?: string;
  readonly kept: Kept;
  readonly more?: Html | string;
}

export const planField = (reader: Reader, { name, label = name, kept, more = '' }: Field): Html =>
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

/** The hint says what becomes of goals where none is chosen. */
export const planTermsFields = (reader: Reader, kept: Kept, hint: Html): Html =>
  html`${planField(reader, { name: 'lastDay', kept, more: html`type="date" required` })}
    ${planField(reader, {
      name: 'reviewDays',
      kept: { reviewDays: String(reviewDaysByDefault), ...kept },
      more: html`inputmode="numeric" dir="ltr" maxlength="2"`,
    })}
    ${planField(reader, { name: 'coach', kept, more: html`list="people"` })}
    <fieldset>
      <legend>${say(reader, 'goals')}</legend>
      <p class="muted">${hint}</p>
      ${competencies.map((competency) => goal(reader, competency, kept))}
    </fieldset>`;

/** As `PlanTerms` of the API; what is wrong with it is told by its own rules. */
export function planTermsIn(fields: Kept) {
  const of = (name: string): string => (fields[name] ?? '').trim();
  const goals = competencies.flatMap((competency) => {
    const to = of(`to-${competency}`);
    return to === '' ? [] : [{ competency, to }];
  });
  const days = of('reviewDays');
  return {
    ...(goals.length > 0 && { goals }),
    lastDay: of('lastDay'),
    ...(days !== '' && { reviewDays: /^\d{1,4}$/.test(days) ? Number(days) : days }),
    ...(of('coach') !== '' && { coach: of('coach') }),
  };
}

export const planTermsKept = ({
  goals,
  lastDay,
  reviewDays,
  coach,
}: NonNullable<Plan['terms']>): Kept => ({
  lastDay,
  reviewDays: String(reviewDays),
  coach: coach?.id ?? '',
  ...Object.fromEntries(goals.map(({ competency, to }) => [`to-${competency}`, to])),
});

const labels: Readonly<Record<string, string>> = {
  subject: 'field.whom',
  lastDay: 'field.lastDay',
  reviewDays: 'field.reviewDays',
  coach: 'field.coach',
  goals: 'goals',
};

/** Of shapes told by their place such as `terms.lastDay`. */
export const planLabelOf =
  (reader: Reader): LabelOf =>
  (place) => {
    const name = (place[0] === 'terms' ? place[1] : place[0]) ?? '';
    const key = Object.hasOwn(labels, name) ? labels[name] : undefined;
    return key === undefined ? null : say(reader, key);
  };
