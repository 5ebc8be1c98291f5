/** A finding as those asked read it, with what else is ahead of its account, and the form that accepts it. */
import { html, raw } from 'hono/html';
import { z } from 'zod';
import { acknowledgeFinding } from '../api/outlook/acknowledge-finding.ts';
import type { OutlookParts } from '../api/outlook/parts.ts';
import { type FindingAnswer, readFinding } from '../api/outlook/read-finding.ts';
import { type Outlook, readOutlook } from '../api/outlook/read-outlook.ts';
import { acknowledgeBody, reasonLengthMax } from '../api/outlook/schema.ts';
import { findAccount } from '../db/accounts.ts';
import type { AccountId } from '../domain/id.ts';
import { phraseHtml } from '../locales/render.ts';
import { type Html, instant, nameOf, type Reader, words } from './html.ts';
import { bodyOf, commandOf, hiddenShape, type ReadersStep, readForm } from './loop-form.ts';
import {
  type Asked,
  deadlineFact,
  facts,
  loopPage,
  type SentForm,
  type Shown,
  type SignedIn,
  statusFact,
  stepSection,
  timeline,
} from './loop-page.ts';
import { type Refused, unlessRefused } from './refused.ts';

const tell = ({ recipient }: Reader, key: string): Html =>
  raw(phraseHtml(`outlook.${key}`, {}, recipient));

export async function showFinding(
  parts: OutlookParts,
  reader: SignedIn,
  { id, refused }: Asked,
): Promise<Shown> {
  const { actor } = reader;
  const finding = await readFinding(parts, { actor, input: { id } });
  const { account } = finding;
  const asked = { actor, id: account.id as AccountId, at: parts.clock.now() };
  const ahead = (await findAccount(parts.db, asked))
    ? await readOutlook(parts, { actor, input: { id: account.id } })
    : null;
  return loopPage(parts, reader, refused, {
    loop: finding,
    subject: account.name,
    title: html`${tell(reader, `kind.${finding.kind}`)}: ${nameOf(account)}`,
    told: [html`<p>${finding.sentence}</p>`, known(reader, finding)],
    form: (step) => form(reader, finding, { step, text: refused?.text ?? '' }),
    more: [ahead ? outlook(reader, ahead) : '', timeline(reader, finding.timeline)],
  });
}

function known(reader: Reader, finding: FindingAnswer): Html {
  const { status, acceptedUntil, dueAt, reason, closedAt } = finding;
  const name = (key: string): Html => tell(reader, `page.${key}`);
  return facts([
    statusFact(reader, finding, name(`status_of.${status}`)),
    [name('account'), nameOf(finding.account)],
    [name('waits_for'), closedAt === null ? nameOf(finding.waitsFor) : null],
    [name('accepted_until'), acceptedUntil && instant(reader, acceptedUntil)],
    [name('reason'), reason === null ? null : words(reason)],
    deadlineFact(reader, dueAt),
  ]);
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

function form(reader: Reader, finding: FindingAnswer, { step, text }: Draft): Html {
  const whose = step.onBehalfOf?.id ?? 'me';
  const fields = html`<label for="until-${whose}">${tell(reader, 'page.until')}</label>
    <input id="until-${whose}" name="until" type="date" required />
    <label for="reason-${whose}">${tell(reader, 'page.why')}</label>
    <textarea id="reason-${whose}" name="reason" dir="auto" required maxlength="${reasonLengthMax}">
${text}</textarea>
    <div class="choices"><button>${tell(reader, 'page.accept')}</button></div>`;
  return stepSection(reader, finding, step, fields);
}

const formShape = z.object({ ...hiddenShape, until: z.string(), reason: z.string() });

type SettleParts = SignedIn & { readonly outlooks: OutlookParts; readonly publicUrl: string };

/** Null when it is done; else what the page says of it. The same form sent twice is one command. */
export async function settleFinding(
  { outlooks, ...reader }: SettleParts,
  { id, form: sent }: SentForm,
): Promise<Refused | null> {
  const read = readForm(formShape, sent);
  const { until, reason } = read;
  const { asked, party } = commandOf(reader.actor, id, read);
  return unlessRefused({ ...reader, text: reason }, async () => {
    const body = bodyOf(acknowledgeBody, { ...party, until, reason });
    await acknowledgeFinding(outlooks, { ...asked, input: { id, ...body } });
  });
}
