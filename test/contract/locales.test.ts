import { expect, test } from 'vitest';
import { problems } from '../../domain/problem.ts';
import { catalogues, locales } from '../../locales/catalogue.ts';
import { phrase, recipientFor, render } from '../../locales/render.ts';

type Tree = string | { readonly [key: string]: Tree };

const leaves = (tree: Tree, path: string): readonly (readonly [string, string])[] =>
  typeof tree === 'string'
    ? [[path, tree]]
    : Object.entries(tree).flatMap(([key, value]) => leaves(value, path ? `${path}.${key}` : key));

const textsOf = (locale: string, file: string): ReadonlyMap<string, string> =>
  new Map(leaves((catalogues.get(locale)?.[file] ?? {}) as Tree, ''));

const placeholders = (text: string): readonly string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? '').toSorted();

const others = locales.filter((locale) => locale !== 'en');
/** What people get by mail is complete in every language; the rest falls back to English for now. */
const complete = ['handoff', 'message'] as const;

test.for(others.flatMap((locale) => complete.map((file) => [locale, file] as const)))(
  '%s says everything of %s that English says, with the same values',
  ([locale, file]) => {
    const english = textsOf('en', file);
    const translated = textsOf(locale, file);
    expect([...translated.keys()].toSorted()).toEqual([...english.keys()].toSorted());
    for (const [key, text] of translated) {
      expect([key, placeholders(text)]).toEqual([key, placeholders(english.get(key) ?? '')]);
      expect(text.trim()).not.toBe('');
    }
  },
);

test('every problem has a title and a detail', () => {
  const english = textsOf('en', 'problems');
  const missing = Object.keys(problems).filter(
    (code) => !english.get(`${code}.title`) || !english.get(`${code}.detail`),
  );
  expect(missing).toEqual([]);
});

const hostile = [
  'Eve\r\nBcc: all@example.test',
  '<img src=x onerror=alert(1)>',
  '{{receiver}}',
  '$t(handoff.bounced.subject)',
  '__proto__',
  '\u202Etxt.exe',
];

test.for(locales.flatMap((locale) => hostile.map((name) => [locale, name] as const)))(
  'in %s the name %j is shown and nothing else',
  ([locale, name]) => {
    const recipient = recipientFor({ locale, zone: 'Asia/Tokyo' });
    const at = { instant: Date.UTC(2027, 2, 14, 12), alsoZone: 'Europe/Berlin' };
    const values = { account: name, giver: name, receiver: name, person: name, severity: name };
    for (const key of Object.keys(catalogues.get('en')?.['handoff'] ?? {})) {
      if (['severity', 'explain', 'timeline'].includes(key)) continue;
      const mail = render(
        `handoff.${key}`,
        { ...values, percent: 50, at, dueAt: at, formerlyAt: at },
        recipient,
      );
      expect(mail.subject).not.toMatch(/[\r\n]/);
      expect(mail.html).not.toContain('<img');
      expect(mail.html).not.toMatch(/[\u202A-\u202E\uE000\uE001]/);
      expect(mail.text).not.toMatch(/undefined|Invalid|\uE000/);
      const own = name.includes('{{') ? mail.text.replaceAll(name, '') : mail.text;
      expect(own).not.toContain('{{');
    }
  },
);

test('each reader gets their own language and clock, however the sentences are interleaved', () => {
  const at = { instant: Date.UTC(2027, 0, 4, 0, 30) };
  const berlin = recipientFor({ locale: 'de', zone: 'Europe/Berlin' });
  const riyadh = recipientFor({ locale: 'ar', zone: 'Asia/Riyadh' });
  const tokyo = recipientFor({ locale: 'ja', zone: 'Asia/Tokyo' });
  for (let round = 0; round < 100; round++) {
    const say = [berlin, riyadh, tokyo].map((reader) =>
      phrase('handoff.explain.held', { at }, reader),
    );
    expect(say[0]).toContain('1:30');
    expect(say[1]).toContain('3:30');
    expect(say[2]).toContain('9:30');
  }
  expect(riyadh.direction).toBe('rtl');
  expect(recipientFor({ locale: null, regionLocale: 'ja', zone: 'Asia/Tokyo' }).locale).toBe('ja');
  expect(recipientFor({ locale: 'xx', zone: 'Asia/Tokyo' }).locale).toBe('en');
});
