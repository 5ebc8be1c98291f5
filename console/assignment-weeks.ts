/** An assignment as a picture, week by week: hours beside what was agreed, meetings, and what is covered. */
import { scaleLinear } from 'd3-scale';
import { html } from 'hono/html';
import type { MilestoneKind } from '../domain/assignment/explain.ts';
import { dayMs } from '../domain/time/zone.ts';
import { monthLines, place } from './drawing.ts';
import type { Html, Reader } from './html.ts';

export interface DrawnWeeks {
  readonly firstDay: string;
  readonly lastDay: string;
  readonly weeklyHours: number;
  readonly overlapHours: number;
  /** By their Mondays. */
  readonly weeks: readonly {
    readonly week: string;
    readonly minutes: number;
    readonly overlapMinutes: number;
  }[];
  readonly meetings: readonly { readonly from: string }[];
  readonly covers: readonly { readonly from: string; readonly until: string }[];
  /** What was signed earlier than six weeks before the first day stands at the edge. */
  readonly milestones: readonly { readonly at: string; readonly kind: MilestoneKind }[];
}

const shownBeforeMs = 42 * dayMs;

/** Units of the drawing. */
const size = {
  width: 720,
  height: 272,
  marks: 12,
  top: 52,
  base: 202,
  strip: 216,
  months: 260,
  edge: 12,
  label: 44,
  gap: 2,
} as const;
/** The colours of a drawing that stands alone; a page's own style comes before them. */
const ink = {
  paper: '#ffffff',
  text: '#1b2430',
  worked: '#cfe0ee',
  together: '#1f5f8b',
} as const;

/** Monday before the day, or the day. */
function mondayOf(day: number): number {
  const weekday = (new Date(day).getUTCDay() + 6) % 7;
  return day - weekday * dayMs;
}

/** `told` says all of it in words, for whoever does not see it. */
export function drawWeeks(
  { recipient }: Reader,
  drawn: DrawnWeeks,
  { title, told }: { readonly title: string; readonly told: readonly string[] },
): Html {
  const [first, last] = [Date.parse(drawn.firstDay), Date.parse(drawn.lastDay)];
  const across = [size.label, size.width - size.edge];
  const isMirrored = recipient.direction === 'rtl';
  const marked = drawn.milestones.map(({ at }) => Date.parse(at));
  const begins = Math.max(Math.min(first, ...marked), first - shownBeforeMs);
  const x = scaleLinear()
    .domain([mondayOf(begins), mondayOf(last) + 7 * dayMs])
    .range(isMirrored ? across.map((one) => size.width - one) : across)
    .clamp(true);
  const most = Math.max(drawn.weeklyHours, ...drawn.weeks.map(({ minutes }) => minutes / 60));
  const y = scaleLinear().domain([0, most]).range([size.base, size.top]);
  const box = { x, y, isMirrored };
  return html`<svg
    xmlns="http://www.w3.org/2000/svg"
    class="chart"
    role="img"
    viewBox="0 0 ${size.width} ${size.height}"
    direction="${recipient.direction}"
    font-family="'Noto Sans Variable', 'Noto Sans', sans-serif"
    font-size="12"
    fill="${ink.text}"
    aria-label="${[title, ...told].join(' ')}"
  >
    <rect class="paper" width="${size.width}" height="${size.height}" fill="${ink.paper}" />
    ${monthLines(
      { recipient },
      { from: mondayOf(begins), until: last },
      {
        x,
        top: size.top,
        base: size.months,
      },
    )}
    ${drawn.weeks.map((week) => bars(week, box))}
    ${[...new Set([drawn.weeklyHours, drawn.overlapHours])].map((hours) => level(hours, box))}
    ${drawn.meetings.map(
      ({ from }) =>
        html`<circle
          class="committed"
          cx="${place(x(Date.parse(from)))}"
          cy="${size.top - 16}"
          r="4"
          fill="${ink.together}"
        />`,
    )}
    ${drawn.covers.map(({ from, until }) => strip(from, until, box))}
    ${drawn.milestones.map((milestone) => mark(milestone, box))}
  </svg>`;
}

interface Box {
  readonly x: (at: number) => number;
  readonly y: (hours: number) => number;
  readonly isMirrored: boolean;
}

/** Between two instants, whichever way the reader's lines run. */
function between({ x }: Box, from: number, until: number) {
  const [start = 0, end = 0] = [x(from), x(until)].toSorted((a, b) => a - b);
  return { start: place(start + size.gap), width: place(Math.max(1, end - start - 2 * size.gap)) };
}

function bars({ week, minutes, overlapMinutes }: DrawnWeeks['weeks'][number], box: Box): Html {
  const monday = Date.parse(week);
  const { start, width } = between(box, monday, monday + 7 * dayMs);
  const bar = (look: 'reserved' | 'committed', hours: number): Html =>
    html`<rect
      class="${look}"
      x="${start}"
      y="${place(box.y(hours))}"
      width="${width}"
      height="${place(size.base - box.y(hours))}"
      fill="${look === 'committed' ? ink.together : ink.worked}"
    />`;
  return html`${bar('reserved', minutes / 60)}${bar('committed', overlapMinutes / 60)}`;
}

/** What was agreed of hours a week. */
const level = (hours: number, { y, isMirrored }: Box): Html =>
  html`<path
      class="allocated"
      d="M${isMirrored ? size.edge : size.label},${place(y(hours))}H${
        isMirrored ? size.width - size.label : size.width - size.edge
      }"
      stroke="${ink.text}"
      stroke-dasharray="4 3"
      fill="none"
    />
    <text
      x="${isMirrored ? size.width - size.label + 6 : size.label - 6}"
      y="${place(y(hours)) + 4}"
      text-anchor="end"
    >
      ${hours}
    </text>`;

const strip = (from: string, until: string, box: Box): Html => {
  const { start, width } = between(box, Date.parse(from), Date.parse(until));
  return html`<rect
    class="reserved"
    x="${start}"
    y="${size.strip}"
    width="${width}"
    height="12"
    rx="2"
    fill="${ink.worked}"
    stroke="${ink.together}"
  />`;
};

/** Above everything else; its beginning and its end run through all of it. */
function mark({ at, kind }: DrawnWeeks['milestones'][number], box: Box): Html {
  const [x, y] = [place(box.x(Date.parse(at))), size.marks];
  const shape = (path: string, isFilled: boolean): Html =>
    html`<path
      class="mark ${kind} ${isFilled ? 'committed' : 'paper'}"
      d="${path}"
      stroke="${ink.together}"
      fill="${isFilled ? ink.together : ink.paper}"
    />`;
  switch (kind) {
    case 'signed':
    case 'agreed':
      return shape(`M${x},${y - 6}l6,6l-6,6l-6,-6z`, kind === 'agreed');
    case 'answered':
      return shape(`M${place(x - 4)},${y - 4}h8v8h-8z`, false);
    case 'begun':
    case 'ended':
      return shape(`M${x},${y - 6}V${size.strip + 12}`, true);
  }
}
