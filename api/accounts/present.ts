/** Items as the API answers with them. */
import type { z } from '@hono/zod-openapi';
import { findAccount, type Account } from '../../db/accounts.ts';
import type { ActionItemRow } from '../../db/action-items.ts';
import { present } from '../../domain/assert.ts';
import type { Actor } from '../../domain/authority.ts';
import type { AccountId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { DirectoryParts } from '../directory/parts.ts';
import { localTime } from '../local-time.ts';
import type { actionAnswer } from './schema.ts';

export type Action = z.input<typeof actionAnswer>;

const iso = (at: number): string => new Date(at).toISOString();

/** Due on two clocks: the customer's own, of the first site, and the owner's. */
export function shownAction(row: ActionItemRow, siteZone: string): Action {
  const { owner, dueAt, addedAt, changedAt, type, sequence: _sequence, ...item } = row;
  return {
    ...item,
    owner: { id: owner.id, name: owner.name },
    dueAt: iso(dueAt),
    local: { site: localTime(dueAt, siteZone), owner: localTime(dueAt, owner.zone) },
    addedAt: iso(addedAt),
    change: type,
    changedAt: iso(changedAt),
  };
}

export const siteZoneOf = ({ sites }: Pick<Account, 'sites'>): string =>
  present(sites[0], 'the site of the account').zone;

/** What does not exist and what may not be seen answer alike. */
export async function seenAccount(
  { db, clock }: Pick<DirectoryParts, 'db' | 'clock'>,
  actor: Actor,
  id: string,
): Promise<Account> {
  const account = await findAccount(db, { actor, id: id as AccountId, at: clock.now() });
  if (!account) throw new Refusal(problem('request.not_found'));
  return account;
}
