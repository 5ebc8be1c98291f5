/**
 * Whoever leaves owns nothing: the account goes at once to their backup, else to the nearest above
 * them who is there, else to the manager of its region. An open handoff of it, or the cover by which
 * they have it, finds the next one by itself.
 */
import { sql, type Transaction } from 'kysely';
import type { AccountId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { moveCustody } from './accounts.ts';
import { recordCalendarChange } from './calendar-changes.ts';
import type { Database, Query } from './client.ts';
import { heirOfCustody, isInHand } from './heirs.ts';
import { allowTime, lockImports } from './import-lock.ts';
import { insertNotices, plainNotice } from './loops.ts';
import type { DB } from './schema.ts';

const left = sql`FROM custody c
  JOIN person gone ON gone.id = c.owner_id AND gone.left_at IS NOT NULL
  JOIN account a ON a.id = c.account_id AND a.closed_at IS NULL
  WHERE upper_inf(c.period) AND NOT ${isInHand}`;

interface LeftAccount {
  readonly account: AccountId;
  readonly from: PersonId;
  readonly to: PersonId | null;
}

/** In the transaction in which they leave, after the revisions of people, as steps lock them. */
export async function handOnLeft(tx: Transaction<DB>, at: Instant): Promise<void> {
  // A handoff that was being offered or confirmed is seen afterwards.
  await sql`SELECT lock_custody(account_id) FROM (
    SELECT c.account_id ${left} ORDER BY c.account_id) found`.execute(tx);
  const { rows } = await sql<LeftAccount>`
    SELECT c.account_id AS account, c.owner_id AS "from", ${heirOfCustody()} AS "to"
    ${left} ORDER BY c.account_id`.execute(tx);
  for (const { account, from, to } of rows) {
    if (to === null) continue;
    await moveCustody(tx, { account, to, at, by: null });
    const params = { account: { account }, person: { person: from } };
    const notice = plainNotice({ to, key: 'change.account_left', params, sendAt: at });
    await insertNotices(tx, { id: null, sequence: null, at, notices: [notice] });
  }
}

/** What an ended handoff or cover has left with somebody who is gone; safe to repeat. */
export async function sweepLeft(db: Database, at: Instant): Promise<void> {
  if ((await ownersLeft(db)).length === 0) return; // nearly always, and no import is waited for
  await db.transaction().execute(async (tx) => {
    await allowTime(tx);
    await lockImports(tx);
    const people = await ownersLeft(tx);
    if (people.length === 0) return;
    await recordCalendarChange(tx, { reason: 'directory', people, at });
    await handOnLeft(tx, at);
  });
}

/** Of whom somebody is there to follow. */
async function ownersLeft(query: Query): Promise<readonly PersonId[]> {
  const { rows } = await sql<{ id: PersonId }>`
    SELECT DISTINCT c.owner_id AS id ${left} AND ${heirOfCustody()} IS NOT NULL ORDER BY 1`.execute(
    query,
  );
  return rows.map(({ id }) => id);
}
