/** The engine's statements: each does one thing of the recording transaction. */
import { randomUUID } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import { present } from '../domain/assert.ts';
import type {
  AccountId,
  ContentId,
  LoopId,
  NoticeId,
  PersonId,
  WebhookDeliveryId,
} from '../domain/id.ts';
import type { Command, Instant, Moment, NoticeParams, OpenTask, Urgency } from '../domain/loop.ts';
import type { MessageKind } from '../domain/notice/message-kinds.ts';
import type { TaskKind } from '../domain/task-kind.ts';
import { releaseMembers } from './bundles.ts';
import { plannedDeliveries } from './plan-webhooks.ts';
import type { DB } from './schema.ts';
import { takesPlaceOf } from './superseding.ts';

type Tx = Transaction<DB>;

/** The instance row as locked: what the record knows of the loop. */
export interface LoopHead {
  readonly sequence: number;
  readonly revision: number;
  readonly version: number;
  readonly state: unknown;
  readonly moments: readonly Moment<Command>[];
  readonly lastAt: Instant | null;
  readonly lastHash: Uint8Array | null;
  /** Calendar revisions its last step was planned with; null where another step just ended. */
  readonly plannedWith: Readonly<Record<string, number>> | null;
}

/** Makes the row if need be and holds it until the transaction ends: steps of a loop queue here. */
export async function lockLoop(tx: Tx, id: LoopId, loop: string): Promise<LoopHead> {
  const { rows } = await sql<LoopHead>`
    INSERT INTO loop_instance (id, loop) VALUES (${id}, ${loop})
    ON CONFLICT (id) DO UPDATE SET loop = loop_instance.loop
    RETURNING sequence, revision, version, state, moments, last_at AS "lastAt", last_hash AS "lastHash",
      (SELECT t.computed_with->'calendarRevisions' FROM transition t
        WHERE t.loop_id = loop_instance.id AND t.sequence = loop_instance.sequence - 1) AS "plannedWith"`.execute(
    tx,
  );
  return present(rows[0], 'the locked loop');
}

export interface StoredRow {
  readonly sequence: number;
  readonly commandId: string;
  readonly at: Instant;
  readonly version: number;
  readonly state: unknown;
  readonly moments: readonly Moment<Command>[];
}

/** Everything stored from `sequence` on, and the transition of `commandId` wherever it is. */
export async function storedTransitions(
  tx: Tx,
  { id, sequence, commandId }: { id: LoopId; sequence: number; commandId: string },
): Promise<readonly StoredRow[]> {
  const { rows } = await sql<StoredRow>`
    SELECT sequence, command_id AS "commandId", at, version, state, moments FROM transition
    WHERE loop_id = ${id} AND (sequence >= ${sequence} OR command_id = ${commandId})
    ORDER BY sequence`.execute(tx);
  return rows;
}

export interface ContentRow {
  readonly id: ContentId;
  readonly hash: Uint8Array;
}

export async function contentHashes(
  tx: Tx,
  ids: readonly ContentId[],
): Promise<readonly ContentRow[]> {
  const { rows } = await sql<ContentRow>`
    SELECT id, hash FROM content WHERE id = ANY (${ids}::uuid[]) FOR KEY SHARE`.execute(tx);
  return rows;
}

export interface OpenTaskRow {
  readonly kind: TaskKind;
  readonly person: PersonId;
  readonly inPlaceOf: PersonId | null;
  readonly dueAt: Instant | null;
}

export async function openTasks(tx: Tx, id: LoopId): Promise<readonly OpenTaskRow[]> {
  const { rows } = await sql<OpenTaskRow>`
    SELECT kind, person_id AS person, in_place_of AS "inPlaceOf", due_at AS "dueAt" FROM task
    WHERE loop_id = ${id} AND closed_sequence IS NULL`.execute(tx);
  return rows;
}

export interface TaskStep {
  readonly id: LoopId;
  readonly sequence: number;
  readonly at: Instant;
  readonly tasks: readonly OpenTask[];
}

const iso = (at: Instant | null): string | null =>
  at === null ? null : new Date(at).toISOString();

/** Whose tasks a step has closed, and whose it has opened. */
export interface SettledTasks {
  readonly closed: readonly OpenTaskRow[];
  readonly opened: readonly OpenTaskRow[];
}

/**
 * Makes the open tasks exactly `tasks`: closes the others, opens the new, moves due times. Closing a
 * task cancels in the same statement whatever unsent message asks for it.
 */
export async function settleTasks(tx: Tx, step: TaskStep): Promise<SettledTasks> {
  const wanted = step.tasks.map(({ kind, person, inPlaceOf = null, since, dueAt }) => ({
    kind,
    person,
    in_place_of: inPlaceOf,
    since: iso(since),
    due_at: iso(dueAt),
  }));
  const { rows } = await sql<OpenTaskRow & { readonly isOpen: boolean }>`
    WITH wanted AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(wanted)}::text::jsonb)
        AS w (kind text, person text, in_place_of text, since timestamptz, due_at timestamptz)
    ), closed AS (
      UPDATE task SET closed_sequence = ${step.sequence}, closed_at = ${step.at}
      WHERE loop_id = ${step.id} AND closed_sequence IS NULL
        AND NOT EXISTS (SELECT FROM wanted w WHERE w.kind = task.kind AND w.person = task.person_id)
      RETURNING id, kind, person_id, in_place_of, due_at
    ), moved AS (
      UPDATE task SET due_at = w.due_at, in_place_of = w.in_place_of FROM wanted w
      WHERE loop_id = ${step.id} AND closed_sequence IS NULL
        AND w.kind = task.kind AND w.person = task.person_id
        AND (task.due_at, task.in_place_of) IS DISTINCT FROM (w.due_at, w.in_place_of)
    ), opened AS (
      INSERT INTO task (id, loop_id, kind, person_id, in_place_of, since, due_at, opened_sequence)
      SELECT gen_random_uuid(), ${step.id}, kind, person, in_place_of, since, due_at, ${step.sequence}
      FROM wanted w
      WHERE NOT EXISTS (
        SELECT FROM task t WHERE t.loop_id = ${step.id} AND t.closed_sequence IS NULL
          AND t.kind = w.kind AND t.person_id = w.person
      )
      RETURNING kind, person_id, in_place_of, due_at
    ), cancelled AS (
      UPDATE notice SET status = 'cancelled', reason = 'settled', settled_at = ${step.at}
      WHERE task_id IN (SELECT id FROM closed) AND status = 'planned' RETURNING id, channel
    ), released AS (${releaseMembers(sql`SELECT id FROM cancelled`)}), noted AS (
      INSERT INTO notice_event (notice_id, number, at, what, channel, reason)
      SELECT id, next_notice_event(id), ${iso(step.at)}::timestamptz, 'cancelled', channel, 'settled'
      FROM cancelled
      UNION ALL SELECT id, next_notice_event(id), ${iso(step.at)}::timestamptz, 'planned', channel,
        NULL FROM released
    ), settled AS (
      SELECT false AS "isOpen", kind, person_id, in_place_of, due_at FROM closed
      UNION ALL SELECT true, kind, person_id, in_place_of, due_at FROM opened)
    SELECT "isOpen", kind, person_id AS person, in_place_of AS "inPlaceOf", due_at AS "dueAt"
    FROM settled ORDER BY kind, person`.execute(tx);
  const [opened, closed] = [rows.filter((row) => row.isOpen), rows.filter((row) => !row.isOpen)];
  return { closed, opened };
}

export interface PlannedNotice {
  readonly id: NoticeId;
  readonly to: PersonId;
  readonly key: MessageKind;
  readonly params: unknown;
  readonly urgency: Urgency;
  readonly channel: string;
  /** It goes by this channel alone: others go by the other ones. */
  readonly onlyChannel?: string;
  /** Kind of the recipient's open task it asks for. */
  readonly asks: string | null;
  readonly sendAt: Instant;
  readonly reason: string | null;
  readonly reasonParams: NoticeParams;
}

/** Of no step: its hour and its way are found when it is sent. */
export const plainNotice = (
  plain: Pick<PlannedNotice, 'to' | 'key' | 'params' | 'sendAt'>,
): PlannedNotice => ({
  ...plain,
  id: randomUUID() as NoticeId,
  urgency: 'working',
  channel: 'email',
  asks: null,
  reason: null,
  reasonParams: {},
});

export interface NoticeStep {
  /** Null for what comes from no loop. */
  readonly id: LoopId | null;
  /** Null for what no step of the loop said, such as a comment. */
  readonly sequence: number | null;
  readonly at: Instant;
  readonly notices: readonly PlannedNotice[];
}

export async function insertNotices(tx: Tx, step: NoticeStep): Promise<void> {
  if (step.notices.length === 0) return;
  const planned = step.notices.map(({ sendAt, to, reasonParams, onlyChannel, ...notice }) => ({
    ...notice,
    recipient: to,
    send_at: iso(sendAt),
    reason_params: reasonParams,
    only_channel: onlyChannel,
  }));
  const at = iso(step.at);
  const newer = {
    recipient: sql.ref('g.recipient'),
    key: sql.ref('g.key'),
    params: sql.ref('g.params'),
    asks: sql.ref('g.asks'),
  };
  await sql`
    WITH given AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(planned)}::text::jsonb) AS n (id uuid,
        recipient text, key text, params jsonb, urgency text, channel text, only_channel text,
        asks text, send_at timestamptz, reason text, reason_params jsonb)
    ), superseded AS (
      UPDATE notice SET status = 'superseded', reason = 'superseded', settled_at = ${at}
      WHERE loop_id = ${step.id} AND status = 'planned'
        AND EXISTS (SELECT FROM given g WHERE ${takesPlaceOf('notice', newer)})
      RETURNING id, channel
    ), released AS (${releaseMembers(sql`SELECT id FROM superseded`)}), planned AS (
      INSERT INTO notice (id, loop_id, sequence, recipient_id, key, params, urgency, channel,
        only_channel, task_id, send_at, status, reason, reason_params, message_id)
      SELECT n.id, ${step.id}, ${step.sequence}, n.recipient, n.key, n.params, n.urgency, n.channel,
        n.only_channel, t.id, n.send_at, 'planned', n.reason, n.reason_params, n.id || '.1'
      FROM given n
      LEFT JOIN task t ON t.loop_id = ${step.id} AND t.kind = n.asks AND t.person_id = n.recipient
        AND t.closed_sequence IS NULL
      RETURNING id, channel, reason, reason_params
    )
    INSERT INTO notice_event (notice_id, number, at, what, channel, reason, params)
    SELECT id, 1, ${at}::timestamptz, 'planned', channel, reason, reason_params FROM planned
    UNION ALL SELECT id, next_notice_event(id), ${at}::timestamptz, 'superseded', channel,
      'superseded', '{}' FROM superseded
    UNION ALL SELECT id, next_notice_event(id), ${at}::timestamptz, 'planned', channel, NULL, '{}'
    FROM released`.execute(tx);
}

export interface NewTransition {
  readonly id: LoopId;
  readonly sequence: number;
  readonly commandId: string;
  readonly commandType: string;
  readonly actor: PersonId | null;
  readonly onBehalfOf: PersonId | null;
  readonly at: Instant;
  readonly recordedAt: Instant;
  readonly revision: number;
  readonly version: number;
  readonly events: unknown;
  readonly contents: readonly ContentId[];
  readonly state: unknown;
  readonly moments: readonly Moment<Command>[];
  readonly computedWith: unknown;
  readonly previousHash: Uint8Array | null;
  readonly hash: Uint8Array;
  readonly parties: readonly PersonId[];
  readonly account: AccountId | null;
  readonly heldAt: Instant | null;
  readonly isClosed: boolean;
}

const json = (value: unknown) => sql`${JSON.stringify(value)}::text::jsonb`;

/**
 * The transition, the loop as it now stands, its parties, the operator's task it may settle, and what
 * other systems are to be told of it: the answer.
 */
export async function insertTransition(
  tx: Tx,
  t: NewTransition,
): Promise<readonly WebhookDeliveryId[]> {
  const nextMomentAt = t.moments[0]?.at ?? null;
  const { rows } = await sql<{ readonly told: readonly WebhookDeliveryId[] }>`
    WITH stored AS (
      INSERT INTO transition (loop_id, sequence, command_id, command_type, actor_id, on_behalf_of, at,
        recorded_at, revision, version, events, contents, state, moments, computed_with,
        previous_hash, hash)
      VALUES (${t.id}, ${t.sequence}, ${t.commandId}, ${t.commandType}, ${t.actor}, ${t.onBehalfOf},
        ${t.at}, ${t.recordedAt}, ${t.revision}, ${t.version}, ${json(t.events)},
        ${t.contents}::uuid[], ${json(t.state)}, ${json(t.moments)}, ${json(t.computedWith)},
        ${t.previousHash}, ${t.hash})
    ), named AS (
      INSERT INTO loop_party (loop_id, person_id)
      SELECT ${t.id}, person FROM unnest(${t.parties}::text[]) AS person
      ON CONFLICT DO NOTHING
    ), settled AS (
      UPDATE operator_task SET closed_at = ${t.recordedAt}
      WHERE loop_id = ${t.id} AND closed_at IS NULL
        AND (moment_id = ${t.commandId} OR ${t.isClosed})
    ), told AS (${plannedDeliveries(t, json(t.events))})
    UPDATE loop_instance SET sequence = ${t.sequence + 1}, revision = ${t.revision},
      version = ${t.version}, state = ${json(t.state)}, moments = ${json(t.moments)},
      next_moment_at = ${nextMomentAt}, last_at = ${t.at}, last_hash = ${t.hash},
      account_id = ${t.account}, held_at = ${t.heldAt}, opened_at = coalesce(opened_at, ${t.at}),
      closed_at = CASE WHEN ${t.isClosed} THEN coalesce(closed_at, ${t.at}) END
    WHERE id = ${t.id}
    RETURNING (SELECT coalesce(jsonb_agg(id), '[]') FROM told) AS told`.execute(tx);
  return present(rows[0], 'the stepped loop').told;
}
