/** What a directory file still says although a change has ended it: it is told what to write instead. */
import { sql } from 'kysely';
import { everywhere } from '../domain/change/change.ts';
import type { Directory } from '../domain/directory/directory.ts';
import type { Finding } from '../domain/directory/finding.ts';
import { present } from '../domain/assert.ts';
import { canonicalJson } from './audit-chain.ts';
import type { Query } from './client.ts';

interface GoneRows {
  readonly regions: Readonly<Record<string, string>>;
  readonly teams: Readonly<Record<string, string | null>>;
  readonly accounts: Readonly<Record<string, string | null>>;
  readonly lost: Readonly<Record<string, readonly string[]>>;
  readonly policies: Readonly<Record<string, string>>;
}

/** A file that brought something back unsaid would undo a change that people were told of. */
export async function findGone(query: Query, directory: Directory): Promise<readonly Finding[]> {
  const gone = await readGone(query);
  const of = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
    Object.hasOwn(record, key) ? record[key] : undefined;
  const regions = directory.regions.flatMap(({ path, value: { id } }): readonly Finding[] => {
    const into = of(gone.regions, id);
    if (into === undefined) return [];
    return [{ path, code: 'region_merged', params: { region: id, into } }];
  });
  const teams = directory.teams.flatMap(({ path, value: { id } }): readonly Finding[] => {
    const into = of(gone.teams, id);
    if (into === undefined) return [];
    if (into === null) return [{ path, code: 'team_gone', params: { team: id } }];
    return [{ path, code: 'team_dissolved', params: { team: id, into } }];
  });
  const accounts = directory.accounts.flatMap(({ path, value: { id } }): readonly Finding[] => {
    const into = of(gone.accounts, id);
    if (into === undefined) return [];
    if (into === null) return [{ path, code: 'account_closed', params: { account: id } }];
    return [{ path, code: 'account_merged', params: { account: id, into } }];
  });
  const products = directory.accounts.flatMap(({ path, value }): readonly Finding[] =>
    value.products.flatMap((product, index): readonly Finding[] => {
      const lost = of(gone.lost, product);
      if (!lost || !isLostEverywhere(lost, value.countries)) return [];
      const params = { product, account: value.id };
      return [{ path: `${path}.products[${index}]`, code: 'clearance_lost', params }];
    }),
  );
  const policies = directory.policies.flatMap(({ path, value }): readonly Finding[] => {
    const { key, region = '', validFrom } = value;
    const set = of(gone.policies, [key, region, validFrom].join(' '));
    if (set === undefined || canonicalJson(JSON.parse(set)) === canonicalJson(value.value))
      return [];
    return [{ path: `${path}.value`, code: 'policy_of_change', params: { value: set } }];
  });
  return [...regions, ...teams, ...accounts, ...products, ...policies];
}

const isLostEverywhere = (lost: readonly string[], countries: readonly string[]): boolean =>
  lost.includes(everywhere) ||
  (countries.length > 0 && countries.every((country) => lost.includes(country)));

async function readGone(query: Query): Promise<GoneRows> {
  const { rows } = await sql<GoneRows>`
    SELECT
      (SELECT coalesce(jsonb_object_agg(id, merged_into), '{}') FROM region
        WHERE merged_into IS NOT NULL) AS regions,
      (SELECT coalesce(jsonb_object_agg(id, dissolved_into), '{}') FROM team
        WHERE dissolved_at IS NOT NULL) AS teams,
      (SELECT coalesce(jsonb_object_agg(id, merged_into), '{}') FROM account
        WHERE closed_at IS NOT NULL) AS accounts,
      (SELECT coalesce(jsonb_object_agg(product, countries), '{}') FROM (
        SELECT product, jsonb_agg(country) AS countries FROM lost_clearance GROUP BY product) l) AS lost,
      (SELECT coalesce(jsonb_object_agg(concat_ws(' ', key, coalesce(region_id, ''), valid_from),
        value::text), '{}') FROM policy WHERE change_id IS NOT NULL) AS policies`.execute(query);
  return present(rows[0], 'what has ended');
}
