/** When digests come to whoever never said anything: as their region has it, the policy `digest.wish`. */
import { type DigestWish, digestRhythms } from '../people/preferences.ts';
import { weekdays } from '../time/weekday.ts';

export const wishByDefault: DigestWish = { every: 'week', weekday: 4, minute: 540 };

/** `{ "every": "week", "weekday": "thu", "at": "09:00" }`; what cannot be read is as nothing said. */
export function wishOf(policy: unknown): DigestWish {
  if (typeof policy !== 'object' || policy === null) return wishByDefault;
  const { every, weekday, at } = policy as Readonly<Record<string, unknown>>;
  const rhythm = digestRhythms.find((name) => name === every);
  const day = weekdays.findIndex((name) => name === weekday) + 1;
  const time = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(typeof at === 'string' ? at : '');
  if (rhythm === undefined) return wishByDefault;
  return {
    every: rhythm,
    weekday: day === 0 ? wishByDefault.weekday : day,
    minute: time ? Number(time[1]) * 60 + Number(time[2]) : wishByDefault.minute,
  };
}
