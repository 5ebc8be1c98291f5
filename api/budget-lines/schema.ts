/** What the operations on budget lines take and answer. Amounts are decimals as text, never numbers. */
import { z } from '@hono/zod-openapi';
import { pageQuery } from '../directory/schema.ts';

const regionId = z.string().regex(/^[a-z0-9-]{1,63}$/);
const amountLettersMax = 40;
const amount = z
  .string()
  .max(amountLettersMax)
  .openapi({ description: 'With the decimal places of the currency.', example: '25000.00' });
const currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .openapi({ example: 'EUR' });
const [yearMin, yearMax] = [2000, 2100];
const year = z.int().min(yearMin).max(yearMax);
const purpose = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,63}$/)
  .openapi({ example: 'leadership' });
const reasonLengthMax = 500;

export const lineParams = z.object({ id: z.uuid() });

export const linesQuery = pageQuery.extend({
  region: regionId.optional(),
  year: z.coerce.number().pipe(year).optional(),
});

export const lineBody = z
  .strictObject({
    region: regionId,
    year: year.openapi({ description: 'Named after the year in which it begins there.' }),
    purpose,
    isRingFenced: z
      .boolean()
      .default(false)
      .openapi({ description: 'For developing leaders alone.' }),
    currency,
  })
  .openapi('NewBudgetLine');

export const allocationBody = z
  .strictObject({
    to: amount.openapi({ description: 'All that the line has from now on.' }),
    reason: z.string().trim().min(1).max(reasonLengthMax),
  })
  .openapi('BudgetAllocation');

export const closeBody = z
  .strictObject({
    carryOver: z.boolean().default(false).openapi({
      description:
        'Once the year is over: what the policy lets go on moves to the line of the next year.',
    }),
  })
  .openapi('BudgetLineClose');

const named = z.object({ id: z.string(), name: z.string() });
const instant = z.iso.datetime();
const figures = {
  allocated: amount,
  reserved: amount.openapi({ description: 'Kept for requests that are not spent yet.' }),
  committed: amount.openapi({ description: 'Spent.' }),
  available: amount,
};

export const lineSummary = z.object({
  id: z.uuid(),
  region: named,
  year,
  from: instant,
  until: instant.openapi({ description: 'The first instant of the next year.' }),
  purpose,
  isRingFenced: z.boolean(),
  currency,
  ...figures,
  closedAt: instant.nullable(),
  revision: z.int(),
});

export const lineAnswer = lineSummary
  .extend({
    entries: z
      .array(
        z.object({
          at: instant,
          kind: z.enum(['allocate', 'carry']),
          added: z.string().openapi({ description: 'With a sign where it took.' }),
          author: named.nullable(),
          reason: z.string().nullable(),
        }),
      )
      .openapi({ description: 'Each change of what is allocated, the latest first.' }),
    offered: z
      .object({ at: instant, available: amount })
      .nullable()
      .openapi({ description: 'When its unused money was offered ahead of the end of its year.' }),
    series: z.array(z.object({ at: instant, ...figures })).openapi({
      description: 'What stood at the end of each day of the region on which something moved.',
    }),
  })
  .openapi('BudgetLine');

export const offerAnswer = z
  .object({
    id: z.uuid(),
    region: named,
    year,
    purpose,
    isRingFenced: z.boolean(),
    until: instant.openapi({ description: 'Days of a request lie before it.' }),
    closedAt: instant
      .nullable()
      .openapi({ description: 'From then on nothing can be asked of it any more.' }),
  })
  .openapi('BudgetOffer');

export const linesAnswer = z
  .object({ items: z.array(lineSummary), next: z.string().nullable() })
  .openapi('BudgetLines');
