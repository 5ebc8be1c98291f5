/** Reckons every balance again from the postings alone and says each that differs. */
import { sql } from 'kysely';
import type { Query } from './client.ts';

export interface LedgerDifference {
  /** Of a line, a transfer or a reservation. */
  readonly id: string;
  readonly what: 'allocated' | 'reserved' | 'committed' | 'available' | 'sum' | 'open' | 'ending';
  readonly stored: string;
  readonly reckoned: string;
}

export interface LedgerReport {
  readonly lines: number;
  readonly transfers: number;
  readonly differences: readonly LedgerDifference[];
}

/** More are not of use to whoever reads them. */
const differencesMax = 100;

/** In one statement, so that everything is of the same instant. */
export async function verifyLedger(query: Query): Promise<LedgerReport> {
  const { rows } = await sql<LedgerReport>`
    WITH reckoned AS (
        SELECT l.id, l.allocated, l.reserved, l.committed,
          l.allocated - l.reserved - l.committed AS available,
          -coalesce(sum(p.minor) FILTER (WHERE p.account = 'funded'), 0) AS funded,
          coalesce(sum(p.minor) FILTER (WHERE p.account = 'available'), 0) AS left_over,
          coalesce(sum(p.minor) FILTER (WHERE p.account = 'reserved'), 0) AS held,
          coalesce(sum(p.minor) FILTER (WHERE p.account = 'committed'), 0) AS spent
        FROM budget_line l
        LEFT JOIN budget_posting p ON p.line_id = l.id AND p.currency = l.currency
        GROUP BY l.id),
      open AS (
        SELECT r.line_id, sum(r.amount) AS amount FROM budget_reservation r
        WHERE NOT EXISTS (SELECT FROM budget_ending e WHERE e.reservation_id = r.id)
        GROUP BY r.line_id),
      differing AS (
        SELECT r.id, d.* FROM reckoned r CROSS JOIN LATERAL (VALUES
          ('allocated', r.allocated::text, r.funded::text),
          ('available', r.available::text, r.left_over::text),
          ('reserved', r.reserved::text, r.held::text),
          ('committed', r.committed::text, r.spent::text),
          ('open', r.reserved::text,
            coalesce((SELECT amount FROM open WHERE line_id = r.id), 0)::text)
        ) AS d (what, stored, reckoned) WHERE d.stored <> d.reckoned
        UNION ALL
        SELECT transfer_id, 'sum', '0',
          sum(minor) || ' and ' || sum(millionths) || ' millionths ' || currency
        FROM budget_posting GROUP BY transfer_id, currency
        HAVING sum(minor) <> 0 OR sum(millionths) <> 0
        UNION ALL
        SELECT r.id, 'ending', coalesce(e.kind, 'open'), coalesce(string_agg(t.kind, ' '), 'none')
        FROM budget_reservation r
        LEFT JOIN budget_ending e ON e.reservation_id = r.id
        LEFT JOIN budget_transfer t ON t.reservation_id = r.id
        GROUP BY r.id, e.kind
        HAVING count(*) FILTER (WHERE t.kind = 'reserve') <> 1
          OR count(*) FILTER (WHERE t.kind <> 'reserve') <> (e.kind IS NOT NULL)::int)
    SELECT (SELECT count(*) FROM budget_line)::int AS lines,
      (SELECT count(*) FROM budget_transfer)::int AS transfers,
      (SELECT coalesce(jsonb_agg(to_jsonb(d) ORDER BY d.id, d.what), '[]')
        FROM (SELECT * FROM differing LIMIT ${differencesMax}) d) AS differences`.execute(query);
  return rows[0] ?? { lines: 0, transfers: 0, differences: [] };
}
