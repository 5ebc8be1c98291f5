/** What a page read in the pseudo-locale says that is not from the catalogues. */
import { pseudoClose, pseudoOpen } from '../../locales/pseudo.ts';

const sentence = new RegExp(`${pseudoOpen}[^${pseudoOpen}${pseudoClose}]*${pseudoClose}`, 'g');
/** What people wrote, and what is no language: names, their words, the product's own name. */
const values = [
  /<bdi>.*?<\/bdi>/gs,
  /(?<=<title>[^<]*)\u2068[^\u2069]*\u2069(?=[^<]*<\/title>)/g,
  /<(\w+) class="words"[^>]*>.*?<\/\1>/gs,
  /<textarea[^>]*>.*?<\/textarea>/gs,
  /<option class="name".*?<\/option>/gs,
  /<datalist[^>]*>.*?<\/datalist>/gs,
  /<text class="(?:hour|name)".*?<\/text>/gs,
  /<(style|script)\b.*?<\/\1>/gs,
  /\bMeridian\b/g,
];
const readAloud = /\s(?:aria-label|alt|placeholder|title)="([^"]*)"/g;

/** Every piece of hard-coded text; empty when all of the page is translated, but for these words of people. */
export function hardCoded(page: string, words: readonly string[] = []): readonly string[] {
  const own = values.reduce((rest, value) => rest.replaceAll(value, ' '), page);
  const attributes = [...own.matchAll(readAloud)].map(([, text = '']) => text);
  let said = [own.replaceAll(/<[^>]*>/g, '\n'), ...attributes]
    .join('\n')
    .replace(/&\w+;|&#\d+;/g, ' ');
  // A term stands in its own brackets within a sentence: from the inside outwards.
  for (let before = ''; before !== said;) [before, said] = [said, said.replaceAll(sentence, '')];
  return said
    .split('\n')
    .map((piece) => piece.replace(/^[:·\s]+|[:·\s]+$/g, ''))
    .filter((piece) => !words.includes(piece) && /\p{L}/u.test(piece));
}
