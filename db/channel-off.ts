/** Addresses that are known to reach nobody. One that changes is tried again by itself. */
import { sql } from 'kysely';
import type { Actor } from '../domain/authority.ts';
import type { LoopId, NoticeId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { ChannelName } from '../domain/people/preferences.ts';
import type { Database, Query } from './client.ts';
import { insertNotices, plainNotice, type PlannedNotice } from './loops.ts';
import { addressHash } from './notices.ts';
import { maySeeMailOf } from './visibility.ts';

export interface Undelivered {
  readonly notice: NoticeId;
  /** Null where it came from no loop. */
  readonly loop: LoopId | null;
  readonly recipient: PersonId;
  /** Not of one that has been sent anew since. */
  readonly isLatest: boolean;
}

/** Of a message that we mailed, by its id of which the mail has proof; null for any other. */
export async function noticeOfMail(
  query: Query,
  messageId: string | null,
): Promise<Undelivered | null> {
  const [, id, revision] =
    /^([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})\.(\d{1,6})(?:\.\d{1,6})?$/.exec(messageId ?? '') ??
    [];
  if (id === undefined) return null;
  const { rows } = await sql<Undelivered>`
    SELECT id AS notice, loop_id AS loop, recipient_id AS recipient,
      message_id = ${messageId} AS "isLatest" FROM notice n
    WHERE id = ${id} AND revision >= ${Number(revision)} AND ((message_id = ${messageId} AND channel = 'email' AND rendered IS NOT NULL)
      OR EXISTS (SELECT FROM notice_event e WHERE e.notice_id = n.id AND e.channel = 'email'
        AND e.what IN ('sent', 'returned')))`.execute(query);
  return rows[0] ?? null;
}

/** Asks whoever is told of it to mend it. */
export const channelOffKey = 'message.channel_off';

interface TurnedOff {
  readonly person: PersonId;
  readonly channel: ChannelName;
  /** That did not take it: another than the one they have now is the past's affair. */
  readonly address: string;
  readonly reason: string;
  readonly at: Instant;
}

/**
 * Nothing is sent there any more. Once for each address: of mail the person's manager is told, or their
 * region's; of a chat the person themselves, whose address it is to mend. Null when that was known, or the
 * address is not theirs any more; else what tells of it.
 */
export async function turnChannelOff(
  db: Database,
  { person, channel, address, reason, at }: TurnedOff,
): Promise<readonly NoticeId[] | null> {
  return db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ readonly manager: PersonId | null }>`
      WITH off AS (
        INSERT INTO channel_off (person_id, channel, reason, address_hash, since)
        SELECT p.id, ${channel}, ${reason}, sha256(convert_to(place.address, 'UTF8')), ${at}::timestamptz
        FROM person p JOIN LATERAL (
          SELECT address FROM contact WHERE person_id = p.id AND channel = ${channel}
            AND address = ${address}
          UNION ALL SELECT p.email WHERE ${channel} = 'email' AND lower(p.email) = lower(${address})
        ) place ON true
        WHERE p.id = ${person}
        ON CONFLICT (person_id, channel) DO UPDATE SET reason = excluded.reason,
          address_hash = excluded.address_hash, since = excluded.since
        WHERE channel_off.address_hash <> excluded.address_hash
        RETURNING person_id
      )
      SELECT coalesce(m.id, nullif(g.manager_id, p.id)) AS manager
      FROM off JOIN person p ON p.id = off.person_id JOIN region g ON g.id = p.region_id
      LEFT JOIN person m ON m.id = p.manager_id AND m.left_at IS NULL`.execute(tx);
    const [row] = rows;
    if (!row) return null;
    const told: Pick<PlannedNotice, 'key' | 'params'> & { readonly to: PersonId | null } =
      channel === 'email'
        ? { to: row.manager, key: channelOffKey, params: { person: { person } } }
        : {
            to: person,
            key: 'message.chat_off',
            params: { chat: { term: `preferences.channel_of.${channel}` } },
          };
    if (told.to === null) return [];
    const notice = plainNotice({ ...told, to: told.to, sendAt: at });
    await insertNotices(tx, { id: null, sequence: null, at, notices: [notice] });
    return [notice.id];
  });
}

interface TurnedOn {
  readonly person: PersonId;
  /** As whoever turns it on knows it; another than the one in the directory proves nothing. */
  readonly address: string;
  readonly by: PersonId;
  readonly at: Instant;
  /** The revision that was decided upon. */
  readonly seen?: number | undefined;
}

/** Each writes to an address that may reach nobody. */
export const turnedOnMax = 3;
const turnedOnWithinMs = 86_400_000;

/** How often it was turned on: what somebody decided upon before is not what there is now. */
const turnedOnSoFar = sql<number>`(SELECT count(*)::int FROM notice
  WHERE recipient_id = p.id AND key = 'message.channel_on')`;

/**
 * Mail is sent there again, beginning with one that says so: if it comes back, mail is off again. None
 * where it was on.
 */
export async function turnMailOn(
  db: Database,
  { person, address, by, at, seen }: TurnedOn,
): Promise<readonly NoticeId[] | 'other_address' | 'too_often' | { readonly found: number }> {
  return db.transaction().execute(async (tx) => {
    const { rows } = await sql<{
      isTheirs: boolean;
      isOff: boolean;
      revision: number;
      lately: number;
    }>`
      SELECT lower(email) = lower(${address}) AS "isTheirs", ${turnedOnSoFar} AS revision,
        EXISTS (SELECT FROM channel_off WHERE person_id = p.id AND channel = 'email') AS "isOff",
        (SELECT count(*)::int FROM notice WHERE recipient_id = p.id AND key = 'message.channel_on'
          AND send_at > ${at - turnedOnWithinMs}::timestamptz) AS lately
      FROM person p WHERE id = ${person} FOR NO KEY UPDATE`.execute(tx);
    const [found] = rows;
    if (!found?.isTheirs) return 'other_address';
    if (!found.isOff) return [];
    if (seen !== undefined && seen !== found.revision) return { found: found.revision };
    if (found.lately >= turnedOnMax) return 'too_often';
    await tx
      .deleteFrom('channel_off')
      .where('person_id', '=', person)
      .where('channel', '=', 'email')
      .execute();
    const params = { person: { person: by } };
    const told = plainNotice({ to: person, key: 'message.channel_on', params, sendAt: at });
    // Who turned it on themselves waits for it; asked for by somebody else, it waits for their hours.
    const urgency = by === person ? 'now' : 'working';
    const notices = [{ ...told, urgency, onlyChannel: 'email' } as const];
    await insertNotices(tx, { id: null, sequence: null, at, notices });
    return [told.id];
  });
}

/** Whether mail does not arrive at the address that the directory has of somebody. */
export async function isMailOff(query: Query, person: PersonId): Promise<boolean> {
  const { rows } = await sql`
    SELECT FROM channel_off o JOIN person p ON p.id = o.person_id
    WHERE p.id = ${person} AND o.channel = 'email'
      AND o.address_hash = sha256(convert_to(p.email, 'UTF8'))`.execute(query);
  return rows.length > 0;
}

export interface MailOff {
  readonly id: PersonId;
  readonly name: string;
  readonly since: Instant;
  readonly revision: number;
}

/** Others whose mail is off and whom the actor may speak for, the longest so first. */
export async function mailOffFor(
  query: Query,
  actor: Actor,
  limit: number,
): Promise<readonly MailOff[]> {
  const { rows } = await sql<MailOff>`
    SELECT p.id, p.name, o.since, ${turnedOnSoFar} AS revision
    FROM channel_off o JOIN person p ON p.id = o.person_id
    WHERE o.channel = 'email' AND o.address_hash = sha256(convert_to(p.email, 'UTF8'))
      AND p.left_at IS NULL AND p.id <> ${actor.id} AND ${maySeeMailOf(actor, sql.ref('p.id'))}
    ORDER BY o.since, p.id LIMIT ${limit}`.execute(query);
  return rows;
}

interface Returned {
  readonly notice: NoticeId;
  readonly at: Instant;
}

/** Its server could not deliver it for now, or would not: told once for a message. */
export async function noteReturned(query: Query, { notice, at }: Returned): Promise<void> {
  await sql`
    INSERT INTO notice_event (notice_id, number, at, what, channel, reason)
    SELECT id, next_notice_event(id), ${at}::timestamptz, 'returned', channel, 'returned'
    FROM notice n WHERE id = ${notice} AND NOT EXISTS (
      SELECT FROM notice_event e WHERE e.notice_id = n.id AND e.what = 'returned')`.execute(query);
}

/**
 * What came back for good is in nobody's calendar, and nothing is withdrawn from there. Not of what is
 * being sent once more meanwhile.
 */
export async function forgetReturnedEntry(query: Query, notice: NoticeId): Promise<void> {
  await sql`
    UPDATE notice SET entry = NULL
    WHERE id = ${notice} AND status NOT IN ('planned', 'sending')`.execute(query);
}

interface ReturnedForGood extends Returned {
  /** Nothing is mailed to its reader any more; else it is this mail alone that did not arrive. */
  readonly isOff: boolean;
}

/**
 * What did not arrive after all, and all that went out within it, goes out anew: to the address of today
 * where it was mailed to another, else by the next way, or it ends as undeliverable. Not what asks for nothing any more, nor what went by every way, nor a digest.
 */
export async function sendReturned(
  query: Query,
  { notice, at, isOff }: ReturnedForGood,
): Promise<readonly NoticeId[]> {
  const reason = isOff ? 'returned_for_good' : 'returned_refused';
  const { rows } = await sql<{ readonly id: NoticeId }>`
    WITH mailed AS MATERIALIZED (
      SELECT NOT ${isOff} AND coalesce(n.address_hash <> (${addressHash('n')}), false) AS "isElsewhere"
      FROM notice n WHERE id = ${notice}
    ), anew AS (
      UPDATE notice SET status = 'planned', revision = revision + 1, attempts = 0, rendered = NULL,
        lease_until = NULL, settled_at = NULL, bundled_in = NULL, send_at = ${at}::timestamptz,
        entry = NULL, may_have_arrived = false, reason_params = '{}',
        reason = CASE WHEN "isElsewhere" THEN 'returned_moved' ELSE ${reason} END
      FROM mailed
      WHERE (id = ${notice} OR bundled_in = ${notice}) AND status = 'sent' AND channel = 'email'
        AND (only_channel IS NULL OR "isElsewhere") AND urgency <> 'digest'
        AND NOT EXISTS (SELECT FROM task t
          WHERE t.id = notice.task_id AND t.closed_sequence IS NOT NULL)
      RETURNING id, channel, reason
    )
    INSERT INTO notice_event (notice_id, number, at, what, channel, reason)
    SELECT id, next_notice_event(id), ${at}::timestamptz, 'returned', channel, reason
    FROM anew RETURNING notice_id AS id`.execute(query);
  return rows.map(({ id }) => id);
}

/**
 * What went by every way and by mail did not arrive: where none of the other ways is still open for it, it
 * is undeliverable.
 */
export async function endReturned(query: Query, { notice, at }: Returned): Promise<void> {
  await sql`
    WITH ended AS (
      UPDATE notice n SET status = 'failed', reason = 'channel_failed', settled_at = ${at}::timestamptz
      WHERE id = ${notice} AND status = 'sent' AND only_channel = 'email' AND NOT EXISTS (
        SELECT FROM notice o WHERE o.id <> n.id AND o.loop_id = n.loop_id
          AND (o.sequence, o.recipient_id, o.key) = (n.sequence, n.recipient_id, n.key)
          AND o.only_channel IS NOT NULL AND o.status IN ('planned', 'bundled', 'sending', 'sent'))
        AND NOT EXISTS (SELECT FROM task t WHERE t.id = n.task_id AND t.closed_sequence IS NOT NULL)
      RETURNING id, channel
    )
    INSERT INTO notice_event (notice_id, number, at, what, channel, reason)
    SELECT id, next_notice_event(id), ${at}::timestamptz, 'failed', channel, 'channel_failed'
    FROM ended`.execute(query);
}
