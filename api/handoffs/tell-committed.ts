import { findReceipt } from '../../db/receipts.ts';
import type { LoopId } from '../../domain/id.ts';
import { Refusal } from '../../domain/problem.ts';
import type { HandoffParts } from './parts.ts';

/**
 * A repeat of a request whose answer was lost meets a handoff that has gone on, which may refuse it:
 * what committed is told as committed all the same.
 */
export async function tellCommitted(
  { db }: Pick<HandoffParts, 'db'>,
  { id, commandId }: { readonly id: LoopId; readonly commandId: string },
  act: () => Promise<void>,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (error instanceof Refusal && (await findReceipt(db, id, commandId))) return;
    throw error;
  }
}
