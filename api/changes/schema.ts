/** What the operations on changes of the organisation take and answer. */
import { z } from '@hono/zod-openapi';
import { changeStatuses } from '../../db/changes.ts';
import { pastNouns } from '../../db/directory-past.ts';
import { changeKinds, moveKinds, toldKeys } from '../../domain/change/change.ts';
import { placeIn, policyFaults, policyKeys } from '../../domain/policy/policies.ts';
import { pageQuery } from '../directory/schema.ts';
import { dayIn } from '../instants.ts';
import { noControls } from '../directory/shape.ts';

const id = z.string().regex(/^[a-z0-9-]{1,63}$/);
const day = z.iso.date().openapi({ example: '2027-01-01' });
const instant = z.iso.datetime().openapi({ example: '2026-12-31T23:00:00.000Z' });

const countriesMax = 250;

const regionMerged = z.strictObject({
  kind: z.literal('region_merged'),
  region: id.openapi({ example: 'bavaria' }),
  into: id.openapi({ example: 'germany' }),
  offices: z.enum(['move', 'end']).openapi({
    description:
      'What becomes of roles held in that region only: `move`, they count in the larger region; `end`.',
  }),
});
const teamDissolved = z.strictObject({
  kind: z.literal('team_dissolved'),
  team: id,
  into: id.nullable().openapi({ description: 'Where its accounts and people go.' }),
  people: z.enum(['move', 'leave']).openapi({
    description: '`leave`: they leave the organisation with it.',
  }),
});
const clearanceLost = z.strictObject({
  kind: z.literal('clearance_lost'),
  product: z.string().min(1).max(200).regex(noControls).openapi({ example: 'stent' }),
  countries: z
    .array(z.string().regex(/^[A-Z]{2}$/))
    .max(countriesMax)
    .default([])
    .openapi({ description: 'ISO 3166-1; empty, everywhere.', example: ['DE', 'CH'] }),
});
const policyChanged = z
  .strictObject({
    kind: z.literal('policy_changed'),
    key: z.enum(policyKeys).openapi({ example: 'handoff.acceptanceMinutes' }),
    region: id.nullable().default(null).openapi({ description: 'Null: everywhere.' }),
    // What each may be is a rule of the domain; here it is only there.
    value: z
      .unknown()
      .refine((value) => value !== undefined)
      .openapi({
        description: 'What each policy may be is in `docs/policies.md`.',
        example: 480,
      }),
  })
  .superRefine(({ key, value }, context) => {
    if (value === undefined) return; // said already
    for (const { place, wrong, params } of policyFaults(key, value) ?? []) {
      const values = { policy: placeIn(key, place), ...params };
      const mistake = { code: wrong, in: 'directory', values };
      context.addIssue({ code: 'custom', path: ['value', ...place], params: { mistake } });
    }
  });
const accountClosed = z.strictObject({
  kind: z.literal('account_closed'),
  account: id,
  into: id.nullable().default(null).openapi({
    description: 'What it becomes part of; null, it is only closed.',
  }),
});

export const changeBody = z
  .strictObject({
    from: dayIn.openapi({
      example: '2027-01-01',
      description:
        'It counts from the first minute of that day, in the zone of the region, team or account ' +
        'that it is about, else in UTC. Today: within minutes.',
    }),
    change: z.discriminatedUnion('kind', [
      regionMerged,
      teamDissolved,
      clearanceLost,
      policyChanged,
      accountClosed,
    ]),
  })
  .openapi('NewDirectoryChange');

export const changeParams = z.object({ id: z.uuid() });
export const changesQuery = pageQuery;
/** Nothing is said with it. */
export const cancellation = z.strictObject({}).openapi('DirectoryChangeCancellation');

const value = z.string().nullable();
const plan = z
  .object({
    counts: z.record(z.string(), z.int()).openapi({
      description: 'How many things move, by what they are.',
      example: { 'person.region': 12, 'team.region': 2 },
    }),
    moves: z
      .array(
        z.object({
          what: z.enum(moveKinds),
          id: z.string(),
          detail: z.string().nullable().openapi({ description: 'Of an office: the role.' }),
          from: value,
          to: value.openapi({ description: 'Null: nothing any more.' }),
        }),
      )
      .openapi({ description: 'The first thousand; `counts` has them all.' }),
    hours: z.array(z.string()).openapi({
      description: 'People who work other hours from then on: those of the region they come to.',
    }),
    days: z
      .array(z.object({ day, from: value, to: value }))
      .openapi({ description: 'Days of the first year that are days off, or not, from then on.' }),
    steps: z
      .array(z.object({ id: z.uuid(), loop: z.uuid(), kind: z.string(), person: z.string() }))
      .openapi({ description: 'Open steps of those who leave: the next one is asked.' }),
    loops: z
      .array(z.object({ id: z.uuid(), loop: z.string(), account: z.string().nullable() }))
      .openapi({ description: 'Open loops that are planned again.' }),
    told: z
      .array(z.object({ person: z.string(), key: z.enum(toldKeys) }))
      .openapi({ description: 'Who reads of it, and which message.' }),
  })
  .openapi('DirectoryChangePlan');

const refusal = z.object({ code: z.string(), title: z.string(), detail: z.string() });

export const previewAnswer = z
  .object({
    at: instant,
    plan: plan.nullable().openapi({ description: 'Null where it cannot be made.' }),
    refusals: z.array(refusal).openapi({ description: 'Why it cannot be made as things are now.' }),
  })
  .openapi('DirectoryChangePreview');

const change = z.object({
  id: z.uuid(),
  kind: z.enum(changeKinds),
  change: z.record(z.string(), z.unknown()).openapi({ description: 'As it was asked for.' }),
  from: day,
  at: instant,
  status: z.enum(changeStatuses).openapi({
    description: '`refused`: it could not be made when its day came.',
  }),
  scheduledBy: z.string(),
  scheduledAt: instant,
  cancelledBy: z.string().nullable(),
  settledAt: instant.nullable(),
  calendarChange: z.uuid().nullable().openapi({
    description: 'Which says what became of the loops that were planned again.',
  }),
});

export const changeAnswer = change
  .extend({
    plan: plan.nullable().openapi({
      description: 'What it did; while it is scheduled, what it would do now.',
    }),
    refusals: z.array(refusal),
  })
  .openapi('DirectoryChange');
export const changesAnswer = z
  .object({ items: z.array(change), next: z.string().nullable() })
  .openapi('DirectoryChanges');

export const asOfQuery = pageQuery.extend({
  day: dayIn,
  noun: z.enum(pastNouns).openapi({ example: 'person' }),
});
export const asOfAnswer = z
  .object({
    at: instant.openapi({ description: 'The end of that day in UTC; today, now.' }),
    items: z.array(
      z.object({
        id: z.string(),
        value: z.record(z.string(), z.unknown()).openapi({
          example: { id: 'berlin-lead', region_id: 'germany', team_id: 'key-accounts-dach' },
        }),
      }),
    ),
    next: z.string().nullable(),
  })
  .openapi('DirectoryAsOf');
