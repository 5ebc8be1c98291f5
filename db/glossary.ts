/** Words that translations keep. */
import { sql } from 'kysely';
import type { LockedTerm, TermKind } from '../domain/exchange/compare-text.ts';
import type { PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Query } from './client.ts';

export interface GlossaryTerm extends LockedTerm {
  readonly id: string;
}

export async function lockedTerms(query: Query): Promise<readonly GlossaryTerm[]> {
  const { rows } = await sql<GlossaryTerm>`
    SELECT id, kind, forms FROM glossary_term ORDER BY id`.execute(query);
  return rows;
}

export interface ChangedTerm {
  readonly id: string;
  readonly kind: TermKind;
  readonly forms: Readonly<Record<string, string>>;
  readonly by: PersonId;
  readonly at: Instant;
}

/** The whole list at once: what is not in it any more is locked no longer. */
export async function replaceTerms(query: Query, terms: readonly ChangedTerm[]): Promise<void> {
  await sql`DELETE FROM glossary_term WHERE id <> ALL (${terms.map(({ id }) => id)}::text[])`.execute(
    query,
  );
  if (terms.length === 0) return;
  const rows = terms.map(({ id, kind, forms, by, at }) => ({
    id,
    kind,
    forms,
    changed_by: by,
    changed_at: new Date(at).toISOString(),
  }));
  await sql`
    INSERT INTO glossary_term (id, kind, forms, changed_at, changed_by)
    SELECT r.* FROM jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
      AS r (id text, kind text, forms jsonb, changed_at timestamptz, changed_by text)
    ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, forms = excluded.forms,
      changed_at = excluded.changed_at, changed_by = excluded.changed_by
    WHERE (glossary_term.kind, glossary_term.forms)
      IS DISTINCT FROM (excluded.kind, excluded.forms)`.execute(query);
}
