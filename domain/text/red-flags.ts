/**
 * What a text should perhaps not say: use outside the approved label, payments above what a region
 * allows, data of patients. It warns; whoever writes decides. Time grows with the text alone.
 */
import { plain, skeletonOf, type Skeleton } from './plain-text.ts';
import {
  currencies,
  identifierDigitsMinByDefault,
  multipliers,
  patientWords,
  paymentsAboveByDefault,
  type RedFlagCode,
  redFlagCodes,
  termsByLocale,
} from './red-flag-terms.ts';
import { searchFor, type Search } from './term-search.ts';

export interface RedFlagRules {
  readonly terms: Readonly<Record<RedFlagCode, readonly string[]>>;
  /** By currency (ISO 4217), in its own units; `*` is for every other. */
  readonly paymentsAbove: Readonly<Record<string, number>>;
  /** Digits of a number that could be that of a person. */
  readonly identifierDigitsMin: number;
}

export interface TextAt {
  /** Such as `actions[2].text`. */
  readonly place: string;
  readonly text: string;
}

export interface RedFlag {
  readonly code: RedFlagCode;
  readonly place: string;
}

/** How it is named by whoever acknowledges it: `off_label:summary`. */
export const flagName = ({ code, place }: RedFlag): string => `${code}:${place}`;

const termsOf = (code: RedFlagCode): readonly string[] =>
  Object.values(termsByLocale).flatMap((terms) => terms[code]);

export const redFlagRulesByDefault: RedFlagRules = {
  terms: {
    off_label: termsOf('off_label'),
    payment: termsOf('payment'),
    patient_data: termsOf('patient_data'),
  },
  paymentsAbove: paymentsAboveByDefault,
  identifierDigitsMin: identifierDigitsMinByDefault,
};

/** Each code once a place, in the order of the places. */
export type RedFlagCheck = (texts: readonly TextAt[]) => readonly RedFlag[];

export function redFlagCheck(rules: RedFlagRules): RedFlagCheck {
  const terms = redFlagCodes.flatMap((code) => rules.terms[code].map((term) => ({ code, term })));
  const search = searchFor(terms.map(({ term }) => lettersOf(term)));
  const patients = searchFor(patientWords.map(lettersOf));
  return (texts) =>
    texts.flatMap(({ place, text }) => {
      const read = plain(text);
      const skeleton = skeletonOf(read);
      const codes = new Set(
        search(skeleton.letters, skeleton.isStart).flatMap(({ term }) => terms[term]?.code ?? []),
      );
      const numbers = numbersIn(read);
      if (numbers.some((number) => isPayment(read, number, rules))) codes.add('payment');
      if (isPatientNumber({ skeleton, patients, numbers, rules })) codes.add('patient_data');
      return redFlagCodes.filter((code) => codes.has(code)).map((code) => ({ code, place }));
    });
}

const lettersOf = (term: string): string => skeletonOf(plain(term)).letters;

interface NumberAt {
  readonly digits: string;
  readonly from: number;
  readonly until: number;
}

/** Groups of digits with one character between them: an amount, a date, a number of somebody. */
const numbersIn = (text: string): readonly NumberAt[] =>
  [...text.matchAll(/\d+(?:[.,'’٫٬ \-/]\d+)*/g)].map(({ 0: digits, index }) => ({
    digits,
    from: index,
    until: index + digits.length,
  }));

const amountLengthMax = 30;
const besideMax = 14;

function isPayment(text: string, { digits, from, until }: NumberAt, rules: RedFlagRules): boolean {
  if (digits.length > amountLengthMax || /[-/]/.test(digits)) return false;
  const before = wordsOf(text.slice(Math.max(0, from - besideMax), from));
  const after = wordsOf(text.slice(until, until + besideMax));
  const factor = factorOf.get(after[0] ?? '');
  const beside = [before.at(-1), ...(factor === undefined ? after.slice(0, 1) : after.slice(0, 2))];
  const currency = beside.flatMap((word) => currencyOf.get(word ?? '') ?? [])[0];
  if (currency === undefined) return false;
  const above = rules.paymentsAbove[currency] ?? rules.paymentsAbove['*'] ?? Infinity;
  return amountOf(digits) * (factor ?? 1) > above;
}

const factorOf = new Map(
  Object.entries(multipliers).map(([name, factor]) => [plain(name), factor] as const),
);

const currencyOf = new Map(
  Object.entries(currencies).flatMap(([code, names]) =>
    names.map((name) => [plain(name), code] as const),
  ),
);

/** Letters together, or signs together: `5万円` is a factor and a currency, `r$` one sign. */
const wordsOf = (text: string): readonly string[] =>
  text.match(
    /r\$|us\$|\p{Sc}|[万億亿만억]|人民币|[美欧]?元|円|원|달러|유로|ドル|ユーロ|[\p{L}\p{M}]+\.?/gu,
  ) ?? [];

/** `1.234,50` and `1,234.50` alike: one or two digits after the last mark are a fraction. */
function amountOf(digits: string): number {
  const [, whole = digits, fraction = ''] = /^(.*)[.,٫](\d{1,2})$/.exec(digits) ?? [];
  return Number(`${whole.replace(/\D/g, '')}.${fraction}`);
}

/** As far apart as a sentence has them. */
const nearMax = 60;

interface PatientQuestion {
  readonly skeleton: Skeleton;
  readonly patients: Search;
  readonly numbers: readonly NumberAt[];
  readonly rules: RedFlagRules;
}

/** A word for a patient with a long number near it; both are in order of place. */
function isPatientNumber({ skeleton, patients, numbers, rules }: PatientQuestion): boolean {
  const long = numbers.filter(
    ({ digits }) => digits.replace(/\D/g, '').length >= rules.identifierDigitsMin,
  );
  if (long.length === 0) return false;
  return long.some(({ from, until }) => {
    const first = indexOfPlace(skeleton, from - nearMax);
    const last = indexOfPlace(skeleton, until + nearMax);
    const near = skeleton.letters.slice(first, Math.min(last, first + nearLettersMax));
    return patients(near, (index) => skeleton.isStart(first + index)).length > 0;
  });
}

const nearLettersMax = 400;

/** The first letter at or after a place, found by halving. */
function indexOfPlace({ letters, placeOf }: Skeleton, place: number): number {
  let [low, high] = [0, letters.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (placeOf(middle) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}
