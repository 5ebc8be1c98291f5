/** On the first page: what others drafted in which the reader is the host, and has yet to publish. */
import { html } from 'hono/html';
import type { ApiEnvironment } from '../api/environment.ts';
import { listOpportunities } from '../api/opportunities/read-opportunities.ts';
import { opportunitiesPath, opportunityPath } from '../locales/links.ts';
import { type Html, say } from './html.ts';
import type { TaskPageParts } from './task-pages.ts';

/** The newest; the others are on the page of offers. */
const shownMax = 20;

export async function draftsWaiting(
  assignments: TaskPageParts['assignments'],
  reader: ApiEnvironment['Variables'],
): Promise<Html | string> {
  const { actor } = reader;
  const input = { status: 'draft', hostManager: actor.id, limit: shownMax } as const;
  const { items, next } = await listOpportunities(assignments, { actor, input });
  return items.length === 0
    ? ''
    : html`<h2>${say(reader, 'placement.waiting')}</h2>
        <ul class="list">
          ${items.map(
            ({ id, title }) =>
              html`<li>
                <a href="${opportunityPath(id)}" dir="auto">${title ?? say(reader, 'erased')}</a>
              </li>`,
          )}
        </ul>
        ${
          next === null
            ? ''
            : html`<p><a href="${opportunitiesPath}?status=draft">${say(reader, 'more')}</a></p>`
        }`;
}
