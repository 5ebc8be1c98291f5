import { expect, test } from 'vitest';
import { type Counted, historyMin, scorecardOf } from '../../../domain/scorecard/figures.ts';

const counted: Counted = {
  handoffs: 20,
  bounced: 2,
  acceptMedian: 61.5,
  confirmed: 16,
  firstTime: 12,
  people: 6,
  history: { handoffs: 40, people: 7, median: 60.4, low: 12, high: 410.6 },
  overdue: { actions: 3, owners: 5 },
};
const few = (changes: Partial<Counted>): Counted => ({ ...counted, ...changes });

test('every number comes with a sentence that says it', () => {
  const { figures, expected } = scorecardOf(counted, 'region');
  expect(figures).toEqual({
    handoffs: { value: 20, sentence: { key: 'scorecard.handoffs', params: { handoffs: 20 } } },
    bounced: { value: 2, sentence: { key: 'scorecard.bounced', params: { handoffs: 2 } } },
    acceptMinutes: {
      value: 61.5,
      sentence: { key: 'scorecard.acceptMinutes', params: { minutes: 62 } },
    },
    firstTime: { value: 0.75, sentence: { key: 'scorecard.firstTime', params: { percent: 75 } } },
    overdue: { value: 3, sentence: { key: 'scorecard.overdue', params: { actions: 3 } } },
  });
  expect(expected).toEqual({
    value: 60.4,
    low: 12,
    high: 410.6,
    handoffs: 40,
    sentence: {
      key: 'scorecard.expected',
      params: { median: 60, low: 12, high: 411, handoffs: 40 },
    },
  });
});

test.for(['region', 'team'] as const)(
  'of a %s, what four people stand behind is hidden',
  (kind) => {
    const card = scorecardOf(few({ people: 4 }), kind);
    const { overdue, ...ofHandoffs } = card.figures;
    expect(card.isShown).toBe(false);
    for (const figure of Object.values(ofHandoffs)) {
      expect(figure).toMatchObject({ value: null, sentence: { key: 'fairness.hidden' } });
    }
    expect(overdue.value).toBe(3);
    const owners = scorecardOf(few({ overdue: { actions: 3, owners: 4 } }), kind);
    expect(owners.figures.overdue.value).toBeNull();
    const history = scorecardOf(few({ history: { ...counted.history, people: 4 } }), kind);
    expect(history.expected).toEqual({
      value: null,
      low: null,
      high: null,
      handoffs: null,
      sentence: { key: 'fairness.hidden', params: { people: 5 } },
    });
  },
);

test('of an account nothing is hidden: its reader may see each handoff that is counted', () => {
  const card = scorecardOf(few({ people: 1, overdue: { actions: 3, owners: 1 } }), 'account');
  expect([card.isShown, card.figures.handoffs.value, card.figures.overdue.value]).toEqual([
    true,
    20,
    3,
  ]);
});

test('without handoffs there is no share and no median, and no history for an estimate', () => {
  const card = scorecardOf(
    {
      handoffs: 0,
      bounced: 0,
      acceptMedian: null,
      confirmed: 0,
      firstTime: 0,
      people: 0,
      history: { handoffs: 0, people: 0, median: null, low: null, high: null },
      overdue: { actions: 0, owners: 0 },
    },
    'region',
  );
  expect(card.isShown).toBe(true);
  expect(card.figures.acceptMinutes.sentence.key).toBe('scorecard.noneAccepted');
  expect(card.figures.firstTime.sentence.key).toBe('scorecard.noneConfirmed');
  expect(card.expected.sentence).toEqual({
    key: 'scorecard.tooFew',
    params: { handoffs: 0, needed: historyMin },
  });
});

test('seven handoffs are not enough history, eight are', () => {
  const expectedOf = (handoffs: number) =>
    scorecardOf(few({ history: { ...counted.history, handoffs } }), 'region').expected.value;
  expect([expectedOf(historyMin - 1), expectedOf(historyMin)]).toEqual([null, 60.4]);
});
