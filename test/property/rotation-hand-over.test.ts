import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PersonId } from '../../domain/id.ts';
import { evolveRotation } from '../../domain/rotation/evolve.ts';
import { initialRotation } from '../../domain/rotation/state.ts';
import { handOversUntil, type Member, nextHandOver } from '../../domain/rotation/hand-over.ts';
import { openCalendar } from '../../domain/time/working-time.ts';
import { proofSeed, proofSize } from '../support/proof.ts';

const hour = 3_600_000;
const day = 24 * hour;
const monday = Date.UTC(2027, 0, 4);
const zones = [
  'Asia/Tokyo',
  'Asia/Kolkata',
  'Asia/Riyadh',
  'Europe/Berlin',
  'Africa/Cairo',
  'America/Sao_Paulo',
  'America/New_York',
  'America/Los_Angeles',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
  'America/St_Johns',
  'Asia/Kathmandu',
] as const;

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri'] as const;
const member = (
  id: string,
  zone: string,
  hours: readonly (readonly [number, number])[],
): Member => {
  const worked = Object.fromEntries(weekdays.map((weekday) => [weekday, hours]));
  const week = { sat: [], sun: [], ...worked } as never;
  const calendar = { zone, week, days: [], absences: [], revision: 1 };
  return { id: id as PersonId, clock: openCalendar(calendar) };
};

const office = [[540, 1020]] as const;
const berlin = member('berlin', 'Europe/Berlin', office);
const tokyo = member('tokyo', 'Asia/Tokyo', office);
const london = member('london', 'Europe/London', office);
const newYork = member('new-york', 'America/New_York', office);

test('it goes to whoever of those at work stays longest, an hour before the holder stops', () => {
  const from = monday + 9 * hour;
  const next = nextHandOver([berlin, tokyo, london, newYork], {
    holder: berlin.id,
    from,
    leadMinutes: 60,
  });
  // Berlin works to 16:00 UTC, London to 17:00, New York from 14:00 to 22:00.
  expect(next).toEqual({
    at: monday + 15 * hour,
    from: berlin.id,
    to: newYork.id,
    until: monday + 16 * hour,
    begins: monday + 16 * hour,
    meets: true,
  });
});

test('where nobody meets, it goes to whoever begins first, and says that they do not meet', () => {
  const next = nextHandOver([berlin, tokyo], {
    holder: berlin.id,
    from: monday + 9 * hour,
    leadMinutes: 60,
  });
  expect(next).toMatchObject({ to: tokyo.id, meets: false, begins: monday + day });
});

test('of several who stay as long, or begin as early, it goes to whom least was asked of outside their hours', () => {
  const borne: Readonly<Record<string, number>> = { tokyo: 30, twin: 20, other: 20 };
  const twins = ['twin', 'other'].map((id) => member(id, 'Asia/Tokyo', office));
  const others = [tokyo, ...twins].map((one) => ({ ...one, soFar: borne[one.id] ?? 0 }));
  const watch = { holder: berlin.id, from: monday + 9 * hour, leadMinutes: 60 };
  expect(nextHandOver([berlin, ...others], watch)?.to).toBe('twin');
  const sydney = member('sydney', 'Asia/Tokyo', [[480, 960]]);
  // Whoever is alone in being there is asked, however much they have borne.
  expect(nextHandOver([berlin, ...others, { ...sydney, soFar: 900 }], watch)?.to).toBe('sydney');
  const late = { ...watch, from: monday + 8 * hour };
  const cork = member('cork', 'Europe/Dublin', office);
  expect(nextHandOver([berlin, { ...london, soFar: 5 }, cork], late)?.to).toBe('cork');
});

test('with nobody else at work for three weeks, it does not move', () => {
  const never = member('never', 'Asia/Tokyo', []);
  const watch = { holder: berlin.id, from: monday, leadMinutes: 60 };
  expect(nextHandOver([berlin, never], watch)).toBeNull();
  expect(nextHandOver([berlin], watch)).toBeNull();
});

const someone = fc.record({
  zone: fc.constantFrom(...zones),
  from: fc.integer({ min: 0, max: 20 }).map((h) => h * 60),
  hours: fc.integer({ min: 2, max: 10 }),
});

test('over 400 days no watch is missing, none belongs to two, and no hand-over is asked of somebody who does not work', () => {
  const until = monday + 400 * day;
  fc.assert(
    fc.property(
      fc.array(someone, { minLength: 2, maxLength: 5 }),
      fc.integer({ min: 0, max: 240 }),
      (people, leadMinutes) => {
        const members = people.map(({ zone, from, hours }, index) =>
          member(`m${index}`, zone, [[from, from + hours * 60]]),
        );
        const clockOf = new Map(members.map(({ id, clock }) => [id, clock]));
        const first = members[0]!.id;
        const steps = handOversUntil(members, { holder: first, from: monday, leadMinutes }, until);
        let holder = first;
        let watchFrom = monday;
        for (const step of steps) {
          expect(step.from).toBe(holder);
          expect(step.to).not.toBe(holder);
          expect(step.at).toBeGreaterThanOrEqual(watchFrom);
          expect(step.at).toBeLessThanOrEqual(Math.max(step.until, watchFrom));
          expect(step.begins).toBeGreaterThanOrEqual(step.until);
          expect(step.begins - watchFrom).toBeLessThanOrEqual(21 * day);
          // Whoever takes over works then, and whoever gives has just worked.
          expect(clockOf.get(step.to)?.isWorking(step.begins)).toBe(true);
          expect(step.meets).toBe(step.begins === step.until);
          ({ to: holder, begins: watchFrom } = step);
        }
      },
    ),
    { numRuns: proofSize(20, 1_000), seed: proofSeed },
  );
});

test('whoever is left out of a rotation hands over from then on, never from before', () => {
  const [one, two, three] = ['one', 'two', 'three'] as unknown as [PersonId, PersonId, PersonId];
  const running = { ...initialRotation, members: [one, two], holder: one, watchFrom: 1_000 };
  const changed = (members: readonly PersonId[]) =>
    evolveRotation(running, { type: 'changed', by: two, members, leadMinutes: 60 }, 5_000)
      .watchFrom;
  expect(changed([one, three]), 'the watch goes on').toBe(1_000);
  expect(changed([two, three])).toBe(5_000);
});
