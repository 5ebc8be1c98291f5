/**
 * What a message puts into its reader's calendar: when people meet, for how long something is agreed, or
 * by when something is asked. A loop says so by the names of its values: `meetsAt` and `meetsUntil`,
 * `agreedFrom` and `agreedUntil` (instants or days; without an end, it is a time), `dueAt`.
 */
import type { LetterEvent } from '../channels/channel.ts';
import { meetingId, threadId } from '../channels/email/thread.ts';
import type { BundledNotice } from '../db/bundles.ts';
import { present } from '../domain/assert.ts';
import type { PersonId } from '../domain/id.ts';
import type { Instant, NoticeValue } from '../domain/loop.ts';

export interface ToldTo {
  readonly to: PersonId;
  /** It asks its reader to do something. */
  readonly isAsking: boolean;
  /** By when that is asked now, where the message itself does not say it. */
  readonly dueAt: Instant | null;
}

type Part = Pick<BundledNotice, 'loopId' | 'params'>;
type Time = LetterEvent['time'];

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
  const part = told.find(meeting) ?? told.find(period) ?? told[0];
  const time = meeting(part) ?? period(part) ?? (told.length === 1 ? deadline(part, to) : null);
  return time !== null && part.loopId !== null ? part : null;
}

/** A later message about the same moves the entry. */
export function letterEvent(part: BundledNotice, to: ToldTo, summary: string): LetterEvent {
  const loop = present(part.loopId, 'the loop of a time');
  const uid = threadId(loop, to.to);
  const meets = meeting(part);
  if (meets !== null) {
    return { uid: meetingId(loop, to.to), time: meets, isBusy: true, summary };
  }
  const agreed = period(part);
  // Whoever holds something for weeks is not busy for weeks.
  if (agreed !== null) return { uid: `${uid}.period`, time: agreed, isBusy: false, summary };
  return { uid, time: present(deadline(part, to), 'the deadline'), isBusy: true, summary };
}
