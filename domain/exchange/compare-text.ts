/** What a translation must not change: numbers with signs and units, and the words that the glossary locks. */
import { type Amount, amountsIn } from './numbers.ts';
import { type SourcePart, sourceParts, type TranslatedText } from './practice.ts';

export const termKinds = ['device', 'indication', 'unit'] as const;
export type TermKind = (typeof termKinds)[number];

export interface LockedTerm {
  readonly kind: TermKind;
  /** By language, `*` for every other. */
  readonly forms: Readonly<Record<string, string>>;
}

export const differenceCodes = ['number', 'term', 'order'] as const;

export interface Difference {
  /** `order` alone may be right: languages order their words, and whoever reads both decides. */
  readonly code: (typeof differenceCodes)[number];
  readonly part: SourcePart;
  /** As the source has it; of a number that is only in the translation, as that has it. */
  readonly expected: string;
}

interface InLocale {
  readonly text: TranslatedText;
  readonly locale: string;
}

/** Part by part, in the order of the source; empty where a translation says what its source says. */
export function differences(
  source: InLocale,
  target: InLocale,
  terms: readonly LockedTerm[],
): readonly Difference[] {
  return sourceParts.flatMap((part): Difference[] => [
    ...numberDifferences(
      amountsIn(source.text[part], source.locale),
      amountsIn(inUnitsOf(source, target, { part, terms }), target.locale),
    ).map((expected) => ({ code: 'number' as const, part, expected })),
    ...terms.flatMap((term): Difference[] => {
      const [wanted, form] = [formIn(term, source.locale), formIn(term, target.locale)];
      if (wanted === null || form === null) return [];
      const [theirs, ours] = [source.text[part], target.text[part]];
      const isKept =
        term.kind === 'unit'
          ? !holds(theirs, wanted) || holds(ours, form)
          : countOf(theirs, wanted) === countOf(ours, form);
      return isKept ? [] : [{ code: 'term', part, expected: form }];
    }),
    ...orderDifference(part, { source, target }, terms),
  ]);
}

interface PartOf {
  readonly part: SourcePart;
  readonly terms: readonly LockedTerm[];
}

/** The target's part with each locked unit after a number as the source writes it: `8 Ch` is `8 Fr`. */
const inUnitsOf = (source: InLocale, target: InLocale, { part, terms }: PartOf): string =>
  terms.reduce((text, term) => {
    const [wanted, form] = [formIn(term, source.locale), formIn(term, target.locale)];
    if (term.kind !== 'unit' || wanted === null || form === null || wanted === form) return text;
    const end = unspaced.test(form) ? '' : `(?!${letter}|\\p{M})`;
    const pattern = new RegExp(`(\\p{Nd}[\\s-]?)${escaped(form)}${end}`, 'giu');
    return text.replace(pattern, (_all, number: string) => `${number}${wanted}`);
  }, target.text[part]);

/** A translation with one of these is not approved. */
export const isWrong = ({ code }: Difference): boolean => code !== 'order';

/** Devices that change places in a part: what is said of one may be said of the other. */
function orderDifference(
  part: SourcePart,
  { source, target }: { readonly source: InLocale; readonly target: InLocale },
  terms: readonly LockedTerm[],
): readonly Difference[] {
  const devices = terms.filter(({ kind }) => kind === 'device');
  const first = ({ text, locale }: InLocale, device: LockedTerm): number => {
    const form = formIn(device, locale);
    return form === null ? -1 : folded(text[part]).indexOf(folded(form));
  };
  const both = devices.filter((one) => first(source, one) >= 0 && first(target, one) >= 0);
  const [theirs, ours] = [source, target].map((text) =>
    both.toSorted((a, b) => first(text, a) - first(text, b)),
  ) as [LockedTerm[], LockedTerm[]];
  if (theirs.every((one, nth) => one === ours[nth])) return [];
  const expected = theirs.map((one) => formIn(one, source.locale)).join(', ');
  return [{ code: 'order', part, expected }];
}

export interface ForeignForm {
  readonly part: SourcePart;
  readonly found: string;
  readonly expected: string;
}

/** Locked words that a source writes as another language does: in its translations they would be lost. */
export function foreignForms(
  { text, locale }: InLocale,
  terms: readonly LockedTerm[],
): readonly ForeignForm[] {
  return terms.flatMap((term) => {
    const expected = formIn(term, locale);
    if (expected === null) return [];
    const others = Object.values(term.forms).filter((form) => !holds(expected, form));
    return sourceParts.flatMap((part) =>
      others
        .filter((form) => isWordIn(withoutForm(text[part], expected), form))
        .map((found) => ({ part, found, expected })),
    );
  });
}

/** A longer form of its own may hold another's. */
const withoutForm = (text: string, form: string): string =>
  folded(text).replaceAll(folded(form), '\n');

const isWordIn = (text: string, form: string): boolean => {
  const word = escaped(folded(form));
  // Scripts without spaces have no borders of words to look at, and are one beside other letters.
  const pattern = unspaced.test(form) ? word : `(?<!${letter})${word}(?!${letter})`;
  return new RegExp(pattern, 'u').test(text);
};
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
const letter = `(?!${unspaced.source})\\p{L}`;

const shown = ({ value, unit, per, comparison }: Amount): string =>
  [
    `${comparison ?? ''}${value}`,
    ...(unit === null ? [] : [unit]),
    ...(per ? [`/ ${per}`] : []),
  ].join(' ');

/** A sign for more or less may be words in the other text; words alone are for whoever reads both. */
function isSame(a: Amount, b: Amount): boolean {
  if (a.value !== b.value || a.unit !== b.unit) return false;
  // “Daily” is not read: what one text writes the other may say.
  if (a.per !== null && b.per !== null && a.per !== b.per) return false;
  if (a.comparison === b.comparison) return true;
  return a.comparison === null
    ? b.comparison !== null && a.said.includes(b.comparison)
    : b.comparison === null && b.said.includes(a.comparison);
}

/** Each number as often as in the source: the order of a sentence is that of its language. */
function numberDifferences(
  source: readonly Amount[],
  target: readonly Amount[],
): readonly string[] {
  const left = [...target];
  const takes = (amount: Amount, isOne: (one: Amount) => boolean): boolean => {
    const at = left.findIndex((one) => isSame(amount, one) && isOne(one));
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  };
  const exact = source.filter(
    (amount) => !takes(amount, ({ comparison }) => comparison === amount.comparison),
  );
  // What had a sign for it first: words may belong to another number as well.
  const missing = exact.filter((amount) => !takes(amount, () => true));
  return [...missing, ...left].map(shown);
}

const formIn = ({ forms }: LockedTerm, locale: string): string | null =>
  forms[locale] ?? forms['*'] ?? null;

const folded = (text: string): string => text.normalize('NFKC').toLowerCase();

const escaped = (word: string): string => word.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');

const holds = (text: string, form: string): boolean => folded(text).includes(folded(form));

/** How often a name stands there; with the endings and prefixes that languages give it. */
function countOf(text: string, form: string): number {
  const name = escaped(folded(form));
  const pattern = /^\p{Script=Latin}/u.test(form) ? `(?<!\\p{Script=Latin})${name}` : name;
  return [...folded(text).matchAll(new RegExp(pattern, 'gu'))].length;
}
