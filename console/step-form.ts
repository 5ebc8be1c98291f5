/** The forms of a handoff: what is asked of a person, as the operations of the API that settle it. */
import { html } from 'hono/html';
import { messageLengthMax } from '../domain/handoff/packet.ts';
import { stepTitle } from './loop-form.ts';
import { type Html, type Reader, say } from './html.ts';
import { type Kept, readBackFields, wordsField } from './read-back.ts';

/** What a form asks for beside its buttons. */
type Asks = 'readBack' | 'words' | 'nothing';

interface StepChoices {
  readonly asks: Asks;
  /** The usual one first. */
  readonly choices: readonly string[];
}

/** By the kind of the open task: its forms, and what its person may do with each. */
export const formsOf = {
  'handoff.read_back': [
    { asks: 'readBack', choices: ['accept'] },
    { asks: 'words', choices: ['ask', 'decline'] },
  ],
  'handoff.answer': [{ asks: 'words', choices: ['answer'] }],
  'handoff.confirm': [
    { asks: 'nothing', choices: ['confirm'] },
    { asks: 'words', choices: ['sendBack'] },
  ],
} as const satisfies Readonly<Record<string, readonly StepChoices[]>>;
export type Choice = (typeof formsOf)[keyof typeof formsOf][number]['choices'][number];
export const choices = [
  ...new Set(Object.values(formsOf).flatMap((forms) => forms.flatMap((form) => form.choices))),
] as readonly Choice[];

export interface Step {
  readonly kind: keyof typeof formsOf;
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
  readonly kept: Kept;
}

const hints = { 'handoff.read_back': 'read_back_hint', 'handoff.confirm': 'confirm_hint' } as const;

const labels: Partial<Record<Choice, string>> = { sendBack: 'send_back' };

export function stepForm(reader: Reader, form: StepForm): Html {
  const { kind, onBehalfOf } = form.step;
  const hint = kind in hints ? hints[kind as keyof typeof hints] : null;
  const id = `text-${kind.replace('.', '-')}-${onBehalfOf?.id ?? 'me'}`;
  return html`<section class="step" aria-labelledby="${id}-step">
    <h2 id="${id}-step">${stepTitle(reader, form.step)}</h2>
    ${hint ? html`<p>${say(reader, hint)}</p>` : ''}
    ${formsOf[kind].map((choice, index) => oneForm(reader, form, { ...choice, id: `${id}-${index}` }))}
  </section>`;
}

function oneForm(
  reader: Reader,
  { step: { onBehalfOf }, action, key, revision, since, kept }: StepForm,
  { id, asks, choices: buttons }: StepChoices & { readonly id: string },
): Html {
  return html`<form method="post" action="${action}">
    <input type="hidden" name="key" value="${key}" />
    <input type="hidden" name="revision" value="${revision}" />
    <input type="hidden" name="since" value="${since}" />
    ${onBehalfOf ? html`<input type="hidden" name="onBehalfOf" value="${onBehalfOf.id}" />` : ''}
    ${fieldsOf(reader, asks, { id, kept })}
    <div class="choices">
      ${buttons.map(
        (choice, index) =>
          html`<button
            name="choice"
            value="${choice}"
            ${index === 0 && choice !== 'sendBack' ? '' : html`class="quiet"`}
          >
            ${say(reader, labels[choice as Choice] ?? choice)}
          </button>`,
      )}
    </div>
  </form>`;
}

function fieldsOf(
  reader: Reader,
  asks: Asks,
  { id, kept }: { readonly id: string; readonly kept: Kept },
): Html | string {
  switch (asks) {
    case 'nothing':
      return '';
    case 'readBack':
      return readBackFields(reader, { id, kept });
    case 'words':
      return wordsField(reader, {
        id,
        name: 'text',
        label: 'your_words',
        text: kept['firstAction'] === undefined ? (kept['text'] ?? '') : '',
        lengthMax: messageLengthMax,
        isRequired: true,
      });
  }
}
