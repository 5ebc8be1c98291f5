/** Fields of forms, each with its label; what was written stays where a form is not taken. */
import { html } from 'hono/html';
import { type Html, type Reader, say } from './html.ts';
import type { Kept } from './read-back.ts';

interface Field {
  readonly name: string;
  /** Of `page.json`. */
  readonly label: string;
  readonly kept: Kept;
  /** Attributes of its own. */
  readonly more?: Html | string;
}

export const field = (reader: Reader, { name, label, kept, more: own = '' }: Field): Html =>
  html`<label for="${name}">${say(reader, label)}</label>
    <input id="${name}" name="${name}" value="${kept[name] ?? ''}" autocomplete="off" ${own} />`;

interface Choices extends Field {
  readonly options: readonly (readonly [value: string, label: Html])[];
  /** What stands for nothing chosen. */
  readonly none: Html;
}

export const choiceField = (
  reader: Reader,
  { name, label, kept, more: own = '', options, none }: Choices,
): Html =>
  html`<label for="${name}">${say(reader, label)}</label>
    <select id="${name}" name="${name}" ${own}>
      <option value="">${none}</option>
      ${options.map(
        ([value, words]) =>
          html`<option value="${value}" ${kept[name] === value ? html`selected` : ''}>
            ${words}
          </option>`,
      )}
    </select>`;

/** Some of a few, each a box to tick, named `NAME-VALUE`. */
export const tickBoxes = (
  reader: Reader,
  { name, label, kept, options }: Omit<Choices, 'none' | 'more'>,
): Html =>
  html`<fieldset>
    <legend>${say(reader, label)}</legend>
    ${options.map(
      ([value, words]) =>
        html`<label class="choice">
          <input
            type="checkbox"
            name="${name}-${value}"
            value="yes"
            ${kept[`${name}-${value}`] === 'yes' ? html`checked` : ''}
          />
          ${words}
        </label>`,
    )}
  </fieldset>`;

/** The values whose boxes were ticked. */
export const ticked = (fields: Kept, name: string): readonly string[] =>
  Object.keys(fields)
    .filter((key) => key.startsWith(`${name}-`) && fields[key] === 'yes')
    .map((key) => key.slice(name.length + 1));
