/** What the operations on action items take and answer. */
import { z } from '@hono/zod-openapi';
import { actionEventTypes } from '../../domain/handoff/action-items.ts';
import { packetLimits } from '../../domain/handoff/packet.ts';
import { idParams, pageQuery } from '../directory/schema.ts';
import { text } from '../handoffs/schema.ts';
import { instantIn } from '../instants.ts';

const nounId = z.string().regex(/^[a-z0-9-]{1,63}$/);
const named = z.object({ id: z.string(), name: z.string() });
const instant = z.iso.datetime().openapi({ example: '2026-11-27T16:00:00.000Z' });
const localTime = z
  .string()
  .openapi({ example: '2026-11-27T17:00+01:00[Europe/Berlin]', description: 'As in RFC 9557.' });
const onBehalfOf = nounId.optional().openapi({
  description: 'For whom you decide, under a delegation that holds now.',
});

export const itemParams = idParams.extend({ item: z.uuid() });

export const actionsQuery = pageQuery.extend({
  open: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional()
    .openapi({ description: 'Only what is still to be done, or only what is not.' }),
});

export const addActionBody = z
  .strictObject({
    text: text(packetLimits.actionLengthMax),
    dueAt: instantIn,
    owner: nounId.optional().openapi({
      description:
        'Whoever owns the account, unless you say another. While a handoff is open it is always they.',
    }),
    onBehalfOf,
  })
  .openapi('NewAction');

export const changeActionBody = z.strictObject({ onBehalfOf }).openapi('ActionChange');
export const assignActionBody = z
  .strictObject({ to: nounId, onBehalfOf })
  .openapi('ActionAssignment');

export const actionAnswer = z
  .object({
    id: z.uuid(),
    account: z.string(),
    text: z.string().nullable().openapi({ description: 'As they wrote it; null once erased.' }),
    owner: named.openapi({ description: 'One person at a time.' }),
    dueAt: instant,
    local: z
      .object({ site: localTime, owner: localTime })
      .openapi({ description: 'On the clocks of the customer and of the owner.' }),
    isOpen: z.boolean(),
    isLate: z.boolean().openapi({ description: 'Added while a handoff was open.' }),
    handoff: z.uuid().nullable().openapi({
      description: 'The handoff it came with, or which was open when it was added.',
    }),
    addedBy: named,
    addedAt: instant,
    change: z.enum(actionEventTypes).openapi({ description: 'What became of it last.' }),
    changedAt: instant,
  })
  .openapi('Action');

export const actionsAnswer = z
  .object({ items: z.array(actionAnswer), next: z.string().nullable() })
  .openapi('Actions');
