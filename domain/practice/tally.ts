/** What people report from a country, and when it opens its review again. */
import type { ReviewKind, Verdict } from '../exchange/practice.ts';
import type { Instant } from '../loop.ts';
import { failuresOverSuccesses, notAllowedMax, type Said, type Tally } from './state.ts';

type Tallies = Readonly<Record<string, Tally>>;

const emptyTally = (since: Instant): Tally => ({ since, worked: 0, failed: 0, notAllowed: 0 });

/** That it was tried says nothing for or against it. */
const columns: Readonly<Record<Verdict, 'worked' | 'failed' | 'notAllowed' | null>> = {
  tried: null,
  worked: 'worked',
  failed: 'failed',
  not_allowed: 'notAllowed',
};

/** What somebody had said counts no more, unless it was said of what has been reviewed since. */
export function counted(tallies: Tallies, said: Omit<Said, 'at'>, before: Said | null): Tallies {
  const taken = before === null ? tallies : added(tallies, before, -1, before.at);
  return added(taken, said, 1, Infinity);
}

function added(
  tallies: Tallies,
  { verdict, country }: Omit<Said, 'at'>,
  by: 1 | -1,
  at: Instant,
): Tallies {
  const column = columns[verdict];
  const tally = tallies[country] ?? emptyTally(0);
  if (column === null || at < tally.since) return tallies;
  return { ...tallies, [country]: { ...tally, [column]: tally[column] + by } };
}

/** The reviews that a country's reports open again: failures the clinical one, prohibitions the other. */
export function doubtedBy({ worked, failed, notAllowed }: Tally): readonly ReviewKind[] {
  const isFailing = failed - worked >= failuresOverSuccesses;
  return [
    ...(isFailing ? (['clinical'] as const) : []),
    ...(notAllowed >= notAllowedMax ? (['compliance'] as const) : []),
  ];
}

/** A review that opens again looks at everything that was said: it is counted anew from then on. */
export const startedAnew = (tallies: Tallies, country: string, at: Instant): Tallies => ({
  ...tallies,
  [country]: emptyTally(at),
});
