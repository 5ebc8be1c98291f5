/** The assignment that the documents show: a quarter in which nobody met at first, and more than was agreed at last. */
import { type DrawnWeeks, drawWeeks } from '../../console/assignment-weeks.ts';
import { dayMs } from '../../domain/time/zone.ts';
import type { Recipient } from '../../locales/render.ts';

const monday = Date.parse('2027-01-04');
const dayAt = (at: number): string => new Date(at).toISOString().slice(0, 10);
/** Hours of each week, and those of them together. */
const used = [
  [2, 0],
  [4, 1],
  [6, 2],
  [8, 3],
  [7.5, 3],
  [8, 2.5],
  [8, 3.5],
  [0, 0],
  [8, 3],
  [8, 4],
  [9, 4.5],
  [8, 3],
] as const;

export const weeksOfDocuments: DrawnWeeks = {
  firstDay: '2027-01-04',
  lastDay: '2027-03-28',
  weeklyHours: 8,
  overlapHours: 3,
  weeks: used.map(([hours, together], index) => ({
    week: dayAt(monday + index * 7 * dayMs),
    minutes: hours * 60,
    overlapMinutes: together * 60,
  })),
  meetings: [9, 23, 30, 44, 58, 65, 79].map((day) => ({
    from: new Date(monday + day * dayMs + 9 * 3_600_000).toISOString(),
  })),
  covers: [{ from: '2027-01-03T23:00:00.000Z', until: '2027-03-28T22:00:00.000Z' }],
  milestones: [
    { at: '2026-12-07T09:00:00.000Z', kind: 'signed' },
    { at: '2026-12-09T08:30:00.000Z', kind: 'signed' },
    { at: '2026-12-14T04:00:00.000Z', kind: 'agreed' },
    { at: '2027-01-03T23:00:00.000Z', kind: 'begun' },
    { at: '2027-02-19T10:00:00.000Z', kind: 'answered' },
    { at: '2027-03-28T22:00:00.000Z', kind: 'ended' },
  ],
};

export async function drawnWeeks(recipient: Recipient): Promise<string> {
  const told = { title: 'The weeks of an assignment', told: [] };
  return `${String(await drawWeeks({ recipient }, weeksOfDocuments, told))}\n`;
}
