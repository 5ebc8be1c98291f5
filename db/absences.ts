/** Absences as people enter them, beside those of the organisation's own file. */
import { sql } from 'kysely';
import { present } from '../domain/assert.ts';
import { windowOf } from '../domain/cover/absence.ts';
import type { Away, Window } from '../domain/cover/state.ts';
import type { PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { dayNumber, dayText } from '../domain/time/calendar.ts';
import { dayMs } from '../domain/time/zone.ts';
import { recordCalendarChange } from './calendar-changes.ts';
import type { Database, Query } from './client.ts';

/** Full local days, both included; with minutes, a part of one wall day. */
export interface Days {
  readonly firstDay: string;
  readonly lastDay: string;
  readonly fromMinute: number | null;
  readonly untilMinute: number | null;
}

export const absenceSources = ['directory', 'person', 'calendar'] as const;

export interface StoredAbsence extends Days {
  readonly id: string;
  readonly source: (typeof absenceSources)[number];
}

/** What entering and taking back an absence answers: null where nothing changed. */
export interface AbsenceChange {
  readonly calendarChange: string | null;
}

export interface NewAbsence extends Days {
  readonly id: string;
  readonly person: PersonId;
  readonly by: PersonId;
  readonly at: Instant;
}

/** Entered again under the same id, it changes nothing. */
export const enterAbsence = (db: Database, absence: NewAbsence): Promise<AbsenceChange> =>
  db.transaction().execute(async (tx) => {
    const { id, person, firstDay, lastDay, fromMinute, untilMinute, by, at } = absence;
    const { numAffectedRows } = await sql`
      INSERT INTO absence (id, person_id, first_day, last_day, from_minute, until_minute, source,
        entered_by, entered_at)
      VALUES (${id}, ${person}, ${firstDay}::date, ${lastDay}::date, ${fromMinute}, ${untilMinute},
        'person', ${by}, ${at}::timestamptz)
      ON CONFLICT (id) DO NOTHING`.execute(tx);
    if (!numAffectedRows) return { calendarChange: null };
    const change = { reason: 'absence', people: [person], at } as const;
    return { calendarChange: await recordCalendarChange(tx, change) };
  });

interface Removal {
  readonly id: string;
  readonly person: PersonId;
  readonly at: Instant;
}

/** Undefined when there is no such absence; the file's own are taken back by the file alone. */
export const removeAbsence = (
  db: Database,
  { id, person, at }: Removal,
): Promise<AbsenceChange | 'kept by the directory' | undefined> =>
  db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ source: StoredAbsence['source'] }>`
      SELECT source FROM absence WHERE id = ${id} AND person_id = ${person} FOR UPDATE`.execute(tx);
    const [found] = rows;
    if (!found) return undefined;
    if (found.source === 'directory') return 'kept by the directory';
    await sql`DELETE FROM absence WHERE id = ${id}`.execute(tx);
    const change = { reason: 'absence', people: [person], at } as const;
    return { calendarChange: await recordCalendarChange(tx, change) };
  });

export interface CalendarAbsences {
  readonly person: PersonId;
  readonly by: PersonId;
  readonly at: Instant;
  /** Those of an earlier file that ended before this day stay. */
  readonly since: string;
  readonly away: readonly Days[];
}

export interface Replaced extends AbsenceChange {
  readonly added: number;
  readonly removed: number;
}

/** Makes the absences from a person's calendar exactly those given. */
export const replaceCalendarAbsences = (
  db: Database,
  { person, by, at, since, away }: CalendarAbsences,
): Promise<Replaced> =>
  db.transaction().execute(async (tx) => {
    // One file of a person at a time; a second one waits and then changes what the first left.
    await sql`SELECT FROM person WHERE id = ${person} FOR NO KEY UPDATE`.execute(tx);
    const given = sql`jsonb_to_recordset(${JSON.stringify(away)}::text::jsonb) AS g
      ("firstDay" date, "lastDay" date, "fromMinute" int, "untilMinute" int)`;
    const isGiven = sql`(first_day, last_day, from_minute, until_minute)
      IS NOT DISTINCT FROM (g."firstDay", g."lastDay", g."fromMinute", g."untilMinute")`;
    const removed = await sql`
      DELETE FROM absence WHERE person_id = ${person} AND source = 'calendar'
        AND last_day >= ${since}::date AND NOT EXISTS (SELECT FROM ${given} WHERE ${isGiven})`.execute(
      tx,
    );
    const added = await sql`
      INSERT INTO absence (id, person_id, first_day, last_day, from_minute, until_minute, source,
        entered_by, entered_at)
      SELECT gen_random_uuid()::text, ${person}, g."firstDay", g."lastDay", g."fromMinute",
        g."untilMinute", 'calendar', ${by}, ${at}::timestamptz
      FROM ${given} WHERE NOT EXISTS (
        SELECT FROM absence WHERE person_id = ${person} AND source = 'calendar' AND ${isGiven}
      )`.execute(tx);
    const counts = { added: rowsOf(added), removed: rowsOf(removed) };
    if (counts.added + counts.removed === 0) return { ...counts, calendarChange: null };
    const change = { reason: 'absence', people: [person], at } as const;
    return { ...counts, calendarChange: await recordCalendarChange(tx, change) };
  });

const rowsOf = ({ numAffectedRows = 0n }: { readonly numAffectedRows?: bigint }): number =>
  Number(numAffectedRows);

export interface AbsencePage {
  readonly person: PersonId;
  /** Those that had ended before this day are left out. */
  readonly since: string;
  readonly after: { readonly firstDay: string; readonly id: string } | null;
  readonly limit: number;
}

/** The earliest first. */
export async function listAbsences(
  query: Query,
  { person, since, after, limit }: AbsencePage,
): Promise<readonly StoredAbsence[]> {
  const { rows } = await sql<StoredAbsence>`
    SELECT id, first_day AS "firstDay", last_day AS "lastDay", from_minute AS "fromMinute",
      until_minute AS "untilMinute", source FROM absence
    WHERE person_id = ${person} AND last_day >= ${since}::date
      AND (${after?.id ?? null}::text IS NULL
        OR (first_day, id) > (${after?.firstDay ?? null}::date, ${after?.id ?? null}::text))
    ORDER BY first_day, id LIMIT ${limit}`.execute(query);
  return rows;
}

/** How many a person has that end on `since` or later. */
export async function countAbsences(
  query: Query,
  person: PersonId,
  since: string,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*)::int AS count FROM absence
    WHERE person_id = ${person} AND last_day >= ${since}::date`.execute(query);
  return rows[0]?.count ?? 0;
}

export interface AbsenceOf extends Days {
  readonly person: PersonId;
}

/** Null when it has been taken back. */
export async function absenceOf(query: Query, id: string): Promise<AbsenceOf | null> {
  const { rows } = await sql<AbsenceOf>`
    SELECT person_id AS person, first_day AS "firstDay", last_day AS "lastDay",
      from_minute AS "fromMinute", until_minute AS "untilMinute"
    FROM absence WHERE id = ${id}`.execute(query);
  return rows[0] ?? null;
}

interface WholeDays {
  readonly person: PersonId;
  readonly zone: string;
  readonly firstDay: string;
  readonly lastDay: string;
}

/** When they are away for whole days on their own wall, as far as it may touch the window. */
export async function daysAway(
  query: Query,
  people: readonly PersonId[],
  { from, until }: Window,
): Promise<readonly Away[]> {
  const [first, last] = [from - dayMs, until + dayMs].map((at) => dayText(Math.floor(at / dayMs)));
  const { rows } = await sql<WholeDays>`
    SELECT b.person_id AS person, p.zone, b.first_day AS "firstDay", b.last_day AS "lastDay"
    FROM absence b JOIN person p ON p.id = b.person_id
    WHERE b.person_id = ANY (${people}::text[]) AND b.from_minute IS NULL
      AND b.last_day >= ${first}::date AND b.first_day <= ${last}::date
    ORDER BY b.person_id, b.first_day, b.id`.execute(query);
  return rows.flatMap(({ person, zone, ...days }) => {
    const [day, end] = [days.firstDay, days.lastDay].map((text) =>
      present(dayNumber(text), 'a day'),
    ) as [number, number];
    const window = windowOf(zone, day, end);
    return window === null ? [] : [{ person, ...window }];
  });
}
