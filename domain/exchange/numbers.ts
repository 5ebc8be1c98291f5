/** Numbers and units as texts of ten languages write them, so that a translation can be held against its source. */
import { plain } from '../text/plain-text.ts';

export interface Amount {
  /** Without grouping, with a point: `1234.5`. */
  readonly value: string;
  /** The sign of the unit; null where none follows. */
  readonly unit: string | null;
}

/** CLDR: these write a decimal comma and group with points or spaces; all others the other way round. */
const commaLocales: readonly string[] = ['de', 'fr', 'es', 'pt-BR'];

/** By sign: how else it is written. Words for time are left to whoever reads both. */
const units: Readonly<Record<string, readonly string[]>> = {
  '%': [
    '٪',
    'percent',
    'per cent',
    'prozent',
    'pour cent',
    'por ciento',
    'por cento',
    'パーセント',
    '퍼센트',
    'प्रतिशत',
  ],
  mm: ['مم', 'ملم', 'मिमी', '毫米', 'ミリメートル', '밀리미터'],
  cm: ['سم', 'सेमी', '厘米', 'センチメートル', '센티미터'],
  µm: ['um', 'μm', '微米', 'マイクロメートル'],
  ml: ['مل', 'मिली', '毫升', 'ミリリットル', '밀리리터'],
  mg: ['ملغ', 'मिग्रा', '毫克', 'ミリグラム', '밀리그램'],
  µg: ['ug', 'μg', 'mcg', '微克'],
  kg: ['كغ', 'كجم', 'किग्रा', '公斤', '千克', 'キログラム', '킬로그램'],
  mmhg: ['毫米汞柱', 'مم زئبق'],
  kpa: ['千帕', 'كيلوباسكال'],
  '°c': ['℃', '摄氏度', 'درجة مئوية', 'डिग्री सेल्सियस'],
  hz: ['赫兹', 'هرتز', 'हर्ट्ज'],
  khz: ['千赫'],
  mhz: ['兆赫'],
  gy: ['戈瑞'],
  bpm: [],
};

const multipliers: Readonly<Record<string, number>> = {
  千: 3,
  万: 4,
  萬: 4,
  만: 4,
  億: 8,
  亿: 8,
  억: 8,
};

/** The longest first, so that `mmhg` is not taken for `mm`. */
const unitNames = Object.entries(units)
  .flatMap(([sign, names]) => [sign, ...names].map((name) => ({ sign, name: plain(name) })))
  .toSorted((a, b) => b.name.length - a.name.length);

const numberPattern = /\d+(?:[.,'’٫٬\u00A0\u202F ]\d+)*/g;
const unitLengthMax = 20;

/** In the order of the text. A date is its numbers; what is written in words is none. */
export function amountsIn(text: string, locale: string): readonly Amount[] {
  const read = plain(text.replaceAll(/[\u00A0\u202F]/g, '’'));
  return [...read.matchAll(numberPattern)].flatMap(({ 0: written, index }) => {
    const after = read.slice(index + written.length, index + written.length + unitLengthMax);
    const parts = numbersOf(written, locale);
    return parts.map((value, nth): Amount => {
      const isLast = nth === parts.length - 1;
      const power = isLast ? (multipliers[after[0] ?? ''] ?? 0) : 0;
      return {
        value: scaled(value, power),
        unit: isLast ? unitOf(power > 0 ? after.slice(1) : after) : null,
      };
    });
  });
}

function unitOf(after: string): string | null {
  const rest = after.replace(/^[\s’]+/, '');
  return unitNames.find(({ name }) => startsWithWord(rest, name))?.sign ?? null;
}

/** `mm` does not begin `mmol`; scripts that set no spaces have no such end. */
const startsWithWord = (text: string, name: string): boolean =>
  text.startsWith(name) && !(/[a-zμ]$/.test(name) && /^[a-zμ]/.test(text.slice(name.length)));

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
  const [whole = '', fraction = ''] = value.split('.');
  const digits = fraction.padEnd(power, '0');
  return normal(`${whole}${digits.slice(0, power)}.${digits.slice(power)}`);
}
