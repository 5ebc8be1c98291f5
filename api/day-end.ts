/** When a day of the calendar ends on a wall. */
import type { Instant } from '../domain/loop.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { dayNumber } from '../domain/time/calendar.ts';
import { atWall } from '../domain/time/wall.ts';

/** Where its next day begins. */
export function endOfDay(day: string, zone: string): Instant {
  const number = dayNumber(day);
  if (number === null) throw new Refusal(problem('request.invalid'));
  const end = atWall(zone, { day: number + 1, minute: 0 });
  if ('reason' in end) throw new Refusal(problem('time.horizon'));
  return end.at;
}
