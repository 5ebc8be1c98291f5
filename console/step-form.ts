/** The forms of a handoff: what is asked of a person, as the operations of the API that settle it. */
import { html } from 'hono/html';
import { messageLengthMax } from '../domain/handoff/packet.ts';
import { type Html, type Reader, say } from './html.ts';

/** By the kind of the open task: what its person may do, the usual first. */
export const choicesOf = {
  'handoff.read_back': ['accept', 'ask', 'decline'],
  'handoff.answer': ['answer'],
  'handoff.confirm': ['confirm'],
} as const;
export type Choice = (typeof choicesOf)[keyof typeof choicesOf][number];
export const choices = [...new Set(Object.values(choicesOf).flat())] as readonly Choice[];

export interface Step {
  readonly kind: keyof typeof choicesOf;
  /** For whom the reader decides; null for themselves. */
  readonly onBehalfOf: { readonly id: string; readonly name: string } | null;
}

interface StepForm {
  readonly step: Step;
  readonly action: string;
  readonly key: string;
  readonly revision: number;
  /** The last step that the page shows. */
  readonly since: number;
  readonly text: string;
}

const hints = { 'handoff.read_back': 'read_back_hint', 'handoff.confirm': 'confirm_hint' } as const;

export function stepForm(reader: Reader, form: StepForm): Html {
  const { step, action, key, revision, since, text } = form;
  const { kind, onBehalfOf } = step;
  const hint = kind in hints ? hints[kind as keyof typeof hints] : null;
  const id = `text-${kind.replace('.', '-')}-${onBehalfOf?.id ?? 'me'}`;
  return html`<section class="step" aria-labelledby="${id}-step">
    <h2 id="${id}-step">
      ${say(reader, 'your_step')}: ${say(reader, `task.${kind.split('.').at(-1)}`)}
      ${onBehalfOf ? html`· ${say(reader, 'for_person', { person: onBehalfOf.name })}` : ''}
    </h2>
    ${hint ? html`<p>${say(reader, hint)}</p>` : ''}
    <form method="post" action="${action}">
      <input type="hidden" name="key" value="${key}" />
      <input type="hidden" name="revision" value="${revision}" />
      <input type="hidden" name="since" value="${since}" />
      ${onBehalfOf ? html`<input type="hidden" name="onBehalfOf" value="${onBehalfOf.id}" />` : ''}
      ${kind === 'handoff.confirm' ? '' : textBox(reader, id, text)}
      <div class="choices">
        ${choicesOf[kind].map(
          (choice, index) =>
            html`<button name="choice" value="${choice}" ${index === 0 ? '' : html`class="quiet"`}>
              ${say(reader, choice)}
            </button>`,
        )}
      </div>
    </form>
  </section>`;
}

const textBox = (reader: Reader, id: string, text: string): Html =>
  html`<label for="${id}">${say(reader, 'your_words')}</label>
    <textarea id="${id}" name="text" dir="auto" required maxlength="${messageLengthMax}">
${text}</textarea>`;
