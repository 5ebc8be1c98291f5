/** Every operation on skill audits. */
import { listAudits, listAuditsRoute } from './list-audits.ts';
import { openAudit, openAuditRoute } from './open-audit.ts';
import { readAudit, readAuditRoute } from './read-audit.ts';
import { readGaps, readGapsRoute } from './read-gaps.ts';
import { readHeatMap, readHeatMapRoute } from './read-heat-map.ts';
import { auditSteps } from './take-step.ts';

export const auditOperations = {
  open: { route: openAuditRoute, run: openAudit },
  list: { route: listAuditsRoute, run: listAudits },
  read: { route: readAuditRoute, run: readAudit },
  gaps: { route: readGapsRoute, run: readGaps },
  heatMap: { route: readHeatMapRoute, run: readHeatMap },
  ...auditSteps,
} as const;
