/** Calls a practice back: everyone who received it is told, in the language they read it in, and nobody else. */
import { sql, type Transaction } from 'kysely';
import type { RecallSeverity } from '../domain/exchange/practice.ts';
import type { ContentId, LoopId, NoticeId, PersonId } from '../domain/id.ts';
import type { Instant, Urgency } from '../domain/loop.ts';
import type { Query } from './client.ts';
import { insertNotices, plainNotice } from './loops.ts';
import type { DB } from './schema.ts';

const urgencies: Readonly<Record<RecallSeverity, Urgency>> = {
  information: 'working',
  important: 'working',
  safety: 'now',
};

interface Recall {
  readonly id: LoopId;
  readonly at: Instant;
  readonly kind: 'withdrawn' | 'corrected';
  readonly severity: RecallSeverity;
  /** Receivers of versions below this one. */
  readonly beforeVersion: number;
}

interface Recipient {
  readonly person: PersonId;
  readonly locale: string;
  /** That holds the title as they read it. */
  readonly content: ContentId;
  readonly isActive: boolean;
}

/**
 * In the transaction that withdraws or corrects, after its practice row has changed: a delivery either
 * was there before that, and is found here, or asks the gate afterwards, and is none. Its messages.
 */
export async function recall(tx: Transaction<DB>, called: Recall): Promise<readonly NoticeId[]> {
  const { id, at, kind, severity, beforeVersion } = called;
  const recipients = await recipientsOf(tx, called);
  const { sequence } = await tx
    .selectFrom('loop_instance')
    .select('sequence')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const notices = recipients
    .filter(({ isActive }) => isActive)
    .map(({ person: to, locale, content }) => ({
      ...plainNotice({
        to,
        key: `practice.recall_${kind}`,
        params: {
          title: { title: content },
          severity: { term: `practice.severity_of.${severity}` },
        },
        sendAt: at,
      }),
      urgency: urgencies[severity],
      locale,
    }));
  await tx
    .insertInto('practice_recall')
    .values({ practice_id: id, sequence, kind, severity, before_version: beforeVersion, at })
    .execute();
  if (notices.length > 0) {
    await insertNotices(tx, { id, sequence, at, notices });
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
  return notices.map((notice) => notice.id);
}

/** Each once, with the language that they read last; whoever was told of those versions is told again. */
async function recipientsOf(
  query: Query,
  { id, beforeVersion }: Recall,
): Promise<readonly Recipient[]> {
  const { rows } = await sql<Recipient>`
    SELECT DISTINCT ON (d.person_id) d.person_id AS person, d.locale,
      d.content_id AS content, p.left_at IS NULL AS "isActive"
    FROM practice_delivery d JOIN person p ON p.id = d.person_id
    WHERE d.practice_id = ${id} AND d.version < ${beforeVersion}
    ORDER BY d.person_id, d.at DESC, d.version DESC`.execute(query);
  return rows;
}
