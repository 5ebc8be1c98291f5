/**
 * What a message puts into its reader's calendar: when people meet, for how long something is agreed, or
 * by when something is asked. A loop says so by the names of its values: `meetsAt` and `meetsUntil`,
 * `agreedFrom` and `agreedUntil` (instants or days; without an end, it is a time), `dueAt`.
 */
import type { LetterEvent } from '../channels/channel.ts';
import { meetingId, threadId } from '../channels/email/thread.ts';
import type { BundledNotice } from '../db/bundles.ts';
import type { CalendarEntry, EntryKind, EntryTime } from '../db/calendar-entries.ts';
import { present } from '../domain/assert.ts';
import type { LoopId, PersonId } from '../domain/id.ts';
import type { Instant, NoticeValue } from '../domain/loop.ts';
import { wallDay } from '../domain/time/wall.ts';

export interface ToldTo {
  readonly to: PersonId;
  /** It asks its reader to do something. */
  readonly isAsking: boolean;
  /** By when that is asked now, where the message itself does not say it. */
  readonly dueAt: Instant | null;
}

type Part = Pick<BundledNotice, 'loopId' | 'params' | 'sequence'>;
type Time = EntryTime;

const instantIn = (value: NoticeValue | undefined): Instant | null =>
  typeof value === 'object' && 'instant' in value ? value.instant : null;
const dayIn = (value: NoticeValue | undefined): string | null =>
  typeof value === 'object' && 'day' in value ? value.day : null;

const span = ({ params }: Part, from: string, until: string): Time | null => {
  const [firstDay, lastDay] = [dayIn(params[from]), dayIn(params[until])];
  if (firstDay !== null && lastDay !== null) return { firstDay, lastDay };
  const begins = instantIn(params[from]);
  const ends = instantIn(params[until]);
  if (begins === null) return null;
  return ends === null ? { from: begins } : { from: begins, until: ends };
};

const meeting = (part: Part): Time | null => span(part, 'meetsAt', 'meetsUntil');
const period = (part: Part): Time | null => span(part, 'agreedFrom', 'agreedUntil');
function deadline({ params }: Part, { isAsking, dueAt }: ToldTo): Time | null {
  const from = isAsking ? (instantIn(params['dueAt']) ?? dueAt) : null;
  return from === null ? null : { from };
}

/** The part whose time it is: a meeting or a period also within a bundle, a deadline only of what goes alone. */
export function timedPart(
  told: readonly [BundledNotice, ...(readonly BundledNotice[])],
  to: ToldTo,
): BundledNotice | null {
  const part = latestOf(told.filter(meeting)) ?? latestOf(told.filter(period)) ?? told[0];
  const time = meeting(part) ?? period(part) ?? (told.length === 1 ? deadline(part, to) : null);
  return time !== null && part.loopId !== null ? part : null;
}

/** By the steps of the loop of the first, in whatever order they are told. */
const latestOf = (parts: readonly BundledNotice[]): BundledNotice | undefined =>
  parts
    .filter(({ loopId }) => loopId === parts[0]?.loopId)
    .toSorted((a, b) => b.sequence - a.sequence)[0];

/** What it puts there; a later message about the same moves it. */
export function entryOf(part: Part, to: ToldTo): CalendarEntry {
  const loop = present(part.loopId, 'the loop of a time');
  const common = { loop, sequence: part.sequence };
  const meets = meeting(part);
  if (meets !== null) return { ...common, kind: 'call', time: meets };
  const agreed = period(part);
  if (agreed !== null) return { ...common, kind: 'period', time: agreed };
  return { ...common, kind: 'deadline', time: present(deadline(part, to), 'the deadline') };
}

const idOf: Readonly<Record<EntryKind, (loop: LoopId, to: PersonId) => string>> = {
  call: meetingId,
  period: (loop, to) => `${threadId(loop, to)}.period`,
  deadline: threadId,
};

/** As its reader's calendar has it. Whoever holds something for weeks is not busy for weeks. */
export const letterEvent = (
  { loop, kind, sequence, time }: CalendarEntry,
  to: PersonId,
  summary: string,
): LetterEvent => ({
  uid: idOf[kind](loop, to),
  sequence,
  time,
  isBusy: kind !== 'period',
  summary,
});

/** From when on what was agreed is off; null where the message calls nothing off. */
export const calledOffAt = ({ params }: Pick<Part, 'params'>): Instant | null =>
  instantIn(params['calledOff']);

export interface CalledOff {
  readonly at: Instant;
  /** Of the reader, whose days are meant. */
  readonly zone: string;
  readonly sequence: number;
  readonly to: PersonId;
  readonly summary: string;
}

/** What lies ahead does not take place, what has begun ends now, and what is over stays as it was. */
export function withdrawnEvent(entry: CalendarEntry, off: CalledOff): LetterEvent | null {
  const { sequence, to, summary } = off;
  const left = whatIsLeft(entry.time, off);
  if (left === 'all') return null;
  const event = letterEvent({ ...entry, sequence }, to, summary);
  return left === 'nothing' ? { ...event, isCancelled: true } : { ...event, time: left };
}

function whatIsLeft(time: Time, { at, zone }: CalledOff): Time | 'all' | 'nothing' {
  if ('firstDay' in time) {
    const today = wallDay(at, zone);
    if (time.firstDay > today) return 'nothing';
    return time.lastDay <= today ? 'all' : { ...time, lastDay: today };
  }
  const { from, until = from } = time;
  if (from > at) return 'nothing';
  return until <= at ? 'all' : { from, until: at };
}
