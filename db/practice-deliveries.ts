/** Who received which text: written by whoever delivers, read by a recall. */
import { sql, type Transaction } from 'kysely';
import { mayRead } from '../domain/exchange/gate.ts';
import type { DeliveryWay } from '../domain/exchange/practice.ts';
import {
  type ReadableText,
  readableText,
  type Translated,
} from '../domain/exchange/readable-text.ts';
import type { ContentId, LoopId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Query } from './client.ts';
import { gatedPractice, loadReaders } from './practice-gate.ts';
import type { DB } from './schema.ts';

interface ReadVersion extends Translated {
  readonly version: number;
  readonly source: ContentId;
  readonly contents: Readonly<Record<string, ContentId>>;
}

/** What is read of a practice, with its languages; null where there is no such practice. */
async function readVersion(query: Query, id: LoopId): Promise<ReadVersion | null> {
  const { rows } = await sql<ReadVersion>`
    SELECT p.version, p.content_id AS source, p.source_locale AS "sourceLocale",
      p.source_hash AS "sourceHash",
      (SELECT coalesce(jsonb_agg(jsonb_build_object('locale', t.locale, 'status', t.status,
          'sourceHash', t.source_hash, 'approvedFor', t.approved_for)), '[]')
        FROM practice_translation t WHERE t.practice_id = p.id) AS translations,
      (SELECT coalesce(jsonb_object_agg(t.locale, t.content_id), '{}')
        FROM practice_translation t WHERE t.practice_id = p.id) AS contents
    FROM practice p WHERE p.id = ${id}`.execute(query);
  return rows[0] ?? null;
}

export interface Delivered extends ReadableText {
  readonly version: number;
  /** Holds the text: `practice.source` or `practice.translation`. */
  readonly content: ContentId;
  /** Holds the notes of countries. */
  readonly source: ContentId;
}

interface Delivering {
  readonly practice: LoopId;
  readonly person: PersonId;
  readonly via: DeliveryWay;
  readonly at: Instant;
}

/**
 * In the transaction that delivers: the practice stays as it is until it ends, the gate is asked once
 * more, and the row is written that a recall finds. Null: they may not read it, and nothing is sent.
 */
export async function recordDelivery(
  tx: Transaction<DB>,
  { practice, person, via, at }: Delivering,
): Promise<Delivered | null> {
  await sql`SELECT FROM practice WHERE id = ${practice} FOR SHARE`.execute(tx);
  const [gated, version] = [await gatedPractice(tx, practice), await readVersion(tx, practice)];
  const reader = (await loadReaders(tx, [person])).get(person);
  if (!gated || !version || !reader || !mayRead(reader, gated)) return null;
  const text = readableText(version, reader);
  await sql`
    INSERT INTO practice_delivery (practice_id, person_id, version, locale, via, at)
    VALUES (${practice}, ${person}, ${version.version}, ${text.locale}, ${via}, ${at}::timestamptz)
    ON CONFLICT DO NOTHING`.execute(tx);
  const content =
    text.locale === version.sourceLocale ? version.source : version.contents[text.locale];
  return {
    ...text,
    version: version.version,
    content: content ?? version.source,
    source: version.source,
  };
}
