/** Who decides for whom, and until when. */
import { sql } from 'kysely';
import type { PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Query } from './client.ts';

export interface Delegated {
  readonly principal: PersonId;
  readonly delegate: PersonId;
  readonly at: Instant;
}

/** Half-open in time: true at its first instant, false at its last; never for or by who has left. */
export async function mayDecideFor(query: Query, asked: Delegated): Promise<boolean> {
  const { rows } = await sql<{ ok: boolean }>`
    SELECT EXISTS (
      SELECT FROM delegation d
      JOIN person p ON p.id = d.principal_id AND p.left_at IS NULL
      JOIN person e ON e.id = d.delegate_id AND e.left_at IS NULL
      WHERE d.principal_id = ${asked.principal} AND d.delegate_id = ${asked.delegate}
        AND d.period @> ${asked.at}::timestamptz
    ) AS ok`.execute(query);
  return rows[0]?.ok ?? false;
}
