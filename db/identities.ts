/** Who signs in as whom: a link of (issuer, subject) to a person, never of an e-mail address. */
import type { PersonId } from '../domain/id.ts';
import type { Query } from './client.ts';

export async function personOf(
  query: Query,
  identity: { readonly issuer: string; readonly subject: string },
): Promise<PersonId | null> {
  const row = await query
    .selectFrom('identity')
    .select('person_id')
    .where('issuer', '=', identity.issuer)
    .where('subject', '=', identity.subject)
    .executeTakeFirst();
  return (row?.person_id as PersonId | undefined) ?? null;
}
