/** A development plan and a quarterly review as pictures: how far each goal is, what was agreed until when. */
import { scaleLinear } from 'd3-scale';
import { html } from 'hono/html';
import { ink, isolated, monthLines, place } from './drawing.ts';
import type { Html, Reader } from './html.ts';

interface Course {
  readonly from: number;
  readonly until: number;
  /** Null once it is over. */
  readonly now: number | null;
  /** Whenever something happened. */
  readonly marks: readonly number[];
}

export interface DrawnPlan extends Course {
  /** Since when it stands still. */
  readonly stalledAt: number | null;
  /** By the number of the level: 0 where nobody has rated it. */
  readonly goals: readonly { readonly name: string; readonly level: number; readonly to: number }[];
}

export interface DrawnReview extends Course {
  readonly meets: { readonly from: number; readonly until: number };
  readonly actions: readonly {
    readonly name: string;
    readonly from: number;
    readonly until: number;
    readonly isDone: boolean;
  }[];
}

interface Told {
  readonly title: string;
  /** All of it in words, for whoever does not see it. */
  readonly told: readonly string[];
}

/** Units of the drawing. */
const size = {
  width: 720,
  label: 272,
  edge: 24,
  top: 14,
  strip: 30,
  months: 62,
  row: 30,
  bar: 16,
} as const;
const levels = 3;

interface Frame {
  readonly isMirrored: boolean;
  readonly x: (at: number) => number;
}

function frame({ recipient }: Reader, { from, until }: Course): Frame {
  const isMirrored = recipient.direction === 'rtl';
  const across = [size.label, size.width - size.edge];
  const x = scaleLinear()
    .domain([from, Math.max(until, from + 1)])
    .range(isMirrored ? across.map((one) => size.width - one) : across)
    .clamp(true);
  return { isMirrored, x };
}

function drawing({ recipient }: Reader, rows: number, { title, told }: Told, inside: Html): Html {
  const height = size.months + 10 + rows * size.row + size.top;
  return html`<svg
    xmlns="http://www.w3.org/2000/svg"
    class="chart"
    role="img"
    viewBox="0 0 ${size.width} ${height}"
    direction="${recipient.direction}"
    font-family="'Noto Sans Variable', 'Noto Sans', sans-serif"
    font-size="12"
    fill="${ink.text}"
    aria-label="${[title, ...told].join(' ')}"
  >
    <rect class="paper" width="${size.width}" height="${height}" fill="${ink.paper}" />
    ${inside}
  </svg>`;
}

/** Months, what happened, and now. */
const strip = (reader: Reader, course: Course, { x }: Frame): Html =>
  html`${monthLines(reader, course, { x, top: size.top, base: size.months })}
    <path
      class="line"
      d="M${place(x(course.from))},${size.strip}H${place(x(course.until))}"
      stroke="${ink.text}"
      fill="none"
    />
    ${course.marks.map(
      (at) =>
        html`<circle
          class="committed"
          cx="${place(x(at))}"
          cy="${size.strip}"
          r="4"
          fill="${ink.dark}"
        />`,
    )}
    ${
      course.now === null
        ? ''
        : html`<path
            class="allocated"
            d="M${place(x(course.now))},${size.top}V${size.strip + 14}"
            stroke="${ink.text}"
            stroke-dasharray="4 3"
            fill="none"
          />`
    }`;

const topOf = (row: number): number => size.months + 10 + row * size.row;

const label = ({ isMirrored }: Frame, name: string, row: number): Html =>
  html`<text x="${isMirrored ? size.width - 8 : 8}" y="${topOf(row) + size.bar - 3}">
    ${isolated(name)}
  </text>`;

interface Bar {
  readonly from: number;
  readonly until: number;
  readonly row: number;
  readonly look: 'committed' | 'reserved' | 'paper';
}

const fills = { committed: ink.dark, reserved: ink.light, paper: ink.paper } as const;

/** Between two places, whichever way the reader's lines run. */
function bar({ from, until, row, look }: Bar): Html {
  const [start = 0, end = 0] = [from, until].toSorted((a, b) => a - b);
  return html`<rect
    class="${look}"
    x="${place(start + 1)}"
    y="${topOf(row)}"
    width="${place(Math.max(2, end - start - 2))}"
    height="${size.bar}"
    rx="2"
    fill="${fills[look]}"
    stroke="${ink.dark}"
  />`;
}

/** Each goal in three steps: reached, agreed to, and beyond. Dashed is the time in which it stands still. */
export function drawPlan(reader: Reader, plan: DrawnPlan, told: Told): Html {
  const own = frame(reader, plan);
  const steps = scaleLinear()
    .domain([0, levels])
    .range([own.x(plan.from), own.x(plan.until)]);
  const { stalledAt, now } = plan;
  const inside = html`${strip(reader, plan, own)}
  ${
    stalledAt === null || now === null
      ? ''
      : html`<path
          class="allocated"
          d="M${place(own.x(stalledAt))},${size.strip - 8}H${place(own.x(now))}"
          stroke="${ink.text}"
          stroke-dasharray="2 3"
          fill="none"
        />`
  }
  ${plan.goals.map(
    ({ name, level, to }, row) =>
      html`${label(own, name, row)}
      ${Array.from({ length: levels }, (_none, step) =>
        bar({
          from: steps(step),
          until: steps(step + 1),
          row,
          look: step < level ? 'committed' : step < to ? 'reserved' : 'paper',
        }),
      )}`,
  )}`;
  return drawing(reader, plan.goals.length, told, inside);
}

/** What was agreed, from the meeting to its day: dark is done. */
export function drawReview(reader: Reader, review: DrawnReview, told: Told): Html {
  const own = frame(reader, review);
  const { meets, actions } = review;
  const inside = html`${strip(reader, review, own)}
    <rect
      class="reserved"
      x="${place(Math.min(own.x(meets.from), own.x(meets.until)) - 3)}"
      y="${size.strip - 9}"
      width="6"
      height="18"
      fill="${ink.light}"
      stroke="${ink.dark}"
    />
    ${actions.map(
      ({ name, from, until, isDone }, row) =>
        html`${label(own, name, row)}
        ${bar({
          from: own.x(from),
          until: own.x(until),
          row,
          look: isDone ? 'committed' : 'reserved',
        })}`,
    )}`;
  return drawing(reader, actions.length, told, inside);
}
