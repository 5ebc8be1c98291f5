/** How many minutes a message takes that comes outside somebody's hours: the policy `fairness.minutes`. */
export const askMinutesPolicy = 'fairness.minutes';
export const askMinutesByDefault = 15;
/** More than a shift is not asked by a message. */
export const askMinutesMax = 480;

/**
 * The policy is a number for all, or one for each kind of step with `default` for the others, such as
 * `{ "default": 10, "handoff.read_back": 30 }`. What is no number of minutes is as if never said.
 */
export function askMinutes(policy: unknown, kind: string): number {
  const isByKind = typeof policy === 'object' && policy !== null;
  const said = isByKind ? Object.entries(policy) : [['default', policy] as const];
  for (const name of [kind, 'default']) {
    const minutes: unknown = said.find(([key]) => key === name)?.[1];
    if (isMinutes(minutes)) return minutes;
  }
  return askMinutesByDefault;
}

const isMinutes = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) > 0 && Number(value) <= askMinutesMax;
