/** What somebody says of another's work: levels, and what shows each of them. */
import { competencies, type Competency } from './competency.ts';
import type { Levels } from './competency-gap.ts';
import type { CompetencyLevel } from './competency-level.ts';
import type { EvidenceKind } from './evidence.ts';

export interface SheetRating {
  readonly competency: Competency;
  readonly level: CompetencyLevel;
  readonly evidenceKind: EvidenceKind;
  /** What was seen. */
  readonly text: string;
}

export interface RatingSheet {
  readonly ratings: readonly SheetRating[];
}

interface Known {
  readonly targets: Levels;
  readonly levels: Levels;
}

/** What is asked for, nobody has ever rated, and this does not rate either. */
export const leftUnrated = ({ targets, levels }: Known, { ratings }: RatingSheet) =>
  competencies.filter(
    (key) =>
      targets[key] !== undefined &&
      levels[key] === undefined &&
      !ratings.some(({ competency }) => competency === key),
  );
