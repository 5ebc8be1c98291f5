/** What an audit found as tables for a spreadsheet that obeys none of them: `gaps.csv`, `heat-map.csv`. */
import { createRoute } from '@hono/zod-openapi';
import { auditGaps } from '../../db/growth-views.ts';
import { csvText } from '../../domain/csv.ts';
import type { LoopId } from '../../domain/id.ts';
import type { FileOperation } from '../files.ts';
import type { AuditParts } from './parts.ts';
import { closedAudit } from './read-gaps.ts';
import { readHeatMap } from './read-heat-map.ts';
import { auditParams } from './schema.ts';

/** Nine of each person of the largest region. */
const gapsMax = 50_000;

const routeOf = (name: 'gaps' | 'heat-map', operationId: string, summary: string) =>
  createRoute({
    method: 'get',
    path: `/skill-audits/{id}/${name}.csv`,
    operationId,
    tags: ['growth'],
    summary,
    request: { params: auditParams },
    responses: {
      200: {
        description: 'What a spreadsheet would take for a formula is text.',
        content: { 'text/csv': { schema: { type: 'string' } } },
      },
    },
  });

const gapColumns = ['person', 'name', 'team', 'competency', 'level', 'target'] as const;

const gaps: FileOperation<AuditParts> = {
  route: routeOf('gaps', 'exportSkillAuditGaps', 'The same gaps as a table'),
  async run(parts, { actor, id }) {
    const audit = await closedAudit(parts, { actor, id: id as LoopId });
    const rows = await auditGaps(parts.db, actor, { audit, after: null, limit: gapsMax });
    const table = rows.map(({ person, team, competency, level, target }) => [
      person.id,
      person.name,
      team.name,
      competency,
      level ?? '',
      target,
    ]);
    const text = csvText([gapColumns, ...table]);
    return { name: 'competency-gaps.csv', type: 'text/csv', text };
  },
};

const heatColumns = ['quarter', 'competency', 'team', 'percent_below'] as const;

/** A cell of the map that is not shown is empty here; the row without a team is the whole region. */
const heatMap: FileOperation<AuditParts> = {
  route: routeOf('heat-map', 'exportSkillAuditHeatMap', 'The same shares as a table'),
  async run(parts, { actor, id }) {
    const { quarter, teams, rows } = await readHeatMap(parts, { actor, input: { id } });
    const cell = (value: number | null | undefined): string => String(value ?? '');
    const table = rows.flatMap(({ competency, whole, teams: shares, former }) => [
      [quarter, competency, '', cell(whole.value)],
      ...teams.map((team) => [quarter, competency, team.name, cell(shares[team.id]?.value)]),
      ...former.map((before) => [before.quarter, competency, '', cell(before.value)]),
    ]);
    const text = csvText([heatColumns, ...table]);
    return { name: 'heat-map.csv', type: 'text/csv', text };
  },
};

export const auditFiles = { gaps, heatMap } as const;
