/** On the first page: what others drafted in which the reader is the host, and has yet to publish. */
import { html } from 'hono/html';
import type { ApiEnvironment } from '../api/environment.ts';
import { listOpportunities } from '../api/opportunities/read-opportunities.ts';
import { opportunityPath } from '../locales/links.ts';
import { type Html, say } from './html.ts';
import type { TaskPageParts } from './task-pages.ts';

const shownMax = 50;

export async function draftsWaiting(
  assignments: TaskPageParts['assignments'],
  reader: ApiEnvironment['Variables'],
): Promise<Html | string> {
  const { actor } = reader;
  const input = { status: 'draft', limit: shownMax } as const;
  const { items } = await listOpportunities(assignments, { actor, input });
  const theirs = items.filter(({ hostManager }) => hostManager.id === actor.id);
  return theirs.length === 0
    ? ''
    : html`<h2>${say(reader, 'placement.waiting')}</h2>
        <ul class="list">
          ${theirs.map(
            ({ id, title }) =>
              html`<li>
                <a href="${opportunityPath(id)}" dir="auto">${title ?? say(reader, 'erased')}</a>
              </li>`,
          )}
        </ul>`;
}
