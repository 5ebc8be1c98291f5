/** Whose mail is off and may be turned on by the reader: what `/me/mail-off` and `/people/{id}/mail/turn-on` do, as a page. */
import { html, raw } from 'hono/html';
import { z } from 'zod';
import { listMailOff } from '../api/channels/mail-off.ts';
import type { DirectoryParts } from '../api/directory/parts.ts';
import { mailOffPath } from '../locales/links.ts';
import { phraseHtml } from '../locales/render.ts';
import { type Html, instant, nameOf, type Reader } from './html.ts';
import { readForm } from './loop-form.ts';
import { facts, type SignedIn } from './loop-page.ts';
import { mailAddressField, turnOnFrom } from './mail-address.ts';
import { alarm, type Refused, unlessRefused } from './refused.ts';
import type { SitePage } from './site-page.ts';

const say = ({ recipient }: Reader, key: string): Html =>
  raw(phraseHtml(`preferences.${key}`, {}, recipient));

const formSchema = z.object({
  id: z.string().max(200),
  revision: z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number),
  address: z.string(),
});
type Item = Awaited<ReturnType<typeof listMailOff>>['items'][number];

export const mailOffPage: SitePage = {
  route: mailOffPath,
  async show({ handoffs }, reader, { refused }) {
    const { items } = await listMailOff(handoffs, reader);
    const title = say(reader, 'mail_off.title');
    return {
      title,
      body: html`<h1>${title}</h1>
        ${refused ? alarm(refused.problem) : ''}
        <p>${say(reader, `mail_off.${items.length === 0 ? 'none' : 'hint'}`)}</p>
        ${items.map((item) => shown(reader, item, refused))}`,
    };
  },
  async send({ handoffs, publicUrl }, reader, { form }) {
    const { id, revision, address } = readForm(formSchema, form);
    const { actor } = reader;
    const sent = { ...reader, publicUrl, text: '', fields: { id, address } };
    const asked = { actor, input: { id, address }, seen: revision };
    const refused = await unlessRefused(sent, () => turnOnFrom(handoffs, asked));
    return refused ?? mailOffPath;
  },
};

function shown(reader: Reader, { id, name, since, revision }: Item, refused: Refused | null): Html {
  const written = refused?.fields?.['id'] === id ? refused.fields['address'] : undefined;
  return html`<section class="step">
    <h2>${nameOf({ name })}</h2>
    ${facts([[say(reader, 'mail_off.since'), instant(reader, since)]])}
    <form method="post" action="${mailOffPath}">
      <input type="hidden" name="id" value="${id}" />
      <input type="hidden" name="revision" value="${revision}" />
      ${mailAddressField(reader, {
        id: `address-${id}`,
        label: 'mail_off.address',
        autocomplete: 'off',
        value: written,
      })}
    </form>
  </section>`;
}

/** On the first page of whoever can mend it, also where the message of it was somebody else's. */
export async function mailOffHint(
  parts: Pick<DirectoryParts, 'db'>,
  reader: SignedIn,
): Promise<Html | string> {
  const { items } = await listMailOff(parts, reader);
  if (items.length === 0) return '';
  return html`<p class="alarm">
    <a href="${mailOffPath}">${say(reader, 'mail_off.title')}</a>
  </p>`;
}
