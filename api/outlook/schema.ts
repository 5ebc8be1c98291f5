/** What the operations on the outlook take and answer. */
import { z } from '@hono/zod-openapi';
import { findingKinds, severities } from '../../domain/outlook/finding.ts';
import { outlookStatuses } from '../../domain/outlook/state.ts';
import { dayIn } from '../instants.ts';

export const reasonLengthMax = 1_000;

export const findingParams = z.object({ id: z.uuid() });

export const acknowledgeBody = z
  .strictObject({
    onBehalfOf: z
      .string()
      .regex(/^[a-z0-9-]{1,63}$/)
      .optional()
      .openapi({ description: 'For whom, by a delegation that holds now.' }),
    until: dayIn.openapi({
      example: '2027-03-10',
      description: 'The last day for which it is accepted, on your clock.',
    }),
    reason: z.string().trim().min(1).max(reasonLengthMax),
  })
  .openapi('FindingAccepted');

const named = z.object({ id: z.string(), name: z.string() });
const instant = z.iso.datetime();

const found = {
  kind: z.enum(findingKinds),
  severity: z.enum(severities),
  from: instant.nullable().openapi({ description: 'Null: as long as it is known.' }),
  until: instant.nullable().openapi({ description: 'Null: further than is looked.' }),
  sentence: z.string().openapi({ description: 'In your language.' }),
};

export const outlookAnswer = z
  .object({
    account: z.string(),
    from: instant,
    until: instant.openapi({ description: '90 days on.' }),
    items: z.array(
      z.object({
        ...found,
        asked: z
          .object({
            id: z.uuid(),
            status: z.enum(outlookStatuses),
            waitsFor: named,
            acceptedUntil: instant.nullable(),
          })
          .nullable()
          .openapi({ description: 'Null until the look-ahead has asked somebody about it.' }),
      }),
    ),
  })
  .openapi('Outlook');

export const findingAnswer = z
  .object({
    id: z.uuid(),
    account: named,
    ...found,
    status: z.enum(outlookStatuses),
    waitsFor: named,
    dueAt: instant.nullable(),
    acceptedUntil: instant.nullable(),
    reason: z.string().nullable(),
    openedAt: instant,
    closedAt: instant.nullable(),
    timeline: z.array(z.object({ at: instant, sentence: z.string() })),
    isHeld: z.boolean(),
    revision: z.int(),
  })
  .openapi('Finding');
