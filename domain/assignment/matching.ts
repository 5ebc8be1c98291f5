/** Who could take what a host offers: ranked, each with its reasons. It starts nothing by itself. */
import type { PersonId, RegionId } from '../id.ts';
import { minutesOf, sharedMinutes } from '../time/shared-minutes.ts';
import type { Goal } from './state.ts';
import { competencyLevels } from '../people/competency-level.ts';

export interface Seeker {
  readonly id: PersonId;
  readonly region: RegionId;
  readonly languages: readonly string[];
  /** Open: what is asked of them, and they are below. */
  readonly gaps: readonly Goal[];
  /** Their work while it is offered: start, end, start, end. */
  readonly work: Float64Array;
}

export interface Offer {
  readonly hostRegion: RegionId;
  readonly homeRegions: readonly RegionId[];
  readonly goals: readonly Goal[];
  readonly languages: readonly string[];
  readonly overlapHours: number;
  readonly weeks: number;
  /** The host's work while it is offered. */
  readonly work: Float64Array;
}

export const suggestionCodes = ['gap', 'overlap', 'language', 'ledger'] as const;
export type SuggestionCode = (typeof suggestionCodes)[number];

export interface SuggestionReason {
  readonly code: SuggestionCode;
  /** `gap`: goals; `overlap`: hours a week; `ledger`: hours that their region has borrowed. */
  readonly amount?: number;
}

export interface Suggestion {
  readonly id: PersonId;
  readonly reasons: readonly SuggestionReason[];
}

interface Weighed extends Suggestion {
  /** The first that differs decides; more is better. */
  readonly weights: readonly number[];
}

const isEnough = (level: Goal['level'], gap: Goal['level']): boolean =>
  competencyLevels.indexOf(level) >= competencyLevels.indexOf(gap);

/**
 * Those of the regions it is for who share the hours that it needs, the best first: more gaps closed,
 * then a language in common, then a region that has borrowed more than it lent, then more shared hours.
 */
export function rankSeekers(
  offer: Offer,
  seekers: readonly Seeker[],
  { ledger, limit }: { readonly ledger: ReadonlyMap<RegionId, number>; readonly limit: number },
): readonly Suggestion[] {
  const found = seekers.flatMap((seeker) => weighed(offer, seeker, ledger) ?? []);
  return found
    .toSorted(compare)
    .slice(0, limit)
    .map(({ id, reasons }) => ({ id, reasons }));
}

function compare(a: Weighed, b: Weighed): number {
  for (const [index, weight] of a.weights.entries()) {
    const other = b.weights[index] ?? 0;
    if (weight !== other) return other - weight;
  }
  return a.id < b.id ? -1 : 1;
}

/** Null for whom it is not for, and for whoever never works while the host does. */
function weighed(
  offer: Offer,
  { id, region, languages, gaps, work }: Seeker,
  ledger: ReadonlyMap<RegionId, number>,
): Weighed | null {
  if (region === offer.hostRegion || !offer.homeRegions.includes(region)) return null;
  const shared = sharedMinutes(work, offer.work) / 60 / Math.max(1, offer.weeks);
  if (shared < offer.overlapHours || minutesOf(work) === 0) return null;
  const closed = offer.goals.filter(({ competency, level }) =>
    gaps.some((gap) => gap.competency === competency && isEnough(level, gap.level)),
  ).length;
  const speaks = offer.languages.some((language) => languages.includes(language));
  const borrowed = ledger.get(region) ?? 0;
  const reasons: readonly (SuggestionReason | null)[] = [
    closed > 0 ? { code: 'gap', amount: closed } : null,
    { code: 'overlap', amount: Math.round(shared * 10) / 10 },
    speaks ? { code: 'language' } : null,
    borrowed > 0 ? { code: 'ledger', amount: Math.round(borrowed) } : null,
  ];
  return {
    id,
    reasons: reasons.filter((reason) => reason !== null),
    weights: [closed, speaks ? 1 : 0, borrowed > 0 ? 1 : 0, shared],
  };
}
