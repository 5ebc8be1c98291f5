/** What somebody says of their stays in the Schengen area: read by nobody but them. */
import { sql, type Transaction } from 'kysely';
import type { LoopId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { wallDay } from '../domain/time/wall.ts';
import type { Query } from './client.ts';
import type { DB } from './schema.ts';

export interface StayDays {
  readonly firstDay: string;
  readonly lastDay: string;
}

interface FoundStay extends StayDays {
  /** In the Schengen area, then. */
  readonly isOwnWord: boolean;
  readonly country: string | null;
  /** Of the region they come from. */
  readonly from: string | null;
}

/** In the place of what they said before. */
export async function replaceStays(
  tx: Transaction<DB>,
  person: PersonId,
  stays: readonly StayDays[],
): Promise<void> {
  await sql`DELETE FROM short_stay WHERE person_id = ${person}`.execute(tx);
  await sql`
    INSERT INTO short_stay (person_id, first_day, last_day)
    SELECT ${person}, s."firstDay", max(s."lastDay")
    FROM jsonb_to_recordset(${JSON.stringify(stays)}::text::jsonb) AS s ("firstDay" date, "lastDay" date)
    GROUP BY s."firstDay"`.execute(tx);
}

/**
 * Theirs by their own word, and other assignments that lead them somewhere, with the countries of each.
 * One that is over lasted as long as its access, which an early return ends.
 */
export async function staysOf(
  query: Query,
  { person, except }: { readonly person: PersonId; readonly except: LoopId },
): Promise<readonly FoundStay[]> {
  const { rows } = await sql<FoundStay & { readonly ended: Instant | null; readonly zone: string }>`
    SELECT first_day::text AS "firstDay", last_day::text AS "lastDay", true AS "isOwnWord", NULL AS country,
      NULL AS "from", NULL::timestamptz AS ended, '' AS zone
    FROM short_stay WHERE person_id = ${person}
    UNION ALL
    SELECT lower(a.days)::text, (upper(a.days) - 1)::text, false, g.country, f.country,
      CASE WHEN NOT a.is_binding THEN coalesce(upper(h.period), 'epoch'::timestamptz) END, g.zone
    FROM assignment a JOIN region g ON g.id = a.host_region_id JOIN region f ON f.id = a.home_region_id
      LEFT JOIN host_access h ON h.assignment_id = a.id
    WHERE a.participant_id = ${person} AND a.id <> ${except} AND a.kind IN ('onsite', 'shadowing')
      AND (a.is_binding OR a.status IN ('closing', 'closed'))`.execute(query);
  return rows.map(({ ended, zone, ...stay }) =>
    ended === null ? stay : { ...stay, lastDay: lastDayOf(stay.firstDay, ended, zone) },
  );
}

/** Where it ended, on the clock of the place; what never began took its first day at most. */
function lastDayOf(firstDay: string, ended: Instant, zone: string): string {
  const day = wallDay(ended - 1, zone);
  return day < firstDay ? firstDay : day;
}
