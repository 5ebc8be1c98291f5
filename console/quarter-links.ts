/** From a page of a quarter to the one before and, once it has begun, the one after. */
import { html, raw } from 'hono/html';
import type { Instant } from '../domain/loop.ts';
import { type Quarter, quarterAfter, quarterAt } from '../domain/scorecard/quarter.ts';
import { phraseHtml } from '../locales/render.ts';
import type { Html, Reader } from './html.ts';

interface Shown {
  readonly path: string;
  readonly period: Quarter;
  readonly now: Instant;
}

export function quarterLinks({ recipient }: Reader, { path, period, now }: Shown): Html {
  const link = (by: number, key: string): Html =>
    html`<a href="${path}?period=${quarterAfter(period, by)}"
      >${raw(phraseHtml(`exchange.balance.${key}`, {}, recipient))}</a
    >`;
  const hasLater = period < quarterAt(now, 'Etc/UTC');
  return html`<p>${link(-1, 'earlier')}${hasLater ? html` · ${link(1, 'later')}` : ''}</p>`;
}
