import { expect, test } from 'vitest';
import { carriedOver } from '../../../domain/budget/carry-over.ts';
import { fiscalYear, fiscalYearOf } from '../../../domain/budget/fiscal-year.ts';

test.for([
  ['Tokyo, from April', 'Asia/Tokyo', 4, '2026-03-31T14:59:59.999Z', 2025],
  ['Tokyo, from April, a moment later', 'Asia/Tokyo', 4, '2026-03-31T15:00Z', 2026],
  ['London, from April, in summer time', 'Europe/London', 4, '2026-03-31T23:00Z', 2026],
  ['New York, from October', 'America/New_York', 10, '2026-10-01T03:59Z', 2025],
  ['New York, from October, a minute later', 'America/New_York', 10, '2026-10-01T04:00Z', 2026],
  ['Riyadh, from January', 'Asia/Riyadh', 1, '2026-12-31T21:00Z', 2027],
  ['Beirut, whose clocks skip that midnight', 'Asia/Beirut', 4, '2027-03-31T20:59Z', 2026],
] as const)('the fiscal year of %s', ([, zone, fiscalStartMonth, at, year]) => {
  expect(fiscalYearOf(Date.parse(at), { zone, fiscalStartMonth }).year).toBe(year);
});

test.for(['Asia/Tokyo', 'Europe/Berlin', 'America/Sao_Paulo', 'Pacific/Apia', 'Asia/Kathmandu'])(
  'in %s years follow one another without a gap, whatever the month they begin in',
  (zone) => {
    for (let fiscalStartMonth = 1; fiscalStartMonth <= 12; fiscalStartMonth++) {
      const region = { zone, fiscalStartMonth };
      for (let year = 1999; year < 2035; year++) {
        const { from, until } = fiscalYear(year, region);
        expect(until).toBe(fiscalYear(year + 1, region).from);
        expect(fiscalYearOf(from, region)).toEqual({ year, from, until });
        expect(fiscalYearOf(until - 1, region).year).toBe(year);
      }
    }
  },
);

test.for([
  ['nothing said', null, 0n],
  ['half', { percent: 50 }, 500n],
  ['a third of a cent is not carried', { percent: 33 }, 330n],
  ['all, up to a limit', { percent: 100, max: '2.50' }, 250n],
  ['a limit beyond what there is', { percent: 100, max: '100.00' }, 1_001n],
  ['a limit that is no amount', { percent: 100, max: '2,50' }, 0n],
  ['more than all', { percent: 101 }, 0n],
  ['a share that is text', { percent: '50' }, 0n],
] as const)('of 10.01 is carried over: %s', ([, policy, minor]) => {
  expect(carriedOver(policy, { minor: 1_001n, currency: 'EUR' })).toBe(minor);
});
