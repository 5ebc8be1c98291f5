/** Checks a directory file as a whole and lists everything that is wrong; nothing is written here. */
import { checkAbsences, checkDelegations, checkHolidays, checkWeeks } from './check-hours.ts';
import { checkDescriptors, checkQuotas, checkTargets } from './check-growth.ts';
import { checkLines, checkOffices, checkPeople } from './check-people.ts';
import {
  checkAccounts,
  checkIdentities,
  checkPolicies,
  checkRegions,
  checkTeams,
} from './check-places.ts';
import { checkOneOffs, checkRosters } from './check-rosters.ts';
import { type BrokenIds, type Check, startCheck, type Vocabulary } from './checking.ts';
import type { Directory } from './directory.ts';
import type { Finding } from './finding.ts';

export interface Checked {
  readonly errors: readonly Finding[];
  readonly warnings: readonly Finding[];
}

const steps: readonly ((check: Check) => void)[] = [
  checkRegions,
  checkWeeks,
  checkRosters,
  checkTeams,
  checkPeople,
  checkLines,
  checkOffices,
  checkAccounts,
  checkHolidays,
  checkAbsences,
  checkOneOffs,
  checkDelegations,
  checkPolicies,
  checkTargets,
  checkDescriptors,
  checkQuotas,
  checkIdentities,
];

/** Every mistake there is, in the order of the nouns. `broken`: ids of entries that were unreadable. */
export function checkDirectory(
  directory: Directory,
  vocabulary: Vocabulary,
  broken: BrokenIds = {},
): Checked {
  const check = startCheck(directory, vocabulary, broken);
  for (const step of steps) step(check);
  return { errors: check.errors, warnings: check.warnings };
}
