import { describe, expect, test } from 'vitest';
import type { PersonId } from '../../../domain/id.ts';
import type { AccountFacts } from '../../../domain/outlook/facts.ts';
import { type Finding, findingKey } from '../../../domain/outlook/finding.ts';
import type { SpecialDay } from '../../../domain/time/calendar.ts';
import { correctZones } from '../../../domain/time/zone-correction.ts';
import { zones } from '../../../domain/time/zone.ts';
import { berlin, holder, look, now, office, owner } from './facts.ts';

const off = (...days: readonly string[]): readonly SpecialDay[] =>
  days.map((day) => ({ day, kind: 'off' }));
/** Two weeks of leave, from Monday to Friday of the next week. */
const leave = { firstDay: '2027-03-01', lastDay: '2027-03-12' };
const away = { absences: [leave] };
const covered = (from: string, until: string) => ({
  taker: holder('taker'),
  from: berlin(from),
  until: berlin(until),
});
/** Good Friday and Easter Monday, and the days beside them. */
const easter = ['2027-03-25', '2027-03-26', '2027-03-29'];
const inTokyo = holder('backup', { zone: 'Asia/Tokyo' });
const never = Object.fromEntries(Object.keys(office).map((day) => [day, []])) as never;

type Row = readonly [string, Partial<AccountFacts>, readonly Partial<Finding>[]];

const rows: readonly Row[] = [
  ['weekends are no gap', {}, []],
  [
    'a long weekend of everybody is a gap, from the last work to the next',
    { owner: owner({ days: off(...easter) }) },
    [
      {
        kind: 'gap',
        severity: 'medium',
        firstDay: '2027-03-24',
        from: berlin('2027-03-24T17:00'),
        until: Date.parse('2027-03-30T09:00:00+02:00'),
        asked: 'manager' as PersonId,
      },
    ],
  ],
  [
    'a backup who works then fills it',
    { owner: owner({ days: off(...easter) }), stead: [inTokyo] },
    [],
  ],
  [
    'a backup who has left fills nothing',
    {
      owner: owner({ days: off(...easter) }),
      stead: [{ ...inTokyo, leavesAt: berlin('2027-03-20T00:00') }],
    },
    [{ kind: 'gap' }],
  ],
  [
    'a weekend is one where the policy says less, also that on which the clocks go forward',
    { limits: { gapMinutes: 3_779, leaveMinutes: 960 } },
    Array.from({ length: 12 }, () => ({ kind: 'gap' as const })),
  ],
  [
    'that weekend is an hour shorter',
    { limits: { gapMinutes: 3_780, leaveMinutes: 960 } },
    Array.from({ length: 11 }, () => ({ kind: 'gap' as const })),
  ],
  [
    'and a gap as long as the policy says is none',
    { limits: { gapMinutes: 3_840, leaveMinutes: 960 } },
    [],
  ],
  [
    'nobody who ever works is a gap since the owner began, and without an end',
    { owner: owner({ week: never }), ownedSince: berlin('2027-01-05T12:00') },
    [
      {
        kind: 'gap',
        severity: 'high',
        firstDay: '2027-01-05',
        from: berlin('2027-01-05T12:00'),
        until: null,
      },
    ],
  ],
  [
    'a gap that only a provisional day makes hangs on that day',
    { owner: { ...owner({ days: off(...easter) }), provisional: ['2027-03-25', '2027-03-29'] } },
    [
      {
        kind: 'holiday',
        severity: 'low',
        firstDay: '2027-03-25',
        about: 'germany',
        subject: 'lead/germany',
      },
    ],
  ],
  [
    'a provisional working day that alone prevents one does so too',
    {
      owner: {
        ...owner({
          days: [...off('2027-03-26', '2027-03-29'), { day: '2027-03-27', kind: 'working' }],
        }),
        provisional: ['2027-03-27'],
      },
    },
    [{ kind: 'holiday', firstDay: '2027-03-27' }],
  ],
  [
    'a provisional day within a gap that is there anyway leaves it a gap',
    { owner: { ...owner({ days: off('2027-03-24', ...easter) }), provisional: ['2027-03-24'] } },
    [{ kind: 'gap', firstDay: '2027-03-23' }],
  ],
  [
    'a leave without a cover, though others are at work',
    { owner: owner(away), stead: [holder('backup')] },
    [
      {
        kind: 'leave',
        severity: 'medium',
        firstDay: '2027-03-01',
        from: berlin('2027-03-01T00:00'),
        until: berlin('2027-03-13T00:00'),
      },
    ],
  ],
  [
    'a leave that begins within two weeks is urgent',
    {
      owner: owner({ absences: [{ firstDay: '2027-02-15', lastDay: '2027-02-16' }] }),
      stead: [inTokyo],
    },
    [{ kind: 'leave', severity: 'high' }],
  ],
  [
    'one day of leave is none',
    { owner: owner({ absences: [{ firstDay: '2027-03-01', lastDay: '2027-03-01' }] }) },
    [],
  ],
  [
    'a leave over a weekend takes no work',
    { owner: owner({ absences: [{ firstDay: '2027-03-06', lastDay: '2027-03-07' }] }) },
    [],
  ],
  [
    'two absences with a weekend between are one leave, which lasts until the later',
    {
      owner: owner({
        absences: [
          { firstDay: '2027-03-08', lastDay: '2027-03-12' },
          { firstDay: '2027-03-01', lastDay: '2027-03-05' },
        ],
      }),
      stead: [inTokyo],
    },
    [{ kind: 'leave', firstDay: '2027-03-01', until: berlin('2027-03-13T00:00') }],
  ],
  [
    'two absences with a working day between are two',
    {
      owner: owner({
        absences: [
          { firstDay: '2027-03-01', lastDay: '2027-03-03' },
          { firstDay: '2027-03-05', lastDay: '2027-03-09' },
        ],
      }),
      stead: [inTokyo],
    },
    [
      { kind: 'leave', firstDay: '2027-03-01' },
      { kind: 'leave', firstDay: '2027-03-05' },
    ],
  ],
  [
    'a leave that somebody covers is none, and neither is a gap that they fill',
    { owner: owner(away), covers: [covered('2027-03-01T00:00', '2027-03-13T00:00')] },
    [],
  ],
  [
    'what little of a leave a cover leaves is below the limit',
    { owner: owner(away), covers: [covered('2027-03-01T12:00', '2027-03-13T00:00')] },
    [],
  ],
  [
    'what much of a leave a cover leaves is not',
    {
      owner: owner(away),
      stead: [inTokyo],
      covers: [covered('2027-03-01T00:00', '2027-03-10T00:00')],
    },
    [{ kind: 'leave', firstDay: '2027-03-01' }],
  ],
  [
    'an owner whom nothing reaches is asked themselves',
    { owner: owner({}, { isReachable: false }) },
    [{ kind: 'unreachable', severity: 'high', firstDay: '', asked: 'lead' as PersonId }],
  ],
  [
    'an owner whose language has no texts is their manager’s affair',
    { owner: owner({}, { hasCatalogue: false, locale: 'fi' }) },
    [{ kind: 'language', severity: 'low', subject: 'lead/fi', asked: 'manager' as PersonId }],
  ],
  [
    'an owner who leaves within 90 days, with nobody after them',
    { owner: owner({}, { leavesAt: berlin('2027-02-20T00:00') }), stead: [inTokyo] },
    [{ kind: 'departure', firstDay: '2027-02-20', from: berlin('2027-02-20T00:00') }],
  ],
  [
    'an owner who has left is one finding, whatever else was said of them, and a gap where nobody is',
    {
      owner: owner(away, {
        leavesAt: berlin('2027-01-30T00:00'),
        isReachable: false,
        hasCatalogue: false,
      }),
    },
    [
      { kind: 'gap', until: null },
      { kind: 'departure', firstDay: '2027-01-30', from: null },
    ],
  ],
  [
    'whoever leaves later than that is not news yet',
    { owner: owner({}, { leavesAt: now + 91 * 86_400_000 }) },
    [],
  ],
];

describe('of one account, the look-ahead says:', () => {
  test.each(rows)('%s', (_name, given, expected) => {
    expect(look(given)).toMatchObject(expected);
  });
});

test('a finding keeps its key from when it is first seen to when it ends, also while it goes on', () => {
  const given = { owner: owner(away), stead: [inTokyo] };
  const days = Array.from({ length: 50 }, (_, day) =>
    look(given, { at: now - 20 * 86_400_000 + day * 86_400_000 }),
  );
  const keys = new Set(days.flat().map(findingKey));
  expect([...keys]).toEqual(['["st-hedwig","leave","lead","2027-03-01"]']);
  expect(days.every((findings) => findings.length === 1)).toBe(true);
  expect(look(given, { at: berlin('2027-03-12T17:00') })).toEqual([]);
});

test('newer zone data moves what it finds, and leaves its key', () => {
  const summer = Date.parse('2027-03-28T01:00:00Z');
  const later = correctZones(zones, {
    version: '2027z',
    completes: zones.version,
    zones: [{ zone: 'Europe/Berlin', links: [], from: summer, until: Infinity, offsetHours: 1 }],
  });
  const given = { owner: owner({ days: off(...easter) }) };
  const [before] = look(given);
  const [after] = look(given, { zoneData: later });
  expect((after?.until ?? 0) - (before?.until ?? 0)).toBe(3_600_000);
  expect(findingKey(after as Finding)).toBe(findingKey(before as Finding));
});
