import { createRoute, type z } from '@hono/zod-openapi';
import { keptAnswers } from '../../db/feedback.ts';
import { may } from '../../domain/authority.ts';
import {
  type CompetencyView,
  roundReport,
  viewSentence,
} from '../../domain/feedback-round/report.ts';
import type { LoopId } from '../../domain/id.ts';
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
  if (!may(actor, 'feedback.report', subject)) throw new Refusal(problem('request.not_found'));
  if (row.status !== 'closed') throw new Refusal(problem('feedback.still_open'));
  const answered = row.answered ?? {};
  const items = roundReport(await keptAnswers(parts.db, id), answered);
  const sentences = await parts.tell(actor.id, items.map(viewSentence));
  const asked = row.state.raters.filter(
    ({ status, group }) => status !== 'waiting' && group !== 'self',
  );
  return {
    subject: row.subject,
    asked: asked.length,
    answered: Object.values(answered).reduce((sum, count) => sum + count, 0),
    items: items.map((item, index) => ({ ...shown(item), sentence: sentences[index] ?? '' })),
  };
}

const shown = ({ own, groups, ...item }: CompetencyView) => ({
  ...item,
  own: own === null ? null : (levels[own - 1] ?? null),
  groups: groups.map(({ comments, ...group }) => ({ ...group, comments: [...comments] })),
});
