/** What the operations on assignments take and answer. */
import { z } from '@hono/zod-openapi';
import {
  accountsMax,
  assignmentKinds,
  assignmentStatuses,
  duties,
  goalsMax,
  lessonKinds,
  signerRoles,
} from '../../domain/assignment/state.ts';
import { milestoneKinds } from '../../domain/assignment/explain.ts';
import { competencies } from '../../domain/people/competency.ts';
import { competencyLevels } from '../../domain/people/competency-level.ts';
import { pageLimitByDefault, pageLimitMax } from '../cursor.ts';
import { dayIn, instantIn } from '../instants.ts';
import { daysReversed, moreThanWhole, repeated } from '../mistakes.ts';
import { acknowledgedFlags } from '../red-flags.ts';

export const textLengthMax = 4_000;
export const weeklyHoursMax = 60;
const staysMax = 100;

export const assignmentParams = z.object({ id: z.uuid() });

const nounId = z.string().regex(/^[a-z0-9-]{1,63}$/);
const onBehalfOf = nounId
  .optional()
  .openapi({ description: 'For whom, by a delegation that holds now.' });
const text = z.string().trim().min(1).max(textLengthMax);

export const goal = z.strictObject({
  competency: z.enum(competencies),
  level: z.enum(competencyLevels),
});
export const goals = z
  .array(goal)
  .min(1)
  .max(goalsMax)
  .refine((all) => new Set(all.map(({ competency }) => competency)).size === all.length, repeated);

export const termsShape = z
  .strictObject({
    firstDay: dayIn.openapi({
      description: 'Where it is spent; the first and the last both count.',
    }),
    lastDay: dayIn,
    weeklyHours: z.int().min(1).max(weeklyHoursMax),
    overlapHours: z
      .int()
      .min(0)
      .max(weeklyHoursMax)
      .openapi({ description: 'Of these, while the host works too.' }),
    goals,
    accounts: z
      .array(nounId)
      .max(accountsMax)
      .refine((all) => new Set(all).size === all.length, repeated)
      .openapi({ description: 'Of the participant, covered for as long as it lasts.' }),
    homeManager: nounId,
    hostManager: nounId,
  })
  .openapi('AssignmentTerms');

export const proposalBody = z
  .strictObject({
    onBehalfOf,
    kind: z.enum(assignmentKinds),
    participant: nounId,
    hostRegion: nounId,
    compliance: nounId
      .optional()
      .openapi({ description: 'Of shadowing: who says whether regulations allow it.' }),
    opportunity: z.uuid().optional(),
    terms: termsShape,
  })
  .openapi('AssignmentProposal');

export const plainBody = z.strictObject({ onBehalfOf }).openapi('AssignmentStep');
export const changeBody = z
  .strictObject({ onBehalfOf, terms: termsShape })
  .openapi('AssignmentChange');
export const reasonBody = z
  .strictObject({ onBehalfOf, text: text.optional() })
  .openapi('AssignmentReason');
export const textBody = z.strictObject({ onBehalfOf, text }).openapi('AssignmentText');
export const lessonBody = z
  .strictObject({ onBehalfOf, kind: z.enum(lessonKinds), text })
  .openapi('AssignmentLesson');
export const rateBody = z
  .strictObject({
    onBehalfOf,
    ratings: goals,
    text: text.openapi({ description: 'The evidence.' }),
    acknowledgedFlags,
  })
  .openapi('AssignmentRating');

const stay = z
  .strictObject({ firstDay: dayIn, lastDay: dayIn })
  .refine(({ firstDay, lastDay }) => firstDay <= lastDay, daysReversed);
export const dutyBody = z
  .strictObject({
    onBehalfOf,
    duty: z.enum(duties),
    stays: z.array(stay).max(staysMax).optional().openapi({
      description: 'Of mobility: your stays in the Schengen area; kept for you alone.',
    }),
  })
  .openapi('AssignmentDuty');

export const hoursBody = z
  .strictObject({
    day: dayIn,
    minutes: z.int().min(0).max(1440),
    overlapMinutes: z.int().min(0).max(1440),
  })
  .refine(({ minutes, overlapMinutes }) => overlapMinutes <= minutes, moreThanWhole)
  .openapi('AssignmentHours');

export const meetingBody = z
  .strictObject({
    minutes: z.int().min(15).max(240),
    from: instantIn.optional(),
    until: instantIn.optional().openapi({ description: 'Absent, two weeks after `from`.' }),
  })
  .openapi('AssignmentMeetingWish');

const named = z.object({ id: z.string(), name: z.string() });
const instant = z.iso.datetime();
const sentence = z.string().openapi({ description: 'In your language.' });

const termsAnswer = z.object({
  firstDay: z.iso.date(),
  lastDay: z.iso.date(),
  weeklyHours: z.int(),
  overlapHours: z.int(),
  goals: z.array(goal),
  accounts: z.array(named),
  homeManager: named,
  hostManager: named,
});

export const meetingAnswer = z.object({ from: instant, until: instant });

export const assignmentAnswer = z
  .object({
    id: z.uuid(),
    kind: z.enum(assignmentKinds),
    status: z.enum(assignmentStatuses),
    participant: named,
    homeRegion: named,
    hostRegion: named,
    compliance: named.nullable(),
    isApproved: z.boolean(),
    opportunity: z.uuid().nullable(),
    terms: termsAnswer
      .nullable()
      .openapi({ description: 'In force; null until all three signed.' }),
    pending: z
      .object({
        number: z.int(),
        terms: termsAnswer,
        signed: z.array(z.enum(signerRoles)),
        proposedAt: instant,
      })
      .nullable()
      .openapi({ description: 'What is to be signed.' }),
    gates: z.array(sentence).openapi({ description: 'What stands between it and its beginning.' }),
    duties: z.array(
      z.object({
        duty: z.enum(duties),
        isDone: z.boolean(),
        sentence,
        links: z.array(z.url()),
      }),
    ),
    mobility: sentence.nullable().openapi({ description: 'Of your own stay; null for others.' }),
    weeks: z
      .array(
        z.object({
          week: z.iso.date().openapi({ description: 'Its Monday.' }),
          minutes: z.int(),
          overlapMinutes: z.int(),
          sentence,
        }),
      )
      .openapi({ description: 'What was used of the hours that were agreed.' }),
    meetings: z.array(meetingAnswer),
    covers: z
      .array(meetingAnswer)
      .openapi({ description: 'Asked for by it, for the accounts of its terms.' }),
    lesson: z
      .object({ kind: z.enum(lessonKinds), text: z.string().nullable() })
      .nullable()
      .openapi({ description: 'For those who signed; null for others.' }),
    feedback: z
      .array(z.object({ role: z.enum(signerRoles), text: z.string().nullable() }))
      .openapi({ description: 'For those who signed, once it is closed.' }),
    milestones: z
      .array(z.object({ at: instant, kind: z.enum(milestoneKinds) }))
      .openapi({ description: 'As its picture shows them, the oldest first.' }),
    timeline: z.array(z.object({ at: instant, sentence })),
    proposedAt: instant,
    closedAt: instant.nullable(),
    revision: z.int(),
  })
  .openapi('Assignment');

export const explainAnswer = z.object({
  status: z.enum(assignmentStatuses),
  sentences: z.array(sentence),
});

export const previewAnswer = z.object({
  from: instant.openapi({ description: 'The first instant of the first day, where it is spent.' }),
  until: instant.openapi({ description: 'The first instant after the last day.' }),
  together: sentence.openapi({
    description: 'How many hours a week both work at the same time, beside what is asked for.',
  }),
  gates: z
    .array(sentence)
    .openapi({ description: 'What has yet to be done before it can be signed, or can begin.' }),
  course: z
    .array(z.object({ at: instant, sentence }))
    .openapi({ description: 'If all three signed at once, and nobody did anything then.' }),
});

export const assignmentsQuery = z.object({
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(pageLimitMax).default(pageLimitByDefault),
});

export const assignmentsAnswer = z
  .object({
    items: z.array(
      assignmentAnswer.pick({
        id: true,
        kind: true,
        status: true,
        participant: true,
        homeRegion: true,
        hostRegion: true,
        terms: true,
        proposedAt: true,
        closedAt: true,
        revision: true,
      }),
    ),
    next: z.string().nullable(),
  })
  .openapi('Assignments');
