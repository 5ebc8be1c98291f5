/** What host regions offer: drafted, published by the host manager, closed. */
import { sql } from 'kysely';
import type { AssignmentKind, Goal } from '../domain/assignment/state.ts';
import { type Actor, may } from '../domain/authority.ts';
import type { ContentId, PersonId, RegionId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Query } from './client.ts';
import { maySeeOpportunity } from './visibility.ts';

export const opportunityStatuses = ['draft', 'published', 'closed'] as const;
export type OpportunityStatus = (typeof opportunityStatuses)[number];

interface Named<Id> {
  readonly id: Id;
  readonly name: string;
}

export interface NewOpportunity {
  readonly id: string;
  readonly kind: AssignmentKind;
  readonly hostRegion: RegionId;
  readonly host: PersonId;
  readonly drafter: PersonId;
  readonly content: ContentId;
  readonly homeRegions: readonly RegionId[];
  readonly goals: readonly Goal[];
  readonly weeklyHours: number;
  readonly overlapHours: number;
  readonly languages: readonly string[];
  readonly firstDay: string;
  readonly lastDay: string;
  readonly at: Instant;
}

/** A repeat keeps the first. */
export async function insertOpportunity(query: Query, o: NewOpportunity): Promise<void> {
  const days = `[${o.firstDay},${o.lastDay}]`;
  await sql`
    INSERT INTO opportunity (id, kind, status, host_region_id, host_manager_id, drafted_by, content_id,
      home_regions, goals, weekly_hours, overlap_hours, languages, days, drafted_at)
    VALUES (${o.id}, ${o.kind}, 'draft', ${o.hostRegion}, ${o.host}, ${o.drafter}, ${o.content},
      ${o.homeRegions}::text[], ${JSON.stringify(o.goals)}::text::jsonb, ${o.weeklyHours},
      ${o.overlapHours}, ${o.languages}::text[], ${days}::daterange, ${o.at})
    ON CONFLICT (id) DO NOTHING`.execute(query);
}

export interface OpportunityRow {
  readonly id: string;
  readonly kind: AssignmentKind;
  readonly status: OpportunityStatus;
  readonly hostRegion: Named<RegionId>;
  readonly host: Named<PersonId>;
  readonly drafter: PersonId;
  readonly content: ContentId;
  readonly homeRegions: readonly Named<RegionId>[];
  readonly goals: readonly Goal[];
  readonly weeklyHours: number;
  readonly overlapHours: number;
  readonly languages: readonly string[];
  readonly firstDay: string;
  readonly lastDay: string;
  readonly draftedAt: Instant;
  readonly publishedAt: Instant | null;
  readonly revision: number;
}

/** Each region as it is called by now: an offer of one that was merged is that of the other. */
const selectOpportunities = sql`
  SELECT o.id, o.kind, o.status, jsonb_build_object('id', g.id, 'name', g.name) AS "hostRegion",
    jsonb_build_object('id', p.id, 'name', p.name) AS host, o.drafted_by AS drafter,
    o.content_id AS content, o.goals, o.weekly_hours AS "weeklyHours",
    o.overlap_hours AS "overlapHours", o.languages, lower(o.days)::text AS "firstDay",
    (upper(o.days) - 1)::text AS "lastDay", o.drafted_at AS "draftedAt",
    o.published_at AS "publishedAt", o.revision,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('id', h.id, 'name', h.name) ORDER BY h.id), '[]')
      FROM region h WHERE h.id IN (SELECT region_now(former) FROM unnest(o.home_regions) former)) AS "homeRegions"
  FROM opportunity o JOIN region g ON g.id = region_now(o.host_region_id) JOIN person p ON p.id = o.host_manager_id`;

export const opportunitySubject = ({
  hostRegion,
  host,
  drafter,
  status,
  homeRegions,
}: OpportunityRow) => ({
  region: hostRegion.id,
  host: host.id,
  drafter,
  isPublished: status !== 'draft',
  homeRegions: homeRegions.map(({ id }) => id),
});

/** Null when it does not exist, or when the actor may not see it: nobody can tell which. */
export async function findOpportunity(
  query: Query,
  actor: Actor,
  id: string,
): Promise<OpportunityRow | null> {
  const { rows } = await sql<OpportunityRow>`
    ${selectOpportunities} WHERE o.id = ${id}`.execute(query);
  const [row] = rows;
  return row && may(actor, 'opportunity.view', opportunitySubject(row)) ? row : null;
}

export interface OpportunityFilter {
  readonly status: OpportunityStatus;
  readonly kind?: AssignmentKind | undefined;
  readonly host?: string | undefined;
  readonly manager?: string | undefined;
  readonly home?: string | undefined;
  readonly competency?: string | undefined;
}

export interface OpportunityPage {
  readonly filter: OpportunityFilter;
  readonly after: { readonly at: Instant; readonly id: string } | null;
  readonly limit: number;
}

/** The newest first, of those the actor may see; null for what is not asked is everything. */
export async function listOpportunities(
  query: Query,
  actor: Actor,
  { filter, after, limit }: OpportunityPage,
): Promise<readonly OpportunityRow[]> {
  const {
    status,
    kind = null,
    host = null,
    manager = null,
    home = null,
    competency = null,
  } = filter;
  const { rows } = await sql<OpportunityRow>`
    ${selectOpportunities} WHERE o.status = ${status} AND ${maySeeOpportunity(actor, sql.ref('o.id'))}
      AND (${kind}::text IS NULL OR o.kind = ${kind})
      AND (${host}::text IS NULL OR g.id = ${host})
      AND (${manager}::text IS NULL OR o.host_manager_id = ${manager})
      AND (${home}::text IS NULL
        OR ${home} IN (SELECT region_now(former) FROM unnest(o.home_regions) former))
      AND (${competency}::text IS NULL
        OR o.goals @> jsonb_build_array(jsonb_build_object('competency', ${competency}::text)))
      AND (${after === null} OR (o.drafted_at, o.id) < (${after?.at ?? 0}::timestamptz, ${after?.id ?? null}::uuid))
    ORDER BY o.drafted_at DESC, o.id DESC LIMIT ${limit}`.execute(query);
  return rows;
}

interface Moved {
  readonly id: string;
  readonly from: OpportunityStatus;
  readonly to: 'published' | 'closed';
  readonly at: Instant;
}

/** False where it was not (or no longer) in that status. */
export async function moveOpportunity(query: Query, { id, from, to, at }: Moved): Promise<boolean> {
  const column = sql.ref(to === 'published' ? 'published_at' : 'closed_at');
  const { numAffectedRows = 0n } = await sql`
    UPDATE opportunity SET status = ${to}, ${column} = ${at}::timestamptz, revision = revision + 1
    WHERE id = ${id} AND status = ${from}`.execute(query);
  return numAffectedRows > 0n;
}
