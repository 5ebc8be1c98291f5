import { assert, constantFrom, double, integer, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  differences,
  foreignForms,
  isWrong,
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
  ['a unit that begins like another', 'en', '120 mmHg, 3 mmol', ['120mmhg', '3mmol']],
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
        expect(compared(source, `${say(-value, locale)} mg`, own)).toHaveLength(2);
        expect(compared(`−${say(value, 'en')} mg`, `${say(-value, locale)} mg`, own)).toEqual([]);
        expect(compared(`<${say(value, 'en')} mg`, `>${say(value, locale)} mg`, own)).toHaveLength(
          2,
        );
        expect(compared(`≤${say(value, 'en')} mg`, `${say(value, locale)} mg`, own)).toHaveLength(
          2,
        );
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

  test.each([
    ['a sign of less than nothing', '-5 °C', '5 °C'],
    ['a comparison turned round', '<5 mg', '>5 mg'],
    ['a comparison that is lost', '≤ 5 mg', '5 mg'],
    ['a comparison in words turned round', '<5 mg', 'über 5 mg'],
    ['a unit of another power', '5 mmol', '5 mol'],
    ['a prefix that is lost', '5 ng', '5 g'],
    ['milli for mega', '5 MBq', '5 mBq'],
    ['another time', '30 days', '30 Stunden'],
    ['another power of ten in words', '5 million', '5 Milliarden'],
    ['a power of ten that is lost', '5 thousand', '5'],
    ['a false friend', '5 billion', '5 Billionen'],
    ['what it is given by', '5 mg/kg', '5 mg/ml'],
    ['a sign that no rule knows', '5kat', '5cat'],
    ['a sign that no rule knows, of a ratio', '5 U/kg', '5 U/ml'],
    ['another time that it is given in', '5 mg/day', '5 mg/h'],
    ['another time in words', '5 mg per day', '5 mg pro Stunde'],
  ])('with %s differs', (_name, from, to) => {
    expect(compared(from, to, 'de')).not.toEqual([]);
  });

  test.each([
    ['de', 'At -5 °C for 30 days.', 'Bei −5 °C für 30 Tage.'],
    ['de', 'At −5 °C, or 5–10 mm.', 'Bei minus 5 °C oder 5-10 mm.'],
    ['de', 'In <5 mg and ≥ 10 mmol/l.', 'Bei weniger als 5 mg und mindestens 10 mmol/l.'],
    ['de', 'A 30-day visit of 5 million.', 'Ein 30-Tage-Besuch von 5 Mio.'],
    ['de', '5 mg/day, 2 ml/h', '5 mg täglich, 2 ml pro Stunde'],
    ['de', '5 an hour, the 2nd of 3', '5 pro Stunde, der 2. von 3'],
    ['de', 'Flow -> 5 mg', 'Fluss → 5 mg'],
    ['de', 'At -0.5 million', 'Bei −500.000'],
    ['de', '5 mg or less often; ≤5 mg at night.', 'Nachts ≤5 mg; 5 mg oder seltener.'],
    ['ja', '5 men of 3', '3人中男性5人'],
    ['ja', 'In 2026, 1 of 3', '2026年に3分の1'],
    ['ko', '3 sessions', '3세션'],
    ['ar', 'At -5 °C', 'عند -\u200E5 °م'],
    ['de', '2 CardioFlow stents in 30 clinics', '2 CardioFlow-Stents in 30 Kliniken'],
    ['fr', '5 billion in 65 years', '5 milliards en 65 ans'],
    ['fr', '5 mg, at least 30 hours', '5 mg, au moins 30 heures'],
    ['es', '5 thousand in 2 weeks, >10 %', '5 mil en 2 semanas, más de 10 %'],
    ['pt-BR', '≤ 3 months', 'até 3 meses'],
    ['ja', 'Under 5 mg, that is <5 mg, 30 days', '5mg未満、つまり5 mg未満、30日間'],
    ['ja', '≥ 65 years, 2 minutes', '65歳以上、2分'],
    ['ja', 'On 5/12/2026 at -5 °C', '2026年5月12日に温度は-5℃'],
    ['zh-Hans', '500 thousand over 3 months, ≥ 5 ml', '50万，3个月，5毫升以上'],
    ['zh-Hans', '-5 °C, 24 hours', '零下5摄氏度，24小时'],
    ['ko', '≤ 5 mg for 2 weeks, >30 %', '2주간 5 mg 이하, 30% 초과'],
    ['ko', 'On 12 May 2026', '2026년 5월 12일'],
    ['ar', '<5 mg in 30 days', 'أقل من ٥ ملغ خلال ٣٠ يومًا'],
    ['hi', '≥ 5 mg, 3 hours', 'कम से कम ५ मिग्रा, 3 घंटे'],
  ])('of an honest translator is not held up (%s, %s)', (to, from, said) => {
    // The month of one is a word in English.
    const source = from === 'On 12 May 2026' ? 'On 12/5/2026' : from;
    expect(compared(source, said, to)).toEqual([]);
  });

  test.each([
    ['that is named once less', 'With CardioFlow, then CardioFlow.', 'Mit CardioFlow, dann damit.'],
    ['that takes the place of another', 'First CardioFlow.', 'Zuerst ValvePlus.'],
    ['that nobody named', 'With it.', 'Mit CardioFlow.'],
  ])('with a device %s differs', (_name, from, to) => {
    const devices = ['CardioFlow', 'ValvePlus'].map(
      (name) => ({ kind: 'device', forms: { '*': name } }) as const,
    );
    expect(compared(from, to, 'de', devices)).not.toEqual([]);
  });

  test('whose devices change places is read closely, and not refused: languages order their words', () => {
    const devices = ['CardioFlow', 'ValvePlus'].map(
      (name) => ({ kind: 'device', forms: { '*': name } }) as const,
    );
    const said = (target: string) =>
      compared('CardioFlow before ValvePlus.', target, 'de', devices);
    expect(said('CardioFlow vor ValvePlus.')).toEqual([]);
    const [swapped, ...more] = said('ValvePlus vor CardioFlow.');
    expect(more).toEqual([]);
    expect(swapped).toEqual({ code: 'order', part: 'result', expected: 'CardioFlow, ValvePlus' });
    expect([swapped!, ...said('Mit CardioFlow.')].map(isWrong)).toEqual([false, true]);
  });

  test('keeps a locked unit and a locked indication, each in the form of its language', () => {
    const unit = { kind: 'unit', forms: { '*': 'Fr', fr: 'Ch', ja: 'フレンチ' } } as const;
    const indication = {
      kind: 'indication',
      forms: { '*': 'STEMI', de: 'ST-Hebungsinfarkt' },
    } as const;
    const said = (locale: string, target: string) =>
      compared('A sheath of 8 Fr, in STEMI.', target, locale, [unit, indication]);
    expect(said('de', 'Eine Schleuse von 8 Fr, bei ST-Hebungsinfarkt.')).toEqual([]);
    expect(said('fr', 'Un introducteur de 8 Ch, en cas de STEMI.')).toEqual([]);
    expect(said('ja', 'STEMIに8フレンチのシース。')).toEqual([]);
    expect(said('fr', 'Un introducteur de 6 Ch, en cas de STEMI.')).toHaveLength(2);
    expect(said('fr', 'Un introducteur de 8 Charrière, en cas de STEMI.')).not.toEqual([]);
    expect(said('fr', 'Un introducteur de 8 Fr, en cas de STEMI.')).toMatchObject([
      { code: 'term', expected: 'Ch' },
    ]);
    const terms = (locale: string, target: string) =>
      said(locale, target).flatMap(({ code, expected }) => (code === 'term' ? expected : []));
    expect(terms('de', 'Eine Schleuse von 8 mm, bei ST-Hebungsinfarkt.')).toEqual(['Fr']);
    expect(terms('de', 'Eine Schleuse von 8 Fr, bei Herzinfarkt.')).toEqual(['ST-Hebungsinfarkt']);
    expect(terms('de', 'Eine Schleuse von 8 Fr, bei STEMI.')).toEqual(['ST-Hebungsinfarkt']);
    // Said once more than in the source, it is for something that nobody reviewed.
    const twice = 'Bei ST-Hebungsinfarkt, 8 Fr, auch nach ST-Hebungsinfarkt.';
    expect(terms('de', twice)).toEqual(['ST-Hebungsinfarkt']);
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
