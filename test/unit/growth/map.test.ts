/** What can be observed, in the product's own words. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { competencies } from '../../../domain/people/competency.ts';
import { competencyLevels } from '../../../domain/people/competency-level.ts';
import { locales } from '../../../locales/catalogue.ts';

type Words = Readonly<Record<string, Readonly<Record<string, string>>>>;

const descriptorsIn = (locale: string): readonly string[] => {
  const file = new URL(`../../../locales/${locale}/competency.json`, import.meta.url);
  const { descriptor } = JSON.parse(readFileSync(file, 'utf8')) as { descriptor: Words };
  return competencies.flatMap((key) =>
    competencyLevels.map((level) => descriptor[key]?.[level] ?? ''),
  );
};

test('each of nine competencies has three levels, each with something of its own to observe, in all ten languages', () => {
  expect([competencies.length, competencyLevels.length, locales.length]).toEqual([9, 3, 10]);
  const english = descriptorsIn('en');
  for (const locale of locales) {
    const words = descriptorsIn(locale);
    expect([locale, words.filter((text) => text.trim().length < 10)]).toEqual([locale, []]);
    expect([locale, new Set(words).size]).toEqual([locale, 27]);
    const taken = locale === 'en' ? [] : words.filter((text) => english.includes(text));
    expect([locale, taken]).toEqual([locale, []]);
  }
});
