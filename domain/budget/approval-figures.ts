/** How requests are decided in a region, level by level, without telling of fewer than five people. */
import { groupSizeMin, shownParts } from '../fairness/small-groups.ts';
import type { PersonId } from '../id.ts';

export interface DecidedRequest {
  /** The step it was decided in. */
  readonly level: string;
  readonly requester: PersonId;
  readonly isApproved: boolean;
  /** In the working time of whoever it waited for. */
  readonly waitedMinutes: number;
}

export interface ApprovalFigures {
  /** Null for all of them together. */
  readonly level: string | null;
  readonly decided: number;
  readonly approvedPercent: number;
  readonly medianWaitedMinutes: number;
}

/**
 * All together, and those levels that may be shown beside it. People can be in several levels, so
 * the levels that are hidden are looked at together too: what is left when the shown ones are taken
 * from the whole tells of at least five people, or of nobody.
 */
export function approvalFigures(decided: readonly DecidedRequest[]): readonly ApprovalFigures[] {
  if (peopleOf(decided) < groupSizeMin) return [];
  const levels = Map.groupBy(decided, ({ level }) => level);
  const sizes = new Map([...levels].map(([level, rows]) => [level, peopleOf(rows)]));
  const shown = [...shownParts(sizes)].sort((a, b) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0));
  const hidden = () => peopleOf(decided.filter(({ level }) => !shown.includes(level)));
  while (shown.length > 0 && hidden() > 0 && hidden() < groupSizeMin) shown.pop();
  const parts = shown.sort().map((level) => figuresOf(level, levels.get(level) ?? []));
  return [figuresOf(null, decided), ...parts];
}

const peopleOf = (rows: readonly DecidedRequest[]): number =>
  new Set(rows.map(({ requester }) => requester)).size;

function figuresOf(level: string | null, rows: readonly DecidedRequest[]): ApprovalFigures {
  const waited = rows.map(({ waitedMinutes }) => waitedMinutes).sort((a, b) => a - b);
  const approved = rows.filter(({ isApproved }) => isApproved).length;
  return {
    level,
    decided: rows.length,
    approvedPercent: Math.round((approved / rows.length) * 100),
    medianWaitedMinutes: waited[waited.length >> 1] ?? 0,
  };
}
