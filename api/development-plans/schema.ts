/** What the operations on development plans take and answer. */
import { z } from '@hono/zod-openapi';
import {
  goalsMax,
  needs,
  planRoles,
  planStatuses,
  reviewDaysByDefault,
  reviewDaysMax,
  reviewDaysMin,
} from '../../domain/development-plan/state.ts';
import { competencies } from '../../domain/people/competency.ts';
import { competencyLevels } from '../../domain/people/competency-level.ts';
import { evidenceKinds } from '../../domain/people/evidence.ts';
import { proposalBody } from '../assignments/schema.ts';
import { pageLimitByDefault, pageLimitMax } from '../cursor.ts';
import { dayIn } from '../instants.ts';
import { acknowledgedFlags } from '../red-flags.ts';

export const textLengthMax = 4_000;

export const planParams = z.object({ id: z.uuid() });

const nounId = z.string().regex(/^[a-z0-9-]{1,63}$/);
const onBehalfOf = nounId
  .optional()
  .openapi({ description: 'For whom, by a delegation that holds now.' });
const text = z.string().trim().min(1).max(textLengthMax);
const competency = z.enum(competencies);
const level = z.enum(competencyLevels);
const once = (all: readonly { readonly competency: string }[]): boolean =>
  new Set(all.map((one) => one.competency)).size === all.length;

export const termsShape = z
  .strictObject({
    goals: z
      .array(z.strictObject({ competency, to: level }))
      .max(goalsMax)
      .refine(once)
      .optional()
      .openapi({ description: 'Absent, what the open gaps ask for, the largest first.' }),
    lastDay: dayIn.openapi({ description: 'Where the person is, the last one included.' }),
    reviewDays: z
      .int()
      .min(reviewDaysMin)
      .max(reviewDaysMax)
      .default(reviewDaysByDefault)
      .openapi({ description: 'Working days of the person from one review to the next.' }),
    coach: nounId.optional(),
  })
  .openapi('PlanTerms');

export const startBody = z
  .strictObject({ onBehalfOf, subject: nounId, terms: termsShape })
  .openapi('PlanStart');
export const changeBody = z.strictObject({ onBehalfOf, terms: termsShape }).openapi('PlanChange');
export const plainBody = z.strictObject({ onBehalfOf }).openapi('PlanStep');
export const reasonBody = z
  .strictObject({ onBehalfOf, text: text.optional() })
  .openapi('PlanReason');
export const textBody = z.strictObject({ onBehalfOf, text }).openapi('PlanText');
export const linkBody = z
  .strictObject({
    onBehalfOf,
    loop: z.uuid().openapi({ description: 'Of a budget request, or of an assignment.' }),
  })
  .openapi('PlanLink');
export const closeBody = z
  .strictObject({
    onBehalfOf,
    ratings: z
      .array(z.strictObject({ competency, level }))
      .max(goalsMax)
      .refine(once)
      .openapi({ description: 'At least of every goal that nobody has rated since both agreed.' }),
    evidence: z.enum(evidenceKinds),
    text: text.openapi({ description: 'What shows it.' }),
    acknowledgedFlags,
  })
  .openapi('PlanClose');
export const assignmentBody = proposalBody.omit({ participant: true }).openapi('PlanAssignment');

export const plansQuery = z.object({
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(pageLimitMax).default(pageLimitByDefault),
  stalled: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional()
    .openapi({ description: 'Only those in which nothing has happened for too long, or no such.' }),
});

const named = z.object({ id: z.string(), name: z.string() });
const instant = z.iso.datetime();
const sentence = z.string().openapi({ description: 'In your language.' });

const termsAnswer = z.object({
  goals: z.array(
    z.object({
      competency,
      from: level.nullable().openapi({ description: 'Null where nobody had rated it.' }),
      to: level,
      gap: z.uuid().nullable(),
    }),
  ),
  lastDay: z.iso.date(),
  reviewDays: z.int(),
  coach: named.nullable(),
});

export const planSummary = z
  .object({
    id: z.uuid(),
    subject: named,
    manager: named,
    coach: named.nullable(),
    status: z.enum(planStatuses),
    terms: termsAnswer.nullable().openapi({ description: 'In force; null until both agreed.' }),
    stalledAt: instant.nullable().openapi({ description: 'Since when it stands still.' }),
    startedAt: instant,
    closedAt: instant.nullable(),
    revision: z.int(),
  })
  .openapi('PlanSummary');

export const planAnswer = planSummary
  .extend({
    mapVersion: z.int().openapi({ description: 'Of the competency map that it goes by.' }),
    pending: z
      .object({ terms: termsAnswer, agreed: z.array(z.enum(planRoles)), proposedAt: instant })
      .nullable()
      .openapi({ description: 'What is to be agreed to.' }),
    missing: z.array(z.enum(needs)).openapi({ description: 'Of what each plan has one.' }),
    links: z.array(
      z.object({
        loop: z.uuid(),
        need: z.enum(needs),
        kind: z.string(),
        status: z.string(),
        sentence,
      }),
    ),
    rated: z
      .array(z.object({ competency, level }))
      .openapi({ description: 'Since both agreed, by whomever.' }),
    timeline: z.array(z.object({ at: instant, sentence, text: z.string().nullable() })),
  })
  .openapi('DevelopmentPlan');

export const plansAnswer = z
  .object({ items: z.array(planSummary), next: z.string().nullable() })
  .openapi('DevelopmentPlans');

export const explainAnswer = z.object({
  status: z.enum(planStatuses),
  sentences: z.array(sentence),
});
export const previewAnswer = z.object({
  terms: termsAnswer,
  course: z
    .array(z.object({ at: instant, sentence }))
    .openapi({ description: 'If both agreed at once, and nobody did anything then.' }),
});
