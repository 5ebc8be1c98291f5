/** What the operations on rounds of feedback take and answer. */
import { z } from '@hono/zod-openapi';
import { raterGroups, shownGroups } from '../../domain/feedback-round/groups.ts';
import { nomineesMax, raterStatuses, roundStatuses } from '../../domain/feedback-round/state.ts';

export const commentLengthMax = 2_000;
const competenciesMax = 9;
/** From the lowest; their ranks are 1 to 3. */
export const levels = ['beginner', 'intermediate', 'advanced'] as const;
export type Level = (typeof levels)[number];

export const roundParams = z.object({ id: z.uuid() });

const nounId = z.string().regex(/^[a-z0-9-]{1,63}$/);
const onBehalfOf = nounId
  .optional()
  .openapi({ description: 'For whom, by a delegation that holds now.' });
const day = z.iso.date().openapi({ example: '2026-12-18' });

export const startBody = z
  .strictObject({
    onBehalfOf,
    subject: nounId.openapi({ description: 'Whose work it is about.' }),
    closesOn: day.openapi({ description: 'The last day to answer, where the subject is.' }),
  })
  .openapi('FeedbackStart');

const nominee = z.strictObject({ person: nounId, group: z.enum(['peers', 'reports']) });
export const nomineesBody = z
  .strictObject({ onBehalfOf, nominees: z.array(nominee).max(nomineesMax) })
  .openapi('FeedbackNominees');

export const answerBody = z
  .strictObject({
    answers: z
      .array(
        z.strictObject({
          competency: z.string().regex(/^[a-z-]{1,63}$/),
          level: z.enum(levels),
          comment: z.string().trim().min(1).max(commentLengthMax).optional(),
        }),
      )
      .min(1)
      .max(competenciesMax),
  })
  .openapi('FeedbackAnswers');
export const ownBody = z.strictObject({}).openapi('FeedbackOwnStep');
export const plainBody = z.strictObject({ onBehalfOf }).openapi('FeedbackStep');

const named = z.object({ id: z.string(), name: z.string() });
const instant = z.iso.datetime();

export const roundAnswer = z
  .object({
    id: z.uuid(),
    subject: named,
    manager: named.openapi({ description: 'Settles who is asked, and is asked too.' }),
    status: z.enum(roundStatuses),
    closesAt: instant,
    closedAt: instant.nullable(),
    mine: z
      .object({ group: z.enum([...raterGroups, 'self']), status: z.enum(raterStatuses) })
      .nullable()
      .openapi({ description: 'What is asked of you, where something is.' }),
    nominees: z
      .array(z.object({ person: named, group: z.enum(['peers', 'reports']) }))
      .nullable()
      .openapi({ description: 'Null for whoever is only asked. Never who has answered.' }),
    timeline: z.array(z.object({ at: instant, sentence: z.string() })),
    isHeld: z.boolean(),
    revision: z.int(),
  })
  .openapi('FeedbackRound');

export const roundsAnswer = z
  .object({
    items: z.array(
      z.object({
        id: z.uuid(),
        subject: named,
        status: z.enum(roundStatuses),
        closesAt: instant,
        closedAt: instant.nullable(),
      }),
    ),
  })
  .openapi('FeedbackRounds');

export const reportAnswer = z
  .object({
    subject: named,
    asked: z.int(),
    answered: z.int().openapi({ description: 'Without oneself.' }),
    items: z.array(
      z.object({
        competency: z.string(),
        own: z.enum(levels).nullable(),
        others: z.number().nullable().openapi({
          description: 'Mean of ranks 1 to 3; null where fewer than three have answered.',
        }),
        view: z.enum(['blindSpot', 'hiddenStrength', 'agreed']).nullable(),
        seen: z.string().nullable().openapi({
          description: 'How the others see it together, in words; null as `others` is.',
        }),
        sees: z
          .string()
          .nullable()
          .openapi({ description: 'How the one it is about sees it, in words.' }),
        sentence: z.string().openapi({ description: 'What it means, in your language.' }),
        groups: z.array(
          z.object({
            group: z.enum(shownGroups),
            mean: z.number(),
            answers: z.int(),
            comments: z.array(z.string()),
          }),
        ),
      }),
    ),
  })
  .openapi('FeedbackReport');
