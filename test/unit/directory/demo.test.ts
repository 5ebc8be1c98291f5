import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readDirectory, readJson } from '../../../api/directory/file.ts';
import { vocabulary } from '../../../api/directory/vocabulary.ts';
import type { Directory } from '../../../domain/directory/directory.ts';

const text = readFileSync(new URL('../../../bin/demo/organisation.json', import.meta.url), 'utf8');
const read = readDirectory(readJson(text), vocabulary);
if (!read.ok) throw new Error(`the demo has mistakes: ${JSON.stringify(read.errors)}`);
const entries = <N extends keyof Directory>(noun: N) =>
  (read.directory[noun] ?? []).map((row) => row.value) as NonNullable<
    Directory[N]
  >[number]['value'][];

const people = entries('people');
const person = (id: string) => people.find((one) => one.id === id)!;
const regionOf = (id: string) => entries('regions').find((one) => one.id === person(id).region)!;
const localeOf = (id: string) => person(id).locale ?? regionOf(id).locale;

describe('the demo organisation', () => {
  test('has neither mistakes nor oddities', () => {
    expect(read).toMatchObject({ ok: true, warnings: [] });
  });

  test('spans eight countries, five languages, 24 people and six accounts', () => {
    const zones = new Set(people.map(({ zone }) => zone));
    expect(zones.size).toBeGreaterThanOrEqual(8);
    expect(people.length).toBeGreaterThanOrEqual(24);
    expect(entries('accounts').length).toBeGreaterThanOrEqual(6);
    expect([...new Set(people.map(({ id }) => localeOf(id)))].sort()).toEqual([
      'ar',
      'de',
      'en',
      'ja',
      'pt-BR',
    ]);
  });

  test('has a week from Sunday to Thursday, a night shift and a partner', () => {
    const weeks = entries('weeks');
    const days = (week: (typeof weeks)[number]) => Object.keys(week).filter((key) => key !== 'id');
    expect(days(weeks.find(({ id }) => id === regionOf('riyadh-lead').week)!)).toEqual([
      'mon',
      'tue',
      'wed',
      'thu',
      'sun',
    ]);
    expect(weeks.find(({ id }) => id === person('manila-night-duty').week)!.mon).toEqual([
      '22:00-06:00',
    ]);
    expect(entries('teams').filter(({ kind }) => kind === 'partner')).toHaveLength(1);
  });

  test.each([
    ['berlin-lead', 'Europe/Berlin', 'de', 'berlin-manager'],
    ['tokyo-lead', 'Asia/Tokyo', 'ja', 'tokyo-manager'],
    ['new-york-lead', 'America/New_York', 'en', 'new-york-manager'],
    ['sao-paulo-lead', 'America/Sao_Paulo', 'pt-BR', 'sao-paulo-manager'],
    ['riyadh-lead', 'Asia/Riyadh', 'ar', 'riyadh-manager'],
    ['london-lead', 'Europe/London', 'en', 'london-manager'],
  ])('has %s, in %s, reading %s, below %s, with a backup', (id, zone, locale, manager) => {
    expect(person(id)).toMatchObject({ zone, manager, backup: expect.any(String) });
    expect(localeOf(id)).toBe(locale);
  });

  test('names the source of each holiday, and calls those of the moon provisional', () => {
    const holidays = entries('holidays');
    expect(holidays.filter(({ source }) => source.trim() === '')).toEqual([]);
    const moon = holidays.filter(({ name }) => /عيد|Eid|Hari Raya/.test(name));
    expect(moon.length).toBeGreaterThan(8);
    expect(moon.filter(({ status }) => status !== 'provisional')).toEqual([]);
    for (const region of entries('regions')) {
      const days = holidays.filter((holiday) => holiday.region === region.id);
      expect(days.some(({ day }) => day.startsWith('2027'))).toBe(true);
    }
  });
});
