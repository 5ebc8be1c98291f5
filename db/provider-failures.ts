/** What providers have not taken since they last took something, and that they rest for it. */
import { type RawBuilder, sql } from 'kysely';
import type { Instant } from '../domain/loop.ts';
import { failuresKeptMax, type ProviderFailure } from '../domain/notice/burst.ts';
import type { Query } from './client.ts';

export type FailureKind = 'failed' | 'refused';

interface Noted extends ProviderFailure {
  readonly channel: string;
  readonly kind: FailureKind;
  /** What was before that counts no more. */
  readonly since: Instant;
}

/** Those that count, this one among them: whoever notes one waits for whoever notes another, and sees it. */
export async function noteFailure(
  query: Query,
  { channel, kind, since, ...failure }: Noted,
): Promise<readonly ProviderFailure[]> {
  const one = JSON.stringify(failure);
  const { rows } = await sql<{ readonly latest: readonly ProviderFailure[] }>`
    INSERT INTO channel_failure AS f (channel, kind, latest)
    VALUES (${channel}, ${kind}, jsonb_build_array(${one}::text::jsonb))
    ON CONFLICT (channel, kind) DO UPDATE SET latest = excluded.latest || (
      SELECT coalesce(jsonb_agg(before), '[]') FROM (
        SELECT before FROM jsonb_array_elements(f.latest) WITH ORDINALITY AS e (before, number)
        WHERE (before->>'at')::bigint > ${since} ORDER BY number LIMIT ${failuresKeptMax - 1}) kept)
    RETURNING latest`.execute(query);
  return rows[0]?.latest ?? [];
}

/**
 * A part of a statement that settles messages, `sent` their channels: what is taken ends the row. It waits
 * for nobody; who notes a failure in that moment notes what came after.
 */
export const endFailures = (sent: RawBuilder<unknown>) => sql`
  DELETE FROM channel_failure WHERE (channel, kind) IN (
    SELECT channel, kind FROM channel_failure WHERE channel IN (${sent}) FOR UPDATE SKIP LOCKED)`;

interface Pause {
  readonly channel: string;
  readonly kind: FailureKind;
  readonly until: Instant;
  readonly at: Instant;
  readonly reason: string;
}

/** What is counted begins anew. Until the later of two, when another has found the same: then false. */
export async function pauseChannel(
  query: Query,
  { channel, kind, until, at, reason }: Pause,
): Promise<boolean> {
  const { rows } = await sql<{ readonly isNew: boolean }>`
    WITH counted AS (
      DELETE FROM channel_failure WHERE channel = ${channel} AND kind = ${kind}
    )
    INSERT INTO channel_pause (channel, until, reason, since)
    VALUES (${channel}, ${until}::timestamptz, ${reason}, ${at}::timestamptz)
    ON CONFLICT (channel) DO UPDATE SET until = greatest(channel_pause.until, excluded.until),
      reason = excluded.reason
    RETURNING coalesce(old.until <= ${at}::timestamptz, true) AS "isNew"`.execute(query);
  return rows[0]?.isNew ?? false;
}
