/** What the operations on scorecards take and answer. */
import { z } from '@hono/zod-openapi';
import { scorecardKinds } from '../../domain/scorecard/figures.ts';
import { quarterPattern } from '../../domain/scorecard/quarter.ts';
import { figure, sentence } from '../figures.ts';

export const scorecardQuery = z.object({
  period: z
    .string()
    .regex(quarterPattern)
    .optional()
    .openapi({ description: 'A quarter; absent, the one that is now.', example: '2026-Q4' }),
});

const minutes = z.number().nullable();

export const scorecardAnswer = z
  .object({
    kind: z.enum(scorecardKinds),
    id: z.string(),
    name: z.string(),
    period: z.string().openapi({ example: '2026-Q4' }),
    from: z.iso.datetime(),
    until: z.iso.datetime(),
    isShown: z.boolean().openapi({ description: 'False where too few people stand behind it.' }),
    sentences: z.array(sentence).openapi({ description: 'What is counted.' }),
    handoffs: figure,
    bounced: figure,
    acceptMinutes: figure.openapi({ description: 'Median, in the receiver’s working minutes.' }),
    firstTime: figure.openapi({ description: 'Of those confirmed, from 0 to 1.' }),
    overdue: figure.openapi({ description: 'Now, whichever the period.' }),
    expected: z
      .object({
        value: minutes.openapi({ description: 'Median of four quarters; null under 8 handoffs.' }),
        low: minutes.openapi({ description: 'Between this and `high` lie eight of ten.' }),
        high: minutes,
        handoffs: z.int().nullable().openapi({ description: 'That it is known from.' }),
        sentence,
      })
      .openapi('ExpectedFigure'),
  })
  .openapi('Scorecard');
