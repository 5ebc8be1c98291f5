import { describe, expect, test } from 'vitest';
import { publish } from '../../../domain/holidays/publish.ts';
import type { SourceDay } from '../../../domain/holidays/published-holiday.ts';

const day = (on: string, rule: string, more: Partial<SourceDay> = {}): SourceDay => ({
  day: on,
  kind: 'off',
  halfUntilMinute: null,
  name: rule,
  names: { en: rule },
  source: 'A source',
  rule,
  isPublic: true,
  isSubstitute: false,
  isAnnounced: false,
  ...more,
});

const told = (country: string, found: readonly SourceDay[], year = 2027): readonly string[] =>
  publish(found, { country, subdivision: null }, year).map(
    ({ day: on, kind, status }) => `${on.slice(5)} ${kind} ${status}`,
  );

describe('a day is certain where law says when it falls, and provisional where somebody has yet to', () => {
  test.each<[string, string, string, string]>([
    ['a day of the year', 'FR', '07-14', 'confirmed'],
    ['a feast that follows Easter', 'FR', 'easter 39', 'confirmed'],
    ['a feast of the Hijri calendar', 'FR', '1 Shawwal', 'provisional'],
    ['its substitute', 'MY', '1 Shawwal and if sunday then next monday', 'provisional'],
    ['a feast that is listed by date', 'FR', '2027-10-28', 'provisional'],
    ['a feast of a reckoned moon', 'HK', 'chinese 01-0-01', 'confirmed'],
    ['the same, where the government announces it', 'SG', 'chinese 01-0-01', 'provisional'],
    ['a day the President may move', 'PH', '11-30', 'provisional'],
    ['a day the President may not move', 'PH', '12-25', 'confirmed'],
  ])('%s', (_what, country, rule, status) => {
    expect(told(country, [day('2027-05-05', rule)])).toContain(`05-05 off ${status}`);
  });

  test('what is announced is certain, but for what the announcement leaves open', () => {
    const year2026 = [day('2026-03-20', '1 Shawwal'), day('2026-11-30', '11-30')];
    expect(told('PH', year2026, 2026)).toEqual(['03-20 off provisional', '11-30 off confirmed']);
    expect(told('CN', [day('2027-01-01', '01-01')])).toEqual(['01-01 off provisional']);
    expect(told('CN', [day('2027-01-01', '2027-01-01', { isAnnounced: true })])).toEqual([
      '01-01 off confirmed',
    ]);
  });
});

test('days for banks, schools and custom are none, unless law makes them so', () => {
  const custom = { isPublic: false };
  expect(told('DE', [day('2027-12-24', '12-24', custom)])).toEqual([]);
  const philippine = [day('2027-12-31', '12-31', custom), day('2027-07-27', '07-27', custom)];
  expect(told('PH', philippine)).toEqual(['12-31 off confirmed']);
});

test('a weekend day gives way to the day that stands for it where law says so, and stays elsewhere', () => {
  const boxing = [
    day('2026-12-26', '12-26'), // a Saturday
    day('2026-12-28', 'substitutes 12-26 if saturday then next monday', { isSubstitute: true }),
  ];
  expect(told('GB', boxing, 2026)).toEqual(['12-28 off confirmed']);
  expect(told('FR', boxing, 2026)).toEqual(['12-26 off confirmed', '12-28 off confirmed']);
  expect(told('GB', [day('2026-12-26', '12-26')], 2026)).toEqual(['12-26 off confirmed']);
  const across = [
    day('2028-01-01', '01-01 and if saturday then previous friday'),
    day('2027-12-31', '01-01 and if saturday then previous friday', { isSubstitute: true }),
  ];
  expect(told('US', across, 2027)).toEqual(['12-31 off confirmed']);
  expect(told('US', across, 2028)).toEqual([]);
});

test('two feasts on one day are one day off, and one that is certain makes it so', () => {
  const both = [day('2027-03-26', '1 Shawwal'), day('2027-03-26', 'easter -2')];
  expect(told('FR', both)).toEqual(['03-26 off confirmed']);
  const partly = day('2027-12-31', '12-31', { kind: 'half', halfUntilMinute: 720 });
  expect(told('FR', [partly, day('2027-12-31', '1 Rajab')])).toEqual(['12-31 off provisional']);
});

test('the Korean new year begins on its eve, and the list of the government is left alone', () => {
  const three = ['02-07', '02-08', '02-09'].map((on) => day(`2028-${on}`, 'korean 01-0-01 P3D'));
  expect(told('KR', three, 2028).map((text) => text.slice(0, 5))).toEqual([
    '02-06',
    '02-07',
    '02-08',
    '05-01',
  ]);
  const listed = day('2027-02-06', '설날 전날', { isAnnounced: true });
  expect(told('KR', [listed])).toEqual(['02-06 off confirmed']);
});

test('Brazil remembers Zumbi since 2024, by the law that says so', () => {
  const [zumbi] = publish([], { country: 'BR', subdivision: 'RS' }, 2024);
  expect(zumbi).toMatchObject({ day: '2024-11-20', status: 'confirmed', kind: 'off' });
  expect(zumbi?.source).toContain('14.759/2023');
  expect(told('BR', [], 2023)).toEqual([]);
});
