/** The gate of `domain/exchange/gate.ts` as SQL, and the readers that both are asked about. */
import { type Expression, sql, type SqlBool } from 'kysely';
import { everywhere } from '../domain/change/change.ts';
import type { Gated, Reader } from '../domain/exchange/gate.ts';
import type { LoopId, PersonId } from '../domain/id.ts';
import type { Query } from './client.ts';

/** Of the person `p` of team `t`; null: everything. */
const productsRead = sql`CASE WHEN cardinality(p.products) > 0 THEN p.products
  WHEN t.kind = 'partner' THEN ARRAY(
    SELECT DISTINCT unnest(a.products) FROM account a WHERE a.team_id = p.team_id)
  END`;
const rolesHeld = sql`ARRAY(SELECT role FROM person_role WHERE person_id = p.id
  UNION SELECT 'regional-manager' FROM region WHERE manager_id = p.id)`;

/** As they are now; those of `ids` that exist. */
export async function loadReaders(
  query: Query,
  ids: readonly PersonId[],
): Promise<ReadonlyMap<PersonId, Reader>> {
  const { rows } = await sql<Reader>`
    SELECT p.id, p.left_at IS NULL AS "isActive", t.kind AS "teamKind", p.region_id AS region,
      g.country, coalesce(p.locale, g.locale) AS locale, g.locale AS "regionLocale",
      ${productsRead} AS products, ${rolesHeld} AS roles
    FROM person p JOIN region g ON g.id = p.region_id JOIN team t ON t.id = p.team_id
    WHERE p.id = ANY (${ids}::text[])`.execute(query);
  return new Map(rows.map((reader) => [reader.id, reader]));
}

/** Whether `practice` is for the person `p` of team `t` and region `g`, whatever of it is cleared now. */
export const isReached = sql<SqlBool>`coalesce(
  g.country = ANY (practice.countries)
  AND coalesce(${productsRead} && practice.products, true)
  AND (cardinality(practice.roles) = 0 OR ${rolesHeld} && practice.roles)
  AND (t.kind = 'own' OR practice.is_for_partners), false)`;

/** What may not be sold somewhere any more is not read of there either. */
const isLost = (clearance: string) => sql`EXISTS (
  SELECT FROM lost_clearance lost WHERE lost.product = ${sql.ref(`${clearance}.product`)}
    AND lost.country IN (${everywhere}, ${sql.ref(`${clearance}.country`)}))`;

/** Of the practice whose id a column holds; the tables in here have names that begin with `read`. */
export function mayReadPractice(reader: Reader, id: Expression<string>): Expression<SqlBool> {
  const { isActive, country, products, roles, teamKind } = reader;
  if (!isActive || country === null) return sql<SqlBool>`false`;
  const forPartners = teamKind === 'own' ? sql`` : sql`AND read.is_for_partners`;
  const trained =
    products === null ? sql`` : sql`AND read_clearance.product = ANY (${products}::text[])`;
  return sql<SqlBool>`EXISTS (
    SELECT FROM practice read JOIN practice_clearance read_clearance
      ON read_clearance.practice_id = read.id AND read_clearance.is_readable
    WHERE read.id = ${id} AND read.status = 'published' AND NOT ${isLost('read_clearance')}
      AND read_clearance.country = ${country} ${trained}
      AND (cardinality(read.roles) = 0 OR read.roles && ${roles}::text[]) ${forPartners})`;
}

/** What the pure function is asked with, of the practice `p`. */
export const gatedColumns = sql`p.status, p.roles, p.is_for_partners AS "isForPartners",
  (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'country', c.country, 'product', c.product,
      'isReadable', c.is_readable AND NOT ${isLost('c')})), '[]')
    FROM practice_clearance c WHERE c.practice_id = p.id) AS clearances`;

/** Null where there is no such practice. */
export async function gatedPractice(query: Query, id: LoopId): Promise<Gated | null> {
  const { rows } = await sql<Gated>`
    SELECT ${gatedColumns} FROM practice p WHERE id = ${id}`.execute(query);
  return rows[0] ?? null;
}
