/** The pack of a quarterly review: counted once from every loop, when the review begins. */
import { sql } from 'kysely';
import { marketFigures } from '../domain/exchange/balance.ts';
import type { LoopId, RegionId, TeamId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Actor } from '../domain/authority.ts';
import { present } from '../domain/assert.ts';
import {
  adoptionFigures,
  carriedFigure,
  inSection,
  type PackFigure,
  type PackSection,
  type RegionCounts,
  regionFigures,
} from '../domain/quarterly-review/pack.ts';
import type { ReviewKind } from '../domain/quarterly-review/state.ts';
import { historyQuarters, scorecardOf } from '../domain/scorecard/figures.ts';
import {
  firstDayOf,
  lastDayOf,
  type Quarter,
  quarterAfter,
  rangeOf,
} from '../domain/scorecard/quarter.ts';
import type { Range } from '../domain/time/range.ts';
import type { Query } from './client.ts';
import { countMarkets } from './exchange-balance.ts';
import { lendingBetween } from './lending.ts';
import { countHandoffs } from './scorecard.ts';

export interface PackAsked {
  readonly kind: ReviewKind;
  readonly region: RegionId;
  readonly team: TeamId | null;
  readonly quarter: Quarter;
  readonly zone: string;
  readonly at: Instant;
}

/** Counts of a region or a team are the same whoever asks. */
const anybody: Actor = {
  id: '' as Actor['id'],
  region: '' as RegionId,
  team: '' as TeamId,
  line: [],
  isActive: false,
  teamKind: 'own',
  grants: [],
  principals: [],
  principalsIn: {},
};

export async function countPack(query: Query, asked: PackAsked): Promise<readonly PackFigure[]> {
  const { kind, region, team, quarter, zone, at } = asked;
  const period = rangeOf(quarter, quarter, zone);
  const history = rangeOf(quarterAfter(quarter, 1 - historyQuarters), quarter, zone);
  const of =
    team === null
      ? ({ kind: 'region', id: region } as const)
      : ({ kind: 'team', id: team } as const);
  const counted = await countHandoffs(query, { actor: anybody, ...of, period, history, at });
  const { figures } = scorecardOf(counted, of.kind);
  const own =
    kind === 'region'
      ? await ownFigures(query, asked, period)
      : await adopted(query, asked, period);
  const carried = await openActionsBefore(query, asked);
  return [...inSection('handoffs', { ...figures }), ...own, carriedFigure(carried)];
}

async function ownFigures(
  query: Query,
  { region, quarter, zone }: PackAsked,
  period: Range,
): Promise<readonly PackFigure[]> {
  const [market] = await countMarkets(query, [{ region, zone }], quarter);
  const { isShown: _, ...exchange } = marketFigures(present(market, 'the market'));
  const lending = await lendingBetween(query, {
    firstDay: firstDayOf(quarter),
    lastDay: lastDayOf(quarter),
  });
  const found = lending.get(region);
  const hours = (minutes = 0): number => Math.round(minutes / 60);
  const counts = await countRegion(query, { region, quarter, period });
  const lent = {
    lentHours: hours(found?.lentMinutes),
    borrowedHours: hours(found?.borrowedMinutes),
  };
  return [...inSection('exchange', exchange), ...regionFigures({ ...counts, ...lent })];
}

interface RegionAsked {
  readonly region: RegionId;
  readonly quarter: Quarter;
  readonly period: Range;
}

type Counted = Omit<RegionCounts, 'lentHours' | 'borrowedHours'>;

/** As it stood when the quarter ended; raised is a rating above the one before it: a first one is above none. */
async function countRegion(
  query: Query,
  { region, quarter, period: { from, until } }: RegionAsked,
): Promise<Counted> {
  const days = `[${firstDayOf(quarter)},${lastDayOf(quarter)}]`;
  const { rows } = await sql<Counted>`
    WITH own AS (
      SELECT p.id FROM person p JOIN team t ON t.id = p.team_id
      WHERE p.region_id = ${region} AND t.kind = 'own'
        AND (p.left_at IS NULL OR p.left_at >= ${until}::timestamptz)
    ), gap AS (
      SELECT g.found_at, g.closed_at FROM competency_gap g JOIN own ON own.id = g.person_id
    ), rated AS (
      SELECT r.rated_at, l.rank, lag(l.rank) OVER (
        PARTITION BY r.person_id, r.competency ORDER BY r.rated_at, r.id) AS before
      FROM competency_rating r JOIN own ON own.id = r.person_id
      JOIN competency_level l ON l.key = r.level
    ), plan AS (
      SELECT d.agreed_at, d.closed_at, d.stalled_at
      FROM development_plan d JOIN own ON own.id = d.subject_id
    )
    SELECT (SELECT count(*)::int FROM own) AS people,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('line', id, 'purpose', purpose,
          'currency', currency, 'allocated', allocated::text, 'reserved', reserved::text,
          'committed', committed::text) ORDER BY purpose, id), '[]')
        FROM (SELECT * FROM budget_line WHERE region_id = ${region}
          AND begins_at < ${until}::timestamptz AND ends_at >= ${until}::timestamptz
          ORDER BY purpose, id LIMIT 12) line) AS lines,
      (SELECT count(*)::int FROM assignment a WHERE a.days && ${days}::daterange
        AND ${region} IN (region_now(a.home_region_id), region_now(a.host_region_id))
        AND a.status IN ('running', 'closing', 'closed')) AS "underWay",
      (SELECT count(*)::int FROM gap WHERE found_at < ${until}::timestamptz
        AND (closed_at IS NULL OR closed_at >= ${until}::timestamptz)) AS "openGaps",
      (SELECT count(*)::int FROM gap WHERE closed_at >= ${from}::timestamptz
        AND closed_at < ${until}::timestamptz) AS "closedGaps",
      (SELECT count(*)::int FROM rated WHERE rated_at >= ${from}::timestamptz
        AND rated_at < ${until}::timestamptz AND rank > before) AS raised,
      (SELECT count(*)::int FROM plan WHERE agreed_at < ${until}::timestamptz
        AND (closed_at IS NULL OR closed_at >= ${from}::timestamptz)) AS plans,
      (SELECT count(*)::int FROM plan
        WHERE (closed_at IS NULL OR closed_at >= ${until}::timestamptz)
        AND stalled_at < ${until}::timestamptz) AS "stalledPlans"`.execute(query);
  return present(rows[0], 'the counts');
}

async function adopted(
  query: Query,
  { team }: PackAsked,
  { from, until }: Range,
): Promise<readonly PackFigure[]> {
  const { rows } = await sql<{ people: number; received: number; tried: number }>`
    WITH member AS (SELECT id, left_at FROM person WHERE team_id = ${team})
    SELECT (SELECT count(*)::int FROM member WHERE left_at IS NULL) AS people,
      (SELECT count(DISTINCT d.practice_id)::int FROM practice_delivery d
        JOIN member m ON m.id = d.person_id
        WHERE d.at >= ${from}::timestamptz AND d.at < ${until}::timestamptz) AS received,
      (SELECT count(DISTINCT v.practice_id)::int FROM practice_verdict v
        JOIN member m ON m.id = v.person_id
        WHERE v.at >= ${from}::timestamptz AND v.at < ${until}::timestamptz) AS tried`.execute(
    query,
  );
  return adoptionFigures(present(rows[0], 'the counts'));
}

/** Of the review of the quarter before. */
async function openActionsBefore(
  query: Query,
  { region, team, quarter }: PackAsked,
): Promise<number> {
  const { rows } = await sql<{ open: number }>`
    SELECT count(*)::int AS open FROM quarterly_review r JOIN task t ON t.loop_id = r.id
    WHERE r.region_id = ${region} AND r.team_id IS NOT DISTINCT FROM ${team}
      AND r.quarter = ${quarterAfter(quarter, -1)} AND t.kind LIKE 'quarter.act/%'
      AND t.closed_at IS NULL`.execute(query);
  return rows[0]?.open ?? 0;
}

interface KeptPack {
  readonly review: LoopId;
  readonly figures: readonly PackFigure[];
}

export async function keepPack(query: Query, { review, figures }: KeptPack): Promise<void> {
  const rows = figures.map((one, position) => ({ position, ...one }));
  await sql`
    INSERT INTO quarterly_figure (review_id, position, section, value, sentence)
    SELECT ${review}, f.position, f.section, f.value, f.sentence
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
      AS f (position int, section text, value double precision, sentence jsonb)`.execute(query);
}

export async function packOf(query: Query, review: LoopId): Promise<readonly PackFigure[]> {
  const { rows } = await sql<PackFigure & { readonly section: PackSection }>`
    SELECT section, value, sentence FROM quarterly_figure
    WHERE review_id = ${review} ORDER BY position`.execute(query);
  return rows;
}
