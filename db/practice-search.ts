/** Practices found by their words, in the languages of whoever looks, among what they may read. */
import { type RawBuilder, sql } from 'kysely';
import type { Reader } from '../domain/exchange/gate.ts';
import type { PracticeKind } from '../domain/exchange/practice.ts';
import type { LoopId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Query } from './client.ts';
import { mayReadPractice } from './practice-gate.ts';

export interface PracticeFilters {
  readonly product?: string | undefined;
  readonly competency?: string | undefined;
  readonly kind?: PracticeKind | undefined;
  /** Cleared for this country too, beside one's own. */
  readonly country?: string | undefined;
}

export interface PracticeSearch extends PracticeFilters {
  readonly reader: Reader;
  /** Absent: everything. */
  readonly words?: string | undefined;
  /** The language that is looked in; absent, the reader's own, their region's and English. */
  readonly locale?: string | undefined;
  readonly after: FoundPlace | null;
  readonly limit: number;
}

/** Those with all of the words in their title first, then the newest. */
export interface FoundPlace {
  readonly inTitle: number;
  readonly publishedAt: Instant;
  readonly id: string;
}

export interface FoundPractice extends FoundPlace {
  readonly id: LoopId;
  readonly kind: PracticeKind;
  readonly competency: string;
  /** Those that it is read for in the reader's country. */
  readonly products: readonly string[];
}

/** What stands in the order is looked at one by one, until there are enough that may be read. */
export async function searchPractices(
  query: Query,
  search: PracticeSearch,
): Promise<readonly FoundPractice[]> {
  const { reader, after, limit } = search;
  const found = await foundIn(query, search);
  if (found === null) return [];
  const later = after
    ? sql`WHERE (-in_title, -extract(epoch FROM published_at), id) >
        (${-after.inTitle}::int, -extract(epoch FROM ${after.publishedAt}::timestamptz), ${after.id}::uuid)`
    : sql``;
  const { rows } = await sql<FoundPractice>`
    SELECT f.id, f.in_title AS "inTitle", f.published_at AS "publishedAt", p.*
    FROM (
      SELECT id, in_title, published_at FROM (${found}) found ${later}
      ORDER BY in_title DESC, published_at DESC, id OFFSET 0
    ) f CROSS JOIN LATERAL (
      SELECT p.kind, p.competency, ARRAY(
        SELECT c.product FROM practice_clearance c WHERE c.practice_id = p.id
          AND c.country = ${reader.country} AND c.is_readable ORDER BY 1) AS products
      FROM practice p
      WHERE p.id = f.id AND ${mayReadPractice(reader, sql.ref('f.id'))} ${filters(search)} OFFSET 0
    ) p
    ORDER BY f.in_title DESC, f.published_at DESC, f.id LIMIT ${limit}`.execute(query);
  return rows;
}

/** Null where the words are none that anything could be found by. */
async function foundIn(
  query: Query,
  { words, locale, reader }: PracticeSearch,
): Promise<RawBuilder<unknown> | null> {
  if (words === undefined) {
    return sql`SELECT id, 0 AS in_title, published_at FROM practice WHERE status = 'published'
      AND EXISTS (SELECT FROM content w WHERE w.id = content_id AND w.erased_at IS NULL)`;
  }
  const languages =
    locale === undefined ? [...new Set([reader.locale, reader.regionLocale, 'en'])] : [locale];
  const asked = await questions(query, words, languages);
  if (asked.length === 0) return null;
  const texts = asked.map(
    ({ language, question }) => sql`
      SELECT practice_id, published_at, title @@ ${question}::tsquery AS is_in_title
      FROM practice_text WHERE document @@ ${question}::tsquery AND locale = ${language}
        AND (approved_for IS NULL OR ${reader.country} = ANY (approved_for))`,
  );
  return sql`
    SELECT practice_id AS id, max(is_in_title::int) AS in_title, published_at
    FROM (${sql.join(texts, sql` UNION ALL `)}) texts GROUP BY practice_id, published_at`;
}

interface Question {
  readonly language: string;
  readonly question: string;
}

/** Worked out once: within the search, each row would work them out again. */
async function questions(
  query: Query,
  words: string,
  languages: readonly string[],
): Promise<readonly Question[]> {
  const { rows } = await sql<Question>`
    SELECT language, search_question(language, ${words})::text AS question
    FROM unnest(${languages}::text[]) AS language`.execute(query);
  return rows.filter(({ question }) => question !== '');
}

function filters({ product, competency, kind, country, reader }: PracticeSearch) {
  const has = (column: string, value: string | null) =>
    sql`AND EXISTS (SELECT FROM practice_clearance cleared WHERE cleared.practice_id = p.id
      AND cleared.is_readable AND ${sql.ref(`cleared.${column}`)} = ${value}`;
  return sql.join(
    [
      product === undefined
        ? sql``
        : sql`${has('product', product)} AND cleared.country = ${reader.country})`,
      country === undefined ? sql`` : sql`${has('country', country)})`,
      competency === undefined ? sql`` : sql`AND p.competency = ${competency}`,
      kind === undefined ? sql`` : sql`AND p.kind = ${kind}`,
    ],
    sql` `,
  );
}
