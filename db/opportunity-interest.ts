/** Who would like to take what a host offers; it binds nobody. */
import { sql } from 'kysely';
import type { PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Placed } from '../domain/subjects.ts';
import { loadActors } from './actors.ts';
import type { Query } from './client.ts';

/** Of one offer; whoever comes later asks its host. */
export const interestsMax = 200;

export interface Interest {
  readonly person: { readonly id: PersonId; readonly name: string };
  readonly since: Instant;
}

interface Wish {
  readonly opportunity: string;
  readonly person: PersonId;
  readonly at: Instant;
}

/** False where it was said before and still holds. */
export async function expressInterest(query: Query, wish: Wish): Promise<boolean> {
  const { rows } = await sql`
    INSERT INTO opportunity_interest (opportunity_id, person_id, expressed_at)
    VALUES (${wish.opportunity}, ${wish.person}, ${wish.at}::timestamptz)
    ON CONFLICT (opportunity_id, person_id) DO UPDATE
    SET expressed_at = excluded.expressed_at, withdrawn_at = NULL
    WHERE opportunity_interest.withdrawn_at IS NOT NULL
    RETURNING person_id`.execute(query);
  return rows.length > 0;
}

export async function withdrawInterest(query: Query, wish: Wish): Promise<void> {
  await sql`
    UPDATE opportunity_interest SET withdrawn_at = greatest(expressed_at, ${wish.at}::timestamptz)
    WHERE opportunity_id = ${wish.opportunity} AND person_id = ${wish.person}
      AND withdrawn_at IS NULL`.execute(query);
}

export async function countInterests(query: Query, opportunity: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*)::int AS count FROM opportunity_interest
    WHERE opportunity_id = ${opportunity} AND withdrawn_at IS NULL`.execute(query);
  return rows[0]?.count ?? 0;
}

/** The first who said so first; of these, whom `mayBeTold` lets the reader know of. */
export async function interestsIn(
  query: Query,
  { opportunity, at }: Pick<Wish, 'opportunity' | 'at'>,
  mayBeTold: (person: Placed) => boolean,
): Promise<readonly Interest[]> {
  const { rows } = await sql<{ id: PersonId; name: string; since: Instant }>`
    SELECT p.id, p.name, i.expressed_at AS since
    FROM opportunity_interest i JOIN person p ON p.id = i.person_id AND p.left_at IS NULL
    WHERE i.opportunity_id = ${opportunity} AND i.withdrawn_at IS NULL
    ORDER BY i.expressed_at, p.id LIMIT ${interestsMax}`.execute(query);
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const placed = await loadActors(query, ids, at);
  return rows.flatMap(({ id, name, since }) => {
    const person = placed.get(id);
    return person && mayBeTold(person) ? [{ person: { id, name }, since }] : [];
  });
}
