import * as fc from 'fast-check';
import type { Context } from 'hono';
import { describe, expect, test } from 'vitest';
import { addressOf } from '../../api/middleware/address.ts';
import { createMeter } from '../../api/middleware/rate-limit.ts';
import { storyClock } from '../support/story-clock.ts';

const rate = { burstMax: 10, perMinute: 60 };

test('a burst is answered, then one request a second, and the wait that was told is enough', () => {
  const clock = storyClock(0);
  const meter = createMeter(rate, clock);
  const burst = Array.from({ length: rate.burstMax }, () => meter('one'));
  expect(burst).toEqual(burst.map(() => 0));
  const seconds = meter('one');
  expect(seconds).toBe(1);
  clock.moveTo(seconds * 1_000);
  expect(meter('one')).toBe(0);
  expect(meter('one')).toBe(1);
});

test('one sender never uses up what another has', () => {
  const meter = createMeter(rate, storyClock(0));
  for (let requests = 0; requests < 100; requests++) meter('one');
  expect(meter('other')).toBe(0);
});

test('no sender gets more than a burst and the steady rate, whenever they ask', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5_000), { maxLength: 200 }), (pauses) => {
      const clock = storyClock(0);
      const meter = createMeter(rate, clock);
      let answered = 0;
      for (const pause of pauses) {
        clock.moveTo(clock.now() + pause);
        if (meter('one') === 0) answered++;
      }
      expect(answered).toBeLessThanOrEqual(
        rate.burstMax + (clock.now() * rate.perMinute) / 60_000 + 1e-6,
      );
    }),
  );
});

test('the memory it takes has a bound, however many senders there are', () => {
  const meter = createMeter(rate, storyClock(0));
  for (let requests = 0; requests < 11; requests++) meter('first');
  expect(meter('first')).toBeGreaterThan(0);
  for (let sender = 0; sender < 20_000; sender++) meter(`sender ${sender}`);
  expect(meter('first')).toBe(0); // heard so long ago that it was forgotten
});

describe('the sender of a request', () => {
  const sender = (proxies: number, forwarded?: string): string | null => {
    const env = { incoming: { socket: { remoteAddress: '10.0.0.1' } } };
    const header = (): string | undefined => forwarded;
    return addressOf(proxies)({ env, req: { header } } as unknown as Context);
  };
  test.each([
    ['without a proxy is who is connected, whatever a header claims', 0, '203.0.113.9', '10.0.0.1'],
    ['behind one is whom it saw', 1, '203.0.113.9', '203.0.113.9'],
    ['behind one is nobody that the sender made up', 1, '198.51.100.1, 203.0.113.9', '203.0.113.9'],
    ['behind two is whom the outer one saw', 2, '1.1.1.1, 203.0.113.9, 10.0.0.2', '203.0.113.9'],
    ['behind one that adds nothing is the proxy', 1, undefined, '10.0.0.1'],
    ['behind two of which one adds nothing is the proxy', 2, '203.0.113.9', '10.0.0.1'],
    ['behind one that adds what is no address is the proxy', 1, 'unknown', '10.0.0.1'],
    ['behind one that adds the port too has one address', 1, '203.0.113.9:61234', '203.0.113.9'],
    ['of IPv6 is the network that one place has', 1, '2001:db8:0:7:1::1', '2001:db8:0:7'],
    ['of IPv6 is one however it is written', 1, '[2001:0DB8::7:0:0:0:1]:443', '2001:db8:0:7'],
    ['of short IPv6 is whole', 1, '::1', '0:0:0:0'],
    ['of IPv4 in IPv6 is that of IPv4', 1, '::ffff:203.0.113.9', '203.0.113.9'],
  ])('%s', (_what, proxies, forwarded, expected) => {
    expect(sender(proxies, forwarded)).toBe(expected);
  });
});
