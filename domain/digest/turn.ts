/**
 * When somebody's next digest comes, and what is done when its time has come. Asked with the state and
 * the calendar as they are now, as often as anybody likes: the answer says what is next, once.
 */
import { assert } from '../assert.ts';
import type { Instant } from '../loop.ts';
import { type Reader, sendTime, type Waiting } from '../notice/send-time.ts';
import type { DigestWish } from '../people/preferences.ts';
import { atWall } from '../time/wall.ts';
import { type ZoneData, minuteMs, wallTime, zones } from '../time/zone.ts';
import { firstSlot, lastSlot, type SlotQuestion } from './slots.ts';

/** Later than this it is not made up for: what it would have told comes with the next. */
export const lateMinutesMax = 12 * 60;
/** Planned for the last minute of a day, it may still be composed in the minutes after. */
const graceMinutes = 10;

/** What somebody has had, whether it was sent, skipped or left out. */
export interface Had {
  /** Day of their wall on which the latest came, in whichever rhythm; null: none yet. */
  readonly day: number | null;
  /** The latest period of the rhythm that they wish for now; null: none yet. */
  readonly period: number | null;
}

export interface PersonNow {
  /** `never`, and whoever has left, have no next digest. */
  readonly wish: DigestWish;
  readonly isActive: boolean;
  readonly reader: Reader;
  readonly had: Had;
  /** Names calendar, wishes and zone data: with another one, a plan is made anew. */
  readonly revision: string;
}

export interface Due {
  readonly at: Instant;
  readonly period: number;
  /** Day of the person's wall on which it comes. */
  readonly day: number;
  /** Why it does not come at the very hour that was asked for; null when it does. */
  readonly why: Waiting | null;
}

export interface DigestPlan {
  readonly wish: DigestWish;
  /** No slot before it is owed: the wish is from then, or what was before has been skipped. */
  readonly since: Instant;
  /** Null while none is to come. */
  readonly due: Due | null;
  readonly revision: string;
}

export type Turn =
  | { readonly what: 'wait'; readonly plan: DigestPlan }
  | { readonly what: 'compose' | 'skip'; readonly due: Due };

/** What is to be done for a person now. `plan` is null for whoever never had one. */
export function takeTurn(
  plan: DigestPlan | null,
  person: PersonNow,
  now: Instant,
  zoneData: ZoneData = zones,
): Turn {
  const { wish, revision } = person;
  if (plan === null || !isSameWish(plan.wish, wish)) {
    return wait(person, { since: startOf(person, now, zoneData), from: now }, zoneData);
  }
  // Whoever had none to come, since they were away for good or never at work, begins anew.
  const since = plan.due === null ? now : plan.since;
  const isDue = plan.due !== null && plan.due.at <= now;
  const due =
    plan.revision === revision
      ? plan.due
      : nextDue(person, { since, from: isDue ? plan.due.at : now }, zoneData);
  if (due === null || due.at > now) {
    return { what: 'wait', plan: { wish, since, due, revision } };
  }
  if (now - due.at > lateMinutesMax * minuteMs) return { what: 'skip', due };
  if (!isFitting(person.reader, now)) return wait(person, { since, from: now }, zoneData);
  return { what: 'compose', due };
}

/**
 * The plan after a digest was composed, left out or skipped; `person.had` has it already. After one that
 * was skipped the next is due at its own hour, be it past: whether that is too late, too, it is asked itself.
 */
export function planAfter(
  before: { readonly since: Instant; readonly what: 'compose' | 'skip' },
  person: PersonNow,
  now: Instant,
  zoneData: ZoneData = zones,
): DigestPlan {
  const { since, what } = before;
  return planned(person, { since, from: what === 'skip' ? since : now }, zoneData);
}

interface Asked {
  readonly since: Instant;
  /** It comes no earlier, whatever slot it is for. */
  readonly from: Instant;
}

const wait = (person: PersonNow, asked: Asked, zoneData: ZoneData): Turn => ({
  what: 'wait',
  plan: planned(person, asked, zoneData),
});

const planned = (person: PersonNow, asked: Asked, zoneData: ZoneData): DigestPlan => ({
  wish: person.wish,
  since: asked.since,
  due: nextDue(person, asked, zoneData),
  revision: person.revision,
});

/**
 * The first owed slot, moved into working time. Slots that are overtaken by it, on a leave or over a
 * weekend, are one with it: the digest is of the latest of their periods.
 */
export function nextDue(
  { wish, isActive, reader, had }: PersonNow,
  { since, from }: Asked,
  zoneData: ZoneData = zones,
): Due | null {
  if (!isActive || wish.every === 'never') return null;
  const { zone } = reader.calendar;
  const question: SlotQuestion = { wish, zone, zoneData };
  const slot = firstSlot(since, question, had.period);
  if (slot === null) return null;
  const { sendAt, why } = sendTime('digest', Math.max(slot.at, from), reader);
  if (why?.code === 'no_working_time') return null;
  const latest = lastSlot(sendAt, question);
  assert(latest !== null && latest.period >= slot.period, 'a slot is not after its own digest');
  return { at: sendAt, period: latest.period, day: wallTime(sendAt, zone, zoneData).day, why };
}

/** A wish counts from when it is said; whoever has had one on that day has the next from the day after. */
function startOf({ had, reader }: PersonNow, now: Instant, zoneData: ZoneData): Instant {
  const { zone } = reader.calendar;
  if (had.day === null || had.day < wallTime(now, zone, zoneData).day) return now;
  const tomorrow = atWall(zone, { day: had.day + 1, minute: 0 }, zoneData);
  return 'reason' in tomorrow ? now : tomorrow.at;
}

const isSameWish = (a: DigestWish, b: DigestWish): boolean =>
  a.every === b.every && a.weekday === b.weekday && a.minute === b.minute;

function isFitting(reader: Reader, now: Instant): boolean {
  if (sendTime('digest', now, reader).sendAt <= now) return true;
  return reader.clock.isWorking(now - graceMinutes * minuteMs);
}
