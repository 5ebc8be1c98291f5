import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { locales } from '../../../locales/catalogue.ts';
import { printable, sentence } from '../../../bin/import-sentences.ts';
import { errorCodes, warningCodes } from '../../../domain/directory/finding.ts';

const sentencesOf = (locale: string): Record<string, string> =>
  JSON.parse(
    readFileSync(new URL(`../../../locales/${locale}/directory.json`, import.meta.url), 'utf8'),
  ) as Record<string, string>;
const placeholders = (text: string) =>
  [...text.matchAll(/\{\{(\w+)/g)].map(([, name]) => name ?? '').sort();
const english = sentencesOf('en');

test('the example of a wrong zone reads as a person would say it', () => {
  expect(
    sentence({
      path: 'people[17].zone',
      code: 'zone_unknown',
      params: { value: 'Europe/Munchen', suggestion: 'Europe/Berlin' },
    }),
  ).toBe('people[17].zone: "Europe/Munchen" is not an IANA zone; did you mean Europe/Berlin?');
});

test('nothing that a terminal would obey is printed', () => {
  const line = sentence({
    path: 'a',
    code: 'id_invalid',
    params: { value: '\u001b[2J\u0007\r\n' },
  });
  expect(printable(line)).not.toMatch(/\p{Cc}/u);
});

describe.each(locales)('in %s', (locale) => {
  const sentences = sentencesOf(locale);

  test('every finding has a sentence, and no sentence is without a finding', () => {
    const codes: readonly string[] = [...errorCodes, ...warningCodes];
    expect(codes.filter((code) => !sentences[code])).toEqual([]);
    const known = codes.flatMap((code) => [code, `${code}_suggested`]);
    expect(Object.keys(sentences).filter((key) => !known.includes(key))).toEqual([]);
  });

  test('each sentence says what the English one says', () => {
    for (const [key, text] of Object.entries(english)) {
      expect([key, ...placeholders(sentences[key] ?? '')]).toEqual([key, ...placeholders(text)]);
    }
  });
});
