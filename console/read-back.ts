/** Reading a packet back: what the receiver fills in, and both side by side for who compares them. */
import { html } from 'hono/html';
import type { Handoff } from '../api/handoffs/present.ts';
import { messageLengthMax, readBackLimits } from '../domain/handoff/packet.ts';
import { severities } from '../domain/handoff/state.ts';
import { type Html, type Reader, say, words } from './html.ts';

/** By the name of the field: what had been filled in when the form was not taken. */
export type Kept = Readonly<Record<string, string>>;

interface Fields {
  /** Begins the ids of the fields. */
  readonly id: string;
  readonly kept: Kept;
}

/** Nothing is chosen beforehand: a severity that is only confirmed has not been understood. */
export const severityField = (reader: Reader, { id, kept }: Fields): Html =>
  html`<label for="${id}-severity">${say(reader, 'severity')}</label>
    <select id="${id}-severity" name="severity" required>
      <option value="">${say(reader, 'please_choose')}</option>
      ${severities.map(
        (severity) =>
          html`<option value="${severity}" ${kept['severity'] === severity ? html`selected` : ''}>
            ${say(reader, `severity_of.${severity}`)}
          </option>`,
      )}
    </select>`;

export const readBackFields = (reader: Reader, { id, kept }: Fields): Html =>
  html`${severityField(reader, { id, kept })}
  ${wordsField(reader, {
    id: `${id}-first-action`,
    name: 'firstAction',
    label: 'first_action',
    text: kept['firstAction'] ?? '',
    lengthMax: readBackLimits.firstActionLengthMax,
    isRequired: true,
  })}
  ${wordsField(reader, {
    id: `${id}-contingency`,
    name: 'contingency',
    label: 'one_contingency',
    text: kept['contingency'] ?? '',
    lengthMax: readBackLimits.contingencyLengthMax,
    isRequired: true,
  })}
  ${wordsField(reader, {
    id: `${id}-text`,
    name: 'text',
    label: 'more_words',
    text: kept['text'] ?? '',
    lengthMax: messageLengthMax,
    isRequired: false,
  })}`;

export interface WordsField {
  readonly id: string;
  readonly name: string;
  /** Of `page.json`. */
  readonly label: string;
  readonly text: string;
  readonly lengthMax: number;
  readonly isRequired: boolean;
}

export const wordsField = (reader: Reader, field: WordsField): Html =>
  html`<label for="${field.id}">${say(reader, field.label)}</label>
    <textarea
      id="${field.id}"
      name="${field.name}"
      rows="3"
      dir="auto"
      ${field.isRequired ? html`required` : ''}
      maxlength="${field.lengthMax}"
    >
${field.text}</textarea>`;

/** Row by row what the packet says and what was made of it. */
export function comparison(reader: Reader, { packet, synthesis }: Handoff): Html | string {
  if (!packet || !synthesis) return '';
  const { severity, isSameSeverity, firstAction, contingency, text } = synthesis;
  const heard =
    severity === null
      ? ''
      : html`${say(reader, `severity_of.${severity}`)}
        ${isSameSeverity === false ? html`<strong class="alarm">${say(reader, 'not_the_same')}</strong>` : ''}`;
  const rows: readonly Row[] = [
    { part: 'severity', said: html`${say(reader, `severity_of.${packet.severity}`)}`, heard },
    {
      part: 'actions',
      said: list(packet.actions.map((action) => action.text)),
      heard: paragraph(firstAction),
    },
    {
      part: 'contingencies',
      said: list(packet.contingencies.map(({ when, response }) => `${when}\n${response}`)),
      heard: paragraph(contingency),
    },
    { part: 'summary', said: words(packet.summary), heard: paragraph(text) },
  ];
  return html`<h2 id="comparison">${say(reader, 'side_by_side')}</h2>
    <table class="halves" aria-labelledby="comparison">
      <thead>
        <tr>
          <th scope="col">${say(reader, 'packet')}</th>
          <th scope="col">${say(reader, 'synthesis')}</th>
        </tr>
      </thead>
      ${rows.map((row) => compared(reader, row))}
    </table>`;
}

interface Row {
  /** Of `page.json`. */
  readonly part: string;
  readonly said: Html | string;
  readonly heard: Html | string;
}

/** The part above both, so that they have the whole width, also on a phone. */
const compared = (reader: Reader, { part, said, heard }: Row): Html =>
  html`<tbody>
    <tr>
      <th scope="rowgroup" colspan="2">${say(reader, part)}</th>
    </tr>
    <tr>
      <td>${said}</td>
      <td>${heard}</td>
    </tr>
  </tbody>`;

const paragraph = (text: string | null): Html | string => (text === null ? '' : words(text));
const list = (texts: readonly string[]): Html => html`${texts.map((text) => words(text))}`;
