/**
 * The viewing rules of `domain/authority.ts` as SQL, so that a list is filtered, sorted and cut into
 * pages by Postgres. Each takes the actor that `may` takes and the column that holds the id.
 */
import { type Expression, sql, type SqlBool } from 'kysely';
import { type Actor, handoffReaders, taskReaders } from '../domain/authority.ts';
import type { Role } from '../domain/people/role.ts';

type Condition = Expression<SqlBool>;
type Column = Expression<string>;

/** Loops of handoffs by their id. */
export function maySeeHandoff(actor: Actor, id: Column): Condition {
  if (!actor.isActive) return never;
  return sql<SqlBool>`EXISTS (
    SELECT FROM loop_party party JOIN person ON person.id = party.person_id
    WHERE party.loop_id = ${id} AND ${standsOver(actor, handoffReaders)})`;
}

/** Open steps by the person they are asked of. */
export function maySeeTaskOf(actor: Actor, personId: Column): Condition {
  if (!actor.isActive) return never;
  return sql<SqlBool>`EXISTS (
    SELECT FROM person WHERE person.id = ${personId} AND ${standsOver(actor, taskReaders)})`;
}

export function maySeeAccount(actor: Actor, id: Column): Condition {
  if (!actor.isActive) return never;
  if (actor.teamKind === 'own') return always;
  return sql<SqlBool>`(
    EXISTS (SELECT FROM account WHERE account.id = ${id} AND account.team_id = ${actor.team})
    OR EXISTS (
      SELECT FROM custody JOIN person ON person.id = custody.owner_id
      WHERE custody.account_id = ${id} AND upper_inf(custody.period) AND ${standsOver(actor)})
    OR EXISTS (
      SELECT FROM loop_instance JOIN loop_party party ON party.loop_id = loop_instance.id
      WHERE loop_instance.account_id = ${id} AND party.person_id = ANY (${selves(actor)})))`;
}

export function maySeePerson(actor: Actor, id: Column): Condition {
  if (!actor.isActive) return never;
  if (actor.teamKind === 'own') return always;
  return sql<SqlBool>`(
    ${id} = ANY (${sql.val(actor.line)}::text[])
    OR EXISTS (
      SELECT FROM person WHERE person.id = ${id}
        AND (person.team_id = ${actor.team} OR ${standsOver(actor)}))
    OR EXISTS (
      SELECT FROM loop_party theirs JOIN loop_party mine ON mine.loop_id = theirs.loop_id
      WHERE theirs.person_id = ${id} AND mine.person_id = ANY (${selves(actor)})))`;
}

const always: Condition = sql<SqlBool>`true`;
const never: Condition = sql<SqlBool>`false`;

const selves = (actor: Actor) => sql`${[actor.id, ...actor.principals]}::text[]`;

/** `person` is the actor or a principal, somebody below one of them, or in a region read by office. */
function standsOver(actor: Actor, offices: readonly Role[] = []): Condition {
  const grants = actor.grants.filter((grant) => offices.includes(grant.role));
  if (grants.some((grant) => grant.region === null)) return always;
  const regions = grants.flatMap((grant) => grant.region ?? []);
  return sql<SqlBool>`(person.region_id = ANY (${regions}::text[]) OR person.id IN (
    WITH RECURSIVE below AS (
      SELECT unnest(${selves(actor)}) AS id
      UNION SELECT report.id FROM person report JOIN below ON report.manager_id = below.id)
    SELECT id FROM below))`;
}
