/** Who decides for whom, and until when. */
import { sql, type Transaction } from 'kysely';
import { present } from '../domain/assert.ts';
import type { Actor } from '../domain/authority.ts';
import type {
  DelegationFacts,
  DelegationSource,
  DelegationState,
  DelegationStatus,
} from '../domain/delegation/state.ts';
import type { LoopId, PersonId, TeamId } from '../domain/id.ts';
import type { Instant, LoopName } from '../domain/loop.ts';
import {
  delegationChainMax,
  type DelegationLink,
  type DelegationScope,
} from '../domain/people/delegation.ts';
import type { TeamKind } from '../domain/people/team.ts';
import type { Query } from './client.ts';
import type { DB } from './schema.ts';
import { maySeeHandoff } from './visibility.ts';

/** The links that hold at an instant; never for or by who has left. */
const linksAt = (at: Instant) => sql`
  SELECT d.id, d.principal_id, d.delegate_id, d.scope, lower(d.period) AS since FROM delegation d
  JOIN person p ON p.id = d.principal_id AND p.left_at IS NULL
  JOIN person e ON e.id = d.delegate_id AND e.left_at IS NULL
  WHERE d.period @> ${at}::timestamptz`;

/**
 * For whom `person.id` of the outer query decides at `at`, and in what: `{ principal, scope }`. Also
 * along a chain, whose scope is the narrowest of its links.
 */
export const principalsAt = (at: Instant) => sql`(
  WITH RECURSIVE link AS (${linksAt(at)}), chain AS (
    SELECT principal_id, scope, ARRAY[delegate_id, principal_id] AS path
    FROM link WHERE delegate_id = person.id
    UNION ALL
    SELECT l.principal_id, CASE c.scope WHEN 'all' THEN l.scope ELSE c.scope END,
      c.path || l.principal_id
    FROM chain c JOIN link l ON l.delegate_id = c.principal_id
      AND (c.scope = 'all' OR l.scope = 'all' OR c.scope = l.scope)
    WHERE cardinality(c.path) <= ${delegationChainMax} AND l.principal_id <> ALL (c.path)
  )
  SELECT coalesce(jsonb_agg(DISTINCT jsonb_build_object('person', principal_id, 'scope', scope)), '[]')
  FROM chain)`;

interface AskedLinks {
  readonly loop: LoopName;
  readonly at: Instant;
  /** Whose links, those of the two above each, and what follows from them; absent, everybody's. */
  readonly of?: readonly PersonId[];
}

/** To whom each has delegated the steps of a loop: what is given of this loop alone goes first. */
export async function delegatesAt(
  query: Query,
  { loop, at, of }: AskedLinks,
): Promise<ReadonlyMap<PersonId, PersonId>> {
  const { rows } = await sql<{ principal: PersonId; delegate: PersonId }>`
    WITH RECURSIVE link AS (
      SELECT DISTINCT ON (principal_id) principal_id, delegate_id FROM (${linksAt(at)}) held
      WHERE scope IN ('all', ${loop}) ORDER BY principal_id, scope = 'all', since DESC, id
    ), asked AS (
      SELECT p.id, p.manager_id AS above, m.manager_id AS top
      FROM person p LEFT JOIN person m ON m.id = p.manager_id
      WHERE p.id = ANY (${of ?? []}::text[])
    ), chain AS (
      SELECT principal_id, delegate_id, 1 AS length FROM link
      WHERE ${of === undefined} OR EXISTS (SELECT FROM asked
        WHERE principal_id IN (asked.id, asked.above, asked.top))
      UNION
      SELECT l.principal_id, l.delegate_id, c.length + 1 FROM chain c
      JOIN link l ON l.principal_id = c.delegate_id WHERE c.length <= ${delegationChainMax}
    )
    SELECT DISTINCT principal_id AS principal, delegate_id AS delegate FROM chain`.execute(query);
  return new Map(rows.map(({ principal, delegate }) => [principal, delegate]));
}

/** Everybody who decides for one of them at some time, also along a chain. */
export async function anyDelegatesOf(
  query: Query,
  people: readonly PersonId[],
): Promise<readonly PersonId[]> {
  if (people.length === 0) return [];
  const { rows } = await sql<{ id: PersonId }>`
    WITH RECURSIVE chain AS (
      SELECT delegate_id AS id, 1 AS length FROM delegation
      WHERE principal_id = ANY (${people}::text[])
      UNION
      SELECT d.delegate_id, c.length + 1 FROM chain c JOIN delegation d ON d.principal_id = c.id
      WHERE c.length <= ${delegationChainMax})
    SELECT DISTINCT id FROM chain`.execute(query);
  return rows.map(({ id }) => id);
}

/** All that hold at some instant of `[from, until)`, whoever keeps them. */
export async function delegationsBetween(
  query: Query,
  { from, until }: { readonly from: Instant; readonly until: Instant },
): Promise<readonly DelegationLink[]> {
  const { rows } = await sql<DelegationLink>`
    SELECT principal_id AS principal, delegate_id AS delegate, scope,
      lower(period) AS "from", upper(period) AS until
    FROM delegation
    WHERE period && tstzrange(${from}::timestamptz, ${until}::timestamptz)`.execute(query);
  return rows;
}

/** Whether what asked for it still does: the organisation's file, or the absence, as it was then. */
export async function delegationFacts(
  tx: Transaction<DB>,
  { source, delegation, principal, delegate, from, until, absence }: DelegationState,
): Promise<DelegationFacts> {
  if (source === 'directory') {
    const { rows } = await sql`SELECT FROM delegation
      WHERE id = ${delegation} AND source = 'directory' AND principal_id = ${principal}
        AND delegate_id = ${delegate}
        AND period = tstzrange(${from}::timestamptz, ${until}::timestamptz)`.execute(tx);
    return { isAsked: rows.length > 0 };
  }
  if (absence === null) return { isAsked: true };
  const { id, firstDay, lastDay } = absence;
  const { rows } = await sql`SELECT FROM absence
    WHERE id = ${id} AND person_id = ${principal} AND first_day = ${firstDay}::date
      AND last_day = ${lastDay}::date`.execute(tx);
  return { isAsked: rows.length > 0 };
}

interface Kept {
  readonly at: Instant;
  readonly after: DelegationState;
}

/** Its read model: also of what never began. */
export async function projectDelegation(
  query: Query,
  { id, at, after }: Kept & { readonly id: LoopId },
): Promise<void> {
  const { delegation, principal, delegate, scope, source, absence, status, ending, from, until } =
    after;
  const closedAt = status === 'ended' ? at : null;
  await sql`
    INSERT INTO delegation_run (id, delegation_id, principal_id, delegate_id, scope, source,
      absence_id, status, ending, begins_at, ends_at, closed_at)
    VALUES (${id}, ${delegation}, ${principal}, ${delegate}, ${scope}, ${source},
      ${absence?.id ?? null}, ${status}, ${ending}, ${from}::timestamptz, ${until}::timestamptz,
      ${closedAt}::timestamptz)
    ON CONFLICT (id) DO UPDATE SET status = excluded.status, ending = excluded.ending,
      closed_at = excluded.closed_at`.execute(query);
}

/** What says who may decide. The rows of the organisation's file are changed by the file alone. */
export async function keepDelegation(query: Query, { at, after }: Kept): Promise<void> {
  const { delegation, principal, delegate, scope, source, status, from, until } = after;
  if (source === 'directory') return;
  if (status !== 'ended') {
    await sql`
      INSERT INTO delegation (id, principal_id, delegate_id, scope, source, period)
      VALUES (${delegation}, ${principal}, ${delegate}, ${scope}, ${source},
        tstzrange(${from}::timestamptz, ${until}::timestamptz))
      ON CONFLICT (id) DO NOTHING`.execute(query);
  } else if (at <= from) {
    await sql`DELETE FROM delegation WHERE id = ${delegation}`.execute(query);
  } else if (at < until) {
    await sql`UPDATE delegation SET period = tstzrange(lower(period), ${at}::timestamptz)
      WHERE id = ${delegation}`.execute(query);
  }
}

interface TeamOf {
  readonly id: TeamId;
  readonly kind: TeamKind;
}

export async function teamsOf(
  query: Query,
  principal: PersonId,
  delegate: PersonId,
): Promise<{ readonly principal: TeamOf; readonly delegate: TeamOf }> {
  const { rows } = await sql<TeamOf & { person: PersonId }>`
    SELECT p.id AS person, t.id, t.kind FROM person p JOIN team t ON t.id = p.team_id
    WHERE p.id IN (${principal}, ${delegate})`.execute(query);
  const of = (id: PersonId): TeamOf =>
    present(
      rows.find(({ person }) => person === id),
      'the team',
    );
  return { principal: of(principal), delegate: of(delegate) };
}

interface Named<Id> {
  readonly id: Id;
  readonly name: string;
}

export interface DelegationRow {
  readonly id: LoopId;
  readonly principal: Named<PersonId> & { readonly zone: string };
  readonly delegate: Named<PersonId>;
  readonly scope: DelegationScope;
  readonly source: DelegationSource;
  readonly status: DelegationStatus;
  readonly ending: string | null;
  readonly from: Instant;
  readonly until: Instant;
  readonly closedAt: Instant | null;
  readonly revision: number;
  readonly isHeld: boolean;
}

const selectRuns = sql`
  SELECT r.id, r.scope, r.source, r.status, r.ending, r.begins_at AS "from", r.ends_at AS until,
    r.closed_at AS "closedAt", i.revision, i.held_at IS NOT NULL AS "isHeld",
    jsonb_build_object('id', p.id, 'name', p.name, 'zone', p.zone) AS principal,
    jsonb_build_object('id', d.id, 'name', d.name) AS delegate
  FROM delegation_run r
  JOIN loop_instance i ON i.id = r.id
  JOIN person p ON p.id = r.principal_id
  JOIN person d ON d.id = r.delegate_id`;

/** Null when it does not exist, or when the actor may not see it: nobody can tell which. */
export async function findDelegation(
  query: Query,
  actor: Actor,
  id: LoopId,
): Promise<DelegationRow | null> {
  const { rows } = await sql<DelegationRow>`
    ${selectRuns} WHERE r.id = ${id} AND ${maySeeHandoff(actor, sql.ref('r.id'))}`.execute(query);
  return rows[0] ?? null;
}

export interface DelegationPage {
  readonly person: PersonId;
  readonly after: { readonly from: Instant; readonly id: string } | null;
  readonly limit: number;
}

/** Given by somebody and to them, the latest first, of those the actor may see. */
export async function listDelegations(
  query: Query,
  actor: Actor,
  { person, after, limit }: DelegationPage,
): Promise<readonly DelegationRow[]> {
  const { rows } = await sql<DelegationRow>`
    ${selectRuns}
    WHERE ${person} IN (r.principal_id, r.delegate_id) AND ${maySeeHandoff(actor, sql.ref('r.id'))}
      AND (${after === null} OR (r.begins_at, r.id)
        < (${after?.from ?? 0}::timestamptz, ${after?.id ?? null}::uuid))
    ORDER BY r.begins_at DESC, r.id DESC LIMIT ${limit}`.execute(query);
  return rows;
}

/** How many of a principal have not ended. */
export async function countDelegations(query: Query, principal: PersonId): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*)::int AS count FROM delegation_run
    WHERE principal_id = ${principal} AND closed_at IS NULL`.execute(query);
  return rows[0]?.count ?? 0;
}

export interface UnrunDelegation {
  readonly id: string;
  readonly principal: PersonId;
  readonly delegate: PersonId;
  readonly from: Instant;
  readonly until: Instant;
}

/** Of the organisation's file, not over yet, whose loop has not begun; the soonest first. */
export async function unrunDelegations(
  query: Query,
  { at, limit }: { readonly at: Instant; readonly limit: number },
): Promise<readonly UnrunDelegation[]> {
  const { rows } = await sql<UnrunDelegation>`
    SELECT d.id, d.principal_id AS principal, d.delegate_id AS delegate,
      lower(d.period) AS "from", upper(d.period) AS until
    FROM delegation d
    JOIN person p ON p.id = d.principal_id AND p.left_at IS NULL
    JOIN person e ON e.id = d.delegate_id AND e.left_at IS NULL
    WHERE d.source = 'directory' AND upper(d.period) > ${at}::timestamptz
      AND NOT EXISTS (
        SELECT FROM delegation_run r
        WHERE (r.delegation_id, r.principal_id, r.delegate_id, r.begins_at, r.ends_at)
          = (d.id, d.principal_id, d.delegate_id, lower(d.period), upper(d.period)))
    ORDER BY lower(d.period), d.id LIMIT ${limit}`.execute(query);
  return rows;
}

export interface AwayApprover {
  readonly absence: string;
  readonly principal: PersonId;
  readonly zone: string;
  readonly firstDay: string;
  readonly lastDay: string;
  /** Whoever may stand in, the nearest first. */
  readonly candidates: readonly { readonly id: PersonId; readonly isAway: boolean }[];
}

interface AskedAway {
  /** Days of the calendar, such as `2026-11-24`; both included. */
  readonly today: string;
  readonly until: string;
  readonly limit: number;
}

/**
 * Whole days of whoever can be asked for approvals (somebody above others, or with an office), that
 * no delegation was opened for or is standing; one whose delegate left is asked for again.
 */
export async function awayApprovers(
  query: Query,
  { today, until, limit }: AskedAway,
): Promise<readonly AwayApprover[]> {
  const { rows } = await sql<AwayApprover>`
    SELECT b.id AS absence, p.id AS principal, p.zone, b.first_day AS "firstDay",
      b.last_day AS "lastDay",
      (SELECT coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'isAway', EXISTS (
          SELECT FROM absence a WHERE a.person_id = c.id AND a.from_minute IS NULL
            AND daterange(a.first_day, a.last_day, '[]') && daterange(b.first_day, b.last_day, '[]')))
          ORDER BY s.rank), '[]')
        FROM (VALUES (p.backup_id, 1), (p.manager_id, 2), (m.manager_id, 3)) AS s (id, rank)
        JOIN person c ON c.id = s.id AND c.left_at IS NULL AND c.id <> p.id
        JOIN team t ON t.id = c.team_id AND (t.kind = 'own' OR t.id = p.team_id)) AS candidates
    FROM absence b
    JOIN person p ON p.id = b.person_id AND p.left_at IS NULL
    LEFT JOIN person m ON m.id = p.manager_id
    WHERE b.from_minute IS NULL AND b.first_day <= ${until}::date AND b.last_day >= ${today}::date
      AND (EXISTS (SELECT FROM person r WHERE r.manager_id = p.id AND r.left_at IS NULL)
        OR EXISTS (SELECT FROM person_role WHERE person_id = p.id)
        OR EXISTS (SELECT FROM region WHERE manager_id = p.id))
      AND NOT EXISTS (
        SELECT FROM delegation_run r JOIN loop_instance i ON i.id = r.id
        WHERE r.absence_id = b.id AND r.ending IS DISTINCT FROM 'left'
          AND i.state->'state'->'absence'->>'firstDay' = b.first_day::text
          AND i.state->'state'->'absence'->>'lastDay' = b.last_day::text)
      AND NOT EXISTS (
        SELECT FROM delegation d WHERE d.principal_id = p.id AND d.scope = 'all'
          AND d.period && tstzrange(b.first_day::timestamptz, (b.last_day + 1)::timestamptz))
    ORDER BY b.first_day, b.id LIMIT ${limit}`.execute(query);
  return rows;
}
