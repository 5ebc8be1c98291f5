/** People in places that change their clocks within three weeks of each other, walked by minutes. */
import * as fc from 'fast-check';
import type { WorkingCalendar } from '../../../domain/time/calendar.ts';
import { type WorkingClock, openCalendar } from '../../../domain/time/working-time.ts';
import { runtimeZones } from '../../../domain/time/zone.ts';
import { proofSeed, proofSize, randomFrom } from '../../support/proof.ts';
import { type Oracle, type Walk, oracle, walk } from '../../support/time-oracle.ts';
import { randomCalendar } from './calendars.ts';

const dayMs = 86_400_000;
export const stepMs = 60_000;
export const from = Date.parse('2026-03-20T00:00:00Z');
export const days = 24;

const zones = [
  'Africa/Cairo',
  'Africa/Casablanca',
  'America/Havana',
  'Antarctica/Troll',
  'Asia/Beirut',
  'Asia/Tokyo',
  'Australia/Lord_Howe',
  'Europe/London',
  'Pacific/Chatham',
];

const walks = new Map<string, Walk>();

function walked(zone: string): Walk {
  const known = walks.get(zone);
  if (known) return known;
  const found = walk(zone, { from, until: from + days * dayMs, stepMs });
  walks.set(zone, found);
  return found;
}

export interface Person {
  readonly calendar: WorkingCalendar;
  readonly clock: WorkingClock;
  readonly truth: Oracle;
  readonly walk: Walk;
}

const peopleMax = proofSize(27, 1_000);
const people: Person[] = [];

/** The engine gets what the oracle asks: the runtime, uncorrected. */
function somebody(): Person {
  const random = randomFrom(proofSeed + people.length);
  const zone = zones[people.length % zones.length] ?? 'UTC';
  const calendar = randomCalendar(random, zone, '2026-04-01');
  const clock = openCalendar(calendar, { zoneData: runtimeZones });
  const walk = walked(zone);
  return { calendar, clock, truth: oracle(walk, calendar), walk };
}

/** Somebody of many, each walked once and met in many groups. */
export function person(index: number): Person {
  while (people.length <= index % peopleMax) people.push(somebody());
  return people[index % peopleMax] ?? somebody();
}

export const groups = (most: number): fc.Arbitrary<readonly number[]> =>
  fc.array(fc.nat({ max: peopleMax - 1 }), { minLength: 1, maxLength: most });
