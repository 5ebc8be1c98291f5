/** Gaps that are open: what an audit found and no later rating has closed. */
import { sql } from 'kysely';
import type { PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { CompetencyGap } from '../domain/people/competency-gap.ts';
import type { Query } from './client.ts';

export interface OpenGap extends CompetencyGap {
  readonly id: string;
  readonly foundAt: Instant;
}

/** In the order of all nine. */
export async function openGapsOf(query: Query, person: PersonId): Promise<readonly OpenGap[]> {
  const { rows } = await sql<OpenGap>`
    SELECT g.id, g.competency, g.level, g.target, g.found_at AS "foundAt"
    FROM competency_gap g JOIN competency k ON k.key = g.competency
    WHERE g.person_id = ${person} AND g.closed_at IS NULL ORDER BY k.position`.execute(query);
  return rows;
}
