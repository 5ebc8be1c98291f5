import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Callable,
  ladderAt,
  nextCall,
  type Standing,
  standings,
} from '../../domain/alert/ladder.ts';
import { alertRules } from '../../domain/alert/decide.ts';
import { alertPlan } from '../../domain/alert/plan.ts';
import {
  type AlertState,
  type Call,
  dutyPeopleMax,
  initialAlert,
  roundsMax,
} from '../../domain/alert/state.ts';
import type { PersonId } from '../../domain/id.ts';
import { proofSeed, proofSize } from '../support/proof.ts';

const minute = 60_000;
const runs = { numRuns: proofSize(300, 20_000), seed: proofSeed };
const nobody = 'nobody' as PersonId;

/** Work is a stretch of each day; whoever stands to the account in two ways is there twice. */
const someone = fc.record({
  id: fc.integer({ min: 0, max: 12 }).map((n) => `p${n}` as PersonId),
  standing: fc.constantFrom<Standing>(...standings),
  isSameRegion: fc.boolean(),
  isCleared: fc.boolean(),
  speaks: fc.boolean(),
});

const team = fc
  .record({
    people: fc.array(someone, { maxLength: 20, size: 'max' }),
    shifts: fc.array(fc.nat(23), { minLength: 13, maxLength: 13 }),
  })
  .map(({ people, shifts }): readonly Callable[] =>
    people.map((one) => {
      const from = shifts[Number(one.id.slice(1))] ?? 0;
      return {
        ...one,
        isWorking: (at: number) =>
          (at / (60 * minute)) % 24 >= from && (at / (60 * minute)) % 24 < from + 8,
      };
    }),
  );

const instant = fc.nat(7 * 24 * 60).map((n) => n * minute);

test('nobody is woken while somebody at work who answers for the account has not been called', () => {
  fc.assert(
    fc.property(team, instant, (people, at) => {
      const ladder = ladderAt(people, at);
      const firstOutside = ladder.findIndex(({ isOutside }) => isOutside);
      const before = firstOutside < 0 ? ladder : ladder.slice(0, firstOutside);
      const awake = (standing: Standing) =>
        people.filter((one) => one.standing === standing && one.isWorking(at));
      const called = new Set(before.map(({ id }) => id));
      for (const { id } of awake('owner')) expect(called).toContain(id);
      const duty = new Set(awake('duty').map(({ id }) => id));
      const dutyCalled = [...duty].filter((id) => called.has(id)).length;
      expect(dutyCalled).toBeGreaterThanOrEqual(Math.min(duty.size, dutyPeopleMax));
      for (const { id, isOutside } of ladder) {
        const one = people.find((known) => known.id === id);
        expect(isOutside).toBe(!one?.isWorking(at));
      }
      expect(new Set(ladder.map(({ id }) => id)).size).toBe(ladder.length);
    }),
    runs,
  );
});

test('calls end: each is called once a round, never who raised it, and at last nobody is left', () => {
  fc.assert(
    fc.property(team, instant, fc.integer({ min: 1, max: 120 }), (people, begun, waitMinutes) => {
      const raiser = people[0]?.id ?? nobody;
      const calls: Call[] = [];
      const limit = roundsMax * (new Set(people.map(({ id }) => id)).size + 1);
      for (let at = begun; ; at += waitMinutes * minute) {
        const next = nextCall({ calls, raiser }, people, at);
        if (next === null) break;
        expect(next.to).not.toBe(raiser);
        const { to: person, reason, isOutside, round } = next;
        expect(round).toBeGreaterThanOrEqual(calls.at(-1)?.round ?? 1);
        expect(calls.some((call) => call.person === person && call.round === round)).toBe(false);
        calls.push({ person, reason, isOutside, at, round });
        expect(calls.length).toBeLessThanOrEqual(limit);
      }
      const always = people.filter(({ standing, id }) => standing !== 'duty' && id !== raiser);
      for (const { id } of always) {
        expect(calls.filter(({ person }) => person === id)).toHaveLength(roundsMax);
      }
    }),
    runs,
  );
});

test.each([true, false])(
  'whoever it stays with at last is shown as called outside their hours where they are: %s',
  (isOutside) => {
    const manager = 'manager' as PersonId;
    const standing = { standing: 'region_manager', isSameRegion: true } as const;
    const one = { id: manager, ...standing, isCleared: true, speaks: true };
    const people: readonly Callable[] = [{ ...one, isWorking: () => !isOutside }];
    const state: AlertState = { ...initialAlert, status: 'calling', raiser: manager };
    const facts = { custodian: nobody, isItemOpen: true, people, regionManager: manager };
    const [due] = alertPlan.moments(state, { facts, at: minute } as never);
    const decision = due && alertRules.decide(state, due.command, minute);
    const events = decision?.ok ? decision.events : [];
    const after = events.reduce((before, event) => alertRules.evolve(before, event, minute), state);
    expect(after).toMatchObject({ status: 'unanswered', calls: [{ person: manager, isOutside }] });
  },
);

test('what nobody took comes once to whoever owns the account and to whoever manages its region by now', () => {
  const anyone = fc.integer({ min: 0, max: 12 }).map((n) => `p${n}` as PersonId);
  const drawn = fc.tuple(team, fc.uniqueArray(anyone, { minLength: 1 }), anyone, anyone, anyone);
  fc.assert(
    fc.property(drawn, instant, ([people, before, owner, custodian, regionManager], at) => {
      const isThere = (id: PersonId) => people.some((one) => one.id === id);
      const facts = { custodian, isItemOpen: true, people, regionManager };
      const world = { facts, at, person: (id: PersonId) => ({ isActive: isThere(id) }) } as never;
      const calls = before.map((person): Call => {
        return { person, reason: 'owner', isOutside: false, at: 0, round: roundsMax };
      });
      let state: AlertState = { ...initialAlert, status: 'unanswered', owner, calls };
      for (
        let [due] = alertPlan.moments(state, world);
        due;
        [due] = alertPlan.moments(state, world)
      ) {
        const decision = alertRules.decide(state, due.command, at);
        if (!decision.ok) throw new Error(decision.problem.code);
        for (const event of decision.events) state = alertRules.evolve(state, event, at);
        expect(state.calls.length).toBeLessThanOrEqual(before.length + 2);
      }
      const called = state.calls.map(({ person }) => person);
      expect(new Set(called).size).toBe(called.length);
      // The owner of then knows of it, by having raised it, as long as anybody else is left.
      const isNew = custodian !== owner || !before.some(isThere);
      const expected = [regionManager, ...(isNew ? [custodian] : [])].filter(isThere);
      expect(called).toEqual(expect.arrayContaining(expected));
      for (const { person, isOutside } of state.calls.slice(before.length)) {
        expect(isOutside).toBe(people.some((one) => one.id === person && !one.isWorking(at)));
      }
    }),
    runs,
  );
});
