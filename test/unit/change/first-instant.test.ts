import { expect, test } from 'vitest';
import { firstInstant } from '../../../domain/change/first-instant.ts';

const now = Date.parse('2026-04-23T21:30Z');
const of = (zone: string, day: string) => {
  const at = firstInstant({ zone, day, now });
  return typeof at === 'object' ? at.code : new Date(at).toISOString();
};

test.each([
  ['tomorrow in UTC', 'Etc/UTC', '2026-04-24', '2026-04-24T00:00:00.000Z'],
  ['a day in Tokyo', 'Asia/Tokyo', '2026-05-01', '2026-04-30T15:00:00.000Z'],
  ['a day whose midnight there is not', 'Africa/Cairo', '2026-04-24', '2026-04-23T22:00:00.000Z'],
  ['today, at once', 'Etc/UTC', '2026-04-23', '2026-04-23T21:30:00.000Z'],
  [
    'today in Tokyo, which is tomorrow in UTC',
    'Asia/Tokyo',
    '2026-04-24',
    '2026-04-23T21:30:00.000Z',
  ],
  ['yesterday in Tokyo, which is today in UTC', 'Asia/Tokyo', '2026-04-23', 'change.past'],
  ['no day', 'Etc/UTC', '2026-02-30', 'change.past'],
  ['further than three years', 'Etc/UTC', '2029-04-24', 'change.too_far'],
])('%s', (_what, zone, day, expected) => {
  expect(of(zone, day)).toBe(expected);
});
