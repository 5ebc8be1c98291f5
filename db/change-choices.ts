/** What a change of the organisation can be about: whatever is still there. */
import { sql } from 'kysely';
import { present } from '../domain/assert.ts';
import type { Query } from './client.ts';

export interface Choice {
  readonly id: string;
  readonly name: string;
}

export interface ChangeChoices {
  readonly regions: readonly Choice[];
  readonly teams: readonly Choice[];
  /** The first by name; more can be typed. */
  readonly accounts: readonly Choice[];
  /** That an account has. */
  readonly products: readonly string[];
}

/** As many as a form suggests; more can be typed. */
const suggestedMax = 200;

export async function changeChoices(query: Query): Promise<ChangeChoices> {
  const { rows } = await sql<ChangeChoices>`
    SELECT
      (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', name) ORDER BY name, id), '[]')
        FROM region WHERE merged_at IS NULL) AS regions,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', name) ORDER BY name, id), '[]')
        FROM team WHERE dissolved_at IS NULL) AS teams,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', name) ORDER BY name, id), '[]')
        FROM (SELECT id, name FROM account WHERE closed_at IS NULL
          ORDER BY name, id LIMIT ${suggestedMax}) a) AS accounts,
      ARRAY(SELECT DISTINCT unnest(products) FROM account ORDER BY 1 LIMIT ${suggestedMax}) AS products
  `.execute(query);
  return present(rows[0], 'the one row of choices');
}
