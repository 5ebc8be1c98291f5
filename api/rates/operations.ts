/** Exchange rates: imported as the European Central Bank publishes them, and read with source and age. */
import { createRoute, z } from '@hono/zod-openapi';
import { dayOfRegion } from '../../db/budget-policies.ts';
import { importRates, latestRates } from '../../db/budget-rates.ts';
import { may } from '../../domain/authority.ts';
import { organisation } from '../../domain/subjects.ts';
import { readReferenceRates } from '../../domain/budget/reference-rates.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { dayMs } from '../../domain/time/zone.ts';
import type { Asked, DirectoryParts } from '../directory/parts.ts';
import { dayIn } from '../instants.ts';
import type { Commanded } from '../loop-steps.ts';

type RateParts = Pick<DirectoryParts, 'db' | 'clock'>;

/** Those of 90 days are some 25 kB; all since 1999 come by `npm run rates`. */
export const ratesLettersMax = 1_048_576;
const shownMax = 20;
const source = 'ECB';

const currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .openapi({ example: 'USD' });
const rate = z.string().openapi({ description: 'Units for one euro.', example: '1.0777' });

const ratesBody = z
  .strictObject({
    csv: z.string().min(1).max(ratesLettersMax).openapi({
      description: 'The file as published: a day a line, a currency a column.',
      example: 'Date,USD,JPY,\n2026-11-27,1.0777,161.02,',
    }),
  })
  .openapi('ExchangeRateFile');

const importedAnswer = z
  .object({
    added: z.int(),
    known: z.int(),
    differing: z.int().openapi({ description: 'Kept as they were: something may rest on them.' }),
    kept: z
      .array(z.object({ day: z.iso.date(), currency, given: rate }))
      .openapi({ description: `The first ${shownMax} of those that differ.` }),
  })
  .openapi('ImportedExchangeRates');

const importRoute = createRoute({
  method: 'post',
  path: '/exchange-rates',
  operationId: 'importExchangeRates',
  tags: ['budgets'],
  summary: 'Adds reference rates of the European Central Bank; what is known stays as it is',
  request: { body: { required: true, content: { 'application/json': { schema: ratesBody } } } },
  responses: {
    200: {
      description: 'All of the file, or nothing. Safe to repeat.',
      content: { 'application/json': { schema: importedAnswer } },
    },
  },
});

async function importFile(
  { db, clock }: RateParts,
  { actor, input }: Commanded<z.output<typeof ratesBody>>,
): Promise<z.input<typeof importedAnswer>> {
  if (!may(actor, 'rates.import', organisation)) throw new Refusal(problem('authority.forbidden'));
  const read = readReferenceRates(input.csv);
  if (!read.ok) throw new Refusal(problem('money.rates_unreadable', { line: read.line }));
  const { added, known, different } = await importRates(db, read.rates, {
    source,
    at: clock.now(),
  });
  return {
    added,
    known,
    differing: different.length,
    kept: different
      .slice(0, shownMax)
      .map(({ unitsPerEuro, ...rest }) => ({ ...rest, given: unitsPerEuro })),
  };
}

const ratesQuery = z.object({
  currency: currency.optional(),
  day: dayIn
    .optional()
    .openapi({ description: 'As they stood then; absent, today in your region.' }),
});

const ratesAnswer = z
  .object({
    items: z.array(
      z.object({
        currency,
        unitsPerEuro: rate,
        day: z.iso.date().openapi({ description: 'That it is of.' }),
        ageDays: z.int().openapi({
          description: 'A request is refused a rate older than the policy `budget.rate_days`.',
        }),
        source: z.string().openapi({ example: source }),
        importedAt: z.iso.datetime(),
      }),
    ),
  })
  .openapi('ExchangeRates');

const listRoute = createRoute({
  method: 'get',
  path: '/exchange-rates',
  operationId: 'listExchangeRates',
  tags: ['budgets'],
  summary: 'The latest rate of each currency, with its source and age',
  request: { query: ratesQuery },
  responses: {
    200: {
      description: 'By currency; the euro itself has none.',
      content: { 'application/json': { schema: ratesAnswer } },
    },
  },
});

/** They are public: whoever asks in another currency sees what it would be reckoned with. */
async function list(
  { db, clock }: RateParts,
  { actor, input }: Asked<z.output<typeof ratesQuery>>,
): Promise<z.input<typeof ratesAnswer>> {
  const day = input.day ?? (await dayOfRegion(db, actor.region, clock.now()));
  const rates = await latestRates(db, { currency: input.currency, day });
  return {
    items: rates.map(({ importedAt, ...found }) => ({
      ...found,
      ageDays: Math.round((Date.parse(day) - Date.parse(found.day)) / dayMs),
      importedAt: new Date(importedAt).toISOString(),
    })),
  };
}

export const rateOperations = {
  import: { route: importRoute, run: importFile },
  list: { route: listRoute, run: list },
} as const;
