import { createRoute, type z } from '@hono/zod-openapi';
import { isCorrection, ledgerSince, ownLedger } from '../../db/fairness.ts';
import { present } from '../../domain/assert.ts';
import { dayOf, figure } from '../../domain/fairness/figures.ts';
import type { Asked } from '../directory/parts.ts';
import { tellFigures } from '../figures.ts';
import type { WorkingTimeParts } from '../working-time/parts.ts';
import { ownFairnessAnswer } from './schema.ts';

export const readOwnFairnessRoute = createRoute({
  method: 'get',
  path: '/me/fairness',
  operationId: 'readOwnFairness',
  tags: ['working time'],
  summary: 'What was asked of you outside your hours, and what asked it',
  responses: {
    200: {
      description: 'Of the last 90 days, and of what is agreed already.',
      content: { 'application/json': { schema: ownFairnessAnswer } },
    },
  },
});

export async function readOwnFairness(
  parts: WorkingTimeParts,
  { actor }: Pick<Asked<unknown>, 'actor'>,
): Promise<z.input<typeof ownFairnessAnswer>> {
  const at = parts.clock.now();
  const { minutes, restMinutes, points, asked } = await ownLedger(parts.db, actor.id, at);
  const since = dayOf(ledgerSince(at));
  const sentences = await parts.tell(
    actor.id,
    asked.map((row) => ({
      key: isCorrection(row) ? 'fairness.mine.corrected' : 'fairness.mine.asked',
      params: { at: { instant: row.at }, minutes: row.outsideMinutes, rest: row.restMinutes },
    })),
  );
  return {
    since: new Date(ledgerSince(at)).toISOString(),
    ...(await tellFigures(parts, actor.id, {
      minutes: figure(minutes, 'fairness.mine.minutes', { since, minutes }),
      restMinutes: figure(restMinutes, 'fairness.mine.rest', { minutes: restMinutes }),
      points: figure(points, 'fairness.mine.points', { points }),
    })),
    asked: asked.map((row, index) => ({
      at: new Date(row.at).toISOString(),
      loop: row.loopName,
      loopId: row.loop,
      kind: row.kind,
      minutes: row.outsideMinutes,
      restMinutes: row.restMinutes,
      points: row.points,
      sentence: present(sentences[index], 'the sentence'),
    })),
  };
}
