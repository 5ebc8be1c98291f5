/** What has moved between two looks at the tables, told as moves: without the planner. */
import { sql } from 'kysely';
import type { Database } from '../../db/client.ts';

interface Fact {
  readonly what: string;
  readonly id: string;
  readonly detail: string | null;
  readonly value: string | null;
}
export type Facts = readonly Fact[];

/** Each thing that a change may move, with where it is. */
export async function directoryFacts(db: Database): Promise<Facts> {
  const { rows } = await sql<Fact>`
    SELECT 'person.region' AS what, id, NULL AS detail, region_id AS value FROM person
    UNION ALL SELECT 'person.team', id, NULL, team_id FROM person
    UNION ALL SELECT 'person.leaves', id, NULL, CASE WHEN left_at IS NULL THEN 'there' END FROM person
    UNION ALL SELECT 'team.region', id, NULL, region_id FROM team
    UNION ALL SELECT 'office', person_id, role, string_agg(coalesce(region_id, '*'), ' ' ORDER BY region_id)
      FROM person_role GROUP BY person_id, role
    UNION ALL SELECT 'webhook', id::text, NULL, region_id FROM webhook_endpoint
    UNION ALL SELECT 'account.team', id, NULL, team_id FROM account
    UNION ALL SELECT 'account.product', id, product, product FROM account, unnest(products) AS product
    UNION ALL SELECT 'account.closes', id, NULL,
      CASE WHEN closed_at IS NULL THEN NULL ELSE coalesce(merged_into, 'closed') END FROM account
    UNION ALL SELECT 'account.owner', account_id, NULL, owner_id FROM custody WHERE upper_inf(period)
    UNION ALL SELECT 'delegation.ends', id, NULL, concat_ws(' ', principal_id, upper(period)) FROM delegation
    UNION ALL SELECT 'item.owner', id::text, NULL, owner_id FROM action_item_now
    UNION ALL SELECT 'policy', key, concat_ws(' ', region_id, valid_from), value::text FROM policy`.execute(
    db,
  );
  return rows;
}

const keyOf = ({ what, id, detail }: Fact): string => [what, id, detail ?? ''].join(' / ');

export interface SeenMove {
  readonly what: string;
  readonly id: string;
  readonly from: string | null;
  readonly to: string | null;
}

export function movesBetween(before: Facts, after: Facts): readonly SeenMove[] {
  const was = new Map(before.map((fact) => [keyOf(fact), fact]));
  const is = new Map(after.map((fact) => [keyOf(fact), fact]));
  return [...new Set([...was.keys(), ...is.keys()])].toSorted().flatMap((key) => {
    const [old, now] = [was.get(key), is.get(key)];
    const [from, to] = [old?.value ?? null, now?.value ?? null];
    const { what, id } = (old ?? now)!;
    return from === to ? [] : [{ what, id, from, to }];
  });
}
