import { assert, constantFrom, double, integer, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  differences,
  foreignForms,
  type LockedTerm,
} from '../../../domain/exchange/compare-text.ts';
import { amountsIn } from '../../../domain/exchange/numbers.ts';
import { sourceParts, type TranslatedText } from '../../../domain/exchange/practice.ts';
import { locales } from '../../../locales/catalogue.ts';
import { proofSeed, proofSize } from '../../support/proof.ts';

const shown = (text: string, locale: string) =>
  amountsIn(text, locale).map(({ value, unit }) => `${value}${unit ?? ''}`);

test.each([
  ['a decimal point', 'en', 'It took 1.5 ml.', ['1.5ml']],
  ['a decimal comma', 'de', 'Es brauchte 1,5 ml.', ['1.5ml']],
  ['a group of thousands with a comma', 'en', '12,345 cases', ['12345']],
  ['a group of thousands with a point', 'pt-BR', '12.345 casos', ['12345']],
  ['a group with a narrow space', 'fr', '12\u202F345,5 mg', ['12345.5mg']],
  ['groups of the Indian system', 'hi', '1,00,000 मामले', ['100000']],
  ['Arabic digits and signs', 'ar', '١٢٬٣٤٥٫٥ ملغ', ['12345.5mg']],
  ['Devanagari digits', 'hi', '२.५ मिमी', ['2.5mm']],
  ['full-width digits', 'ja', '２．５ｍｍ', ['2.5mm']],
  ['ten thousands', 'ja', '1.2万件', ['12000']],
  ['hundred millions', 'zh-Hans', '3亿', ['300000000']],
  ['a unit written out', 'zh-Hans', '5毫克', ['5mg']],
  ['a unit that begins like another', 'en', '120 mmHg, 3 mmol', ['120mmhg', '3']],
  ['a percent sign with a space', 'fr', '30 %', ['30%']],
  ['the numbers of a date', 'de', 'am 12.05.2026', ['12', '5', '2026']],
  ['the numbers of a date the other way round', 'ja', '2026年5月12日', ['2026', '5', '12']],
  ['zeros that say nothing', 'en', '007.50', ['7.5']],
])('%s is read', (_name, locale, text, amounts) => {
  expect(shown(text, locale)).toEqual(amounts);
});

const textWith = (part: string): TranslatedText =>
  Object.fromEntries(
    sourceParts.map((name) => [name, name === 'result' ? part : '']),
  ) as unknown as TranslatedText;

const compared = (source: string, target: string, to: string, terms: readonly LockedTerm[] = []) =>
  differences(
    { text: textWith(source), locale: 'en' },
    { text: textWith(target), locale: to },
    terms,
  );

describe('a translation', () => {
  test('in whatever language, keeps a number however it is written there; another one is told', () => {
    const anyNumber = record({
      value: double({ min: 0.001, max: 9_999_999, noNaN: true }),
      digits: integer({ min: 0, max: 3 }),
      locale: constantFrom(...locales, 'ar-EG'),
    });
    assert(
      property(anyNumber, ({ value, digits, locale }) => {
        const fixed = { maximumFractionDigits: digits, minimumFractionDigits: digits };
        const own = locale === 'ar-EG' ? 'ar' : locale;
        const say = (number: number, of: string) => new Intl.NumberFormat(of, fixed).format(number);
        const source = `We used ${say(value, 'en')} mg.`;
        expect(compared(source, `${say(value, locale)} mg`, own)).toEqual([]);
        expect(compared(source, `${say(value + 10, locale)} mg`, own)).toHaveLength(2);
        expect(compared(source, `${say(value, locale)} ml`, own)).toHaveLength(2);
      }),
      { numRuns: proofSize(1_000, 50_000), seed: proofSeed },
    );
  });

  test('may turn a sentence round, but loses no number and adds none', () => {
    expect(compared('2 of 30 failed', '30件中2件が失敗', 'ja')).toEqual([]);
    expect(compared('2 of 30 failed', '2件が失敗', 'ja')).toMatchObject([
      { code: 'number', part: 'result', expected: '30' },
    ]);
    expect(compared('2 failed', '2件が3回失敗', 'ja')).toMatchObject([{ expected: '3' }]);
  });

  test('keeps the name of a device as the glossary has it in its language', () => {
    const device = {
      kind: 'device',
      forms: { '*': 'CardioFlow', ja: 'カーディオフロー' },
    } as const;
    expect(compared('With CardioFlow.', 'Mit CardioFlow.', 'de', [device])).toEqual([]);
    expect(compared('With CardioFlow.', 'Mit Herzfluss.', 'de', [device])).toEqual([
      { code: 'term', part: 'result', expected: 'CardioFlow' },
    ]);
    expect(compared('With CardioFlow.', 'カーディオフローで。', 'ja', [device])).toEqual([]);
    expect(compared('With CardioFlow.', 'CardioFlowで。', 'ja', [device])).toHaveLength(1);
    expect(compared('Without it.', 'Ohne.', 'de', [device])).toEqual([]);
  });
});

describe('a source', () => {
  const device = { kind: 'device', forms: { '*': 'CardioFlow', ja: 'カーディオフロー' } } as const;
  const unit = { kind: 'unit', forms: { '*': 'mm', ru: 'мм', hi: 'मिमी' } } as const;
  const longer = { kind: 'device', forms: { '*': 'Flow', de: 'CardioFlow' } } as const;
  test.each([
    ['has the form of its language', 'ja', 'カーディオフローで。', []],
    ['has the form of another language', 'ja', 'CardioFlowで。', ['CardioFlow']],
    ['has it in other letters', 'ja', 'ｃａｒｄｉｏｆｌｏｗで。', ['CardioFlow']],
    ['has one of a script without spaces', 'de', 'Mit カーディオフロー.', ['カーディオフロー']],
    ['has letters of a unit within a word', 'hi', 'The commitment holds.', []],
    ['has a unit of another language', 'hi', 'Stent of 2.5mm.', ['mm']],
    ['has a longer form that holds the other', 'de', 'Mit CardioFlow.', []],
    ['has no word of it', 'de', 'Ohne.', []],
  ] as const)('that %s', (_name, locale, said, found) => {
    const forms = foreignForms({ text: textWith(said), locale }, [device, unit, longer]);
    expect(forms.map((one) => one.found)).toEqual(found);
  });
});
