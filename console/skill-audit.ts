/** A skill audit as a page: whom one is asked to rate, how far it is, and what it found. */
import { html } from 'hono/html';
import { z } from 'zod';
import type { AuditParts } from '../api/skill-audits/parts.ts';
import type { Audit } from '../api/skill-audits/present.ts';
import { readAudit } from '../api/skill-audits/read-audit.ts';
import { rateBody, skipBody } from '../api/skill-audits/schema.ts';
import { auditSteps } from '../api/skill-audits/take-step.ts';
import { competencies } from '../domain/people/competency.ts';
import { skipReasons } from '../domain/skill-audit/state.ts';
import { auditFound } from './audit-found.ts';
import { flagBoxes } from './flag-boxes.ts';
import { type Html, instant, nameOf, type Reader } from './html.ts';
import {
  bodyOf,
  commandOf,
  hiddenShape,
  type ReadersStep,
  readForm,
  stepTitle,
} from './loop-form.ts';
import {
  type Asked,
  choiceButtons,
  facts,
  loopForm,
  loopPage,
  type SentForm,
  type Shown,
  type SignedIn,
  statusFact,
  timeline,
} from './loop-page.ts';
import { competenciesPath } from './navigation.ts';
import {
  ratingFields,
  ratingFieldsMax,
  ratingLabelOf,
  ratingsIn,
  sayAudit,
} from './rating-fields.ts';
import { alarm, type Refused, unlessRefused } from './refused.ts';

const choices = ['rate', 'skip', 'hold', 'resume', 'cancel'] as const;

export async function showAudit(
  parts: AuditParts,
  reader: SignedIn,
  { id, refused }: Asked,
): Promise<Shown> {
  const audit = await readAudit(parts, { actor: reader.actor, input: { id } });
  const subject = audit.region.name;
  const title = html`${sayAudit(reader, 'page.audit')}: ${nameOf(auditName(audit))}`;
  const labelOf = ratingLabelOf(reader, refused?.fields ?? {});
  const known = auditFacts(reader, audit);
  const found = await auditFound(parts, reader, audit);
  // Whoever is only rated, or has rated, has no part in what is said of it.
  if (audit.progress === null && audit.toRate.length === 0) {
    const body = html`<h1>${title}</h1>
      ${refused ? alarm(refused.problem, labelOf) : ''} ${known} ${found}`;
    return { subject, body, isOnlyRead: true };
  }
  return loopPage(parts, reader, refused, {
    loop: audit,
    subject,
    title,
    told: [known, progress(reader, audit)],
    labelOf,
    form: (step) => rateForms(reader, audit, { step, refused }),
    ownForms: [steerForm(reader, audit)],
    more: [found, audit.timeline.length === 0 ? '' : timeline(reader, audit.timeline)],
  });
}

const auditFacts = (reader: Reader, audit: Audit): Html =>
  facts([
    statusFact(reader, audit, sayAudit(reader, `page.status_of.${audit.status}`)),
    [sayAudit(reader, 'page.owner'), nameOf(audit.owner)],
    [sayAudit(reader, 'page.closes_at'), instant(reader, audit.closesAt)],
    [
      sayAudit(reader, 'page.map'),
      html`<a href="${competenciesPath}?version=${audit.mapVersion}">${audit.mapVersion}</a>`,
    ],
  ]);

/** Where, and of which quarter: the same in every language. */
export const auditName = ({ region, quarter }: Pick<Audit, 'region' | 'quarter'>) => ({
  name: `${region.name}, ${quarter}`,
});

function progress(reader: Reader, { progress: told }: Audit): Html | string {
  if (told === null) return '';
  const { people, rated, skipped, raters } = told;
  const waiting = raters ?? [];
  return html`${facts([
    [sayAudit(reader, 'page.people'), html`${people}`],
    [sayAudit(reader, 'page.rated'), html`${rated}`],
    [sayAudit(reader, 'page.skipped'), html`${skipped}`],
  ])}
  ${
    waiting.length === 0
      ? ''
      : html`<h2>${sayAudit(reader, 'page.still_to_rate')}</h2>
          ${facts(waiting.map(({ person, left }) => [nameOf(person), html`${left}`] as const))}`
  }`;
}

interface RateForms {
  readonly step: ReadersStep;
  readonly refused: Refused | null;
}

/** One person at a time: what is written of one is kept, whatever becomes of the others. */
function rateForms(reader: Reader, audit: Audit, { step, refused }: RateForms): Html {
  const kept = refused?.fields ?? {};
  return html`<section class="step">
    <h2>${stepTitle(reader, step)}</h2>
    <p>${sayAudit(reader, 'page.intro')}</p>
    ${audit.toRate.map(({ person, targets, levels }, index) => {
      const isKept = kept['person'] === person.id;
      const keys = competencies.filter((key) => targets[key] !== undefined);
      const isOpen = kept['person'] === undefined ? index === 0 : isKept;
      return html`<details ${isOpen ? html`open` : ''}>
        <summary>${nameOf(person)}</summary>
        ${loopForm(
          audit,
          step.onBehalfOf,
          html`<input type="hidden" name="person" value="${person.id}" />
            ${ratingFields(reader, {
              of: person.id,
              keys,
              targets,
              levels,
              kept: isKept ? kept : {},
            })}
            ${isKept ? flagBoxes(reader, refused, ratingLabelOf(reader, kept)) : ''}
            ${choiceButtons([{ choice: 'rate', label: sayAudit(reader, 'page.choice.rate') }])}
            <label for="reason-${person.id}">${sayAudit(reader, 'page.reason')}</label>
            <select id="reason-${person.id}" name="reason">
              ${skipReasons.map(
                (reason) =>
                  html`<option value="${reason}">
                    ${sayAudit(reader, `page.reason_of.${reason}`)}
                  </option>`,
              )}
            </select>
            ${choiceButtons([
              { choice: 'skip', label: sayAudit(reader, 'page.choice.skip'), isQuiet: true },
            ])}`,
        )}
      </details>`;
    })}
  </section>`;
}

/** For whoever leads learning there: nothing is due while it is on hold. */
const steerForm = (reader: Reader, audit: Audit): Html | string => {
  if (audit.status !== 'rating' || (audit.progress?.raters ?? null) === null) return '';
  const steps = [audit.isHeld ? 'resume' : 'hold', 'cancel'] as const;
  const buttons = steps.map((choice) => ({
    choice,
    label: sayAudit(reader, `page.choice.${choice}`),
    isQuiet: true,
  }));
  return loopForm(audit, null, choiceButtons(buttons));
};

const formShape = z
  .object({ ...hiddenShape, choice: z.enum(choices) })
  .catchall(z.string())
  .refine((fields) => Object.keys(fields).length <= ratingFieldsMax);

type SettleParts = SignedIn & { readonly audits: AuditParts; readonly publicUrl: string };

/** Null when it is done; else what the page says of it. The same form sent twice is one command. */
export async function settleAudit(
  { audits, ...reader }: SettleParts,
  { id, form: sent }: SentForm,
): Promise<Refused | null> {
  const { choice, key, revision, onBehalfOf, ...fields } = readForm(formShape, sent);
  const { asked, party } = commandOf(reader.actor, id, { key, revision, onBehalfOf });
  const person = fields['person'];
  // What was rated of one says nothing of the others: whoever rates them has not decided upon it.
  const { seen: _seen, ...always } = asked;
  return unlessRefused({ ...reader, text: '', fields }, async () => {
    switch (choice) {
      case 'rate': {
        const body = bodyOf(rateBody, { person, ...ratingsIn(fields) });
        await auditSteps.rate.run(audits, { ...always, input: { id, ...body } });
        return;
      }
      case 'skip': {
        const body = bodyOf(skipBody, { person, reason: fields['reason'] });
        await auditSteps.skip.run(audits, { ...always, input: { id, ...body } });
        return;
      }
      case 'hold':
      case 'resume':
      case 'cancel':
        await auditSteps[choice].run(audits, { ...asked, input: { id, ...party } });
    }
  });
}
