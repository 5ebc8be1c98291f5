/** Whatever writes the directory does so alone, for as long as the largest needs, and keeps what was before. */
import { sql } from 'kysely';
import type { Instant } from '../domain/loop.ts';
import type { Query } from './client.ts';

/**
 * The first import of the largest directory takes some 20 s, half of it the checks at its end. The
 * limits of everyday statements are made for less.
 */
const statementTimeoutMs = 120_000;
const transactionTimeoutMs = 180_000;
/** One import at a time. */
const importLock = 727_275;

/** Whoever writes what the directory holds waits for whoever does so already. */
export async function lockImports(query: Query): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${importLock}::bigint)`.execute(query);
}

/** When whatever the transaction changes was so until, and which change has changed it. */
export async function datePast(
  query: Query,
  { at, change = '' }: { readonly at: Instant; readonly change?: string },
): Promise<void> {
  await sql`SELECT set_config('meridian.changed_at', (${at}::timestamptz)::text, true),
    set_config('meridian.change_id', ${change}, true)`.execute(query);
}

/** The time limit of a running transaction starts anew only when it was switched off before. */
export async function allowTime(query: Query): Promise<void> {
  const [statement, transaction] = [String(statementTimeoutMs), String(transactionTimeoutMs)];
  await sql`SELECT set_config('transaction_timeout', '0', true)`.execute(query);
  await sql`SELECT set_config('transaction_timeout', ${transaction}, true),
    set_config('idle_in_transaction_session_timeout', ${transaction}, true),
    set_config('statement_timeout', ${statement}, true)`.execute(query);
}
