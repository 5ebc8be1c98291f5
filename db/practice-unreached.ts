/** Whom a recall for the safety of patients did not reach, and who is asked to tell them in person. */
import { sql, type Transaction } from 'kysely';
import { isNextDue, nextToTell, tellWithinMs, unreachedKey } from '../domain/exchange/unreached.ts';
import type { ContentId, LoopId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Database, Query } from './client.ts';
import { insertNotices, plainNotice } from './loops.ts';
import type { DB } from './schema.ts';

/** Of one run; the others are for the next, some minutes later. */
const followedPerRunMax = 500;

/** Those whose message could not be delivered are entered, and whoever is to tell them is asked. */
export async function followUnreached(
  db: Database,
  now: Instant,
  perRunMax = followedPerRunMax,
): Promise<{ asked: number }> {
  await enterUnreached(db, now);
  await settleReached(db, now);
  let asked = 0;
  for (const id of await dueUnreached(db, now, perRunMax)) {
    if (await db.transaction().execute((tx) => askNext(tx, id, now))) asked++;
  }
  return { asked };
}

async function enterUnreached(db: Database, now: Instant): Promise<void> {
  await sql`
    INSERT INTO practice_unreached (id, practice_id, sequence, person_id, since, asked_at)
    SELECT gen_random_uuid(), r.practice_id, r.sequence, r.person_id, n.settled_at,
      ${now}::timestamptz
    FROM notice n
    JOIN practice_recall_recipient r ON r.notice_id = n.id
    JOIN practice_recall c ON c.practice_id = r.practice_id AND c.sequence = r.sequence
    JOIN person p ON p.id = r.person_id AND p.left_at IS NULL
    WHERE n.status = 'failed' AND c.severity = 'safety' AND NOT EXISTS (
      SELECT FROM practice_unreached u WHERE u.practice_id = r.practice_id
        AND u.sequence = r.sequence AND u.person_id = r.person_id)
    ORDER BY n.settled_at, n.id LIMIT ${followedPerRunMax}
    ON CONFLICT DO NOTHING`.execute(db);
}

/** An operator sent it anew and it arrived, or they have left: nobody has to tell them any more. */
async function settleReached(db: Database, now: Instant): Promise<void> {
  await sql`
    UPDATE practice_unreached u SET reached_at = ${now}::timestamptz
    FROM practice_recall_recipient r JOIN notice n ON n.id = r.notice_id
      JOIN person p ON p.id = r.person_id
    WHERE u.reached_at IS NULL AND r.practice_id = u.practice_id AND r.sequence = u.sequence
      AND r.person_id = u.person_id AND (n.status = 'sent' OR p.left_at IS NOT NULL)`.execute(db);
}

/** Looked at longest ago first: whom nobody is left to be asked for shuts out no other. */
async function dueUnreached(
  db: Database,
  now: Instant,
  perRunMax: number,
): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT u.id FROM practice_unreached u LEFT JOIN notice n ON n.id = u.notice_id
    WHERE u.reached_at IS NULL AND (u.notice_id IS NULL OR n.status = 'failed'
      OR u.asked_at <= ${now - tellWithinMs}::timestamptz)
    ORDER BY u.asked_at, u.id LIMIT ${perRunMax}`.execute(db);
  return rows.map(({ id }) => id);
}

interface Open {
  readonly id: string;
  readonly person: PersonId;
  readonly asked: readonly PersonId[];
  readonly askedAt: Instant;
  readonly hasFailed: boolean;
  readonly near: readonly PersonId[];
  /** The title as they read it. */
  readonly title: ContentId;
}

/** Whether somebody was: of two who look at once, one asks. */
async function askNext(tx: Transaction<DB>, id: string, now: Instant): Promise<boolean> {
  const open = await lockOpen(tx, id);
  if (!open || !isNextDue(open, now)) return false;
  const to = nextToTell(open);
  if (to === null) {
    await lookLater(tx, id, now);
    return false;
  }
  const { person, title } = open;
  const params = { person: { person }, title: { title } };
  const told = plainNotice({ to, key: unreachedKey, params, sendAt: now });
  const notices = [{ ...told, urgency: 'now' as const }];
  await insertNotices(tx, { id: null, sequence: null, at: now, notices });
  await sql`
    UPDATE practice_unreached SET asked = array_append(asked, ${to}),
      asked_at = ${now}::timestamptz, notice_id = ${told.id}
    WHERE id = ${id}`.execute(tx);
  return true;
}

/** Nobody is left to be asked: those who were may leave, and others come, before that is looked at again. */
async function lookLater(tx: Transaction<DB>, id: string, now: Instant): Promise<void> {
  await sql`
    UPDATE practice_unreached SET asked_at = ${now}::timestamptz WHERE id = ${id}`.execute(tx);
}

/** The nearest first: their managers, whoever manages their region, compliance there and everywhere. */
async function lockOpen(tx: Transaction<DB>, id: string): Promise<Open | null> {
  const { rows } = await sql<Open>`
    SELECT u.id, u.person_id AS person, u.asked, u.asked_at AS "askedAt",
      (SELECT status = 'failed' FROM notice WHERE notice.id = u.notice_id) IS TRUE AS "hasFailed",
      (SELECT d.content_id FROM practice_received d WHERE d.practice_id = u.practice_id
          AND d.person_id = u.person_id ORDER BY d.last_at DESC, d.version DESC LIMIT 1) AS title,
      ARRAY(SELECT n.id FROM (
          SELECT p.manager_id AS id, 1 AS rank
          UNION ALL SELECT m.manager_id, 2 FROM person m WHERE m.id = p.manager_id
          UNION ALL SELECT g.manager_id, 3 FROM region g WHERE g.id = p.region_id
          UNION ALL SELECT r.person_id, CASE WHEN r.region_id IS NULL THEN 5 ELSE 4 END
            FROM person_role r WHERE r.role = 'compliance'
              AND (r.region_id IS NULL OR r.region_id = p.region_id)
        ) n JOIN person here ON here.id = n.id AND here.left_at IS NULL
        ORDER BY n.rank, n.id) AS near
    FROM practice_unreached u JOIN person p ON p.id = u.person_id
    WHERE u.id = ${id} AND u.reached_at IS NULL FOR UPDATE OF u`.execute(tx);
  return rows[0] ?? null;
}

export interface Unreached {
  readonly id: string;
  readonly person: { readonly id: PersonId; readonly name: string };
  readonly practice: LoopId;
  readonly title: string;
  /** Of the title. */
  readonly locale: string;
  readonly since: Instant;
}

const shownMax = 100;

/** Whom somebody is asked to tell, the oldest first. */
export async function unreachedOf(query: Query, asked: PersonId): Promise<readonly Unreached[]> {
  const { rows } = await sql<Unreached>`
    SELECT u.id, jsonb_build_object('id', p.id, 'name', p.name) AS person,
      u.practice_id AS practice, u.since, d.locale, coalesce(c.body->>'title', '') AS title
    FROM practice_unreached u JOIN person p ON p.id = u.person_id
    CROSS JOIN LATERAL (SELECT d.locale, d.content_id FROM practice_received d
      WHERE d.practice_id = u.practice_id AND d.person_id = u.person_id
      ORDER BY d.last_at DESC, d.version DESC LIMIT 1) d
    JOIN content c ON c.id = d.content_id
    WHERE u.reached_at IS NULL AND ${asked} = ANY (u.asked)
    ORDER BY u.since, u.id LIMIT ${shownMax}`.execute(query);
  return rows;
}

interface Reached {
  readonly id: string;
  readonly by: PersonId;
  readonly at: Instant;
}

/** By one who was asked; said twice it stays as it was first. False for whoever was not. */
export async function settleUnreached(query: Query, { id, by, at }: Reached): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    UPDATE practice_unreached SET reached_at = coalesce(reached_at, ${at}::timestamptz),
      reached_by = CASE WHEN reached_at IS NULL THEN ${by} ELSE reached_by END
    WHERE id = ${id} AND ${by} = ANY (asked)`.execute(query);
  return numAffectedRows > 0n;
}
