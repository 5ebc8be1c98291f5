/** Letters that no normal form takes apart, as people write them where only a to z are at hand. */
const plainLetters: Readonly<Record<string, string>> = {
  ı: 'i',
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
};
/** The other way some are written: Müller is Muller here and Mueller there. */
const doubledLetters: Readonly<Record<string, string>> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  å: 'aa',
  ø: 'oe',
};

const replaced = (text: string, letters: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\P{ASCII}/gu, (letter) => letters[letter] ?? letter);

/** Small letters without marks: `São` → `sao`. Scripts without a to z stay as they are. */
export const folded = (text: string): string =>
  replaced(text.toLowerCase().normalize('NFKD').replaceAll(/\p{M}/gu, ''), plainLetters);

/** Each way in which the text may have been written with a to z. */
export const foldings = (text: string): readonly string[] => [
  folded(text),
  folded(replaced(text.toLowerCase().normalize('NFC'), doubledLetters)),
];
