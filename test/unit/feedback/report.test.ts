import { expect, test } from 'vitest';
import type { PersonId } from '../../../domain/id.ts';
import {
  type Answered,
  type KeptAnswer,
  ownSentence,
  type Rank,
  roundReport,
  seenSentence,
  viewSentence,
} from '../../../domain/feedback-round/report.ts';

const competency = 'cross-border-teamwork';
const subject = 'munich-lead' as PersonId;
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
  expect(told && viewSentence(told, { subject, isTheirs: true }).key).toBe(
    'feedbackRound.view.too_few',
  );
});

test('comments are in no order that tells who wrote first', () => {
  const answers = ['c', 'a', 'b'].map((comment) => answer('peers', 2, comment));
  expect(roundReport(answers, { peers: 3 })[0]?.groups[0]?.comments).toEqual(['a', 'b', 'c']);
});

const manyTold = {
  'at a level': { others: [2, 2, 2], sentence: 'seen.at', params: { level: 'intermediate' } },
  'between two, to the nearest half': {
    others: [1, 2, 1, 2, 2],
    sentence: 'seen.between',
    params: { lower: 'beginner', upper: 'intermediate' },
  },
  'at the highest': { others: [3, 3, 3, 3], sentence: 'seen.at', params: { level: 'advanced' } },
} as const;

test.each(Object.entries(manyTold))(
  'how the others see it is said in words, %s, and by how many',
  (_, { others, sentence, params }) => {
    const [told] = roundReport(peers(...others), { peers: others.length });
    const levels = Object.entries(params).map(([name, level]) => [
      name,
      { term: `competency.level.${level}` },
    ]);
    expect(told && seenSentence(told)).toEqual({
      key: `feedbackRound.${sentence}`,
      params: { ...Object.fromEntries(levels), answers: others.length },
    });
  },
);

test('a blind spot is said to the person as theirs, and by their name to whoever works on it with them', () => {
  const [told] = roundReport([answer('self', 3), ...peers(1, 2, 2)], { peers: 3 });
  const sentences = [true, false].map((isTheirs) => {
    const about = { subject, isTheirs };
    return [told && viewSentence(told, about), told && ownSentence(told, about)];
  });
  const named = { subject: { person: subject } };
  expect(sentences).toMatchObject([
    [{ key: 'feedbackRound.view.blind_spot' }, { key: 'feedbackRound.own.yours' }],
    [
      { key: 'feedbackRound.view_of.blind_spot', params: named },
      { key: 'feedbackRound.own.theirs', params: named },
    ],
  ]);
});

test('the manager, who answers and reads, is never one of the three: what is left of it is of three others', () => {
  const two = [answer('others', 1), ...peers(3, 3)];
  const seenOf = (answers: readonly KeptAnswer[], answered: Answered) =>
    roundReport(answers, answered)[0]?.groups.map(({ group, answers: n }) => `${group} ${n}`);
  expect(seenOf(two, { manager: 1, peers: 2 })).toEqual([]);
  expect(seenOf([...two, ...peers(1)], { manager: 1, peers: 3 })).toEqual(['others 4']);
  // Of a question that the manager may have left out nobody can tell, so that it counts as if not.
  expect(seenOf(peers(1, 2, 3), { manager: 1, peers: 3 })).toEqual([]);
  expect(seenOf(peers(1, 2, 3), { peers: 3 })).toEqual(['peers 3']);
});
