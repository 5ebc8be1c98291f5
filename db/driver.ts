/**
 * Kysely over postgres.js, such that a lost connection is an error of whoever used it. The driver's
 * `reserve` is not used: it writes to a connection that is gone and throws where nobody can catch
 * (porsager/postgres#1208), and a connection it fails to make stays reserved. Its `begin` is sound as
 * long as nothing is sent after the loss.
 */
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from 'kysely';
import type postgres from 'postgres';

interface OpenTransaction {
  readonly sql: postgres.TransactionSql;
  /** Settles when Postgres has committed or rolled back, or the connection is lost. */
  readonly ended: Promise<unknown>;
  commit(): void;
  rollback(reason: unknown): void;
}

interface Connection extends DatabaseConnection {
  transaction: OpenTransaction | null;
  /** Why the transaction's connection is of no more use; nothing is sent on it after. */
  lost: Error | null;
}

export const postgresDialect = (pool: postgres.Sql): Dialect => ({
  createAdapter: () => new PostgresAdapter(),
  createDriver: () => createDriver(pool),
  createIntrospector: (db) => new PostgresIntrospector(db),
  createQueryCompiler: () => new PostgresQueryCompiler(),
});

function createDriver(pool: postgres.Sql): Driver {
  return {
    init: () => Promise.resolve(),
    acquireConnection: () => Promise.resolve(createConnection(pool)),
    async beginTransaction(connection, settings) {
      const ours = connection as Connection;
      ours.transaction = await beginTwice(pool, modeOf(settings));
      ours.transaction.ended.catch((reason: Error) => (ours.lost ??= reason));
    },
    async commitTransaction(connection) {
      const { transaction, lost } = connection as Connection;
      if (lost) throw lost;
      transaction?.commit();
      // Rejects also when a statement had failed: Postgres would answer COMMIT with a rollback.
      await transaction?.ended;
    },
    async rollbackTransaction(connection) {
      const { transaction, lost } = connection as Connection;
      // Postgres rolls back what it lost; the caller's own error is the one that counts.
      if (lost || !transaction) return;
      const reason = new Error('rolled back');
      transaction.rollback(reason);
      await transaction.ended.catch((thrown: unknown) => {
        if (thrown !== reason) throw thrown;
      });
    },
    releaseConnection: () => Promise.resolve(),
    destroy: () => pool.end({ timeout: 5 }),
  };
}

function modeOf({ isolationLevel, accessMode }: TransactionSettings): string {
  const level = isolationLevel ? `isolation level ${isolationLevel}` : '';
  return `${level} ${accessMode ?? ''}`;
}

/** A connection made anew may first report what ended the one before it; then nothing was begun. */
async function beginTwice(pool: postgres.Sql, mode: string): Promise<OpenTransaction> {
  try {
    return await begin(pool, mode);
  } catch (error) {
    if ((error as { severity?: string }).severity !== 'FATAL') throw error;
    return begin(pool, mode);
  }
}

async function begin(pool: postgres.Sql, mode: string): Promise<OpenTransaction> {
  const opened = Promise.withResolvers<postgres.TransactionSql>();
  const work = Promise.withResolvers<void>();
  const ended = pool.begin(mode, (sql) => {
    opened.resolve(sql);
    return work.promise;
  });
  await Promise.race([opened.promise, ended]);
  const sql = await opened.promise;
  return { sql, ended, commit: () => work.resolve(), rollback: (reason) => work.reject(reason) };
}

function createConnection(pool: postgres.Sql): Connection {
  const connection: Connection = {
    transaction: null,
    lost: null,
    async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
      if (connection.lost) throw connection.lost;
      const parameters = query.parameters as postgres.ParameterOrJSON<never>[];
      const sql = connection.transaction?.sql ?? pool;
      try {
        return resultOf(await sql.unsafe(query.sql, [...parameters], { prepare: true }));
      } catch (error) {
        if (connection.transaction && endsConnection(error)) connection.lost ??= error as Error;
        throw error;
      }
    },
    streamQuery() {
      throw new Error('rows are not streamed: ask for a page');
    },
  };
  return connection;
}

const writes: readonly string[] = ['INSERT', 'UPDATE', 'DELETE', 'MERGE'];

function resultOf<Row>(result: postgres.RowList<postgres.Row[]>): QueryResult<Row> {
  const rows = Array.from(result) as Row[];
  if (!writes.includes(result.command)) return { rows };
  return { rows, numAffectedRows: BigInt(result.count) };
}

/** Postgres hangs up after an error of this severity; the other codes are the driver's and the socket's. */
function endsConnection(error: unknown): boolean {
  const { severity, code = '' } = error as { severity?: string; code?: string };
  return severity === 'FATAL' || severity === 'PANIC' || /^(?:CONNECT|E[A-Z]+$)/.test(code);
}
