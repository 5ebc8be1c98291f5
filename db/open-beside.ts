/** What is open for an account beside its handoffs, as far as one may see it. */
import { sql } from 'kysely';
import type { Actor } from '../domain/authority.ts';
import type { AccountId, LoopId } from '../domain/id.ts';
import type { Query } from './client.ts';
import { maySeeHandoff } from './visibility.ts';

const besides = ['alert', 'cover', 'rotation'] as const;
export interface OpenBeside {
  readonly id: LoopId;
  readonly loop: (typeof besides)[number];
}

const openMax = 50;

/** What cannot wait first. */
export async function openBeside(
  query: Query,
  actor: Actor,
  account: AccountId,
): Promise<readonly OpenBeside[]> {
  const { rows } = await sql<OpenBeside>`
    SELECT i.id, i.loop FROM loop_instance i
    WHERE i.account_id = ${account} AND i.closed_at IS NULL AND i.sequence > 0
      AND i.loop = ANY (${[...besides]}::text[]) AND ${maySeeHandoff(actor, sql.ref('i.id'))}
    ORDER BY i.loop, i.id LIMIT ${openMax}`.execute(query);
  return rows;
}
