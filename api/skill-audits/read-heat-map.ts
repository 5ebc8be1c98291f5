import { createRoute, type z } from '@hono/zod-openapi';
import { formerAudits, heatCounts, teamNames } from '../../db/growth-views.ts';
import { may } from '../../domain/authority.ts';
import { type Figure, figure, hiddenFigure } from '../../domain/fairness/figures.ts';
import type { LoopId, TeamId } from '../../domain/id.ts';
import type { Sentence } from '../../domain/loop.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { heatMapOf, type HeatRow, type Share, trendOf } from '../../domain/skill-audit/heat-map.ts';
import type { Asked } from '../directory/parts.ts';
import { tellFigures } from '../figures.ts';
import type { AuditParts } from './parts.ts';
import { seenAudit } from './present.ts';
import { auditParams, heatMapAnswer } from './schema.ts';

export const readHeatMapRoute = createRoute({
  method: 'get',
  path: '/skill-audits/{id}/heat-map',
  operationId: 'readSkillAuditHeatMap',
  tags: ['growth'],
  summary: 'How many people of each team are below what is asked, competency by competency',
  description: 'Nothing about fewer than five people, nor anything it could be reckoned from.',
  request: { params: auditParams },
  responses: {
    200: {
      description: 'Of a closed audit, beside the former ones of the region.',
      content: { 'application/json': { schema: heatMapAnswer } },
    },
  },
});

export type HeatMap = z.input<typeof heatMapAnswer>;

const formerMax = 4;

export async function readHeatMap(
  parts: AuditParts,
  { actor, input }: Asked<{ readonly id: string }>,
): Promise<HeatMap> {
  const { db } = parts;
  const id = input.id as LoopId;
  const { row } = await seenAudit(parts, actor, id);
  const { region, quarter } = row;
  if (!may(actor, 'skillAudit.figures', { region: region.id })) {
    throw new Refusal(problem('request.not_found'));
  }
  if (row.status !== 'closed') throw new Refusal(problem('skillAudit.still_open'));
  const rows = heatMapOf(await heatCounts(db, id));
  const earlier = await formerAudits(db, { region: region.id, quarter, limit: formerMax });
  const former = await Promise.all(
    earlier.map(async (audit) => ({
      quarter: audit.quarter,
      rows: heatMapOf(await heatCounts(db, audit.id)),
    })),
  );
  const shown = new Set(rows.flatMap(({ teams }) => Object.keys(teams) as TeamId[]));
  const names = await teamNames(db, [...shown]);
  return {
    quarter,
    teams: [...names].map(([team, name]) => ({ id: team, name })),
    rows: await Promise.all(rows.map((one) => rowOf(parts, actor, { row: one, former }))),
  };
}

interface Row {
  readonly row: HeatRow;
  readonly former: readonly { readonly quarter: string; readonly rows: readonly HeatRow[] }[];
}

async function rowOf(parts: AuditParts, actor: Asked<unknown>['actor'], { row, former }: Row) {
  const { competency, whole, teams } = row;
  const before = former.map(({ quarter, rows }) => ({
    quarter,
    value: rows.find((one) => one.competency === competency)?.whole?.belowPercent ?? null,
  }));
  const named: Sentence = { key: `competency.name.${competency}`, params: {} };
  const [name, trend] = await parts.tell(actor.id, [named, ...trendOf(whole, before)]);
  const figures = Object.fromEntries(
    Object.entries<Share>(teams as Record<string, Share>).map(([team, share]) => [
      team,
      shareFigure(share),
    ]),
  );
  const told = await tellFigures(parts, actor.id, { whole: shareFigure(whole) });
  return {
    competency,
    name: name ?? competency,
    whole: told.whole,
    teams: await tellFigures(parts, actor.id, figures),
    former: before,
    trend: trend ?? null,
  };
}

const shareFigure = (share: Share | null): Figure =>
  share === null
    ? hiddenFigure
    : figure(share.belowPercent, 'skillAudit.below', {
        percent: share.belowPercent,
        people: share.people,
      });
