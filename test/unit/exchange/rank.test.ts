import { array, assert as check, constantFrom, integer, property, record } from 'fast-check';
import { expect, test } from 'vitest';
import { bestOffer, offerWay } from '../../../domain/exchange/offer.ts';
import { verdicts } from '../../../domain/exchange/practice.ts';
import { rankPractice, rankSentence, type Report } from '../../../domain/exchange/rank.ts';
import type { LoopId, RegionId } from '../../../domain/id.ts';

const region = (id: string) => id as RegionId;
const munich = { region: region('munich'), country: 'DE', locale: 'de' };
const places = {
  own: munich,
  country: { ...munich, region: region('hamburg') },
  language: { region: region('vienna'), country: 'AT', locale: 'de' },
  elsewhere: { region: region('osaka'), country: 'JP', locale: 'ja' },
} as const;
type Place = keyof typeof places;

const says = (verdict: Report['verdict'], place: Place, count = 1): Report => ({
  verdict,
  count,
  ...places[place],
});

// Worked out by hand from the formula that docs/exchange.md states.
test.each([
  ['nothing is known', [], 0],
  ['it worked in one’s own region: 100 × 4 ÷ 7', [says('worked', 'own')], 57],
  ['it worked in one’s country: 100 × 3 ÷ 6', [says('worked', 'country')], 50],
  ['it worked where one’s language is spoken: 100 × 2 ÷ 5', [says('worked', 'language')], 40],
  ['it worked elsewhere: 100 × 1 ÷ 4', [says('worked', 'elsewhere')], 25],
  ['it was tried: a quarter of that', [says('tried', 'elsewhere')], 6],
  ['it failed there and worked here', [says('worked', 'own'), says('failed', 'elsewhere')], 38],
  ['another country’s law says nothing here', [says('not_allowed', 'elsewhere')], 0],
  ['one’s own country’s law does: 100 × -3 ÷ 6', [says('not_allowed', 'country')], -50],
  ['five of them: 100 × 20 ÷ 23', [says('worked', 'own', 5)], 87],
] as const)('%s', (_, reports, points) => {
  expect(rankPractice(reports, munich).points).toBe(points);
});

const anyReport = record({
  verdict: constantFrom(...verdicts),
  place: constantFrom(...(Object.keys(places) as Place[])),
  count: integer({ min: 1, max: 9 }),
}).map(({ verdict, place, count }) => says(verdict, place, count));
const anyReports = array(anyReport, { maxLength: 8 });

test('points stay from -100 to 100, whatever order reports come in and however they are counted', () => {
  check(
    property(anyReports, (reports) => {
      const { points } = rankPractice(reports, munich);
      const one = reports.flatMap(({ count, ...report }) =>
        Array.from({ length: count }, () => ({ ...report, count: 1 })),
      );
      expect(Math.abs(points)).toBeLessThanOrEqual(100);
      expect(rankPractice(one.toReversed(), munich)).toEqual(rankPractice(reports, munich));
    }),
  );
});

test('a success never lowers it and a failure never raises it, and the nearer counts as much or more', () => {
  check(
    property(anyReports, (reports) => {
      const pointsWith = (verdict: Report['verdict'], place: Place) =>
        rankPractice([...reports, says(verdict, place)], munich).points;
      const { points } = rankPractice(reports, munich);
      expect(pointsWith('worked', 'elsewhere')).toBeGreaterThanOrEqual(points);
      expect(pointsWith('failed', 'elsewhere')).toBeLessThanOrEqual(points);
      expect(pointsWith('worked', 'own')).toBeGreaterThanOrEqual(pointsWith('worked', 'elsewhere'));
      expect(pointsWith('failed', 'own')).toBeLessThanOrEqual(pointsWith('failed', 'elsewhere'));
    }),
  );
});

test('each kind of report is a reason with its count, the nearest first', () => {
  const given = [says('worked', 'elsewhere', 2), says('failed', 'own'), says('worked', 'language')];
  const { reasons } = rankPractice(given, munich);
  expect(reasons).toEqual([
    { verdict: 'failed', closeness: 'region', count: 1 },
    { verdict: 'worked', closeness: 'language', count: 1 },
    { verdict: 'worked', closeness: 'elsewhere', count: 2 },
  ]);
  expect(reasons.map(rankSentence)[0]).toEqual({
    key: 'practice.reason',
    params: {
      verdict: { term: 'practice.verdict_of.failed' },
      where: { term: 'practice.where_of.region' },
      count: 1,
    },
  });
});

test('the best proven is offered, then the newest, and none that fails', () => {
  const of = (id: string, points: number, publishedAt = 0) => ({
    id: id as LoopId,
    points,
    publishedAt,
  });
  expect(bestOffer([])).toBeNull();
  expect(bestOffer([of('fails', -1, 9)])).toBeNull();
  expect(bestOffer([of('old', 0, 1), of('new', 0, 2), of('fails', -50, 3)])).toBe('new');
  expect(bestOffer([of('new', 0, 2), of('proven', 1, 1)])).toBe('proven');
});

test('only what begins a handoff or an assignment for its reader offers something', () => {
  expect(offerWay('handoff.offered')).toBe('handoff');
  expect(offerWay('assignment.begun')).toBe('assignment');
  expect(offerWay('handoff.reminder')).toBeNull();
  expect(offerWay('practice.asked')).toBeNull();
});
