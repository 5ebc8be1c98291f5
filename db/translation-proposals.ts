/** What machines proposed as translations: one a source and language, kept beside what people made of it. */
import { sql } from 'kysely';
import type { ContentId } from '../domain/id.ts';
import type { Query } from './client.ts';

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
