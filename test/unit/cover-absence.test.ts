/** The days of an absence are covered whole and once: told hour by hour by another clock than our own. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { present } from '../../domain/assert.ts';
import { nextPiece, type Piece } from '../../domain/cover/absence.ts';
import { windowDaysMax } from '../../domain/cover/state.ts';
import { dayNumber, dayText } from '../../domain/time/calendar.ts';
import { proofSeed, proofSize } from '../support/proof.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Clocks that change at midnight, by half an hour, twice in the dark of a fast, or never. */
const zones = [
  'Europe/Berlin',
  'America/New_York',
  'America/Santiago',
  'America/Havana',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Asia/Beirut',
  'Asia/Kolkata',
  'Atlantic/Azores',
  'Australia/Lord_Howe',
];
const walls = new Map(
  zones.map((zone) => [zone, new Intl.DateTimeFormat('en-CA', { timeZone: zone })]),
);
/** Such as `2025-03-30`, by the clock of the runtime. */
const wallDay = (zone: string, at: number): string =>
  present(walls.get(zone), 'the clock').format(at);

const newYear = present(dayNumber('2024-01-01'), 'a day');
const absences = fc
  .tuple(fc.constantFrom(...zones), fc.integer({ min: 1, max: 400 }), fc.nat({ max: 200 }))
  .map(([zone, first, days]) => ({
    zone,
    firstDay: dayText(newYear + first),
    lastDay: dayText(newYear + first + days),
    coveredUntil: null,
    taken: [],
  }));

function piecesOf(absent: Parameters<typeof nextPiece>[0]): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let coveredUntil = absent.coveredUntil; pieces.length < 10;) {
    const piece = nextPiece({ ...absent, coveredUntil }, absent.lastDay);
    if (piece === null) return pieces;
    pieces.push(piece);
    coveredUntil = piece.window.until;
  }
  throw new Error('the pieces never end');
}

test('the pieces of an absence hold each of its hours once, and no other, whatever the clocks do', () => {
  fc.assert(
    fc.property(absences, (absent) => {
      const { zone, firstDay, lastDay } = absent;
      const windows = piecesOf(absent).map(({ window }) => window);
      const [from, until] = [Date.parse(firstDay) - 2 * dayMs, Date.parse(lastDay) + 3 * dayMs];
      for (let at = from; at < until; at += hourMs) {
        const day = wallDay(zone, at);
        const times = windows.filter((one) => one.from <= at && at < one.until).length;
        const expected = firstDay <= day && day <= lastDay ? 1 : 0;
        if (times !== expected) throw new Error(`${day}: ${new Date(at).toISOString()} ${times}`);
      }
      for (const window of windows) {
        expect(window.until - window.from).toBeLessThanOrEqual(windowDaysMax * dayMs);
        expect(wallDay(zone, window.from)).not.toBe(wallDay(zone, window.from - 1));
        expect(wallDay(zone, window.until)).not.toBe(wallDay(zone, window.until - 1));
      }
    }),
    { numRuns: proofSize(40, 4_000), seed: proofSeed },
  );
});

test('a piece that begins later is not asked for yet, nor is one of days that are promised', () => {
  fc.assert(
    fc.property(absences, fc.integer({ min: -30, max: 230 }), (absent, ahead) => {
      const first = present(dayNumber(absent.firstDay), 'a day');
      const until = dayText(first + ahead);
      const piece = nextPiece(absent, until);
      expect(piece === null).toBe(ahead < 0);
      if (piece === null) return;
      const last = { from: piece.window.until - 1, until: piece.window.until };
      const next = { from: piece.window.until, until: piece.window.until + dayMs };
      expect(nextPiece({ ...absent, taken: [last] }, until)).toBeNull();
      expect(nextPiece({ ...absent, taken: [next] }, until)).toEqual(piece);
    }),
    { numRuns: proofSize(100, 10_000), seed: proofSeed },
  );
});
