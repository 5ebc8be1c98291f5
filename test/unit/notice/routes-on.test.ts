import { expect, test } from 'vitest';
import { type RouteFacts, routesOn } from '../../../db/routes.ts';

const facts: RouteFacts = {
  wanted: null,
  // The region's own come first, each group from the latest on.
  policies: [
    { from: '2026-11-24', value: ['slack'] },
    { from: '2026-11-20', value: ['teams', 'email'] },
    { from: '2026-01-01', value: ['email'] },
  ],
  chatTexts: [
    { from: '2026-11-24', value: 'subject' },
    { from: '2026-11-20', value: 'whole' },
  ],
  addresses: { email: 'aiko@example.test' },
  off: [],
  failed: [],
  paused: { email: '2026-11-23T09:00:00Z' },
};

test.for([
  ['2026-11-24', ['slack']],
  ['2026-11-23', ['teams', 'email']],
  ['2026-11-19', ['email']],
  ['2025-12-31', ['email']],
] as const)('on %s where somebody is, their region permits %j', ([day, allowed]) => {
  expect(routesOn(facts, day).allowed).toEqual(allowed);
});

test.for([
  ['2026-11-24', false],
  ['2026-11-23', true],
  ['2026-11-19', false],
] as const)('on %s where somebody is, their chat shows all of a message: %s', ([day, isWhole]) => {
  expect(routesOn(facts, day).isWholeByChat).toBe(isWhole);
});

test('a provider rests until an instant', () => {
  expect(routesOn(facts, '2026-11-23').paused).toEqual({ email: Date.UTC(2026, 10, 23, 9) });
});
