/** An opportunity as the API answers with it, with the hours that each home region shares with the host. */
import type { z } from '@hono/zod-openapi';
import { loadRegionCalendars } from '../../db/calendars.ts';
import { readContents } from '../../db/contents.ts';
import {
  findOpportunity,
  type OpportunityRow,
  opportunitySubject,
} from '../../db/opportunities.ts';
import { interestsIn } from '../../db/opportunity-interest.ts';
import { spanOf } from '../../domain/assignment/place.ts';
import { isAtHost } from '../../domain/assignment/state.ts';
import { type Actor, may } from '../../domain/authority.ts';
import type { RegionId } from '../../domain/id.ts';
import type { Sentence } from '../../domain/loop.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { sharedMinutes } from '../../domain/time/shared-minutes.ts';
import { openCalendar } from '../../domain/time/working-time.ts';
import type { AssignmentParts } from '../assignments/parts.ts';
import { weeksOf, whoFits } from './fit.ts';
import type { opportunityAnswer } from './schema.ts';

export type Opportunity = z.input<typeof opportunityAnswer>;

const iso = (at: number): string => new Date(at).toISOString();

/** What does not exist and what may not be seen answer alike. */
export async function seenOpportunity(
  { db }: Pick<AssignmentParts, 'db'>,
  actor: Actor,
  id: string,
): Promise<OpportunityRow> {
  const row = await findOpportunity(db, actor, id);
  if (!row) throw new Refusal(problem('request.not_found'));
  return row;
}

/** Hours a week in which both regions usually work, while it is offered. */
export async function sharedHours(
  { db }: Pick<AssignmentParts, 'db'>,
  row: Pick<OpportunityRow, 'firstDay' | 'lastDay' | 'homeRegions' | 'hostRegion'>,
): Promise<ReadonlyMap<RegionId, number>> {
  const ids = [row.hostRegion.id, ...row.homeRegions.map(({ id }) => id)];
  const calendars = await loadRegionCalendars(db, ids);
  const zone = calendars.get(row.hostRegion.id)?.zone ?? 'Etc/UTC';
  const range = spanOf(row, zone);
  const workOf = (id: RegionId): Float64Array => {
    const calendar = calendars.get(id);
    const found = calendar && openCalendar(calendar).stretches(range);
    return found && !('reason' in found) ? found : new Float64Array();
  };
  const host = workOf(row.hostRegion.id);
  return new Map(
    row.homeRegions.map(({ id }) => [id, sharedMinutes(workOf(id), host) / 60 / weeksOf(row)]),
  );
}

/** Regions without a single working minute in common, where hours together are asked for. */
export const regionsApart = (
  { kind, overlapHours, homeRegions }: OpportunityRow,
  shared: ReadonlyMap<RegionId, number>,
): readonly RegionId[] =>
  overlapHours === 0 || isAtHost(kind)
    ? []
    : homeRegions.map(({ id }) => id).filter((id) => (shared.get(id) ?? 0) === 0);

const round = (hours: number): number => Math.round(hours * 10) / 10;

/** Of whoever is interested: all by the host's side, oneself, and whoever stands below one. */
const interestShown = (parts: AssignmentParts, actor: Actor, row: OpportunityRow) => {
  const isHost = may(actor, 'opportunity.publish', opportunitySubject(row));
  const asked = { opportunity: row.id, at: parts.clock.now() };
  return interestsIn(
    parts.db,
    asked,
    (person) => isHost || may(actor, 'assignment.suggest', person),
  );
};

/** Why it would suit the reader; nothing where it does not. */
async function reasonsFor(
  parts: AssignmentParts,
  actor: Actor,
  row: OpportunityRow,
): Promise<string[]> {
  if (!may(actor, 'opportunity.take', opportunitySubject(row))) return [];
  const mine = { reader: actor.id, only: actor.id, mayBeSuggested: () => true };
  return (await whoFits(parts, row, mine))[0]?.reasons ?? [];
}

export async function presentOpportunity(
  parts: AssignmentParts,
  actor: Actor,
  row: OpportunityRow,
): Promise<Opportunity> {
  const shared = await sharedHours(parts, row);
  const sentences = row.homeRegions.map(({ id }): Sentence => {
    const hours = round(shared.get(id) ?? 0);
    const region = { region: id };
    return hours > 0
      ? { key: 'assignment.zones_shared', params: { region, hours } }
      : { key: 'assignment.zones_apart', params: { region } };
  });
  const told = await parts.tell(actor.id, sentences);
  const texts = await readContents(parts.db, [row.content]);
  const body = texts.get(row.content)?.body as Partial<Record<string, string>> | null;
  const { host, drafter: _drafter, content: _content, goals, languages, ...plain } = row;
  return {
    ...plain,
    title: body?.['title'] ?? null,
    description: body?.['description'] ?? null,
    prerequisites: body?.['prerequisites'] ?? null,
    hostManager: host,
    goals: [...goals],
    languages: [...languages],
    homeRegions: row.homeRegions.map((region, index) => ({
      ...region,
      sharedHours: round(shared.get(region.id) ?? 0),
      sentence: told[index] ?? '',
    })),
    reasons: await reasonsFor(parts, actor, row),
    interested: (await interestShown(parts, actor, row)).map(({ person, since }) => ({
      person,
      since: iso(since),
    })),
    draftedAt: iso(row.draftedAt),
    publishedAt: row.publishedAt === null ? null : iso(row.publishedAt),
  };
}
