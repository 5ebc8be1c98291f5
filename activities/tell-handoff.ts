/** A step that moves an account tells the handoff of it that is open: its giver has nothing to give. */
import type { Transaction } from 'kysely';
import { derivedId } from '../db/derived-id.ts';
import { openHandoffOf } from '../db/action-items.ts';
import type { DB } from '../db/schema.ts';
import type { HandoffCommand } from '../domain/handoff/state.ts';
import type { AccountId, LoopId, PersonId } from '../domain/id.ts';
import type { Opening } from './loop-record.ts';

interface Moved {
  readonly account: AccountId;
  readonly to: PersonId;
  /** The loop whose step moved it. */
  readonly by: LoopId;
}

export async function tellHandoff(
  tx: Transaction<DB>,
  { account, to, by }: Moved,
): Promise<readonly Opening[]> {
  const open = await openHandoffOf(tx, account);
  if (!open) return [];
  const { id: target } = open;
  const command: HandoffCommand = { type: 'drop', to, person: null, since: 0 };
  return [
    { loop: 'handoff', id: derivedId('handoff told', target, by, to) as LoopId, command, target },
  ];
}
