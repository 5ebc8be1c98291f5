/** Findings of the look-ahead, and the accounts that it has yet to look at. */
import { sql } from 'kysely';
import type { Actor } from '../domain/authority.ts';
import type { AccountId, ContentId, LoopId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import {
  findingKey,
  type Finding,
  type FindingKind,
  type Severity,
} from '../domain/outlook/finding.ts';
import type { OutlookState, OutlookStatus } from '../domain/outlook/state.ts';
import { derivedId } from './derived-id.ts';
import type { Query } from './client.ts';
import { maySeeHandoff } from './visibility.ts';

/** What is gone and comes back is another instance: the id follows from the key and its turn. */
export const findingId = (key: string, turn: number): LoopId =>
  derivedId('outlook', key, String(turn)) as LoopId;

interface ProjectedFinding {
  readonly id: LoopId;
  readonly at: Instant;
  readonly after: OutlookState;
  readonly isClosed: boolean;
}

export async function projectOutlook(
  query: Query,
  { id, at, after, isClosed }: ProjectedFinding,
): Promise<void> {
  const key = findingKey(after as Finding);
  const { account, kind, status, severity, owner, asked, waitsFor, from, until, reason } = after;
  await sql`
    INSERT INTO outlook AS o (id, account_id, key, turn, kind, status, severity, owner_id, asked_id,
      waits_for_id, begins_at, ends_at, accepted_until, reason_id, opened_at, closed_at)
    SELECT ${id}, ${account}, ${key}, count(*), ${kind}, ${status}, ${severity}, ${owner}, ${asked},
      ${waitsFor}, ${from}::timestamptz, ${until}::timestamptz, NULL, NULL, ${at}::timestamptz, NULL
    FROM outlook earlier WHERE earlier.key = ${key} AND earlier.id <> ${id}
    ON CONFLICT (id) DO UPDATE SET status = excluded.status, severity = excluded.severity,
      asked_id = excluded.asked_id, waits_for_id = excluded.waits_for_id,
      begins_at = excluded.begins_at, ends_at = excluded.ends_at,
      accepted_until = ${after.acceptedUntil}::timestamptz, reason_id = ${reason},
      closed_at = ${isClosed ? at : null}::timestamptz`.execute(query);
}

/** Every account, once a night; safe to repeat, since the row that remembers it is in the same statement. */
export async function queueNight(query: Query, night: string): Promise<void> {
  await sql`
    WITH begun AS (
      INSERT INTO outlook_night AS n (night) VALUES (${night}::date)
      ON CONFLICT (is_only) DO UPDATE SET night = excluded.night WHERE n.night < excluded.night
      RETURNING night
    )
    INSERT INTO outlook_due (account_id) SELECT account.id FROM account, begun ORDER BY account.id`.execute(
    query,
  );
}

export interface DueAccount {
  readonly account: AccountId;
  /** What said so, as far as is known now; whatever is said later stays. */
  readonly numbers: readonly string[];
}

/** Those that wait longest first, without those of `except`. */
export async function dueAccounts(
  query: Query,
  limit: number,
  except: readonly AccountId[] = [],
): Promise<readonly DueAccount[]> {
  const { rows } = await sql<DueAccount>`
    SELECT account_id AS account, array_agg(number::text) AS numbers FROM outlook_due
    WHERE account_id <> ALL (${except}::text[])
    GROUP BY account_id ORDER BY min(number) LIMIT ${limit}`.execute(query);
  return rows;
}

export async function removeDue(query: Query, due: readonly DueAccount[]): Promise<void> {
  const numbers = due.flatMap((account) => account.numbers);
  await sql`DELETE FROM outlook_due WHERE number = ANY (${numbers}::text[]::bigint[])`.execute(
    query,
  );
}

export interface KnownFinding {
  readonly id: LoopId;
  readonly account: AccountId;
  readonly key: string;
  readonly turn: number;
  readonly status: OutlookStatus;
  readonly severity: Severity;
  readonly asked: PersonId;
  readonly from: Instant | null;
  readonly until: Instant | null;
  readonly revision: number;
  readonly acceptedUntil: Instant | null;
  readonly waitsFor: { readonly id: PersonId; readonly name: string };
}

/** Of each key the latest: those that are open, and those of `keys` that were. */
export async function knownFindings(
  query: Query,
  { accounts, keys }: { readonly accounts: readonly AccountId[]; readonly keys: readonly string[] },
): Promise<readonly KnownFinding[]> {
  const { rows } = await sql<KnownFinding>`
    SELECT DISTINCT ON (o.key) o.id, o.account_id AS account, o.key, o.turn, o.status, o.severity,
      o.asked_id AS asked, o.begins_at AS "from", o.ends_at AS until, i.revision,
      o.accepted_until AS "acceptedUntil",
      jsonb_build_object('id', p.id, 'name', p.name) AS "waitsFor"
    FROM outlook o JOIN loop_instance i ON i.id = o.id JOIN person p ON p.id = o.waits_for_id
    WHERE (o.closed_at IS NULL AND o.account_id = ANY (${accounts}::text[]))
      OR o.key = ANY (${keys}::text[])
    ORDER BY o.key, o.turn DESC`.execute(query);
  return rows;
}

export interface FindingRow {
  readonly id: LoopId;
  readonly account: { readonly id: AccountId; readonly name: string };
  readonly kind: FindingKind;
  readonly status: OutlookStatus;
  readonly severity: Severity;
  readonly state: OutlookState;
  readonly waitsFor: { readonly id: PersonId; readonly name: string };
  readonly acceptedUntil: Instant | null;
  readonly reason: ContentId | null;
  readonly dueAt: Instant | null;
  readonly openedAt: Instant;
  readonly closedAt: Instant | null;
  readonly revision: number;
  readonly isHeld: boolean;
}

/** Null when it does not exist, or when the actor may not see it: nobody can tell which. */
export async function findFinding(
  query: Query,
  actor: Actor,
  id: LoopId,
): Promise<FindingRow | null> {
  const { rows } = await sql<FindingRow>`
    SELECT o.id, jsonb_build_object('id', a.id, 'name', a.name) AS account, o.kind, o.status,
      o.severity, i.state->'state' AS state,
      jsonb_build_object('id', p.id, 'name', p.name) AS "waitsFor",
      o.accepted_until AS "acceptedUntil", o.reason_id AS reason, o.opened_at AS "openedAt",
      o.closed_at AS "closedAt", i.revision, i.held_at IS NOT NULL AS "isHeld",
      (SELECT min(due_at) FROM task
        WHERE task.loop_id = o.id AND task.closed_sequence IS NULL) AS "dueAt"
    FROM outlook o JOIN loop_instance i ON i.id = o.id JOIN account a ON a.id = o.account_id
    JOIN person p ON p.id = o.waits_for_id
    WHERE o.id = ${id} AND ${maySeeHandoff(actor, sql.ref('o.id'))}`.execute(query);
  return rows[0] ?? null;
}
