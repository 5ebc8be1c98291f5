/**
 * Where the sources of holidays are wrong or silent, and what law or government says instead. Each
 * patch names its official source, which the day then carries.
 */
import type { HolidayStatus, Names } from './published-holiday.ts';

interface Years {
  readonly from?: number;
  readonly until?: number;
}

interface Common {
  readonly country: string;
  readonly subdivision?: string;
  readonly years?: Years;
  readonly source: string;
}

interface Named {
  readonly name: string;
  readonly names: Names;
}

export type Patch = Common &
  (
    | (Named & { readonly type: 'yearly'; readonly monthDay: string })
    | (Named & {
        readonly type: 'dated';
        readonly days: readonly string[];
        readonly status: HolidayStatus;
      })
    /** A rule of the source that is no holiday off work for everybody there. */
    | { readonly type: 'drop'; readonly rule: string }
    /** A rule that the source does not count as a public holiday. */
    | { readonly type: 'include'; readonly rule: string; readonly status?: HolidayStatus }
    /** All days of a rule fall that many days later; `also`: on that day too. */
    | { readonly type: 'shift' | 'also'; readonly rule: string; readonly days: number }
    /** The holiday moves off the weekend; the weekend day itself is none. */
    | { readonly type: 'replaced' }
    /** The day after a holiday on a Sunday is one too, if it is none already. */
    | { readonly type: 'sunday' }
  );

const proclaimed = 'Proclamation No. 1006, s. 2025, officialgazette.gov.ph';
const byLaw = 'Republic Acts 9492 and 10966, officialgazette.gov.ph';
const customary = 'Customary in the annual proclamation, officialgazette.gov.ph';
const chinaLaw = '全国年节及纪念日放假办法（国务院令第795号）, gov.cn';
const koreaLaw = '관공서의 공휴일에 관한 규정 제2조, law.go.kr';
// New moon on 8 March 2027 at 09:29 UT and on 6 May at 10:58 UT: no crescent that evening east of India.
const crescent = 'Criterion of MABIMS for the crescent; muis.gov.sg announces';

export const patches: readonly Patch[] = [
  {
    type: 'yearly',
    country: 'BR',
    years: { from: 2024 },
    monthDay: '11-20',
    name: 'Dia Nacional de Zumbi e da Consciência Negra',
    names: { pt: 'Dia Nacional de Zumbi e da Consciência Negra', en: 'Black Awareness Day' },
    source: 'Lei nº 14.759/2023, planalto.gov.br',
  },

  // A weekend day is no bank holiday once another day stands for it.
  {
    type: 'replaced',
    country: 'GB',
    source: 'Banking and Financial Dealings Act 1971, gov.uk/bank-holidays',
  },
  { type: 'replaced', country: 'US', source: '5 U.S.C. 6103(b), opm.gov' },

  // Half days for women, young people and soldiers, and a day for children.
  ...['03-08 12:00', '05-04 12:00', '06-01', '08-01 12:00'].map((rule): Patch => ({
    type: 'drop',
    country: 'CN',
    rule,
    source: chinaLaw,
  })),
  {
    type: 'also',
    country: 'CN',
    years: { from: 2025 },
    rule: 'chinese 01-0-02',
    days: 1,
    source: chinaLaw,
  },
  {
    type: 'also',
    country: 'CN',
    years: { from: 2025 },
    rule: '05-01',
    days: 1,
    source: chinaLaw,
  },

  // Three days around the new year begin on its eve; for years without the government's own list.
  { type: 'shift', country: 'KR', rule: 'korean 01-0-01 P3D', days: -1, source: koreaLaw },
  {
    type: 'yearly',
    country: 'KR',
    years: { from: 2026 },
    monthDay: '05-01',
    name: '노동절',
    names: { ko: '노동절', en: 'Labour Day' },
    source: koreaLaw,
  },

  {
    type: 'dated',
    country: 'SG',
    days: ['2027-05-20', '2028-05-09', '2029-05-27', '2030-05-16', '2031-06-04', '2032-05-23'],
    status: 'provisional',
    name: 'Vesak Day',
    names: { en: 'Vesak Day' },
    source: 'Fifteenth of the fourth lunar month; mom.gov.sg announces',
  },
  ...['SG', 'PH'].flatMap((country): Patch[] =>
    ['1 Shawwal', '10 Dhu al-Hijjah'].map((rule) => ({
      type: 'shift',
      country,
      years: { from: 2027, until: 2027 },
      rule,
      days: 1,
      source: crescent,
    })),
  ),

  // After the feasts are where they belong.
  { type: 'sunday', country: 'SG', source: 'Holidays Act 1998, sso.agc.gov.sg' },

  // Special non-working days are off work too. Easter Sunday is not among them.
  { type: 'drop', country: 'PH', rule: 'easter', source: byLaw },
  ...['08-21', '11-01', '12-08', '12-31'].map((rule): Patch => ({
    type: 'include',
    country: 'PH',
    rule,
    source: byLaw,
  })),
  ...['chinese 01-0-01', 'easter -1', '12-24'].map((rule): Patch => ({
    type: 'include',
    country: 'PH',
    years: { from: 2027 },
    rule,
    status: 'provisional',
    source: customary,
  })),
  ...['chinese 01-0-01', 'easter -1', '11-02', '12-24'].map((rule): Patch => ({
    type: 'include',
    country: 'PH',
    years: { from: 2026, until: 2026 },
    rule,
    source: proclaimed,
  })),
];

/**
 * What is settled by an announcement, and the last year announced. `moon`: feasts that follow a moon;
 * `all`: every day; a list: these rules, which the law lets the government move.
 */
export interface Announcements {
  readonly left: 'moon' | 'all' | readonly string[];
  readonly through: number;
  /** Rules that the announcement of a year leaves to a later one. */
  readonly later?: readonly string[];
  readonly source: string;
}

const eids = ['1 Shawwal', '10 Dhu al-Hijjah'];

export const announcements: Readonly<Record<string, Announcements>> = {
  CN: { left: 'all', through: 0, source: '国务院办公厅关于部分节假日安排的通知, gov.cn' },
  KR: { left: 'all', through: 0, source: '월력요항, kasi.re.kr' },
  // The equinoxes of a year are gazetted on the first of February of the year before.
  JP: { left: ['春分の日', '秋分の日'], through: 2027, source: '暦要項, eco.mtk.nao.ac.jp' },
  SG: { left: 'moon', through: 2026, source: 'mom.gov.sg/employment-practices/public-holidays' },
  PH: {
    // Republic Act 9492 moves these to the nearest Monday unless the President says otherwise.
    left: ['04-09', '05-01', '06-12', '08-21', '11-30', '12-30'],
    through: 2026,
    later: eids,
    source: proclaimed,
  },
};
