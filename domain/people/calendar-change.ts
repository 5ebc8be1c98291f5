/** Why working time changed, as the people whose deadline it moved are told. */
export const calendarChangeReasons = [
  'directory',
  'absence',
  'delegation',
  'holiday',
  'zone_data',
] as const;
export type CalendarChangeReason = (typeof calendarChangeReasons)[number];

/** A key of the catalogue. Where changes of several kinds came together, none of them is named. */
export function calendarChangeTerm(reasons: readonly CalendarChangeReason[]): string {
  const [first = 'directory', ...others] = reasons;
  return `reason.calendar.${others.every((reason) => reason === first) ? first : 'several'}`;
}
