/** Text on pages: sentences of the catalogue, and the words of people, which are never obeyed. */
import { html, raw } from 'hono/html';
import { phrase, phraseHtml, type Recipient, type RenderValues } from '../locales/render.ts';

export type Html = ReturnType<typeof html>;

export interface Reader {
  readonly recipient: Recipient;
}

/** A sentence of `page.json`, already escaped. */
export const say = ({ recipient }: Reader, key: string, values: RenderValues = {}): Html =>
  raw(phraseHtml(`page.${key}`, values, recipient));

/** The same where markup cannot be, such as in an attribute; escaped where it is put. */
export const text = ({ recipient }: Reader, key: string, values: RenderValues = {}): string =>
  phrase(`page.${key}`, values, recipient);

/** Isolated, since a name may be written the other way than the sentence around it. */
export const nameOf = (named: { readonly name: string }): Html => html`<bdi>${named.name}</bdi>`;

/** From the one to the other, as the reader's lines run. */
export const passes = (
  { recipient }: Reader,
  from: { readonly name: string },
  to: { readonly name: string },
): Html => html`${nameOf(from)} ${recipient.direction === 'rtl' ? '←' : '→'} ${nameOf(to)}`;

/** As they wrote it, line by line, in whichever direction it reads. */
export const words = (text: string): Html => html`<p class="words" dir="auto">${text}</p>`;

/** On the reader's clock, and as data for programs. */
export const instant = (reader: Reader, iso: string): Html =>
  html`<time datetime="${iso}">${say(reader, 'at', { at: { instant: Date.parse(iso) } })}</time>`;

/** Of a table that stands in rows of its own on a phone, where each says what its column is. */
export const cell = (label: string, content: Html | string): Html =>
  html`<td data-label="${label}"><span>${content}</span></td>`;

/** An amount of money, whose digits stay together. */
export const amountOf = (amount: string): Html => html`<span class="amount">${amount}</span>`;
