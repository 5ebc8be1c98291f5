/** Japan as the Cabinet Office lists it, with substitute and bridge days. */
import japanese from '@holiday-jp/holiday_jp';
import type { SourceDay } from '../../domain/holidays/published-holiday.ts';

const source = '内閣府「国民の祝日」, by @holiday-jp/holiday_jp (MIT)';
const equinoxes = ['春分の日', '秋分の日'];

/** Null for a year outside the list. */
export function japan(year: number): readonly SourceDay[] | null {
  const days = Object.values(japanese.holidays).filter(({ date }) => date.startsWith(`${year}-`));
  if (days.length === 0) return null;
  return days.map(({ date, name, name_en: english }) => ({
    day: date,
    kind: 'off',
    halfUntilMinute: null,
    name,
    names: { ja: name, en: english },
    source,
    rule: name,
    isPublic: true,
    isSubstitute: false,
    isAnnounced: !equinoxes.includes(name),
  }));
}
