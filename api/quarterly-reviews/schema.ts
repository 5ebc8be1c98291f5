/** What the operations on quarterly reviews take and answer. */
import { z } from '@hono/zod-openapi';
import { packSections } from '../../domain/quarterly-review/pack.ts';
import { actionsMax, reviewKinds, reviewStatuses } from '../../domain/quarterly-review/state.ts';
import { quarterPattern } from '../../domain/scorecard/quarter.ts';
import { pageLimitByDefault, pageLimitMax } from '../cursor.ts';
import { figure } from '../figures.ts';
import { dayIn, instantIn } from '../instants.ts';

export const textLengthMax = 2_000;

export const reviewParams = z.object({ id: z.uuid() });

const nounId = z.string().regex(/^[a-z0-9-]{1,63}$/);
const onBehalfOf = nounId
  .optional()
  .openapi({ description: 'For whom, by a delegation that holds now.' });
const text = z.string().trim().min(1).max(textLengthMax);

export const openBody = z
  .strictObject({
    onBehalfOf,
    region: nounId,
    team: nounId.optional().openapi({ description: 'Of a partner; absent, the region’s own.' }),
    quarter: z.string().regex(quarterPattern).openapi({ example: '2026-Q4' }),
  })
  .openapi('QuarterlyReviewOpening');
export const plainBody = z.strictObject({ onBehalfOf }).openapi('QuarterlyReviewStep');
export const moveBody = z
  .strictObject({
    onBehalfOf,
    from: instantIn.optional().openapi({
      description: 'When it begins; absent, the fairest time after the one proposed.',
    }),
  })
  .openapi('QuarterlyReviewMove');
export const actionBody = z
  .strictObject({ onBehalfOf, owner: nounId, day: dayIn, text })
  .openapi('QuarterlyReviewAction');
export const finishBody = z
  .strictObject({
    onBehalfOf,
    number: z.int().min(1).max(actionsMax),
    text: text.optional(),
  })
  .openapi('QuarterlyReviewActionDone');

export const reviewsQuery = z.object({
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(pageLimitMax).default(pageLimitByDefault),
});

const named = z.object({ id: z.string(), name: z.string() });
const instant = z.iso.datetime();

export const reviewSummary = z
  .object({
    id: z.uuid(),
    kind: z.enum(reviewKinds),
    region: named,
    team: named.nullable(),
    quarter: z.string(),
    status: z.enum(reviewStatuses),
    from: instant.openapi({ description: 'Of the meeting.' }),
    until: instant,
    openedAt: instant,
    closedAt: instant.nullable(),
    isHeld: z.boolean(),
    revision: z.int(),
  })
  .openapi('QuarterlyReviewSummary');

export const reviewAnswer = reviewSummary
  .extend({
    chair: named.openapi({ description: 'Leads it, and writes down what was agreed.' }),
    participants: z.array(named.extend({ hasConfirmed: z.boolean() })),
    agenda: z
      .array(
        z.object({
          section: z.enum(packSections),
          title: z.string(),
          figures: z.array(figure),
        }),
      )
      .openapi({ description: 'As it stood when the review began.' }),
    actions: z.array(
      z.object({
        number: z.int(),
        owner: named,
        day: z.iso.date(),
        text: z.string().nullable(),
        isOverdue: z.boolean(),
        isDone: z.boolean(),
      }),
    ),
    isConcluded: z.boolean(),
    timeline: z.array(z.object({ at: instant, sentence: z.string(), text: z.string().nullable() })),
  })
  .openapi('QuarterlyReview');

export const reviewsAnswer = z
  .object({ items: z.array(reviewSummary), next: z.string().nullable() })
  .openapi('QuarterlyReviews');

const sentence = z.string().openapi({ description: 'In your language.' });
export const explainAnswer = z.object({
  status: z.enum(reviewStatuses),
  sentences: z.array(sentence),
});
export const previewAnswer = z.object({
  chair: named,
  participants: z.array(named),
  from: instant.openapi({ description: 'Of the meeting: the time that costs them least.' }),
  until: instant,
  course: z
    .array(z.object({ at: instant, sentence }))
    .openapi({ description: 'If nobody answered.' }),
});
