/** People in places that change their clocks within three weeks of each other, walked by minutes. */
import type { WorkingCalendar } from '../../../domain/time/calendar.ts';
import { type WorkingClock, openCalendar } from '../../../domain/time/working-time.ts';
import { runtimeZones } from '../../../domain/time/zone.ts';
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

/** The engine gets what the oracle asks: the runtime, uncorrected. */
export function somebody(random: () => number): Person {
  const zone = zones[Math.floor(random() * zones.length)] ?? 'UTC';
  const calendar = randomCalendar(random, zone, '2026-04-01');
  const clock = openCalendar(calendar, { zoneData: runtimeZones });
  const walk = walked(zone);
  return { calendar, clock, truth: oracle(walk, calendar), walk };
}

export const several = (random: () => number, most: number): readonly Person[] =>
  Array.from({ length: 1 + Math.floor(random() * most) }, () => somebody(random));
