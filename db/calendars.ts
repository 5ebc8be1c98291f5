/** The calendar each person works by: their own week or their region's, its holidays, their absences. */
import { sql } from 'kysely';
import { present } from '../domain/assert.ts';
import type { PersonId } from '../domain/id.ts';
import type { WorkingCalendar } from '../domain/time/calendar.ts';
import type { Query } from './client.ts';

interface CalendarRow {
  readonly id: PersonId;
  readonly zone: string;
  readonly region_id: string;
  readonly revision: number;
  readonly week: WorkingCalendar['week'];
  readonly absences: WorkingCalendar['absences'];
}

interface HolidayRow {
  readonly region_id: string;
  readonly day: string;
  readonly kind: 'off' | 'half' | 'working';
  readonly half_until_minute: number | null;
}

/**
 * Calendars of those of `ids` that exist. Within one transaction, lock the people first
 * (`lockPeople`): each statement here sees what had committed when it began.
 */
export async function loadCalendars(
  query: Query,
  ids: readonly PersonId[],
): Promise<Map<PersonId, WorkingCalendar>> {
  const people = await loadPeople(query, ids);
  const days = await loadDays(query, [...new Set(people.map((row) => row.region_id))]);
  return new Map(
    people.map((row) => [
      row.id,
      {
        zone: row.zone,
        week: row.week,
        days: present(days.get(row.region_id), `days of region ${row.region_id}`),
        absences: row.absences,
        revision: row.revision,
      },
    ]),
  );
}

async function loadPeople(query: Query, ids: readonly PersonId[]): Promise<readonly CalendarRow[]> {
  const { rows } = await sql<CalendarRow>`
    SELECT p.id, p.zone, p.region_id, r.revision, w.intervals AS week, coalesce(a.days, '[]') AS absences
    FROM person p
    JOIN region g ON g.id = p.region_id
    JOIN working_week w ON w.id = coalesce(p.week_id, g.week_id)
    JOIN calendar_revision r ON r.person_id = p.id
    LEFT JOIN LATERAL (
      SELECT jsonb_agg(
        jsonb_build_object('firstDay', first_day, 'lastDay', last_day) ORDER BY first_day, last_day
      ) AS days
      FROM absence WHERE person_id = p.id
    ) a ON true
    WHERE p.id = ANY (${ids}::text[])`.execute(query);
  return rows;
}

async function loadDays(
  query: Query,
  regions: readonly string[],
): Promise<Map<string, WorkingCalendar['days']>> {
  const { rows } = await sql<HolidayRow>`
    SELECT region_id, day, kind, half_until_minute FROM holiday
    WHERE region_id = ANY (${regions}::text[]) ORDER BY region_id, day`.execute(query);
  const days = new Map<string, WorkingCalendar['days'][number][]>(regions.map((id) => [id, []]));
  for (const row of rows) {
    days.get(row.region_id)?.push({
      day: row.day,
      kind: row.kind,
      ...(row.half_until_minute !== null && { halfUntilMinute: row.half_until_minute }),
    });
  }
  return days;
}
