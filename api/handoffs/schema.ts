/** What the operations on handoffs take and answer. */
import { z } from '@hono/zod-openapi';
import {
  messageLengthMax,
  packetLimits,
  packetParts,
  readBackLimits,
} from '../../domain/handoff/packet.ts';
import { redFlagCodes } from '../../domain/text/red-flag-terms.ts';
import { handoffStatuses, rungs, severities } from '../../domain/handoff/state.ts';
import { pageLimitByDefault, pageLimitMax } from '../cursor.ts';
import { instantIn } from '../instants.ts';
import { isStorable } from '../storable.ts';
import { acknowledgedFlags, flagsAnswer } from '../red-flags.ts';

export const text = (lengthMax: number) =>
  z.string().trim().min(1).max(lengthMax).refine(isStorable, 'is not text that can be stored');

const nounId = z.string().regex(/^[a-z0-9-]{1,63}$/);
const instant = z.iso.datetime().openapi({ example: '2026-11-23T09:00:00.000Z' });

const onBehalfOf = nounId.optional().openapi({
  description: 'For whom you decide, under a delegation that holds now.',
});

const severity = z.enum(severities).openapi({ example: 'important' });

const packet = {
  severity,
  summary: text(packetLimits.summaryLengthMax),
  actions: z
    .array(
      z.strictObject({
        text: text(packetLimits.actionLengthMax),
        owner: nounId,
        dueAt: instantIn,
      }),
    )
    .max(packetLimits.actionsMax),
  situation: text(packetLimits.situationLengthMax),
  contingencies: z
    .array(
      z.strictObject({
        when: text(packetLimits.contingencyLengthMax),
        response: text(packetLimits.contingencyLengthMax),
      }),
    )
    .max(packetLimits.contingenciesMax),
};

export const offerBody = z
  .strictObject({
    account: nounId.openapi({ example: 'st-hedwig-clinics' }),
    receiver: nounId.openapi({ example: 'tokyo-lead' }),
    ...packet,
    acknowledgedFlags,
    onBehalfOf,
  })
  .openapi('HandoffOffer');

export const reviseBody = z
  .strictObject({ ...packet, acknowledgedFlags, onBehalfOf })
  .openapi('HandoffRevision');

export const readBackBody = z
  .strictObject({
    severity: severity.openapi({ description: 'How grave you take it to be.' }),
    firstAction: text(readBackLimits.firstActionLengthMax).openapi({
      description: 'What you do first, in your own words and your own language.',
      example: '金曜日までに見積書を送ります。',
    }),
    contingency: text(readBackLimits.contingencyLengthMax).openapi({
      description: 'One thing that may happen, and what you do then.',
    }),
    text: text(messageLengthMax).optional(),
    onBehalfOf,
  })
  .openapi('HandoffReadBack');

export const saidBody = z
  .strictObject({ text: text(messageLengthMax), onBehalfOf })
  .openapi('HandoffMessage');
export const noteBody = z
  .strictObject({ text: text(messageLengthMax), onBehalfOf })
  .openapi('HandoffNewNote');
export const plainBody = z.strictObject({ onBehalfOf }).openapi('HandoffStep');
export const reassignBody = z
  .strictObject({ to: nounId, onBehalfOf })
  .openapi('HandoffReassignment');

export const handoffParams = z.object({ id: z.uuid() });

const cursorLettersMax = 500;
export const handoffsQuery = z.object({
  cursor: z.string().max(cursorLettersMax).optional(),
  limit: z.coerce.number().int().min(1).max(pageLimitMax).default(pageLimitByDefault),
  account: nounId.optional(),
  open: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional()
    .openapi({ description: 'Only those under way, or only those that are over.' }),
});

const named = z.object({ id: z.string(), name: z.string() });

const summary = {
  id: z.uuid(),
  account: named,
  giver: named,
  receiver: named,
  waitsFor: named.nullable().openapi({ description: 'Whose step it is; null once it is over.' }),
  status: z.enum(handoffStatuses),
  severity,
  isHeld: z.boolean(),
  offeredAt: instant,
  closedAt: instant.nullable(),
  revision: z
    .int()
    .openapi({ description: 'Counts changes of what people decide upon; the ETag.' }),
};
export const handoffSummary = z.object(summary).openapi('HandoffSummary');
export const handoffsAnswer = z
  .object({
    items: z.array(handoffSummary),
    next: z.string().nullable().openapi({ description: 'Null on the last page.' }),
  })
  .openapi('Handoffs');

const lateActionAnswer = z
  .object({
    id: z.uuid(),
    text: z.string().nullable(),
    owner: named,
    dueAt: instant,
    local: z.object({ site: z.string(), owner: z.string() }),
    isOpen: z.boolean(),
    addedBy: named,
    addedAt: instant,
  })
  .openapi('HandoffLateAction');

export const noteAnswer = z
  .object({
    id: z.uuid(),
    at: instant,
    author: named,
    text: z.string().nullable().openapi({ description: 'As they wrote it; null once erased.' }),
  })
  .openapi('HandoffNote');

const synthesisAnswer = z
  .object({
    severity: z.enum(severities).nullable().openapi({ description: 'Null where words were all.' }),
    isSameSeverity: z.boolean().nullable().openapi({
      description: 'False where the packet says another one; null where one is not said.',
    }),
    firstAction: z.string().nullable(),
    contingency: z.string().nullable(),
    text: z.string().nullable(),
  })
  .openapi('HandoffSynthesis');

const packetAnswer = z
  .object({
    severity,
    summary: z.string(),
    actions: z.array(
      z.object({
        text: z.string(),
        owner: named,
        dueAt: instant,
        dueAtSite: z.string().openapi({ description: 'On the clock of the customer.' }),
      }),
    ),
    situation: z.string(),
    contingencies: z.array(z.object({ when: z.string(), response: z.string() })),
  })
  .openapi('HandoffPacket');

export const handoffAnswer = z
  .object({
    ...summary,
    rung: z.enum(rungs).openapi({ description: 'Whom it has come to while others were silent.' }),
    dueAt: instant.nullable().openapi({ description: 'When the clock acts on the open step.' }),
    packet: packetAnswer.nullable().openapi({ description: 'Null once erased.' }),
    synthesis: synthesisAnswer.nullable().openapi({
      description: 'What the receiver read back for this packet; null while it is awaited.',
    }),
    lateActions: z.array(lateActionAnswer).openapi({
      description: 'Added to the account while this was open; the packet does not tell of them.',
    }),
    readBacks: z.int().openapi({ description: 'How often it was read back.' }),
    isFirstTime: z.boolean().nullable().openapi({
      description: 'Whether the first read-back was confirmed; null until custody moved by one.',
    }),
    call: z
      .object({ startsAt: instant, endsAt: instant })
      .nullable()
      .openapi({ description: 'Proposed when read-backs went back as often as they may.' }),
    revisions: z
      .array(
        z.object({
          revision: z.int(),
          at: instant,
          by: named.nullable(),
          changed: z.array(z.enum(packetParts)).openapi({ description: 'Since the one before.' }),
          packet: packetAnswer.nullable().openapi({ description: 'Null once erased.' }),
        }),
      )
      .openapi({ description: 'Every packet it had, the oldest first.' }),
    notes: z.array(noteAnswer).openapi({
      description: 'What became known after the account had moved, the oldest first.',
    }),
    redFlags: flagsAnswer,
    timeline: z.array(
      z.object({
        sequence: z.int(),
        at: instant,
        type: z.string().openapi({ example: 'asked' }),
        actor: named.nullable().openapi({ description: 'Null for a step of the clock.' }),
        onBehalfOf: named.nullable(),
        sentence: z.string().openapi({ description: 'In your language.' }),
        text: z.string().nullable().openapi({ description: 'What they wrote, as they wrote it.' }),
      }),
    ),
  })
  .openapi('Handoff');

const localTime = z
  .string()
  .openapi({ example: '2026-11-24T13:00+09:00[Asia/Tokyo]', description: 'As in RFC 9557.' });
export const previewAnswer = z
  .object({
    allowanceMinutes: z.int().openapi({ description: 'Working minutes each person has.' }),
    redFlags: z
      .array(
        z.object({
          code: z.enum(redFlagCodes),
          place: z.string().openapi({ example: 'actions[2].text' }),
          sentence: z.string().openapi({ description: 'In your language.' }),
        }),
      )
      .openapi({ description: 'What to change, or to name in `acknowledgedFlags`.' }),
    steps: z.array(
      z.object({
        at: instant,
        type: z.string().openapi({ example: 'reminded' }),
        waitsFor: named.nullable(),
        sentence: z.string(),
        local: z.object({ giver: localTime, receiver: localTime, site: localTime }),
      }),
    ),
  })
  .openapi('HandoffPreview');

export const explainAnswer = z
  .object({
    status: z.enum(handoffStatuses),
    isHeld: z.boolean(),
    waitsFor: named.nullable(),
    dueAt: instant.nullable(),
    sentences: z.array(z.string()).openapi({ description: 'In your language, the cause first.' }),
    messages: z.array(
      z.object({
        to: named,
        key: z.string().openapi({ example: 'handoff.reminder' }),
        status: z.string().openapi({ example: 'planned' }),
        sendAt: instant,
        reason: z.string().nullable().openapi({
          example: 'outside_working_time',
          description: 'Why it waits or was dropped.',
        }),
      }),
    ),
  })
  .openapi('HandoffExplanation');
