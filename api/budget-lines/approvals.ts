/** `GET /regions/{id}/approvals`: what waits by age in working time, and how requests are decided. */
import { createRoute, z } from '@hono/zod-openapi';
import { approvingRegion, decidedRequests, waitingApprovals } from '../../db/budget-approvals.ts';
import { loadCalendars } from '../../db/calendars.ts';
import { present } from '../../domain/assert.ts';
import { may } from '../../domain/authority.ts';
import { approvalFigures } from '../../domain/budget/approval-figures.ts';
import { usedBy } from '../../domain/budget/clock.ts';
import type { RegionId } from '../../domain/id.ts';
import { pausesUntil } from '../../domain/hold.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { asWorkingTime } from '../../domain/time/planning.ts';
import { openCalendar } from '../../domain/time/working-time.ts';
import { dayMs } from '../../domain/time/zone.ts';
import type { Asked } from '../directory/parts.ts';
import { idParams } from '../directory/schema.ts';
import type { BudgetLineParts } from './operations.ts';

const sinceDays = 365;
const shownMax = 200;
const instant = z.iso.datetime();
const withName = z.object({ id: z.string(), name: z.string() });

const approvalsAnswer = z
  .object({
    region: withName,
    waiting: z
      .array(
        z.object({
          id: z.uuid().openapi({ description: 'Of the request.' }),
          person: withName.openapi({ description: 'Whom it waits for.' }),
          since: instant,
          dueAt: instant.nullable(),
          waitedMinutes: z.int().openapi({
            description: 'In their working time, without that of an open question or a hold.',
          }),
        }),
      )
      .openapi({ description: 'The longest waiting first.' }),
    decided: z
      .array(
        z.object({
          level: z.string().nullable().openapi({ description: 'Null for all together.' }),
          decided: z.int(),
          approvedPercent: z.int(),
          medianWaitedMinutes: z.int(),
        }),
      )
      .openapi({
        description: `Of the last ${sinceDays} days. Nothing that would tell of fewer than five people.`,
      }),
  })
  .openapi('Approvals');

const approvalsRoute = createRoute({
  method: 'get',
  path: '/regions/{id}/approvals',
  operationId: 'readApprovals',
  tags: ['budgets'],
  summary: 'Which requests for money wait in a region, and how those before were decided',
  request: { params: idParams },
  responses: {
    200: {
      description: 'For whoever sees the money of the region.',
      content: { 'application/json': { schema: approvalsAnswer } },
    },
  },
});

async function readApprovals(
  { db, clock }: BudgetLineParts,
  { actor, input }: Asked<{ readonly id: string }>,
): Promise<z.input<typeof approvalsAnswer>> {
  const region = input.id as RegionId;
  const isSeen = may(actor, 'budgetLine.view', { region });
  const named = isSeen ? await approvingRegion(db, region) : null;
  if (!named) throw new Refusal(problem('request.not_found'));
  const at = clock.now();
  const waiting = await waitingApprovals(db, region);
  const people = [...new Set(waiting.map(({ person }) => person.id))];
  const calendars = await loadCalendars(db, people);
  const decided = await decidedRequests(db, { region, since: at - sinceDays * dayMs });
  return {
    region: named,
    waiting: waiting
      .map(({ since, dueAt, held, ...row }) => {
        const calendar = present(calendars.get(row.person.id), 'the calendar');
        const working = asWorkingTime(openCalendar(calendar, { pauses: pausesUntil(held, at) }));
        const { runs } = held.state;
        return {
          ...row,
          since: new Date(since).toISOString(),
          dueAt: dueAt === null ? null : new Date(dueAt).toISOString(),
          waitedMinutes: Math.round(usedBy(working, { runs, since, until: at })),
        };
      })
      .sort((one, other) => other.waitedMinutes - one.waitedMinutes)
      .slice(0, shownMax),
    decided: [...approvalFigures(decided)],
  };
}

export const approvalOperations = { read: { route: approvalsRoute, run: readApprovals } } as const;
