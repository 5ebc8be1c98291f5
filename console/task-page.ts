/** A handoff as the people in it read it, with the step that is asked of the reader. */
import { html, raw } from 'hono/html';
import type { Handoff } from '../api/handoffs/present.ts';
import { messageLengthMax } from '../domain/handoff/packet.ts';
import { taskPath } from '../locales/links.ts';
import { wallClock } from '../locales/instant.ts';
import { phraseHtml } from '../locales/render.ts';
import { type Html, instant, nameOf, type Reader, say, words } from './html.ts';
import { comparison, wordsField } from './read-back.ts';
import { alarm, labelsOf, type LabelOf, keptWords, type Refused } from './refused.ts';
import { type Step, stepForm } from './step-form.ts';

export interface TaskPage {
  readonly handoff: Handoff;
  /** Why it stands where it stands, in the reader's language. */
  readonly sentences: readonly string[];
  readonly steps: readonly Step[];
  /** Of the new form: a repeated POST of the same form is the same step. */
  readonly key: string;
  /** What became of the form that was sent. */
  readonly refused: Refused | null;
}

export function taskPage(reader: Reader, page: TaskPage): Html {
  const { handoff, refused } = page;
  return html`<h1>${say(reader, 'handoff')}: ${nameOf(handoff.account)}</h1>
    ${refused ? alarm(refused.problem, labels(reader)) : ''} ${meanwhile(reader, page)}
    ${facts(reader, handoff)} ${packet(reader, handoff)} ${late(reader, handoff)}
    ${comparison(reader, handoff)} ${steps(reader, page)} ${flags(reader, handoff)}
    ${notes(reader, page)} ${why(reader, page.sentences)} ${revisions(reader, handoff)}
    ${timeline(reader, handoff)}`;
}

const facts = (reader: Reader, handoff: Handoff): Html =>
  html`<dl class="facts">
    <dt>${say(reader, 'status')}</dt>
    <dd>
      ${say(reader, `status_of.${handoff.status}`)}
      ${handoff.isHeld ? html` · ${say(reader, 'held')}` : ''}
    </dd>
    <dt>${say(reader, 'giver')}</dt>
    <dd>${nameOf(handoff.giver)}</dd>
    <dt>${say(reader, 'receiver')}</dt>
    <dd>${nameOf(handoff.receiver)}</dd>
    ${
      handoff.waitsFor
        ? html`<dt>${say(reader, 'waits_for')}</dt>
            <dd>${nameOf(handoff.waitsFor)}</dd>`
        : ''
    }
    ${
      handoff.call
        ? html`<dt>${say(reader, 'call')}</dt>
            <dd>${instant(reader, handoff.call.startsAt)}</dd>`
        : ''
    }
    ${
      handoff.dueAt
        ? html`<dt>${say(reader, 'deadline')}</dt>
            <dd>${instant(reader, handoff.dueAt)}</dd>`
        : ''
    }
  </dl>`;

function packet(reader: Reader, { packet: told }: Handoff): Html {
  if (!told) return html`<p class="muted">${say(reader, 'erased')}</p>`;
  return html`<h2>${say(reader, 'severity')}</h2>
    <p>${say(reader, `severity_of.${told.severity}`)}</p>
    <h2>${say(reader, 'summary')}</h2>
    ${words(told.summary)} ${actions(reader, told.actions)}
    <h2>${say(reader, 'situation')}</h2>
    ${words(told.situation)} ${contingencies(reader, told.contingencies)}`;
}

type Packet = NonNullable<Handoff['packet']>;

/** Those of before, each with what the next one told otherwise. */
const revisions = (reader: Reader, { revisions: told }: Handoff): Html | string =>
  told.length < 2
    ? ''
    : html`<h2>${say(reader, 'revisions')}</h2>
        ${told.map(
          ({ revision, at, by, changed, packet: body }) =>
            html`<h3>${say(reader, 'revision', { revision })}</h3>
              <p class="muted">${by ? nameOf(by) : ''} ${instant(reader, at)}</p>
              ${
                changed.length === 0
                  ? ''
                  : html`<p>${say(reader, 'changed')}</p>
                      <ul>
                        ${changed.map((part) => html`<li>${say(reader, part)}</li>`)}
                      </ul>`
              }
              ${body ? words(body.summary) : html`<p class="muted">${say(reader, 'erased')}</p>`}`,
        )}`;

const labels = (reader: Reader): LabelOf =>
  labelsOf((key) => say(reader, key), {
    severity: 'severity',
    firstAction: 'first_action',
    contingency: 'one_contingency',
    text: 'your_words',
  });

/** On the reader's clock and, as `2026-12-01T09:30+01:00[Europe/Berlin]` has it, on the customer's. */
function due(reader: Reader, dueAt: string, atSite: string): Html {
  const [, zone = 'Etc/UTC'] = /\[([^\]]+)\]$/.exec(atSite) ?? [];
  const { recipient } = reader;
  return html`${instant(reader, dueAt)}<br />
    <span class="muted">
      ${say(reader, 'due_at_site')}: <bdi>${wallClock(Date.parse(dueAt), zone, recipient)}</bdi>
    </span>`;
}

const actions = (reader: Reader, given: Packet['actions']): Html | string =>
  given.length === 0
    ? ''
    : html`<h2 id="actions">${say(reader, 'actions')}</h2>
        <table aria-labelledby="actions">
          <thead>
            <tr>
              <th scope="col">${say(reader, 'actions')}</th>
              <th scope="col">${say(reader, 'owner')}</th>
              <th scope="col">${say(reader, 'deadline')}</th>
            </tr>
          </thead>
          <tbody>
            ${given.map(
              ({ text, owner, dueAt, dueAtSite }) =>
                html`<tr>
                  <td dir="auto">${text}</td>
                  <td>${nameOf(owner)}</td>
                  <td>${due(reader, dueAt, dueAtSite)}</td>
                </tr>`,
            )}
          </tbody>
        </table>`;

/** For compliance alone. */
const flags = (reader: Reader, { redFlags }: Handoff): Html | string =>
  redFlags === null || redFlags.length === 0
    ? ''
    : html`<h2 id="red-flags">${say(reader, 'red_flags')}</h2>
        <ul aria-labelledby="red-flags">
          ${redFlags.map(
            ({ code, place, author, at }) =>
              html`<li>
                ${raw(phraseHtml(`handoff.red_flag.${code}`, {}, reader.recipient))}
                <span class="muted">${say(reader, 'place')}: <bdi>${place}</bdi></span>
                <span class="muted">${nameOf(author)} ${instant(reader, at)}</span>
              </li>`,
          )}
        </ul>`;

/** What became known after the account had moved, and the form that adds to it. */
function notes(reader: Reader, { handoff, key, refused }: TaskPage): Html | string {
  if (handoff.status !== 'transferred' && handoff.status !== 'bounced') return '';
  const last = handoff.timeline.at(-1);
  return html`<h2>${say(reader, 'notes')}</h2>
    ${handoff.notes.map(
      ({ author, at, text }) =>
        html`<p class="muted">${nameOf(author)} ${instant(reader, at)}</p>
          ${text === null ? html`<p class="muted">${say(reader, 'erased')}</p>` : words(text)}`,
    )}
    <form method="post" action="${taskPath(handoff.id)}">
      <input type="hidden" name="key" value="${key}" />
      <input type="hidden" name="revision" value="${handoff.revision}" />
      <input type="hidden" name="since" value="${last?.sequence ?? 0}" />
      ${wordsField(reader, {
        id: 'note-text',
        name: 'text',
        label: 'your_note',
        text: refused?.text ?? '',
        lengthMax: messageLengthMax,
        isRequired: true,
      })}
      <button name="choice" value="note" class="quiet">${say(reader, 'add_note')}</button>
    </form>`;
}

/** What the packet does not tell of, for giver and receiver alike. */
const late = (reader: Reader, { lateActions }: Handoff): Html | string =>
  lateActions.length === 0
    ? ''
    : html`<h2 id="late">${say(reader, 'late_actions')}</h2>
        <table aria-labelledby="late">
          <thead>
            <tr>
              <th scope="col">${say(reader, 'actions')}</th>
              <th scope="col">${say(reader, 'owner')}</th>
              <th scope="col">${say(reader, 'deadline')}</th>
            </tr>
          </thead>
          <tbody>
            ${lateActions.map(
              ({ text, owner, dueAt, local, isOpen }) =>
                html`<tr>
                  <td dir="auto">
                    ${text ?? say(reader, 'erased')}
                    <span class="muted">${say(reader, isOpen ? 'late' : 'action_done')}</span>
                  </td>
                  <td>${nameOf(owner)}</td>
                  <td>${due(reader, dueAt, local.site)}</td>
                </tr>`,
            )}
          </tbody>
        </table>`;

const contingencies = (reader: Reader, given: Packet['contingencies']): Html | string =>
  given.length === 0
    ? ''
    : html`<h2 id="contingencies">${say(reader, 'contingencies')}</h2>
        <table aria-labelledby="contingencies">
          <thead>
            <tr>
              <th scope="col">${say(reader, 'when')}</th>
              <th scope="col">${say(reader, 'response')}</th>
            </tr>
          </thead>
          <tbody>
            ${given.map(
              ({ when, response }) =>
                html`<tr>
                  <td dir="auto">${when}</td>
                  <td dir="auto">${response}</td>
                </tr>`,
            )}
          </tbody>
        </table>`;

/** Somebody else came first: who, and with what. */
function meanwhile(reader: Reader, { handoff, refused }: TaskPage): Html | string {
  const { since = null } = refused ?? {};
  const entries = handoff.timeline.filter(({ sequence }) => since !== null && sequence > since);
  if (entries.length === 0) return '';
  return html`<h2>${say(reader, 'meanwhile')}</h2>
    <ol class="timeline">
      ${entries.map((entry) => happened(reader, entry))}
    </ol>`;
}

function steps(reader: Reader, { handoff, steps: open, key, refused }: TaskPage): Html {
  const last = handoff.timeline.at(-1);
  const text = refused?.text ?? '';
  const kept = refused?.fields ?? { text };
  if (open.length === 0) {
    return html`<p class="muted">${say(reader, 'no_step')}</p>
      ${last ? html`<p>${last.sentence} <span class="muted">${instant(reader, last.at)}</span></p>` : ''}
      ${keptWords(reader, text)}`;
  }
  const form = { action: taskPath(handoff.id), key, revision: handoff.revision, kept };
  return html`${open.map((step) => stepForm(reader, { ...form, step, since: last?.sequence ?? 0 }))}`;
}

const why = (reader: Reader, sentences: readonly string[]): Html | string =>
  sentences.length === 0
    ? ''
    : html`<h2>${say(reader, 'why')}</h2>
        ${sentences.map((sentence) => html`<p>${sentence}</p>`)}`;

const timeline = (reader: Reader, handoff: Handoff): Html =>
  html`<h2>${say(reader, 'timeline')}</h2>
    <ol class="timeline">
      ${handoff.timeline.map((entry) => happened(reader, entry))}
    </ol>`;

const happened = (reader: Reader, { at, sentence, text }: Handoff['timeline'][number]): Html =>
  html`<li>
    ${sentence}<br /><span class="muted">${instant(reader, at)}</span>
    ${text === null ? '' : words(text)}
  </li>`;
