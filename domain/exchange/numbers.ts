/** Numbers and units as texts of ten languages write them, so that a translation can be held against its source. */
import { undressed } from '../text/plain-text.ts';
import {
  type Comparison,
  comparisonOf,
  comparisonsSaid,
  isNegative,
  powerOf,
  unitOf,
} from './units.ts';

export interface Amount {
  /** Without grouping, with a point, and with a minus where it is less than nothing: `-1234.5`. */
  readonly value: string;
  /** The sign of the unit; null where none follows. */
  readonly unit: string | null;
  /** The time that it is given in, such as `hour` of `5 mg/h`; null where none is written. */
  readonly per: string | null;
  /** The sign before it. */
  readonly comparison: Comparison | null;
  /** What words around it may say instead of such a sign. */
  readonly said: readonly Comparison[];
}

/** CLDR: these write a decimal comma and group with points or spaces; all others the other way round. */
const commaLocales: readonly string[] = ['de', 'fr', 'es', 'pt-BR'];

const numberPattern = /\d+(?:[.,'’٫٬\u00A0\u202F ]\d+)*/g;
/** Letters before and after a number that are looked at. */
const aroundMax = 30;
/** Of a day, as scripts without spaces write it: its numbers have no units. */
const date = /\d+\s*[年년]\s*\d+\s*[月월](?:\s*\d+\s*[日일号])?|\d+\s*[月월]\s*\d+\s*[日일号]/g;
/** From here on a number with the sign of a year is one of the calendar. */
const calendarYearMin = 1_000;

/** In the order of the text. A date is its numbers; what is written in words is none. */
export function amountsIn(text: string, locale: string): readonly Amount[] {
  // Marks of direction are written before signs in some languages.
  const written = undressed(text.replaceAll(/[\u00A0\u202F]/g, '’').replaceAll(/\p{Cf}/gu, ''));
  const small = written.toLowerCase();
  const dates = [...small.matchAll(date)].map(({ 0: all, index }) => [index, index + all.length]);
  return [...small.matchAll(numberPattern)].flatMap(({ 0: number, index }) => {
    const end = index + number.length;
    const before = small.slice(Math.max(0, index - aroundMax), index);
    const parts = numbersOf(number, locale);
    const isDate = dates.some(([from = 0, to = 0]) => from <= index && index < to);
    return parts.map((value, nth): Amount => {
      const [isFirst, isLast] = [nth === 0, nth === parts.length - 1];
      const bare = { value, unit: null, per: null, comparison: null, said: [] };
      const signed = { ...bare, value: isFirst && isNegative(before) ? `-${value}` : value };
      const first = isFirst ? { ...signed, comparison: comparisonOf(before) } : signed;
      if (!isLast) return first;
      const { power, length } = powerOf(small.slice(end, end + aroundMax), locale);
      const [from, to] = [end + length, end + length + aroundMax];
      const after = { small: small.slice(from, to), written: written.slice(from, to), locale };
      const { unit, per } = isDate ? { unit: null, per: null } : unitOf(after);
      const isYear = unit === 'year' && Number(value) >= calendarYearMin;
      return {
        ...first,
        value: scaled(first.value, power),
        unit: isYear ? null : unit,
        per,
        said: comparisonsSaid(before, small.slice(end, end + aroundMax)),
      };
    });
  });
}

/** One number with its grouping, or several that a sign only joins, as in a date. */
function numbersOf(written: string, locale: string): readonly string[] {
  const [decimal, group] = commaLocales.includes(locale) ? [',٫', '.'] : ['.٫', ','];
  const tokens = written.split(/([.,'’٫٬ ])/);
  const numbers: string[] = [tokens[0] ?? ''];
  let hasFraction = false;
  for (let at = 1; at < tokens.length; at += 2) {
    const [mark = '', digits = ''] = [tokens[at], tokens[at + 1]];
    const current = numbers.at(-1) ?? '';
    const isInner = locale === 'hi' && digits.length === 2 && at + 2 < tokens.length;
    const groups = (digits.length === 3 || isInner) && !hasFraction;
    const isGrouping =
      groups &&
      (mark === group ||
        mark === '٬' ||
        mark === '’' ||
        mark === "'" ||
        (mark === ' ' && locale === 'fr'));
    // A point with two digits in German is a decimal point all the same, unless it is a date.
    const isDecimal =
      !hasFraction && (decimal.includes(mark) || (mark === group && tokens.length === 3));
    if (isGrouping) numbers[numbers.length - 1] = current + digits;
    else if (isDecimal && at + 2 === tokens.length && isOnce(tokens, mark)) {
      numbers[numbers.length - 1] = `${current}.${digits}`;
      hasFraction = true;
    } else {
      numbers.push(digits);
      hasFraction = false;
    }
  }
  return numbers.map(normal);
}

/** A mark that comes twice joins the numbers of a date. */
const isOnce = (tokens: readonly string[], mark: string): boolean =>
  tokens.filter((token) => token === mark).length === 1;

/** `007.50` is 7.5. */
function normal(number: string): string {
  const [whole = '0', fraction = ''] = number.split('.');
  const [left, right] = [whole.replace(/^0+(?=\d)/, ''), fraction.replace(/0+$/, '')];
  return right === '' ? left : `${left}.${right}`;
}

/** Moves the point, so that no digit is lost to arithmetic. */
function scaled(value: string, power: number): string {
  if (power === 0) return value;
  if (value.startsWith('-')) return `-${scaled(value.slice(1), power)}`;
  const [whole = '', fraction = ''] = value.split('.');
  const digits = fraction.padEnd(power, '0');
  return normal(`${whole}${digits.slice(0, power)}.${digits.slice(power)}`);
}
