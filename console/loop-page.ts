/**
 * What the pages of all loops have in common: what it is about, how it stands, the forms of the
 * reader's open steps, what happened, and what was said of it.
 */
import { html } from 'hono/html';
import type { CommentParts } from '../api/comments/write-comment.ts';
import type { Actor } from '../domain/authority.ts';
import { taskPath } from '../locales/links.ts';
import { commentsSaid } from './comments.ts';
import { type Html, instant, type Reader, say, words } from './html.ts';
import { hiddenFields, readersSteps, type ReadersStep, stepTitle } from './loop-form.ts';
import { alarm, type LabelOf, type Refused } from './refused.ts';

export interface SignedIn extends Reader {
  readonly actor: Actor;
}

export interface Asked {
  readonly id: string;
  /** What became of the form that was sent. */
  readonly refused: Refused | null;
}

export interface Shown {
  /** What the page is about, for its title. */
  readonly subject: string;
  readonly body: Html;
  /** By somebody who has no part in it: its messages and what is said of it are not theirs. */
  readonly isOnlyRead?: boolean;
}

export interface SentForm {
  readonly id: string;
  readonly form: unknown;
}

type Part = Html | string;

/** As every operation that reads a loop answers it. */
interface ReadLoop {
  readonly id: string;
  readonly revision: number;
  readonly isHeld: boolean;
}

interface LoopPage {
  readonly loop: ReadLoop;
  readonly subject: string;
  readonly title: Html;
  /** Above the forms: `facts`, and what is to be read before deciding. */
  readonly told: readonly Part[];
  /** What the form calls what the operation refused. */
  readonly labelOf?: LabelOf;
  /** Of one open step of the reader. */
  form(step: ReadersStep): Part;
  /** For whoever may do more than they are asked for. */
  readonly ownForms?: readonly Part[];
  /** Beneath the forms. */
  readonly more: readonly Part[];
}

export async function loopPage(
  parts: CommentParts,
  reader: SignedIn,
  refused: Refused | null,
  { loop, subject, title, told, labelOf, form, ownForms = [], more }: LoopPage,
): Promise<Shown> {
  const steps = loop.isHeld ? [] : await readersSteps(parts.db, reader.actor, loop.id);
  const said = await commentsSaid(parts, reader, loop.id);
  const forms = steps.map((step) => form(step));
  return {
    subject,
    body: html`<h1>${title}</h1>
      ${refused ? alarm(refused.problem, labelOf) : ''} ${told} ${forms} ${ownForms}
      ${steps.length === 0 ? html`<p class="muted">${say(reader, 'no_step')}</p>` : ''} ${more}
      ${said}`,
  };
}

/** What a fact is called, and what it is; null where there is none. */
export type Fact = readonly [name: Html, value: Part | null];

export const facts = (known: readonly Fact[]): Html =>
  html`<dl class="facts">
    ${known.map(([name, value]) =>
      value === null
        ? ''
        : html`<dt>${name}</dt>
            <dd>${value}</dd>`,
    )}
  </dl>`;

export const statusFact = (
  reader: Reader,
  { isHeld }: { readonly isHeld: boolean },
  status: Html,
): Fact => [
  say(reader, 'status'),
  html`${status} ${isHeld ? html` · ${say(reader, 'held')}` : ''}`,
];

export const deadlineFact = (reader: Reader, dueAt: string | null): Fact => [
  say(reader, 'deadline'),
  dueAt === null ? null : instant(reader, dueAt),
];

/** What has happened, as the operations of every loop tell it. */
export const timeline = (
  reader: Reader,
  entries: readonly { readonly at: string; readonly sentence: string }[],
): Html =>
  html`<h2>${say(reader, 'timeline')}</h2>
    <ol class="timeline">
      ${entries.map(
        ({ at, sentence }) =>
          html`<li>${sentence}<br /><span class="muted">${instant(reader, at)}</span></li>`,
      )}
    </ol>`;

/** The same where words were written with a step. */
export const writtenTimeline = (
  reader: Reader,
  entries: readonly {
    readonly at: string;
    readonly sentence: string;
    readonly text: string | null;
  }[],
): Html =>
  html`<h2>${say(reader, 'timeline')}</h2>
    <ol class="timeline">
      ${entries.map(
        ({ at, sentence, text }) =>
          html`<li>
            ${sentence} ${text === null ? '' : words(text)}<br /><span class="muted"
              >${instant(reader, at)}</span
            >
          </li>`,
      )}
    </ol>`;

/** The form of a step: its title, and whatever it asks for. */
export const stepSection = (
  reader: Reader,
  loop: ReadLoop,
  step: ReadersStep,
  fields: Part,
): Html =>
  html`<section class="step">
    <h2>${stepTitle(reader, step)}</h2>
    ${loopForm(loop, step.onBehalfOf, fields)}
  </section>`;

/** A form that is sent to the page of its loop. */
export const loopForm = (
  loop: ReadLoop,
  onBehalfOf: ReadersStep['onBehalfOf'],
  fields: Part,
): Html =>
  html`<form method="post" action="${taskPath(loop.id)}">
    ${hiddenFields(loop, onBehalfOf)} ${fields}
  </form>`;

/** The buttons of a form, the usual one first. */
export const choiceButtons = (
  choices: readonly { readonly choice: string; readonly label: Html; readonly isQuiet?: boolean }[],
): Html =>
  html`<div class="choices">
    ${choices.map(
      ({ choice, label, isQuiet = false }) =>
        html`<button name="choice" value="${choice}" class="${isQuiet ? 'quiet' : ''}">
          ${label}
        </button>`,
    )}
  </div>`;
