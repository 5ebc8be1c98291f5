/** What a line had, kept and spent over its year: steps, drawn by the server without script or style. */
import { scaleLinear } from 'd3-scale';
import { html } from 'hono/html';
import { isolated, place } from './drawing.ts';
import type { Html, Reader } from './html.ts';

/** Shares of a line, in whichever unit: only their proportions are drawn. */
export interface ChartPoint {
  readonly at: number;
  readonly allocated: number;
  readonly reserved: number;
  readonly committed: number;
}

export interface LineChart {
  readonly from: number;
  readonly until: number;
  /** Up to when it is known; nothing is drawn beyond. */
  readonly now: number;
  readonly points: readonly ChartPoint[];
  /** What stands at heights of the left edge, such as the whole. */
  readonly levels: readonly { readonly value: number; readonly label: string }[];
  readonly days: readonly { readonly at: number; readonly label: string }[];
}

const size = { width: 720, height: 240, top: 34, bottom: 28, edge: 8 } as const;
/** The colours of a drawing that stands alone; a page's own style comes before them. */
const ink = {
  paper: '#ffffff',
  line: '#d5dce4',
  text: '#1b2430',
  committed: '#1f5f8b',
  reserved: '#cfe0ee',
} as const;

/** `told` says all of it in words, for whoever does not see it. */
export function drawLine(
  { recipient }: Reader,
  chart: LineChart,
  { title, told }: { readonly title: string; readonly told: readonly string[] },
): Html {
  const across = [size.edge, size.width - size.edge];
  const isMirrored = recipient.direction === 'rtl';
  const x = scaleLinear()
    .domain([chart.from, chart.until])
    .range(isMirrored ? across.toReversed() : across)
    .clamp(true);
  const most = Math.max(1, ...chart.points.map(({ allocated }) => allocated));
  const y = scaleLinear()
    .domain([0, most])
    .range([size.height - size.bottom, size.top]);
  const { points } = chart;
  const spent = points.map(({ at, committed }) => ({ at, low: 0, high: committed }));
  const kept = points.map(({ at, committed, reserved }) => ({
    at,
    low: committed,
    high: committed + reserved,
  }));
  const scales = { x, y, now: chart.now };
  const anchor = isMirrored ? size.width - size.edge : size.edge;
  return html`<svg
    xmlns="http://www.w3.org/2000/svg"
    class="chart year"
    role="img"
    viewBox="0 0 ${size.width} ${size.height}"
    direction="${recipient.direction}"
    font-family="'Noto Sans Variable', 'Noto Sans', sans-serif"
    font-size="12"
    fill="${ink.text}"
    aria-label="${[title, ...told].join(' ')}"
  >
    <rect class="paper" width="${size.width}" height="${size.height}" fill="${ink.paper}" />
    <path class="committed" d="${areaPath(spent, scales)}" fill="${ink.committed}" />
    <path class="reserved" d="${areaPath(kept, scales)}" fill="${ink.reserved}" />
    <path
      class="allocated"
      d="${topPath(points, scales)}"
      fill="none"
      stroke="${ink.text}"
      stroke-width="1.5"
    />
    ${chart.levels.map(
      ({ value, label }) =>
        html`<path
            class="line"
            d="M${size.edge},${place(y(value))}H${size.width - size.edge}"
            stroke="${ink.line}"
            fill="none"
          />
          <text x="${anchor}" y="${place(y(value)) - 5}">${isolated(label)}</text>`,
    )}
    ${chart.days.map(
      ({ at, label }) =>
        html`<text
          x="${place(x(at))}"
          y="${size.height - 8}"
          text-anchor="${at <= chart.from ? 'start' : 'middle'}"
        >
          ${isolated(label)}
        </text>`,
    )}
  </svg>`;
}

interface Scales {
  readonly x: (at: number) => number;
  readonly y: (value: number) => number;
  readonly now: number;
}

interface Band {
  readonly at: number;
  readonly low: number;
  readonly high: number;
}

/** Each value holds until the next one. */
function steps(
  values: readonly { readonly at: number; readonly value: number }[],
  { x, y, now }: Scales,
): readonly string[] {
  return values.flatMap(({ at, value }, index) => {
    const end = values[index + 1]?.at ?? Math.max(now, at);
    return [`${place(x(at))},${place(y(value))}`, `${place(x(end))},${place(y(value))}`];
  });
}

const topPath = (points: readonly ChartPoint[], scales: Scales): string =>
  pathOf(
    steps(
      points.map(({ at, allocated }) => ({ at, value: allocated })),
      scales,
    ),
  );

function areaPath(bands: readonly Band[], scales: Scales): string {
  const high = steps(
    bands.map(({ at, high: value }) => ({ at, value })),
    scales,
  );
  const low = steps(
    bands.map(({ at, low: value }) => ({ at, value })),
    scales,
  );
  return bands.length === 0 ? '' : `${pathOf([...high, ...low.toReversed()])}Z`;
}

const pathOf = (places: readonly string[]): string =>
  places.length === 0 ? '' : `M${places.join('L')}`;
