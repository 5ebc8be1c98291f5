/**
 * A language nobody speaks, made from English: accented, some 40 % longer, between brackets. On a page
 * read in it, a text without brackets is not from the catalogues, and a tight box overflows.
 */

/** `XA`: of the codes that ISO 3166-1 leaves to its users, the one customary for this purpose. */
export const pseudoLocale = 'en-XA';
export const [pseudoOpen, pseudoClose] = ['⟦', '⟧'] as const;

const plain = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const accented = 'áƀçðéƒĝĥíĵķļɱñóþɋŕšţúṽŵẋýžÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽ'.split('');
const letters: ReadonlyMap<string, string> = new Map(
  plain.split('').map((letter, at) => [letter, accented[at] ?? letter]),
);

export type Tree = string | readonly Tree[] | { readonly [key: string]: Tree };

/** Doubled, these make a text as much longer as a language can be, and its words too. */
const disguise = (letter: string): string =>
  (letters.get(letter) ?? letter).repeat(/[aeiouns]/i.test(letter) ? 2 : 1);

/** What is filled in later stays as it is. */
export function pseudoText(text: string): string {
  const said = text.replace(/\{\{[^}]*\}\}|[a-z]/gi, (part) =>
    part.length === 1 ? disguise(part) : part,
  );
  return `${pseudoOpen}${said}${pseudoClose}`;
}

/** The same keys, and so the same plural forms. */
export function pseudoTree(tree: Tree): Tree {
  if (typeof tree === 'string') return pseudoText(tree);
  if (Array.isArray(tree)) return (tree as readonly Tree[]).map(pseudoTree);
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, pseudoTree(value)]));
}
