/** What somebody's next digest would tell them, and why: `GET /people/{id}/digest-preview` as a page. */
import { html, raw } from 'hono/html';
import { type DigestPreview, previewDigest } from '../api/digests/preview-digest.ts';
import { directionOf } from '../locales/catalogue.ts';
import { taskPath } from '../locales/links.ts';
import { phraseHtml, type RenderValues } from '../locales/render.ts';
import { type Html, type Reader } from './html.ts';
import { facts } from './loop-page.ts';
import type { SitePage } from './site-page.ts';

export const previewPath = (person: string): string => `/digests/${person}`;

const say = ({ recipient }: Reader, key: string, values: RenderValues = {}): Html =>
  raw(phraseHtml(key, values, recipient));

export const digestPreviewPage: SitePage = {
  route: '/digests/:person',
  async show({ handoffs }, reader, { params }) {
    const input = { id: params['person'] ?? '' };
    const preview = await previewDigest(handoffs, { actor: reader.actor, input });
    const { person, sentences, items, more, hidden, wish, next, earlier } = preview;
    const title = say(reader, 'digest.preview.title', { name: person.name });
    return {
      title,
      body: html`<h1>${title}</h1>
        ${facts([
          [say(reader, 'preferences.every'), say(reader, `preferences.every_of.${wish.every}`)],
        ])}
        ${sentences.map((sentence) => html`<p>${sentence}</p>`)}
        ${next?.moved ? html`<p>${next.moved.sentence}</p>` : ''}
        <ol class="list">
          ${items.map((item) => shown(reader, item))}
        </ol>
        ${more > 0 ? html`<p>${say(reader, 'digest.more', { others: more })}</p>` : ''}
        ${hidden > 0 ? html`<p>${say(reader, 'digest.preview.hidden', { hidden })}</p>` : ''}
        ${earlier.length === 0 ? '' : before(reader, earlier)}`,
    };
  },
};

const shown = (reader: Reader, item: DigestPreview['items'][number]): Html =>
  html`<li>
    <a href="${taskPath(item.practice)}" lang="${item.locale}" dir="${directionOf(item.locale)}"
      >${item.title}</a
    >
    <ul class="muted" aria-label="${say(reader, 'digest.preview.why')}">
      ${item.reasons.map(({ sentence }) => html`<li>${sentence}</li>`)}
    </ul>
  </li>`;

const before = (reader: Reader, earlier: DigestPreview['earlier']): Html =>
  html`<h2>${say(reader, 'digest.preview.earlier')}</h2>
    <ul class="list">
      ${earlier.map(
        ({ dueAt, sentence }) =>
          html`<li>
            <time datetime="${dueAt}"
              >${say(reader, 'page.at', { at: { instant: Date.parse(dueAt) } })}</time
            ><br />${sentence}
          </li>`,
      )}
    </ul>`;
