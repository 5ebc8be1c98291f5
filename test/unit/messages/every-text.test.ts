/** Each text of each catalogue, filled with the worst that a person can be called. */
import { beforeEach, expect, test } from 'vitest';
import { catalogueGaps, locales } from '../../../locales/catalogue.ts';
import { textsOf } from '../../../locales/checks.ts';
import {
  phrase,
  phraseHtml,
  recipientFor,
  render,
  type RenderValues,
} from '../../../locales/render.ts';
import { forgetGaps } from '../../support/gaps.ts';
import { messageKeys, readers, valuesWith } from '../../support/readers.ts';

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

/** What the code asks for: a plural by the key of all its forms. Names and terms are no sentences. */
const keys = [...textsOf('en').keys()].filter((key) => !/^(about|glossary)\./.test(key));
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
    const english = textsOf('en').get(key) ?? '';
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

test('a hundred messages to readers by turns are what each reader gets alone', () => {
  const everyone = [
    ...Object.values(readers),
    recipientFor({ locale: null, regionLocale: 'fr', zone: 'Europe/Paris' }),
    recipientFor({ locale: 'tlh', regionLocale: 'xx', zone: 'Asia/Kolkata' }),
    recipientFor({ locale: 'en', zone: 'America/New_York', hourCycle: 'h23' }),
    recipientFor({ locale: 'en', zone: 'America/New_York', hourCycle: 'h12' }),
  ];
  expect(everyone.slice(3, 5)).toMatchObject([
    { locale: 'fr', localeFrom: 'region' },
    { locale: 'en', localeFrom: 'default' },
  ]);
  const say = (turn: number): string => {
    const [reader, key] = [everyone[turn % everyone.length], messageKeys[turn % 11]];
    return JSON.stringify(render(key ?? '', valuesWith('St. Hedwig'), reader ?? readers.berlin));
  };
  const turns = Array.from({ length: 100 }, (_, turn) => turn);
  // Reader by reader first, then all in turn: what went before differs for every one of them.
  const alone = new Map(
    turns.toSorted((a, b) => (a % everyone.length) - (b % everyone.length)).map((n) => [n, say(n)]),
  );
  for (const turn of turns) expect(say(turn)).toBe(alone.get(turn));
});

test.for(locales)('in %s a value that is not there is a gap to be seen, and counted', (locale) => {
  const reader = recipientFor({ locale, zone: 'Asia/Tokyo' });
  const wrong = keys.flatMap((key) => {
    const [first, ...rest] = [...(textsOf('en').get(key) ?? '').matchAll(placeholder)];
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
