/** What 2,000 calendars of two intervals a day over two years take; a process of its own. */
import { openCalendar } from '../domain/time/working-time.ts';
import { calendar, from } from './time-calendars.ts';

const calendars = 2_000;
const given = Array.from({ length: calendars }, (_, n) => {
  const base = calendar(n);
  // None like another: equal ones would share their timetable.
  return { ...base, absences: [...base.absences, { firstDay: day(n), lastDay: day(n) }] };
});

function day(n: number): string {
  return new Date(from + n * 86_400_000).toISOString().slice(0, 10);
}

const used = (): number => {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

openCalendar({ ...calendar(0), revision: -1 }).isWorking(from);
const before = used();
const clocks = given.map((each) => openCalendar(each));
const working = clocks.filter((clock) => clock.isWorking(from)).length;
process.stdout.write(JSON.stringify({ bytes: used() - before, working }));
