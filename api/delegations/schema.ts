/** What the operations on delegations take and answer. */
import { z } from '@hono/zod-openapi';
import {
  delegationEndings,
  delegationSources,
  delegationStatuses,
} from '../../domain/delegation/state.ts';
import { delegationScopes } from '../../domain/people/delegation.ts';

const nounId = z.string().regex(/^[a-z0-9-]{1,63}$/);
const wallLettersMax = 16;
const wall = z.string().max(wallLettersMax).openapi({
  description: 'A day, or a day and a time, on the clock of whoever is away.',
  example: '2027-03-18T09:00',
});

export const delegationParams = z.object({ id: z.uuid() });

export const delegationBody = z
  .strictObject({
    delegate: nounId.openapi({ description: 'Who decides meanwhile.' }),
    scope: z
      .enum(delegationScopes)
      .default('all')
      .openapi({ description: 'Every approval, or the steps of one loop alone.' }),
    from: wall,
    until: wall.openapi({ description: 'The first minute that is not covered any more.' }),
  })
  .openapi('NewDelegation');

export const plainBody = z.strictObject({}).openapi('DelegationStep');

const named = z.object({ id: z.string(), name: z.string() });
const instant = z.iso.datetime();
const boundary = z.object({
  at: instant,
  wall: wall.openapi({ description: 'On the clock of whoever is away.' }),
});

const delegation = z.object({
  id: z.uuid(),
  principal: named.openapi({ description: 'Who is away.' }),
  delegate: named.openapi({ description: 'Who decides.' }),
  scope: z.enum(delegationScopes),
  source: z.enum(delegationSources).openapi({
    description: 'Who made it: the organisation’s file, the person, somebody above, an absence.',
  }),
  status: z.enum(delegationStatuses),
  ending: z.enum(delegationEndings).nullable(),
  from: boundary,
  until: boundary,
  closedAt: instant.nullable(),
  isHeld: z.boolean(),
  revision: z.int(),
});

export const delegationAnswer = delegation
  .extend({ timeline: z.array(z.object({ at: instant, sentence: z.string() })) })
  .openapi('Delegation');

export const delegationsAnswer = z
  .object({ items: z.array(delegation), next: z.string().nullable() })
  .openapi('Delegations');
