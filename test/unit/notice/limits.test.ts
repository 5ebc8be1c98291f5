import { array, assert, integer, property } from 'fast-check';
import { expect, test } from 'vitest';
import { heldByLimits } from '../../../domain/notice/limits.ts';

const now = Date.UTC(2027, 2, 1, 12);
const second = 1_000;
const minute = 60 * second;

test('one mail a minute, and twenty an hour', () => {
  expect(heldByLimits('email', [], now)).toBeNull();
  expect(heldByLimits('email', [now - 20 * second], now)).toEqual({
    sendAt: now + 40 * second,
    reason: 'limit_minute',
  });
  const twenty = Array.from({ length: 20 }, (_, index) => now - (index + 2) * minute);
  expect(heldByLimits('email', twenty, now)).toEqual({
    sendAt: now + 39 * minute,
    reason: 'limit_hour',
  });
  expect(heldByLimits('email', twenty.slice(1), now)).toBeNull();
});

test.for(['slack', 'teams'])('%s takes thirty an hour, however fast', (channel) => {
  const thirty = Array.from({ length: 30 }, () => now - second);
  expect(heldByLimits(channel, thirty.slice(1), now)).toBeNull();
  expect(heldByLimits(channel, thirty, now)?.reason).toBe('limit_hour');
});

test('messages sent as early as the limits let them never break one', () => {
  const waits = array(integer({ min: 0, max: 5 * minute }), { maxLength: 60 });
  assert(
    property(waits, (pauses) => {
      const sent: number[] = [];
      let at = now;
      for (const pause of pauses) {
        at += pause;
        const held = heldByLimits('email', sent, at);
        at = held?.sendAt ?? at;
        expect(heldByLimits('email', sent, at)).toBeNull();
        sent.push(at);
      }
      // Walked by hand: no window of a minute holds two, none of an hour twenty-one.
      for (const [index, from] of sent.entries()) {
        const within = (ms: number) =>
          sent.slice(index).filter((other) => other < from + ms).length;
        expect(within(minute)).toBeLessThanOrEqual(1);
        expect(within(60 * minute)).toBeLessThanOrEqual(20);
      }
    }),
    { numRuns: 200 },
  );
});
