/** Winnipeg stopped changing its clocks in 2026, which not every runtime knows. */
import { describe, expect, test } from 'vitest';
import { localTime } from '../../../api/local-time.ts';
import { locales } from '../../../locales/catalogue.ts';
import { phraseHtml, recipientFor } from '../../../locales/render.ts';
import { calendarOf, everyDay } from '../time/weeks.ts';
import { openCalendar } from '../../../domain/time/working-time.ts';

const zone = 'America/Winnipeg';
const midnight = Date.parse('2027-01-15T05:00Z');
const clock = openCalendar(calendarOf(zone, everyDay([540, 1020])));
const nine = Number(clock.nextWorking(midnight));

describe('a deadline at nine in Winnipeg', () => {
  test('is shown as nine, with the offset it is computed with', () => {
    const shown = phraseHtml(
      'page.at',
      { at: { instant: nine } },
      recipientFor({ locale: 'en', zone }),
    );
    expect(new Date(nine).toISOString()).toBe('2027-01-15T14:00:00.000Z');
    expect(shown).toMatch(/January 15, 2027 at 9:00 AM.*Central Time.*UTC-05:00/);
    expect(localTime(nine, zone)).toBe('2027-01-15T09:00-05:00[America/Winnipeg]');
  });

  test.each(locales)(
    'is named in %s without saying that it were summer or winter time',
    (locale) => {
      const shown = (at: number, place: string): string =>
        phraseHtml('page.at', { at: { instant: at } }, recipientFor({ locale, zone: place }));
      const named = (place: string): string =>
        new Intl.DateTimeFormat(locale, { timeZone: place, timeZoneName: 'long' })
          .formatToParts(nine)
          .find(({ type }) => type === 'timeZoneName')?.value ?? '';
      expect(shown(nine, zone)).not.toContain(named('America/Chicago'));
    },
  );
});
