import { expect, test } from 'vitest';
import { locales } from '../../../locales/catalogue.ts';
import { phrase, recipientFor } from '../../../locales/render.ts';

/** 17:05 in Tokyo, 09:05 in Berlin. */
const at = { instant: Date.UTC(2027, 0, 4, 8, 5), alsoZone: 'Europe/Berlin', alsoName: 'Anna' };

test.for(locales)('%s shows both clocks with the hours that a person chose', (locale) => {
  const shown = (hourCycle: 'h12' | 'h23' | null): string =>
    phrase('page.at', { at }, recipientFor({ locale, zone: 'Asia/Tokyo', hourCycle }));
  expect(shown('h23')).toMatch(/17:05.*09:05/s);
  expect(shown('h12')).toMatch(/5:05.*9:05/s);
  expect(shown('h12')).not.toContain('17:05');
  expect(shown(null)).toBe(phrase('page.at', { at }, recipientFor({ locale, zone: 'Asia/Tokyo' })));
});
