/** Calls a practice back: everyone who received it is told, in the language they read it in, and nobody else. */
import { sql, type Transaction } from 'kysely';
import { everywhere } from '../domain/change/change.ts';
import type { RecallKind, RecallSeverity } from '../domain/exchange/practice.ts';
import type { ContentId, LoopId, NoticeId, PersonId } from '../domain/id.ts';
import type { Instant, NoticeParams, Urgency } from '../domain/loop.ts';
import type { Database, Query } from './client.ts';
import { insertNotices, plainNotice } from './loops.ts';
import { isReached } from './practice-gate.ts';
import type { DB } from './schema.ts';

const urgencies: Readonly<Record<RecallSeverity, Urgency>> = {
  information: 'working',
  important: 'working',
  safety: 'now',
};

interface Called {
  readonly id: LoopId;
  readonly at: Instant;
  readonly kind: Exclude<RecallKind, 'uncleared'>;
  readonly severity: RecallSeverity;
  /** Receivers of versions below this one. */
  readonly beforeVersion: number;
  /** Of this text alone, which is `mistranslated`. */
  readonly content?: ContentId;
}

interface Recall {
  readonly id: LoopId;
  readonly at: Instant;
  readonly kind: RecallKind;
  readonly severity: RecallSeverity;
  readonly beforeVersion: number;
  /** Of the transition that did it; negative where none of the practice did. */
  readonly sequence: number;
  readonly content: ContentId | null;
  /** What may not be sold where they are any more. */
  readonly product: string | null;
  readonly country: string | null;
}

interface Recipient {
  readonly person: PersonId;
  readonly locale: string;
  /** That holds the title as they read it. */
  readonly content: ContentId;
  readonly isActive: boolean;
  readonly country: string | null;
  /** Whom it is for no longer, whatever is cleared. */
  readonly isOutside: boolean;
}

/** How many are told in one transaction, so that it ends well within its time. */
export const recallBatchMax = 500;
/** Transactions of one run; what is left is for the next. */
const recallBatchesMax = 200;

/**
 * In the transaction that withdraws or corrects, after its practice row has changed: a delivery either
 * was there before that, and is told, or asks the gate afterwards, and is none. However many it
 * reached, this ends: the first are told here, the others by `tellRecalls`. Its messages.
 */
export async function recall(tx: Transaction<DB>, called: Called): Promise<readonly NoticeId[]> {
  const { id, at, kind, severity, beforeVersion, content = null } = called;
  const { sequence } = await tx
    .selectFrom('loop_instance')
    .select('sequence')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  await tx
    .insertInto('practice_recall')
    .values({
      practice_id: id,
      sequence,
      kind,
      severity,
      before_version: beforeVersion,
      at,
      content_id: content,
    })
    .execute();
  const of = { content, product: null, country: null };
  return tellNext(tx, { ...called, ...of, sequence }, at);
}

/**
 * In the transaction that keeps the loss: of everything on the product that somebody there received,
 * `tellRecalls` tells them. Practices are locked, so that a delivery was there before and is told, or
 * finds the loss and is none.
 */
export async function recallUncleared(
  tx: Transaction<DB>,
  lost: { readonly product: string; readonly countries: readonly string[]; readonly at: Instant },
): Promise<void> {
  const { product, countries, at } = lost;
  await sql`SELECT FROM practice WHERE ${product} = ANY (products) AND status <> 'withdrawn'
    ORDER BY id FOR NO KEY UPDATE`.execute(tx);
  await sql`
    INSERT INTO practice_recall
      (practice_id, sequence, kind, severity, before_version, at, product, country)
    SELECT p.id, least(0, (SELECT min(r.sequence) FROM practice_recall r WHERE r.practice_id = p.id))
        - row_number() OVER (PARTITION BY p.id ORDER BY country), 'uncleared', 'important',
      p.version + 1, ${at}::timestamptz, ${product}, country
    FROM practice p, unnest(${countries}::text[]) AS country
    WHERE ${product} = ANY (p.products) AND p.status <> 'withdrawn'
      AND (country = ${everywhere} OR country = ANY (p.countries))
      AND EXISTS (SELECT FROM practice_delivery d WHERE d.practice_id = p.id)`.execute(tx);
}

/** Goes on with the recalls that are not told to everyone yet, the oldest first; how many were told. */
export async function tellRecalls(db: Database, now: Instant): Promise<{ readonly told: number }> {
  let told = 0;
  for (let batch = 0; batch < recallBatchesMax; batch++) {
    const notices = await db.transaction().execute(async (tx) => {
      const open = await openRecall(tx);
      return open && tellNext(tx, open, now);
    });
    if (!notices) break;
    told += notices.length;
  }
  return { told };
}

async function openRecall(tx: Transaction<DB>): Promise<Recall | null> {
  const row = await tx
    .selectFrom('practice_recall')
    .selectAll()
    .where('told_all_at', 'is', null)
    .orderBy('at')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  if (!row) return null;
  const { practice_id, before_version, kind, severity, at, sequence, content_id } = row;
  return {
    id: practice_id as LoopId,
    at,
    kind: kind as RecallKind,
    severity: severity as RecallSeverity,
    beforeVersion: before_version,
    sequence,
    content: content_id as ContentId | null,
    product: row.product,
    country: row.country,
  };
}

/** The next of those who are not told yet, which no other transaction tells meanwhile. */
async function tellNext(
  tx: Transaction<DB>,
  called: Recall,
  now: Instant,
): Promise<readonly NoticeId[]> {
  const { id, at, kind, severity, sequence } = called;
  const recipients = await nextRecipients(tx, called);
  const notices = recipients
    .filter(({ isActive }) => isActive)
    .map(({ person: to, locale, content, country, isOutside }) => ({
      ...plainNotice({
        to,
        // Whom the text of now is not for waits for none.
        key: `practice.recall_${kind === 'corrected' && isOutside ? 'narrowed' : kind}`,
        params: {
          title: { title: content },
          severity: { term: `practice.severity_of.${severity}` },
          ...whereLost(called, country),
        },
        sendAt: at,
      }),
      urgency: urgencies[severity],
      locale,
    }));
  if (notices.length > 0) {
    await insertNotices(tx, { id, sequence: sequence < 0 ? null : sequence, at, notices });
    const rows = JSON.stringify(
      notices.map((notice) => ({ id: notice.id, locale: notice.locale })),
    );
    await sql`UPDATE notice SET locale = r.locale
      FROM jsonb_to_recordset(${rows}::text::jsonb) AS r (id uuid, locale text)
      WHERE notice.id = r.id`.execute(tx);
  }
  const byPerson = new Map(notices.map((notice) => [notice.to, notice.id]));
  const told = JSON.stringify(
    recipients.map(({ person, locale }) => ({
      person,
      locale,
      notice: byPerson.get(person) ?? null,
    })),
  );
  await sql`
    INSERT INTO practice_recall_recipient (practice_id, sequence, person_id, locale, notice_id)
    SELECT ${id}, ${sequence}, r.person, r.locale, r.notice
    FROM jsonb_to_recordset(${told}::text::jsonb) AS r (person text, locale text, notice uuid)`.execute(
    tx,
  );
  if (recipients.length < recallBatchMax) {
    await tx
      .updateTable('practice_recall')
      .set({ told_all_at: now })
      .where('practice_id', '=', id)
      .where('sequence', '=', sequence)
      .execute();
  }
  return notices.map((notice) => notice.id);
}

const calledPeople = ({ kind, product, country }: Recall) => {
  switch (kind) {
    case 'narrowed':
      return sql`AND NOT ${isReached}`;
    case 'uncleared':
      // Where it was lost before it is lost everywhere, they have been told.
      return sql`AND (g.country = ${country} OR (${country} = ${everywhere} AND NOT EXISTS (
        SELECT FROM lost_clearance l WHERE l.product = ${product} AND l.country = g.country)))`;
    case 'withdrawn':
    case 'corrected':
    case 'mistranslated':
      return sql``;
  }
};

/** Each once, with the language that they read last; whoever was told of those versions is told again. */
async function nextRecipients(query: Query, called: Recall): Promise<readonly Recipient[]> {
  const { id, beforeVersion, sequence, content } = called;
  const ofText = content === null ? sql`` : sql`AND d.content_id = ${content}`;
  const { rows } = await sql<Recipient>`
    SELECT DISTINCT ON (d.person_id) d.person_id AS person, d.locale,
      d.content_id AS content, p.left_at IS NULL AS "isActive", g.country,
      NOT ${isReached} AS "isOutside"
    FROM practice_received d JOIN practice ON practice.id = d.practice_id
      JOIN person p ON p.id = d.person_id
      JOIN region g ON g.id = p.region_id JOIN team t ON t.id = p.team_id
    WHERE d.practice_id = ${id} AND d.version < ${beforeVersion} ${ofText} ${calledPeople(called)}
      AND NOT EXISTS (SELECT FROM practice_recall_recipient r
        WHERE r.practice_id = ${id} AND r.sequence = ${sequence} AND r.person_id = d.person_id)
    ORDER BY d.person_id, d.last_at DESC, d.version DESC
    LIMIT ${recallBatchMax}`.execute(query);
  return rows;
}

const whereLost = ({ product }: Recall, country: string | null): NoticeParams =>
  product === null || country === null ? {} : { product, country: { country } };
