import * as fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { catalogueGaps, locales } from '../../../locales/catalogue.ts';
import { phraseHtml, recipientFor, render } from '../../../locales/render.ts';
import { proofSeed, proofSize, reportProof } from '../../support/proof.ts';
import { messageKeys, valuesWith } from '../../support/readers.ts';
import { forgetGaps } from '../../support/gaps.ts';

beforeEach(forgetGaps);

const numRuns = proofSize(400, 20_000);
const seed = proofSeed;

const zones = ['Europe/Berlin', 'Asia/Riyadh', 'Asia/Tokyo', 'America/Sao_Paulo', 'Asia/Kathmandu'];
const recipient = fc
  .record({ locale: fc.constantFrom(...locales), zone: fc.constantFrom(...zones) })
  .map(recipientFor);
/** Any text at all, with what is likely to hurt more often than chance would have it. */
const name = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom(
        '{{',
        '}}',
        '$t(',
        ')',
        '<',
        '>',
        '&',
        '"',
        '\r\n',
        '\u202E',
        '\u2069',
        '\uE000',
      ),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

const decoded = (html: string): string =>
  html
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

test('whatever somebody is called, the message keeps its shape, and text and HTML say the same', () => {
  reportProof('names in messages', numRuns);
  fc.assert(
    fc.property(recipient, fc.constantFrom(...messageKeys), name, (reader, key, hostile) => {
      const harmless = render(key, valuesWith('Eve'), reader);
      const mail = render(key, valuesWith(hostile), reader);
      expect(mail.html.match(/<[^>]*>/g)).toEqual(harmless.html.match(/<[^>]*>/g));
      expect(mail.subject).not.toMatch(/\p{Cc}/u);
      const textOf = (text: string): string => text.replace(/[\u2068\u2069]|\s+/g, '');
      expect(textOf(decoded(mail.html))).toBe(textOf(mail.text));
    }),
    { numRuns, seed },
  );
});

test('no reader’s language or clock depends on who was written to before', () => {
  reportProof('interleaved readers', numRuns);
  const alone = new Map<string, string>();
  const message = fc.record({ reader: recipient, key: fc.constantFrom(...messageKeys) });
  fc.assert(
    fc.property(fc.array(message, { minLength: 2, maxLength: 6 }), (messages) => {
      for (const { reader, key } of messages) {
        const said = JSON.stringify(render(key, valuesWith('Eve'), reader));
        const who = `${key}/${reader.locale}/${reader.zone}`;
        expect(said).toBe(alone.get(who) ?? said);
        alone.set(who, said);
      }
    }),
    { numRuns, seed },
  );
  expect([...catalogueGaps()]).toEqual([]);
});

test('an instant reads as the wall clock of the zone, by an oracle of its own', () => {
  reportProof('instants', numRuns);
  const at = fc.integer({ min: 0, max: Date.UTC(2090, 0, 1) });
  fc.assert(
    fc.property(at, fc.constantFrom(...zones), (ms, zone) => {
      const reader = recipientFor({ locale: 'en', zone });
      const said = phraseHtml('page.at', { at: { instant: ms } }, reader);
      const expected = new Intl.DateTimeFormat('en', {
        timeZone: zone,
        dateStyle: 'full',
        timeStyle: 'short',
      }).format(ms);
      const digits = (text: string): string => text.replace(/[^\w]+/g, ' ');
      expect(digits(said)).toContain(digits(expected));
    }),
    { numRuns, seed },
  );
});
