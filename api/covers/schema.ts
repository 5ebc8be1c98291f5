/** What the operations on covers take and answer. */
import { z } from '@hono/zod-openapi';
import { coverReasons, coverStatuses } from '../../domain/cover/state.ts';
import { instantIn } from '../instants.ts';

export const noteLengthMax = 4_000;

export const coverParams = z.object({ id: z.uuid() });

const nounId = z.string().regex(/^[a-z0-9-]{1,63}$/);
const onBehalfOf = nounId
  .optional()
  .openapi({ description: 'For whom, by a delegation that holds now.' });
const text = z.string().trim().min(1).max(noteLengthMax);

export const coverBody = z
  .strictObject({
    onBehalfOf,
    account: nounId,
    from: instantIn.openapi({ example: '2027-03-08T09:00:00+09:00' }),
    until: instantIn,
    note: text.optional().openapi({ description: 'What to look after meanwhile.' }),
  })
  .openapi('CoverRequest');
export const plainBody = z.strictObject({ onBehalfOf }).openapi('CoverStep');
export const takeBody = z
  .strictObject({
    onBehalfOf,
    inReturn: z
      .strictObject({ account: nounId, from: instantIn, until: instantIn })
      .optional()
      .openapi({ description: 'A swap: an account of yours that the owner is asked to hold.' }),
  })
  .openapi('CoverTake');
export const handBackBody = z
  .strictObject({ onBehalfOf, text: text.openapi({ description: 'What happened meanwhile.' }) })
  .openapi('CoverHandBack');

const named = z.object({ id: z.string(), name: z.string() });
const instant = z.iso.datetime();

export const coverAnswer = z
  .object({
    id: z.uuid(),
    account: named,
    owner: named,
    asker: named.nullable().openapi({ description: 'Null where an absence asked for it.' }),
    taker: named.nullable(),
    status: z.enum(coverStatuses),
    reason: z.enum(coverReasons),
    from: instant,
    until: instant,
    note: z.string().nullable(),
    handBack: z.string().nullable().openapi({
      description: 'What happened meanwhile; null for whoever was only asked.',
    }),
    candidates: z.array(
      z.object({
        person: named,
        hasRefused: z.boolean(),
        reasons: z
          .array(z.string())
          .openapi({ description: 'Why they are asked, in your language.' }),
      }),
    ),
    timeline: z.array(z.object({ at: instant, sentence: z.string() })),
    askedAt: instant,
    closedAt: instant.nullable(),
    isHeld: z.boolean(),
    revision: z.int(),
  })
  .openapi('Cover');

export const coversAnswer = z
  .object({
    items: z.array(
      coverAnswer.omit({ timeline: true, candidates: true, note: true, handBack: true }),
    ),
  })
  .openapi('Covers');
