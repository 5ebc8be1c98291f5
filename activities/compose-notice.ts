/** The words of a message, for its reader: of one, or of several that go out together. */
import type { BundledNotice } from '../db/bundles.ts';
import type { Query } from '../db/client.ts';
import { sentenceValues } from '../db/sentence-values.ts';
import { present } from '../domain/assert.ts';
import { directionOf } from '../locales/catalogue.ts';
import { budgetLinePath, taskPath } from '../locales/links.ts';
import { phraseHtml, type Recipient, render, type Rendered } from '../locales/render.ts';

export interface Words {
  readonly rendered: Rendered;
  /** Where its button leads. */
  readonly link: string;
}

/** Whoever read something in another language than their own is told of it in that. */
export const readingIn = <R extends Recipient>(
  recipient: R,
  { locale }: Pick<BundledNotice, 'locale'>,
): R => (locale === null ? recipient : { ...recipient, locale, direction: directionOf(locale) });

export async function wordsOf(
  query: Query,
  parts: readonly [BundledNotice, ...(readonly BundledNotice[])],
  { recipient, publicUrl }: { readonly recipient: Recipient; readonly publicUrl: string },
): Promise<Words> {
  const values = await sentenceValues(
    query,
    parts.map(({ params }) => params),
  );
  const linkOf = (part: BundledNotice): string => `${publicUrl}${pathOf(part)}`;
  const sections = parts.map((part, index) => {
    const filled = present(values[index], 'the values of a message');
    const reader = readingIn(recipient, part);
    const { subject, text, html } = render(part.key, filled, reader);
    const title = phraseHtml(`${part.key}.subject`, filled, reader);
    const link = linkOf(part);
    return {
      subject,
      text: `${subject}\n\n${text}\n\n${link}`,
      html: `<h2>${title}</h2>\n${html}\n<p><a href="${encodeURI(link)}">${phraseHtml('message.button', {}, recipient)}</a></p>`,
      alone: { text, html },
    };
  });
  const [first, ...more] = sections;
  if (more.length === 0) {
    const { subject, alone } = present(first, 'the message');
    return { rendered: { subject, ...alone }, link: linkOf(parts[0]) };
  }
  const { subject, text, html } = render('message.bundle', { messages: parts.length }, recipient);
  return {
    rendered: {
      subject,
      text: [text, ...sections.map((section) => section.text)].join('\n\n\n'),
      html: [html, ...sections.map((section) => section.html)].join('\n'),
    },
    link: publicUrl,
  };
}

/** To its loop, or to the budget line that it names; nowhere in particular otherwise. */
function pathOf({ loopId, params }: BundledNotice): string {
  if (loopId !== null) return taskPath(loopId);
  const line = Object.values(params).find(
    (value) => typeof value === 'object' && 'budgetLine' in value,
  );
  return typeof line === 'object' && 'budgetLine' in line ? budgetLinePath(line.budgetLine) : '';
}
