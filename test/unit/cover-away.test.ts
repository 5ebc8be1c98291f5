/** Who is away for too much of a cover, and what is told where another cover follows at once. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { canCover } from '../../domain/cover/away.ts';
import { coverNotices } from '../../domain/cover/notices.ts';
import { holderAt } from '../../domain/cover/plan.ts';
import {
  type CoverEvent,
  type CoverFacts,
  type CoverState,
  initialCover,
} from '../../domain/cover/state.ts';
import type { AccountId, PersonId } from '../../domain/id.ts';
import type { PersonFacts, PlanningWorld } from '../../domain/loop.ts';
import { deciderOf } from '../../domain/people/delegation.ts';
import { proofSeed, proofSize } from '../support/proof.ts';

const [owner, taker] = ['owner', 'taker'] as [PersonId, PersonId];
const stretch = fc
  .tuple(fc.nat({ max: 40 }), fc.integer({ min: 1, max: 20 }))
  .map(([from, length]) => ({ from, until: from + length }));

test('who is away when it begins, or for half of it and more, does not cover, however absences overlap', () => {
  fc.assert(
    fc.property(stretch, fc.array(stretch, { maxLength: 5 }), (window, stretches) => {
      const away = stretches.map((one) => ({ ...one, person: taker }));
      const others = stretches.map((one) => ({ ...one, person: owner }));
      const units = Array.from(
        { length: window.until - window.from },
        (_none, index) => window.from + index,
      );
      const missed = units.filter((at) => away.some((one) => one.from <= at && at < one.until));
      const expected = !missed.includes(window.from) && missed.length * 2 < units.length;
      expect(canCover([...away, ...others], taker, window)).toBe(expected);
    }),
    { numRuns: proofSize(1_000, 100_000), seed: proofSeed },
  );
});

const account = 'clinic' as AccountId;
const state: CoverState = {
  ...initialCover,
  status: 'returned',
  account,
  owner,
  taker,
  from: 0,
  until: 10,
};
const facts: CoverFacts = {
  custodian: owner,
  isClosed: false,
  mergedInto: null,
  chain: null,
  isFollowed: false,
  away: [],
};
type Letters = readonly string[];
const lettersOf = (
  event: CoverEvent,
  more: Partial<CoverFacts> & { at?: number } = {},
): Letters => {
  const { at = 10, ...known } = more;
  const world = { at, facts: { ...facts, ...known } } as PlanningWorld<CoverFacts>;
  return coverNotices(event, state, world).map(({ to, key }) => `${key} ${to}`);
};
const told = (at: number, isFollowed: boolean): Letters =>
  lettersOf({ type: 'returned', from: taker, to: owner, by: null }, { at, isFollowed });

test('whoever has their account for no time between two covers is not told that it is back', () => {
  expect(told(10, true)).toEqual([`cover.ended_followed ${taker}`]);
  expect(told(10, false)).toEqual([`cover.returned ${owner}`, `cover.ended ${taker}`]);
  // Handed back before its end: the next one begins later.
  expect(told(5, true)).toEqual([`cover.returned ${owner}`, `cover.ended ${taker}`]);
});

test('whoever has an account after a cover because its owner has left is not told that they have it again', () => {
  const heir = 'heir' as PersonId;
  const ends = (to: PersonId, from = taker) => lettersOf({ type: 'returned', from, to, by: null });
  expect(ends(owner)).toEqual([`cover.returned ${owner}`, `cover.ended ${taker}`]);
  expect(ends(heir)).toEqual([`cover.returned_left ${heir}`, `cover.ended_left ${taker}`]);
  expect(ends(taker)).toEqual([`cover.returned_left ${taker}`]);
  const closes = (to: PersonId) =>
    lettersOf({ type: 'accountClosed', from: taker, to, into: null })[0];
  expect(closes(owner)).toBe(`cover.account_closed_returned ${owner}`);
  expect(closes(heir)).toBe(`cover.account_closed_left ${owner}`);
});

test('what nobody takes falls to whoever is there of the manager and two above, and before each next one to whoever decides for them at the end of the chain', () => {
  const [manager, above, top] = ['manager', 'above', 'top'] as [PersonId, PersonId, PersonId];
  const managers = new Map([
    [manager, above],
    [above, top],
  ]);
  const all = [manager, 'first', 'last', above, 'for above', top, 'for top'] as PersonId[];
  const links = new Map([
    [manager, 'first'],
    ['first', 'last'],
    [above, 'for above'],
    [top, 'for top'],
  ] as [PersonId, PersonId][]);
  const holder = (away: readonly PersonId[], gone: readonly PersonId[] = []) => {
    const world = {
      at: 0,
      facts: { ...facts, away: away.map((one) => ({ person: one, from: 0, until: 10 })) },
      person: (id: PersonId) =>
        ({ id, manager: managers.get(id) ?? null, isActive: !gone.includes(id) }) as PersonFacts,
      decider: (id: PersonId) => deciderOf(id, links),
    } as unknown as PlanningWorld<CoverFacts>;
    return holderAt({ ...state, manager }, world, 5);
  };
  const order = [manager, 'last', above, 'for above', top, 'for top'] as PersonId[];
  for (const [index, next] of order.entries()) {
    expect(holder(order.slice(0, index))).toBe(next);
    expect(holder([], order.slice(0, index))).toBe(next);
  }
  // Of those who are all away the nearest; nobody is left but the owner.
  expect(holder(all)).toBe(manager);
  expect(holder([], all)).toBe(owner);
});
