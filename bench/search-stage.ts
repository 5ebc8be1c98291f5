/** Practices in ten languages in Postgres, made of words as unevenly frequent as those of a language. */
import { sql } from 'kysely';
import { type Database, openDatabase } from '../db/client.ts';
import { givenMarkets, type MarketPerson } from '../test/support/markets.ts';
import { randomFrom } from '../test/support/proof.ts';
import { startOwnPostgres } from './own-postgres.ts';

export const locales = [
  'en',
  'de',
  'fr',
  'es',
  'pt-BR',
  'ja',
  'zh-Hans',
  'ko',
  'ar',
  'hi',
] as const;
const alphabets: Readonly<Record<string, readonly [from: number, letters: number]>> = {
  ja: [0x4e00, 1_200],
  'zh-Hans': [0x5000, 1_200],
  ko: [0xac00, 1_200],
  ar: [0x0627, 28],
  hi: [0x0915, 34],
};
const latin: readonly [number, number] = [0x61, 26];
const wordsOfLanguage = 8_000;
const wordsOfText = 120;
const wordsOfTitle = 6;
const countries = ['DE', 'JP', 'US', 'BR'];
const products = ['stent', 'valve', 'pump', 'catheter'];

/** Patient: two hundred thousand texts are settled at once. */
const patient = { statementTimeoutMs: 600_000, transactionTimeoutMs: 900_000 } as const;

/** The most frequent first. */
export type Vocabulary = readonly string[];

function vocabularyOf(locale: string, random: () => number): Vocabulary {
  const [from, letters] = alphabets[locale] ?? latin;
  const lengthOf =
    letters > 100 ? () => 2 + Math.floor(random() * 2) : () => 4 + Math.floor(random() * 7);
  const words = new Set<string>();
  while (words.size < wordsOfLanguage) {
    const letter = () => String.fromCodePoint(from + Math.floor(random() * letters));
    words.add(Array.from({ length: lengthOf() }, letter).join(''));
  }
  return [...words];
}

/** The words before it are those that dictionaries leave out, such as articles. */
export const stopWords = 30;

/** By Zipf: the nth word is n times rarer than the first. */
export function wordOf(vocabulary: Vocabulary, random: () => number, first = 1): string {
  const rank = Math.floor(first * (vocabulary.length / first) ** random());
  return vocabulary[Math.min(rank, vocabulary.length) - 1] ?? '';
}

const textOf = (vocabulary: Vocabulary, random: () => number, length: number): string =>
  Array.from({ length }, () => wordOf(vocabulary, random)).join(' ');

export interface SearchStage {
  readonly db: Database;
  readonly vocabularies: ReadonlyMap<string, Vocabulary>;
  cpuSeconds(): number | null;
  stop(): Promise<void>;
}

export const readers: readonly MarketPerson[] = [
  { id: 'reader-0', market: 'dach' },
  { id: 'reader-1', market: 'japan' },
  { id: 'reader-2', market: 'america' },
  { id: 'reader-3', market: 'brazil' },
  { id: 'reader-4', market: 'dach', locale: 'ar' },
  { id: 'reader-5', market: 'japan', locale: 'ko' },
  { id: 'reader-6', market: 'america', locale: 'es' },
  { id: 'reader-7', market: 'brazil', locale: 'zh-Hans' },
];

const batch = 500;

export async function startSearchStage(practices: number): Promise<SearchStage> {
  const postgres = await startOwnPostgres('search');
  const db = openDatabase({ url: postgres.url, ...patient });
  await givenMarkets(db, readers);
  const random = randomFrom(1);
  const vocabularies = new Map(locales.map((locale) => [locale, vocabularyOf(locale, random)]));
  for (let first = 0; first < practices; first += batch) {
    await settle(db, { first, count: Math.min(batch, practices - first), vocabularies, random });
  }
  await sql`VACUUM ANALYZE`.execute(db);
  return {
    db,
    vocabularies,
    cpuSeconds: postgres.cpuSeconds,
    async stop() {
      await db.destroy();
      await postgres.stop();
    },
  };
}

interface Settling {
  readonly first: number;
  readonly count: number;
  readonly vocabularies: ReadonlyMap<string, Vocabulary>;
  readonly random: () => number;
}

async function settle(
  db: Database,
  { first, count, vocabularies, random }: Settling,
): Promise<void> {
  const rows = Array.from({ length: count }, (_, index) => {
    const n = first + index;
    const id = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
    const source = locales[n % locales.length]!;
    const texts = locales.map((locale, number) => {
      const vocabulary = vocabularies.get(locale)!;
      const body = {
        title: textOf(vocabulary, random, wordsOfTitle),
        situation: textOf(vocabulary, random, wordsOfText),
      };
      return {
        locale,
        content: `${id.slice(0, 9)}${String(number).padStart(4, '0')}${id.slice(13)}`,
        body,
      };
    });
    const countriesOf = countries.filter(() => random() < 0.6);
    return { id, source, texts, countries: countriesOf, product: products[n % products.length] };
  });
  const given = sql`jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
    AS r (id uuid, source text, texts jsonb, countries text[], product text)`;
  await db.transaction().execute(async (tx) => {
    // Each text once, after all of its practice is there.
    await sql`SET LOCAL session_replication_role = replica`.execute(tx);
    await sql`INSERT INTO loop_instance (id, loop) SELECT id, 'practice' FROM ${given}`.execute(tx);
    await sql`
      INSERT INTO content (id, author_id, kind, body, salt, hash, created_at)
      SELECT (t->>'content')::uuid, 'reader-0', 'practice.source', t->'body', '\\x01', '\\x01', now()
      FROM ${given}, jsonb_array_elements(texts) AS t`.execute(tx);
    await sql`
      INSERT INTO practice (id, status, kind, competency, author_id, is_author_hidden, source_locale,
        version, content_id, source_hash, countries, products, roles, is_for_partners, drafted_at,
        published_at, changed_at)
      SELECT id, 'published', 'win', 'clinical-fluency', 'reader-0', false, source, 1,
        (SELECT (t->>'content')::uuid FROM jsonb_array_elements(texts) t WHERE t->>'locale' = source),
        'hash', countries, ARRAY[product], '{}', false, now(),
        now() - random() * interval '900 days', now() FROM ${given}`.execute(tx);
    await sql`
      INSERT INTO practice_clearance (practice_id, country, product, clinical, compliance, cleared_at,
        is_readable)
      SELECT id, unnest(countries), product, 'approved', 'approved', now(), true FROM ${given}`.execute(
      tx,
    );
    await sql`
      INSERT INTO practice_translation (practice_id, locale, status, source_hash, content_id,
        proposed_at, approved_at, approved_for)
      SELECT id, t->>'locale', 'approved', 'hash', (t->>'content')::uuid, now(), now(), countries
      FROM ${given}, jsonb_array_elements(texts) AS t WHERE t->>'locale' <> source`.execute(tx);
    await sql`SELECT practice_text_of(id) FROM ${given}`.execute(tx);
  });
}
