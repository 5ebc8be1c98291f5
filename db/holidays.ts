/** Published holidays put beside what the organisation's file says, and what that changes. */
import { sql, type Transaction } from 'kysely';
import { compareHolidays, type HolidayChange } from '../domain/holidays/compare.ts';
import type { Place, PublishedHoliday } from '../domain/holidays/published-holiday.ts';
import type { RegionId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { recordCalendarChange } from './calendar-changes.ts';
import type { Database, Query } from './client.ts';
import { lockImports } from './import-lock.ts';
import { peopleOf } from './holiday-reviews.ts';
import type { DB } from './schema.ts';

export interface SeedRequest<Problem> {
  readonly year: number;
  readonly at: Instant;
  /** Tells what would change, and changes nothing. */
  readonly isDryRun: boolean;
  publish(
    place: Place,
    year: number,
  ): { readonly days: readonly PublishedHoliday[] } | { readonly problem: Problem };
}

export interface SeededRegion<Problem> {
  readonly id: RegionId;
  readonly name: string;
  /** Null: the organisation's file gives it no country, so its days are those of the file alone. */
  readonly place: Place | null;
  readonly problem: Problem | null;
  readonly changes: readonly HolidayChange[];
  /** Not published any more, but the region's manager has answered for them. */
  readonly kept: readonly string[];
  /** What the organisation's file says of days: off, half or working. It wins. */
  readonly own: ReadonlyMap<string, string>;
}

export interface Seeded<Problem> {
  readonly regions: readonly SeededRegion<Problem>[];
  /** How many people's open loops are planned again, and the row that says so. */
  readonly people: number;
  readonly calendarChangeId: string | null;
}

/** A region whose country is unknown keeps the days it has. Repeated, it changes nothing. */
export async function seedHolidays<Problem>(
  db: Database,
  request: SeedRequest<Problem>,
): Promise<Seeded<Problem>> {
  return db.transaction().execute(async (tx) => {
    await lockImports(tx);
    const regions = await compareRegions(tx, request);
    if (request.isDryRun) return { regions, people: 0, calendarChangeId: null };
    const before = await plannedDays(tx);
    for (const region of regions) await write(tx, region, request.at);
    const after = await plannedDays(tx);
    const moved = regions.map(({ id }) => id).filter((id) => before.get(id) !== after.get(id));
    const people = await peopleOf(tx, moved);
    const change = { reason: 'holiday', people, at: request.at } as const;
    const calendarChangeId = await recordCalendarChange(tx, change);
    return { regions, people: people.length, calendarChangeId };
  });
}

interface RegionRow {
  readonly id: RegionId;
  readonly name: string;
  readonly country: string | null;
  readonly subdivision: string | null;
  readonly stored: readonly PublishedHoliday[];
  readonly own: Readonly<Record<string, string>>;
  readonly answered: readonly string[];
}

async function compareRegions<Problem>(
  query: Query,
  { year, publish }: SeedRequest<Problem>,
): Promise<readonly SeededRegion<Problem>[]> {
  const { rows } = await sql<RegionRow>`
    SELECT g.id, g.name, g.country, g.subdivision,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('day', day, 'kind', kind,
          'halfUntilMinute', half_until_minute, 'name', name, 'names', names, 'source', source,
          'status', status) ORDER BY day), '[]')
        FROM published_holiday WHERE region_id = g.id AND extract(year FROM day) = ${year}) AS stored,
      (SELECT coalesce(jsonb_object_agg(day, kind), '{}')
        FROM holiday WHERE region_id = g.id AND extract(year FROM day) = ${year}) AS own,
      ARRAY(SELECT day::text FROM holiday_review
        WHERE region_id = g.id AND status IN ('confirmed', 'corrected')) AS answered
    FROM region g ORDER BY g.id`.execute(query);
  return rows.map(({ id, name, country, subdivision, stored, own, answered }) => {
    const place = country === null ? null : { country, subdivision };
    const published = place === null ? { days: [] } : publish(place, year);
    const told = { id, name, place, own: new Map(Object.entries(own)) };
    if ('problem' in published) {
      return { ...told, problem: published.problem, changes: [], kept: [] };
    }
    const found = compareHolidays(stored, published.days);
    const isKept = ({ day, to }: HolidayChange) => to === null && answered.includes(day);
    return {
      ...told,
      problem: null,
      changes: found.filter((change) => !isKept(change)),
      kept: found.filter(isKept).map(({ day }) => day),
    };
  });
}

async function write<Problem>(
  tx: Transaction<DB>,
  { id, changes }: SeededRegion<Problem>,
  at: Instant,
): Promise<void> {
  const gone = changes.flatMap(({ day, to }) => (to === null ? [day] : []));
  const there = changes.flatMap(({ to }) => (to === null ? [] : [to]));
  await sql`DELETE FROM published_holiday
    WHERE region_id = ${id} AND day = ANY (${gone}::date[])`.execute(tx);
  await sql`
    INSERT INTO published_holiday
      (region_id, day, kind, half_until_minute, name, names, source, status, fetched_at)
    SELECT ${id}, s.day, s.kind, s."halfUntilMinute", s.name, s.names, s.source, s.status,
      ${at}::timestamptz
    FROM jsonb_to_recordset(${there}::jsonb) AS s (day date, kind text, "halfUntilMinute" int,
      name text, names jsonb, source text, status text)
    ON CONFLICT (region_id, day) DO UPDATE SET kind = excluded.kind,
      half_until_minute = excluded.half_until_minute, name = excluded.name, names = excluded.names,
      source = excluded.source, status = excluded.status, fetched_at = excluded.fetched_at
    `.execute(tx);
}

/** What a plan is made with, by region: a name or a source moves nobody's deadline. */
async function plannedDays(query: Query): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ id: string; digest: string }>`
    SELECT region_id AS id, md5(string_agg(
      concat_ws(' ', day, kind, half_until_minute, like_weekday), ',' ORDER BY day)) AS digest
    FROM region_holiday GROUP BY region_id`.execute(query);
  return new Map(rows.map(({ id, digest }) => [id, digest]));
}
