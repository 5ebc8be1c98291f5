/** The handoff's read model, its list and its timeline. */
import { sql } from 'kysely';
import type { Actor } from '../domain/authority.ts';
import type { Acceptance } from '../domain/handoff/acceptance.ts';
import type { Call, HandoffState, HandoffStatus, Rung, Severity } from '../domain/handoff/state.ts';
import { waitOf } from '../domain/handoff/decide.ts';
import type { AccountId, ContentId, LoopId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { problem, Refusal, type ProblemCode } from '../domain/problem.ts';
import type { Query } from './client.ts';
import { maySeeHandoff } from './visibility.ts';

interface ProjectedStep {
  readonly id: LoopId;
  readonly at: Instant;
  readonly after: HandoffState;
  readonly isClosed: boolean;
  /** Null where the step is no read-back; of one person's the first is kept. */
  readonly acceptance: Acceptance | null;
}

/** Brings the row that lists show to where the handoff stands. */
export async function projectHandoff(
  query: Query,
  { id, at, after, isClosed, acceptance }: ProjectedStep,
): Promise<void> {
  const holder = waitOf(after)?.person ?? null;
  const closedAt = isClosed ? at : null;
  const synthesis = after.readBack?.content ?? null;
  const isFirstTime = after.status === 'transferred' ? after.sentBacks === 0 : null;
  const acceptedAt = synthesis === null ? null : at;
  await sql`
    INSERT INTO handoff (id, account_id, giver_id, receiver_id, holder_id, status, severity,
      packet_id, synthesis_id, offered_at, closed_at, read_backs, first_time, accepted_at,
      accepted_by, accept_minutes)
    VALUES (${id}, ${after.account}, ${after.giver}, ${after.receiver}, ${holder}, ${after.status},
      ${after.severity}, ${after.packet}, ${synthesis}, ${at}, ${closedAt}, ${after.readBacks},
      ${isFirstTime}, ${acceptedAt}, ${acceptance?.by ?? null}, ${acceptance?.minutes ?? null})
    ON CONFLICT (id) DO UPDATE SET receiver_id = excluded.receiver_id,
      holder_id = excluded.holder_id, status = excluded.status,
      severity = excluded.severity, packet_id = excluded.packet_id,
      synthesis_id = excluded.synthesis_id, closed_at = excluded.closed_at,
      read_backs = excluded.read_backs, first_time = excluded.first_time,
      accepted_at = CASE WHEN handoff.synthesis_id = excluded.synthesis_id
        THEN handoff.accepted_at ELSE excluded.accepted_at END,
      accepted_by = coalesce(excluded.accepted_by, handoff.accepted_by),
      accept_minutes = CASE WHEN excluded.accepted_by <> handoff.accepted_by
        THEN excluded.accept_minutes
        ELSE coalesce(handoff.accept_minutes, excluded.accept_minutes) END`
    .execute(query)
    .catch(refuseBroken);
}

export interface OfferedAccount {
  readonly custodian: PersonId | null;
  readonly isInHandoff: boolean;
}

/** Null for an unknown account. Its custody stays as it is until the transaction ends. */
export async function lockOffered(
  query: Query,
  account: AccountId,
): Promise<OfferedAccount | null> {
  const { rows } = await sql<OfferedAccount>`
    SELECT (lock_custody(a.id)).owner_id AS custodian,
      EXISTS (SELECT FROM handoff WHERE account_id = a.id AND closed_at IS NULL) AS "isInHandoff"
    FROM account a WHERE a.id = ${account}`.execute(query);
  return rows[0] ?? null;
}

/** Without a lock: what an offer would meet now. */
export async function isInHandoff(query: Query, account: AccountId): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    SELECT EXISTS (SELECT FROM handoff WHERE account_id = ${account} AND closed_at IS NULL) AS found`.execute(
    query,
  );
  return rows[0]?.found ?? false;
}

const refusals: Readonly<Record<string, ProblemCode>> = {
  handoff_one_open: 'handoff.account_in_handoff', // two offers at once: the index lets one through
  handoff_packet_id_fkey: 'content.unknown',
  handoff_synthesis_id_fkey: 'content.unknown',
};

function refuseBroken(error: unknown): never {
  const constraint = error instanceof Error && 'constraint_name' in error && error.constraint_name;
  const code = refusals[String(constraint)];
  throw code ? new Refusal(problem(code)) : error;
}

interface Named<Id> {
  readonly id: Id;
  readonly name: string;
}

export interface HandoffRow {
  readonly id: LoopId;
  readonly account: Named<AccountId>;
  /** Of the customer's first site. */
  readonly siteZone: string;
  readonly giver: Named<PersonId>;
  readonly receiver: Named<PersonId>;
  /** Whom it waits for. */
  readonly holder: Named<PersonId> | null;
  readonly status: HandoffStatus;
  readonly rung: Rung;
  readonly severity: Severity;
  readonly packet: ContentId;
  readonly synthesis: ContentId | null;
  readonly readBacks: number;
  /** Null until custody moved by a confirmed read-back. */
  readonly isFirstTime: boolean | null;
  readonly offeredAt: Instant;
  readonly closedAt: Instant | null;
  /** When the clock acts on the open step; null while held and once over. */
  readonly dueAt: Instant | null;
  readonly call: Call | null;
  readonly revision: number;
  readonly isHeld: boolean;
}

const named = (table: string) =>
  sql`jsonb_build_object('id', ${sql.ref(`${table}.id`)}, 'name', ${sql.ref(`${table}.name`)})`;

const selectHandoffs = sql`
  SELECT h.id, ${named('account')} AS account, account.sites->0->>'zone' AS "siteZone", ${named('giver')} AS giver,
    ${named('receiver')} AS receiver, CASE WHEN holder.id IS NOT NULL THEN ${named('holder')} END AS holder,
    h.status, i.state->'state'->>'rung' AS rung,
    i.state->'state'->'call' AS call, h.severity, h.packet_id AS packet,
    h.synthesis_id AS synthesis, h.read_backs AS "readBacks", h.first_time AS "isFirstTime",
    h.offered_at AS "offeredAt", h.closed_at AS "closedAt",
    (SELECT min(due_at) FROM task WHERE loop_id = h.id AND closed_sequence IS NULL) AS "dueAt",
    i.revision, i.held_at IS NOT NULL AS "isHeld"
  FROM handoff h
  JOIN loop_instance i ON i.id = h.id
  JOIN account ON account.id = h.account_id
  JOIN person giver ON giver.id = h.giver_id
  JOIN person receiver ON receiver.id = h.receiver_id
  LEFT JOIN person holder ON holder.id = h.holder_id`;

export interface HandoffPage {
  readonly before: { readonly offeredAt: Instant; readonly id: LoopId } | null;
  readonly limit: number;
  readonly account?: AccountId | undefined;
  readonly isOpen?: boolean | undefined;
}

/** The newest first, of those the actor may see. */
export async function listHandoffs(
  query: Query,
  actor: Actor,
  page: HandoffPage,
): Promise<readonly HandoffRow[]> {
  const after = page.before
    ? sql`AND (h.offered_at, h.id) < (${page.before.offeredAt}::timestamptz, ${page.before.id}::uuid)`
    : sql``;
  const ofAccount = page.account ? sql`AND h.account_id = ${page.account}` : sql``;
  const open = page.isOpen === undefined ? sql`` : sql`AND (h.closed_at IS NULL) = ${page.isOpen}`;
  const { rows } = await sql<HandoffRow>`
    ${selectHandoffs}
    WHERE ${maySeeHandoff(actor, sql.ref('h.id'))} ${after} ${ofAccount} ${open}
    ORDER BY h.offered_at DESC, h.id DESC LIMIT ${page.limit}`.execute(query);
  return rows;
}

/** Null when it does not exist, or when the actor may not see it: nobody can tell which. */
export async function findHandoff(
  query: Query,
  actor: Actor,
  id: LoopId,
): Promise<HandoffRow | null> {
  const { rows } = await sql<HandoffRow>`
    ${selectHandoffs}
    WHERE h.id = ${id} AND ${maySeeHandoff(actor, sql.ref('h.id'))}`.execute(query);
  return rows[0] ?? null;
}

export interface HandoffMessage {
  readonly to: Named<PersonId>;
  readonly key: string;
  readonly status: string;
  readonly sendAt: Instant;
  readonly reason: string | null;
}

const messagesShownMax = 200;

/** Who was or will be told, the newest first. */
export async function handoffMessages(
  query: Query,
  id: LoopId,
): Promise<readonly HandoffMessage[]> {
  const { rows } = await sql<HandoffMessage>`
    SELECT ${named('person')} AS "to", notice.key, notice.status, notice.send_at AS "sendAt", notice.reason
    FROM notice JOIN person ON person.id = notice.recipient_id
    WHERE notice.loop_id = ${id}
    ORDER BY notice.sequence DESC, notice.key, person.id LIMIT ${messagesShownMax}`.execute(query);
  return rows;
}
