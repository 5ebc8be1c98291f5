/** Messages on their way: who claims one, and what became of it. */
import { type RawBuilder, sql } from 'kysely';
import type { LoopId, NoticeId, PersonId } from '../domain/id.ts';
import type { Instant, NoticeParams, Urgency } from '../domain/loop.ts';
import type { HourCycle } from '../domain/people/preferences.ts';
import type { CalendarEntry } from './calendar-entries.ts';
import type { Database, Query } from './client.ts';
import { type RouteFacts, routeFacts } from './routes.ts';
import { namesIn, type NamesRead } from './sentence-values.ts';
import { takesPlaceOf } from './superseding.ts';

export interface ClaimedNotice {
  readonly id: NoticeId;
  /** Null where it comes from no loop. */
  readonly loopId: LoopId | null;
  /** Of the step that it tells of; 0 where there is none. */
  readonly sequence: number;
  readonly recipient: PersonId;
  readonly key: string;
  readonly params: NoticeParams;
  /** In which it is written; null: in its reader's own. */
  readonly locale: string | null;
  readonly urgency: Urgency;
  readonly channel: string;
  /** It goes by no other. */
  readonly onlyChannel: string | null;
  readonly revision: number;
  readonly rendered: Uint8Array | null;
  /** Bytes of an earlier try may have, although nobody was told so. */
  readonly mayHaveArrived: boolean;
  /** This one among them. */
  readonly attempts: number;
  /** Why it is not to be sent any more; null while it is. */
  readonly unwanted: 'settled' | 'superseded' | null;
  /** It asks its reader to do something. */
  readonly isAsking: boolean;
  /** By when, as it now stands; null for no time. */
  readonly dueAt: Instant | null;
  /** Others were to go out within it at an earlier try. */
  readonly isLead: boolean;
  /** One of these is not to be sent any more. */
  readonly isOutdated: boolean;
  /** Its bytes were frozen for an address that its reader has no more. */
  readonly isForOldAddress: boolean;
  /** Who it is for. */
  readonly to: Addressee;
  /** By which ways they are reached. */
  readonly routes: RouteFacts;
  /** Of whom and what its words speak; null where they are frozen. */
  readonly names: NamesRead | null;
}

/**
 * One claim of a message. A sender whose lease ran out has lost it to the next one: nothing that it
 * does then counts.
 */
export type Held = Pick<ClaimedNotice, 'id' | 'revision' | 'attempts'>;

/** Whoever claims, bundles or puts off messages of one person does it in turn. */
export const bundleTurn = (recipient: unknown) => sql`hashtext('bundle/' || ${recipient})`;

/**
 * What it asks for is settled, or a newer one took its place while this one was under way. At a
 * first try none can have: what waits is ended by whatever follows it.
 */
const unwanted = (notice: string) => {
  const of = sql.table(notice);
  const newer = {
    recipient: sql.ref('newer.recipient_id'),
    key: sql.ref('newer.key'),
    params: sql.ref('newer.params'),
    asks: sql`(SELECT kind FROM task WHERE task.id = newer.task_id)`,
  };
  return sql<ClaimedNotice['unwanted']>`CASE
    WHEN EXISTS (SELECT FROM task WHERE task.id = ${of}.task_id AND closed_sequence IS NOT NULL)
      THEN 'settled'
    WHEN (${of}.attempts + ${of}.revision > 2 OR ${of}.status = 'bundled') AND EXISTS (
      SELECT FROM notice newer WHERE newer.loop_id = ${of}.loop_id
        AND newer.sequence > ${of}.sequence AND ${takesPlaceOf(notice, newer)})
      THEN 'superseded' END`;
};

/** Of the address that its reader has today for the channel of a message; none where they have none. */
export const addressHash = (notice: string) => {
  const of = sql.table(notice);
  return sql`SELECT sha256(convert_to(address, 'UTF8')) FROM (
    SELECT email AS address FROM person WHERE id = ${of}.recipient_id AND ${of}.channel = 'email'
    UNION ALL SELECT address FROM contact
    WHERE person_id = ${of}.recipient_id AND contact.channel = ${of}.channel) place`;
};

export interface Claim {
  readonly id: NoticeId;
  readonly revision: number;
  readonly now: Instant;
  readonly leaseMs: number;
}

/** However many there are: the statement is planned once, and not for each number of them. */
export const listed = (ids: readonly NoticeId[]) => sql`ARRAY(SELECT unnest(${ids}::uuid[]))`;

/** Whether what somebody else holds is waited for, or passed over: who never waits blocks nobody. */
interface Locking {
  readonly rows: RawBuilder<unknown>;
  turn(key: RawBuilder<unknown>): RawBuilder<unknown>;
}
export const inTurn: Locking = {
  rows: sql``,
  turn: (key) => sql`pg_advisory_xact_lock(${key}) IS NOT NULL`,
};
export const ifFree: Locking = {
  rows: sql`SKIP LOCKED`,
  turn: (key) => sql`pg_try_advisory_xact_lock(${key})`,
};

/**
 * The claim, and not the scheduler, is what makes one message one: a conditional update. It need not
 * reach the disk by itself: nothing is sent before the bytes are kept, which carries it there. It
 * takes its turn with whoever bundles for the same person, who would pass over what is being claimed.
 */
export async function claimNotice(query: Query, claim: Claim): Promise<ClaimedNotice | null> {
  return (await claimNotices(query, [claim], inTurn)).get(claim) ?? null;
}

/** What is claimed by nobody, and may not be now, is answered with null; what somebody holds with nothing. */
export async function claimNotices(
  query: Query,
  claims: readonly Claim[],
  locking: Locking,
): Promise<ReadonlyMap<Claim, ClaimedNotice | null>> {
  const each = firstOfEach(claims);
  const of = <K extends keyof Claim>(name: K) => each.map((claim) => claim[name]);
  const leases = each.map(({ now, leaseMs }) => now + leaseMs);
  const now = Math.max(...of('now'));
  const asked = { person: sql.ref('n.recipient_id'), notice: sql.ref('n.id'), now };
  const { rows } = await sql<{ readonly given: NoticeId } & (ClaimedNotice | { id: null })>`
    WITH lazily AS MATERIALIZED (
      SELECT set_config('synchronous_commit', 'off', true) AS set
    ), asked AS MATERIALIZED (
      SELECT notice.id, recipient_id FROM lazily, notice
      WHERE notice.id = ANY (${listed(of('id'))}) AND lazily.set = 'off'
    ), turn AS MATERIALIZED (
      SELECT id FROM asked WHERE ${locking.turn(bundleTurn(sql.ref('recipient_id')))}
    ), free AS MATERIALIZED (
      SELECT notice.id FROM turn JOIN notice USING (id) FOR NO KEY UPDATE OF notice ${locking.rows}
    ), claimed AS (
      UPDATE notice SET status = 'sending', attempts = attempts + 1, lease_until = given.lease
      FROM free JOIN unnest(${of('id')}::uuid[], ${of('revision')}::int[], ${of('now')}::timestamptz[],
        ${leases}::timestamptz[]) AS given (id, revision, now, lease) USING (id)
      WHERE notice.id = free.id AND notice.revision = given.revision AND send_at <= given.now
        -- A CASE is no condition of the index of all that waits, which would be read for one of it.
        AND CASE status WHEN 'planned' THEN true
          WHEN 'sending' THEN lease_until <= given.now ELSE false END
      RETURNING notice.*
    )
    SELECT free.id AS given, n.id, n.loop_id AS "loopId", coalesce(n.sequence, 0) AS sequence,
      n.recipient_id AS recipient, n.key, n.params, n.locale, n.urgency, n.channel,
      n.only_channel AS "onlyChannel", n.revision, n.rendered,
      n.may_have_arrived AS "mayHaveArrived", n.attempts,
      n.bundled_in IS NOT DISTINCT FROM n.id AS "isLead", n.task_id IS NOT NULL AS "isAsking",
      (SELECT due_at FROM task WHERE task.id = n.task_id) AS "dueAt",
      ${unwanted('n')} AS unwanted,
      CASE WHEN n.bundled_in = n.id AND n.attempts > 1 THEN EXISTS (
        SELECT FROM notice m WHERE m.bundled_in = n.id AND ${unwanted('m')} IS NOT NULL
      ) ELSE false END AS "isOutdated",
      CASE WHEN n.rendered IS NOT NULL THEN coalesce(n.address_hash <> (${addressHash('n')}), false)
        ELSE false END AS "isForOldAddress",
      (SELECT to_jsonb(a) FROM (${addressees} WHERE p.id = n.recipient_id) a) AS to,
      (SELECT to_jsonb(f) FROM (${routeFacts(asked)}) f) AS routes,
      CASE WHEN n.rendered IS NULL THEN
        (SELECT to_jsonb(s) FROM (${namesIn(sql`jsonb_build_array(n.params)`)}) s) END AS names
    FROM free LEFT JOIN claimed n ON n.id = free.id`.execute(query);
  const found = new Map(rows.map(({ given, ...row }) => [given, row.id === null ? null : row]));
  return answersOf(each, found);
}

export interface Frozen extends Held {
  readonly rendered: Uint8Array;
  readonly messageId: string;
  readonly channel: string;
  /** To which it is; kept as its hash, since that of a chat is a secret. */
  readonly address: string;
  /** The language it is in, and where that is from. */
  readonly locale: string;
  readonly localeFrom: string;
  /** What it puts into its reader's calendar. */
  readonly entry: CalendarEntry | null;
}

/** Only by whoever holds its claim; whether that was so. Whoever lost it sends nothing. */
export async function freezeNotice(query: Query, notice: Frozen): Promise<boolean> {
  return (await freezeNotices(query, [notice], inTurn)).get(notice) ?? false;
}

export async function freezeNotices(
  query: Query,
  given: readonly Frozen[],
  locking: Locking,
): Promise<ReadonlyMap<Frozen, boolean>> {
  const notices = firstOfEach(given);
  const of = <K extends keyof Frozen>(name: K) => notices.map((notice) => notice[name]);
  // The driver writes no lists of bytes.
  const bytes = notices.map(({ rendered }) => Buffer.from(rendered).toString('base64'));
  const entries = notices.map(({ entry }) => entry && JSON.stringify(entry));
  const { rows } = await sql<Pick<Frozen, 'id'> & { readonly isFrozen: boolean }>`
    WITH free AS MATERIALIZED (
      SELECT id FROM notice WHERE id = ANY (${listed(of('id'))}) FOR NO KEY UPDATE ${locking.rows}
    ), frozen AS (
      UPDATE notice SET may_have_arrived = true, rendered = decode(given.rendered, 'base64'),
        message_id = given.message_id, channel = given.channel, written_in = given.written_in,
        written_from = given.written_from,
        address_hash = sha256(convert_to(given.address, 'UTF8')),
        -- What an earlier try may have put there is still there where this one brings nothing.
        entry = coalesce(given.entry::jsonb, CASE WHEN notice.may_have_arrived THEN notice.entry END)
      FROM free JOIN unnest(${of('id')}::uuid[], ${of('revision')}::int[], ${of('attempts')}::int[],
        ${bytes}::text[], ${of('messageId')}::text[], ${of('channel')}::text[],
        ${of('locale')}::text[], ${of('localeFrom')}::text[], ${entries}::text[],
        ${of('address')}::text[]) AS given (id, revision, attempts, rendered, message_id, channel,
        written_in, written_from, entry, address) USING (id)
      WHERE notice.id = free.id AND notice.status = 'sending'
        AND (notice.revision, notice.attempts) = (given.revision, given.attempts)
      RETURNING notice.id
    )
    SELECT free.id, frozen.id IS NOT NULL AS "isFrozen"
    FROM free LEFT JOIN frozen USING (id)`.execute(query);
  return answersOf(notices, new Map(rows.map(({ id, isFrozen }) => [id, isFrozen])));
}

/** Of two that concern one message the second comes after the first. */
export const firstOfEach = <Item extends { readonly id: NoticeId }>(
  items: readonly Item[],
): readonly Item[] => [...new Map(items.toReversed().map((item) => [item.id, item])).values()];

export const answersOf = <Item extends { readonly id: NoticeId }, Answer>(
  items: readonly Item[],
  answers: ReadonlyMap<NoticeId, Answer>,
): ReadonlyMap<Item, Answer> =>
  new Map(
    items.flatMap((item) => {
      const answer = answers.get(item.id);
      return answer === undefined ? [] : [[item, answer] as const];
    }),
  );

const addressees = sql`
  SELECT p.name, p.email, p.locale, g.locale AS "regionLocale", p.zone,
    p.left_at IS NOT NULL AS "hasLeft",
    (SELECT hour_cycle FROM preference WHERE person_id = p.id) AS "hourCycle"
  FROM person p JOIN region g ON g.id = p.region_id`;

export interface Addressee {
  readonly name: string;
  readonly email: string;
  readonly locale: string | null;
  readonly regionLocale: string;
  readonly zone: string;
  readonly hourCycle: HourCycle | null;
  readonly hasLeft: boolean;
}

export async function addressee(query: Query, id: PersonId): Promise<Addressee | null> {
  const { rows } = await sql<Addressee>`${addressees} WHERE p.id = ${id}`.execute(query);
  return rows[0] ?? null;
}

export interface UnstartedNotice {
  readonly id: NoticeId;
  readonly revision: number;
  readonly sendAt: Instant;
}

/** Planned within the horizon and not started, or claimed by somebody who did not come back. */
export async function unstartedNotices(
  db: Database,
  {
    now,
    horizonMs,
    limit,
  }: { readonly now: Instant; readonly horizonMs: number; readonly limit: number },
): Promise<readonly UnstartedNotice[]> {
  const { rows } = await sql<UnstartedNotice>`
    SELECT id, revision, send_at AS "sendAt" FROM notice
    WHERE send_at <= ${now + horizonMs}::timestamptz AND (
      (status = 'planned' AND coalesce(started_revision, 0) < revision)
      OR (status = 'planned' AND send_at <= ${now - overdueMs}::timestamptz)
      OR (status = 'sending' AND lease_until <= ${now}::timestamptz))
    -- Those never started come first: a mail server that is away fills the rest of the batch.
    ORDER BY coalesce(started_revision, 0) >= revision, send_at LIMIT ${limit}`.execute(db);
  return rows;
}

/** A message this late was started by somebody whose start was lost. */
const overdueMs = 600_000;

export async function noticesById(
  db: Database,
  ids: readonly NoticeId[],
): Promise<readonly UnstartedNotice[]> {
  const { rows } = await sql<UnstartedNotice>`
    SELECT id, revision, send_at AS "sendAt" FROM notice
    WHERE id = ANY (${ids}::uuid[]) AND status = 'planned'`.execute(db);
  return rows;
}

/** Only the revision that was started: one that came meanwhile is still to be started. */
export async function markStarted(
  db: Database,
  started: readonly UnstartedNotice[],
): Promise<void> {
  const rows = started.map(({ id, revision }) => ({ id, revision }));
  await sql`UPDATE notice SET started_revision = s.revision
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) AS s (id uuid, revision int)
    WHERE notice.id = s.id`.execute(db);
}
