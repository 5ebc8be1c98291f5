/** Who received which text: written by whoever delivers, read by a recall. */
import { sql, type Transaction } from 'kysely';
import { type Gated, mayRead } from '../domain/exchange/gate.ts';
import { type DeliveryWay, practiceContents } from '../domain/exchange/practice.ts';
import {
  type ReadableText,
  readableText,
  translationIn,
  type TranslationState,
} from '../domain/exchange/readable-text.ts';
import type { ContentId, LoopId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Query } from './client.ts';
import { gatedColumns, loadReaders } from './practice-gate.ts';
import type { DB } from './schema.ts';

interface Readable extends Gated {
  readonly sourceLocale: string;
  readonly sourceHash: string;
  readonly translations: readonly (TranslationState & { readonly content: ContentId })[];
  readonly author: PersonId;
  readonly id: LoopId;
  readonly version: number;
  readonly source: ContentId;
}

/** What is read of each practice that is not erased, with its languages, and what the gate is asked with. */
async function readables(query: Query, ids: readonly LoopId[]): Promise<readonly Readable[]> {
  const { rows } = await sql<Readable>`
    SELECT ${gatedColumns}, p.id, p.author_id AS author, p.version, p.content_id AS source,
      p.source_locale AS "sourceLocale", p.source_hash AS "sourceHash",
      (SELECT coalesce(jsonb_agg(jsonb_build_object('locale', t.locale, 'status', t.status,
          'sourceHash', t.source_hash, 'approvedFor', t.approved_for, 'content', t.content_id)), '[]')
        FROM practice_wording t JOIN content w ON w.id = t.content_id AND w.erased_at IS NULL
        WHERE t.practice_id = p.id) AS translations
    FROM practice p JOIN content w ON w.id = p.content_id AND w.erased_at IS NULL
    WHERE p.id = ANY (${ids}::uuid[])`.execute(query);
  return rows;
}

export interface Delivered extends ReadableText {
  readonly version: number;
  /** Holds the text: `practice.source` or `practice.translation`. */
  readonly content: ContentId;
  /** Holds the notes of countries, as its author wrote them. */
  readonly source: ContentId;
  readonly sourceLocale: string;
  /** Of its reader. */
  readonly country: string | null;
}

/** Which text of each somebody would read now; what they may not read is not in the answer. */
export async function readableTexts(
  query: Query,
  person: PersonId,
  practices: readonly LoopId[],
): Promise<ReadonlyMap<LoopId, Delivered>> {
  const reader = (await loadReaders(query, [person])).get(person);
  const found = await readables(query, practices);
  return new Map(
    found.flatMap((practice) => {
      // Nobody receives what is their own.
      if (!reader || practice.author === person || !mayRead(reader, practice)) return [];
      const { id, version, source, sourceLocale } = practice;
      const text = readableText(practice, reader);
      const { locale } = text;
      const { country } = reader;
      const found = translationIn(practice, { locale, country });
      const content = (locale === sourceLocale ? undefined : found?.content) ?? source;
      return [[id, { ...text, version, content, source, sourceLocale, country }] as const];
    }),
  );
}

interface Delivering {
  readonly person: PersonId;
  readonly via: DeliveryWay;
  readonly at: Instant;
}

/**
 * In the transaction that delivers: the practices stay as they are until it ends, the gate is asked once
 * more, and the rows are written that a recall finds. What is not in the answer they may not read:
 * it is not sent.
 */
export async function recordDeliveries(
  tx: Transaction<DB>,
  { practices, person, via, at }: Delivering & { readonly practices: readonly LoopId[] },
): Promise<ReadonlyMap<LoopId, Delivered>> {
  await sql`SELECT FROM practice WHERE id = ANY (${practices}::uuid[]) ORDER BY id FOR SHARE`.execute(
    tx,
  );
  const read = [...(await readableTexts(tx, person, practices))];
  const rows = read.map(([id, { version, locale, content }]) => ({ id, version, locale, content }));
  await sql`
    WITH given AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
        AS r (id uuid, version int, locale text, content uuid)
    ), kept AS (
      INSERT INTO practice_received_before
        (practice_id, person_id, content_id, locale, version, last_at)
      SELECT d.practice_id, d.person_id, d.content_id, d.locale, d.version, d.last_at
      FROM given JOIN practice_delivery d ON d.practice_id = given.id AND d.person_id = ${person}
        AND d.version = given.version AND d.locale = given.locale AND d.via = ${via}
        AND d.content_id <> given.content
      ON CONFLICT (practice_id, person_id, content_id) DO UPDATE SET
        last_at = greatest(practice_received_before.last_at, excluded.last_at)
    )
    INSERT INTO practice_delivery (practice_id, person_id, version, locale, via, at, last_at, content_id)
    SELECT id, ${person}, version, locale, ${via}, ${at}::timestamptz, ${at}::timestamptz, content
    FROM given
    ON CONFLICT (practice_id, person_id, version, locale, via) DO UPDATE SET
      last_at = greatest(practice_delivery.last_at, excluded.last_at),
      content_id = excluded.content_id`.execute(tx);
  return new Map(read);
}

/** The same of one practice; null: they may not read it, and nothing is sent. */
export async function recordDelivery(
  tx: Transaction<DB>,
  { practice, ...delivering }: Delivering & { readonly practice: LoopId },
): Promise<Delivered | null> {
  const read = await recordDeliveries(tx, { ...delivering, practices: [practice] });
  return read.get(practice) ?? null;
}

export interface ReadingOf {
  readonly person: PersonId;
  readonly items: readonly FrozenReading[];
}

/** What frozen bytes hold of a practice; null before they were made. */
export interface FrozenReading {
  readonly practice: LoopId;
  readonly version: number | null;
  readonly content: ContentId | null;
}

/**
 * Of what somebody was to read, what they may not read now, or what reads differently now: also where
 * only the approval of its translation has gone.
 */
export async function unreadableItems(
  query: Query,
  { person, items }: ReadingOf,
): Promise<readonly LoopId[]> {
  const ids = items.map(({ practice }) => practice);
  const read = await readableTexts(query, person, ids);
  const isSame = ({ practice, version, content }: FrozenReading): boolean => {
    const now = read.get(practice);
    return now?.version === version && now.content === content;
  };
  return items.filter((item) => !isSame(item)).map(({ practice }) => practice);
}

export interface ReceivedTranslation {
  readonly locale: string;
  readonly content: ContentId;
  readonly proposer: PersonId;
}

/** Texts kept for one practice that are looked at, the last read first. */
const receivedMax = 50;

/** Translations that somebody has read, in force or not, and that nobody has called back. */
export async function receivedTranslations(
  query: Query,
  practice: LoopId,
): Promise<readonly ReceivedTranslation[]> {
  const { rows } = await sql<ReceivedTranslation>`
    SELECT d.locale, d.content_id AS content, c.author_id AS proposer
    FROM practice_received d JOIN content c ON c.id = d.content_id
    WHERE d.practice_id = ${practice} AND c.kind = ${practiceContents.translation}
      AND NOT EXISTS (SELECT FROM practice_recall r
        WHERE r.practice_id = ${practice} AND r.content_id = d.content_id)
    GROUP BY d.locale, d.content_id, c.author_id
    ORDER BY max(d.last_at) DESC, d.content_id LIMIT ${receivedMax}`.execute(query);
  return rows;
}
