/** What the growth of leaders is about, as other loops ask for it. */
import type { Competency } from '../domain/people/competency.ts';
import type { Query } from './client.ts';

/** Null where there is no such gap. */
export async function competencyOfGap(query: Query, gap: string): Promise<Competency | null> {
  // A request may name a gap that is kept elsewhere, by whatever it is called there.
  if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(gap)) return null;
  const row = await query
    .selectFrom('competency_gap')
    .select((eb) => eb.ref('competency').$castTo<Competency>().as('competency'))
    .where('id', '=', gap)
    .executeTakeFirst();
  return row?.competency ?? null;
}
