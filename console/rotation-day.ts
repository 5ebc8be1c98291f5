/** A day of a rotation as a picture: server-made SVG without script or style, and the same in words. */
import { scaleLinear } from 'd3-scale';
import { html } from 'hono/html';
import { wallTime } from '../domain/time/zone.ts';
import { timeOfDay, utcOffset } from '../locales/instant.ts';
import { isolated, place } from './drawing.ts';
import type { Html, Reader } from './html.ts';

interface Span {
  readonly from: string;
  readonly until: string;
}

export interface DrawnDay extends Span {
  readonly lanes: readonly {
    readonly person: { readonly name: string };
    readonly zone: string;
    readonly worked: readonly Span[];
    readonly held: readonly (Span & { readonly isWorking: boolean })[];
  }[];
}

/** Units of the drawing. */
const size = {
  width: 720,
  labels: 172,
  top: 34,
  lane: 52,
  barTop: 22,
  bar: 14,
  bottom: 12,
  edge: 24,
} as const;
const tickMinutes = 180;
const quarterMs = 15 * 60_000;
/** The colours of a drawing that stands alone; a page's own style comes before them. */
const ink = {
  paper: '#ffffff',
  line: '#d5dce4',
  text: '#1b2430',
  work: '#cfe0ee',
  held: '#1f5f8b',
};

const at = (iso: string): number => Date.parse(iso);

/** `title` names it, and `told` says all of it in words, for whoever does not see it. */
export function drawDay(
  { recipient }: Reader,
  day: DrawnDay,
  { title, told }: { readonly title: string; readonly told: readonly string[] },
): Html {
  const isMirrored = recipient.direction === 'rtl';
  const across = [size.labels, size.width - size.edge];
  const x = scaleLinear()
    .domain([at(day.from), at(day.until)])
    .range(isMirrored ? across.map((place) => size.width - place) : across);
  const height = size.top + day.lanes.length * size.lane + size.bottom;
  const box = {
    isMirrored,
    height,
    x,
    shown: day,
    y: (lane: number) => size.top + lane * size.lane,
  };
  return html`<svg
    xmlns="http://www.w3.org/2000/svg"
    class="day"
    role="img"
    viewBox="0 0 ${size.width} ${height}"
    direction="${recipient.direction}"
    font-family="'Noto Sans Variable', 'Noto Sans', sans-serif"
    font-size="12"
    fill="${ink.text}"
    aria-label="${[title, ...told].join(' ')}"
  >
    <rect class="paper" width="${size.width}" height="${height}" fill="${ink.paper}" />
    ${hours(recipient, day, box)}
    ${day.lanes.map((lane, index) => drawLane(recipient, lane, { ...box, top: box.y(index) }))}
    ${handOvers(day, box)}
  </svg>`;
}

interface Box {
  readonly isMirrored: boolean;
  readonly height: number;
  /** What of time is shown: an end of work that is not in it is not told. */
  readonly shown: Span;
  readonly x: (instant: number) => number;
  readonly y: (lane: number) => number;
}

/** Every third hour on the reader's clock. */
function hours(recipient: Reader['recipient'], { from, until }: Span, { x, height }: Box): Html {
  const ticks: number[] = [];
  const first = Math.ceil(at(from) / quarterMs) * quarterMs;
  for (let tick = first; tick <= at(until); tick += quarterMs) {
    if (wallTime(tick, recipient.zone).minute % tickMinutes === 0) ticks.push(tick);
  }
  return html`${ticks.map(
    (tick) =>
      html`<path
          class="line"
          d="M${place(x(tick))},22V${height}"
          stroke="${ink.line}"
          fill="none"
        />
        <text class="hour" x="${place(x(tick))}" y="16" text-anchor="middle">
          ${timeOfDay(tick, recipient.zone, recipient)}
        </text>`,
  )}`;
}

type Lane = DrawnDay['lanes'][number];

/** Above: the shift with its ends on the clock of the one who works. On it: their watch. */
function drawLane(
  recipient: Reader['recipient'],
  { person, zone, worked, held }: Lane,
  { isMirrored, x, top, shown }: Box & { readonly top: number },
): Html {
  const labelAt = isMirrored ? size.width - size.edge : size.edge;
  const barTop = top + size.barTop;
  const end = (iso: string, anchor: 'start' | 'end'): Html =>
    html`<text class="hour" x="${place(x(at(iso)))}" y="${barTop - 5}" text-anchor="${anchor}">
      ${timeOfDay(at(iso), zone, recipient)}
    </text>`;
  return html`<text class="name" x="${labelAt}" y="${barTop + 4}">${isolated(person.name)}</text>
    <text class="name" x="${labelAt}" y="${barTop + 20}" opacity="0.75">
      ${isolated(utcOffset(at(worked[0]?.from ?? held[0]?.from ?? shown.from), zone))}
    </text>
    ${worked.map(
      (span) =>
        html`${bar(x, span, { top: barTop, look: 'work' })}
        ${span.from === shown.from ? '' : end(span.from, 'start')}
        ${span.until === shown.until ? '' : end(span.until, 'end')}`,
    )}
    ${held.map((span) => bar(x, span, { top: barTop, look: span.isWorking ? 'held' : 'kept' }))}`;
}

type Look = 'work' | 'held' | 'kept';
const drawnAs: Readonly<Record<Look, { readonly fill: string; readonly dash: string }>> = {
  work: { fill: ink.work, dash: 'none' },
  held: { fill: ink.held, dash: 'none' },
  /** Held on by whoever has stopped: an outline. */
  kept: { fill: 'none', dash: '4 3' },
};

function bar(
  x: Box['x'],
  { from, until }: Span,
  { top, look }: { readonly top: number; readonly look: Look },
): Html {
  const [start = 0, end = 0] = [x(at(from)), x(at(until))].toSorted((a, b) => a - b);
  const isWatch = look !== 'work';
  const { fill, dash } = drawnAs[look];
  return html`<rect
    class="${look}"
    x="${place(start)}"
    y="${top + (isWatch ? 4 : 0)}"
    width="${place(end - start)}"
    height="${isWatch ? size.bar - 8 : size.bar}"
    rx="2"
    fill="${fill}"
    stroke="${isWatch ? ink.held : 'none'}"
    stroke-dasharray="${dash}"
  />`;
}

/** From the end of one watch to the beginning of the next. */
function handOvers({ lanes }: DrawnDay, { x, y }: Box): Html {
  const held = lanes
    .flatMap((lane, index) => lane.held.map((span) => ({ ...span, index })))
    .toSorted((a, b) => at(a.from) - at(b.from));
  const passes = held.flatMap((span, order) => {
    const next = held[order + 1];
    if (!next || next.index === span.index) return [];
    const down = (index: number): number => y(index) + size.barTop + size.bar / 2;
    return [`M${place(x(at(next.from)))},${down(span.index)}V${down(next.index)}`];
  });
  return html`${passes.map(
    (path) =>
      html`<path class="pass" d="${path}" fill="none" stroke="${ink.held}" stroke-width="1.5" />`,
  )}`;
}
