/** The next time at which people can meet. */
import type { Meeting, MeetingWanted } from '../loop.ts';
import { bestSlot } from './best-slot.ts';
import type { Attendee } from './slot-cost.ts';
import { dayMs, type ZoneData, zones } from './zone.ts';

/** A meeting further away helps nobody who waits for it. */
const searchedDays = 14;

/**
 * While all of them work, the soonest; else when it costs them least. Null where nothing is found in
 * the two weeks from then on, such as beyond what is known of zones.
 */
export function nextMeeting(
  attendees: readonly Attendee[],
  { from, minutes }: MeetingWanted,
  zoneData: ZoneData = zones,
): Meeting | null {
  const range = { from, until: from + searchedDays * dayMs };
  const slot = bestSlot(attendees, { range, minutes }, zoneData);
  return 'reason' in slot ? null : { startsAt: slot.from, endsAt: slot.until };
}
