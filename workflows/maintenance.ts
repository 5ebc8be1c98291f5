/** What keeps the engine whole, every few minutes: each part alone, so that one failing hides nothing. */
import { log, proxyActivities } from '@temporalio/workflow';

interface Maintenance {
  applyChanges(): Promise<unknown>;
  announceCalendarChanges(): Promise<unknown>;
  tellRecalls(): Promise<unknown>;
  sweepNotices(): Promise<unknown>;
  sweepWebhooks(): Promise<unknown>;
  reconcileLoops(): Promise<unknown>;
  proposeTranslations(): Promise<unknown>;
  startOpenings(): Promise<unknown>;
  followAlerts(): Promise<unknown>;
  openCovers(): Promise<unknown>;
  openDelegations(): Promise<unknown>;
  openHolidayReviews(): Promise<unknown>;
  openAudits(): Promise<unknown>;
  lookAhead(): Promise<unknown>;
  offerUnused(): Promise<unknown>;
  promptMarkets(): Promise<unknown>;
  remindTrainings(): Promise<unknown>;
  removeUnusedTexts(): Promise<unknown>;
}

const maintenanceActivities = proxyActivities<Maintenance>({
  startToCloseTimeout: 120_000,
  retry: { maximumAttempts: 3 },
});

export async function maintenance(): Promise<void> {
  for (const run of [
    maintenanceActivities.applyChanges,
    maintenanceActivities.announceCalendarChanges,
    // Before the sweep, which starts what it writes.
    maintenanceActivities.tellRecalls,
    maintenanceActivities.sweepNotices,
    maintenanceActivities.sweepWebhooks,
    maintenanceActivities.reconcileLoops,
    maintenanceActivities.proposeTranslations,
    maintenanceActivities.startOpenings,
    maintenanceActivities.followAlerts,
    maintenanceActivities.openCovers,
    maintenanceActivities.openDelegations,
    maintenanceActivities.openHolidayReviews,
    maintenanceActivities.openAudits,
    maintenanceActivities.lookAhead,
    maintenanceActivities.offerUnused,
    maintenanceActivities.promptMarkets,
    maintenanceActivities.remindTrainings,
    maintenanceActivities.removeUnusedTexts,
  ]) {
    try {
      await run();
    } catch (error) {
      log.warn('a part of the maintenance failed', { error: String(error) });
    }
  }
}
