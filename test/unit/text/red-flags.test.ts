import { assert as assertProperty, constantFrom, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packetTexts, saidTexts } from '../../../domain/handoff/packet-texts.ts';
import { flagName, redFlagCheck, redFlagRulesByDefault } from '../../../domain/text/red-flags.ts';
import { redFlagCodes, termsByLocale } from '../../../domain/text/red-flag-terms.ts';
import { searchFor } from '../../../domain/text/term-search.ts';
import { locales } from '../../../locales/catalogue.ts';
import { proofSize } from '../../support/proof.ts';

const check = redFlagCheck(redFlagRulesByDefault);
const codesOf = (text: string): readonly string[] =>
  check([{ place: 'text', text }]).map(({ code }) => code);

test('every language of the catalogue has terms of its own for every code, and each is found', () => {
  expect(Object.keys(termsByLocale).toSorted()).toEqual([...locales].toSorted());
  for (const [locale, terms] of Object.entries(termsByLocale)) {
    for (const code of redFlagCodes) {
      expect(terms[code].length).toBeGreaterThan(2);
      for (const term of terms[code]) {
        expect([locale, term, codesOf(`… ${term}, …`)]).toEqual([
          locale,
          term,
          expect.arrayContaining([code]),
        ]);
      }
    }
  }
});

describe('use outside the label is found', () => {
  test.each([
    ['in capitals', 'OFF-LABEL use'],
    ['with another form', 'They asked about off-labels'],
    ['in full-width letters', 'ｏｆｆ－ｌａｂｅｌ'],
    ['with letters drawn apart', 'o f f   l a b e l'],
    ['with dots between', 'o.f.f-l.a.b.e.l'],
    ['with accents put on', 'óf̂f-lábèl'],
    ['with Cyrillic letters that look alike', 'оff-lаbеl'],
    ['with Greek letters that look alike', 'οff-lαbεl'],
    ['with digits that look alike', '0ff-1abel'],
    ['with invisible characters', 'off\u200B-la\u00ADb\u2060el'],
    ['on two lines', 'off\nlabel'],
    ['in a compound', 'Offlabelgebrauch'],
    ['without spaces around', '先生は適応外で使いたい'],
    ['in half-width kana', 'ｵﾌﾗﾍﾞﾙで使う'],
    ['with a nukta or without', 'मरीज का नाम नहीं, ऑफ लेबल'],
    ['with vowel signs left out or put in', 'خَارِج دَوَاعِي الِاسْتِعْمَال'],
  ])('%s', (_how, text) => {
    expect(codesOf(text)).toContain('off_label');
  });

  test.each([
    ['where a word only contains it', 'the scoff labels'],
    ['in a text that says nothing of it', 'The contract is signed; delivery on Friday.'],
    ['of another kana', 'オフラヘルで使う'],
    ['in nothing', ''],
  ])('but not %s', (_where, text) => {
    expect(codesOf(text)).toEqual([]);
  });
});

describe('a payment', () => {
  test.each([
    'EUR 25,000',
    '25.000,00 €',
    '25 000 euros',
    '€25k',
    '25 Tsd. EUR',
    '$ 0.5 million',
    '２５，０００ＥＵＲ',
    '٢٥٠٠٠ يورو',
    '५०,००,००० रुपये',
    '200万円',
    '2,000,000円を支払う',
    '3000만원',
    'R$ 25.000,50',
    '10万元',
    'CHF 25’000',
  ])('of %s is above what is allowed', (text) => {
    expect(codesOf(`We pay ${text} in May.`)).toEqual(['payment']);
  });

  test.each([
    'EUR 9,999.99',
    '400 stents',
    '1.000.000 Patienten',
    '1.500.000 円',
    '$10.00',
    '2026-11-27',
    'room 25000, floor 3',
    `EUR ${'9'.repeat(40)}`,
  ])('of %s is not', (text) => {
    expect(codesOf(`We pay ${text} in May.`)).not.toContain('payment');
  });

  test('is measured by what the region allows', () => {
    const strict = redFlagCheck({ ...redFlagRulesByDefault, paymentsAbove: { '*': 50, EUR: 100 } });
    const codes = (text: string) => strict([{ place: 'text', text }]).length;
    expect([codes('EUR 100'), codes('EUR 101'), codes('USD 51'), codes('GBP 50')]).toEqual([
      0, 1, 1, 0,
    ]);
  });
});

describe('data of a patient', () => {
  test.each([
    'Patient 00482913 waits',
    'the patient, born 1961-03-05',
    '患者（１９６１／０３／０５）',
    'رقم المريض ٤٨٢٩١٣',
    'Paciente: 123.456.789-00',
  ])('%s', (text) => {
    expect(codesOf(text)).toEqual(['patient_data']);
  });

  test.each([
    '400 patients a year',
    `The patient waits. ${'All is well. '.repeat(10)} Order 00482913.`,
    'Order 00482913',
    'outpatient 00482913',
  ])('is not: %s', (text) => {
    expect(codesOf(text)).toEqual([]);
  });
});

test('each place is named once for each code, and never with its words', () => {
  const action = { text: 'off label, off-label', owner: 'someone' as never, dueAt: 0 };
  const flags = check(
    packetTexts({
      summary: 'Pay EUR 25,000 off-label.',
      actions: [{ ...action, text: 'Call' }, action],
      situation: 'Quiet.',
      contingencies: [{ when: 'they ask', response: 'Patient ID 4711-4711' }],
    }),
  );
  expect(flags.map(flagName)).toEqual([
    'off_label:summary',
    'payment:summary',
    'off_label:actions[1].text',
    'patient_data:contingencies[0].response',
  ]);
  expect(check(saidTexts({ firstAction: 'Call', contingency: 'a kickback' }))).toEqual([
    { code: 'payment', place: 'contingency' },
  ]);
});

test('a region’s own terms take the place of those of all', () => {
  const own = { off_label: ['Sonderweg'], payment: [''], patient_data: ['\u200B'] };
  const ours = redFlagCheck({ ...redFlagRulesByDefault, terms: own });
  const flags = ours([{ place: 'text', text: 'Off-label auf dem SONDERWEG.' }]);
  expect(flags.map(flagName)).toEqual(['off_label:text']);
  expect(ours([{ place: 'text', text: 'Off-label' }])).toEqual([]);
});

test('terms are found where a plain search finds them, in whatever text', () => {
  const letters = constantFrom('a', 'b', 'ab');
  assertProperty(
    property(string({ unit: letters, maxLength: 60 }), (text) => {
      const terms = ['a', 'ab', 'abab', 'bba', 'aab', 'b'];
      const found = searchFor(terms)(text, () => true);
      const expected = terms.flatMap((term, index) =>
        text.includes(term) ? [{ term: index, from: text.indexOf(term) }] : [],
      );
      expect(found.toSorted((a, b) => a.term - b.term)).toEqual(expected);
    }),
    { numRuns: 500, seed: 1 },
  );
});

test('any text at all is read, broken letters too', () => {
  assertProperty(
    property(string({ unit: 'binary', maxLength: 300 }), (text) => {
      const flags = check([
        { place: 'text', text },
        { place: 'half', text: `${text}\uD83D` },
      ]);
      expect(flags.length).toBeLessThanOrEqual(2 * redFlagCodes.length);
    }),
    { numRuns: 100, seed: 1 },
  );
});

test('hostile text of hundreds of kilobytes is read to its end', () => {
  const size = proofSize(100_000, 300_000);
  const hostile = [
    'off-labe',
    'a',
    '1 ',
    '123456;patien ',
    '1,',
    '\u0301',
    'ﷺ',
    'ー',
    'o f f ',
    '$1',
  ];
  for (const unit of hostile) {
    const text = `${unit.repeat(Math.ceil(size / unit.length)).slice(0, size)}\noff-label`;
    expect([unit, codesOf(text).includes('off_label')]).toEqual([unit, true]);
  }
});
