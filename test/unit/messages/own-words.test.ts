import { assert, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { ownWords } from '../../../channels/inbound/own-words.ts';

const ours = { name: 'Meridian', addresses: ['meridian@example.test', 'reply+'] };
const lines = (...all: readonly string[]): string => all.join('\r\n');
const own = 'Their buyer is away.\n\nAsk again on Monday.';
const words = own.split('\n');

/** As mail programs of today write beneath an answer. */
const answers: readonly (readonly [program: string, text: string])[] = [
  ['nothing at all', lines(...words)],
  [
    'Gmail',
    lines(
      ...words,
      '',
      'On Mon, Jan 4, 2027 at 9:00 AM Meridian <meridian@example.test> wrote:',
      '',
      '> Handoff',
      '> of St. Hedwig',
    ),
  ],
  [
    'Gmail in German, its introduction broken',
    lines(
      ...words,
      '',
      'Am Mo., 4. Jan. 2027 um 09:00 Uhr schrieb Meridian',
      '<meridian@example.test>:',
      '',
      '> Übergabe',
    ),
  ],
  [
    'Gmail in Japanese',
    lines(...words, '', '2027年1月4日(月) 17:00 Meridian <meridian@example.test>:', '> 引き継ぎ'),
  ],
  [
    'Thunderbird, which says our name alone',
    lines(...words, '', 'Am 04.01.27 um 09:00 schrieb Meridian:', '> Übergabe'),
  ],
  [
    'Outlook',
    lines(
      ...words,
      '',
      '________________________________',
      'From: Meridian <meridian@example.test>',
      'Sent: Monday, January 4, 2027 9:00 AM',
      '',
      'Handoff of St. Hedwig',
    ),
  ],
  [
    'Outlook in Chinese, without a line above',
    lines(
      ...words,
      '',
      '发件人：Meridian <reply+0abc@example.test>',
      '发送时间：2027年1月4日',
      '交接',
    ),
  ],
  [
    'a program that marks the original',
    lines(...words, '', '-----Ursprüngliche Nachricht-----', 'Von: jemand', 'Übergabe'),
  ],
  ['a signature', lines(...words, '', '-- ', 'Aiko Tanaka', '+81 3 1234 5678')],
];

test.for(answers)('of an answer written with %s their own words are left', ([, text]) => {
  expect(ownWords(text, ours)).toBe(own);
});

test('answers between the quotations are all kept', () => {
  const text = lines('> Who calls?', 'I do.', '> And when?', 'At 9:00, one by one:', 'first them.');
  expect(ownWords(text, ours)).toBe('I do.\nAt 9:00, one by one:\nfirst them.');
});

test('our name in their own words cuts nothing off', () => {
  const text = lines(
    'I shall write to Meridian:',
    'they know.',
    '',
    'Mail meridian@example.test too.',
  );
  expect(ownWords(text, ours)).toBe(text.replaceAll('\r\n', '\n'));
});

test('what is only quoted leaves no words', () => {
  expect(ownWords('> Handoff\n> of St. Hedwig\n', ours)).toBe('');
});

test('whatever comes, what is left is part of it, holds no control, and stays as it is when cut again', () => {
  assert(
    property(string({ unit: 'binary', maxLength: 300 }), (text) => {
      const left = ownWords(text, ours);
      expect(left).not.toMatch(/[^\P{Cc}\n\t]/u);
      expect(ownWords(left, ours)).toBe(left);
    }),
  );
});

test('a long mail of nothing but line ends, marks or colons is cut in time', () => {
  for (const piece of ['\n', '> ', ': ', '-', '_', 'a:\n', '<@']) {
    expect(ownWords(piece.repeat(500_000), ours).length).toBeLessThanOrEqual(1_000_000);
  }
});
