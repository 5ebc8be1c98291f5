/** An alert as those called read it: what cannot wait, who was called and why, and the step to take it. */
import { html } from 'hono/html';
import { z } from 'zod';
import type { AlertParts } from '../api/alerts/parts.ts';
import type { Alert } from '../api/alerts/present.ts';
import { readAlert } from '../api/alerts/read-alert.ts';
import { alertSteps } from '../api/alerts/take-step.ts';
import { type Html, instant, nameOf, type Reader, say, words } from './html.ts';
import { commandOf, hiddenShape, readForm } from './loop-form.ts';
import {
  type Asked,
  choiceButtons,
  deadlineFact,
  facts,
  loopForm,
  loopPage,
  type SentForm,
  type Shown,
  type SignedIn,
  statusFact,
  stepSection,
  timeline,
} from './loop-page.ts';
import { type Refused, unlessRefused } from './refused.ts';

const choices = ['acknowledge', 'withdraw'] as const;
type Choice = (typeof choices)[number];

export async function showAlert(
  parts: AlertParts,
  reader: SignedIn,
  { id, refused }: Asked,
): Promise<Shown> {
  const alert = await readAlert(parts, { actor: reader.actor, input: { id } });
  const isOwn = [alert.owner.id, alert.raiser.id].includes(reader.actor.id);
  const mayWithdraw = isOwn && alert.closedAt === null && !alert.isHeld;
  return loopPage(parts, reader, refused, {
    loop: alert,
    subject: alert.account.name,
    title: html`${say(reader, 'alert.alert')}: ${nameOf(alert.account)}`,
    told: [
      alert.text === null ? html`<p class="muted">${say(reader, 'erased')}</p>` : words(alert.text),
      facts([
        statusFact(reader, alert, say(reader, `alert.status_of.${alert.status}`)),
        [say(reader, 'alert.raiser'), nameOf(alert.raiser)],
        deadlineFact(reader, alert.dueAt),
        [say(reader, 'alert.taker'), alert.acknowledgedBy && nameOf(alert.acknowledgedBy)],
      ]),
    ],
    form: (step) => stepSection(reader, alert, step, button(reader, 'acknowledge')),
    ownForms: mayWithdraw ? [loopForm(alert, null, button(reader, 'withdraw'))] : [],
    more: [called(reader, alert), timeline(reader, alert.timeline)],
  });
}

const button = (reader: Reader, choice: Choice): Html =>
  choiceButtons([
    { choice, label: say(reader, `alert.choice.${choice}`), isQuiet: choice === 'withdraw' },
  ]);

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

const formShape = z.object({ ...hiddenShape, choice: z.enum(choices) });

type SettleParts = SignedIn & { readonly alerts: AlertParts; readonly publicUrl: string };

/** Null when it is done; else what the page says of it. The same form sent twice is one command. */
export async function settleAlert(
  { alerts, ...reader }: SettleParts,
  { id, form: sent }: SentForm,
): Promise<Refused | null> {
  const read = readForm(formShape, sent);
  const { asked, party } = commandOf(reader.actor, id, read);
  return unlessRefused({ ...reader, text: '' }, async () => {
    await alertSteps[read.choice].run(alerts, { ...asked, input: { id, ...party } });
  });
}
