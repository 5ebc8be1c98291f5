/** What digests choose and rank by: accounts, open handoffs and gaps of their readers, and what people report. */
import { sql } from 'kysely';
import type { Database } from '../db/client.ts';
import { competencies } from '../domain/people/competency.ts';

/** Of each practice. */
export const verdictsMost = 40;
export const products = ['stent', 'valve', 'pump', 'catheter'] as const;
const readersOfAccount = 5;

/**
 * Of `reader-0` to `reader-n`: every fifth owns an account, each has a handoff open on the account of
 * their five and two gaps; of each practice `verdictsMost` say how it went, most that it worked.
 */
export async function givenWork(db: Database, people: number): Promise<void> {
  const accounts = Math.ceil(people / readersOfAccount);
  await db.transaction().execute(async (tx) => {
    await sql`
      INSERT INTO account (id, name, team_id, products, countries, sites)
      SELECT 'account-' || n, 'Account ' || n, 'dach-own',
        (${[...products]}::text[])[1 + n % 4 : 1 + n % 4], '{DE}',
        '[{"name": "Main", "zone": "Europe/Berlin"}]'
      FROM generate_series(0, ${accounts - 1}::int) n`.execute(tx);
    await sql`
      INSERT INTO custody (account_id, owner_id, period)
      SELECT 'account-' || n, 'reader-' || n * ${readersOfAccount}::int,
        tstzrange('2027-01-01', NULL) FROM generate_series(0, ${accounts - 1}::int) n`.execute(tx);
    await sql`
      WITH opened AS (
        INSERT INTO loop_instance (id, loop, account_id, opened_at)
        SELECT gen_random_uuid(), 'handoff', 'account-' || n, '2027-02-01'
        FROM generate_series(0, ${accounts - 1}::int) n RETURNING id, account_id)
      INSERT INTO loop_party (loop_id, person_id)
      SELECT o.id, p.id FROM opened o JOIN person p ON p.id LIKE 'reader-%'
        AND o.account_id = 'account-' || substr(p.id, 8)::int / ${readersOfAccount}::int`.execute(
      tx,
    );
    await sql`
      INSERT INTO competency_gap (id, person_id, competency, target, found_at)
      SELECT gen_random_uuid(), 'reader-' || n,
        (${[...competencies]}::text[])[1 + (n + 4 * k) % ${competencies.length}::int], 'advanced',
        '2027-02-01'
      FROM generate_series(0, ${people - 1}::int) n, generate_series(0, 1) k`.execute(tx);
    await sql`
      INSERT INTO practice_verdict
        (practice_id, person_id, region_id, country, verdict, version, number, at)
      SELECT q.id, p.id, p.region_id, 'DE',
        (ARRAY['worked', 'worked', 'tried', 'failed'])[1 + k % 4], 1, 1, '2027-02-20'
      FROM (SELECT id, row_number() OVER (ORDER BY published_at) AS nth FROM practice) q
      CROSS JOIN generate_series(0, ${verdictsMost - 1}::int) k
      JOIN person p ON p.id = 'reader-' || (q.nth * 7 + k * 13) % ${people}::int
      ON CONFLICT DO NOTHING`.execute(tx);
  });
}
