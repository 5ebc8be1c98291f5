import { assert, pre, property, uuid } from 'fast-check';
import { expect, test } from 'vitest';
import { isReplyToken, repliedLoop, replyToken } from '../../../channels/email/reply-token.ts';
import { unsubscribeToken } from '../../../channels/email/unsubscribe.ts';
import type { LoopId } from '../../../domain/id.ts';
import { person } from '../../support/people.ts';

const secret = 's'.repeat(32);
const loops = uuid().map((id) => id as LoopId);
const lead = person('berlin-lead');

test('a reply token names its loop and proves its person, whatever becomes of its case', () => {
  assert(
    property(loops, (loop) => {
      const token = replyToken(secret, { loop, person: lead });
      expect(`reply+${token}`.length).toBeLessThanOrEqual(64);
      for (const sent of [token, token.toUpperCase()]) {
        expect(repliedLoop(sent)).toBe(loop);
        expect(isReplyToken(secret, sent, { loop, person: lead })).toBe(true);
      }
    }),
  );
});

test('a reply token proves no other person, no other loop, and nothing under another secret', () => {
  assert(
    property(loops, loops, (loop, other) => {
      pre(loop !== other);
      const token = replyToken(secret, { loop, person: lead });
      expect(isReplyToken(secret, token, { loop, person: person('tokyo-lead') })).toBe(false);
      expect(isReplyToken(secret, token, { loop: other, person: lead })).toBe(false);
      expect(isReplyToken('t'.repeat(32), token, { loop, person: lead })).toBe(false);
    }),
  );
});

test.each(['', 'z'.repeat(50), `${'0'.repeat(49)}é`, unsubscribeToken(secret, lead)])(
  'what is no token names no loop: %s',
  (token) => {
    expect(repliedLoop(token)).toBeNull();
  },
);
