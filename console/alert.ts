/** An alert as those called read it: what cannot wait, who was called and why, and the step to take it. */
import { html } from 'hono/html';
import { z } from 'zod';
import type { AlertParts } from '../api/alerts/parts.ts';
import type { Alert } from '../api/alerts/present.ts';
import { readAlert } from '../api/alerts/read-alert.ts';
import { alertSteps } from '../api/alerts/take-step.ts';
import { taskPath } from '../locales/links.ts';
import { commentsSaid } from './comments.ts';
import { type Html, instant, nameOf, type Reader, say, words } from './html.ts';
import {
  commandOf,
  hiddenFields,
  hiddenShape,
  readersSteps,
  type ReadersStep,
  readForm,
  stepTitle,
} from './loop-form.ts';
import { alarm, type Refused, unlessRefused } from './refused.ts';
import type { Shown, SignedIn } from './task-pages.ts';

const choices = ['acknowledge', 'withdraw'] as const;
type Choice = (typeof choices)[number];

export async function showAlert(
  parts: AlertParts,
  { actor, recipient }: SignedIn,
  { id, refused }: { readonly id: string; readonly refused: Refused | null },
): Promise<Shown> {
  const alert = await readAlert(parts, { actor, input: { id } });
  const steps = alert.isHeld ? [] : await readersSteps(parts.db, actor, id);
  const reader = { recipient };
  const isOwn = actor.id === alert.owner.id || actor.id === alert.raiser.id;
  const said = await commentsSaid(parts, { actor, recipient }, id);
  return {
    subject: alert.account.name,
    body: html`<h1>${say(reader, 'alert.alert')}: ${nameOf(alert.account)}</h1>
      ${refused ? alarm(refused.problem) : ''} ${facts(reader, alert)}
      ${steps.map((step) => form(reader, alert, step))} ${isOwn ? ownForm(reader, alert) : ''}
      ${steps.length === 0 ? html`<p class="muted">${say(reader, 'no_step')}</p>` : ''}
      ${called(reader, alert)} ${timeline(reader, alert)} ${said}
      <p><a href="/">${say(reader, 'all_tasks')}</a></p>`,
  };
}

const facts = (reader: Reader, alert: Alert): Html =>
  html`${alert.text === null ? html`<p class="muted">${say(reader, 'erased')}</p>` : words(alert.text)}
    <dl class="facts">
      <dt>${say(reader, 'status')}</dt>
      <dd>
        ${say(reader, `alert.status_of.${alert.status}`)}
        ${alert.isHeld ? html` · ${say(reader, 'held')}` : ''}
      </dd>
      <dt>${say(reader, 'alert.raiser')}</dt>
      <dd>${nameOf(alert.raiser)}</dd>
      <dt>${say(reader, 'deadline')}</dt>
      <dd>${instant(reader, alert.dueAt)}</dd>
      ${
        alert.acknowledgedBy === null
          ? ''
          : html`<dt>${say(reader, 'alert.taker')}</dt>
              <dd>${nameOf(alert.acknowledgedBy)}</dd>`
      }
    </dl>`;

const called = (reader: Reader, { calls }: Alert): Html | string =>
  calls.length === 0
    ? ''
    : html`<h2>${say(reader, 'alert.calls')}</h2>
        <ol class="timeline">
          ${calls.map(
            ({ person, at, why, isOutside }) =>
              html`<li>
                ${nameOf(person)} ${isOutside ? html`· ${say(reader, 'alert.outside')}` : ''}
                <br /><span class="muted">${why} ${instant(reader, at)}</span>
              </li>`,
          )}
        </ol>`;

const timeline = (reader: Reader, { timeline: entries }: Alert): Html =>
  html`<h2>${say(reader, 'timeline')}</h2>
    <ol class="timeline">
      ${entries.map(
        ({ at, sentence }) =>
          html`<li>${sentence}<br /><span class="muted">${instant(reader, at)}</span></li>`,
      )}
    </ol>`;

const button = (reader: Reader, choice: Choice, look: string): Html =>
  html`<button name="choice" value="${choice}" class="${look}">
    ${say(reader, `alert.choice.${choice}`)}
  </button>`;

const form = (reader: Reader, alert: Alert, step: ReadersStep): Html =>
  html`<section class="step">
    <h2>${stepTitle(reader, step)}</h2>
    <form method="post" action="${taskPath(alert.id)}">
      ${hiddenFields(alert, step.onBehalfOf)}
      <div class="choices">${button(reader, 'acknowledge', '')}</div>
    </form>
  </section>`;

/** For the owner and whoever raised it: to change their mind. */
function ownForm(reader: Reader, alert: Alert): Html | string {
  if (alert.closedAt !== null || alert.isHeld) return '';
  return html`<form method="post" action="${taskPath(alert.id)}">
    ${hiddenFields(alert, null)}
    <div class="choices">${button(reader, 'withdraw', 'quiet')}</div>
  </form>`;
}

const formShape = z.object({ ...hiddenShape, choice: z.enum(choices) });

type SettleParts = SignedIn & { readonly alerts: AlertParts; readonly publicUrl: string };

/** Null when it is done; else what the page says of it. The same form sent twice is one command. */
export async function settleAlert(
  { alerts, ...reader }: SettleParts,
  { id, form: sent }: { readonly id: string; readonly form: unknown },
): Promise<Refused | null> {
  const read = readForm(formShape, sent);
  const { asked, party } = commandOf(reader.actor, id, read);
  return unlessRefused({ ...reader, text: '' }, async () => {
    await alertSteps[read.choice].run(alerts, { ...asked, input: { id, ...party } });
  });
}
