/** What the operations on fairness take and answer. */
import { z } from '@hono/zod-openapi';
import { groupSizeMin } from '../../domain/fairness/small-groups.ts';
import { figure, sentence } from '../figures.ts';

export const fairnessQuery = z.object({
  team: z
    .string()
    .regex(/^[a-z0-9-]{1,63}$/)
    .optional()
    .openapi({ description: 'Only the people of the region who are in this team.' }),
});

/** A larger group is asked about team by team. */
export const peopleShownMax = 500;

const since = z.iso.datetime().openapi({ description: 'What was asked after it counts.' });

const personShown = z.object({
  person: z.string(),
  name: z.string(),
  minutes: z.int(),
  restMinutes: z.int(),
  points: z.int(),
  sentence,
});

export const fairnessAnswer = z
  .object({
    region: z.string(),
    team: z.string().nullable(),
    since,
    isShown: z.boolean().openapi({
      description: `False for fewer than ${groupSizeMin} people, and for a team from which so few could be worked out.`,
    }),
    minutes: figure,
    restMinutes: figure,
    lowerQuartile: figure,
    median: figure,
    upperQuartile: figure,
    largestShare: figure,
    people: z
      .array(personShown)
      .nullable()
      .openapi({
        description: `For the regional manager and administrators, of a group that is shown; whoever bears most first, at most ${peopleShownMax}.`,
      }),
  })
  .openapi('Fairness');

export const ownFairnessAnswer = z
  .object({
    since,
    minutes: figure,
    restMinutes: figure,
    points: figure,
    asked: z
      .array(
        z.object({
          at: z.iso.datetime(),
          loop: z.string(),
          loopId: z.uuid(),
          kind: z.string().openapi({ example: 'handoff.read_back' }),
          minutes: z.int(),
          restMinutes: z.int(),
          points: z.int(),
          sentence,
        }),
      )
      .openapi({ description: 'The latest first, at most 200; the sums are of all.' }),
  })
  .openapi('OwnFairness');
