/** What the roles of somebody ask of them on a day, where they are. */
import type { RegionId } from '../id.ts';
import type { Competency } from './competency.ts';
import { type Levels, rankOf } from './competency-gap.ts';
import type { CompetencyLevel } from './competency-level.ts';
import type { Role } from './role.ts';

/** One line of a profile: those of one role, region and day are one profile together. */
export interface ProfileLine {
  readonly role: Role;
  /** Null: of all regions that have no profile of their own for that role. */
  readonly region: RegionId | null;
  /** Such as `2027-01-01`. */
  readonly validFrom: string;
  readonly competency: Competency;
  readonly level: CompetencyLevel;
}

interface Held {
  /** Everybody is a member beside them. */
  readonly roles: readonly Role[];
  readonly region: RegionId;
  readonly day: string;
}

/**
 * Of each role the latest profile that has begun, the region's own before that of all. A profile
 * counts as a whole: what it does not name, its role does not ask for. Of several roles the highest.
 */
export function targetsOf(lines: readonly ProfileLine[], { roles, region, day }: Held): Levels {
  const targets: Partial<Record<Competency, CompetencyLevel>> = {};
  for (const role of new Set<Role>(['member', ...roles])) {
    for (const { competency, level } of profileOf(lines, { role, region, day })) {
      if (rankOf(level) > rankOf(targets[competency] ?? null)) targets[competency] = level;
    }
  }
  return targets;
}

function profileOf(
  lines: readonly ProfileLine[],
  { role, region, day }: Omit<Held, 'roles'> & { readonly role: Role },
): readonly ProfileLine[] {
  const begun = lines.filter((line) => line.role === role && line.validFrom <= day);
  const own = begun.filter((line) => line.region === region);
  const counting = own.length > 0 ? own : begun.filter((line) => line.region === null);
  const latest = counting
    .map(({ validFrom }) => validFrom)
    .sort()
    .at(-1);
  return counting.filter(({ validFrom }) => validFrom === latest);
}
