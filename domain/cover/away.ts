/** Whether somebody who is away for whole days can hold an account meanwhile. */
import type { PersonId } from '../id.ts';
import type { Instant } from '../loop.ts';
import type { Away, Window } from './state.ts';

export const daysAwayOf = (away: readonly Away[], person: PersonId): readonly Away[] =>
  away.filter((one) => one.person === person);

export const isAwayAt = (away: readonly Away[], person: PersonId, at: Instant): boolean =>
  daysAwayOf(away, person).some(({ from, until }) => from <= at && at < until);

/** Not whoever is away when it begins, or for half of it and more. Absences may overlap. */
export function canCover(away: readonly Away[], person: PersonId, window: Window): boolean {
  if (isAwayAt(away, person, window.from)) return false;
  let [awayMs, told] = [0, window.from];
  for (const { from, until } of daysAwayOf(away, person).toSorted((a, b) => a.from - b.from)) {
    const end = Math.min(until, window.until);
    awayMs += Math.max(0, end - Math.max(from, told));
    told = Math.max(told, end);
  }
  return awayMs * 2 < window.until - window.from;
}
