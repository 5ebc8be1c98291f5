/** Who could take what a host offers: people with their gaps and their hours while it lasts. */
import { sql } from 'kysely';
import type { Goal } from '../domain/assignment/state.ts';
import type { Seeker } from '../domain/assignment/matching.ts';
import type { Placed } from '../domain/subjects.ts';
import type { PersonId, RegionId } from '../domain/id.ts';
import type { Range } from '../domain/time/range.ts';
import { openCalendar } from '../domain/time/working-time.ts';
import { loadActors } from './actors.ts';
import { loadCalendars } from './calendars.ts';
import type { Query } from './client.ts';

/** Looked at for one offer; whoever has a gap that it closes comes before the others. */
const seekersMax = 2_000;

interface SeekerRow {
  readonly id: PersonId;
  readonly name: string;
  readonly region: RegionId;
  readonly languages: readonly string[];
  readonly gaps: readonly Goal[];
}

export interface FoundSeeker extends Seeker {
  readonly name: string;
}

/** Of the own people of these regions, those whom `mayBeSuggested` lets the reader be told of. */
export async function seekersOf(
  query: Query,
  asked: {
    readonly regions: readonly RegionId[];
    readonly goals: readonly Goal[];
    readonly range: Range;
    readonly at: number;
    /** Of nobody else; absent: of everybody in the regions. */
    readonly only?: PersonId | undefined;
  },
  mayBeSuggested: (person: Placed) => boolean,
): Promise<readonly FoundSeeker[]> {
  const keys = asked.goals.map(({ competency }) => competency);
  const only = asked.only ?? null;
  const { rows } = await sql<SeekerRow>`
    SELECT p.id, p.name, p.region_id AS region,
      array_append(p.languages, coalesce(p.locale, g.locale)) AS languages,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('competency', x.competency, 'level', x.target)), '[]')
        FROM competency_gap x WHERE x.person_id = p.id AND x.closed_at IS NULL) AS gaps
    FROM person p JOIN region g ON g.id = p.region_id JOIN team t ON t.id = p.team_id
    WHERE p.region_id = ANY (${asked.regions}::text[]) AND p.left_at IS NULL AND t.kind = 'own'
      AND (${only}::text IS NULL OR p.id = ${only})
    ORDER BY EXISTS (SELECT FROM competency_gap x WHERE x.person_id = p.id AND x.closed_at IS NULL
      AND x.competency = ANY (${keys}::text[])) DESC, p.id
    LIMIT ${seekersMax}`.execute(query);
  const placed = await loadActors(
    query,
    rows.map(({ id }) => id),
    asked.at,
  );
  const shown = rows.filter(({ id }) => {
    const person = placed.get(id);
    return person !== undefined && mayBeSuggested(person);
  });
  const calendars = await loadCalendars(
    query,
    shown.map(({ id }) => id),
  );
  return shown.map((row) => {
    const calendar = calendars.get(row.id);
    const work = calendar ? openCalendar(calendar).stretches(asked.range) : null;
    const isKnown = work !== null && !('reason' in work);
    return { ...row, work: isKnown ? work : new Float64Array() };
  });
}
