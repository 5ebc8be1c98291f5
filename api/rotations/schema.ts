/** What the operations on rotations take and answer. */
import { z } from '@hono/zod-openapi';
import { packetLimits } from '../../domain/handoff/packet.ts';
import { severities } from '../../domain/handoff/state.ts';
import { leadMinutesByDefault, leadMinutesMax, membersMax } from '../../domain/rotation/state.ts';
import { acknowledgedFlags } from '../red-flags.ts';

export const rotationParams = z.object({ id: z.uuid() });

/** Named at once; together they are as many people as may take turns. */
const teamsMax = 10;
const nounId = z.string().regex(/^[a-z0-9-]{1,63}$/);
const onBehalfOf = nounId
  .optional()
  .openapi({ description: 'For whom, by a delegation that holds now.' });
const turns = {
  members: z
    .array(nounId)
    .max(membersMax)
    .default([])
    .openapi({ description: 'Who takes turns, in this order where several could.' }),
  teams: z.array(nounId).max(teamsMax).default([]).openapi({
    description:
      'After them, team by team: everybody of it who is there now, looks after accounts and is trained for the products.',
  }),
  leadMinutes: z
    .int()
    .min(0)
    .max(leadMinutesMax)
    .default(leadMinutesByDefault)
    .openapi({ description: 'So long before the holder stops a handoff is offered.' }),
};

export const rotationBody = z
  .strictObject({
    onBehalfOf,
    account: nounId,
    ...turns,
    severity: z.enum(severities).default('routine'),
    summary: z.string().trim().min(1).max(packetLimits.summaryLengthMax),
    situation: z.string().trim().max(packetLimits.situationLengthMax).default(''),
    acknowledgedFlags,
  })
  .openapi('RotationStart');
export const changeBody = z.strictObject({ onBehalfOf, ...turns }).openapi('RotationChange');
export const plainBody = z.strictObject({ onBehalfOf }).openapi('RotationStep');

const named = z.object({ id: z.string(), name: z.string() });
const instant = z.iso.datetime();
const span = { from: instant, until: instant };

export const rotationAnswer = z
  .object({
    id: z.uuid(),
    account: named,
    members: z.array(named),
    holder: named.openapi({ description: 'Whose watch it is by the plan.' }),
    leadMinutes: z.int(),
    plan: z
      .array(
        z.object({
          at: instant.openapi({ description: 'When the handoff is offered.' }),
          from: named,
          to: named,
          until: instant.openapi({ description: 'The holder stops.' }),
          begins: instant.openapi({ description: 'The next one begins.' }),
          meets: z.boolean().openapi({
            description: 'False: the holder owns it on until the next one has read it back.',
          }),
        }),
      )
      .openapi({ description: 'The hand-overs of the next week.' }),
    day: z
      .object({
        ...span,
        lanes: z.array(
          z.object({
            person: named,
            zone: z.string(),
            worked: z.array(z.object(span)),
            held: z.array(
              z.object({
                ...span,
                isWorking: z.boolean().openapi({
                  description: 'False: they have stopped, and hold it on until the next begins.',
                }),
              }),
            ),
          }),
        ),
      })
      .nullable()
      .openapi({
        description:
          'The coming 24 hours, a lane a member: when they work, and when it is their watch by the plan.',
      }),
    timeline: z.array(z.object({ at: instant, sentence: z.string() })),
    startedAt: instant,
    closedAt: instant.nullable(),
    isHeld: z.boolean(),
    revision: z.int(),
  })
  .openapi('Rotation');
