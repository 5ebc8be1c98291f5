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
}

const instantIn = (value: NoticeValue | undefined): Instant | null =>
  typeof value === 'object' && 'instant' in value ? value.instant : null;

const isMeeting = ({ params }: BundledNotice): boolean => 'meetsAt' in params;

/** The part whose time it is: a meeting also within a bundle, a deadline only of what goes alone. */
export function timedPart(
  told: readonly [BundledNotice, ...(readonly BundledNotice[])],
  { isAsking }: ToldTo,
): BundledNotice | null {
  const part = told.find(isMeeting) ?? told[0];
  const isTimed = isMeeting(part) || (isAsking && told.length === 1 && 'dueAt' in part.params);
  return isTimed && part.loopId !== null ? part : null;
}

/** A later message about the same moves the entry. */
export function letterEvent(part: BundledNotice, { to }: ToldTo, summary: string): LetterEvent {
  const uid = threadId(present(part.loopId, 'the loop of a time'), to);
  const [meetsAt, meetsUntil, dueAt] = ['meetsAt', 'meetsUntil', 'dueAt'].map((name) =>
    instantIn(part.params[name]),
  );
  if (!meetsAt || !meetsUntil) {
    return { uid, at: present(dueAt, 'the deadline'), durationMinutes: 0, summary };
  }
  const durationMinutes = Math.round((meetsUntil - meetsAt) / minuteMs);
  return { uid: `${uid}.call`, at: meetsAt, durationMinutes, summary };
}
