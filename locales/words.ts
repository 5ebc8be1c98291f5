/** Texts of people in a message: shown, never obeyed, in whichever direction they read. */
import { directionOf } from './catalogue.ts';
import { escapeHtml } from './render.ts';

/** Controls and overrides of direction: what is left are letters, marks and spaces. */
const tricks = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069\uE000-\uE002]+/gu;
/** No script stacks more; beyond it, marks are there to cover the lines around. */
const marksBeyond = /(\p{M}{8})\p{M}+/gu;

/** One paragraph, on one line. */
const plain = (text: string): string =>
  text.toWellFormed().replace(tricks, ' ').replace(marksBeyond, '$1').trim();

/** Where an empty line divides them. */
export const paragraphsOf = (text: string): readonly string[] =>
  text
    .split(/\n\s*\n/u)
    .map(plain)
    .filter((paragraph) => paragraph !== '');

/** Within FIRST STRONG ISOLATE … POP DIRECTIONAL ISOLATE (Unicode UAX #9). */
export const wordsText = (text: string): string => `\u2068${plain(text)}\u2069`;

export const wordsHtml = (tag: 'h2' | 'p', text: string, locale: string): string =>
  `<${tag} lang="${escapeHtml(locale)}" dir="${directionOf(locale)}">${escapeHtml(plain(text))}</${tag}>`;
