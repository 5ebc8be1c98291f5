/** What people attained of their quota, as the directory file has it. */
import type { PersonId } from '../domain/id.ts';
import type { Quarter } from '../domain/scorecard/quarter.ts';
import type { Query } from './client.ts';

/** In percent, of those of whom there is a figure. */
export async function attainedIn(
  query: Query,
  { quarter, people }: { readonly quarter: Quarter; readonly people: readonly PersonId[] },
): Promise<ReadonlyMap<PersonId, number>> {
  if (people.length === 0) return new Map();
  const rows = await query
    .selectFrom('quota_attainment')
    .select(['person_id', 'percent'])
    .where('quarter', '=', quarter)
    .where('person_id', 'in', people)
    .execute();
  return new Map(rows.map((row) => [row.person_id as PersonId, row.percent]));
}
