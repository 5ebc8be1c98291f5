import { expect, test } from 'vitest';
import type { PersonId } from '../../domain/id.ts';
import { lanesOf } from '../../domain/rotation/day.ts';
import { openCalendar } from '../../domain/time/working-time.ts';
import { dayOfDocuments } from '../support/drawn-day.ts';

const hour = 3_600_000;

test('the watches of a day follow each other without gap or overlap, also where nobody is at work', () => {
  const { from, until, lanes } = dayOfDocuments();
  const held = lanes
    .flatMap((lane) => lane.held.map((span) => ({ ...span, person: lane.person.name })))
    .toSorted((a, b) => Date.parse(a.from) - Date.parse(b.from));
  expect(held[0]?.from).toBe(from);
  expect(held.at(-1)?.until).toBe(until);
  for (const [index, span] of held.slice(1).entries()) expect(span.from).toBe(held[index]?.until);
  // New York stops at 22:00 UTC, Tokyo begins at 00:00: for two hours New York holds it on.
  const on = held.filter(({ isWorking }) => !isWorking);
  expect(new Set(on.map(({ person }) => person))).toEqual(new Set(['Ava (New York)']));
  const sum = on.reduce((total, span) => total + Date.parse(span.until) - Date.parse(span.from), 0);
  expect(sum).toBe(2 * hour);
});

test('a watch that begins with whoever owns the account already is one stretch, and not two', () => {
  const [ava, ben] = ['ava', 'ben'] as PersonId[];
  const office = [[540, 1_020]] as const;
  const week = {
    mon: office,
    tue: office,
    wed: office,
    thu: office,
    fri: office,
    sat: [],
    sun: [],
  };
  const calendar = { zone: 'Etc/UTC', week, days: [], absences: [], revision: 1 };
  const members = [ava!, ben!].map((id) => ({ id, clock: openCalendar(calendar) }));
  const from = Date.parse('2026-11-28T22:00Z'); // a Saturday
  const watch = { holder: ava!, from: from + hour / 2, leadMinutes: 60, before: ava! };
  const [lane] = lanesOf(members, watch, { from, until: from + 12 * hour });
  expect(lane?.held).toEqual([{ from, until: from + 12 * hour, isWorking: false }]);
});
