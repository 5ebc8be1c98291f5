/** Whom its reader is asked to tell in person that something was called back: what `/me/unreached-recalls` does, as a page. */
import { html } from 'hono/html';
import { z } from 'zod';
import { listUnreached, tellUnreached } from '../api/practices/unreached.ts';
import type { PracticeParts } from '../api/practices/parts.ts';
import { unreachedPath } from '../locales/links.ts';
import { type Html, instant, nameOf, type Reader, say } from './html.ts';
import { readForm } from './loop-form.ts';
import { choiceButtons, facts, type SignedIn } from './loop-page.ts';
import { inLanguage } from './practice-translation.ts';
import { alarm, unlessRefused } from './refused.ts';
import type { SitePage } from './site-page.ts';

const formSchema = z.object({ id: z.uuid() });
type Item = Awaited<ReturnType<typeof listUnreached>>['items'][number];

export const unreachedPage: SitePage = {
  route: unreachedPath,
  async show({ practices }, reader, { refused }) {
    const { items } = await listUnreached(practices, reader);
    const title = say(reader, 'unreached.title');
    return {
      title,
      body: html`<h1>${title}</h1>
        ${refused ? alarm(refused.problem) : ''}
        <p>${say(reader, `unreached.${items.length === 0 ? 'none' : 'hint'}`)}</p>
        ${items.map((item) => shown(reader, item))}`,
    };
  },
  async send({ practices, publicUrl }, reader, { form }) {
    const { id } = readForm(formSchema, form);
    const asked = { actor: reader.actor, input: { id } };
    const refused = await unlessRefused({ ...reader, publicUrl, text: '' }, async () => {
      await tellUnreached(practices, asked);
    });
    return refused ?? unreachedPath;
  },
};

const shown = (reader: Reader, { id, person, title, locale, since }: Item): Html =>
  html`<section class="step">
    <h2>${nameOf(person)}</h2>
    ${facts([
      [say(reader, 'practice.practice'), inLanguage({ locale }, html`<bdi>${title}</bdi>`)],
      [say(reader, 'unreached.since'), instant(reader, since)],
    ])}
    <form method="post" action="${unreachedPath}">
      <input type="hidden" name="id" value="${id}" />
      ${choiceButtons([{ choice: 'told', label: say(reader, 'unreached.told') }])}
    </form>
  </section>`;

/** On the first page, before all else: patients are concerned. */
export async function unreachedHint(
  parts: Pick<PracticeParts, 'db'>,
  reader: SignedIn,
): Promise<Html | string> {
  const { items } = await listUnreached(parts, reader);
  if (items.length === 0) return '';
  return html`<p class="alarm">
    <a href="${unreachedPath}">${say(reader, 'unreached.title')}</a>
  </p>`;
}
