/** The day that the documents show: three people in turn, on the clock of the first of them. */
import { drawDay, type DrawnDay } from '../../console/rotation-day.ts';
import type { PersonId } from '../../domain/id.ts';
import { lanesOf } from '../../domain/rotation/day.ts';
import type { Instant } from '../../domain/loop.ts';
import { openCalendar } from '../../domain/time/working-time.ts';
import type { Recipient } from '../../locales/render.ts';

const hours = [[540, 1020]] as const;
const week = { mon: hours, tue: hours, wed: hours, thu: hours, fri: hours, sat: [], sun: [] };
/** Berlin works to 16:00 UTC and New York from 14:00; between New York and Tokyo lie three hours. */
const people = [
  { name: 'Jonas (Berlin)', zone: 'Europe/Berlin' },
  { name: 'Ava (New York)', zone: 'America/New_York' },
  { name: 'Misaki (Tokyo)', zone: 'Asia/Tokyo' },
] as const;

/** Tuesday, 12 January 2027, 00:00 in Berlin; the rotation began the day before. */
const from = Date.UTC(2027, 0, 11, 23);
const dayMs = 86_400_000;
const iso = (at: Instant): string => new Date(at).toISOString();

export function dayOfDocuments(): DrawnDay {
  const members = people.map(({ name, zone }) => ({
    id: name as string as PersonId,
    clock: openCalendar({ zone, week, days: [], absences: [], revision: 1 }),
  }));
  const range = { from, until: from + dayMs };
  const watch = {
    holder: members[2]!.id,
    before: members[2]!.id,
    from: from - dayMs,
    leadMinutes: 60,
  };
  const span = (one: { readonly from: Instant; readonly until: Instant }) => ({
    from: iso(one.from),
    until: iso(one.until),
  });
  return {
    ...span(range),
    lanes: lanesOf(members, watch, range).map(({ worked, held }, index) => ({
      person: people[index]!,
      zone: people[index]!.zone,
      worked: worked.map(span),
      held: held.map((one) => ({ ...span(one), isWorking: one.isWorking })),
    })),
  };
}

export async function drawnDay(recipient: Recipient): Promise<string> {
  const told = { title: 'A day that follows the sun', told: [] };
  return `${String(await drawDay({ recipient }, dayOfDocuments(), told))}\n`;
}

export const readerOfDocuments: Recipient = {
  locale: 'en',
  zone: 'Europe/Berlin',
  direction: 'ltr',
  hourCycle: 'h23',
};
