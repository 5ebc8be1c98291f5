/** What machines proposed as translations, one a source and language, and what became of each. */
import { sql, type Transaction } from 'kysely';
import type { ContentId, LoopId, PersonId, RegionId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { wallDay } from '../domain/time/wall.ts';
import type { Query } from './client.ts';
import { allMarkets } from './exchange-balance.ts';
import { policyValue } from './policies.ts';
import type { DB } from './schema.ts';

/** By language: what was proposed for this source. */
export async function machineProposals(
  query: Query,
  sourceHash: string,
): Promise<ReadonlyMap<string, ContentId>> {
  const { rows } = await sql<{ locale: string; content: ContentId }>`
    SELECT locale, content_id AS content FROM translation_proposal
    WHERE source_hash = ${sourceHash} AND content_id IS NOT NULL`.execute(query);
  return new Map(rows.map(({ locale, content }) => [locale, content]));
}

/** The policy that switches it on, region by region. */
export const machineTranslation = 'exchange.machineTranslation';

export interface WantedProposal {
  readonly practice: LoopId;
  readonly author: PersonId;
  readonly sourceHash: string;
  readonly content: ContentId;
  readonly from: string;
  readonly to: string;
  /** Where it is switched on. */
  readonly region: RegionId;
}

interface WantedAsked {
  readonly proposer: string;
  readonly at: Instant;
  readonly limit: number;
}

/** Missing in the language of a region that it is asked for in, and never asked of this proposer. */
export async function wantedProposals(
  query: Query,
  { proposer, at, limit }: WantedAsked,
): Promise<readonly WantedProposal[]> {
  const markets = await allMarkets(query);
  const days = markets.map(({ region, zone }) => ({ region, day: wallDay(at, zone) }));
  const today = { region: sql.ref('g.id'), day: sql.ref('d.day') };
  const isOn = policyValue({ key: machineTranslation, ...today });
  const { rows } = await sql<WantedProposal>`
    SELECT DISTINCT ON (p.drafted_at, p.source_hash, g.locale) p.id AS practice,
      p.author_id AS author, p.source_hash AS "sourceHash", p.content_id AS content,
      p.source_locale AS "from", g.locale AS "to", g.id AS region
    FROM practice p
    JOIN content w ON w.id = p.content_id AND w.erased_at IS NULL
    JOIN region g ON g.country = ANY (p.countries) AND g.locale <> p.source_locale
    JOIN jsonb_to_recordset(${JSON.stringify(days)}::text::jsonb)
      AS d (region text, day text) ON d.region = g.id
    WHERE p.status IN ('in_review', 'published') AND ${isOn} = 'true'::jsonb
      AND NOT EXISTS (SELECT FROM practice_translation t WHERE t.practice_id = p.id
        AND t.locale = g.locale AND t.source_hash = p.source_hash)
      AND NOT EXISTS (SELECT FROM translation_proposal x WHERE x.source_hash = p.source_hash
        AND x.locale = g.locale AND (x.content_id IS NOT NULL OR x.proposer = ${proposer}))
    ORDER BY p.drafted_at, p.source_hash, g.locale, g.id LIMIT ${limit}`.execute(query);
  return rows;
}

interface KeptProposal extends Pick<WantedProposal, 'practice' | 'sourceHash' | 'to' | 'region'> {
  readonly proposer: string;
  readonly content: ContentId | null;
  readonly at: Instant;
}

/** False where there is one already: one a source and language, whoever is quicker. */
export async function keepProposal(tx: Transaction<DB>, kept: KeptProposal): Promise<boolean> {
  const { practice, sourceHash, to, region, proposer, content, at } = kept;
  const { numAffectedRows = 0n } = await sql`
    INSERT INTO translation_proposal (source_hash, locale, practice_id, region_id, proposer,
      content_id, at)
    VALUES (${sourceHash}, ${to}, ${practice}, ${region}, ${proposer}, ${content}, ${at}::timestamptz)
    ON CONFLICT (source_hash, locale) DO UPDATE SET practice_id = excluded.practice_id,
      region_id = excluded.region_id, proposer = excluded.proposer,
      content_id = excluded.content_id, at = excluded.at
    WHERE translation_proposal.content_id IS NULL`.execute(tx);
  return numAffectedRows > 0n;
}

interface DecidedTranslation {
  readonly practice: LoopId;
  readonly locale: string;
  readonly by: PersonId;
  /** That was decided upon. */
  readonly content: ContentId;
  readonly sourceHash: string;
  readonly proposedAt: Instant;
  readonly isApproved: boolean;
  readonly at: Instant;
}

/** Unchanged where each part reads as the machine wrote it. */
export async function keepOutcome(tx: Transaction<DB>, decided: DecidedTranslation): Promise<void> {
  const { practice, locale, by, content, sourceHash, proposedAt, isApproved, at } = decided;
  await sql`
    INSERT INTO translation_outcome (practice_id, sequence, locale, region_id, began_with, outcome,
      began_at, decided_at)
    SELECT i.id, i.sequence, ${locale}, p.region_id,
      CASE WHEN x.content_id IS NULL THEN 'person' ELSE 'machine' END,
      CASE WHEN NOT ${isApproved}::boolean THEN 'refused'
        WHEN x.content_id IS NULL OR machine.body = own.body THEN 'unchanged' ELSE 'edited' END,
      coalesce(x.at, ${proposedAt}::timestamptz), ${at}::timestamptz
    FROM loop_instance i JOIN person p ON p.id = ${by}
    JOIN content own ON own.id = ${content}
    LEFT JOIN translation_proposal x ON x.source_hash = ${sourceHash} AND x.locale = ${locale}
      AND x.content_id IS NOT NULL
    LEFT JOIN content machine ON machine.id = x.content_id
    WHERE i.id = ${practice}`.execute(tx);
}
