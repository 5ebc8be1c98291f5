/** What the operations on opportunities take and answer. */
import { z } from '@hono/zod-openapi';
import { opportunityStatuses } from '../../db/opportunities.ts';
import { assignmentKinds } from '../../domain/assignment/state.ts';
import { competencies } from '../../domain/people/competency.ts';
import { goal, goals, weeklyHoursMax } from '../assignments/schema.ts';
import { pageLimitByDefault, pageLimitMax } from '../cursor.ts';
import { locales } from '../../locales/catalogue.ts';
import { dayIn } from '../instants.ts';
import { repeated } from '../mistakes.ts';

export const titleLengthMax = 120;
export const descriptionLengthMax = 4_000;
const homeRegionsMax = 50;
const cursorLengthMax = 500;

export const opportunityParams = z.object({ id: z.uuid() });

const nounId = z.string().regex(/^[a-z0-9-]{1,63}$/);
const text = z.string().trim().min(1).max(descriptionLengthMax);
const isEach = (all: readonly string[]): boolean => new Set(all).size === all.length;

export const opportunityBody = z
  .strictObject({
    kind: z.enum(assignmentKinds),
    title: z.string().trim().min(1).max(titleLengthMax),
    description: text,
    prerequisites: text.optional(),
    hostRegion: nounId,
    hostManager: nounId,
    homeRegions: z.array(nounId).min(1).max(homeRegionsMax).refine(isEach, repeated),
    goals,
    weeklyHours: z.int().min(1).max(weeklyHoursMax),
    overlapHours: z.int().min(0).max(weeklyHoursMax),
    languages: z.array(z.enum(locales)).max(locales.length).refine(isEach, repeated),
    firstDay: dayIn,
    lastDay: dayIn,
  })
  .openapi('OpportunityDraft');

export const emptyBody = z.strictObject({}).openapi('OpportunityStep');

const named = z.object({ id: z.string(), name: z.string() });
const instant = z.iso.datetime();
const sentence = z.string().openapi({ description: 'In your language.' });

export const opportunityAnswer = z
  .object({
    id: z.uuid(),
    kind: z.enum(assignmentKinds),
    status: z.enum(opportunityStatuses),
    title: z.string().nullable(),
    description: z.string().nullable(),
    prerequisites: z.string().nullable(),
    hostRegion: named,
    hostManager: named,
    homeRegions: z.array(
      named.extend({
        sharedHours: z.number().openapi({ description: 'A week, by the usual hours of the two.' }),
        sentence,
      }),
    ),
    goals: z.array(goal),
    weeklyHours: z.int(),
    overlapHours: z.int(),
    languages: z.array(z.string()),
    firstDay: z.iso.date(),
    lastDay: z.iso.date(),
    reasons: z.array(sentence).openapi({ description: 'Why it would suit you.' }),
    interested: z.array(z.object({ person: named, since: instant })).openapi({
      description: 'Who would like to take it: all for its host, else yourself and yours.',
    }),
    draftedAt: instant,
    publishedAt: instant.nullable(),
    revision: z.int(),
  })
  .openapi('Opportunity');

export const opportunitiesQuery = z.object({
  status: z.enum(opportunityStatuses).default('published'),
  kind: z.enum(assignmentKinds).optional(),
  hostRegion: nounId.optional(),
  homeRegion: nounId.optional().openapi({ description: 'Whose people it is for.' }),
  hostManager: nounId.optional().openapi({ description: 'Who publishes it.' }),
  competency: z.enum(competencies).optional(),
  cursor: z.string().max(cursorLengthMax).optional(),
  limit: z.coerce.number().int().min(1).max(pageLimitMax).default(pageLimitByDefault),
});

export const opportunitiesAnswer = z
  .object({ items: z.array(opportunityAnswer), next: z.string().nullable() })
  .openapi('Opportunities');

export const suggestionsAnswer = z
  .object({
    items: z.array(
      z.object({
        person: named,
        reasons: z.array(z.string()).openapi({ description: 'Why, in your language.' }),
      }),
    ),
  })
  .openapi('Suggestions');
