import { describe, expect, test } from 'vitest';
import { dayNumber } from '../../../domain/time/calendar.ts';
import { isZone, offsetMsAt, wallTime, zones } from '../../../domain/time/zone.ts';
import { instant, shown } from './weeks.ts';

describe('a zone', () => {
  test.each(['Europe/Berlin', 'Asia/Kolkata', 'America/Argentina/Ushuaia', 'UTC', 'Etc/GMT+5'])(
    '%s is known',
    (id) => {
      expect(isZone(id)).toBe(true);
    },
  );

  test.each(['Europe/Munchen', '+02:00', 'europe/berlin', 'CEST?', '', ' UTC', 'A'.repeat(100)])(
    '%j is not one',
    (id) => {
      expect(isZone(id)).toBe(false);
    },
  );

  test('two changes of clocks within one week are both found', () => {
    const around = zones.segments(
      'America/Boa_Vista',
      instant('2000-10-01'),
      instant('2000-11-01'),
    );
    expect(around.map(({ from, offsetMs }) => [shown(from), offsetMs / 3_600_000])).toEqual([
      ['2000-10-01T00:00Z', -4],
      ['2000-10-08T04:00Z', -3],
      ['2000-10-15T03:00Z', -4],
    ]);
  });

  test('segments cover what was asked without a gap, and neighbours differ', () => {
    const [from, until] = [instant('1971-05-05'), instant('2099-05-05')];
    const found = zones.segments('Australia/Lord_Howe', from, until);
    expect(found[0]?.from).toBe(from);
    expect(found.at(-1)?.until).toBe(until);
    for (const [index, next] of found.slice(1).entries()) {
      expect(next.from).toBe(found[index]?.until);
      expect(next.offsetMs).not.toBe(found[index]?.offsetMs);
    }
  });
});

describe('wall time', () => {
  test('an offset with seconds is exact', () => {
    expect(offsetMsAt('Africa/Monrovia', 0)).toBe(-(44 * 60 + 30) * 1_000);
    expect(wallTime(0, 'Africa/Monrovia')).toEqual({ day: -1, minute: 1395, offsetMs: -2_670_000 });
  });

  test('the day that Samoa skipped is on no clock', () => {
    const before = wallTime(instant('2011-12-30T09:59:00Z'), 'Pacific/Apia');
    const after = wallTime(instant('2011-12-30T10:00:00Z'), 'Pacific/Apia');
    expect(before).toMatchObject({ day: dayNumber('2011-12-29'), minute: 1439 });
    expect(after).toMatchObject({ day: dayNumber('2011-12-31'), minute: 0 });
  });

  test('instants beyond the horizon still have an offset', () => {
    expect(offsetMsAt('Asia/Tokyo', instant('1960-01-01'))).toBe(9 * 3_600_000);
    expect(offsetMsAt('Asia/Tokyo', instant('2150-01-01'))).toBe(9 * 3_600_000);
  });
});
