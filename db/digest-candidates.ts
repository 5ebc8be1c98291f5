/** What digests are chosen from: practices that may be read in a country, and what people work on. */
import { sql } from 'kysely';
import type { Candidate, Interests } from '../domain/digest/choose.ts';
import type { Report } from '../domain/exchange/rank.ts';
import type { LoopId, PersonId } from '../domain/id.ts';
import type { Query } from './client.ts';
import { gatedColumns } from './practice-gate.ts';
import { reportsColumn } from './practice-verdicts.ts';

/** Of a country, the newest: an older one that nobody was told of for years is found by searching. */
const candidatesMax = 2_000;

/** What is said of it is weighed for each place in its own way. */
export interface Reported extends Omit<Candidate, 'rank'> {
  readonly reports: readonly Report[];
}

/** Read in the country by somebody; by whom, the gate is asked for each reader. */
export async function digestCandidates(
  query: Query,
  country: string,
): Promise<readonly Reported[]> {
  const { rows } = await sql<Reported>`
    SELECT p.id, p.author_id AS author, p.competency, p.published_at AS "publishedAt",
      ${gatedColumns},
      ${reportsColumn(sql.ref('p.id'))} AS reports
    FROM practice p JOIN content w ON w.id = p.content_id AND w.erased_at IS NULL
    WHERE p.status = 'published' AND EXISTS (SELECT FROM practice_clearance c
      WHERE c.practice_id = p.id AND c.country = ${country} AND c.is_readable)
    ORDER BY p.published_at DESC, p.id LIMIT ${candidatesMax}`.execute(query);
  return rows;
}

interface InterestsRow extends Omit<Interests, 'seen'> {
  readonly id: PersonId;
  readonly seen: readonly LoopId[];
}

/** Whatever is under way to them in an earlier digest counts as seen. */
export async function digestInterests(
  query: Query,
  people: readonly PersonId[],
): Promise<ReadonlyMap<PersonId, Interests>> {
  const { rows } = await sql<InterestsRow>`
    SELECT p.id,
      ARRAY(SELECT competency FROM competency_gap g
        WHERE g.person_id = p.id AND g.closed_at IS NULL
        UNION SELECT jsonb_array_elements_text(jsonb_path_query_array(
          i.state, '$.state.terms.goals[*].competency'))
        FROM loop_party y JOIN loop_instance i ON i.id = y.loop_id AND i.closed_at IS NULL
        WHERE y.person_id = p.id AND i.loop = 'assignment'
          AND i.state #>> '{state,participant}' = p.id
        ORDER BY competency) AS gaps,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('account', a.id, 'products', a.products)
          ORDER BY i.opened_at DESC, a.id), '[]')
        FROM loop_party y JOIN loop_instance i ON i.id = y.loop_id AND i.closed_at IS NULL
        JOIN account a ON a.id = i.account_id WHERE y.person_id = p.id) AS open,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('account', a.id, 'products', a.products)
          ORDER BY a.id), '[]')
        FROM custody c JOIN account a ON a.id = c.account_id
        WHERE c.owner_id = p.id AND upper_inf(c.period)) AS owned,
      ARRAY(SELECT practice_id FROM practice_delivery d WHERE d.person_id = p.id
        UNION SELECT i.practice_id FROM digest d JOIN digest_item i ON i.digest_id = d.id
        WHERE d.person_id = p.id AND d.status = 'composed' AND i.left_out IS NULL) AS seen
    FROM person p WHERE p.id = ANY (${people}::text[])`.execute(query);
  return new Map(
    rows.map(({ id, seen, ...interests }) => [id, { ...interests, seen: new Set(seen) }]),
  );
}
