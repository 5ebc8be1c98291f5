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

test('the words for the three levels are written alike in each language: all with a capital or none', () => {
  for (const locale of locales) {
    const file = new URL(`../../../locales/${locale}/competency.json`, import.meta.url);
    const { level } = JSON.parse(readFileSync(file, 'utf8')) as { level: Record<string, string> };
    const firsts = competencyLevels.map((key) => level[key]?.charAt(0) ?? '');
    const isCapital = firsts.map((letter) => letter !== letter.toLocaleLowerCase(locale));
    expect([locale, new Set(isCapital).size]).toEqual([locale, 1]);
  }
});
