/** A way to stop a transaction just before its COMMIT: all is done and locked, and nobody sees it. */
import { Kysely } from 'kysely';
import { connectPostgres, type Database } from '../../db/client.ts';
import { postgresDialect } from '../../db/driver.ts';
import type { DB } from '../../db/schema.ts';

export interface HeldCommit {
  /** Settles when the transaction has nothing left to do but commit. */
  readonly reached: Promise<void>;
  commit(): void;
}

export interface CommitGate {
  /** Connections of its own, with the product's time limits. */
  readonly db: Database;
  /** Holds the next transaction that would commit. */
  holdNext(): HeldCommit;
}

export function commitGate(url: string): CommitGate {
  const dialect = postgresDialect(connectPostgres({ url, connectionsMax: 4 }));
  let next: { arrive(): void; readonly opened: Promise<void> } | null = null;
  const createDriver: typeof dialect.createDriver = () => {
    const driver = dialect.createDriver();
    return {
      ...driver,
      async commitTransaction(connection) {
        const held = next;
        next = null;
        held?.arrive();
        await held?.opened;
        return driver.commitTransaction(connection);
      },
    };
  };
  return {
    db: new Kysely<DB>({ dialect: { ...dialect, createDriver } }),
    holdNext() {
      const arrival = Promise.withResolvers<void>();
      const opening = Promise.withResolvers<void>();
      next = { arrive: arrival.resolve, opened: opening.promise };
      return { reached: arrival.promise, commit: opening.resolve };
    },
  };
}
