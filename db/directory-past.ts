/** The directory as it was: what was changed since is taken from the past, the rest is as it is. */
import { sql } from 'kysely';
import type { Instant } from '../domain/loop.ts';
import type { Query } from './client.ts';

export const pastNouns = ['region', 'team', 'person', 'account'] as const;
export type PastNoun = (typeof pastNouns)[number];

export interface PastPage {
  readonly noun: PastNoun;
  readonly at: Instant;
  readonly after: string;
  readonly limit: number;
}

export interface PastEntry {
  readonly id: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** By id; what there was not then is left out. Names of people are not among it. */
export async function directoryAsOf(
  query: Query,
  { noun, at, after, limit }: PastPage,
): Promise<readonly PastEntry[]> {
  const { rows } = await sql<PastEntry>`
    SELECT t.id, CASE WHEN past.number IS NULL THEN directory_facts(to_jsonb(t)) ELSE past.value END
      AS value
    FROM ${sql.table(noun)} t
    LEFT JOIN LATERAL (
      SELECT number, value FROM directory_past p
      WHERE p.noun = ${noun} AND p.id = t.id AND p.until > ${at}::timestamptz
      ORDER BY p.until, p.number LIMIT 1
    ) past ON true
    WHERE t.id > ${after} AND (past.number IS NULL OR past.value IS NOT NULL)
    ORDER BY t.id LIMIT ${limit}`.execute(query);
  return rows;
}
