export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

/** 0 for Monday; day 0, 1970-01-01, was a Thursday. Not for days before 1951. */
export const weekdayIndex = (day: number): number => (day + 7 * 1_000 + 3) % 7;
