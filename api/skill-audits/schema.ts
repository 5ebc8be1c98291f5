/** What the operations on skill audits take and answer. */
import { z } from '@hono/zod-openapi';
import { auditStatuses, skipReasons } from '../../domain/skill-audit/state.ts';
import { pageQuery } from '../directory/schema.ts';
import { figure } from '../figures.ts';
import { competency, gap, level, named, ratings } from '../growth/schema.ts';
import { dayIn } from '../instants.ts';
import { acknowledgedFlags } from '../red-flags.ts';

export const auditParams = z.object({ id: z.uuid() });

const nounId = z.string().regex(/^[a-z0-9-]{1,63}$/);
const instant = z.iso.datetime();

export const openBody = z
  .strictObject({
    region: nounId,
    closesOn: dayIn.openapi({ description: 'The last day to rate, where the region is.' }),
  })
  .openapi('SkillAuditOpening');

export const rateBody = z
  .strictObject({
    person: nounId,
    ratings: ratings.openapi({
      description:
        'Each competency once: whatever is asked of them and nobody has rated yet, and whatever ' +
        'has changed. The others stay as they are.',
    }),
    acknowledgedFlags,
  })
  .openapi('SkillAuditRatings');
export const skipBody = z
  .strictObject({ person: nounId, reason: z.enum(skipReasons) })
  .openapi('SkillAuditSkip');
export const plainBody = z
  .strictObject({
    onBehalfOf: nounId
      .optional()
      .openapi({ description: 'For whom, by a delegation that holds now.' }),
  })
  .openapi('SkillAuditStep');

const levels = z.record(z.string(), level);

const summary = {
  id: z.uuid(),
  region: named,
  quarter: z.string().openapi({ example: '2026-Q4' }),
  owner: named,
  status: z.enum(auditStatuses),
  closesAt: instant,
  closedAt: instant.nullable(),
};

export const auditsAnswer = z.object({ items: z.array(z.object(summary)) }).openapi('SkillAudits');

export const auditAnswer = z
  .object({
    ...summary,
    mapVersion: z.int().openapi({ description: 'Of the competency map, from its start on.' }),
    progress: z
      .object({
        people: z.int(),
        rated: z.int(),
        skipped: z.int(),
        raters: z
          .array(z.object({ person: named, left: z.int() }))
          .nullable()
          .openapi({
            description: 'Who has whom left to rate: for whoever leads learning there.',
          }),
      })
      .nullable()
      .openapi({ description: 'Null for whoever only rates or is rated.' }),
    toRate: z
      .array(z.object({ person: named, targets: levels, levels }))
      .openapi({ description: 'By you: what is asked of each, and what they were rated last.' }),
    isRated: z.boolean().openapi({ description: 'Whether you are rated in it.' }),
    timeline: z.array(z.object({ at: instant, sentence: z.string() })),
    isHeld: z.boolean(),
    revision: z.int(),
  })
  .openapi('SkillAudit');

export const gapsQuery = pageQuery;
export const gapsAnswer = z
  .object({
    items: z.array(gap.extend({ person: named, team: named })),
    next: z.string().nullable().openapi({ description: 'Null on the last page.' }),
  })
  .openapi('SkillAuditGaps');

export const heatMapAnswer = z
  .object({
    quarter: z.string(),
    teams: z.array(named).openapi({ description: 'Those of whom anything may be shown.' }),
    rows: z.array(
      z.object({
        competency,
        name: z.string(),
        whole: figure.openapi({
          description: 'Percent of the people of the region who are below what is asked.',
        }),
        teams: z.record(z.string(), figure).openapi({
          description: 'By team. Nothing is shown of fewer than five, nor could be reckoned.',
        }),
        former: z
          .array(z.object({ quarter: z.string(), value: z.int().nullable() }))
          .openapi({ description: 'The same in former audits, the latest first.' }),
        trend: z.string().nullable().openapi({ description: 'In your language.' }),
      }),
    ),
  })
  .openapi('SkillAuditHeatMap');
