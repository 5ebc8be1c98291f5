import { expect, test } from 'vitest';
import { report } from '../../../bin/holidays/report.ts';
import type { PublishedHoliday } from '../../../domain/holidays/published-holiday.ts';
import type { RegionId } from '../../../domain/id.ts';

const feast = (more: Partial<PublishedHoliday> = {}): PublishedHoliday => ({
  day: '2027-03-10',
  kind: 'off',
  halfUntilMinute: null,
  name: 'عيد الفطر',
  names: { ar: 'عيد الفطر', en: 'Eid al-Fitr' },
  source: 'The moon',
  status: 'provisional',
  ...more,
});

const region = {
  id: 'gulf' as RegionId,
  name: 'Gulf',
  place: { country: 'SA', subdivision: null },
  problem: null,
  own: new Map<string, string>(),
  changes: [],
  kept: [],
};

test('a day that is new, another or gone is one line, and so is a region that stays', () => {
  const half = feast({ kind: 'half', halfUntilMinute: 780, name: 'Eve', names: { en: 'Eve' } });
  const changes = [
    { day: '2027-03-09', from: null, to: half },
    { day: '2027-03-10', from: feast(), to: feast({ status: 'confirmed' }) },
    { day: '2027-03-11', from: feast(), to: null },
  ];
  const own = new Map([['2027-03-11', 'working']]);
  const regions = [
    { ...region, changes, own },
    { ...region, kept: ['2027-03-12'] },
  ];
  const run = { year: 2027, isDryRun: false };
  expect(report({ regions, people: 4, calendarChangeId: 'c-1' }, run)).toEqual([
    'Gulf (gulf), 2027, SA',
    '+ 2027-03-09 half until 13:00, Eve, provisional',
    '~ 2027-03-10 off, عيد الفطر (Eid al-Fitr), provisional → off, عيد الفطر (Eid al-Fitr), confirmed',
    '- 2027-03-11 off, عيد الفطر (Eid al-Fitr), provisional; working, as the directory file says',
    'Gulf (gulf), 2027, SA: unchanged',
    '= 2027-03-12 is published no longer, but stays: the manager of the region has answered for it',
    'Working times changed; people whose open loops are planned again: 4 (calendar change c-1).',
  ]);
});

test('what is not known is told with the remedy, and a dry run says that it was one', () => {
  const place = { country: 'IT', subdivision: 'XX' };
  const regions = [
    { ...region, problem: 'country' as const },
    { ...region, place, problem: 'subdivision' as const },
    { ...region, place: null },
  ];
  const run = { year: 2027, isDryRun: true };
  expect(report({ regions, people: 0, calendarChangeId: null }, run)).toEqual([
    expect.stringContaining('no holidays are known for SA.'),
    expect.stringContaining('no holidays are known for IT-XX alone.'),
    expect.stringContaining('has no country in the directory file'),
    'Nothing was written.',
  ]);
});
