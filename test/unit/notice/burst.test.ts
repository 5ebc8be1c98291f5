import { array, assert as holds, constantFrom, property, tuple } from 'fast-check';
import { expect, test } from 'vitest';
import type { NoticeId, PersonId } from '../../../domain/id.ts';
import {
  isBurst,
  isOfProvider,
  type ProviderFailure,
  refusesEverybody,
} from '../../../domain/notice/burst.ts';

const policy = '550 5.7.1';
const failure = (reader: string, code = policy): ProviderFailure => ({
  at: 0,
  code,
  reader: reader as PersonId,
  notice: 'notice' as NoticeId,
});
/** `aab`: two to one reader, one to another. */
const to = (readers: string, code = policy) => Array.from(readers, (one) => failure(one, code));

test.for<[what: string, channel: string, refusals: readonly ProviderFailure[], rests: boolean]>([
  ['one reader, twelve times', 'email', to('aaaaaaaaaaaa'), false],
  ['two readers, four times alike', 'email', to('abab'), false],
  ['two readers, five times alike', 'email', to('aaaab'), true],
  ['two readers, alike without a status', 'email', to('ababa', '550'), true],
  ['two readers whose mailboxes are full', 'email', to('ababab', '552 5.2.2'), false],
  ['two readers, each in another way', 'email', [...to('aaaa'), ...to('bbbb', '554')], false],
  [
    'two readers alike, and one of them otherwise before',
    'email',
    [...to('a', '554'), ...to('ababa')],
    true,
  ],
  ['three readers, once', 'email', [...to('ab'), failure('c', '554')], true],
  ['two readers’ chats alike', 'slack', to('ababab', '403'), false],
  ['three readers’ chats', 'slack', to('abc', '403'), true],
])('%s, refused with nothing taken between', ([, channel, refusals, rests]) => {
  expect(refusesEverybody(channel, refusals)).toBe(rests);
});

const anyReader = constantFrom('a', 'b', 'c', 'd');
const anyCode = constantFrom(policy, '550', '552 5.2.2', '554 5.3.0', '403');
const anyRefusals = array(
  tuple(anyReader, anyCode).map(([reader, code]) => failure(reader, code)),
  {
    maxLength: 12,
  },
);
const anyChannel = constantFrom('email', 'slack', 'teams');

test('no reader alone rests a provider by what is refused to them, and more refusals never end a rest', () => {
  holds(
    property(anyChannel, anyRefusals, anyRefusals, (channel, refusals, more) => {
      const alone = refusals.map((one) => ({ ...one, reader: 'a' as PersonId }));
      expect(refusesEverybody(channel, alone)).toBe(false);
      if (!refusesEverybody(channel, refusals)) return;
      expect(refusesEverybody(channel, [...more, ...refusals])).toBe(true);
    }),
  );
});

test('five failures in a row are a burst of mail, of chats only those of three readers', () => {
  for (const readers of ['aaaaa', 'ababa', 'abcab']) {
    expect(isBurst('email', to(readers))).toBe(true);
    expect(isBurst('teams', to(readers))).toBe(readers.includes('c'));
  }
  expect(isBurst('email', to('abcd'))).toBe(false);
});

test.for<[code: string, counts: boolean]>([
  ['451', false],
  ['busy', false],
  ['421', true],
  ['ESOCKET', true],
  ['500', true],
])('a failure that says %s is the provider’s own: %s', ([code, counts]) => {
  expect(isOfProvider({ code })).toBe(counts);
});
