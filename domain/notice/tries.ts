/** How long a message is tried for. */

/** Longer than a send may take: until then nobody else tries. */
export const leaseMs = 120_000;
/** About a day of tries, since each waits longer than the one before. */
export const attemptsMax = 30;
