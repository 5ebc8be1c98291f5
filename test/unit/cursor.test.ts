import { expect, test } from 'vitest';
import { decodeCursor, encodeCursor, pageOf } from '../../api/cursor.ts';

test('a cursor leads back to where the page ended', () => {
  expect(decodeCursor(encodeCursor(['zürich', 1_795_435_200_000]), ['text', 'integer'])).toEqual([
    'zürich',
    1_795_435_200_000,
  ]);
  expect(decodeCursor(undefined, ['text'])).toBeNull();
});

test.each([
  ['nothing', ''],
  ['no JSON', 'abc'],
  ['another kind of value', encodeCursor([5])],
  ['too many values', encodeCursor(['a', 'b'])],
  ['an object', Buffer.from('{"0":"a","length":1}').toString('base64url')],
  ['a character no text of Postgres holds', encodeCursor(['a\u0000'])],
])('a cursor that holds %s is refused by name', (_what, cursor) => {
  expect(() => decodeCursor(cursor, ['text'])).toThrow('request.cursor_invalid');
});

test.each([0.5, 1e300, 8.64e15, -8.64e15, 253_402_300_800_000, Number.NaN])(
  '%s is no instant to go on from',
  (value) => {
    expect(() => decodeCursor(encodeCursor([value]), ['integer'])).toThrow(
      'request.cursor_invalid',
    );
  },
);

test('a day of no calendar is none to go on from', () => {
  for (const day of ['0000-01-01', '2026-13-01', '2026-02-30', 'noon']) {
    expect(() => decodeCursor(encodeCursor([day]), ['day'])).toThrow('request.cursor_invalid');
  }
});

test('the last page says that it is the last, also when it is full', () => {
  const as = { item: (row: number) => row, place: (row: number) => [row] };
  expect(pageOf([1, 2, 3], 2, as)).toEqual({ items: [1, 2], next: encodeCursor([2]) });
  expect(pageOf([1, 2], 2, as)).toEqual({ items: [1, 2], next: null });
  expect(pageOf([], 2, as)).toEqual({ items: [], next: null });
});
