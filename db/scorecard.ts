/** What scorecards count, of handoffs and of what is to be done. */
import { type Expression, type RawBuilder, sql, type SqlBool } from 'kysely';
import { present } from '../domain/assert.ts';
import type { Actor } from '../domain/authority.ts';
import type { RegionId, TeamId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Counted, ScorecardKind } from '../domain/scorecard/figures.ts';
import type { Range } from '../domain/time/range.ts';
import type { Query } from './client.ts';
import { maySeeHandoff } from './visibility.ts';

/** People counted together; the clock of their region says when a quarter begins. */
export interface ScorecardGroup {
  readonly name: string;
  readonly zone: string;
  readonly region: RegionId;
  readonly team: TeamId | null;
}

/** Null for an unknown region, and for a team that is not a partner's: it is part of its region. */
export async function findScorecardGroup(
  query: Query,
  kind: 'region' | 'team',
  id: string,
): Promise<ScorecardGroup | null> {
  const { rows } =
    kind === 'region'
      ? await sql<ScorecardGroup>`
          SELECT name, zone, id AS region, NULL AS team FROM region WHERE id = ${id}`.execute(query)
      : await sql<ScorecardGroup>`
          SELECT team.name, region.zone, region.id AS region, team.id AS team
          FROM team JOIN region ON region.id = team.region_id
          WHERE team.id = ${id} AND team.kind = 'partner'`.execute(query);
  return rows[0] ?? null;
}

export interface Counting {
  readonly actor: Actor;
  readonly kind: ScorecardKind;
  readonly id: string;
  /** Offered in it. */
  readonly period: Range;
  readonly history: Range;
  readonly at: Instant;
}

type Condition = Expression<SqlBool>;

/**
 * The people of a region are those of our own teams, so that regions and partner teams are apart:
 * nothing can be had by taking one from the other.
 */
function members({ kind, id }: Counting): RawBuilder<unknown> {
  return kind === 'team'
    ? sql`SELECT id FROM person WHERE team_id = ${id}`
    : sql`SELECT person.id FROM person JOIN team ON team.id = person.team_id
        WHERE person.region_id = ${id} AND team.kind = 'own'`;
}

/** Handoffs by the person in `column`; of an account those that the reader may see one by one. */
const isCounted = (counting: Counting, column: string): Condition =>
  counting.kind === 'account'
    ? sql<SqlBool>`h.account_id = ${counting.id} AND ${maySeeHandoff(counting.actor, sql.ref('h.id'))}`
    : sql<SqlBool>`${sql.ref(column)} IN (${members(counting)})`;

const isItemCounted = (counting: Counting): Condition =>
  counting.kind === 'account'
    ? sql<SqlBool>`i.account_id = ${counting.id}`
    : sql<SqlBool>`i.owner_id IN (${members(counting)}) AND i.id IN (
        SELECT item_id FROM action_item_event WHERE owner_id IN (${members(counting)}))`;

const offeredIn = ({ from, until }: Range): Condition =>
  sql<SqlBool>`h.offered_at >= ${from}::timestamptz AND h.offered_at < ${until}::timestamptz`;

/** Whoever is asked has it counted as offered and as bounced; whoever read back, how that went. */
export async function countHandoffs(query: Query, counting: Counting): Promise<Counted> {
  const { period, history } = counting;
  const byReader = isCounted(counting, 'h.accepted_by');
  const { rows } = await sql<Counted>`
    WITH offered AS (
      SELECT h.status, h.receiver_id AS person FROM handoff h
      WHERE ${offeredIn(period)} AND ${isCounted(counting, 'h.receiver_id')}
    ), accepted AS (
      SELECT h.accept_minutes AS minutes, h.first_time, h.accepted_by AS person FROM handoff h
      WHERE ${offeredIn(period)} AND h.accepted_by IS NOT NULL AND ${byReader}
    ), past AS (
      SELECT h.accept_minutes AS minutes, h.accepted_by AS person FROM handoff h
      WHERE ${offeredIn(history)} AND h.accepted_by IS NOT NULL AND ${byReader}
    )
    SELECT (SELECT count(*)::int FROM offered) AS handoffs,
      (SELECT count(*)::int FROM offered WHERE status = 'bounced') AS bounced,
      (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY minutes) FROM accepted) AS "acceptMedian",
      (SELECT count(first_time)::int FROM accepted) AS confirmed,
      (SELECT count(*)::int FROM accepted WHERE first_time) AS "firstTime",
      (SELECT count(*)::int FROM (SELECT person FROM offered UNION SELECT person FROM accepted) all_people)
        AS people,
      (SELECT jsonb_build_object('handoffs', count(*), 'people', count(DISTINCT person),
        'median', percentile_cont(0.5) WITHIN GROUP (ORDER BY minutes),
        'low', percentile_cont(0.1) WITHIN GROUP (ORDER BY minutes),
        'high', percentile_cont(0.9) WITHIN GROUP (ORDER BY minutes)) FROM past) AS history,
      (SELECT jsonb_build_object('owners', count(DISTINCT i.owner_id),
        'actions', count(*) FILTER (WHERE i.due_at < ${counting.at}::timestamptz))
        FROM action_item_now i WHERE i.is_open AND ${isItemCounted(counting)}) AS overdue`.execute(
    query,
  );
  return present(rows[0], 'the counts');
}
