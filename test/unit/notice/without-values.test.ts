import { assert as holds, constantFrom, dictionary, oneof, property, record } from 'fast-check';
import { expect, test } from 'vitest';
import type { NoticeParams, NoticeValue } from '../../../domain/loop.ts';
import { withoutValues } from '../../../domain/notice/without-values.ts';

const secret = 'secret';
const money = { money: { minor: secret, currency: secret } };
/** Each kind of value that names somebody, something or an amount. */
const telling = [
  secret,
  { person: secret },
  { account: secret },
  { region: secret },
  { title: secret },
  { opportunity: secret, title: secret },
  { team: secret },
  money,
  { budgetLine: secret, purpose: secret },
  { holiday: { region: secret, day: '2027-03-01' } },
] as unknown as readonly NoticeValue[];
const plain: readonly NoticeValue[] = [
  7,
  { term: 'handoff.severity.urgent' },
  { country: 'DE' },
  { language: 'ja' },
  { day: '2027-03-10' },
  { instant: 1 },
];

test('nobody’s name, nothing’s title and no amount is left of a message, at whatever depth, and every place is filled', () => {
  const leaf = constantFrom<NoticeValue>(...telling, ...plain);
  const within = record({
    sentence: constantFrom('a.b'),
    params: dictionary(constantFrom('x', 'y'), leaf),
  });
  const deeper = record({
    sentence: constantFrom('c.d'),
    params: dictionary(constantFrom('x', 'y'), oneof(leaf, within)),
  });
  const anyParams = dictionary(constantFrom('a', 'b', 'c'), oneof(leaf, within, deeper));
  holds(
    property(anyParams, (params: NoticeParams) => {
      const shown = withoutValues(params);
      expect(JSON.stringify(shown)).not.toContain(secret);
      expect(Object.keys(shown)).toEqual(Object.keys(params));
    }),
  );
});

test('times, counts and words of the catalogue stay, without whose clock it is', () => {
  const params = Object.fromEntries(plain.map((value, index) => [`v${index}`, value]));
  expect(withoutValues(params)).toEqual(params);
  const at = { instant: 1, alsoFor: secret } as unknown as NoticeValue;
  expect(withoutValues({ at })).toEqual({ at: { instant: 1 } });
});
