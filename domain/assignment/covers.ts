/** Which covers an assignment asks for, and what becomes of them when its terms change. */
import type { AccountId } from '../id.ts';
import type { Instant } from '../loop.ts';
import { type AssignmentState, coverGapMs, coverMsMax, type Span, type Terms } from './state.ts';

/** A cover lasts so long at most; the next begins once the one before has given the account back. */
export function coverParts({ from, until }: Span): readonly Span[] {
  const parts: Span[] = [];
  for (let next = from; next < until; next += coverMsMax + coverGapMs) {
    parts.push({ from: next, until: Math.min(next + coverMsMax, until) });
  }
  return parts;
}

/** Another first day makes all that was asked for a wrong time; once it runs, that day stays. */
export const isMoved = ({ terms, pending, status }: AssignmentState): boolean =>
  status !== 'running' && terms !== null && pending?.terms.firstDay !== terms.firstDay;

/** The same days may be asked for under terms after others, and once more after they were given up. */
export const askedUnder = ({ number, agreedAt }: AssignmentState): string =>
  `${number}/${agreedAt}`;

interface Agreed {
  readonly before: Terms | null;
  readonly after: Terms;
  readonly at: Instant;
  readonly days: Span;
  /** Until then covers have been asked for. */
  readonly coveredUntil: Instant;
  readonly isAnew: boolean;
}

interface Followed {
  readonly released: readonly AccountId[];
  /** At once, for what the others are covered for already; nothing where the clock has yet to ask. */
  readonly asked: readonly AccountId[];
  readonly parts: readonly Span[];
}

/** New terms: where all is asked anew the clock asks, else only for what they add. */
export function followTerms({ before, after, at, days, coveredUntil, isAnew }: Agreed): Followed {
  const was = before?.accounts ?? [];
  if (isAnew) return { released: was, asked: [], parts: [] };
  const from = Math.max(at, days.from);
  return {
    released: was.filter((account) => !after.accounts.includes(account)),
    asked: after.accounts.filter((account) => !was.includes(account)),
    parts: coverParts({ from, until: Math.min(coveredUntil, days.until) }),
  };
}
