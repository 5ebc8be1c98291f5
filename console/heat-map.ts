/** How far teams are from what is asked, as a picture: server-made SVG without script or style. */
import { html } from 'hono/html';
import { isolated } from './drawing.ts';
import type { Html, Reader } from './html.ts';

export interface DrawnCell {
  /** From 0 to 100; null where it is not shown. */
  readonly percent: number | null;
}

export interface DrawnHeatMap {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly name: string; readonly cells: readonly DrawnCell[] }[];
}

/** Units of the drawing. */
const size = { labels: 250, column: 96, head: 40, row: 34, edge: 8, gap: 2 } as const;
/** A name that is longer is whole in the table beneath. */
const headLettersMax = 12;
/** The colours of a drawing that stands alone; a page's own style comes before them. */
const ink = {
  paper: '#ffffff',
  line: '#d5dce4',
  text: '#1b2430',
  steps: ['#eef4f9', '#cfe0ee', '#9fc3de', '#3f7aa6', '#1f5f8b'],
  onDark: '#ffffff',
} as const;

const stepOf = (percent: number): number =>
  Math.min(ink.steps.length - 1, Math.floor(percent / (100 / ink.steps.length)));

const letters = new Intl.Segmenter('en');

function short(name: string): string {
  const parts = Array.from(letters.segment(name), ({ segment }) => segment);
  return parts.length <= headLettersMax ? name : `${parts.slice(0, headLettersMax - 1).join('')}…`;
}

/** `told` says all of it in words, for whoever does not see it. */
export function drawHeatMap(
  { recipient }: Reader,
  { columns, rows }: DrawnHeatMap,
  { title, told }: { readonly title: string; readonly told: readonly string[] },
): Html {
  const width = size.labels + columns.length * size.column + size.edge;
  const height = size.head + rows.length * size.row + size.edge;
  const isMirrored = recipient.direction === 'rtl';
  const cellAt = (column: number): number => {
    const x = size.labels + column * size.column;
    return isMirrored ? width - x - size.column : x;
  };
  const labelAt = isMirrored ? width - size.edge : size.edge;
  return html`<svg
    xmlns="http://www.w3.org/2000/svg"
    class="chart heat"
    role="img"
    viewBox="0 0 ${width} ${height}"
    direction="${recipient.direction}"
    font-family="'Noto Sans Variable', 'Noto Sans', sans-serif"
    font-size="13"
    fill="${ink.text}"
    aria-label="${[title, ...told].join(' ')}"
  >
    <rect class="paper" width="${width}" height="${height}" fill="${ink.paper}" />
    ${columns.map(
      (name, column) =>
        html`<text
          x="${cellAt(column) + size.column / 2}"
          y="${size.head - 14}"
          text-anchor="middle"
        >
          ${isolated(short(name))}
        </text>`,
    )}
    ${rows.map(({ name, cells }, row) => {
      const y = size.head + row * size.row;
      return html`<text x="${labelAt}" y="${y + size.row / 2 + 4}">${isolated(name)}</text>
        ${cells.map(({ percent }, column) => cell({ x: cellAt(column), y, percent }))}`;
    })}
  </svg>`;
}

function cell({ x, y, percent }: DrawnCell & { readonly x: number; readonly y: number }): Html {
  const step = percent === null ? null : stepOf(percent);
  const isDark = step !== null && step >= 3;
  return html`<rect
      class="${step === null ? 'hidden' : `step-${step}`}"
      x="${x + size.gap}"
      y="${y + size.gap}"
      width="${size.column - 2 * size.gap}"
      height="${size.row - 2 * size.gap}"
      fill="${step === null ? 'none' : (ink.steps[step] ?? 'none')}"
      stroke="${ink.line}"
      stroke-dasharray="${step === null ? '3 3' : 'none'}"
    />
    <text
      class="${isDark ? 'on-dark' : 'on-light'}"
      x="${x + size.column / 2}"
      y="${y + size.row / 2 + 4}"
      text-anchor="middle"
      direction="ltr"
      fill="${isDark ? ink.onDark : ink.text}"
    >
      ${percent === null ? '–' : isolated(`${percent} %`)}
    </text>`;
}
