/** Korea as its government lists each year, with substitute days and elections. */
import * as years from '@hyunbinseo/holidays-kr/all';
import type { SourceDay } from '../../domain/holidays/published-holiday.ts';

const source = '월력요항 (우주항공청), by @hyunbinseo/holidays-kr (MIT)';
type Year = Readonly<Record<string, readonly string[]>>;
const lists: Readonly<Partial<Record<string, Year>>> = years;

/** Null for a year that has not been published yet, or is older than the list. */
export function korea(year: number): readonly SourceDay[] | null {
  const days = lists[`y${year}`];
  if (days === undefined) return null;
  return Object.entries(days).map(([day, [name = day]]) => ({
    day,
    kind: 'off',
    halfUntilMinute: null,
    name,
    names: { ko: name, ...englishOf(name) },
    source,
    rule: name,
    isPublic: true,
    isSubstitute: false,
    isAnnounced: true,
  }));
}

const english: Readonly<Record<string, string>> = {
  '1월 1일': 'New Year’s Day',
  '설날 전날': 'Eve of the Lunar New Year',
  설날: 'Lunar New Year',
  '설날 다음 날': 'Day after the Lunar New Year',
  '3ㆍ1절': 'Independence Movement Day',
  노동절: 'Labour Day',
  어린이날: 'Children’s Day',
  '부처님 오신 날': 'Buddha’s Birthday',
  현충일: 'Memorial Day',
  제헌절: 'Constitution Day',
  광복절: 'Liberation Day',
  '추석 전날': 'Eve of Chuseok',
  추석: 'Chuseok',
  '추석 다음 날': 'Day after Chuseok',
  개천절: 'National Foundation Day',
  한글날: 'Hangul Day',
  기독탄신일: 'Christmas Day',
  임시공휴일: 'Temporary holiday',
  전국동시지방선거: 'Local elections',
};

/** Nothing for a day nobody has named in English yet, such as a temporary holiday. */
function englishOf(name: string): { readonly en?: string } {
  const substituted = /^대체공휴일\((.+)\)$/.exec(name)?.[1];
  const text = english[substituted ?? name];
  if (text === undefined) return {};
  return { en: substituted === undefined ? text : `${text} (substitute day)` };
}
