/** Where the days of an assignment are spent, and from when until when they last. */
import { dayNumber } from '../time/calendar.ts';
import { atWall } from '../time/wall.ts';
import { present } from '../assert.ts';
import { problem, Refusal } from '../problem.ts';
import type { Span, Terms } from './state.ts';

/**
 * From the first instant of the first day to the first of the day after the last one, on the wall of
 * the place: both days count. What the zone skips begins at the end of the gap.
 */
export function spanOf(
  { firstDay, lastDay }: Pick<Terms, 'firstDay' | 'lastDay'>,
  zone: string,
): Span {
  const [first, last] = [firstDay, lastDay].map((day) => present(dayNumber(day), 'a day'));
  const [from, until] = [present(first, 'a day'), present(last, 'a day') + 1].map((day) =>
    atWall(zone, { day, minute: 0 }),
  );
  const [begins, ends] = [present(from, 'a start'), present(until, 'an end')];
  if ('reason' in begins || 'reason' in ends) throw new Refusal(problem('time.horizon'));
  return { from: begins.at, until: ends.at };
}

/** So many days, both ends counted. */
export const daysOf = ({ firstDay, lastDay }: Pick<Terms, 'firstDay' | 'lastDay'>): number =>
  present(dayNumber(lastDay), 'a day') - present(dayNumber(firstDay), 'a day') + 1;
