/** What the operations on what people can do take and answer. */
import { z } from '@hono/zod-openapi';
import { competencies } from '../../domain/people/competency.ts';
import { competencyLevels } from '../../domain/people/competency-level.ts';
import { evidenceKinds } from '../../domain/people/evidence.ts';
import { sentence } from '../figures.ts';
import { acknowledgedFlags } from '../red-flags.ts';

const evidenceLettersMax = 2_000;

export const level = z.enum(competencyLevels);
export const competency = z.enum(competencies);
export const named = z.object({ id: z.string(), name: z.string() });
const instant = z.iso.datetime();

export const rating = z.strictObject({
  competency,
  level,
  evidenceKind: z.enum(evidenceKinds).openapi({ description: 'By what it can be seen.' }),
  text: z
    .string()
    .trim()
    .min(1)
    .max(evidenceLettersMax)
    .openapi({ description: 'What was seen: no rating is without its evidence.' }),
});
export const ratings = z
  .array(rating)
  .max(competencies.length)
  .openapi({ description: 'Each competency once.' });

export const ratingsBody = z
  .strictObject({ ratings: ratings.min(1), acknowledgedFlags })
  .openapi('CompetencyRatings');

export const mapQuery = z.object({
  version: z.coerce.number().int().min(1).max(1_000_000).optional().openapi({
    description: 'Such as an audit goes by; absent, the one that counts now.',
  }),
});

export const mapAnswer = z
  .object({
    version: z.int(),
    validFrom: z.iso.date(),
    isOurs: z.boolean().openapi({
      description: 'The product’s own; false for one that your organisation wrote.',
    }),
    items: z.array(
      z.object({
        competency,
        name: z.string().openapi({ description: 'In your language.' }),
        levels: z.array(
          z.object({
            level,
            name: z.string(),
            text: z.string().openapi({ description: 'What can be observed.' }),
            locale: z.string().openapi({
              description: 'Of the text: another than yours where it is not translated.',
            }),
          }),
        ),
      }),
    ),
  })
  .openapi('CompetencyMap');

export const gap = z.object({
  competency,
  level: level.nullable().openapi({ description: 'Null where nobody has rated it yet.' }),
  target: level,
  sentence,
});

export const growthAnswer = z
  .object({
    person: named,
    items: z.array(
      z.object({
        competency,
        target: level.nullable().openapi({ description: 'Null where nothing is asked.' }),
        level: level.nullable().openapi({ description: 'What was rated last.' }),
        history: z
          .array(
            z.object({
              level,
              at: instant,
              by: named,
              evidenceKind: z.enum(evidenceKinds),
              evidence: z.string().nullable().openapi({ description: 'Null once erased.' }),
              mapVersion: z.int(),
              loop: z.object({ id: z.uuid(), loop: z.string() }).nullable(),
            }),
          )
          .openapi({ description: 'The latest first.' }),
      }),
    ),
    gaps: z.array(gap).openapi({ description: 'Open ones, as audits found them.' }),
  })
  .openapi('Growth');
