/** Practices found by their words, in the languages of whoever looks, among what they may read. */
import { type RawBuilder, sql, type SqlBool } from 'kysely';
import { present } from '../domain/assert.ts';
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

/** In their order, looked at one by one until there are enough that may be read: first the titles. */
export async function searchPractices(
  query: Query,
  search: PracticeSearch,
): Promise<readonly FoundPractice[]> {
  const { words, locale, reader, after, limit } = search;
  if (words === undefined) {
    const newest = { asked: [], matches: everything, isTwice: sql<SqlBool>`false` };
    return pageOf(query, search, { ...newest, inTitle: 0, after, limit });
  }
  const languages =
    locale === undefined ? [...new Set([reader.locale, reader.regionLocale, 'en'])] : [locale];
  const asked = languages.map((language, nth): Question => ({ language, nth, words }));
  const isPast = after?.inTitle === 0;
  const titled = isPast
    ? []
    : await pageOf(query, search, { ...inTitles(asked, reader), after, limit });
  const left = limit - titled.length;
  if (left === 0) return titled;
  const rest = { ...inTexts(asked, reader), after: isPast ? after : null, limit: left };
  return [...titled, ...(await pageOf(query, search, rest))];
}

interface Question {
  readonly language: string;
  /** Of the languages that are looked in. */
  readonly nth: number;
  readonly words: string;
}

interface Matching {
  readonly asked: readonly Question[];
  /** `id`, `published_at`, and `nth`: of the languages that are looked in. */
  readonly matches: RawBuilder<unknown>;
  /** Whether the match `f` was, or will be, found another way. */
  readonly isTwice: RawBuilder<SqlBool>;
  readonly inTitle: 0 | 1;
}

interface PageAsked extends Matching {
  readonly after: FoundPlace | null;
  readonly limit: number;
}

/**
 * So many are looked at first, then more; of a frequent word nobody need look at all of them. `f` keeps its
 * order, and the lateral part is asked for each of its rows in turn, until there are enough.
 */
const lookedAt = [128, 2_048, 1_000_000] as const;

async function pageOf(
  query: Query,
  search: PracticeSearch,
  { asked, matches, isTwice, inTitle, after, limit }: PageAsked,
): Promise<readonly FoundPractice[]> {
  const { reader } = search;
  const later = after
    ? sql`WHERE published_at <= ${after.publishedAt}::timestamptz AND
        (-extract(epoch FROM published_at), id) >
        (-extract(epoch FROM ${after.publishedAt}::timestamptz), ${after.id}::uuid)`
    : sql``;
  for (const most of lookedAt) {
    const { rows } = await sql<{ looked: number; items: readonly FoundRow[] }>`
      WITH ${questions(asked)}, f AS MATERIALIZED (
        SELECT id, published_at, nth FROM (${matches}) m ${later}
        ORDER BY published_at DESC, id LIMIT ${most})
      SELECT (SELECT count(*)::int FROM f) AS looked, (
        SELECT coalesce(jsonb_agg(to_jsonb(g)), '[]') FROM (
          SELECT f.published_at AS "publishedAt", p.* FROM f CROSS JOIN LATERAL (
            SELECT p.id, p.kind, p.competency, ARRAY(
              SELECT c.product FROM practice_clearance c WHERE c.practice_id = p.id
                AND c.country = ${reader.country} AND c.is_readable ORDER BY 1) AS products
            FROM practice p
            WHERE p.id = f.id AND ${mayReadPractice(reader, sql.ref('f.id'))} ${filters(search)}
            OFFSET 0
          ) p WHERE NOT ${isTwice} LIMIT ${limit}) g) AS items`.execute(query);
    const { looked, items } = present(rows[0], 'the one row of a page');
    if (items.length === limit || looked < most) return items.map(foundIn(inTitle));
  }
  return [];
}

type FoundRow = Omit<FoundPractice, 'inTitle' | 'publishedAt'> & { readonly publishedAt: string };

const foundIn =
  (inTitle: 0 | 1) =>
  ({ publishedAt, ...found }: FoundRow): FoundPractice => ({
    ...found,
    inTitle,
    publishedAt: Date.parse(publishedAt),
  });

const everything = sql`
  SELECT id, published_at, 0 AS nth FROM practice WHERE status = 'published'
    AND EXISTS (SELECT FROM content w WHERE w.id = content_id AND w.erased_at IS NULL)`;

/** Partitions of `practice_text`; every other language is in that of the rest. */
const partitions: readonly string[] = ['ar', 'de', 'en', 'es', 'fr', 'hi', 'ja', 'ko', 'pt', 'zh'];

/** Named, so that a plan that is made once looks at no other language. */
function textsIn({ language }: Question) {
  const [name = ''] = language.split('-');
  return sql.table(`practice_text_${partitions.includes(name) ? name : 'other'}`);
}

/**
 * What is looked for in each language, worked out once. As values of the statement they would be planned for
 * anew each time, which takes longer than finding them.
 */
const questions = (asked: readonly Question[]) =>
  sql`q AS MATERIALIZED (SELECT ${sql.join([
    sql`true AS is_asked`,
    ...asked.map(
      ({ language, nth, words }) =>
        sql`search_question(${language}, ${words}) AS ${sql.ref(`q${nth}`)}`,
    ),
  ])})`;

/** The texts `t` of a language that have the words, as far as they are approved where the reader is. */
const hasWords = ({ language, nth }: Question, { country }: Reader, column: string) =>
  sql<SqlBool>`t.locale = ${language}
    AND ${sql.ref(`t.${column}`)} @@ (SELECT ${sql.ref(`q${nth}`)} FROM q)
    AND (t.approved_for IS NULL OR ${country} = ANY (t.approved_for))`;

const matchesOf = (asked: readonly Question[], reader: Reader, column: string) =>
  sql.join(
    asked.map(
      (one) => sql`
        SELECT t.practice_id AS id, t.published_at, ${one.nth}::int AS nth FROM ${textsIn(one)} t
        WHERE ${hasWords(one, reader, column)}`,
    ),
    sql` UNION ALL `,
  );

/** Whether the practice `p` of the match `f` has the words in this language too. */
const hasText = (one: Question, reader: Reader, column: string) => sql<SqlBool>`EXISTS (
  SELECT FROM ${textsIn(one)} t WHERE t.practice_id = p.id AND ${hasWords(one, reader, column)})`;

const anyOf = (conditions: readonly RawBuilder<SqlBool>[]) =>
  sql<SqlBool>`(${sql.join(conditions, sql` OR `)})`;

/** Of two languages, it is found by the first. */
const foundBefore = (asked: readonly Question[], reader: Reader, column: string) =>
  asked.map((one) => sql<SqlBool>`${one.nth}::int < f.nth AND ${hasText(one, reader, column)}`);

const inTitles = (asked: readonly Question[], reader: Reader): Matching => ({
  asked,
  matches: matchesOf(asked, reader, 'title'),
  isTwice: anyOf(foundBefore(asked, reader, 'title')),
  inTitle: 1,
});

/** Those that have it in their title were found before. */
const inTexts = (asked: readonly Question[], reader: Reader): Matching => ({
  asked,
  matches: matchesOf(asked, reader, 'document'),
  isTwice: anyOf([
    ...asked.map((one) => hasText(one, reader, 'title')),
    ...foundBefore(asked, reader, 'document'),
  ]),
  inTitle: 0,
});

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
