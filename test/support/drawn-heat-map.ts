/** The heat map that the documents show, drawn as the page of an audit draws it. */
import { type DrawnHeatMap, drawHeatMap } from '../../console/heat-map.ts';
import type { TeamId } from '../../domain/id.ts';
import { competencies } from '../../domain/people/competency.ts';
import { type CellCount, heatMapOf } from '../../domain/skill-audit/heat-map.ts';
import { phrase, type Recipient } from '../../locales/render.ts';

/** The last is of two people, and takes the smallest of the others with it. */
const teams = { Berlin: 14, Munich: 9, Zurich: 6, Lyon: 2 } as const;

const counts: readonly CellCount[] = Object.entries(teams).flatMap(([team, rated], column) =>
  competencies.map((competency, row) => ({
    team: team as TeamId,
    competency,
    rated,
    below: Math.round((rated * ((row * 3 + column * 4) % 10)) / 10),
  })),
);

export function heatMapOfDocuments(recipient: Recipient): DrawnHeatMap {
  const shown = Object.keys(teams) as TeamId[];
  return {
    columns: [phrase('skillAudit.page.whole', {}, recipient), ...shown],
    rows: heatMapOf(counts).map(({ competency, whole, teams: shares }) => ({
      name: phrase(`competency.name.${competency}`, {}, recipient),
      cells: [whole, ...shown.map((team) => shares[team])].map((share) => ({
        percent: share?.belowPercent ?? null,
      })),
    })),
  };
}

export async function drawnHeatMap(recipient: Recipient): Promise<string> {
  const map = heatMapOfDocuments(recipient);
  const title = phrase('skillAudit.page.heat_map', {}, recipient);
  return `${String(await drawHeatMap({ recipient }, map, { title, told: [] }))}\n`;
}
