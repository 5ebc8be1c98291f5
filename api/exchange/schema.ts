/** What looking for practices, and the balance of what is shared, take and answer. */
import { z } from '@hono/zod-openapi';
import { practiceKinds } from '../../domain/exchange/practice.ts';
import { competencies } from '../../domain/people/competency.ts';
import { quarterPattern } from '../../domain/scorecard/quarter.ts';
import { pageQuery } from '../directory/schema.ts';
import { figure, sentence } from '../figures.ts';

export const wordsLengthMax = 200;

export const searchQuery = pageQuery.extend({
  q: z.string().trim().max(wordsLengthMax).optional().openapi({
    description:
      'Words, all of which it has; "in quotation marks" one after the other, -without this. Absent, everything.',
    example: 'checklist implant',
  }),
  locale: z
    .string()
    .regex(/^[a-z]{2}(-[A-Z][A-Za-z]{1,3})?$/)
    .optional()
    .openapi({
      description: 'Looks in this language; absent, in yours, your region’s and English.',
    }),
  product: z.string().min(1).max(63).optional(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional()
    .openapi({ description: 'Cleared there too, beside your own country.', example: 'JP' }),
  competency: z.enum(competencies).optional(),
  kind: z.enum(practiceKinds).optional(),
});

export const foundAnswer = z
  .object({
    items: z.array(
      z
        .object({
          id: z.uuid(),
          title: z.string(),
          locale: z.string().openapi({ description: 'Of the title, and of the text on its page.' }),
          isFallback: z.boolean().openapi({ description: 'Not your own language.' }),
          kind: z.enum(practiceKinds),
          competency: z.enum(competencies),
          products: z.array(z.string()),
          publishedAt: z.iso.datetime(),
        })
        .openapi('FoundPractice'),
    ),
    next: z.string().nullable().openapi({ description: 'Null on the last page.' }),
  })
  .openapi('FoundPractices');

export const balanceQuery = z.object({
  period: z
    .string()
    .regex(quarterPattern)
    .optional()
    .openapi({ description: 'A quarter; absent, the one that is now.', example: '2026-Q4' }),
});

export const recognitionQuery = pageQuery.extend({
  period: balanceQuery.shape.period,
  person: z.string().min(1).max(63).optional().openapi({ description: 'Of one person alone.' }),
});

export const recognitionAnswer = z
  .object({
    period: z.string().openapi({ example: '2026-Q4' }),
    sentences: z.array(sentence).openapi({ description: 'What is counted.' }),
    items: z.array(
      z
        .object({
          person: z.object({ id: z.string(), name: z.string() }),
          wins: figure.openapi({ description: 'Practices from something that worked.' }),
          failures: figure.openapi({ description: 'Practices from something that failed.' }),
        })
        .openapi('Recognition'),
    ),
    next: z.string().nullable().openapi({ description: 'Null on the last page.' }),
  })
  .openapi('Recognitions');

export const translationsAnswer = z
  .object({
    period: z.string().openapi({ example: '2026-Q4' }),
    sentences: z.array(sentence).openapi({ description: 'What is counted.' }),
    regions: z.array(
      z
        .object({
          region: z.object({ id: z.string(), name: z.string() }),
          isOn: z.boolean().openapi({ description: 'A machine is asked for proposals there.' }),
          sentence,
          machineUnchanged: figure.openapi({ description: 'Approved as a machine proposed them.' }),
          machineEdited: figure.openapi({ description: 'Approved in other words than its.' }),
          machineRefused: figure,
          machineHours: figure.openapi({ description: 'Median until approval.' }),
          personApproved: figure.openapi({ description: 'Begun and approved without a machine.' }),
          personRefused: figure,
          personHours: figure.openapi({ description: 'Median until approval.' }),
        })
        .openapi('RegionTranslations'),
    ),
  })
  .openapi('Translations');

export const balanceAnswer = z
  .object({
    period: z.string().openapi({ example: '2026-Q4' }),
    sentences: z.array(sentence).openapi({ description: 'What is counted.' }),
    markets: z.array(
      z
        .object({
          region: z.object({ id: z.string(), name: z.string() }),
          isShown: z
            .boolean()
            .openapi({ description: 'False where too few people stand behind it.' }),
          gave: figure.openapi({
            description: 'Practices of its people, published in the quarter.',
          }),
          received: figure.openapi({ description: 'Practices of others that reached its people.' }),
          tried: figure.openapi({
            description: 'Practices of others that its people said something of.',
          }),
          prompt: z
            .object({
              sentence,
              coach: z.object({ id: z.string(), name: z.string() }).nullable(),
            })
            .nullable()
            .openapi({ description: 'For a market that only receives.' }),
        })
        .openapi('MarketBalance'),
    ),
  })
  .openapi('ExchangeBalance');
