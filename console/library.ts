/** Where practices are looked for: what `GET /practices` answers, with a form that only asks. */
import { html, raw } from 'hono/html';
import { findPractices, type FoundShown } from '../api/exchange/search-practices.ts';
import type { PracticeParts } from '../api/practices/parts.ts';
import { practiceOperations } from '../api/practices/routes.ts';
import { searchQuery, wordsLengthMax } from '../api/exchange/schema.ts';
import { practiceKinds } from '../domain/exchange/practice.ts';
import { competencies } from '../domain/people/competency.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { directionOf } from '../locales/catalogue.ts';
import { practicesPath, taskPath } from '../locales/links.ts';
import { phraseHtml, type RenderValues } from '../locales/render.ts';
import { balancePath } from './exchange-balance.ts';
import { previewPath } from './digest-preview.ts';
import { type Html, type Reader, say as sayPage } from './html.ts';
import { writePath } from './practice-write.ts';
import { recognitionPath } from './navigation.ts';
import type { SignedIn } from './loop-page.ts';
import type { SitePage } from './site-page.ts';
import { translationsPath } from './translation-figures.ts';

const say = ({ recipient }: Reader, key: string, values: RenderValues = {}): Html =>
  raw(phraseHtml(`exchange.search.${key}`, values, recipient));
const competencyName = ({ recipient }: Reader, key: string): Html =>
  raw(phraseHtml(`competency.name.${key}`, {}, recipient));

/** Pages about the exchange as a whole. */
const ways = [
  [balancePath, 'exchange.balance.title'],
  [recognitionPath, 'exchange.recognition.title'],
  [translationsPath, 'exchange.translations.title'],
] as const;

const ownShownMax = 5;

type Asked = Readonly<Record<string, string | undefined>>;
const fields = ['q', 'kind', 'competency', 'product', 'country'] as const;

export const libraryPage: SitePage = {
  route: practicesPath,
  async show({ handoffs, practices }, reader, { query }) {
    // A field that was left empty asks for nothing.
    const given = Object.fromEntries(
      Object.entries(query).filter(([, value]) => value !== undefined && value.trim() !== ''),
    );
    const asked = searchQuery.safeParse(given);
    if (!asked.success) throw new Refusal(problem('request.invalid'));
    const found = await findPractices(handoffs, { actor: reader.actor, input: asked.data });
    const title = say(reader, 'title');
    return {
      title,
      body: html`<h1>${title}</h1>
        <p>${say(reader, 'hint')}</p>
        ${await own(practices, reader)}
        <p>
          <a href="${writePath}">${sayPage(reader, 'practice.write.title')}</a>
        </p>
        ${form(reader, given)}
        ${
          found.items.length === 0
            ? html`<p role="status">${say(reader, 'none')}</p>`
            : html`<ul class="list">
                ${found.items.map((item) => one(reader, item))}
              </ul>`
        }
        ${found.next === null ? '' : more(reader, given, found.next)}
        <p>
          <a href="${previewPath(reader.actor.id)}">${say(reader, 'digest')}</a>
          ${ways.map(
            ([path, key]) =>
              html` · <a href="${path}">${raw(phraseHtml(key, {}, reader.recipient))}</a>`,
          )}
        </p>`,
    };
  },
};

/** The newest, drafts among them; nobody else finds those. */
async function own(practices: PracticeParts, reader: SignedIn): Promise<Html | string> {
  const input = { queue: 'mine', limit: ownShownMax } as const;
  const { items } = await practiceOperations.queue.run(practices, { actor: reader.actor, input });
  if (items.length === 0) return '';
  return html`<h2>${say(reader, 'own')}</h2>
    <ul class="list">
      ${items.map(
        ({ id, title, locale, status }) =>
          html`<li>
            <a href="${taskPath(id)}" lang="${locale}" dir="${directionOf(locale)}">${title}</a
            ><br /><span class="muted">${sayPage(reader, `practice.status_of.${status}`)}</span>
          </li>`,
      )}
    </ul>`;
}

const choice = (reader: Reader, name: string, options: readonly Html[]): Html =>
  html`<label for="${name}">${say(reader, name)}</label>
    <select id="${name}" name="${name}">
      <option value="">${say(reader, 'any')}</option>
      ${options}
    </select>`;

const option = (value: string, label: Html, chosen: string | undefined): Html =>
  html`<option value="${value}" ${value === chosen ? html`selected` : ''}>${label}</option>`;

const form = (reader: Reader, asked: Asked): Html =>
  html`<form method="get" action="${practicesPath}" class="step" role="search">
    <label for="q">${say(reader, 'words')}</label>
    <input
      id="q"
      name="q"
      type="search"
      maxlength="${wordsLengthMax}"
      value="${asked['q'] ?? ''}"
      dir="auto"
    />
    ${choice(
      reader,
      'kind',
      practiceKinds.map((kind) => option(kind, say(reader, `kind_of.${kind}`), asked['kind'])),
    )}
    ${choice(
      reader,
      'competency',
      competencies.map((key) => option(key, competencyName(reader, key), asked['competency'])),
    )}
    <label for="product">${say(reader, 'product')}</label>
    <input id="product" name="product" maxlength="63" value="${asked['product'] ?? ''}" />
    <label for="country">${say(reader, 'country')}</label>
    <input
      id="country"
      name="country"
      maxlength="2"
      pattern="[A-Z]{2}"
      value="${asked['country'] ?? ''}"
    />
    <div class="choices"><button>${say(reader, 'find')}</button></div>
  </form>`;

const one = (reader: Reader, item: FoundShown['items'][number]): Html =>
  html`<li>
    <a href="${taskPath(item.id)}" lang="${item.locale}" dir="${directionOf(item.locale)}"
      >${item.title}</a
    ><br />
    <span class="muted"
      >${say(reader, `kind_of.${item.kind}`)} · ${competencyName(reader, item.competency)} ·
      ${item.products.map((product) => html`<bdi>${product}</bdi> `)}
      ${
        item.isFallback
          ? html`· ${say(reader, 'in_language', { language: { language: item.locale } })}`
          : ''
      }</span
    >
  </li>`;

function more(reader: Reader, asked: Asked, cursor: string): Html {
  const kept = fields.flatMap((name): [string, string][] => {
    const value = asked[name];
    return value === undefined ? [] : [[name, value]];
  });
  const query = new URLSearchParams([...kept, ['cursor', cursor]]);
  return html`<p><a href="${practicesPath}?${query.toString()}">${sayPage(reader, 'more')}</a></p>`;
}
