/** The only way to make text that a person reads; who reads it is an argument, never ambient. */
import { fallbackLocale, matchLocale, translate } from './catalogue.ts';
import { utcOffset, wallClock, zoneName } from './instant.ts';

export interface Recipient {
  readonly locale: string;
  readonly zone: string;
  readonly direction: 'ltr' | 'rtl';
}

/** A string is somebody's word: isolated and escaped. `alsoZone`: another person's clock beside it. */
export type RenderValue =
  | string
  | number
  | { readonly instant: number; readonly alsoZone?: string };
export type RenderValues = Readonly<Record<string, RenderValue>>;

export interface Rendered {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const rightToLeft = ['ar', 'fa', 'he', 'ur'];

/** The person's language, else their region's, else English. */
export function recipientFor(reader: {
  readonly locale: string | null;
  readonly regionLocale?: string | null;
  readonly zone: string;
}): Recipient {
  const locale =
    matchLocale(reader.locale) ?? matchLocale(reader.regionLocale ?? null) ?? fallbackLocale;
  const isRightToLeft = rightToLeft.includes(locale.split('-')[0] ?? '');
  return { locale, zone: reader.zone, direction: isRightToLeft ? 'rtl' : 'ltr' };
}

/** One sentence or a few, as plain text. */
export const phrase = (key: string, values: RenderValues, recipient: Recipient): string =>
  fill(key, values, recipient, (value) => isolated(value));

/** The same for HTML: markup in values is shown, not obeyed. */
export const phraseHtml = (key: string, values: RenderValues, recipient: Recipient): string =>
  fill(key, values, recipient, (value) => `<bdi>${escapeHtml(value)}</bdi>`, escapeHtml);

/** A message: `<key>.subject` and `<key>.body`, whose paragraphs an empty line divides. */
export function render(key: string, values: RenderValues, recipient: Recipient): Rendered {
  const body = phraseHtml(`${key}.body`, values, recipient);
  const paragraphs = body.split('\n\n').map((paragraph) => `<p>${paragraph}</p>`);
  return {
    subject: fill(`${key}.subject`, values, recipient, (value) => value),
    text: phrase(`${key}.body`, values, recipient),
    html: paragraphs.join('\n'),
  };
}

const openMark = '\uE000';
const closeMark = '\uE001';
const mark = /\uE000([^\uE001]*)\uE001/g;

/**
 * Translates with marks in the place of values and puts the values in afterwards, so that nothing a
 * person wrote is ever read as a template or as markup.
 */
function fill(
  key: string,
  values: RenderValues,
  recipient: Recipient,
  show: (value: string) => string,
  escapeText: (text: string) => string = (text) => text,
): string {
  const t = translate(recipient.locale);
  const marks = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'number' ? value : `${openMark}${name}${closeMark}`,
    ]),
  );
  const translated = t(key, marks);
  return escapeText(translated).replace(mark, (_, name: string) => {
    const value = values[name];
    return value === undefined ? '' : show(valueText(value, recipient));
  });
}

function valueText(value: RenderValue, recipient: Recipient): string {
  if (typeof value === 'object') return instantText(value, recipient);
  return typeof value === 'number' ? String(value) : clean(value);
}

function instantText(
  { instant, alsoZone }: { readonly instant: number; readonly alsoZone?: string },
  { locale, zone }: Recipient,
): string {
  const parts = {
    when: wallClock(instant, zone, locale),
    zone: zoneName(instant, zone, locale),
    offset: utcOffset(instant, zone),
  };
  const isOther = alsoZone !== undefined && utcOffset(instant, alsoZone) !== parts.offset;
  const t = translate(locale);
  if (!isOther) return t('message.time', parts);
  return t('message.two_times', { ...parts, otherWhen: wallClock(instant, alsoZone, locale) });
}

/** FIRST STRONG ISOLATE … POP DIRECTIONAL ISOLATE (Unicode UAX #9). */
const isolated = (value: string): string => `\u2068${value}\u2069`;

const valueLengthMax = 300;

/** Controls, bidirectional overrides and our own marks have no place in somebody's name. */
const clean = (value: string): string =>
  value
    .replace(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069\uE000\uE001]+/gu, ' ')
    .trim()
    .slice(0, valueLengthMax);

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (letter) => entities[letter] ?? '');
