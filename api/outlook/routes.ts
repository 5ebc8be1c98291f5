/** Every operation on what is found ahead of time. */
import { acknowledgeFinding, acknowledgeFindingRoute } from './acknowledge-finding.ts';
import { readFinding, readFindingRoute } from './read-finding.ts';
import { readOutlook, readOutlookRoute } from './read-outlook.ts';

export const outlookOperations = {
  outlook: { route: readOutlookRoute, run: readOutlook },
  finding: { route: readFindingRoute, run: readFinding },
  acknowledge: { route: acknowledgeFindingRoute, run: acknowledgeFinding },
} as const;
