/** Each text of each catalogue, filled with the worst that a person can be called. */
import { beforeEach, expect, test } from 'vitest';
import { catalogueGaps, locales } from '../../../locales/catalogue.ts';
import { textsOf } from '../../../locales/checks.ts';
import { phrase, phraseHtml, recipientFor, type RenderValues } from '../../../locales/render.ts';
import { forgetGaps } from '../../support/gaps.ts';

beforeEach(forgetGaps);

const hostile = [
  'Eve\r\nBcc: all@example.test',
  'Weber, Jonas <other@example.test>, all@example.test',
  '<img src=x onerror=alert(1)>',
  '{{x}}',
  '$t(handoff.bounced.subject)',
  '__proto__',
  '\u202Etxt.exe',
  `E${'\u0301'.repeat(10_000)}ve`,
  '👩‍👩‍👧‍👦',
  'Wolfeschlegelsteinhausenbergerdorff'.repeat(6).slice(0, 200),
];

const texts = textsOf('en');
/** What the code asks for: a plural by the key of all its forms. Names and terms are no sentences. */
const keys = [...texts.keys()].filter((key) => !/^(about|glossary)\./.test(key));
const placeholder = /\{\{(\w+)(, number)?\}\}/g;

/** Every value that a text has a place for: a number where it is written as one, else the name. */
const filledWith = (text: string, name: string): RenderValues =>
  Object.fromEntries(
    [...text.matchAll(placeholder)].map(([, value = '', isNumber]) => [
      value,
      isNumber ? 1234 : name,
    ]),
  );
/** What is ours of a text: all but the values. */
const oursOf = (html: string): string => html.replaceAll(/<bdi>.*?<\/bdi>/g, '');

test.for(locales)('in %s every text holds its shape, whatever is put into it', (locale) => {
  const reader = recipientFor({ locale, zone: 'Asia/Kathmandu' });
  const gapsBefore = [...catalogueGaps()];
  const wrong = keys.flatMap((key) => {
    const english = texts.get(key) ?? '';
    const shape = oursOf(phraseHtml(key, filledWith(english, 'Eve'), reader));
    if (shape === key || /\{\{|\}\}|…|\$t\(|__/.test(shape)) return [key];
    // Without a place for a value, no name can do anything.
    const names = english.includes('{{') ? hostile : [];
    return names.flatMap((name) => {
      const html = phraseHtml(key, filledWith(english, name), reader);
      const isBroken = /undefined|Invalid|NaN|\[object|[\r\u202E]|<(?!\/?bdi>)/.test(html);
      return isBroken || oursOf(html) !== shape ? [`${key} with ${name.slice(0, 40)}`] : [];
    });
  });
  expect(wrong).toEqual([]);
  expect([...catalogueGaps()]).toEqual(gapsBefore);
});

test.for(locales)('in %s a value that is not there is a gap to be seen, and counted', (locale) => {
  const reader = recipientFor({ locale, zone: 'Asia/Tokyo' });
  const wrong = keys.flatMap((key) => {
    const [first, ...rest] = [...(texts.get(key) ?? '').matchAll(placeholder)];
    if (!first) return [];
    const undefineds = [first, ...rest].map(([, name = '']) => [name, undefined]);
    const counted = (): number => catalogueGaps().get(`*/${first[0]}`) ?? 0;
    return [{}, Object.fromEntries(undefineds) as RenderValues].flatMap((values) => {
      const before = counted();
      const said = phrase(key, values, reader);
      const isSeen = said.includes('…') && !/undefined|NaN|\{\{|\u2068\u2069/.test(said);
      return isSeen && counted() > before ? [] : [[key, said]];
    });
  });
  expect(wrong).toEqual([]);
});
