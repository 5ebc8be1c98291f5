/** Forms of those who look after a practice: they name who verifies it, hold it, resume it, withdraw it. */
import { html, raw } from 'hono/html';
import type { PracticeParts } from '../api/practices/parts.ts';
import type { Practice } from '../api/practices/present.ts';
import { expertBody, refusalBody, withdrawBody } from '../api/practices/schema.ts';
import { practiceSteps } from '../api/practices/take-step.ts';
import { practiceLimits, recallSeverities, sourceParts } from '../domain/exchange/practice.ts';
import { phraseHtml } from '../locales/render.ts';
import { type Html, nameOf, type Reader, say, words } from './html.ts';
import { bodyOf, type commandOf } from './loop-form.ts';
import { choiceButtons, loopForm } from './loop-page.ts';
import { inLanguage } from './practice-translation.ts';
import { type Kept, wordsField } from './read-back.ts';

export const careChoices = ['nameExpert', 'hold', 'resume', 'callBack', 'withdraw'] as const;
export type CareChoice = (typeof careChoices)[number];

export const isCareChoice = (choice: string): choice is CareChoice =>
  (careChoices as readonly string[]).includes(choice);

type Work = NonNullable<Practice['work']>;

/** What was filled in when a form was not taken. */
export function careForms(reader: Reader, practice: Practice, kept: Kept): Html | string {
  const { work } = practice;
  if (work === null) return '';
  const experts = work.duties.filter(({ candidates }) => candidates.length > 0);
  const { mayTake, mayCallBack } = work;
  if (experts.length + mayTake.length + mayCallBack.length === 0) return '';
  return html`<h2>${say(reader, 'practice.care')}</h2>
    ${experts.map((duty) => expertForm(reader, practice, duty))}
    ${mayTake.includes('resume') ? plainForm(reader, practice, 'resume') : ''}
    ${mayTake.includes('hold') ? plainForm(reader, practice, 'hold') : ''}
    ${mayCallBack.map((one) => callBackForm(reader, practice, { translation: one, kept }))}
    ${mayTake.includes('withdraw') ? withdrawForm(reader, practice, kept) : ''}`;
}

const choice = (reader: Reader, name: CareChoice) =>
  choiceButtons([
    { choice: name, label: say(reader, `practice.choice.${name}`), isQuiet: name !== 'resume' },
  ]);

function expertForm(
  reader: Reader,
  practice: Practice,
  { country, expert, candidates }: Work['duties'][number],
): Html {
  const id = `expert-${country}`;
  const where = { place: { country }, product: '' };
  const place = raw(phraseHtml('page.practice.where', where, reader.recipient));
  return html`<section class="step">
    ${loopForm(
      practice,
      null,
      html`<input type="hidden" name="country" value="${country}" />
        <label for="${id}">${say(reader, 'practice.expert')}: ${place}</label>
        <select id="${id}" name="person" required>
          ${candidates.map(
            (one) =>
              html`<option value="${one.id}" ${one.id === expert.id ? html`selected` : ''}>
                ${one.name}
              </option>`,
          )}
        </select>
        <p class="muted">${say(reader, 'practice.verified_by')} ${nameOf(expert)}</p>
        ${choice(reader, 'nameExpert')}`,
    )}
  </section>`;
}

const plainForm = (reader: Reader, practice: Practice, name: 'hold' | 'resume'): Html =>
  html`<section class="step">
    ${loopForm(
      practice,
      null,
      html`<p>${say(reader, `practice.${name}_hint`)}</p>
        ${choice(reader, name)}`,
    )}
  </section>`;

/** Nothing is chosen beforehand: how soon its readers hear of it hangs on it. */
const withdrawForm = (reader: Reader, practice: Practice, kept: Kept): Html =>
  html`<details class="step" ${kept['choice'] === 'withdraw' ? html`open` : ''}>
    <summary>${say(reader, 'practice.withdraw')}</summary>
    <p>${say(reader, 'practice.withdraw_hint')}</p>
    ${loopForm(
      practice,
      null,
      html`${graveness(reader, 'withdraw', kept['choice'] === 'withdraw' ? kept : {})}
      ${choice(reader, 'withdraw')}`,
    )}
  </details>`;

/** How serious it is, and why. */
const graveness = (reader: Reader, id: string, kept: Kept): Html =>
  html`<label for="${id}-severity">${say(reader, 'practice.severity')}</label>
    <select id="${id}-severity" name="severity" required>
      <option value="">${say(reader, 'please_choose')}</option>
      ${recallSeverities.map(
        (severity) =>
          html`<option value="${severity}" ${kept['severity'] === severity ? html`selected` : ''}>
            ${raw(phraseHtml(`practice.severity_of.${severity}`, {}, reader.recipient))}
          </option>`,
      )}
    </select>
    ${wordsField(reader, {
      id: `${id}-text`,
      name: 'text',
      label: 'practice.withdraw_reason',
      text: kept['text'] ?? '',
      lengthMax: practiceLimits.noteLengthMax,
      isRequired: true,
    })}`;

interface CallingBack {
  readonly translation: Work['mayCallBack'][number];
  readonly kept: Kept;
}

/** One each, with its words: also of one that another has replaced. */
function callBackForm(
  reader: Reader,
  practice: Practice,
  { translation: { locale, content, text }, kept }: CallingBack,
): Html {
  const isKept = kept['choice'] === 'callBack' && kept['content'] === content;
  const where = { place: { language: locale }, product: '' };
  return html`<details class="step" ${isKept ? html`open` : ''}>
    <summary>
      ${say(reader, 'practice.call_back')}:
      ${raw(phraseHtml('page.practice.where', where, reader.recipient))}
    </summary>
    <p>${say(reader, 'practice.call_back_hint')}</p>
    ${sourceParts.map((part) => (text?.[part] ? inLanguage({ locale }, words(text[part])) : ''))}
    ${loopForm(
      practice,
      null,
      html`<input type="hidden" name="locale" value="${locale}" />
        <input type="hidden" name="content" value="${content}" />
        ${graveness(reader, `call-back-${content}`, isKept ? kept : {})}
        ${choice(reader, 'callBack')}`,
    )}
  </details>`;
}

interface Care {
  readonly asked: ReturnType<typeof commandOf>['asked'];
  readonly id: string;
  readonly form: {
    readonly choice: CareChoice;
    readonly country?: string | undefined;
    readonly person?: string | undefined;
    readonly severity?: string | undefined;
    readonly locale?: string | undefined;
    readonly content?: string | undefined;
    readonly text: string;
  };
}

export async function takeCare(parts: PracticeParts, { asked, id, form }: Care): Promise<void> {
  const { choice, country, person, severity, text } = form;
  switch (choice) {
    case 'nameExpert': {
      const input = { id, ...bodyOf(expertBody, { country, person }) };
      await practiceSteps.nameExpert.run(parts, { ...asked, input });
      return;
    }
    case 'hold':
    case 'resume':
      await practiceSteps[choice].run(parts, { ...asked, input: { id } });
      return;
    case 'callBack': {
      const { locale, content } = form;
      const input = { id, ...bodyOf(refusalBody, { locale, content, severity, note: text }) };
      // Whatever happened meanwhile, what is wrong is called back.
      await practiceSteps.refuseTranslation.run(parts, { ...asked, seen: undefined, input });
      return;
    }
    case 'withdraw': {
      const input = { id, ...bodyOf(withdrawBody, { severity, text }) };
      // Whatever happened meanwhile, what is dangerous ends.
      await practiceSteps.withdraw.run(parts, { ...asked, seen: undefined, input });
    }
  }
}
