/** Text that others wrote, as one line of a header: no line ends, no tricks with direction, of bounded length. */

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
/** A family of emoji has eleven; more than this is a pile of marks that no reader needs. */
const codePointsPerLetterMax = 32;
/** Embeddings and overrides reach beyond their text; isolates, which we write ourselves, do not. */
const directionTricks = /[\u202A-\u202E]/gu;

/** Cut between what a reader sees as letters. */
export function oneLine(text: string, lettersMax: number): string {
  const line = text
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(directionTricks, '');
  const letters: string[] = [];
  for (const { segment } of graphemes.segment(line)) {
    if (letters.length === lettersMax) return `${letters.slice(0, -1).join('')}…`;
    letters.push(Array.from(segment).slice(0, codePointsPerLetterMax).join(''));
  }
  return letters.join('');
}

const addressLengthMax = 254;

/** Exactly one address (RFC 5321, 4.5.3.1): never a list, a group, a name or anything of a command. */
export const isOneAddress = (address: string): boolean =>
  address.length <= addressLengthMax &&
  /^[^\s\p{C}@,;:<>()[\]"\\]+@[^\s\p{C}@,;:<>()[\]"\\]+$/u.test(address);
