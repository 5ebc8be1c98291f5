import { beforeEach, expect, test } from 'vitest';
import { catalogueGaps } from '../../../locales/catalogue.ts';
import { phraseHtml, recipientFor, render } from '../../../locales/render.ts';
import { instant, readers, valuesWith } from '../../support/readers.ts';
import { forgetGaps } from '../../support/gaps.ts';

beforeEach(forgetGaps);

const values = { ...valuesWith('St. Hedwig Clinics'), giver: 'Jonas Weber', severity: 'Klasse 1' };
const plain = (text: string): string => text.replace(/[\u2066-\u2069]/g, '');

test('a deadline shows the clock of the other person too, under their name, when it differs', () => {
  const dueAt = { instant, alsoZone: 'Europe/Berlin', alsoName: 'Jonas Weber' };
  const inTokyo = plain(render('handoff.read_back', { ...values, dueAt }, readers.tokyo).text);
  expect(inTokyo).toContain(
    '2027年1月4日月曜日 17:00（日本標準時、UTC+09:00。Jonas Weber: 2027年1月4日月曜日 9:00）',
  );
  const inBerlin = plain(render('handoff.read_back', { ...values, dueAt }, readers.berlin).text);
  expect(inBerlin).toContain('Montag, 4. Januar 2027 um 9:00 (Mitteleuropäische Zeit, UTC+01:00)');
  expect(inBerlin).not.toContain('Jonas Weber:');
});

test('digits and calendar of a deadline are the same for everyone, whatever the country prefers', () => {
  const zones = {
    'ar-EG': 'Africa/Cairo',
    'ar-SA': 'Asia/Riyadh',
    'ja-JP-u-ca-japanese': 'Asia/Tokyo',
  };
  for (const [locale, zone] of Object.entries(zones)) {
    const { text } = render('handoff.held', values, recipientFor({ locale, zone }));
    expect(text).toContain('2027');
    expect(text).not.toMatch(/[٠-٩۰-۹]/);
  }
});

test.for([
  ['America/New_York', Date.UTC(2027, 2, 14, 6, 30), '1:30 AM', 'UTC-05:00'],
  ['America/New_York', Date.UTC(2027, 2, 14, 7, 30), '3:30 AM', 'UTC-04:00'],
  ['America/New_York', Date.UTC(2027, 10, 7, 5, 30), '1:30 AM', 'UTC-04:00'],
  ['America/New_York', Date.UTC(2027, 10, 7, 6, 30), '1:30 AM', 'UTC-05:00'],
  ['Australia/Lord_Howe', Date.UTC(2027, 0, 1, 0, 0), '11:00 AM', 'UTC+11:00'],
  ['Asia/Kathmandu', Date.UTC(2027, 0, 1, 0, 0), '5:45 AM', 'UTC+05:45'],
  ['Pacific/Marquesas', Date.UTC(2027, 0, 1, 0, 0), '2:30 PM', 'UTC-09:30'],
] as const)('in %s the instant %i reads %s, %s', ([zone, at, time, offset]) => {
  const reader = recipientFor({ locale: 'en', zone });
  const { text } = render('handoff.held', { ...values, at: { instant: at } }, reader);
  expect(plain(text)).toContain(time);
  expect(text).toContain(offset);
});

test.for([
  ['de', 'de', 'person'],
  ['pt', 'pt-BR', 'person'],
  ['pt_BR', 'pt-BR', 'person'],
  ['PT-br', 'pt-BR', 'person'],
  ['de-AT-1996', 'de', 'person'],
  ['zh', 'zh-Hans', 'person'],
  ['zh-CN', 'zh-Hans', 'person'],
  ['zh_SG', 'zh-Hans', 'person'],
  ['zh-Hans-CN', 'zh-Hans', 'person'],
  ['zh-TW', 'zh-Hans', 'person'],
  ['zh-Hant-HK', 'zh-Hans', 'person'],
  [null, 'ja', 'region'],
  ['xx', 'ja', 'region'],
  ['', 'ja', 'region'],
  ['../en', 'ja', 'region'],
  ['__proto__', 'ja', 'region'],
] as const)('the language %j is read as %s, taken from the %s', ([locale, read, from]) => {
  const found = recipientFor({ locale, regionLocale: 'ja', zone: 'Asia/Tokyo' });
  expect([found.locale, found.localeFrom]).toEqual([read, from]);
});

test('a Chinese reader is told a holiday by its Chinese name, on their clock', () => {
  const names = { zh: '开斋节', en: 'End of Ramadan' };
  const holiday = { name: 'عيد الفطر', names };
  const shanghai = recipientFor({ locale: 'zh-CN', zone: 'Asia/Shanghai' });
  const { subject } = render('holidayReview.asked', { ...values, holiday }, shanghai);
  expect(subject).toBe('请核实暂定节假日：开斋节');
  const { text } = render('handoff.held', { ...values, at: { instant } }, shanghai);
  expect(plain(text)).toContain('2027年1月4日星期一 16:00（中国标准时间，UTC+08:00）');
});

test('whose language nobody knows reads English, and it is known that it was nobody’s choice', () => {
  const found = recipientFor({ locale: null, regionLocale: 'tlh', zone: 'Asia/Tokyo' });
  expect(found).toEqual({
    locale: 'en',
    zone: 'Asia/Tokyo',
    direction: 'ltr',
    localeFrom: 'default',
  });
});

test('what has no text in any language shows its key and is counted', () => {
  expect(phraseHtml('page.no_such_text', {}, readers.riyadh)).toBe(
    '<span lang="en" dir="ltr">page.no_such_text</span>',
  );
  expect(phraseHtml('page.task', {}, readers.berlin)).toContain('page.task');
  expect(catalogueGaps().get('ar/page.no_such_text')).toBe(1);
  expect(catalogueGaps().get('en/page.no_such_text')).toBe(1);
});

test('a value that was not brought leaves a visible gap and is counted, and the rest is read', () => {
  const { text } = render('handoff.declined', { account: 'St. Hedwig' }, readers.berlin);
  expect(text).toMatch(/^… hat die Übergabe von \u2068St\. Hedwig\u2069 abgelehnt/);
  expect(catalogueGaps().get('*/{{person}}')).toBeGreaterThan(0);
});
