/** One peer, one case: its answer, how long that took and how often it answers in a while. */
import { createRequire } from 'node:module';
import { dayNumber } from '../domain/time/calendar.ts';
import { atWall } from '../domain/time/wall.ts';
import { openCalendar } from '../domain/time/working-time.ts';
import { type PeerCase, cases } from './time-cases.ts';

const require = createRequire(import.meta.url);

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

const time = (minute: number): string =>
  `${String(Math.trunc(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}:00`;

interface Answered {
  toISOString(): string;
}
type Ask = () => Answered;

const isWorked = ({ isDaily }: PeerCase, day: number): boolean => isDaily || (day > 0 && day < 6);

function meridian(asked: PeerCase): Ask {
  const { zone, from, hoursToAdd, isDaily } = asked;
  const [opens, closes] = asked.hours;
  const hours = [[opens, closes > opens ? closes : closes + 1440]] as const;
  const free = isDaily ? hours : [];
  const week = { mon: hours, tue: hours, wed: hours, thu: hours, fri: hours, sat: free, sun: free };
  const clock = openCalendar({ zone, week, days: [], absences: [], revision: 1 });
  const [day, wall = ''] = from.split('T');
  const minute = Number(wall.slice(0, 2)) * 60 + Number(wall.slice(3, 5));
  const begins = atWall(zone, { day: dayNumber(day ?? '') ?? 0, minute });
  const at = 'reason' in begins ? Number.NaN : begins.at;
  return () => new Date(Number(clock.add(at, hoursToAdd * 60)));
}

interface MomentTime extends Answered {
  addWorkingTime(number: number, unit: 'hours'): MomentTime;
}
interface Moment {
  (from: string): MomentTime;
  updateLocale(locale: string, hours: object): void;
}

function momentBusinessTime(asked: PeerCase): Ask {
  const moment = require('moment') as Moment;
  require('moment-business-time');
  const hours = weekdays.map((_, day) => [
    day,
    isWorked(asked, day) ? asked.hours.map(time) : null,
  ]);
  moment.updateLocale('en', { workinghours: Object.fromEntries(hours), holidays: [] });
  return () => moment(asked.from).addWorkingTime(asked.hoursToAdd, 'hours');
}

interface Dayjs {
  (from: string): { addBusinessHours(hours: number): Answered };
  extend(plugin: unknown): void;
  setBusinessTime(hours: object): void;
}

function dayjsBusinessTime(asked: PeerCase): Ask {
  const dayjs = require('dayjs') as Dayjs;
  dayjs.extend(require('dayjs-business-time'));
  const [start = '', end = ''] = asked.hours.map(time);
  const hours = weekdays.map((name, day) => [name, isWorked(asked, day) ? [{ start, end }] : null]);
  dayjs.setBusinessTime(Object.fromEntries(hours));
  return () => dayjs(asked.from).addBusinessHours(asked.hoursToAdd);
}

interface Luxon {
  DateTime: {
    fromISO(from: string): {
      setupBusiness(options: object): void;
      plusBusiness(days: { days: number }): { toJSDate(): Date };
    };
  };
}

/** It knows days only: as many as the hours fill. */
function luxonBusinessDays(asked: PeerCase): Ask {
  const { DateTime } = require('luxon-business-days') as Luxon;
  const [opens, closes] = asked.hours;
  const days = (asked.hoursToAdd * 60) / (closes > opens ? closes - opens : closes + 1440 - opens);
  return () => {
    const from = DateTime.fromISO(asked.from);
    const businessDays = asked.isDaily ? [1, 2, 3, 4, 5, 6, 7] : [1, 2, 3, 4, 5];
    from.setupBusiness({ businessDays, holidayMatchers: [] });
    return from.plusBusiness({ days }).toJSDate();
  };
}

export const peers = {
  Meridian: meridian,
  'moment-business-time': momentBusinessTime,
  'dayjs-business-time': dayjsBusinessTime,
  'luxon-business-days': luxonBusinessDays,
};

const isPeer = (name: string): name is keyof typeof peers => name in peers;

const [name = '', title] = process.argv.slice(2);
const asked = cases.find((given) => given.name === title);
if (asked && isPeer(name)) {
  const start = performance.now();
  const ask = peers[name](asked);
  const answer = ask().toISOString();
  const milliseconds = performance.now() - start;
  // A while to get warm, a while to count.
  let perSecond = 0;
  for (const whileMs of [200, 400]) {
    let [count, sum] = [0, 0];
    const begun = performance.now();
    while (performance.now() - begun < whileMs) {
      for (let i = 0; i < 50; i++) sum += ask() ? 1 : 0;
      count += 50;
    }
    perSecond = ((count + sum * 0) / (performance.now() - begun)) * 1_000;
  }
  process.stdout.write(JSON.stringify({ answer, milliseconds, perSecond }));
}
