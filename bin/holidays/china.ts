/** China as the State Council arranges each year: days off, and the weekend days worked for them. */
import chineseDays from 'chinese-days';
import type { SourceDay } from '../../domain/holidays/published-holiday.ts';

// Node finds no named exports in it.
// oxlint-disable-next-line import/no-named-as-default-member
const { getDayDetail, getHolidaysInRange, getWorkdaysInRange } = chineseDays;

const source = '国务院办公厅关于部分节假日安排的通知, by chinese-days (MIT)';

/** Null for a year that has not been arranged yet, or is older than the list. */
export function china(year: number): readonly SourceDay[] | null {
  const [first, last] = [`${year}-01-01`, `${year}-12-31`];
  const days = [
    ...getHolidaysInRange(first, last).map((day) => named(day, 'off')),
    ...getWorkdaysInRange(first, last)
      .filter((day) => isWeekend(day))
      .map((day) => named(day, 'working')),
  ].filter((day) => day !== null);
  return days.length === 0 ? null : days;
}

const isWeekend = (day: string): boolean => [0, 6].includes(new Date(day).getUTCDay());

/** `Spring Festival,春节,4`; a plain weekend has the name of its weekday alone. */
function named(day: string, kind: 'off' | 'working'): SourceDay | null {
  const [english = '', chinese] = getDayDetail(day).name.split(',');
  if (chinese === undefined) return null;
  const suffix = kind === 'working' ? { zh: '（上班）', en: ' (working day)' } : { zh: '', en: '' };
  const names = { zh: `${chinese}${suffix.zh}`, en: `${english}${suffix.en}` };
  return {
    day,
    kind,
    halfUntilMinute: null,
    name: names.zh,
    names,
    source,
    rule: day,
    isPublic: true,
    isSubstitute: false,
    isAnnounced: true,
  };
}
