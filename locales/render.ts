/** The only way to make text that a person reads; who reads it is an argument, never ambient. */
import type { HourCycle } from '../domain/people/preferences.ts';
import { directionOf, localeByDefault, matchLocale, translate } from './catalogue.ts';
import { holidayName } from './holiday-name.ts';
import { codeName } from './code-name.ts';
import { dayName, utcOffset, wallClock, zoneName } from './instant.ts';
import { plainMoney } from './money.ts';

export interface Recipient {
  readonly locale: string;
  readonly zone: string;
  readonly direction: 'ltr' | 'rtl';
  /** Their own choice of a clock of 12 or 24 hours; absent, as the language has it. */
  readonly hourCycle?: HourCycle | null | undefined;
}

/** A reader as found, with where their language is from. */
export interface FoundRecipient extends Recipient {
  readonly localeFrom: 'person' | 'region' | 'default';
}

/**
 * A string is somebody's word: isolated and escaped. A term is a word of the catalogue, by its key.
 * `alsoZone`: the clock of another person beside the reader's, where it differs, under `alsoName`.
 */
export type RenderValue =
  | string
  | number
  | { readonly term: string }
  /** A sentence within a text; its own values are isolated in it. */
  | { readonly sentence: string; readonly values: RenderValues }
  | { readonly day: string }
  /** ISO 3166-1, and a language by its locale. */
  | { readonly country: string }
  | { readonly language: string }
  | { readonly money: { readonly minor: string; readonly currency: string } }
  /** What has a name of its own in some languages. */
  | { readonly name: string; readonly names: Readonly<Record<string, string>> }
  | ShownInstant;
interface ShownInstant {
  readonly instant: number;
  readonly alsoZone?: string;
  readonly alsoName?: string;
}
export type RenderValues = Readonly<Record<string, RenderValue>>;

export interface Rendered {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** The person's language, else their region's, else English. */
export function recipientFor(reader: {
  readonly locale: string | null;
  readonly regionLocale?: string | null;
  readonly zone: string;
  readonly hourCycle?: HourCycle | null | undefined;
}): FoundRecipient {
  const { zone, hourCycle } = reader;
  const found = (locale: string, localeFrom: FoundRecipient['localeFrom']): FoundRecipient => ({
    locale,
    zone,
    direction: directionOf(locale),
    ...(hourCycle && { hourCycle }),
    localeFrom,
  });
  const own = matchLocale(reader.locale);
  if (own) return found(own, 'person');
  const regional = matchLocale(reader.regionLocale ?? null);
  return regional ? found(regional, 'region') : found(localeByDefault(), 'default');
}

/** One sentence or a few, as plain text. */
export const phrase = (key: string, values: RenderValues, recipient: Recipient): string =>
  fill(key, showOnce(values, recipient), recipient, asText);

/** The same for HTML: markup in values is shown, not obeyed. */
export const phraseHtml = (key: string, values: RenderValues, recipient: Recipient): string =>
  fill(key, showOnce(values, recipient), recipient, asHtml);

/** A message: `<key>.subject` and `<key>.body`, whose paragraphs an empty line divides. */
export function render(key: string, values: RenderValues, recipient: Recipient): Rendered {
  const shown = showOnce(values, recipient);
  const paragraphs = fill(`${key}.body`, shown, recipient, asHtml).split('\n\n');
  return {
    subject: fill(`${key}.subject`, shown, recipient, asLine),
    text: fill(`${key}.body`, shown, recipient, asText),
    html: paragraphs.map((paragraph) => `<p>${paragraph}</p>`).join('\n'),
  };
}

/** How a text is written down: its own words, the values in it, and what is in another language. */
interface Form {
  words(text: string): string;
  value(value: string, recipient: Recipient): string;
  foreign(text: string, locale: string): string;
}

/** FIRST STRONG ISOLATE … POP DIRECTIONAL ISOLATE (Unicode UAX #9). */
const isolated = (value: string): string => `\u2068${value}\u2069`;

const asText: Form = {
  words: (text) => text,
  value: isolated,
  foreign: isolated,
};

const asHtml: Form = {
  words: (text) => escapeHtml(text),
  value: (value) => `<bdi>${escapeHtml(value)}</bdi>`,
  foreign: (text, locale) => `<span lang="${locale}" dir="${directionOf(locale)}">${text}</span>`,
};

const rightToLeft = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;

/** Subjects are also sorted and searched: isolated only where the direction differs. */
const asLine: Form = {
  words: (text) => text.replace(/\s+/g, ' '),
  value: (value, { direction }) =>
    direction === 'rtl' || rightToLeft.test(value) ? isolated(value) : value,
  foreign: (text) => text,
};

const openMark = '\uE000';
const closeMark = '\uE001';
const mark = /\uE000([^\uE001]*)\uE001/g;

/** What the values read like for one reader. */
interface Shown {
  /** For the translation: numbers as they are, and a mark in the place of everything else. */
  readonly marks: Readonly<Record<string, string | number>>;
  value(name: string): string;
}

/** Dates cost more than the rest of a message together, and a message says most of them twice. */
function showOnce(values: RenderValues, recipient: Recipient): Shown {
  const kept = new Map<string, string>();
  const show = (name: string): string => {
    const value = values[name] ?? '';
    if (typeof value !== 'object') return clean(String(value));
    if ('sentence' in value) return phrase(value.sentence, value.values, recipient);
    if ('term' in value) return translate(recipient.locale, value.term, {}).text;
    if ('day' in value) return dayName(value.day, recipient.locale);
    if ('country' in value) return codeName('region', value.country, recipient.locale);
    if ('language' in value) return codeName('language', value.language, recipient.locale);
    if ('money' in value) return amountText(value.money, recipient);
    if ('names' in value) return clean(nameFor(value, recipient.locale));
    return instantText(value, recipient);
  };
  return {
    marks: Object.fromEntries(
      Object.entries(values)
        // Stored values can lack what the type promises: not there, as if it was never named.
        .filter(([, value]) => !isNothing(value))
        .map(([name, value]) => [
          name,
          typeof value === 'number' ? value : `${openMark}${name}${closeMark}`,
        ]),
    ),
    value(name) {
      const text = kept.get(name) ?? show(name);
      kept.set(name, text);
      return text;
    },
  };
}

const amountText = (
  { minor, currency }: { readonly minor: string; readonly currency: string },
  { locale }: Recipient,
): string => plainMoney({ minor: BigInt(minor), currency }, locale);

const isNothing = (value: unknown): boolean => value === null || value === undefined;

export const nameFor = (named: Parameters<typeof holidayName>[0], locale: string): string =>
  holidayName(named, locale, (key) => translate(locale, key, {}).text);

/**
 * Translates with marks in the place of values and puts the values in afterwards, so that nothing a
 * person wrote is ever read as a template or as markup.
 */
function fill(key: string, shown: Shown, recipient: Recipient, form: Form): string {
  const { text, locale } = translate(recipient.locale, key, shown.marks);
  const filled = form
    .words(text)
    .replace(mark, (_, name: string) => form.value(shown.value(name), recipient));
  return locale === recipient.locale ? filled : form.foreign(filled, locale);
}

function instantText(
  { instant, alsoZone, alsoName }: ShownInstant,
  { locale, zone, hourCycle }: Recipient,
): string {
  const own = {
    when: wallClock(instant, zone, { locale, hourCycle }),
    zone: zoneName(instant, zone, locale),
    offset: utcOffset(instant, zone),
  };
  if (alsoZone === undefined || utcOffset(instant, alsoZone) === own.offset) {
    return translate(locale, 'message.time', own).text;
  }
  const other = alsoName === undefined ? zoneName(instant, alsoZone, locale) : clean(alsoName);
  const both = { ...own, otherWhen: wallClock(instant, alsoZone, { locale, hourCycle }) };
  return translate(locale, 'message.two_times', {
    ...both,
    other: `${openMark}${closeMark}`,
  }).text.replace(mark, () => isolated(other));
}

const valueLengthMax = 300;
/** No script stacks more; beyond it, marks are there to cover the lines around. */
const marksInRowMax = 8;
const marksBeyond = new RegExp(`(\\p{M}{${marksInRowMax}})\\p{M}+`, 'gu');

/** Controls, bidirectional overrides and our own marks have no place in somebody's name. */
function clean(value: string): string {
  const plain = value
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069\uE000-\uE002]+/gu, ' ')
    .replace(marksBeyond, '$1')
    .trim();
  if (plain.length <= valueLengthMax) return plain;
  // Never through the middle of a letter that takes two code units.
  return `${plain.slice(0, valueLengthMax - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (letter) => entities[letter] ?? '');
