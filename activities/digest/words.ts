/** The words of a digest, for its reader: what they may read now, item by item, each with its reasons. */
import type { Transaction } from 'kysely';
import { readContents } from '../../db/contents.ts';
import { frozenDigest, type FrozenDigest, type ItemMade, settleItems } from '../../db/digests.ts';
import { type Delivered, recordDeliveries } from '../../db/practice-deliveries.ts';
import type { DB } from '../../db/schema.ts';
import { sentenceValues } from '../../db/sentence-values.ts';
import { present } from '../../domain/assert.ts';
import type { Reason } from '../../domain/digest/choose.ts';
import { reasonSentence } from '../../domain/digest/explain.ts';
import type { SourceText, TranslatedText } from '../../domain/exchange/practice.ts';
import type { NoticeId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';
import { digestKey } from '../../locales/digest.ts';
import { practicesPath, taskPath } from '../../locales/links.ts';
import { excerpt, readingMinutes } from '../../locales/reading.ts';
import {
  phrase,
  phraseHtml,
  type Recipient,
  render,
  type RenderValues,
} from '../../locales/render.ts';
import { paragraphsOf, wordsHtml, wordsText } from '../../locales/words.ts';
import type { Words } from '../compose-notice.ts';

/** F17: an item is read between two visits. */
export const itemMinutesMax = 2;

interface Making {
  readonly notice: NoticeId;
  readonly recipient: Recipient;
  readonly publicUrl: string;
  readonly at: Instant;
  /** Characters that the channel shows; all, where it shows all. */
  readonly textLengthMax?: number | undefined;
}

/** How much is told of each item. */
interface Share {
  readonly minutesMax: number;
  readonly reasonsMax: number;
}

/** Where a chat shows less: shorter beginnings, at last titles with one reason. No item is left out. */
const shares: readonly [Share, ...(readonly Share[])] = [
  { minutesMax: itemMinutesMax, reasonsMax: Infinity },
  { minutesMax: 1, reasonsMax: Infinity },
  { minutesMax: 0.5, reasonsMax: Infinity },
  { minutesMax: 0.25, reasonsMax: 1 },
  { minutesMax: 0, reasonsMax: 1 },
];

/** Why there is nothing to send. */
export type Nothing = 'digest_empty' | 'digests_ended';

/**
 * In the transaction that freezes the bytes: what it holds and what a recall will find are one. What is
 * not read by them any more is left out.
 */
export async function digestWords(
  tx: Transaction<DB>,
  { notice, recipient, publicUrl, at, textLengthMax = Infinity }: Making,
): Promise<Words | Nothing> {
  const digest = present(await frozenDigest(tx, notice), 'the digest of a message');
  if (digest.isEnded) return 'digests_ended';
  const { person, items } = digest;
  const practices = items.map(({ practice }) => practice);
  const read = await recordDeliveries(tx, { practices, person, via: 'digest', at });
  const made = items.map(({ practice }): ItemMade => {
    const text = read.get(practice);
    return text
      ? { practice, version: text.version, locale: text.locale, leftOut: null }
      : { practice, version: null, locale: null, leftOut: 'not_readable' };
  });
  await settleItems(tx, digest.id, made);
  const told = items.flatMap((item) => {
    const text = read.get(item.practice);
    return text ? [{ ...item, text }] : [];
  });
  if (told.length === 0) return 'digest_empty';
  const bodies = await readContents(
    tx,
    told.flatMap(({ text }) => [text.content, text.source]),
  );
  const reasons = told.map((item) => item.reasons);
  const values = await reasonValues(tx, reasons.flat());
  const things = told.map(({ practice, text, reasons: why }) => {
    const body = bodies.get(text.content)?.body as TranslatedText | null | undefined;
    const source = bodies.get(text.source)?.body as SourceText | null | undefined;
    const note = (text.country !== null && source?.notes[text.country]) || null;
    const link = `${publicUrl}${taskPath(practice)}`;
    const item = { text, body: present(body ?? undefined, 'the text of a practice'), note, link };
    return { item, why };
  });
  const wordsBy = (share: Share): Words => {
    const sections = things.map(({ item, why }) =>
      section(item, recipient, { why: why.slice(0, share.reasonsMax), values, share }),
    );
    return framed(digest, sections, { recipient, publicUrl });
  };
  let words = wordsBy(shares[0]);
  for (const share of shares.slice(1)) {
    if (words.rendered.text.length <= textLengthMax) break;
    words = wordsBy(share);
  }
  return words;
}

/** Of each reason, what fills its sentence. */
async function reasonValues(
  tx: Transaction<DB>,
  reasons: readonly Reason[],
): Promise<ReadonlyMap<string, RenderValues>> {
  const sentences = reasons.map(reasonSentence);
  const values = await sentenceValues(
    tx,
    sentences.map(({ params }) => params),
  );
  return new Map(reasons.map((reason, index) => [JSON.stringify(reason), values[index] ?? {}]));
}

interface Section {
  readonly text: string;
  readonly html: string;
}

interface Told {
  readonly text: Delivered;
  readonly body: TranslatedText;
  /** For the reader's country. */
  readonly note: string | null;
  readonly link: string;
}

interface Why {
  readonly why: readonly Reason[];
  readonly values: ReadonlyMap<string, RenderValues>;
  readonly share: Share;
}

interface Paragraph {
  readonly words: string;
  readonly locale: string;
}

/** Of texts in turn, what can be read in time; where one is cut, nothing of the next is told. */
function readable(
  texts: readonly Paragraph[],
  minutes: number,
): { readonly shown: readonly Paragraph[]; readonly isCut: boolean } {
  if (minutes <= 0) return { shown: [], isCut: true };
  const shown: Paragraph[] = [];
  let left = minutes;
  for (const { words, locale } of texts) {
    const { paragraphs, isCut } = excerpt(paragraphsOf(words), { locale, minutesMax: left });
    shown.push(...paragraphs.map((paragraph) => ({ words: paragraph, locale })));
    if (isCut) return { shown, isCut };
    left -= paragraphs.reduce((sum, paragraph) => sum + readingMinutes(paragraph, locale), 0);
  }
  return { shown, isCut: false };
}

/** What limits it comes first: for whom it is, and what holds in the reader's country. */
function section(
  { text, body, note, link }: Told,
  recipient: Recipient,
  { why, values, share: { minutesMax } }: Why,
): Section {
  const { locale, isFallback, sourceLocale } = text;
  const { indication, situation, action, result } = body;
  const texts = [
    { words: indication, locale },
    { words: note ?? '', locale: sourceLocale },
    ...[situation, action, result].map((words) => ({ words, locale })),
  ];
  const minutes = minutesMax - readingMinutes(body.title, locale);
  const { shown, isCut } = readable(texts, minutes);
  const sentences: readonly (readonly [string, RenderValues])[] = [
    ...(isFallback
      ? [['digest.in_other_language', { language: { language: locale } }] as const]
      : []),
    ...(isCut && shown.length > 0 ? [['digest.cut', {}] as const] : []),
    ...why.map((reason) => {
      const { key } = reasonSentence(reason);
      return [key, values.get(JSON.stringify(reason)) ?? {}] as const;
    }),
  ];
  const href = encodeURI(link);
  return {
    text: [
      wordsText(body.title),
      ...shown.map(({ words }) => wordsText(words)),
      sentences.map(([key, filled]) => phrase(key, filled, recipient)).join('\n'),
      link,
    ].join('\n\n'),
    html: [
      wordsHtml('h2', body.title, locale),
      ...shown.map(({ words, locale: of }) => wordsHtml('p', words, of)),
      `<p><small>${sentences.map(([key, filled]) => phraseHtml(key, filled, recipient)).join('<br>\n')}</small></p>`,
      `<p><a href="${href}">${phraseHtml('digest.read_on', {}, recipient)}</a></p>`,
    ].join('\n'),
  };
}

function framed(
  { more }: FrozenDigest,
  sections: readonly Section[],
  { recipient, publicUrl }: { readonly recipient: Recipient; readonly publicUrl: string },
): Words {
  const values = { items: sections.length };
  const { subject, text, html } = render(digestKey, values, recipient);
  const others = more > 0 ? [['digest.more', { others: more }] as const] : [];
  return {
    link: `${publicUrl}${practicesPath}`,
    rendered: {
      subject,
      text: [
        text,
        ...sections.map((one) => one.text),
        ...others.map(([key, filled]) => phrase(key, filled, recipient)),
      ].join('\n\n\n'),
      html: [
        html,
        ...sections.map((one) => one.html),
        ...others.map(([key, filled]) => `<p>${phraseHtml(key, filled, recipient)}</p>`),
      ].join('\n'),
    },
  };
}
