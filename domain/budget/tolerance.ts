/**
 * What was spent beyond an approval, within its tolerance, of a line that is used up raises the line by
 * itself. All of that together is a small share of what people put on the line: more is theirs to decide.
 */
export const lineTolerancePercentMax = 10;

export interface RaisedWithin {
  /** All that the line has, in minor units. */
  readonly allocated: bigint;
  /** How much of it tolerances have put there. */
  readonly lifted: bigint;
}

/** By how much it may still be raised by itself, in minor units; never below nothing. */
export function liftLeft({ allocated, lifted }: RaisedWithin): bigint {
  const most = ((allocated - lifted) * BigInt(lineTolerancePercentMax)) / 100n;
  return most > lifted ? most - lifted : 0n;
}
