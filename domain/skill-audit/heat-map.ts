/** How far teams are from what is asked of them, without telling of fewer than five people. */
import { groupSizeMin, shownParts } from '../fairness/small-groups.ts';
import type { TeamId } from '../id.ts';
import type { Sentence } from '../loop.ts';
import { competencies, type Competency } from '../people/competency.ts';

/** Of those of a team of whom a competency is asked. */
export interface CellCount {
  readonly team: TeamId;
  readonly competency: Competency;
  /** With a level, whenever they were rated. */
  readonly rated: number;
  readonly below: number;
}

export interface Share {
  readonly people: number;
  /** Of them, in whole percent. */
  readonly belowPercent: number;
}

export interface HeatRow {
  readonly competency: Competency;
  /** All teams together; null where even they are too few. */
  readonly whole: Share | null;
  /** Those that may be shown beside the whole. */
  readonly teams: Readonly<Partial<Record<TeamId, Share>>>;
}

/** A row for each competency that is asked of anybody who was rated, in the order of all nine. */
export function heatMapOf(counts: readonly CellCount[]): readonly HeatRow[] {
  return competencies.flatMap((competency) => {
    const cells = counts.filter((cell) => cell.competency === competency && cell.rated > 0);
    return cells.length === 0 ? [] : [rowOf(competency, cells)];
  });
}

function rowOf(competency: Competency, cells: readonly CellCount[]): HeatRow {
  const whole = shareOf(cells);
  if (whole.people < groupSizeMin) return { competency, whole: null, teams: {} };
  const shown = shownParts(new Map(cells.map(({ team, rated }) => [team, rated])));
  const teams = cells.filter(({ team }) => shown.has(team));
  return {
    competency,
    whole,
    teams: Object.fromEntries(teams.map((cell) => [cell.team, shareOf([cell])])),
  };
}

function shareOf(cells: readonly CellCount[]): Share {
  const people = cells.reduce((sum, { rated }) => sum + rated, 0);
  const below = cells.reduce((sum, cell) => sum + cell.below, 0);
  return { people, belowPercent: Math.round((below / people) * 100) };
}

interface FormerShare {
  readonly quarter: string;
  readonly value: number | null;
}

/** Beside the latest former one that shows anything. */
export function trendOf(whole: Share | null, former: readonly FormerShare[]): readonly Sentence[] {
  const last = former.find(({ value }) => value !== null);
  if (whole === null || last === undefined || last.value === null) return [];
  const points = whole.belowPercent - last.value;
  const key = points === 0 ? 'same' : points < 0 ? 'better' : 'worse';
  const params = { quarter: last.quarter, points: Math.abs(points) };
  return [{ key: `skillAudit.trend.${key}`, params }];
}
