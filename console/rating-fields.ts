/** The fields of a rating: for each competency a level, what shows it, and what was seen. */
import { html, raw } from 'hono/html';
import { competencies, type Competency } from '../domain/people/competency.ts';
import type { Levels } from '../domain/people/competency-gap.ts';
import { competencyLevels } from '../domain/people/competency-level.ts';
import { evidenceKinds } from '../domain/people/evidence.ts';
import { phraseHtml, type RenderValues } from '../locales/render.ts';
import { namedFlags } from './flag-boxes.ts';
import type { Html, Reader } from './html.ts';
import type { LabelOf } from './refused.ts';

export type Fields = Readonly<Record<string, string>>;

export const term = (reader: Reader, key: string): Html =>
  raw(phraseHtml(key, {}, reader.recipient));
export const sayAudit = ({ recipient }: Reader, key: string, values: RenderValues = {}): Html =>
  raw(phraseHtml(`skillAudit.${key}`, values, recipient));
export const sayGrowth = ({ recipient }: Reader, key: string, values: RenderValues = {}): Html =>
  raw(phraseHtml(`growth.${key}`, values, recipient));

export const levelName = (level: string): { readonly term: string } => ({
  term: `competency.level.${level}`,
});

interface RatingFields {
  /** Told apart from the fields of the other forms of a page. */
  readonly of: string;
  readonly keys: readonly Competency[];
  readonly targets: Levels;
  readonly levels: Levels;
  /** What had been filled in, where it was not taken. */
  readonly kept: Fields;
}

export const ratingFields = (
  reader: Reader,
  { of, keys, targets, levels, kept }: RatingFields,
): Html =>
  html`${keys.map((key) => {
    const id = `${of}-${key}`;
    const [target, level] = [targets[key], levels[key]];
    return html`<fieldset>
      <legend>${term(reader, `competency.name.${key}`)}</legend>
      <p class="muted">
        ${target === undefined ? '' : sayAudit(reader, 'page.asked_for', { level: levelName(target) })}
        ${
          level === undefined
            ? html` · ${sayAudit(reader, 'page.never_rated')}`
            : html` · ${sayAudit(reader, 'page.rated_last', { level: levelName(level) })}`
        }
      </p>
      <label for="level-${id}">${sayAudit(reader, 'page.level')}</label>
      <select id="level-${id}" name="level-${key}">
        <option value="">
          ${level === undefined ? sayGrowth(reader, 'choose') : sayAudit(reader, 'page.no_change')}
        </option>
        ${competencyLevels.map(
          (one) =>
            html`<option value="${one}" ${kept[`level-${key}`] === one ? html`selected` : ''}>
              ${term(reader, `competency.level.${one}`)}
            </option>`,
        )}
      </select>
      <label for="kind-${id}">${sayAudit(reader, 'page.evidence_kind')}</label>
      <select id="kind-${id}" name="kind-${key}">
        ${evidenceKinds.map(
          (kind) =>
            html`<option
              value="${kind}"
              ${(kept[`kind-${key}`] ?? 'observation') === kind ? html`selected` : ''}
            >
              ${sayGrowth(reader, `kind_of.${kind}`)}
            </option>`,
        )}
      </select>
      <label for="text-${id}">${sayAudit(reader, 'page.evidence')}</label>
      <textarea id="text-${id}" name="text-${key}" rows="2" dir="auto" maxlength="2000">
${kept[`text-${key}`] ?? ''}</textarea>
    </fieldset>`;
  })}`;

/** Of nine competencies three each, what the rules may warn of in them, and what every form carries. */
export const ratingFieldsMax = 70;

/** Of `ratings[1].text`: which competency that is, of those that were chosen a level for. */
export const ratingLabelOf =
  (reader: Reader, fields: Fields): LabelOf =>
  ([list, index]) => {
    const rated = competencies.filter((key) => (fields[`level-${key}`] ?? '') !== '');
    const key = list === 'ratings' ? rated[Number(index)] : undefined;
    return key === undefined ? null : term(reader, `competency.name.${key}`);
  };

/** What was chosen a level for, and what is said all the same. */
export const ratingsIn = (fields: Fields): object => ({
  acknowledgedFlags: namedFlags(fields),
  ratings: competencies.flatMap((competency) => {
    const level = fields[`level-${competency}`] ?? '';
    if (level === '') return [];
    const evidenceKind = fields[`kind-${competency}`] ?? '';
    return [{ competency, level, evidenceKind, text: fields[`text-${competency}`] ?? '' }];
  }),
});
