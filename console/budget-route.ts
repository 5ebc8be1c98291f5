/** What would become of a request for money: who decides, step by step, and where silence leads. */
import { html, raw } from 'hono/html';
import type { previewBudget } from '../api/budget-requests/preview-request.ts';
import { parseMoney } from '../domain/money.ts';
import { moneyText } from '../locales/money.ts';
import { phraseHtml } from '../locales/render.ts';
import { type Html, instant, nameOf, type Reader, say } from './html.ts';

export type Preview = Awaited<ReturnType<typeof previewBudget>>;

export const route = (reader: Reader, preview: Preview): Html =>
  html`<section>
    <h2>${say(reader, 'budget.deciders')}</h2>
    <p>${say(reader, 'budget_ask.previewed', { amount: inLine(reader, preview) })}</p>
    ${preview.isSplit ? html`<p>${split(reader)}</p>` : ''}
    <ol class="timeline">
      ${preview.steps.map((step) => html`<li>${stepOf(reader, step)}</li>`)}
    </ol>
    <h2>${say(reader, 'budget_ask.silence')}</h2>
    <ol class="timeline">
      ${preview.silence.map(
        ({ at, sentence }) =>
          html`<li>${sentence}<br /><span class="muted">${instant(reader, at)}</span></li>`,
      )}
    </ol>
  </section>`;

function inLine({ recipient }: Reader, { inLine: amount, lineCurrency }: Preview): string {
  const read = parseMoney(amount, lineCurrency);
  return read.ok ? moneyText(read.money, recipient.locale) : amount;
}

const split = ({ recipient }: Reader): Html =>
  raw(phraseHtml('budgetRequest.explain.split', {}, recipient));

type Step = Preview['steps'][number];

const stepOf = (reader: Reader, { needs, people, notAsked }: Step): Html =>
  html`${people.map(
      ({ person, why }, index) =>
        html`${index > 0 ? ' · ' : ''}${nameOf(person)}
        ${why === 'upward' ? say(reader, 'budget_ask.upward') : ''}`,
    )} <br /><span class="muted">
      ${needs === 0 ? say(reader, 'budget_ask.enough') : say(reader, 'budget.needed', { needs })}
      ${notAsked.map((sentence) => html`<br />${sentence}`)}
    </span>`;
