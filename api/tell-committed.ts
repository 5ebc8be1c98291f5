import { findReceipt } from '../db/receipts.ts';
import type { LoopId } from '../domain/id.ts';
import { Refusal } from '../domain/problem.ts';
import type { Database } from '../db/client.ts';

/**
 * A repeat of a request whose answer was lost meets a loop that has gone on, which may refuse it:
 * what committed is told as committed all the same.
 */
export async function tellCommitted(
  { db }: { readonly db: Database },
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
