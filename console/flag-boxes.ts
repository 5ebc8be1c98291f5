/** What the rules warn of in a form that was not taken: each is changed, or said all the same. */
import { html } from 'hono/html';
import { type Html, type Reader, say } from './html.ts';
import { type LabelOf, placeOf, type Refused } from './refused.ts';

const codes: readonly string[] = [
  'handoff.red_flags',
  'alert.red_flags',
  'growth.red_flags',
  'practice.red_flags',
];
const prefix = 'flag ';

/** Each with what the form calls the field; its address where it has no name there. */
export const flagBoxes = (
  reader: Reader,
  refused: Refused | null,
  labelOf: LabelOf = () => null,
): Html | string =>
  refused === null || !codes.includes(refused.problem.code)
    ? ''
    : html`<fieldset>
        <legend>${say(reader, 'offer.acknowledge')}</legend>
        ${(refused.problem.errors ?? []).map(
          ({ code, path, detail }) =>
            html`<label class="choice">
              <input type="checkbox" name="${prefix}${code}:${path}" value="yes" />
              ${detail}
              <span class="muted">${labelOf(placeOf(path)) ?? html`<bdi>${path}</bdi>`}</span>
            </label>`,
        )}
      </fieldset>`;

/** As the API takes them: `code:place`. */
export const namedFlags = (fields: Readonly<Record<string, string>>): readonly string[] =>
  Object.keys(fields)
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length));
