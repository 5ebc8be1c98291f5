/** A finding as those asked read it, with what else is ahead of its account, and the form that accepts it. */
import { html, raw } from 'hono/html';
import { z } from 'zod';
import { acknowledgeFinding } from '../api/outlook/acknowledge-finding.ts';
import type { OutlookParts } from '../api/outlook/parts.ts';
import { type FindingAnswer, readFinding } from '../api/outlook/read-finding.ts';
import { type Outlook, readOutlook } from '../api/outlook/read-outlook.ts';
import { acknowledgeBody, reasonLengthMax } from '../api/outlook/schema.ts';
import { ShapeRefusal } from '../api/refusals.ts';
import { mistakesOf } from '../api/shape-mistakes.ts';
import { findAccount } from '../db/accounts.ts';
import type { AccountId } from '../domain/id.ts';
import { taskPath } from '../locales/links.ts';
import { phraseHtml } from '../locales/render.ts';
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

const tell = ({ recipient }: Reader, key: string): Html =>
  raw(phraseHtml(`outlook.${key}`, {}, recipient));

export async function showFinding(
  parts: OutlookParts,
  { actor, recipient }: SignedIn,
  { id, refused }: { readonly id: string; readonly refused: Refused | null },
): Promise<Shown> {
  const finding = await readFinding(parts, { actor, input: { id } });
  const { account } = finding;
  const known = { actor, id: account.id as AccountId, at: parts.clock.now() };
  const ahead = (await findAccount(parts.db, known))
    ? await readOutlook(parts, { actor, input: { id: account.id } })
    : null;
  const [step] = finding.isHeld ? [] : await readersSteps(parts.db, actor, id);
  const reader = { recipient };
  const said = await commentsSaid(parts, { actor, recipient }, id);
  return {
    subject: account.name,
    body: html`<h1>${tell(reader, `kind.${finding.kind}`)}: ${nameOf(account)}</h1>
      ${refused ? alarm(refused.problem) : ''}
      <p>${finding.sentence}</p>
      ${facts(reader, finding)}
      ${
        step
          ? form(reader, finding, { step, text: refused?.text ?? '' })
          : html`<p class="muted">${say(reader, 'no_step')}</p>`
      }
      ${ahead ? outlook(reader, ahead) : ''} ${said}
      <p><a href="/">${say(reader, 'all_tasks')}</a></p>`,
  };
}

const fact = (reader: Reader, key: string, value: Html | string | null): Html | string =>
  value === null
    ? ''
    : html`<dt>${tell(reader, `page.${key}`)}</dt>
        <dd>${value}</dd>`;

function facts(reader: Reader, finding: FindingAnswer): Html {
  const { status, isHeld, acceptedUntil, dueAt, reason, closedAt } = finding;
  const until = acceptedUntil === null ? null : instant(reader, acceptedUntil);
  return html`<dl class="facts">
    <dt>${say(reader, 'status')}</dt>
    <dd>
      ${tell(reader, `page.status_of.${status}`)} ${isHeld ? html`· ${say(reader, 'held')}` : ''}
    </dd>
    ${fact(reader, 'account', nameOf(finding.account))}
    ${closedAt === null ? fact(reader, 'waits_for', nameOf(finding.waitsFor)) : ''}
    ${fact(reader, 'accepted_until', until)}
    ${fact(reader, 'reason', reason === null ? null : words(reason))}
    ${
      dueAt === null
        ? ''
        : html`<dt>${say(reader, 'deadline')}</dt>
            <dd>${instant(reader, dueAt)}</dd>`
    }
  </dl>`;
}

const outlook = (reader: Reader, { items }: Outlook): Html =>
  html`<h2>${tell(reader, 'page.ahead')}</h2>
    ${
      items.length === 0
        ? html`<p class="muted">${tell(reader, 'page.nothing')}</p>`
        : html`<ul class="timeline">
            ${items.map(
              ({ sentence, asked }) =>
                html`<li>
                  ${sentence}<br /><span class="muted"
                    >${tell(reader, `page.status_of.${asked?.status ?? 'new'}`)}</span
                  >
                </li>`,
            )}
          </ul>`
    }`;

interface Draft {
  readonly step: ReadersStep;
  readonly text: string;
}

const form = (reader: Reader, finding: FindingAnswer, { step, text }: Draft): Html =>
  html`<section class="step">
    <h2>${stepTitle(reader, step)}</h2>
    <form method="post" action="${taskPath(finding.id)}">
      ${hiddenFields(finding, step.onBehalfOf)}
      <label for="until">${tell(reader, 'page.until')}</label>
      <input id="until" name="until" type="date" required />
      <label for="reason">${tell(reader, 'page.why')}</label>
      <textarea id="reason" name="reason" dir="auto" required maxlength="${reasonLengthMax}">
${text}</textarea>
      <div class="choices"><button>${tell(reader, 'page.accept')}</button></div>
    </form>
  </section>`;

const formShape = z.object({ ...hiddenShape, until: z.string(), reason: z.string() });

type SettleParts = SignedIn & { readonly outlooks: OutlookParts; readonly publicUrl: string };

/** Null when it is done; else what the page says of it. The same form sent twice is one command. */
export async function settleFinding(
  { outlooks, ...reader }: SettleParts,
  { id, form: sent }: { readonly id: string; readonly form: unknown },
): Promise<Refused | null> {
  const read = readForm(formShape, sent);
  const { until, reason } = read;
  const { asked, party } = commandOf(reader.actor, id, read);
  return unlessRefused({ ...reader, text: reason }, async () => {
    const said = { ...party, until, reason };
    const body = acknowledgeBody.safeParse(said);
    if (!body.success) throw new ShapeRefusal(mistakesOf('form', body.error.issues, said));
    await acknowledgeFinding(outlooks, { ...asked, input: { id, ...body.data } });
  });
}
