/** A form that was not taken: why, what happened meanwhile, and what had been written in it. */
import { html } from 'hono/html';
import { type ProblemDocument, problemDocument } from '../api/problem.ts';
import { toldOf } from '../api/refusals.ts';
import { Refusal } from '../domain/problem.ts';
import { type Html, type Reader, say, words } from './html.ts';

export interface Refused {
  readonly problem: ProblemDocument;
  /** Nobody writes it twice. */
  readonly text: string;
  /** Where the form had more fields than one: by the name of each. */
  readonly fields?: Readonly<Record<string, string>> | undefined;
  /** The last step that the page of the form showed; null where it shows none. */
  readonly since: number | null;
}

interface Sent extends Reader {
  readonly publicUrl: string;
  readonly text: string;
  readonly fields?: Readonly<Record<string, string>> | undefined;
  readonly since?: number;
}

/** A refusal is shown beside the form; what may not be seen is not. */
export async function unlessRefused(
  { recipient, publicUrl, text, fields, since }: Sent,
  act: () => Promise<void>,
): Promise<Refused | null> {
  try {
    await act();
    return null;
  } catch (error) {
    if (!(error instanceof Refusal) || error.problem.code === 'request.not_found') throw error;
    const errors = toldOf(error, recipient)?.errors;
    const problem = problemDocument(error.problem, { publicUrl, recipient, errors });
    return { problem, text, fields, since: since ?? null };
  }
}

/** What the form calls a field, by the steps of its place such as `actions`, `0`, `text`. */
export type LabelOf = (place: readonly string[]) => Html | null;

/** Where the reader goes on from: no script is there to bring them to it. */
export const alarm = (
  { title, detail, errors }: ProblemDocument,
  labelOf: LabelOf = () => null,
): Html =>
  html`<div class="alarm" role="alert" tabindex="-1" autofocus>
    <p><strong>${title}</strong></p>
    ${errors?.map((one) => html`<p>${named(labelOf(placeOf(one.path)))}${one.detail}</p>`) ?? html`<p>${detail}</p>`}
  </div>`;

/** `form.actions[0].text` without what all of them begin with. */
export const placeOf = (path: string): readonly string[] =>
  (path.match(/[^.[\]]+/g) ?? []).filter((step) => step !== 'form' && step !== 'packet');

const named = (label: Html | null): Html | string =>
  label === null ? '' : html`<strong>${label}</strong>: `;

/** Of a form whose fields are called as the catalogue calls them. */
export const labelsOf =
  (say: (key: string) => Html, keys: Readonly<Record<string, string>>): LabelOf =>
  ([name = '']) => {
    const key = Object.hasOwn(keys, name) ? keys[name] : undefined;
    return key === undefined ? null : say(key);
  };

/** For whoever has no form any more to send it by. */
export const keptWords = (reader: Reader, text: string): Html | string =>
  text.trim() === ''
    ? ''
    : html`<h2>${say(reader, 'words_kept')}</h2>
        ${words(text)}`;
