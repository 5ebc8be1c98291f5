/** One pool a process. Instants are epoch milliseconds, bigints are BigInt, dates are text, everywhere. */
import { Kysely, type Transaction } from 'kysely';
import postgres from 'postgres';
import { arrayTypes } from './arrays.ts';
import { postgresDialect } from './driver.ts';
import type { DB } from './schema.ts';

export type Database = Kysely<DB>;
export type Query = Kysely<DB> | Transaction<DB>;

export interface DatabaseOptions {
  readonly url: string;
  readonly connectionsMax?: number;
  /** Shorter than the activity's and the workflow task's time-outs, so that attempts cannot disagree. */
  readonly statementTimeoutMs?: number;
  readonly transactionTimeoutMs?: number;
  readonly applicationName?: string;
  readonly onQuery?: (sql: string) => void;
}

/** The driver's own rule leads to 20 s, for which every statement would wait. */
const reconnectPauseSecondsMax = 1;

const oid = { int8: 20, date: 1082, timestamptz: 1184 } as const;

export function connectPostgres(options: DatabaseOptions): postgres.Sql {
  return postgres(options.url, {
    max: options.connectionsMax ?? 10,
    onnotice: () => undefined,
    connect_timeout: 5,
    fetch_types: false,
    backoff: (attempts) => Math.min(reconnectPauseSecondsMax, 2 ** attempts / 20),
    connection: {
      application_name: options.applicationName ?? 'meridian',
      TimeZone: 'UTC',
      statement_timeout: options.statementTimeoutMs ?? 3_000,
      transaction_timeout: options.transactionTimeoutMs ?? 3_500,
      idle_in_transaction_session_timeout: options.transactionTimeoutMs ?? 3_500,
    },
    types: {
      ...arrayTypes,
      bigint: postgres.BigInt,
      date: { to: oid.date, from: [oid.date], serialize: String, parse: (text: string) => text },
      instant: {
        to: oid.timestamptz,
        from: [oid.timestamptz],
        serialize: (at: number) => new Date(at).toISOString(),
        parse: (text: string) => Date.parse(text),
      },
    },
    ...(options.onQuery && { debug: (_connection, sql) => options.onQuery?.(sql) }),
  });
}

export function openDatabase(options: DatabaseOptions): Database {
  return new Kysely<DB>({ dialect: postgresDialect(connectPostgres(options)) });
}
