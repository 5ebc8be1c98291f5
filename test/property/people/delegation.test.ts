import { array, assert, constantFrom, integer, property, record } from 'fast-check';
import { expect, test } from 'vitest';
import type { PersonId } from '../../../domain/id.ts';
import {
  deciderOf,
  delegationChainMax,
  type DelegationLink,
  type DelegationScope,
  faultOf,
} from '../../../domain/people/delegation.ts';
import { proofSeed, proofSize, reportProof } from '../../support/proof.ts';

const runs = proofSize(3_000, 300_000);
const options = { numRuns: runs, seed: proofSeed };
const timeout = proofSize(60_000, 1_800_000);

const people = 'abcdefg'.split('') as PersonId[];
const scopes: readonly DelegationScope[] = ['all', 'handoff', 'outlook'];
const last = 8;

const anyLink = record({
  principal: constantFrom(...people),
  delegate: constantFrom(...people),
  scope: constantFrom(...scopes),
  from: integer({ min: 0, max: last - 1 }),
  length: integer({ min: 1, max: 4 }),
})
  .filter(({ principal, delegate }) => principal !== delegate)
  .map(({ from, length, ...link }): DelegationLink => ({ ...link, from, until: from + length }));

/** The longest way through links that hold at one instant in one loop; Infinity round a circle. */
function longestAt(links: readonly DelegationLink[], at: number, loop: DelegationScope): number {
  const held = links.filter(
    ({ from, until, scope }) => from <= at && at < until && (scope === 'all' || scope === loop),
  );
  const from = (person: PersonId, passed: readonly PersonId[]): number => {
    if (passed.includes(person)) return Infinity;
    const next = held.filter(({ principal }) => principal === person);
    return Math.max(0, ...next.map(({ delegate }) => 1 + from(delegate, [...passed, person])));
  };
  return Math.max(...people.map((person) => from(person, [])));
}

const longest = (links: readonly DelegationLink[]): number =>
  Math.max(
    ...Array.from({ length: last + 4 }, (_, at) =>
      Math.max(...(['handoff', 'outlook'] as const).map((loop) => longestAt(links, at, loop))),
    ),
  );

/** Whether one person would have delegated the same to two at some instant. */
const isHeldTwice = (links: readonly DelegationLink[], added: DelegationLink): boolean =>
  links.some(
    ({ principal, scope, from, until }) =>
      principal === added.principal &&
      scope === added.scope &&
      Array.from({ length: last + 4 }, (_, at) => at).some(
        (at) => from <= at && at < until && added.from <= at && at < added.until,
      ),
  );

test(
  'what is added one by one never makes a circle or a chain too long, at no instant and in no loop',
  { timeout },
  () => {
    reportProof('delegations added one by one, sequences', runs);
    const sequences = property(array(anyLink, { maxLength: 14, size: 'max' }), (added) => {
      const links: DelegationLink[] = [];
      for (const link of added) {
        const fault = faultOf(link, links);
        const after = longest([...links, link]);
        const isTrue = {
          overlaps: isHeldTwice(links, link),
          cycle: after === Infinity,
          chain_too_long: after > delegationChainMax,
          none: after <= delegationChainMax,
        };
        expect([fault, isTrue[fault ?? 'none']]).toEqual([fault, true]);
        if (fault === null) links.push(link);
      }
    });
    assert(sequences, options);
  },
);

test('whoever is asked is at the end of the chain; in a circle, nobody has delegated', () => {
  const links = (pairs: readonly string[]) =>
    new Map(pairs.map((pair) => pair.split('') as [PersonId, PersonId]));
  const decider = (person: string, pairs: readonly string[]) =>
    deciderOf(person as PersonId, links(pairs));
  expect(decider('a', [])).toBe('a');
  expect(decider('a', ['ab', 'bc'])).toBe('c');
  expect(decider('a', ['ab', 'ba'])).toBe('a');
  expect(decider('a', ['ab', 'bc', 'cb'])).toBe('a');
  expect(decider('a', ['ab', 'bc', 'cd', 'de'])).toBe('e');
  expect(decider('a', ['ab', 'bc', 'cd', 'de', 'ef'])).toBe('a');
});

test('an end and a beginning at the same instant do not meet', () => {
  const one: DelegationLink = {
    principal: 'a' as PersonId,
    delegate: 'b' as PersonId,
    scope: 'all',
    from: 0,
    until: 5,
  };
  const other = { ...one, delegate: 'c' as PersonId };
  expect(faultOf({ ...other, from: 5, until: 9 }, [one])).toBeNull();
  expect(faultOf({ ...other, from: 4, until: 9 }, [one])).toBe('overlaps');
  const back = { ...one, principal: 'b' as PersonId, delegate: 'a' as PersonId };
  expect(faultOf({ ...back, from: 5, until: 9 }, [one])).toBeNull();
  expect(faultOf({ ...back, from: 4, until: 9 }, [one])).toBe('cycle');
});
