import { expect, test } from 'vitest';
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
