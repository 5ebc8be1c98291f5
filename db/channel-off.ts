/** Addresses that are known to reach nobody. One that changes is tried again by itself. */
import { sql } from 'kysely';
import type { NoticeId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Database, Query } from './client.ts';
import { insertNotices, plainNotice } from './loops.ts';

export interface Undelivered {
  readonly notice: NoticeId;
  readonly recipient: PersonId;
}

/** Of a message of ours, by its id as it stands in the mail; null for any other. */
export async function noticeOfMail(query: Query, messageId: string): Promise<Undelivered | null> {
  const { rows } = await sql<Undelivered>`
    SELECT id AS notice, recipient_id AS recipient FROM notice
    WHERE message_id = ${messageId} AND channel = 'email' AND rendered IS NOT NULL
    LIMIT 1`.execute(query);
  return rows[0] ?? null;
}

interface TurnedOff {
  readonly person: PersonId;
  /** That the report is about: another than the one in the directory is the past's affair. */
  readonly address: string;
  readonly reason: string;
  readonly at: Instant;
}

/**
 * Nothing is mailed there any more, and the person's manager is told, or their region's, once. False when that was known,
 * or the address is not theirs any more.
 */
export async function turnMailOff(db: Database, off: TurnedOff): Promise<boolean> {
  const { person, address, reason, at } = off;
  return db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ readonly manager: PersonId | null }>`
      WITH off AS (
        INSERT INTO channel_off (person_id, channel, reason, address_hash, since)
        SELECT id, 'email', ${reason}, sha256(convert_to(email, 'UTF8')), ${at}::timestamptz
        FROM person WHERE id = ${person} AND lower(email) = lower(${address})
        ON CONFLICT (person_id, channel) DO UPDATE SET reason = excluded.reason,
          address_hash = excluded.address_hash, since = excluded.since
        WHERE channel_off.address_hash <> excluded.address_hash
        RETURNING person_id
      )
      SELECT coalesce(m.id, nullif(g.manager_id, p.id)) AS manager
      FROM off JOIN person p ON p.id = off.person_id JOIN region g ON g.id = p.region_id
      LEFT JOIN person m ON m.id = p.manager_id AND m.left_at IS NULL`.execute(tx);
    const [row] = rows;
    if (!row) return false;
    if (row.manager !== null) {
      const params = { person: { person } };
      const told = { to: row.manager, key: 'message.channel_off', params, sendAt: at };
      await insertNotices(tx, { id: null, sequence: null, at, notices: [plainNotice(told)] });
    }
    return true;
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
