/** Every operation on alerts. */
import { raiseAlert, raiseAlertRoute } from './raise-alert.ts';
import { listAlerts, listAlertsRoute, readAlert, readAlertRoute } from './read-alert.ts';
import { alertSteps } from './take-step.ts';

export const alertOperations = {
  raise: { route: raiseAlertRoute, run: raiseAlert },
  read: { route: readAlertRoute, run: readAlert },
  list: { route: listAlertsRoute, run: listAlerts },
  ...alertSteps,
} as const;
