/** A practice as its readers see it, with the form of their verdict, and as those who work on it do. */
import { html } from 'hono/html';
import type { PracticeParts } from '../api/practices/parts.ts';
import type { Practice } from '../api/practices/present.ts';
import { readPractice } from '../api/practices/read-practice.ts';
import { practiceLimits, sourceParts, verdicts } from '../domain/exchange/practice.ts';
import { taskPath } from '../locales/links.ts';
import { phraseHtml } from '../locales/render.ts';
import { raw } from 'hono/html';
import { commentsSaid } from './comments.ts';
import { type Html, instant, nameOf, type Reader, say, words } from './html.ts';
import type { Kept } from './read-back.ts';
import { hiddenFields, readersSteps, type ReadersStep, stepTitle } from './loop-form.ts';
import { careForms } from './practice-care.ts';
import { choicesOf, placeOf } from './practice-form.ts';
import {
  inLanguage,
  ownTranslations,
  proposalForm,
  type ShownTranslation,
  translated,
  translationFields,
} from './practice-translation.ts';
import { flagBoxes } from './flag-boxes.ts';
import { previewPath } from './practice-preview.ts';
import { rewritePath } from './practice-write.ts';
import { alarm, type Refused } from './refused.ts';
import { facts, type Shown, type SignedIn, statusFact, writtenTimeline } from './loop-page.ts';

export { settlePractice } from './practice-form.ts';

export async function showPractice(
  parts: PracticeParts,
  { actor, recipient }: SignedIn,
  { id, refused }: { readonly id: string; readonly refused: Refused | null },
): Promise<Shown> {
  const practice = await readPractice(parts, { actor, input: { id } });
  const reader = { recipient };
  const isOpen = !practice.isHeld && practice.status !== 'withdrawn';
  const steps = isOpen ? await readersSteps(parts.db, actor, id) : [];
  const said = practice.work === null ? '' : await commentsSaid(parts, { actor, recipient }, id);
  const kept = refused?.fields ?? {};
  // Words of a withdrawal or a recall belong into its own form alone.
  const isOwn = kept['choice'] === 'withdraw' || kept['choice'] === 'callBack';
  const text = isOwn ? '' : (refused?.text ?? '');
  return {
    subject: practice.title,
    isOnlyRead: practice.work === null,
    body: html`<h1>${say(reader, 'practice.practice')}: ${titleOf(practice)}</h1>
      ${refused ? alarm(refused.problem) : ''} ${notesOn(reader, practice)}
      ${factsOf(reader, practice)}
      ${steps.map((step) => taskForm(reader, practice, { step, text, kept }))}
      ${isOpen && practice.isMine && practice.status === 'draft' ? submitForm(reader, practice, refused) : ''}
      ${isOpen && practice.isMine ? changeLink(reader, practice) : ''}
      ${isOpen && practice.work !== null ? previewLink(reader, practice) : ''}
      ${texts(reader, practice)}
      ${isOpen && practice.mayJudge ? verdictForm(reader, practice, text) : ''}
      ${reports(reader, practice)} ${work(reader, practice)} ${ownTranslations(reader, practice)}
      ${isOpen && practice.status !== 'draft' ? proposalForm(reader, practice, kept) : ''}
      ${careForms(reader, practice, kept)} ${said}`,
  };
}

const titleOf = (practice: Practice): Html =>
  inLanguage(practice, nameOf({ name: practice.title }));

function notesOn(reader: Reader, { status, recall, isFallback, locale }: Practice): Html | string {
  if (status === 'withdrawn') {
    const severity =
      recall && raw(phraseHtml(`practice.severity_of.${recall.severity}`, {}, reader.recipient));
    return html`<p class="alarm" role="status">
      ${say(reader, 'practice.gone')} ${severity ?? ''}
    </p>`;
  }
  return isFallback
    ? html`<p class="muted">
        ${say(reader, 'practice.fallback', { language: { language: locale } })}
      </p>`
    : '';
}

const factsOf = (reader: Reader, practice: Practice): Html =>
  facts([
    statusFact(reader, practice, say(reader, `practice.status_of.${practice.status}`)),
    [say(reader, 'practice.kind'), say(reader, `practice.kind_of.${practice.kind}`)],
    [
      say(reader, 'practice.competency'),
      raw(phraseHtml(`competency.name.${practice.competency}`, {}, reader.recipient)),
    ],
    [
      say(reader, 'practice.author'),
      practice.author === null ? say(reader, 'practice.not_named') : nameOf(practice.author),
    ],
  ]);

const term = ({ recipient }: Reader, key: string): Html =>
  raw(phraseHtml(`practice.${key}`, {}, recipient));

function texts(reader: Reader, practice: Practice): Html | string {
  const { text } = practice;
  if (text === null) return '';
  const shown = sourceParts.filter((part) => part !== 'title' && text[part] !== '');
  return html`${shown.map(
    (part) =>
      html`<h2>${say(reader, `practice.part.${part}`)}</h2>
        ${inLanguage(practice, words(text[part]))}`,
  )}
  ${
    text.note === null
      ? ''
      : html`<h2>${say(reader, 'practice.note')}</h2>
          ${words(text.note)}`
  }`;
}

const context = (reader: Reader, id: string, { label, text, lengthMax }: Words): Html =>
  html`<label for="${id}">${say(reader, label)}</label>
    <textarea id="${id}" name="text" rows="2" dir="auto" maxlength="${lengthMax}">
${text}</textarea>`;

interface Words {
  readonly label: string;
  readonly text: string;
  readonly lengthMax: number;
}

const verdictForm = (reader: Reader, practice: Practice, text: string): Html =>
  html`<section class="step">
    <form method="post" action="${taskPath(practice.id)}">
      ${hiddenFields(practice, null)}
      <input type="hidden" name="choice" value="judge" />
      <fieldset>
        <legend><h2>${say(reader, 'practice.your_verdict')}</h2></legend>
        ${verdicts.map(
          (verdict) =>
            html`<label class="choice"
              ><input
                type="radio"
                name="verdict"
                value="${verdict}"
                required
                ${practice.myVerdict === verdict ? html`checked` : ''}
              />
              ${term(reader, `verdict_of.${verdict}`)}</label
            >`,
        )}
      </fieldset>
      ${context(reader, 'verdict-text', {
        label: 'practice.context',
        text,
        lengthMax: practiceLimits.verdictLengthMax,
      })}
      <div class="choices"><button>${say(reader, 'practice.send')}</button></div>
    </form>
  </section>`;

const changeLink = (reader: Reader, { id }: Practice): Html =>
  html`<p><a href="${rewritePath(id)}">${say(reader, 'practice.write.change')}</a></p>`;

const previewLink = (reader: Reader, { id }: Practice): Html =>
  html`<p><a href="${previewPath(id)}">${say(reader, 'practice.preview.title')}</a></p>`;

const submitForm = (reader: Reader, practice: Practice, refused: Refused | null): Html =>
  html`<form method="post" action="${taskPath(practice.id)}">
    ${hiddenFields(practice, null)} ${flagBoxes(reader, refused)}
    <div class="choices">
      <button name="choice" value="submit">${say(reader, 'practice.choice.submit')}</button>
    </div>
  </form>`;

interface Asked {
  readonly step: ReadersStep;
  readonly text: string;
  readonly kept: Kept;
}

/** One form for each that is asked: where, of which version, and what the reader makes of it. */
function taskForm(reader: Reader, practice: Practice, { step, text, kept }: Asked): Html {
  const { kind } = step;
  const { country, product, locale } = placeOf(kind);
  // What is in force is nobody's task; what waits beside it is.
  const translation = practice.work?.translations.find(
    (one) => one.locale === locale && one.status !== 'approved',
  );
  return html`<section class="step">
    <h2>
      ${stepTitle(reader, step)} ·
      ${raw(phraseHtml('page.practice.where', whereOf({ country, product, locale }), reader.recipient))}
    </h2>
    ${translation?.text ? translated(reader, translation) : ''}
    <form method="post" action="${taskPath(practice.id)}">
      ${hiddenFields(practice, null)}
      <input type="hidden" name="task" value="${kind}" />
      <input type="hidden" name="version" value="${practice.version}" />
      ${translation ? translationForm(reader, practice, { translation, kept }) : ''}
      ${context(reader, `text-${kind}`, {
        label: 'practice.reason',
        text,
        lengthMax: practiceLimits.noteLengthMax,
      })}
      <div class="choices">
        ${choicesOf(kind).map(
          (choice, index) =>
            html`<button name="choice" value="${choice}" class="${index === 0 ? '' : 'quiet'}">
              ${say(reader, `practice.choice.${choice}`)}
            </button>`,
        )}
      </div>
    </form>
  </section>`;
}

interface Translating {
  readonly translation: ShownTranslation;
  readonly kept: Kept;
}

/** Which text is decided upon; a machine's in fields, to be made better before it is proposed. */
const translationForm = (
  reader: Reader,
  { text: source, sourceLocale }: Practice,
  { translation: { locale, status, content, text }, kept }: Translating,
): Html =>
  html`<input type="hidden" name="content" value="${content ?? ''}" /> ${
      status === 'machine' && source !== null
        ? translationFields(reader, {
            id: `checked-${locale}`,
            locale,
            text: kept['locale'] === locale ? kept : (text ?? {}),
            source: { text: source, locale: sourceLocale },
          })
        : ''
    }`;

const whereOf = ({ country, product, locale }: ReturnType<typeof placeOf>) => ({
  place: locale ? { language: locale } : { country: country ?? '' },
  product: product ?? '',
});

const reports = (reader: Reader, { reports: said, status }: Practice): Html | string =>
  status === 'withdrawn' || status === 'draft'
    ? ''
    : html`<h2>${say(reader, 'practice.reports')}</h2>
        ${
          said.sentences.length === 0
            ? html`<p class="muted">${say(reader, 'practice.no_reports')}</p>`
            : html`<ul class="timeline">
                ${said.reasons.map((reason) => html`<li>${reason}</li>`)}
                ${said.sentences.map(
                  ({ verdict, region, text, isOfText, at }) =>
                    html`<li>
                      ${nameOf(region)}: ${term(reader, `verdict_of.${verdict}`)}<br /><span
                        class="muted"
                        >${instant(reader, at)}
                        ${isOfText ? '' : html`· ${say(reader, 'practice.earlier_text')}`}</span
                      >
                      ${text === null ? '' : words(text)}
                    </li>`,
                )}
              </ul>`
        }`;

function work(reader: Reader, practice: Practice): Html | string {
  const shown = practice.work;
  if (shown === null) return '';
  const country = (code: string) =>
    phraseHtml('page.practice.where', whereOf({ country: code }), reader.recipient);
  return html`<h2>${say(reader, 'practice.reviews')}</h2>
    <ul class="timeline">
      ${shown.clearances.map(
        ({ country: code, product, clinical, compliance }) =>
          html`<li>
            ${raw(phraseHtml('page.practice.where', whereOf({ country: code, product }), reader.recipient))}<br /><span
              class="muted"
              >${term(reader, 'review_of.clinical')}:
              ${say(reader, `practice.review_status_of.${clinical}`)} ·
              ${term(reader, 'review_of.compliance')}:
              ${say(reader, `practice.review_status_of.${compliance}`)}</span
            >
          </li>`,
      )}
      ${shown.duties.map(
        ({ country: code, expert, dueAt }) =>
          html`<li>
            ${raw(country(code))}: ${say(reader, 'practice.verified_by')} ${nameOf(expert)}<br /><span
              class="muted"
              >${say(reader, 'practice.verified_until')} ${instant(reader, dueAt)}</span
            >
          </li>`,
      )}
    </ul>
    ${
      shown.translations.length === 0
        ? ''
        : html`<h2>${say(reader, 'practice.translations')}</h2>
            <ul class="timeline">
              ${shown.translations.map(
                ({ locale, status }) =>
                  html`<li>
                    ${raw(phraseHtml('page.practice.where', whereOf({ locale }), reader.recipient))}:
                    ${say(reader, `practice.translation_status_of.${status}`)}
                  </li>`,
              )}
            </ul>`
    }
    ${writtenTimeline(reader, shown.timeline)}`;
}
