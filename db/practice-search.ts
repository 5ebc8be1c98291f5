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
  /** Of the title, and of the text on its page. */
  readonly locale: string;
  readonly title: string;
}

/** In their order, looked at one by one until there are enough that may be read: first the titles. */
export async function searchPractices(
  query: Query,
  search: PracticeSearch,
): Promise<readonly FoundPractice[]> {
  const { words, locale, reader, limit } = search;
  const wanted = [...new Set([reader.locale, reader.regionLocale, 'en'])];
  const languages = locale === undefined ? wanted : [locale];
  const asked =
    words === undefined
      ? []
      : languages.map((language, nth): Question => ({ language, nth, words }));
  for (const most of lookedAt) {
    const asking = { asked, wanted, most };
    const { titled, found, lookedAtTitles, lookedAtOthers } = await pageOf(query, search, asking);
    const hasAll = titled === limit || lookedAtTitles < most;
    if (hasAll && (found.length === limit || lookedAtOthers < most)) return found.map(foundIn);
  }
  return [];
}

interface Question {
  readonly language: string;
  /** Of the languages that are looked in. */
  readonly nth: number;
  readonly words: string;
}

interface Matching {
  /** `id`, `published_at`, and `nth`: of the languages that are looked in. */
  readonly matches: RawBuilder<unknown>;
  /** Whether the match `f` was, or will be, found another way. */
  readonly isTwice: RawBuilder<SqlBool>;
}

/**
 * So many are looked at first, then more; of a frequent word nobody need look at all of them. `f` keeps its
 * order, and the lateral part is asked for each of its rows in turn, until there are enough.
 */
const lookedAt = [128, 2_048, 1_000_000] as const;

interface PageAsked {
  /** Empty: everything. */
  readonly asked: readonly Question[];
  /** Languages in which its reader is shown a title, the first that is approved for their country. */
  readonly wanted: readonly string[];
  readonly most: number;
}

interface PageRow {
  /** How many of them have the words in their title. */
  readonly titled: number;
  readonly found: readonly FoundRow[];
  readonly lookedAtTitles: number;
  readonly lookedAtOthers: number;
}

/** One statement a page: those with the words in their title, and as many others as are still wanted. */
async function pageOf(
  query: Query,
  search: PracticeSearch,
  { asked, wanted, most }: PageAsked,
): Promise<PageRow> {
  const { reader, after, limit } = search;
  const isPast = asked.length === 0 || after?.inTitle === 0;
  const titles = isPast ? nowhere : inTitles(asked, reader);
  const others = asked.length === 0 ? everything : inTexts(asked, reader);
  const left = sql`${limit}::int - (SELECT count(*) FROM titled)`;
  const { rows } = await sql<PageRow>`
    WITH ${questions(asked)},
    ft AS MATERIALIZED (${newest(titles, { after: isPast ? null : after, most })}),
    titled AS MATERIALIZED (${readable(search, { matching: titles, from: 'ft' })} LIMIT ${limit}),
    fo AS MATERIALIZED (${newest(others, { after: isPast ? after : null, most })}),
    others AS MATERIALIZED (${readable(search, { matching: others, from: 'fo' })} LIMIT ${left}),
    found AS (SELECT 1 AS in_title, * FROM titled UNION ALL SELECT 0, * FROM others)
    SELECT (SELECT count(*)::int FROM ft) AS "lookedAtTitles",
      CASE WHEN ${left} > 0 THEN (SELECT count(*)::int FROM fo) ELSE 0 END AS "lookedAtOthers",
      (SELECT count(*)::int FROM titled) AS titled,
      ${shown(reader, wanted)} AS found`.execute(query);
  return present(rows[0], 'the one row of a page');
}

const newest = (
  { matches }: Matching,
  { after, most }: { readonly after: FoundPlace | null; readonly most: number },
) => {
  const later = after
    ? sql`WHERE published_at <= ${after.publishedAt}::timestamptz AND
        (-extract(epoch FROM published_at), id) >
        (-extract(epoch FROM ${after.publishedAt}::timestamptz), ${after.id}::uuid)`
    : sql``;
  return sql`SELECT id, published_at, nth FROM (${matches}) m ${later}
    ORDER BY published_at DESC, id LIMIT ${most}`;
};

const readable = (
  search: PracticeSearch,
  { matching, from }: { readonly matching: Matching; readonly from: string },
) => sql`
  SELECT f.published_at, p.* FROM ${sql.table(from)} f CROSS JOIN LATERAL (
    SELECT p.id, p.kind, p.competency, p.source_locale, p.content_id FROM practice p
    WHERE p.id = f.id AND ${mayReadPractice(search.reader, sql.ref('f.id'))} ${filters(search)}
    OFFSET 0
  ) p WHERE NOT ${matching.isTwice}`;

/** Each with the title that its reader reads: `readableText` of the domain, by the texts that are in force. */
function shown({ country }: Reader, wanted: readonly string[]) {
  const text = (language: string) => sql`(
    SELECT jsonb_build_array(t.locale, t.heading) FROM ${textsIn(language)} t
    WHERE t.practice_id = p.id AND t.locale = ${language}
      AND (t.approved_for IS NULL OR ${country} = ANY (t.approved_for)) LIMIT 1)`;
  return sql`(
    SELECT coalesce(jsonb_agg(jsonb_build_object('inTitle', p.in_title, 'id', p.id,
      'publishedAt', p.published_at, 'kind', p.kind, 'competency', p.competency,
      'products', ARRAY(SELECT c.product FROM practice_clearance c WHERE c.practice_id = p.id
        AND c.country = ${country} AND c.is_readable ORDER BY 1),
      'text', coalesce(${sql.join(wanted.map(text))}, (
        SELECT jsonb_build_array(p.source_locale, w.body->>'title') FROM content w
        WHERE w.id = p.content_id)))
      ORDER BY p.in_title DESC, p.published_at DESC, p.id), '[]') FROM found p)`;
}

type FoundRow = Omit<FoundPractice, 'publishedAt' | 'locale' | 'title'> & {
  readonly publishedAt: string;
  readonly text: readonly [locale: string, title: string];
};

const foundIn = ({ publishedAt, text: [locale, title], ...found }: FoundRow): FoundPractice => ({
  ...found,
  publishedAt: Date.parse(publishedAt),
  locale,
  title,
});

const everything: Matching = {
  matches: sql`SELECT id, published_at, 0 AS nth FROM practice WHERE status = 'published'
    AND EXISTS (SELECT FROM content w WHERE w.id = content_id AND w.erased_at IS NULL)`,
  isTwice: sql<SqlBool>`false`,
};
const nowhere: Matching = {
  matches: sql`SELECT id, published_at, 0 AS nth FROM practice WHERE false`,
  isTwice: sql<SqlBool>`false`,
};

/** Partitions of `practice_text`; every other language is in that of the rest. */
const partitions: readonly string[] = ['ar', 'de', 'en', 'es', 'fr', 'hi', 'ja', 'ko', 'pt', 'zh'];

/** Named, so that a plan that is made once looks at no other language. */
function textsIn(language: string) {
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
        SELECT t.practice_id AS id, t.published_at, ${one.nth}::int AS nth FROM ${textsIn(one.language)} t
        WHERE ${hasWords(one, reader, column)}`,
    ),
    sql` UNION ALL `,
  );

/** Whether the practice `p` of the match `f` has the words in this language too. */
const hasText = (one: Question, reader: Reader, column: string) => sql<SqlBool>`EXISTS (
  SELECT FROM ${textsIn(one.language)} t WHERE t.practice_id = p.id AND ${hasWords(one, reader, column)})`;

const anyOf = (conditions: readonly RawBuilder<SqlBool>[]) =>
  conditions.length === 0
    ? sql<SqlBool>`false`
    : sql<SqlBool>`(${sql.join(conditions, sql` OR `)})`;

/** Of two languages, it is found by the first. */
const foundBefore = (asked: readonly Question[], reader: Reader, column: string) =>
  asked
    .slice(0, -1)
    .map((one) => sql<SqlBool>`${one.nth}::int < f.nth AND ${hasText(one, reader, column)}`);

const inTitles = (asked: readonly Question[], reader: Reader): Matching => ({
  matches: matchesOf(asked, reader, 'title'),
  isTwice: anyOf(foundBefore(asked, reader, 'title')),
});

/** Those that have it in their title were found before. */
const inTexts = (asked: readonly Question[], reader: Reader): Matching => ({
  matches: matchesOf(asked, reader, 'document'),
  isTwice: anyOf([
    ...asked.map((one) => hasText(one, reader, 'title')),
    ...foundBefore(asked, reader, 'document'),
  ]),
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
