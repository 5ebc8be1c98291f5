/**
 * Every message there is, as three people of one collaboration get it: who sends in Berlin, who is asked
 * in Riyadh, who watches in Tokyo. The kinds are those of the catalogue: a new loop's are among them.
 */
import { type ParsedMail, simpleParser } from 'mailparser';
import { beforeEach, describe, expect, test } from 'vitest';
import { entryOf, letterEvent, timedPart } from '../../../activities/letter-event.ts';
import { composeEmail } from '../../../channels/email/compose.ts';
import { threadId } from '../../../channels/email/thread.ts';
import { oneLine } from '../../../channels/email/safe-text.ts';
import type { BundledNotice } from '../../../db/bundles.ts';
import type { LoopId, NoticeId, PersonId } from '../../../domain/id.ts';
import { catalogueGaps, locales } from '../../../locales/catalogue.ts';
import { textsOf } from '../../../locales/checks.ts';
import { type Recipient, recipientFor, render } from '../../../locales/render.ts';
import { forgetGaps } from '../../support/gaps.ts';
import { instant, messageKeys, readers, valuesWith } from '../../support/readers.ts';

beforeEach(forgetGaps);

type Name = keyof typeof readers;
const names = Object.keys(readers) as Name[];

/** How each of them writes the same instant, on which clock and in which script. */
const signs = {
  berlin: {
    direction: 'ltr',
    date: 'Montag, 4. Januar 2027 um 9:00 (Mitteleuropäische Zeit, UTC+01:00',
    day: 'Mittwoch, 10. März 2027',
    wall: 'TZID=Europe/Berlin:20270104T090000',
    script: /[A-Za-zäöüß]{4}/,
  },
  riyadh: {
    direction: 'rtl',
    date: 'الاثنين، 4 يناير 2027 في 11:00 ص (التوقيت العربي الرسمي، UTC+03:00',
    day: 'الأربعاء، 10 مارس 2027',
    wall: 'TZID=Asia/Riyadh:20270104T110000',
    script: /\p{Script=Arabic}/u,
  },
  tokyo: {
    direction: 'ltr',
    date: '2027年1月4日月曜日 17:00（日本標準時、UTC+09:00',
    day: '2027年3月10日水曜日',
    wall: 'TZID=Asia/Tokyo:20270104T170000',
    script: /[\p{Script=Hiragana}\p{Script=Katakana}]/u,
  },
} as const satisfies Record<Name, unknown>;

const inEnglish = /Monday, January 4, 2027.*11:00\sAM \(.*UTC\+03:00/;

const loop = '0190a0a0-5b6c-8def-9012-3456789abcde' as LoopId;
const values = valuesWith('St. Hedwig Clinics');
const plain = (text: string): string => text.replace(/[\u2066-\u2069]/g, '');
const isolates = (text: string): readonly number[] =>
  ['\u2068', '\u2069'].map((mark) => text.split(mark).length - 1);

/** The values that a text has places for. */
const placesOf = (key: string, locale: string): readonly string[] =>
  [...(textsOf(locale).get(`${key}.body`) ?? '').matchAll(/\{\{(\w+)/g)].map(
    ([, name = '']) => name,
  );
const isDated = (key: string): boolean =>
  placesOf(key, 'en').some((name) => typeof values[name] === 'object' && 'instant' in values[name]);

/** Whether it names the tenth of March, on no clock. */
const isOfDays = (key: string): boolean =>
  placesOf(key, 'en').some((name) => {
    const value = values[name];
    return typeof value === 'object' && 'day' in value && value.day === '2027-03-10';
  });

const told = (key: string): BundledNotice => ({
  id: 'notice' as NoticeId,
  loopId: loop,
  sequence: 3,
  key,
  params:
    key === 'handoff.call'
      ? { meetsAt: { instant }, meetsUntil: { instant: instant + 1_800_000 } }
      : {},
  locale: null,
});

async function mailOf(key: string, who: Name, reader: Recipient = readers[who]) {
  const to = { to: who as PersonId, isAsking: true, dueAt: instant };
  const rendered = render(key, values, reader);
  const part = timedPart([told(key)], to);
  const raw = await composeEmail(
    {
      messageId: 'notice.1',
      to: { name: 'Reader', address: `${who}@example.test` },
      recipient: reader,
      rendered,
      link: `https://meridian.test/tasks/${loop}`,
      at: instant,
      thread: threadId(loop, to.to),
      ...(part && { event: letterEvent(entryOf(part, to), to.to, rendered.subject) }),
    },
    { from: { name: 'Meridian', address: 'meridian@example.test' } },
  );
  return { rendered, mail: await simpleParser(Buffer.from(raw)) };
}

const calendarOf = (mail: ParsedMail): string =>
  (mail.attachments.find(({ contentType }) => contentType === 'text/calendar')?.content ?? '')
    .toString()
    .replaceAll(/\r\n[ \t]/g, '');
const summaryOf = (calendar: string): string | undefined =>
  /SUMMARY:(.*)\r\n/.exec(calendar)?.[1]?.replaceAll(/\\([,;\\])/g, '$1');

describe.for(messageKeys)('%s', (key) => {
  test.for(names)(
    'reaches %s in their language, direction and wall time alone, and brings its time for their calendar',
    async (who) => {
      const { direction, date, day, script } = signs[who];
      const { mail, rendered } = await mailOf(key, who);
      const html = String(mail.html);
      expect(mail.headers.get('content-language')).toBe(readers[who].locale);
      expect(html).toContain(`<html lang="${readers[who].locale}" dir="${direction}">`);
      expect(mail.subject).toBe(oneLine(rendered.subject, 200));
      for (const said of [rendered.subject, rendered.text, rendered.html]) {
        expect(said).toMatch(script);
        expect(said).not.toMatch(/[٠-٩۰-۹०-९]/);
        expect(said).not.toMatch(/\{\{|\}\}|undefined|Invalid|NaN|\[object|…|[\uE000-\uE002]/);
        const [opened, closed] = isolates(said);
        expect(opened).toBe(closed);
        for (const other of names.filter((one) => one !== who && one !== 'berlin')) {
          expect(said).not.toMatch(signs[other].script);
        }
      }
      // Whatever ends an Arabic subject stands alone, but for a number.
      expect(rendered.subject).toMatch(who === 'riyadh' ? /[\u2069\d]$/ : /./);
      const isolated = placesOf(key, readers[who].locale).filter(
        (name) => typeof values[name] !== 'number',
      );
      expect(rendered.html.match(/<bdi>/g) ?? []).toHaveLength(isolated.length);
      expect(plain(rendered.text)).toContain(isDated(key) ? date : '');
      expect(plain(rendered.text)).toContain(isOfDays(key) ? day : '');
      expect(rendered.text.includes('UTC')).toBe(isDated(key));
      const calendar = calendarOf(mail);
      expect(calendar).toContain(`DTSTART;${signs[who].wall}`);
      expect(calendar).toContain(`TZID:${readers[who].zone}`);
      expect(calendar).toContain('METHOD:PUBLISH');
      expect(summaryOf(calendar)).toBe(oneLine(rendered.subject, 200));
      expect([...catalogueGaps()]).toEqual([]);
    },
  );

  test('is read in the language of the region, or in English, by whoever has none that we know', async () => {
    const zone = 'Asia/Riyadh';
    for (const locale of [null, 'tlh', '', '__proto__']) {
      const regional = recipientFor({ locale, regionLocale: 'ar-SA', zone });
      expect(regional).toMatchObject({ locale: 'ar', direction: 'rtl', localeFrom: 'region' });
      expect(render(key, values, regional)).toEqual(render(key, values, readers.riyadh));
      const nobody = recipientFor({ locale, regionLocale: 'tlh', zone });
      expect(nobody).toMatchObject({ locale: 'en', direction: 'ltr', localeFrom: 'default' });
      const { text } = render(key, values, nobody);
      expect(text).not.toMatch(/[^\P{L}\p{Script=Latin}]/u);
      expect(plain(text)).toMatch(isDated(key) ? inEnglish : /./);
    }
    const nobody = recipientFor({ locale: null, zone });
    const { mail, rendered } = await mailOf(key, 'riyadh', nobody);
    expect(mail.headers.get('content-language')).toBe('en');
    expect(String(mail.html)).toContain('<html lang="en" dir="ltr">');
    const calendar = calendarOf(mail);
    expect(calendar).toContain(`DTSTART;${signs.riyadh.wall}`);
    expect(summaryOf(calendar)).toBe(oneLine(rendered.subject, 200));
    expect([...catalogueGaps()]).toEqual([]);
  });
});

const places: Readonly<Record<string, string>> = {
  en: 'America/New_York',
  de: 'Europe/Berlin',
  fr: 'Europe/Paris',
  es: 'Europe/Madrid',
  'pt-BR': 'America/Sao_Paulo',
  ja: 'Asia/Tokyo',
  'zh-Hans': 'Asia/Shanghai',
  ko: 'Asia/Seoul',
  ar: 'Asia/Riyadh',
  hi: 'Asia/Kolkata',
};

test.for(locales)('the mails and calendar files of whoever reads %s are theirs', async (locale) => {
  const zone = places[locale]!;
  const reader = recipientFor({ locale, zone });
  const wall = new Date(instant).toLocaleString('sv', { timeZone: zone });
  const start = wall.replaceAll(/[-:]/g, '').replace(' ', 'T');
  // Each kind is rendered in each language elsewhere: here a share of them goes all the way.
  for (const key of messageKeys.filter((_, index) => index % 12 === 0)) {
    const { mail, rendered } = await mailOf(key, 'tokyo', reader);
    expect(mail.headers.get('content-language')).toBe(locale);
    expect(String(mail.html)).toContain(`<html lang="${locale}" dir="${reader.direction}">`);
    const calendar = calendarOf(mail);
    expect(calendar).toContain(`DTSTART;TZID=${zone}:${start}`);
    expect(summaryOf(calendar)).toBe(oneLine(rendered.subject, 200));
  }
  expect([...catalogueGaps()]).toEqual([]);
});

test('a hundred messages by turns are each as if it were the only one', () => {
  const everyone = [
    ...Object.values(readers),
    recipientFor({ locale: null, regionLocale: 'fr', zone: 'Europe/Paris' }),
    recipientFor({ locale: 'tlh', regionLocale: 'xx', zone: 'Asia/Kolkata' }),
    recipientFor({ locale: 'en', zone: 'America/New_York', hourCycle: 'h23' }),
    recipientFor({ locale: 'en', zone: 'America/New_York', hourCycle: 'h12' }),
  ];
  const turns = Array.from({ length: Math.max(100, messageKeys.length * 7) }, (_, turn) => turn);
  const say = (turn: number): string => {
    const reader = everyone[turn % everyone.length]!;
    return JSON.stringify(render(messageKeys[turn % messageKeys.length]!, values, reader));
  };
  // Reader by reader first, then all in turn: what went before differs for every one of them.
  const alone = new Map(
    turns.toSorted((a, b) => (a % everyone.length) - (b % everyone.length)).map((n) => [n, say(n)]),
  );
  for (const turn of turns) expect(say(turn)).toBe(alone.get(turn));
});
