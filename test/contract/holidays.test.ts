import { describe, expect, test } from 'vitest';
import organisation from '../../bin/demo/organisation.json' with { type: 'json' };
import { publishedHolidays } from '../../bin/holidays/published.ts';
import { placeName } from '../../domain/holidays/published-holiday.ts';

/**
 * Written down from the sources named, not from the packages. `?` is provisional, `w` a weekend day that is
 * worked; all others are certain and off.
 */
interface Table {
  /** Law, and where the government publishes the days. */
  readonly official: string;
  readonly 2026: string;
  readonly 2027: string;
}

const tables: Readonly<Record<string, Table>> = {
  // § 1 Gesetz über die Sonn- und Feiertage: gesetze.berlin.de. Easter is 5 April 2026, 28 March 2027.
  'DE-BE': {
    official: 'https://gesetze.berlin.de/bsbe/document/jlr-FeiertGBErahmen',
    2026: '01-01 03-08 04-03 04-06 05-01 05-14 05-25 10-03 12-25 12-26',
    2027: '01-01 03-08 03-26 03-29 05-01 05-06 05-17 10-03 12-25 12-26',
  },
  // Art. 1 FTG. The Assumption is a holiday in Catholic communes alone: the organisation's file knows which.
  'DE-BY': {
    official: 'https://www.gesetze-bayern.de/Content/Document/BayFTG-1',
    2026: '01-01 01-06 04-03 04-06 05-01 05-14 05-25 06-04 10-03 11-01 12-25 12-26',
    2027: '01-01 01-06 03-26 03-29 05-01 05-06 05-17 05-27 10-03 11-01 12-25 12-26',
  },
  // § 1 Ruhetags- und Ladenöffnungsgesetz (LS 822.4), with the feasts that are Sundays.
  'CH-ZH': {
    official: 'https://www.zh.ch/de/politik-staat/gesetze-beschluesse/gesetzessammlung.html',
    2026: '01-01 04-03 04-05 04-06 05-01 05-14 05-24 05-25 08-01 09-20 12-25 12-26',
    2027: '01-01 03-26 03-28 03-29 05-01 05-06 05-16 05-17 08-01 09-19 12-25 12-26',
  },
  'GB-ENG': {
    official: 'https://www.gov.uk/bank-holidays',
    2026: '01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28',
    2027: '01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28',
  },
  // 5 U.S.C. 6103, as the days are observed.
  US: {
    official: 'https://www.opm.gov/policy-data-oversight/pay-leave/federal-holidays/',
    2026: '01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25',
    2027: '01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31',
  },
  // Leis 662/1949, 6.802/1980, 14.759/2023; Lei estadual 9.497/1997; election days by art. 380 of Lei 4.737/1965.
  'BR-SP': {
    official: 'https://www.planalto.gov.br/ccivil_03/_ato2023-2026/2023/lei/l14759.htm',
    2026: '01-01 04-03 04-21 05-01 07-09 09-07 10-04 10-12 10-25 11-02 11-15 11-20 12-25',
    2027: '01-01 03-26 04-21 05-01 07-09 09-07 10-12 11-02 11-15 11-20 12-25',
  },
  JP: {
    official: 'https://www8.cao.go.jp/chosei/shukujitsu/gaiyou.html',
    2026: '01-01 01-12 02-11 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 10-12 11-03 11-23',
    2027: '01-01 01-11 02-11 02-23 03-21 03-22 04-29 05-03 05-04 05-05 07-19 08-11 09-20 09-23 10-11 11-03 11-23',
  },
  // Art. 24 of the implementing regulations of the Labour Law: four days from the day after 29 Ramadan, four
  // from the standing at Arafah (9 Dhu al-Hijjah), by the calendar of Umm al-Qura; both days of the state.
  SA: {
    official: 'https://www.hrsd.gov.sa/en/knowledge-centre/decisions-and-regulations',
    2026: '02-22 03-19? 03-20? 03-21? 03-22? 05-26? 05-27? 05-28? 05-29? 09-23',
    2027: '02-22 03-09? 03-10? 03-11? 03-12? 05-15? 05-16? 05-17? 05-18? 09-23',
  },
  SG: {
    official: 'https://www.mom.gov.sg/employment-practices/public-holidays',
    2026: '01-01 02-17 02-18 03-21 04-03 05-01 05-27 05-31 06-01 08-09 08-10 11-08 11-09 12-25',
    2027: '01-01 02-06? 02-07? 02-08? 03-10? 03-26 05-01 05-17? 05-20? 08-09 10-28? 12-25',
  },
  // Proclamation 1006 for 2026; for 2027 Republic Acts 9177, 9492, 9849 and 10966.
  PH: {
    official: 'https://www.officialgazette.gov.ph/nationwide-holidays/',
    2026: '01-01 02-17 03-20? 04-02 04-03 04-04 04-09 05-01 05-27? 06-12 08-21 08-31 11-01 11-02 11-30 12-08 12-24 12-25 12-30 12-31',
    2027: '01-01 02-06? 03-10? 03-25 03-26 03-27? 04-09? 05-01? 05-17? 06-12? 08-21? 08-30 11-01 11-30? 12-08 12-24? 12-25 12-30? 12-31',
  },
  // 国办发明电〔2025〕7号 for 2026. For 2027 the days of the law; how they are joined is announced in November.
  CN: {
    official: 'https://www.gov.cn/zhengce/content/202511/content_7047090.htm',
    2026:
      '01-01 01-02 01-03 01-04w 02-14w 02-15 02-16 02-17 02-18 02-19 02-20 02-21 02-22 02-23 02-28w ' +
      '04-04 04-05 04-06 05-01 05-02 05-03 05-04 05-05 05-09w 06-19 06-20 06-21 09-20w ' +
      '09-25 09-26 09-27 10-01 10-02 10-03 10-04 10-05 10-06 10-07 10-10w',
    2027: '01-01? 02-05? 02-06? 02-07? 02-08? 04-05? 05-01? 05-02? 06-09? 09-15? 10-01? 10-02? 10-03?',
  },
  // 월력요항 of each year, with the local elections of 3 June 2026 and Labour Day, a public holiday since 2026.
  KR: {
    official: 'https://www.law.go.kr/법령/관공서의공휴일에관한규정',
    2026: '01-01 02-16 02-17 02-18 03-01 03-02 05-01 05-05 05-24 05-25 06-03 06-06 07-17 08-15 08-17 09-24 09-25 09-26 10-03 10-05 10-09 12-25',
    2027: '01-01 02-06 02-07 02-08 02-09 03-01 05-01 05-03 05-05 05-13 06-06 07-17 07-19 08-15 08-16 09-14 09-15 09-16 10-03 10-04 10-09 10-11 12-25 12-27',
  },
};

const read = new Map<string, string>();
function published(place: string, year: number): string {
  const key = `${place} ${year}`;
  const days = read.get(key) ?? signed(place, year);
  read.set(key, days);
  return days;
}

const signed = (place: string, year: number): string => {
  const [country = '', subdivision = null] = place.split('-');
  const told = publishedHolidays({ country, subdivision }, year);
  if ('problem' in told) throw new Error(`${place}: ${told.problem} unknown`);
  return told.days
    .map(({ day, kind, status }) => {
      const sign = { off: '', half: 'h', working: 'w' }[kind];
      return `${day.slice(5)}${sign}${status === 'provisional' ? '?' : ''}`;
    })
    .join(' ');
};

describe('the days published for a place are those of its law', () => {
  test.each(Object.entries(tables))('%s', (place, table) => {
    expect({ 2026: published(place, 2026), 2027: published(place, 2027) }).toEqual({
      2026: table[2026],
      2027: table[2027],
    });
  });
});

test('every region of the demo lies in a place whose days were checked', () => {
  const places = organisation.regions.map(({ country, subdivision = null }) =>
    placeName({ country, subdivision: subdivision ?? null }),
  );
  expect(Object.keys(tables)).toEqual(expect.arrayContaining(places));
});

test('what the demo says of a day is what is published for it, but for its own house rules', () => {
  const differing = organisation.holidays.flatMap(({ region, day, kind, name, source }) => {
    const place = organisation.regions.find(({ id }) => id === region);
    if (place === undefined || source === 'House rule') return [];
    const days = published(
      placeName({ country: place.country, subdivision: place.subdivision ?? null }),
      Number(day.slice(0, 4)),
    );
    const isThere = days.split(' ').some((one) => one.replace('?', '') === day.slice(5));
    return isThere && kind === 'off' ? [] : [`${region} ${day} ${name}`];
  });
  expect(differing).toEqual([
    // Of communes and cities, which have no code of their own, and of custom.
    'bavaria 2027-08-15 Mariä Himmelfahrt',
    'switzerland 2027-01-02 Berchtoldstag',
    'brazil 2027-01-25 Aniversário de São Paulo',
    'brazil 2027-05-27 Corpus Christi',
  ]);
});

test('a feast on a Sunday frees the next day that is none where law says so', () => {
  expect(published('SG', 2029)).toContain('05-27? 05-28?'); // Vesak
  expect(published('SG', 2028)).not.toContain('05-10');
});

test('the equinoxes of a year that is not gazetted yet are provisional', () => {
  expect(published('JP', 2028)).toContain('03-20? 04-29');
});

test('names are there in the language of the place and in English', () => {
  for (const [place, local] of Object.entries({
    JP: 'ja',
    SA: 'ar',
    BR: 'pt',
    CN: 'zh',
    KR: 'ko',
  })) {
    const told = publishedHolidays({ country: place, subdivision: null }, 2026);
    const days = 'days' in told ? told.days : [];
    expect(days.filter(({ names }) => !names['en'] || !names[local]).map(({ day }) => day)).toEqual(
      [],
    );
  }
});

test('what nobody knows is told by its name, and nothing is made up for it', () => {
  expect(publishedHolidays({ country: 'XX', subdivision: null }, 2027)).toEqual({
    problem: 'country',
  });
  expect(publishedHolidays({ country: 'DE', subdivision: 'QQ' }, 2027)).toEqual({
    problem: 'subdivision',
  });
});
