/** An account that goes to somebody for good ends the covers that others promised, or were promised. */
import type { Transaction } from 'kysely';
import { type CustodyMove, moveForGood } from '../db/accounts.ts';
import { derivedId } from '../db/derived-id.ts';
import type { DB } from '../db/schema.ts';
import type { CoverCommand } from '../domain/cover/state.ts';
import type { LoopId } from '../domain/id.ts';
import type { Opening } from './loop-record.ts';

export async function handOnForGood(
  tx: Transaction<DB>,
  move: CustodyMove & { readonly by: LoopId },
): Promise<readonly Opening[]> {
  const command: CoverCommand = { type: 'overtake' };
  const covers = await moveForGood(tx, move);
  return covers.map((target) => {
    const id = derivedId('overtake', target, move.by) as LoopId;
    return { loop: 'cover', id, command, target };
  });
}
