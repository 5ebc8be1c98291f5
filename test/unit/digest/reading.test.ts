import { expect, test } from 'vitest';
import { locales } from '../../../locales/catalogue.ts';
import { excerpt, readingMinutes } from '../../../locales/reading.ts';

const sentence: Readonly<Record<string, string>> = {
  ja: '手術の前に一覧を確認します。',
  'zh-Hans': '手术前请核对清单。',
  ko: '수술 전에 목록을 확인합니다. ',
  ar: 'نراجع القائمة قبل الجراحة. ',
  hi: 'सर्जरी से पहले सूची जाँचते हैं। ',
};

test.for(locales)(
  'in %s an item is two minutes of reading at most, cut at a sentence',
  (locale) => {
    const one = sentence[locale] ?? 'We read the list before each operation. ';
    const { paragraphs, isCut } = excerpt([one.repeat(200), one.repeat(200)], {
      locale,
      minutesMax: 2,
    });
    const text = paragraphs.join('\n');
    expect(isCut).toBe(true);
    expect(readingMinutes(text, locale)).toBeLessThanOrEqual(2);
    expect(readingMinutes(text, locale)).toBeGreaterThan(1.8);
    expect(text.endsWith(one.trim())).toBe(true);
  },
);

test('what fits is whole, and of 300,000 letters without a sentence there is a beginning', () => {
  const short = ['One paragraph.', 'Another one.'];
  expect(excerpt(short, { locale: 'en', minutesMax: 2 })).toEqual({
    paragraphs: short,
    isCut: false,
  });
  const { paragraphs } = excerpt(['x'.repeat(300_000)], { locale: 'en', minutesMax: 2 });
  expect(paragraphs[0]?.length).toBeLessThan(2_000);
  expect(paragraphs[0]?.endsWith('…')).toBe(true);
});
