/** Whom somebody may let decide, and for whom: what the form of delegations offers. */
import { sql } from 'kysely';
import type { Actor } from '../domain/authority.ts';
import type { PersonId } from '../domain/id.ts';
import type { Query } from './client.ts';
import { maySeePerson } from './visibility.ts';

interface Named {
  readonly id: PersonId;
  readonly name: string;
}

export interface StandIns {
  /** Those below the actor, at most so many as fit. */
  readonly away: readonly Named[];
  /** Those nearest to the actor first: backup, line, team, region. */
  readonly delegates: readonly Named[];
}

const offeredMax = 200;

export async function standInsFor(query: Query, actor: Actor): Promise<StandIns> {
  const [away, delegates] = await Promise.all([
    sql<Named>`
      WITH RECURSIVE below AS (
        SELECT id FROM person WHERE manager_id = ${actor.id}
        UNION SELECT p.id FROM person p JOIN below b ON p.manager_id = b.id)
      SELECT p.id, p.name FROM below JOIN person p USING (id)
      WHERE p.left_at IS NULL AND p.id <> ${actor.id} ORDER BY p.name, p.id LIMIT ${offeredMax}`.execute(
      query,
    ),
    sql<Named>`
      SELECT p.id, p.name FROM person p
      JOIN team t ON t.id = p.team_id
      LEFT JOIN person me ON me.id = ${actor.id}
      WHERE p.left_at IS NULL AND p.id <> ${actor.id} AND (t.kind = 'own' OR t.id = ${actor.team})
        AND ${maySeePerson(actor, sql.ref('p.id'))}
      ORDER BY p.id = me.backup_id DESC, p.id = ANY (${sql.val(actor.line)}::text[]) DESC,
        p.team_id = ${actor.team} DESC, p.region_id = ${actor.region} DESC, p.name, p.id
      LIMIT ${offeredMax}`.execute(query),
  ]);
  return { away: away.rows, delegates: delegates.rows };
}
