import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { evolveAssignment } from '../../../domain/assignment/evolve.ts';
import { assignmentPlan } from '../../../domain/assignment/plan.ts';
import {
  type AssignmentState,
  initialAssignment,
  type Span,
} from '../../../domain/assignment/state.ts';
import type { AccountId, PersonId } from '../../../domain/id.ts';

const day = 86_400_000;
const eve = 'eve' as PersonId;
const terms = {
  firstDay: '2027-01-01',
  lastDay: '2027-01-02',
  weeklyHours: 8,
  overlapHours: 0,
  goals: [],
  accounts: ['account' as AccountId],
  home: 'home' as PersonId,
  host: 'host' as PersonId,
};

/** What is planned of covers, as the clock takes one step after another. */
function covers(days: Span, agreedAt: number) {
  const nobody = { untrained: [], trainedUntil: {}, renewBy: {}, managers: {} };
  const facts = { ...nobody, days, signBy: null, stallAt: null };
  const world = { at: agreedAt, facts, person: () => ({ isActive: true, manager: null }) } as never;
  const agreed = { status: 'agreed', participant: eve, terms, number: 1 } as const;
  let state: AssignmentState = { ...initialAssignment, ...agreed, agreedAt, changedAt: agreedAt };
  const found: { at: number; from: number; until: number }[] = [];
  for (let steps = 0; steps < 20; steps++) {
    const next = assignmentPlan
      .moments(state, world)
      .find(({ command }) => command.type === 'askCovers');
    if (next?.command.type !== 'askCovers') return found;
    const { from, until } = next.command;
    found.push({ at: next.at, from, until });
    state = evolveAssignment(state, { type: 'coversAsked', from, until }, next.at);
    const hasBegun = until > days.from && found.length > 0;
    if (hasBegun) state = { ...state, status: 'running', startedAt: days.from };
  }
  throw new Error('covers without an end');
}

test('covers of any assignment leave out a quarter of an hour at most, none is longer than 90 days, each is asked for two weeks ahead', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 800 }),
      fc.integer({ min: 0, max: 60 }),
      fc.constantFrom(-3_600_000, 0, 3_600_000),
      (length, ahead, clocks) => {
        const from = 1_800_000_000_000;
        const days = { from, until: from + length * day + clocks };
        const agreedAt = from - ahead * day;
        const asked = covers(days, agreedAt);
        let covered = from;
        for (const [index, one] of asked.entries()) {
          expect(one.from - covered).toBe(index === 0 ? 0 : 900_000);
          expect(one.until).toBeGreaterThan(one.from);
          expect(one.until - one.from).toBeLessThanOrEqual(90 * day);
          expect(one.at).toBe(Math.max(agreedAt, one.from - 14 * day));
          covered = one.until;
        }
        expect(covered).toBeLessThanOrEqual(days.until);
        expect(days.until - covered).toBeLessThanOrEqual(900_000);
      },
    ),
    { numRuns: 300 },
  );
});
