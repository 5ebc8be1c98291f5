import { expect, test } from 'vitest';
import { locales } from '../../../locales/catalogue.ts';
import { phrase, recipientFor, render } from '../../../locales/render.ts';
import { messageKeys, readers, valuesWith } from '../../support/readers.ts';

const hostile = {
  'a line break': 'Eve\r\nBcc: all@example.test',
  'a comma': 'Weber, Jonas <other@example.test>',
  markup: '<img src=x onerror=alert(1)>',
  'an entity': '&lt;script&gt;&#x202e;',
  'a quote': '" onmouseover="alert(1)',
  'a placeholder': '{{receiver}}',
  'a nested key': '$t(handoff.bounced.subject)',
  prototypes: '__proto__',
  'a replacement pattern': "$& $1 $` $' $<x>",
  'a turn to the left': '\u202Etxt.exe',
  'an isolate that ends ours': '\u2069\u2069evil\u2066',
  'our own marks': '\uE000giver\uE001\uE002',
  'half a letter': 'Eve \uD83D',
  'a NUL': 'Eve\u0000Mallory',
};

const tagsOf = (html: string): readonly string[] => html.match(/<[^>]*>/g) ?? [];

test.for(
  Object.entries(hostile).flatMap(([what, name]) =>
    locales.map((locale) => [locale, what, name] as const),
  ),
)('in %s, %s in a name is shown as what it is and obeyed by nothing', ([locale, , name]) => {
  const recipient = recipientFor({ locale, zone: 'Asia/Tokyo' });
  for (const key of messageKeys) {
    const harmless = render(key, valuesWith('Eve'), recipient);
    const mail = render(key, valuesWith(name), recipient);
    expect(tagsOf(mail.html)).toEqual(tagsOf(harmless.html));
    expect(mail.subject).not.toMatch(/\p{Cc}|\u2028|\u2029/u);
    expect(mail.text.split('\n')).toHaveLength(harmless.text.split('\n').length);
    for (const said of [mail.subject, mail.text, mail.html]) {
      expect(said).not.toMatch(/[\u202A-\u202E\u2066\u2067\uE000-\uE002]|undefined|Invalid/);
      expect(said.isWellFormed()).toBe(true);
    }
    const [opened, closed] = [/\u2068/g, /\u2069/g].map((mark) => mail.text.match(mark)?.length);
    expect(opened).toBe(closed);
  }
});

test('a name that looks like a placeholder, a key or a pattern is shown letter by letter', () => {
  for (const name of ['{{receiver}}', '$t(handoff.bounced.subject)', "$& $1 $` $'", '__proto__']) {
    expect(phrase('page.for_person', { person: name }, readers.tokyo)).toContain(
      `\u2068${name}\u2069`,
    );
  }
});

test('a value cannot be called like an option of the translator', () => {
  const values = { lng: 'de', ns: 'x', defaultValue: 'pwned', returnObjects: 1, context: 'y' };
  expect(phrase('page.no_step', values, readers.tokyo)).toBe(
    phrase('page.no_step', {}, readers.tokyo),
  );
});

test('ten thousand combining marks and endless names are cut to what a line can hold', () => {
  const towering = phrase(
    'page.for_person',
    { person: `E${'\u0301'.repeat(10_000)}ve` },
    readers.berlin,
  );
  expect(towering).toMatch(/E\u0301{8}ve/);
  const endless = phrase('page.for_person', { person: '😀'.repeat(10_000) }, readers.berlin);
  expect(endless.length).toBeLessThan(330);
  expect(endless.isWellFormed()).toBe(true);
});

test('a name as long as names get is whole', () => {
  const name = 'Wolfeschlegelsteinhausenbergerdorff '.repeat(6).trim();
  expect(phrase('page.for_person', { person: name }, readers.berlin)).toContain(name);
});

test('a subject isolates a name only where directions mix, so that it can be searched and sorted', () => {
  const subjectOf = (account: string, reader: keyof typeof readers): string =>
    render('handoff.held', { ...valuesWith('x'), account }, readers[reader]).subject;
  expect(subjectOf('St. Hedwig', 'berlin')).toBe('Eine Übergabe ruht: St. Hedwig');
  expect(subjectOf('مستشفى الرياض', 'berlin')).toContain('\u2068مستشفى الرياض\u2069');
  expect(subjectOf('St. Hedwig', 'riyadh')).toContain('\u2068St. Hedwig\u2069');
});
