/** What a test writes is given up in the end: emptying every table takes far longer. */
import type { Transaction } from 'kysely';
import type { Database } from '../../db/client.ts';
import type { DB } from '../../db/schema.ts';

class Undone extends Error {}

/** In a database that holds nothing else, and holds nothing again afterwards. */
export async function undone(
  db: Database,
  act: (tx: Transaction<DB>) => Promise<void>,
): Promise<void> {
  const done = db.transaction().execute(async (tx) => {
    await act(tx);
    throw new Undone();
  });
  await done.catch((error: unknown) => {
    if (!(error instanceof Undone)) throw error;
  });
}
