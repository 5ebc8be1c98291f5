/** What every drawing has in common: server-made SVG that no script and no style is needed for. */
import { html } from 'hono/html';
import { dayMs } from '../domain/time/zone.ts';
import { monthName } from '../locales/instant.ts';
import type { Html, Reader } from './html.ts';

/** A tenth of a unit is finer than any screen. */
export const place = (value: number): number => Math.round(value * 10) / 10;

/** Names are written the other way than what stands around them, or not: each by itself. */
export const isolated = (name: string): string => `\u2068${name}\u2069`;

/** Wider than a phone: scrolled by keyboard too. */
export const wide = (title: string, inside: Html): Html =>
  html`<div class="wide" tabindex="0" role="group" aria-label="${title}">${inside}</div>`;

/** The colours of a drawing that stands alone; a page's own style comes before them. */
export const ink = {
  paper: '#ffffff',
  line: '#d5dce4',
  text: '#1b2430',
  light: '#cfe0ee',
  dark: '#1f5f8b',
} as const;

interface Scale {
  readonly x: (at: number) => number;
  readonly top: number;
  /** Of the names of the months. */
  readonly base: number;
}

/** With more, names would run into each other. */
const monthsNamedMax = 8;

/** Where each month begins, from one day to another. */
export function monthLines(
  { recipient }: Reader,
  { from, until }: { readonly from: number; readonly until: number },
  { x, top, base }: Scale,
): Html {
  const begins: number[] = [];
  for (let day = Math.ceil(from / dayMs) * dayMs; day <= until; day += dayMs) {
    if (new Date(day).getUTCDate() === 1) begins.push(day);
  }
  const every = Math.ceil(begins.length / monthsNamedMax);
  return html`${begins.map(
    (day, index) =>
      html`<path
          class="line"
          d="M${place(x(day))},${top}V${base - 14}"
          stroke="${ink.line}"
          fill="none"
        />
        ${
          index % every === 0
            ? html`<text x="${place(x(day))}" y="${base}" text-anchor="middle">
                ${isolated(monthName(day, 'Etc/UTC', recipient.locale))}
              </text>`
            : ''
        }`,
  )}`;
}
