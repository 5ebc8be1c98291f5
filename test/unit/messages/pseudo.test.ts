import { afterEach, expect, test } from 'vitest';
import {
  catalogueGaps,
  locales,
  matchLocale,
  showPseudoLocale,
} from '../../../locales/catalogue.ts';
import { textsOf } from '../../../locales/checks.ts';
import { pseudoLocale, pseudoText, pseudoTree } from '../../../locales/pseudo.ts';
import { phrase, phraseHtml, recipientFor } from '../../../locales/render.ts';

const english = { locale: 'en-GB', zone: 'Europe/London' };
let hide = (): void => undefined;
afterEach(() => hide());

test('the pseudo-locale is about 40 % longer, in brackets, and keeps what is filled in later', () => {
  const texts = [...textsOf('en')].filter(([key]) => !/^(about|glossary)\./.test(key));
  const lengthOf = (all: readonly string[]): number => all.join('').length;
  const plain = texts.map(([, text]) => text);
  const ratio = lengthOf(plain.map(pseudoText)) / lengthOf(plain);
  expect(ratio).toBeGreaterThan(1.3);
  expect(ratio).toBeLessThan(1.5);
  const places = (text: string): readonly string[] => text.match(/\{\{.*?\}\}/g) ?? [];
  for (const text of plain) {
    const pseudo = pseudoText(text);
    expect(places(pseudo)).toEqual(places(text));
    expect(pseudo.replaceAll(/\{\{.*?\}\}/g, '')).not.toMatch(/[a-z]/i);
    expect(pseudo).toMatch(/^⟦.*⟧$/s);
  }
});

test('the pseudo-locale has the keys of English, each plural form among them', () => {
  expect(pseudoTree({ days_one: '{{count}} day', days_other: '{{count, number}} days' })).toEqual({
    days_one: '⟦{{count}} ðááý⟧',
    days_other: '⟦{{count, number}} ðááýšš⟧',
  });
});

test('whoever reads English reads it while it is shown, and nobody before or after', () => {
  expect([matchLocale(pseudoLocale), locales.includes(pseudoLocale)]).toEqual(['en', false]);
  hide = showPseudoLocale();
  const reader = recipientFor(english);
  expect(reader).toMatchObject({ locale: pseudoLocale, direction: 'ltr', localeFrom: 'person' });
  expect(recipientFor({ locale: null, zone: 'Etc/UTC' }).locale).toBe(pseudoLocale);
  expect(recipientFor({ ...english, locale: 'de' }).locale).toBe('de');
  expect(phraseHtml('page.inbox', {}, reader)).toBe(
    pseudoText(textsOf('en').get('page.inbox') ?? ''),
  );
  expect(phrase('page.at', { at: { instant: 0 } }, reader)).toContain('1970');
  hide();
  expect(recipientFor(english).locale).toBe('en');
  expect([...catalogueGaps().keys()].filter((gap) => gap.startsWith(pseudoLocale))).toEqual([]);
});
