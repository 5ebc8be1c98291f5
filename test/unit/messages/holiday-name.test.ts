import { readFileSync } from 'node:fs';
import Holidays from 'date-holidays';
import { beforeEach, expect, test } from 'vitest';
import { catalogueGaps } from '../../../locales/catalogue.ts';
import { textsOf } from '../../../locales/checks.ts';
import { codeName } from '../../../locales/code-name.ts';
import { nameFor } from '../../../locales/render.ts';
import { forgetGaps } from '../../support/gaps.ts';

beforeEach(forgetGaps);

const locales = ['en', 'de', 'fr', 'es', 'pt-BR', 'ja', 'zh-Hans', 'ko', 'ar', 'hi'] as const;
const source = JSON.parse(
  readFileSync('node_modules/date-holidays/data/holidays.json', 'utf8'),
) as {
  readonly names: Readonly<Record<string, { readonly name: Readonly<Record<string, string>> }>>;
};
const known = Object.values(source.names).map(({ name }) => name);

/** Christian, Muslim and civil ones, of countries with and without their own language among ours. */
const days = ['DE', 'FR', 'BR', 'MX', 'SA', 'AE', 'IN', 'PL', 'NG', 'US'].flatMap((country) =>
  new Holidays(country).getHolidays(2027).filter(({ type }) => type === 'public'),
);

test.for(locales)(
  'every holiday is named in %s, or says in which language it is named',
  (locale) => {
    const [language = locale] = locale.split('-');
    const note = `(${codeName('language', 'en', locale)})`;
    const unsaid = days.filter(({ name }) => {
      const names = known.find(({ en }) => en === name) ?? { en: name };
      const shown = nameFor({ name, names }, locale);
      const isEnglish = shown.startsWith(names['en'] ?? name) && names[language] !== shown;
      return shown.trim() === '' || (isEnglish && !shown.endsWith(note));
    });
    expect(unsaid.map(({ name }) => name)).toEqual([]);
    expect([...catalogueGaps()]).toEqual([]);
  },
);

test('feasts of our own catalogues are those that the source knows by that name', () => {
  const english = [...textsOf('en')].filter(([key]) => key.startsWith('calendar.feast.'));
  expect(english.length).toBeGreaterThan(20);
  const names = new Set(known.map(({ en }) => en));
  expect(english.map(([, text]) => text).filter((text) => !names.has(text))).toEqual([]);
});

test('what a country has by a name of its own keeps it, and what nobody translated is not made up', () => {
  const constitution = { name: '제헌절', names: { en: 'Constitution Day', ko: '제헌절' } };
  expect(nameFor(constitution, 'ko')).toBe('제헌절');
  expect(nameFor(constitution, 'hi')).toBe('संविधान दिवस');
  const awareness = { name: 'Consciência Negra', names: { en: 'Black Awareness Day' } };
  expect(nameFor(awareness, 'en')).toBe('Black Awareness Day');
  expect(nameFor(awareness, 'ja')).toBe('Black Awareness Day (英語)');
  expect(nameFor({ name: 'Kalėdos', names: {} }, 'de')).toBe('Kalėdos');
});
