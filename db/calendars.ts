/**
 * The calendar each person works by: their own week or their region's, with its rosters; the region's
 * holidays; their absences; days of their own.
 */
import { type RawBuilder, sql } from 'kysely';
import { present } from '../domain/assert.ts';
import type { PersonId, RegionId } from '../domain/id.ts';
import type { WorkingCalendar } from '../domain/time/calendar.ts';
import type { Weekday } from '../domain/time/weekday.ts';
import type { Query } from './client.ts';

type CalendarRow = { readonly id: PersonId; readonly region_id: string } & Required<
  Omit<WorkingCalendar, 'days'>
>;

interface HolidayRow {
  readonly region_id: string;
  readonly day: string;
  readonly kind: 'off' | 'half' | 'working';
  readonly half_until_minute: number | null;
  readonly like_weekday: Weekday | null;
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
    people.map(({ id, region_id: region, ...calendar }) => [
      id,
      { ...calendar, days: present(days.get(region), `days of region ${region}`) },
    ]),
  );
}

/** By which the days of a region itself count: its week, its rosters and its holidays. */
export async function loadRegionCalendar(query: Query, region: RegionId): Promise<WorkingCalendar> {
  const { rows } = await sql<Omit<WorkingCalendar, 'days' | 'absences' | 'revision'>>`
    SELECT g.zone, w.intervals AS week, w.holiday_rule AS "holidayRule", rosters.list AS rosters
    FROM region g JOIN working_week w ON w.id = g.week_id
    CROSS JOIN LATERAL (${rosterList(sql`roster.region_id = g.id`)}) rosters
    WHERE g.id = ${region}`.execute(query);
  const days = await loadDays(query, [region]);
  return {
    ...present(rows[0], `region ${region}`),
    days: present(days.get(region), `days of region ${region}`),
    absences: [],
    revision: 0,
  };
}

const rosterList = (isWanted: RawBuilder<unknown>) => sql`
  SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
    'firstDay', first_day, 'lastDay', last_day, 'weeks', (
      SELECT jsonb_agg(intervals || jsonb_build_object('holidayRule', holiday_rule) ORDER BY turn)
      FROM unnest(roster.weeks) WITH ORDINALITY AS u (id, turn) JOIN working_week USING (id)
    ))) ORDER BY first_day), '[]') AS list
  FROM roster WHERE ${isWanted}`;
const rostersOfPerson = rosterList(sql`
  roster.person_id = p.id OR (roster.region_id = p.region_id AND p.week_id IS NULL
    AND NOT EXISTS (SELECT FROM roster own WHERE own.person_id = p.id))`);

/** Whoever has a roster or a week of their own does not follow the rosters of their region. */
async function loadPeople(query: Query, ids: readonly PersonId[]): Promise<readonly CalendarRow[]> {
  const { rows } = await sql<CalendarRow>`
    SELECT p.id, p.region_id, p.zone, r.revision, w.intervals AS week,
      w.holiday_rule AS "holidayRule", rosters.list AS rosters, away.days AS absences,
      away.hours AS "hoursOff", own_days.list AS "oneOffs"
    FROM person p
    JOIN region g ON g.id = p.region_id
    JOIN working_week w ON w.id = coalesce(p.week_id, g.week_id)
    JOIN calendar_revision r ON r.person_id = p.id
    CROSS JOIN LATERAL (${rostersOfPerson}) rosters
    CROSS JOIN LATERAL (
      SELECT
        coalesce(jsonb_agg(jsonb_build_object('firstDay', first_day, 'lastDay', last_day)
          ORDER BY first_day, last_day) FILTER (WHERE from_minute IS NULL), '[]') AS days,
        coalesce(jsonb_agg(jsonb_build_object(
          'day', first_day, 'interval', jsonb_build_array(from_minute, until_minute))
          ORDER BY first_day, from_minute) FILTER (WHERE from_minute IS NOT NULL), '[]') AS hours
      FROM absence WHERE person_id = p.id
    ) away
    CROSS JOIN LATERAL (
      SELECT coalesce(jsonb_agg(jsonb_build_object('day', day, 'intervals', intervals)
        ORDER BY day), '[]') AS list
      FROM one_off WHERE person_id = p.id
    ) own_days
    WHERE p.id = ANY (${ids}::text[])`.execute(query);
  return rows;
}

async function loadDays(
  query: Query,
  regions: readonly string[],
): Promise<Map<string, WorkingCalendar['days']>> {
  const { rows } = await sql<HolidayRow>`
    SELECT region_id, day, kind, half_until_minute, like_weekday FROM region_holiday
    WHERE region_id = ANY (${regions}::text[]) ORDER BY region_id, day`.execute(query);
  const days = new Map<string, WorkingCalendar['days'][number][]>(regions.map((id) => [id, []]));
  for (const row of rows) {
    days.get(row.region_id)?.push({
      day: row.day,
      kind: row.kind,
      ...(row.half_until_minute !== null && { halfUntilMinute: row.half_until_minute }),
      ...(row.like_weekday !== null && { like: row.like_weekday }),
    });
  }
  return days;
}

/** The usual week of a region on its own clock, with its holidays: of nobody in particular. */
export async function loadRegionCalendars(
  query: Query,
  regions: readonly RegionId[],
): Promise<ReadonlyMap<RegionId, WorkingCalendar>> {
  const { rows } = await sql<Omit<WorkingCalendar, 'days'> & { readonly id: RegionId }>`
    SELECT g.id, g.zone, w.intervals AS week, w.holiday_rule AS "holidayRule", '[]'::jsonb AS absences,
      0 AS revision
    FROM region g JOIN working_week w ON w.id = g.week_id
    WHERE g.id = ANY (${regions}::text[])`.execute(query);
  const days = await loadDays(query, regions);
  return new Map(
    rows.map(({ id, ...calendar }) => [
      id,
      { ...calendar, days: present(days.get(id), `days of region ${id}`) },
    ]),
  );
}
