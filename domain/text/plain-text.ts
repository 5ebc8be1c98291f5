/**
 * Text as the rules read it, whatever it was dressed up as: full-width forms, accents, invisible
 * characters, letters of other alphabets that look alike, and letters drawn apart.
 */

export interface Skeleton {
  /** Letters and digits alone. */
  readonly letters: string;
  /** By letter: whether a word, or a character of a script without spaces, begins there. */
  isStart(index: number): boolean;
  /** By letter: its place in the plain text. */
  placeOf(index: number): number;
}

/** Zeros of the digits that are not ASCII once compatibility forms are: Arabic, Persian, Devanagari. */
const zeros = [0x0660, 0x06f0, 0x0966] as const;

/** Small letters, compatibility forms undone, every digit an ASCII one. */
export const plain = (text: string): string => undressed(text).toLowerCase();

/** The same in the letters that it was written in. */
export const undressed = (text: string): string =>
  text.normalize('NFKC').replace(/[٠-٩۰-۹०-९]/g, (digit) => {
    const code = digit.charCodeAt(0);
    const zero = zeros.find((first) => code >= first && code <= first + 9) ?? code;
    return String(code - zero);
  });

/** What looks like a Latin letter and is none (Unicode TR 39, the ones that keyboards have). */
const lookAlikes = new Map(
  Object.entries({
    а: 'a', // Cyrillic from here on
    в: 'b',
    е: 'e',
    ѕ: 's',
    і: 'i',
    ј: 'j',
    к: 'k',
    м: 'm',
    н: 'h',
    о: 'o',
    р: 'p',
    с: 'c',
    т: 't',
    у: 'y',
    х: 'x',
    ԁ: 'd',
    ӏ: 'l',
    α: 'a', // Greek from here on
    β: 'b',
    ε: 'e',
    ι: 'i',
    κ: 'k',
    ν: 'v',
    ο: 'o',
    ρ: 'p',
    τ: 't',
    υ: 'u',
    χ: 'x',
    ı: 'i',
    ł: 'l',
    ø: 'o',
    '0': 'o',
    '1': 'l',
  }),
);

const letter = /[\p{L}\p{N}]/u;
const mark = /\p{M}/u;
const invisible = /\p{Cf}/u;
/** Written without spaces between words, so that any character may begin one. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

/** Marks that make another letter of the one before: vowels of Indic scripts, voicing of kana. */
const isPartOfLetter = (code: number): boolean =>
  (code >= 0x0900 && code <= 0x0dff && code !== 0x093c) || code === 0x3099 || code === 0x309a;

/** What one character comes to: its letters as they are compared, or why it is none. */
interface Read {
  readonly letters: string;
  /** By letter: whether a word may begin there, if one has not just gone on. */
  readonly mayStart: readonly boolean[];
  readonly parts: boolean;
  readonly isUnspaced: boolean;
}

function readCharacter(character: string): Read {
  let letters = '';
  let parts = false;
  const mayStart: boolean[] = [];
  for (const piece of character.normalize('NFD')) {
    const isMark = mark.test(piece);
    if (isMark ? isPartOfLetter(piece.charCodeAt(0)) : letter.test(piece)) {
      const shown = lookAlikes.get(piece) ?? piece;
      letters += shown;
      for (let unit = 0; unit < shown.length; unit++) mayStart.push(unit === 0 && !isMark);
    } else if (!isMark && !invisible.test(piece)) parts = true;
  }
  return { letters, mayStart, parts, isUnspaced: unspaced.test(character) };
}

/** Of a plain text. One pass; what is none of letter, mark and invisible parts words. */
export function skeletonOf(text: string): Skeleton {
  const known = new Map<string, Read>();
  const places: number[] = [];
  const starts: boolean[] = [];
  let letters = '';
  let isParted = true;
  let place = 0;
  for (const character of text) {
    let read = known.get(character);
    if (read === undefined) known.set(character, (read = readCharacter(character)));
    for (const mayStart of read.mayStart) {
      places.push(place);
      starts.push(mayStart && (isParted || read.isUnspaced));
      isParted = false;
    }
    letters += read.letters;
    isParted ||= read.parts;
    place += character.length;
  }
  return {
    letters,
    isStart: (index) => starts[index] ?? false,
    placeOf: (index) => places[index] ?? 0,
  };
}
