/** What the operations on holidays and their reviews take and answer. */
import { z } from '@hono/zod-openapi';
import { holidayReviewStatuses } from '../../domain/holiday-review/state.ts';

const yearMin = 1970;
const yearMax = 2099;

export const holidaysQuery = z.object({
  year: z.coerce.number().int().min(yearMin).max(yearMax).openapi({ example: 2027 }),
});
export const reviewParams = z.object({ id: z.uuid() });

const named = z.object({ id: z.string(), name: z.string() });
const day = z.iso.date();

export const holidaysAnswer = z
  .object({
    items: z.array(
      z.object({
        day,
        kind: z.enum(['off', 'half', 'working']),
        name: z.string().openapi({ description: 'As it is called there.' }),
        names: z.record(z.string(), z.string()).openapi({
          description: 'By language, as far as its source has them.',
          example: { de: 'Karfreitag', en: 'Good Friday' },
        }),
        status: z.enum(['confirmed', 'provisional']).openapi({
          description: 'Provisional: counted as it stands, and asked about before it matters.',
        }),
        source: z.string(),
        review: z.uuid().nullable().openapi({ description: 'Under way now.' }),
      }),
    ),
  })
  .openapi('Holidays');

export const reviewAnswer = z
  .object({
    id: z.uuid(),
    region: named,
    day,
    name: z
      .string()
      .nullable()
      .openapi({ description: 'As it is called there; null once it is no holiday.' }),
    names: z.record(z.string(), z.string()).nullable(),
    source: z.string().nullable(),
    status: z.enum(holidayReviewStatuses),
    movedTo: day.nullable(),
    waitsFor: z.array(named),
    dueAt: z.iso.datetime().nullable(),
    timeline: z.array(z.object({ at: z.iso.datetime(), sentence: z.string() })),
    isHeld: z.boolean(),
    revision: z.int(),
  })
  .openapi('HolidayReview');

const onBehalfOf = z
  .string()
  .regex(/^[a-z0-9-]{1,63}$/)
  .optional()
  .openapi({ description: 'For whom, by a delegation that holds now.' });

export const confirmBody = z.strictObject({ onBehalfOf }).openapi('HolidayConfirmed');
export const correctBody = z
  .strictObject({
    onBehalfOf,
    movedTo: day.nullable().openapi({ description: 'The other day; null: it is no holiday.' }),
  })
  .openapi('HolidayCorrected');
