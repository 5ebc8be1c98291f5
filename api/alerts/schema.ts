/** What the operations on alerts take and answer. */
import { z } from '@hono/zod-openapi';
import { alertStatuses, callReasons } from '../../domain/alert/state.ts';
import { packetLimits } from '../../domain/handoff/packet.ts';
import { instantIn } from '../instants.ts';
import { acknowledgedFlags, flagsAnswer } from '../red-flags.ts';

export const alertParams = z.object({ id: z.uuid() });

const nounId = z.string().regex(/^[a-z0-9-]{1,63}$/);
const onBehalfOf = nounId
  .optional()
  .openapi({ description: 'For whom, by a delegation that holds now.' });

export const alertBody = z
  .strictObject({
    onBehalfOf,
    account: nounId,
    text: z
      .string()
      .trim()
      .min(1)
      .max(packetLimits.actionLengthMax)
      .openapi({ description: 'What has to be done, and why it cannot wait.' }),
    dueAt: instantIn.openapi({
      description: 'By when it has to be done.',
      example: '2027-03-08T09:00:00+09:00',
    }),
    acknowledgedFlags,
  })
  .openapi('AlertRaise');
export const plainBody = z.strictObject({ onBehalfOf }).openapi('AlertStep');

const named = z.object({ id: z.string(), name: z.string() });
const instant = z.iso.datetime();

export const alertAnswer = z
  .object({
    id: z.uuid(),
    account: named,
    owner: named.openapi({ description: 'Of the account, when it was raised.' }),
    raiser: named,
    status: z.enum(alertStatuses),
    text: z.string().nullable().openapi({ description: 'As they wrote it; null once erased.' }),
    item: z.uuid().openapi({ description: 'What is to be done, among those of the account.' }),
    dueAt: instant,
    answerMinutes: z.int().openapi({ description: 'So long each has before the next is called.' }),
    calls: z.array(
      z.object({
        person: named,
        at: instant,
        reason: z.enum(callReasons),
        isOutside: z.boolean().openapi({ description: 'They did not work then.' }),
        round: z.int(),
        why: z.string().openapi({ description: 'Why they were called, in your language.' }),
      }),
    ),
    acknowledgedBy: named.nullable(),
    redFlags: flagsAnswer,
    timeline: z.array(z.object({ at: instant, sentence: z.string() })),
    raisedAt: instant,
    closedAt: instant.nullable(),
    isHeld: z.boolean(),
    revision: z.int(),
  })
  .openapi('Alert');

export const alertsAnswer = z
  .object({
    items: z.array(alertAnswer.omit({ timeline: true, calls: true, text: true, redFlags: true })),
  })
  .openapi('Alerts');
