/** Who tells somebody in person whom a recall for the safety of patients did not reach. */
import type { PersonId } from '../id.ts';
import type { Instant } from '../loop.ts';

/** Of the message that asks it. */
export const unreachedKey = 'practice.unreached';

/** Hours of any clock, not of work, until the next is asked: it is about patients. */
export const tellWithinHours = 4;
export const tellWithinMs = tellWithinHours * 3_600_000;

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

/** Whether the last one has had their time, or nobody was asked yet. */
export const isNextDue = (
  { asked, askedAt, hasFailed }: Pick<ToldInPerson, 'asked' | 'askedAt' | 'hasFailed'>,
  now: Instant,
): boolean => asked.length === 0 || hasFailed || now >= askedAt + tellWithinMs;

/** Who is asked then; null once all were: it stays with every one of them until one says that it is done. */
export const nextToTell = ({
  person,
  near,
  asked,
}: Pick<ToldInPerson, 'person' | 'near' | 'asked'>): PersonId | null =>
  near.find((one) => one !== person && !asked.includes(one)) ?? null;
