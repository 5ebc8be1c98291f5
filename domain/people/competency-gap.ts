/** Where somebody is below what their roles ask of them. */
import { competencies, type Competency } from './competency.ts';
import { competencyLevels, type CompetencyLevel } from './competency-level.ts';

/** By competency; none where nothing is asked, or nobody has rated it. */
export type Levels = Readonly<Partial<Record<Competency, CompetencyLevel>>>;

export interface CompetencyGap {
  readonly competency: Competency;
  /** Null where nobody has rated it yet. */
  readonly level: CompetencyLevel | null;
  readonly target: CompetencyLevel;
}

/** From 1; nothing rated is below every level. */
export const rankOf = (level: CompetencyLevel | null): number =>
  level === null ? 0 : competencyLevels.indexOf(level) + 1;

export const gapSize = ({ level, target }: CompetencyGap): number => rankOf(target) - rankOf(level);

/** In the order of all nine. Being better than asked is no gap, and makes up for none elsewhere. */
export const gapsOf = (targets: Levels, levels: Levels): readonly CompetencyGap[] =>
  competencies.flatMap((competency) => {
    const target = targets[competency];
    const level = levels[competency] ?? null;
    if (target === undefined || rankOf(level) >= rankOf(target)) return [];
    return [{ competency, level, target }];
  });
