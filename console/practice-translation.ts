/** Translations on a practice's page: what is proposed beside its source, and the form that proposes one. */
import { html, raw } from 'hono/html';
import type { Practice } from '../api/practices/present.ts';
import {
  practiceLimits,
  type SourcePart,
  sourceParts,
  type TranslatedText,
} from '../domain/exchange/practice.ts';
import { directionOf, locales } from '../locales/catalogue.ts';
import { taskPath } from '../locales/links.ts';
import { phraseHtml } from '../locales/render.ts';
import { type Html, type Reader, say, words } from './html.ts';
import { hiddenFields } from './loop-form.ts';
import type { Kept } from './read-back.ts';

export type ShownTranslation = NonNullable<Practice['work']>['translations'][number];

/** In the language it is in, for whoever reads it aloud. */
export const inLanguage = ({ locale }: Pick<Practice, 'locale'>, body: Html | string): Html =>
  html`<span lang="${locale}" dir="${directionOf(locale)}">${body}</span>`;

const languageName = ({ recipient }: Reader, locale: string): Html =>
  raw(phraseHtml('page.practice.where', { place: { language: locale }, product: '' }, recipient));

/** Beside the source, with what is not as it is there, and what a machine made of it. */
export const translated = (
  reader: Reader,
  { locale, status, text, differences, machine }: ShownTranslation,
): Html =>
  html`${
    // What is to be made one's own stands in the fields of the form.
    status === 'machine'
      ? ''
      : sourceParts.map((part) =>
          text?.[part]
            ? html`<h3>${say(reader, `practice.part.${part}`)}</h3>
                ${inLanguage({ locale }, words(text[part]))}`
            : '',
        )
  }
  ${differences.map(
    ({ code, part, expected }) =>
      html`<p class="alarm">
        ${say(reader, code === 'order' ? 'practice.order_differs' : 'practice.differs', { part: { term: `page.practice.part.${part}` }, expected })}
      </p>`,
  )}
  ${
    machine && status !== 'machine'
      ? html`<details>
          <summary>${say(reader, 'practice.machine')}</summary>
          ${sourceParts.map((part) => inLanguage({ locale }, words(machine[part])))}
        </details>`
      : ''
  }`;

/** What became of those that the reader proposed, and why one was sent back. */
export const ownTranslations = (reader: Reader, { myTranslations }: Practice): Html | string =>
  myTranslations.length === 0
    ? ''
    : html`<h2>${say(reader, 'practice.my_translations')}</h2>
        <ul class="list">
          ${myTranslations.map(
            ({ locale, status, reason }) =>
              html`<li>
                ${languageName(reader, locale)}
                ${say(reader, `practice.translation_status_of.${status}`)}
                ${reason === null ? '' : words(reason)}
              </li>`,
          )}
        </ul>`;

interface Fields {
  /** Of the elements, which are several on a page. */
  readonly id: string;
  readonly locale: string | null;
  readonly text: Partial<TranslatedText>;
  readonly source: { readonly text: TranslatedText; readonly locale: string };
}

/** Each part that the source has, under its words; what it leaves out no translation has. */
export const translationFields = (reader: Reader, { id, locale, text, source }: Fields): Html =>
  html`${sourceParts
    .filter((part) => source.text[part].trim() !== '')
    .map(
      (part) =>
        html`<label for="${id}-${part}">${say(reader, `practice.part.${part}`)}</label>
          <div class="muted">${inLanguage(source, words(source.text[part]))}</div>
          <textarea
            id="${id}-${part}"
            name="${part}"
            rows="${rowsOf(part)}"
            ${locale === null ? html`dir="auto"` : html`lang="${locale}" dir="${directionOf(locale)}"`}
            maxlength="${part === 'title' ? practiceLimits.titleLengthMax : practiceLimits.partLengthMax}"
            required
          >
${text[part] ?? ''}</textarea>`,
    )}`;

const rowsOf = (part: SourcePart): number => (part === 'title' ? 1 : 3);

/** For whoever works on it and knows another language. */
export function proposalForm(reader: Reader, practice: Practice, kept: Kept): Html | string {
  const { work, text, sourceLocale } = practice;
  if (work === null || text === null || practice.locale !== sourceLocale) return '';
  const open = locales.filter((locale) => locale !== sourceLocale);
  const isKept = kept['locale'] !== undefined;
  return html`<details ${isKept ? html`open` : ''} class="step">
    <summary>${say(reader, 'practice.propose')}</summary>
    <form method="post" action="${taskPath(practice.id)}">
      ${hiddenFields(practice, null)}
      <input type="hidden" name="version" value="${practice.version}" />
      <label for="proposed-locale">${say(reader, 'practice.language')}</label>
      <select id="proposed-locale" name="locale" required>
        ${open.map(
          (locale) =>
            html`<option value="${locale}" ${locale === kept['locale'] ? html`selected` : ''}>
              ${languageName(reader, locale)}
            </option>`,
        )}
      </select>
      ${translationFields(reader, { id: 'proposed', locale: null, text: kept, source: { text, locale: sourceLocale } })}
      <div class="choices">
        <button name="choice" value="translate">${say(reader, 'practice.choice.translate')}</button>
      </div>
    </form>
  </details>`;
}
