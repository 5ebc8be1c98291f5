/** An alert that nobody took comes to whoever answers for its account by now, whatever moved it. */
import { alertsToFollow } from '../../db/alerts.ts';
import { createReplanLoop, type LoopStarterParts } from '../loop-starter.ts';

/** In one run; more wait for the next one. */
const alertsPerRunMax = 500;

/** Safe to repeat: each plans again, and one with nobody to come to writes nothing. */
export const createFollowAlerts = (parts: LoopStarterParts) => {
  const replan = createReplanLoop(parts);
  return async (): Promise<{ readonly told: number }> => {
    const ids = await alertsToFollow(parts.db, alertsPerRunMax);
    for (const id of ids) await replan({ id, loop: 'alert' });
    return { told: ids.length };
  };
};
