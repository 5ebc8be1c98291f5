/** Who tells somebody in person whom a recall for the safety of patients did not reach. */
import type { PersonId } from '../id.ts';
import type { Instant } from '../loop.ts';

/** Of the message that asks it. */
export const unreachedKey = 'practice.unreached';

/** Hours of any clock, not of work, until the next is asked: it is about patients. */
export const tellWithinHours = 4;

export interface ToldInPerson {
  readonly person: PersonId;
  /** Those who are there, the nearest first; somebody may be there twice. */
  readonly near: readonly PersonId[];
  /** In turn. */
  readonly asked: readonly PersonId[];
  readonly askedAt: Instant;
  /** Whether the message to the last of them reached nobody either. */
  readonly hasFailed: boolean;
}

/**
 * Who is asked now; null while the last one has time, and once all were asked: it stays with every one
 * of them until one says that it is done.
 */
export function nextToTell(
  { person, near, asked, askedAt, hasFailed }: ToldInPerson,
  now: Instant,
): PersonId | null {
  const isWaiting = asked.length > 0 && !hasFailed && now < askedAt + tellWithinHours * 3_600_000;
  if (isWaiting) return null;
  return near.find((one) => one !== person && !asked.includes(one)) ?? null;
}
