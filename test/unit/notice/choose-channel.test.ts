import { array, assert, constantFrom, option, property, record, uniqueArray } from 'fast-check';
import { expect, test } from 'vitest';
import {
  allowedBy,
  chooseChannel,
  type ChannelFacts,
} from '../../../domain/notice/choose-channel.ts';
import { channelNames } from '../../../domain/people/preferences.ts';

const facts = (change: Partial<ChannelFacts> = {}): ChannelFacts => ({
  wanted: null,
  allowed: ['email', 'slack'],
  reachable: ['email', 'slack', 'teams'],
  off: [],
  failed: [],
  ...change,
});

test('the region’s order counts where a person has said nothing, and their own where they have', () => {
  expect(chooseChannel(facts()).candidates).toEqual(['email', 'slack']);
  expect(chooseChannel(facts({ wanted: ['slack'] })).candidates).toEqual(['slack', 'email']);
});

test('each channel that is left out says why', () => {
  const left = {
    wanted: ['teams', 'slack'],
    off: ['email'],
    reachable: ['email', 'teams'],
  } as const;
  expect(chooseChannel(facts(left))).toEqual({
    candidates: [],
    leftOut: { teams: 'not_allowed', slack: 'no_address', email: 'off' },
  });
  expect(chooseChannel(facts({ failed: ['email'] }))).toEqual({
    candidates: ['slack'],
    leftOut: { email: 'failed' },
  });
});

test('no wish opens a way that the region forbids, and none closes one that it permits', () => {
  const some = uniqueArray(constantFrom(...channelNames));
  const any = record({
    wanted: option(some),
    allowed: some,
    reachable: some,
    off: some,
    failed: some,
  });
  assert(
    property(any, (given) => {
      const { candidates } = chooseChannel(given);
      const open = given.allowed.filter(
        (name) =>
          given.reachable.includes(name) &&
          !given.off.includes(name) &&
          !given.failed.includes(name),
      );
      expect(candidates.toSorted()).toEqual(open.toSorted());
    }),
  );
});

test('a policy that names no channel of ours leaves e-mail', () => {
  const values = array(constantFrom<unknown>('fax', 7, null, {}, ['email']));
  assert(
    property(values, (policy) => {
      expect(allowedBy(policy)).toEqual(['email']);
    }),
  );
  for (const policy of [null, 'slack', { slack: true }])
    expect(allowedBy(policy)).toEqual(['email']);
  expect(allowedBy(['teams', 'fax', 'email'])).toEqual(['teams', 'email']);
});
