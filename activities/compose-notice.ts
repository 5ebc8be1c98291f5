/** The words of a message, for its reader: of one, or of several that go out together. */
import type { BundledNotice } from '../db/bundles.ts';
import { channelOffKey } from '../db/channel-off.ts';
import type { Query } from '../db/client.ts';
import { type NamesRead, sentenceValues } from '../db/sentence-values.ts';
import { present } from '../domain/assert.ts';
import { unreachedKey } from '../domain/exchange/unreached.ts';
import { withoutValues } from '../domain/notice/without-values.ts';
import type { NoticeId } from '../domain/id.ts';
import { directionOf } from '../locales/catalogue.ts';
import {
  accountPath,
  budgetLinePath,
  mailOffPath,
  opportunityPath,
  taskPath,
  unreachedPath,
} from '../locales/links.ts';
import { phrase, phraseHtml, type Recipient, render, type Rendered } from '../locales/render.ts';
import type { Offers } from './offer-practices.ts';

export interface Words {
  readonly rendered: Rendered;
  /** Where its button leads. */
  readonly link: string;
}

export interface WordsOfParts extends Words {
  /** Languages of parts that are not in that of the whole. */
  readonly alsoIn: readonly string[];
  /** So many of the parts, the first among them, are not longer together than they may be. */
  readonly fitting: number;
}

/** Whoever read something in another language than their own is told of it in that. */
export const readingIn = <R extends Recipient>(
  recipient: R,
  { locale }: Pick<BundledNotice, 'locale'>,
): R => (locale === null ? recipient : { ...recipient, locale, direction: directionOf(locale) });

interface Writing {
  readonly recipient: Recipient;
  readonly publicUrl: string;
  /** Practices that may help, by the message that offers them. */
  readonly offers?: Offers;
  /** Where they were read already. */
  readonly names?: NamesRead | null;
  /** Of several together. */
  readonly textLengthMax?: number;
  /** Others than its reader may see it. */
  readonly isBrief?: boolean;
}

export async function wordsOf(
  query: Query,
  parts: readonly [BundledNotice, ...(readonly BundledNotice[])],
  { recipient, publicUrl, offers, names = null, textLengthMax = Infinity, isBrief }: Writing,
): Promise<WordsOfParts> {
  const sentences = parts.map(({ params }) => (isBrief ? withoutValues(params) : params));
  const values = await sentenceValues(query, sentences, names);
  const offered = await offerSections(query, { recipient, publicUrl, offers });
  const linkOf = (part: BundledNotice): string => `${publicUrl}${pathOf(part)}`;
  const sections = parts.map((part, index) => {
    const filled = present(values[index], 'the values of a message');
    const reader = readingIn(recipient, part);
    const { subject, ...told } = render(part.key, filled, reader);
    const own = isBrief ? briefly(recipient) : told;
    const more = offered.get(part.id);
    const text = more ? `${own.text}\n\n${more.text}` : own.text;
    const html = more ? `${own.html}\n${more.html}` : own.html;
    const title = phraseHtml(`${part.key}.subject`, filled, reader);
    const link = linkOf(part);
    const isForeign = reader.locale !== recipient.locale;
    const titled = inLanguage(`<h2>${title}</h2>\n${own.html}`, isForeign ? reader : null);
    return {
      subject,
      text: `${subject}\n\n${text}\n\n${link}`,
      html: [
        titled,
        ...(more ? [more.html] : []),
        `<p><a href="${encodeURI(link)}">${phraseHtml('message.button', {}, recipient)}</a></p>`,
      ].join('\n'),
      alone: { text, html },
    };
  });
  const [first, ...more] = sections;
  if (more.length === 0) {
    const { subject, alone } = present(first, 'the message');
    return { rendered: { subject, ...alone }, link: linkOf(parts[0]), alsoIn: [], fitting: 1 };
  }
  const languages = parts.map((part) => readingIn(recipient, part).locale);
  const { subject, text, html } = render('message.bundle', { messages: parts.length }, recipient);
  const texts = [text, ...sections.map((section) => section.text)];
  return {
    rendered: {
      subject,
      text: texts.join(betweenParts),
      html: [html, ...sections.map((section) => section.html)].join('\n'),
    },
    link: publicUrl,
    alsoIn: [...new Set(languages)].filter((locale) => locale !== recipient.locale),
    fitting: Math.max(1, fittingTexts(texts, textLengthMax) - 1),
  };
}

/** Where others than the reader may see it: what the rest of a message is read for. */
export const briefly = (recipient: Recipient): Omit<Rendered, 'subject'> => ({
  text: phrase('message.brief', {}, recipient),
  html: `<p>${phraseHtml('message.brief', {}, recipient)}</p>`,
});

/** Null: in that of all around it. */
const inLanguage = (html: string, reader: Recipient | null): string =>
  reader === null
    ? html
    : `<div lang="${reader.locale}" dir="${reader.direction}">\n${html}\n</div>`;

const betweenParts = '\n\n\n';

/** How many of them, from the first on, are within the length. */
function fittingTexts(texts: readonly string[], lengthMax: number): number {
  let length = -betweenParts.length;
  const isLonger = (text: string): boolean =>
    (length += betweenParts.length + text.length) > lengthMax;
  const first = texts.findIndex(isLonger);
  return first === -1 ? texts.length : first;
}

/** What may help with it, and where it is read; said to be in another language where it is. */
async function offerSections(
  query: Query,
  { recipient, publicUrl, offers = new Map() }: Writing,
): Promise<ReadonlyMap<NoticeId, { readonly text: string; readonly html: string }>> {
  const all = [...offers];
  const values = await sentenceValues(
    query,
    all.map(([, { content }]) => ({ title: { title: content } })),
  );
  return new Map(
    all.map(([notice, { practice, locale, isFallback }], index) => {
      const link = `${publicUrl}${taskPath(practice)}`;
      const language = { language: { language: locale } };
      const sentences = [
        ['practice.offered', present(values[index], 'the title of a practice')] as const,
        ...(isFallback ? [['digest.in_other_language', language] as const] : []),
      ];
      const lines = sentences.map(([key, filled]) => phrase(key, filled, recipient));
      const [title, ...more] = sentences.map(([key, filled]) => phraseHtml(key, filled, recipient));
      const linked = `<a href="${encodeURI(link)}">${title}</a>`;
      return [
        notice,
        { text: [...lines, link].join('\n'), html: `<p>${[linked, ...more].join('<br>\n')}</p>` },
      ];
    }),
  );
}

/** Of a loop that never began. Its account is what each of them may see; what asked for it is not everybody's. */
const aboutAccount: readonly string[] = ['cover.request_refused', 'rotation.offer_refused'];

/** To its loop, or to what it names that has a page of its own; nowhere in particular otherwise. */
function pathOf({ key, loopId, params }: BundledNotice): string {
  if (key === unreachedKey) return unreachedPath;
  if (key === channelOffKey) return mailOffPath;
  const { account } = params;
  if (aboutAccount.includes(key) && typeof account === 'object' && 'account' in account) {
    return accountPath(account.account);
  }
  if (loopId !== null) return taskPath(loopId);
  for (const value of Object.values(params)) {
    if (typeof value !== 'object') continue;
    if ('budgetLine' in value) return budgetLinePath(value.budgetLine);
    if ('opportunity' in value) return opportunityPath(value.opportunity);
  }
  return '';
}
