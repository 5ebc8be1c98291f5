import { expect, test } from 'vitest';
import {
  type KeptAnswer,
  type Rank,
  roundReport,
  viewSentence,
} from '../../../domain/feedback-round/report.ts';

const competency = 'cross-border-teamwork';
const answer = (group: KeptAnswer['group'], rank: Rank, comment: string | null = null) => ({
  group,
  competency,
  rank,
  comment,
});
const peers = (...ranks: readonly Rank[]) => ranks.map((rank) => answer('peers', rank));

const cases = {
  'a higher view of oneself is a blind spot': { own: 3, others: [2, 2, 2], view: 'blindSpot' },
  'a lower view of oneself is a hidden strength': {
    own: 1,
    others: [2, 2, 2],
    view: 'hiddenStrength',
  },
  'half a level is a difference': { own: 3, others: [2, 2, 3, 3], view: 'blindSpot' },
  'less than half a level is none': { own: 2, others: [2, 2, 3], view: 'agreed' },
} as const;

test.each(Object.entries(cases))('%s', (_, { own, others, view }) => {
  const answers = [answer('self', own), ...peers(...others)];
  const [told] = roundReport(answers, { peers: others.length });
  expect(told?.view).toBe(view);
});

test('a comment of a group that is too small is shown with nobody', () => {
  const answers = [...peers(1, 2), answer('reports', 3, 'I alone lead in Osaka.')];
  const [told] = roundReport(answers, { peers: 2, reports: 1 });
  expect(told?.groups).toMatchObject([{ group: 'others', answers: 3 }]);
  expect(roundReport(answers.slice(1), { peers: 1, reports: 1 })[0]?.groups).toEqual([]);
});

test('a question that fewer than three answered says nothing, even in a large group', () => {
  const answers = [answer('self', 3), ...peers(1, 1)];
  const [told] = roundReport(answers, { peers: 5 });
  expect(told).toMatchObject({ others: null, view: null, groups: [] });
  expect(told && viewSentence(told).key).toBe('feedbackRound.view.too_few');
});

test('comments are in no order that tells who wrote first', () => {
  const answers = ['c', 'a', 'b'].map((comment) => answer('peers', 2, comment));
  expect(roundReport(answers, { peers: 3 })[0]?.groups[0]?.comments).toEqual(['a', 'b', 'c']);
});
