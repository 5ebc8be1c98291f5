import { createRoute, type z } from '@hono/zod-openapi';
import { keptAnswers } from '../../db/feedback.ts';
import { may } from '../../domain/authority.ts';
import {
  type CompetencyView,
  ownSentence,
  roundReport,
  seenSentence,
  viewSentence,
} from '../../domain/feedback-round/report.ts';
import type { RoundState } from '../../domain/feedback-round/state.ts';
import type { LoopId, PersonId } from '../../domain/id.ts';
import type { Sentence } from '../../domain/loop.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { Asked } from '../directory/parts.ts';
import type { FeedbackParts } from './parts.ts';
import { seenRound } from './present.ts';
import { levels, reportAnswer, roundParams } from './schema.ts';

export const readReportRoute = createRoute({
  method: 'get',
  path: '/feedback-rounds/{id}/report',
  operationId: 'readFeedbackReport',
  tags: ['feedback'],
  summary: 'What a closed round says, competency by competency',
  description: 'Nothing before it is closed, and nothing about fewer than three answers.',
  request: { params: roundParams },
  responses: {
    200: {
      description: 'With a sentence for each competency.',
      content: { 'application/json': { schema: reportAnswer } },
    },
  },
});

export type Report = z.input<typeof reportAnswer>;

export async function readReport(
  parts: FeedbackParts,
  { actor, input }: Asked<{ readonly id: string }>,
): Promise<Report> {
  const id = input.id as LoopId;
  const { row, subject } = await seenRound(parts, actor, id);
  // What one may not read is not there, whether it is closed or not.
  if (!may(actor, 'feedback.report', subject) || isOneOfThem(row.state, actor.id)) {
    throw new Refusal(problem('request.not_found'));
  }
  if (row.status !== 'closed') throw new Refusal(problem('feedback.still_open'));
  const answered = row.answered ?? {};
  const items = roundReport(await keptAnswers(parts.db, id), answered);
  const about = { subject: row.subject.id, isTheirs: actor.id === row.subject.id };
  const meant = items.map((item) => viewSentence(item, about));
  const sentences = await parts.tell(actor.id, meant);
  const seen = await told(parts, actor.id, items.map(seenSentence));
  const sees = await told(
    parts,
    actor.id,
    items.map((item) => ownSentence(item, about)),
  );
  const asked = row.state.raters.filter(
    ({ status, group }) => status !== 'waiting' && group !== 'self',
  );
  return {
    subject: row.subject,
    asked: asked.length,
    answered: Object.values(answered).reduce((sum, count) => sum + count, 0),
    items: items.map((item, index) => ({
      ...shown(item),
      seen: seen[index] ?? null,
      sees: sees[index] ?? null,
      sentence: sentences[index] ?? '',
    })),
  };
}

/** A colleague who has answered knows one of the answers: by no office do they read the others'. */
const isOneOfThem = ({ raters }: RoundState, person: PersonId): boolean =>
  raters.some(
    (rater) =>
      rater.person === person &&
      rater.status === 'answered' &&
      (rater.group === 'peers' || rater.group === 'reports'),
  );

/** Null stays null. */
async function told(
  { tell }: FeedbackParts,
  reader: PersonId,
  sentences: readonly (Sentence | null)[],
): Promise<readonly (string | null)[]> {
  const said = [
    ...(await tell(
      reader,
      sentences.flatMap((one) => one ?? []),
    )),
  ];
  return sentences.map((one) => (one === null ? null : (said.shift() ?? '')));
}

const shown = ({ own, groups, ...item }: CompetencyView) => ({
  ...item,
  own: own === null ? null : (levels[own - 1] ?? null),
  groups: groups.map(({ comments, ...group }) => ({ ...group, comments: [...comments] })),
});
