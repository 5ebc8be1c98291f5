/** What a message puts into its reader's calendar: when people meet, or by when something is asked. */
import type { LetterEvent } from '../channels/channel.ts';
import { threadId } from '../channels/email/thread.ts';
import type { BundledNotice } from '../db/bundles.ts';
import { present } from '../domain/assert.ts';
import type { PersonId } from '../domain/id.ts';
import type { Instant, NoticeValue } from '../domain/loop.ts';
import { minuteMs } from '../domain/time/zone.ts';

export interface ToldTo {
  readonly to: PersonId;
  /** It asks its reader to do something. */
  readonly isAsking: boolean;
  /** By when that is asked now, where the message itself does not say it. */
  readonly dueAt: Instant | null;
}

const instantIn = (value: NoticeValue | undefined): Instant | null =>
  typeof value === 'object' && 'instant' in value ? value.instant : null;

const isMeeting = ({ params }: BundledNotice): boolean => 'meetsAt' in params;

const deadline = ({ params }: BundledNotice, { isAsking, dueAt }: ToldTo): Instant | null =>
  isAsking ? (instantIn(params['dueAt']) ?? dueAt) : null;

/** The part whose time it is: a meeting also within a bundle, a deadline only of what goes alone. */
export function timedPart(
  told: readonly [BundledNotice, ...(readonly BundledNotice[])],
  to: ToldTo,
): BundledNotice | null {
  const part = told.find(isMeeting) ?? told[0];
  const isTimed = isMeeting(part) || (told.length === 1 && deadline(part, to) !== null);
  return isTimed && part.loopId !== null ? part : null;
}

/** A later message about the same moves the entry. */
export function letterEvent(part: BundledNotice, to: ToldTo, summary: string): LetterEvent {
  const uid = threadId(present(part.loopId, 'the loop of a time'), to.to);
  const [meetsAt, meetsUntil] = ['meetsAt', 'meetsUntil'].map((name) =>
    instantIn(part.params[name]),
  );
  if (!meetsAt || !meetsUntil) {
    const at = present(deadline(part, to), 'the deadline');
    return { uid, at, durationMinutes: 0, summary };
  }
  const durationMinutes = Math.round((meetsUntil - meetsAt) / minuteMs);
  return { uid: `${uid}.call`, at: meetsAt, durationMinutes, summary };
}
